package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sync"

	"aismarttalk.tech/supportd/store/journal"
)

const tempFolder = "tmp"

// Dir is an archive in a folder: a file for each mail, under its Name. One process
// at a time may write to the folder.
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

// path is where the mail stands.
func (d *Dir) path(id journal.ID) (string, error) {
	name, err := Name(id)
	if err != nil {
		return "", err
	}
	return filepath.Join(d.root, filepath.FromSlash(name)), nil
}

// All walks the mails, the oldest first: days and IDs sort by time.
func (d *Dir) All(ctx context.Context) iter.Seq2[journal.ID, error] {
	return func(yield func(journal.ID, error) bool) {
		err := filepath.WalkDir(d.root, func(name string, e fs.DirEntry, err error) error {
			if err == nil {
				err = ctx.Err()
			}
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil // deleted meanwhile
			case err != nil:
				return err
			case e.IsDir() && name == filepath.Join(d.root, tempFolder):
				return fs.SkipDir
			case e.IsDir():
				return nil
			}
			below, err := filepath.Rel(d.root, name)
			if err != nil {
				return err
			}
			if id, ok := ParseName(filepath.ToSlash(below)); ok && !yield(id, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield("", fmt.Errorf("listing the archive: %w", err))
		}
	}
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
