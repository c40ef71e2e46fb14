package boltkv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"aismarttalk.tech/supportd/store"
)

// compactSuffix names the new file until it is whole.
const compactSuffix = ".compact"

// compactTx is how many bytes one transaction of the copy holds.
const compactTx = 16 << 20

// Compact writes the records into a new file, which takes the place of the old: of
// what was deleted or overwritten before, no byte is left in it. Writers wait
// meanwhile, readers do not. After an error the old file goes on.
func (b *Backend) Compact(ctx context.Context) error {
	done := make(chan error, 1)
	select {
	case b.compact <- done:
		return <-done
	case <-ctx.Done():
		return ctx.Err()
	case <-b.closing:
		return store.ErrClosed
	}
}

// rewrite runs in the committing goroutine, so that nothing is written to the old
// file after it was copied.
func (b *Backend) rewrite() (err error) {
	temp := b.path + compactSuffix
	if err := os.Remove(temp); err != nil && !errors.Is(err, os.ErrNotExist) { // of a run that was killed
		return fmt.Errorf("compacting %s: %w", b.path, err)
	}
	fresh, err := bbolt.Open(temp, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return fmt.Errorf("compacting %s: %w", b.path, err)
	}
	old := b.db.Load()
	err = bbolt.Compact(fresh, old, compactTx)
	if err == nil {
		err = fresh.Sync()
	}
	if err == nil {
		err = os.Rename(temp, b.path)
	}
	if err != nil {
		return fmt.Errorf("compacting %s: %w", b.path, errors.Join(err, fresh.Close(), os.Remove(temp)))
	}
	b.db.Store(fresh)
	if err := errors.Join(old.Close(), syncFolder(filepath.Dir(b.path))); err != nil {
		return fmt.Errorf("compacting %s: %w", b.path, err)
	}
	return nil
}
