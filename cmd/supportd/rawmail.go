package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// rawMail finds the bytes of any mail: the journal has them for its retention,
// the archive from when they leave it.
type rawMail struct {
	journal interface {
		Read(journal.ID) (journal.Mail, error)
	}
	archive archive.Archive
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

// files reads attachments from the mails that they came with, which are parsed anew.
func (d *daemon) files(ctx context.Context, refs []ticket.AttachmentRef) ([]ticket.Attachment, error) {
	parsed := map[string]ticket.Message{}
	var files []ticket.Attachment
	for _, ref := range refs {
		m, known := parsed[ref.Mail]
		if !known {
			raw, err := archive.Read(ctx, rawMail{d.journal, d.archive}, journal.ID(ref.Mail))
			if err != nil {
				return nil, err
			}
			m = d.parser.Parse(raw)
			parsed[ref.Mail] = m
		}
		if ref.Number < 1 || ref.Number > len(m.Attachments) {
			return nil, fmt.Errorf("mail %s has no attachment %d", ref.Mail, ref.Number)
		}
		files = append(files, m.Attachments[ref.Number-1])
	}
	return files, nil
}
