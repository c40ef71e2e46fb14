package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

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

// sweepOnce lets go of mail whose time in the journal is over, once the archive
// has it for good (docs/decisions/2026-11-22-archive-behind-the-journal.md).
func (d *daemon) sweepOnce(ctx context.Context, now time.Time) error {
	if err := d.archiveBefore(ctx, now.Add(-d.cfg.Retention.Journal)); err != nil {
		return err // nothing is deleted then; the next sweep tries again
	}
	return d.journal.Sweep(now, nil)
}

// archiveBefore copies all filed mail that was accepted before limit, and makes
// the archive durable. The journal's mails come in the order of their times.
func (d *daemon) archiveBefore(ctx context.Context, limit time.Time) error {
	kept, err := journal.OpenReadOnly(d.cfg.planned.journal)
	if err != nil {
		return err
	}
	for item, err := range kept.All() {
		if err != nil { // of one mail or segment, which the journal tells of and does not delete
			continue
		}
		if !item.ID.Time().Before(limit) {
			break
		}
		if item.State != journal.StateDone {
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
