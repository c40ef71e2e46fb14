package sent

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// file is one open for writing; tests put a failing one in its place.
type file interface {
	Write([]byte) (int, error)
	Sync() error
	Close() error
}

// createFile makes a file that is not there yet, and its name durable.
func createFile(name string) (file, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(name)
	if err := errors.Join(syncDir(dir), syncDir(filepath.Dir(dir))); err != nil { // the folder may be new too
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func syncDir(name string) error {
	dir, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// output is the file that is written. Who waits while another syncs finds his own
// lines synced with the next: the busier the log, the more share a sync.
type output struct {
	f       file
	name    string
	begun   time.Time
	written atomic.Int64 // bytes; added to under Log.mu

	mu     sync.Mutex // held while it is synced; guards all below
	synced int64
	failed error // for good
}

var errClosed = errors.New("the file of sent letters is closed")

// write returns how far the file must be synced for the line to be safe.
func (o *output) write(line []byte) (upTo int64, err error) {
	n, err := o.f.Write(line)
	return o.written.Add(int64(n)), err
}

func (o *output) sync(upTo int64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.synced >= upTo {
		return nil
	}
	if o.failed != nil {
		return o.failed
	}
	written := o.written.Load()
	if o.failed = o.f.Sync(); o.failed != nil {
		return o.failed
	}
	o.synced = written
	return nil
}

// end syncs the rest and closes the file.
func (o *output) end() error {
	return errors.Join(o.sync(o.written.Load()), o.close())
}

func (o *output) close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failed == nil && o.synced < o.written.Load() {
		o.failed = errClosed
	}
	return o.f.Close()
}
