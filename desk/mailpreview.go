package desk

import (
	"context"
	"errors"
	"fmt"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Filing is what a release of a mail would do.
type Filing struct {
	Outcome ticket.Outcome
	Ticket  ticket.Ticket   // as it would be afterwards
	Notices []ticket.Notice // that it would owe
}

// PreviewRelease tells what Release would do, with the letters that it would send, and
// does nothing. Its errors are those of Release.
func (d *Desk) PreviewRelease(ctx context.Context, mail string, how Release, by ticket.Actor) (Filing, error) {
	if err := mayDecide(by); err != nil {
		return Filing{}, err
	}
	var would Filing
	now := d.now()
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		would = Filing{}
		m, found, err := tx.Mail(mail)
		if err != nil {
			return err
		}
		if !found {
			return ErrNoMail
		}
		after, err := d.releaseAs(tx, m, how, by, now)
		if err != nil {
			return err
		}
		if would, err = filingOf(tx, after.Outcome); err != nil {
			return err
		}
		return errPreview
	})
	if errors.Is(err, errPreview) {
		return would, nil
	}
	return Filing{}, fmt.Errorf("looking at the release of mail %s: %w", mail, err)
}

// filingOf reads what a Tx would write for an outcome.
func filingOf(tx *store.Tx, o ticket.Outcome) (Filing, error) {
	f := Filing{Outcome: o}
	tickets, err := tx.Tickets(o.Ticket)
	if err != nil {
		return f, err
	}
	f.Ticket = tickets[0]
	for _, number := range o.Notices {
		n, found, err := tx.Notice(o.Ticket, number)
		if err != nil {
			return f, err
		}
		if found {
			f.Notices = append(f.Notices, n)
		}
	}
	return f, nil
}
