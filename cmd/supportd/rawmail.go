package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
)

// rawMail finds the bytes of any mail: the journal has them for its retention,
// the archive from when they leave it.
type rawMail struct {
	journal interface {
		Read(journal.ID) (journal.Mail, error)
	}
	archive *archive.Dir
}

// Open returns the mail as it came, or archive.ErrNotFound.
func (r rawMail) Open(ctx context.Context, id journal.ID) (io.ReadCloser, error) {
	m, err := r.journal.Read(id)
	switch {
	case err == nil:
		return m.Open()
	case errors.Is(err, journal.ErrNotFound):
		return r.archive.Open(ctx, id)
	}
	return nil, err
}

// archiveFiled copies what was filed into the archive and makes it durable; the
// journal may then let go of it.
func (d *daemon) archiveFiled(ctx context.Context) error {
	kept, err := journal.OpenReadOnly(d.cfg.planned.journal)
	if err != nil {
		return err
	}
	for item, err := range kept.All() {
		if err != nil || item.State != journal.StateDone { // a damaged one is the journal's to tell of
			continue
		}
		if err := d.archiveMail(ctx, item.Mail); err != nil {
			return fmt.Errorf("archiving mail %s: %w", item.ID, err)
		}
	}
	return d.archive.Sync()
}

// archiveMail copies one mail, if it is not there yet.
func (d *daemon) archiveMail(ctx context.Context, m journal.Mail) error {
	if there, err := d.archive.Open(ctx, m.ID); err == nil {
		return there.Close()
	}
	raw, err := m.Open()
	if err != nil {
		return err
	}
	defer raw.Close()
	return d.archive.Put(ctx, m.ID, raw)
}
