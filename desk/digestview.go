package desk

import (
	"context"
	"errors"
	"fmt"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// digestLook is how many days back the last list of a reader is looked for.
const digestLook = 8

// DigestView is the list of one of ours as somebody looks at it.
type DigestView struct {
	Reader ticket.Staff
	Letter ticket.Notice // as it would be sent now; its Sections may be empty, and then it is not
	// Last is the last list that was owed within a week, today's included; nil for none.
	Last *ticket.Notice
	// Today: Last is today's, which is sent once.
	Today bool
}

// ViewDigest tells what the list of one of ours would say now, and sends nothing.
// ErrNoStaff for an address that is not listed.
func (d *Desk) ViewDigest(ctx context.Context, address string) (DigestView, error) {
	reader, ok := d.reader(address)
	if !ok {
		return DigestView{}, ErrNoStaff
	}
	made, err := d.Digest(ctx, address, d.now())
	if err != nil {
		return DigestView{}, err
	}
	now := d.now()
	id := ticket.LetterID(d.secrets.Tickets, digestReason(reader, made.Day.In(d.zone())), 0)
	view := DigestView{Reader: reader, Letter: d.digestLetter(id, reader, made, now)}
	view.Last, err = d.LastDigest(ctx, address)
	view.Today = view.Last != nil && view.Last.Facts.Digest.Day.Equal(made.Day)
	return view, err
}

// LastDigest is the list that one of ours was owed last, within a week; nil for none.
func (d *Desk) LastDigest(ctx context.Context, address string) (*ticket.Notice, error) {
	reader, ok := d.reader(address)
	if !ok {
		return nil, ErrNoStaff
	}
	now := d.now().In(d.zone())
	var last *ticket.Notice
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		last = nil
		for back := range digestLook {
			day := ticket.Midnight(now.AddDate(0, 0, -back), d.zone())
			letter, free, err := d.digestOwed(tx, edition{reader: reader}, day)
			if err != nil {
				return err
			}
			if free == "" {
				last = &letter
				break
			}
		}
		return errPreview
	})
	if errors.Is(err, errPreview) {
		return last, nil
	}
	return nil, fmt.Errorf("looking for a digest: %w", err)
}
