package desk

import (
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// oweLetters owes letters that are about no one ticket but answer a mail, or tell of
// one. Their ID derives from the cause; the caller sees to it that it owes them once.
func (d *Desk) oweLetters(tx *store.Tx, why cause, at time.Time, letters ...ticket.Notice) error {
	if len(letters) == 0 {
		return nil
	}
	id, err := d.letterID(tx, why.what)
	if err != nil {
		return err
	}
	last := 0
	for _, n := range letters {
		n.Ticket, n.Owed = id, at
		owed, err := d.owe(tx, n, why, last)
		if err != nil {
			return err
		}
		last = max(last, owed.Number)
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
func (d *Desk) oweOn(tx *store.Tx, t ticket.Ticket, n ticket.Notice, why cause, at time.Time) (int, error) {
	n.Ticket, n.Owed = t.ID, at
	n, err := d.owe(tx, n, why, t.Notices)
	if err != nil {
		return 0, err
	}
	after := t
	after.Notices = max(t.Notices, n.Number)
	return n.Number, tx.SaveTicket(t, after, nil)
}
