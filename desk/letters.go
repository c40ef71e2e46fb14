package desk

import (
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// mailLetter is the reason by which letters that answer a mail, or tell of one, get
// their ID.
func mailLetter(mail string) string { return "mail " + mail }

// oweLetters owes letters that are about no one ticket. Their ID derives from the
// reason; the caller sees to it that a reason owes its letters once.
func (d *Desk) oweLetters(tx *store.Tx, reason string, at time.Time, letters ...ticket.Notice) error {
	if len(letters) == 0 {
		return nil
	}
	id, err := d.letterID(tx, reason)
	if err != nil {
		return err
	}
	for i, n := range letters {
		n.Ticket, n.Number, n.Owed, n.State = id, i+1, at, ticket.NoticeQueued
		if err := tx.Owe(n); err != nil {
			return err
		}
	}
	return nil
}

// letterID is an ID that no letters bear, as is checked on commit.
func (d *Desk) letterID(tx *store.Tx, reason string) (ticket.ID, error) {
	for try := 0; ; try++ {
		id := ticket.LetterID(d.secrets.Tickets, reason, try)
		_, taken, err := tx.Notice(id, 1)
		if err != nil || !taken {
			return id, err
		}
	}
}

// oweOn owes a letter about a ticket that no event of it owes, and tells its number.
func (d *Desk) oweOn(tx *store.Tx, t ticket.Ticket, n ticket.Notice, at time.Time) (int, error) {
	after := t
	after.Notices++
	n.Ticket, n.Number, n.Owed, n.State = t.ID, after.Notices, at, ticket.NoticeQueued
	if err := tx.Owe(d.linked(n)); err != nil {
		return 0, err
	}
	return n.Number, tx.SaveTicket(t, after, nil)
}
