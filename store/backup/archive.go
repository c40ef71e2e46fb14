package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
)

// Archive is what a backup needs of the archive; archive.Archive says more. Its mails
// stand in a backup alike whatever kind it is of, so that a backup moves them.
type Archive interface {
	All(ctx context.Context) iter.Seq2[journal.ID, error]
	Open(ctx context.Context, id journal.ID) (io.ReadCloser, error)
	Put(ctx context.Context, id journal.ID, r io.Reader) error
	Sync() error
}

// archiveFolder is where they stand.
const archiveFolder = "archive/"

// archive copies the mails. One that is deleted meanwhile is left out.
func (w *writer) archive(ctx context.Context, a Archive) error {
	for id, err := range a.All(ctx) {
		if err != nil {
			return err
		}
		name, err := archive.Name(id)
		if err != nil {
			return err
		}
		raw, err := archive.Read(ctx, a, id)
		if errors.Is(err, archive.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := w.file(archiveFolder+name, int64(len(raw)), bytes.NewReader(raw)); err != nil {
			return err
		}
	}
	return nil
}

// archived is the mail that a member of a backup is.
func archived(member string) (journal.ID, bool) {
	name, ok := strings.CutPrefix(member, archiveFolder)
	if !ok {
		return "", false
	}
	return archive.ParseName(name)
}

// unoccupiedArchive refuses to write over a mail that is another one.
func (t Target) unoccupiedArchive(ctx context.Context, id journal.ID, r io.Reader) error {
	want, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	there, err := archive.Read(ctx, t.Archive, id)
	if errors.Is(err, archive.ErrNotFound) {
		return nil
	}
	if err == nil && !bytes.Equal(there, want) {
		err = fmt.Errorf("%w: another mail %s in the archive", ErrOccupied, id)
	}
	return err
}
