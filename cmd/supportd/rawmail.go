package main

import (
	"context"
	"errors"
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
