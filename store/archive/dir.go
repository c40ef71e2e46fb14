// Package archive keeps the raw mail for as long as it is kept at all.
//
// It stands on floor 1, beside the journal, whose mail IDs name its files. Its
// one rule: what Put took is durable after the next Sync without error. Until
// then the journal has the mail too, so Put itself need not sync.
package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"aismarttalk.tech/supportd/store/journal"
)

// ErrNotFound is returned by Open for a mail that is not in the archive.
var ErrNotFound = errors.New("archive: no such mail")

const tempFolder = "tmp"

// Dir is an archive in a folder: a file for each mail, in folders by the day
// (UTC) on which it was accepted, 2026/03/09/<id>.eml. Its methods may be called
// by many goroutines at once; one process at a time may write to the folder.
type Dir struct {
	root string
	// open stays open from NewDir on: Linux tells a failed write to each
	// descriptor that was open when it failed, and to a later one perhaps not.
	open *os.File

	mu   sync.Mutex
	made map[string]bool // folders known to exist
}

// NewDir makes the folder if it is absent and removes files that never arrived
// whole.
func NewDir(root string) (*Dir, error) {
	if root == "" {
		return nil, errors.New("archive: no folder given")
	}
	temp := filepath.Join(root, tempFolder)
	if err := os.RemoveAll(temp); err != nil {
		return nil, fmt.Errorf("sweeping the archive: %w", err)
	}
	if err := os.MkdirAll(temp, 0o700); err != nil {
		return nil, fmt.Errorf("making the archive's folder: %w", err)
	}
	open, err := os.Open(root)
	if err != nil {
		return nil, fmt.Errorf("opening the archive's folder: %w", err)
	}
	return &Dir{root: root, open: open, made: make(map[string]bool)}, nil
}

// Close lets go of the folder. It does not sync.
func (d *Dir) Close() error { return d.open.Close() }

// Put keeps the mail that r reads. Putting it again replaces it whole, which
// mends a file that a power failure left torn.
func (d *Dir) Put(ctx context.Context, id journal.ID, r io.Reader) (err error) {
	name, err := d.path(id)
	if err != nil {
		return err
	}
	if err := d.makeFolder(filepath.Dir(name)); err != nil {
		return fmt.Errorf("archiving mail %s: %w", id, err)
	}
	if err := d.write(ctx, name, r); err != nil {
		return fmt.Errorf("archiving mail %s: %w", id, err)
	}
	return nil
}

// write fills a temporary file and gives it its name, so that no reader ever
// sees half a mail.
func (d *Dir) write(ctx context.Context, name string, r io.Reader) error {
	f, err := os.CreateTemp(filepath.Join(d.root, tempFolder), "") // mode 0600
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if err == nil {
		err = ctx.Err()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// Open returns the raw mail, or ErrNotFound.
func (d *Dir) Open(_ context.Context, id journal.ID) (io.ReadCloser, error) {
	name, err := d.path(id)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, id)
	}
	if err != nil {
		return nil, fmt.Errorf("opening archived mail %s: %w", id, err)
	}
	return f, nil
}

// Delete removes the mail; one that is not there is no error. Like all else it
// is durable after Sync.
func (d *Dir) Delete(_ context.Context, id journal.ID) error {
	name, err := d.path(id)
	if err != nil {
		return err
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("deleting archived mail %s: %w", id, err)
	}
	return nil
}

// Sync makes all that was put or deleted before durable. After an error the
// mails put since the last good Sync count as lost: they are to be put again.
func (d *Dir) Sync() error {
	if err := syncDisk(d.open); err != nil {
		return fmt.Errorf("syncing the archive: %w", err)
	}
	return nil
}

// path is where the mail stands; an ID that could lead elsewhere is refused.
func (d *Dir) path(id journal.ID) (string, error) {
	if _, err := journal.ParseID(string(id)); err != nil {
		return "", fmt.Errorf("archive: %w", err)
	}
	day := filepath.FromSlash(id.Time().UTC().Format("2006/01/02"))
	return filepath.Join(d.root, day, string(id)+".eml"), nil
}

// makeFolder makes the folder of a day once.
func (d *Dir) makeFolder(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.made[name] {
		return nil
	}
	if err := os.MkdirAll(name, 0o700); err != nil {
		return err
	}
	d.made[name] = true
	return nil
}
