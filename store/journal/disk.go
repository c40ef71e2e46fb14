package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// disk is every way in which the journal changes files. Reading needs no seam:
// what a broken disk would return is made by damaging files.
type disk interface {
	Create(name string) (file, error) // fails if it exists
	Append(name string) (file, error) // makes it if absent; writes go to the end
	Truncate(name string, size int64) error
	Rename(from, to string) error
	Remove(name string) error // absent is no error
	SyncDir(name string) error
}

// file is one open for writing. Sync returns when what was written, and the
// size, are on stable storage.
type file interface {
	io.Writer
	io.WriterAt
	Sync() error
	Truncate(size int64) error
	Close() error
}

type osDisk struct{}

func (osDisk) Create(name string) (file, error) {
	return openFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL)
}

func (osDisk) Append(name string) (file, error) {
	return openFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND)
}

func openFile(name string, flags int) (file, error) {
	f, err := os.OpenFile(name, flags, 0o600)
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (osDisk) Truncate(name string, size int64) error { return os.Truncate(name, size) }

func (osDisk) Rename(from, to string) error { return os.Rename(from, to) }

func (osDisk) Remove(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (osDisk) SyncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

type osFile struct{ *os.File }

func (f osFile) Sync() error { return syncData(f.File) }

// freeBytes is what an ordinary user may still write on the disk of dir.
func freeBytes(dir string) (int64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, fmt.Errorf("asking for free space: %w", err)
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}

// lock takes the exclusive lock of the journal. The kernel lets go of it when
// the process ends, however it ends.
func lock(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("%w: %s", ErrLocked, name)
	}
	return nil, fmt.Errorf("locking %s: %w", name, err)
}
