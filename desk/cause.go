package desk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/sent"
	"aismarttalk.tech/supportd/ticket"
)

// Sent knows which letters have left, even if the store has forgotten; sent.Log is
// one, whose methods say more.
type Sent interface {
	Find(key string) (sent.Letter, bool)
	Highest(id ticket.ID) int
}

// nothingSent is for a desk that was given no Sent.
type nothingSent struct{}

func (nothingSent) Find(string) (sent.Letter, bool) { return sent.Letter{}, false }
func (nothingSent) Highest(ticket.ID) int           { return 0 }

// cause is what owes letters, as it is known again after the store has lost it: a
// mail that is filed anew, or an hour that has come. A command is the zero cause: it
// is lost with the store, and given again it is another one.
type cause struct {
	what string
	// owed counts the letters that are alike: a mail may hold two answers to the
	// reporter, and the clock plan a ticket twice.
	owed map[string]int
}

func causedBy(what string) cause { return cause{what: what, owed: map[string]int{}} }

func causedByMail(mail string) cause { return causedBy("mail " + mail) }

// causedByClock is something that falls due for a ticket at a time.
func causedByClock(what string, id ticket.ID, due string) cause {
	return causedBy("clock " + what + " " + string(id) + " " + due)
}

// occasion is by whom, when and why a command is given.
type occasion struct {
	by    ticket.Actor
	at    time.Time
	cause cause
}

// bySystem is the same occasion for what supportd itself does then.
func (o occasion) bySystem() occasion {
	o.by = system
	return o
}

// owe records a letter under the next number of its ticket, of which last is the
// greatest in use. A letter that left before the store lost it is recorded as it
// was: sent, and under its old number if that is free. Numbers of letters that left
// are not given to others, whose Message-IDs would be the same.
func (d *Desk) owe(tx *store.Tx, n ticket.Notice, why cause, last int) (ticket.Notice, error) {
	n.Key, n.State = d.secrets.Keys.Version(), ticket.NoticeQueued
	n = d.linked(n)
	n.Number = max(last, d.sent.Highest(n.Ticket)) + 1
	for {
		n.Identity = d.identity(n, why)
		left, ok := d.sent.Find(n.Identity)
		if !ok || why.what == "" {
			return n, tx.Owe(n)
		}
		there, found, err := tx.Notice(left.Ticket, left.Number)
		switch {
		case err != nil:
			return n, err
		case found && there.Identity == n.Identity: // nothing was lost: the clock owes another one
			continue
		case !found && left.Ticket == n.Ticket:
			n.Number = left.Number
		}
		n.State, n.Sent, n.Attempts = ticket.NoticeSent, left.At, 1
		n.Tries = []ticket.Try{{At: left.At, Reply: left.Reply}}
		return n, tx.Recall(n)
	}
}

// identity is Notice.Identity. It must not hold what may be another when the store is
// built again, as numbers may, nor be the same for two letters that are both to leave.
func (d *Desk) identity(n ticket.Notice, why cause) string {
	parts := []string{"letter", why.what, string(n.Kind), ticket.FoldAddress(n.To.Address)}
	if !n.Ticket.ForLetter() { // else the cause names it
		parts = append(parts, string(n.Ticket), n.Facts.Text)
		parts = append(parts, n.Facts.Questions...)
	}
	if why.what == "" {
		parts = append(parts, strconv.Itoa(n.Number), strconv.FormatInt(n.Owed.UnixNano(), 10))
	} else {
		same := strings.Join(parts, "\x00")
		parts = append(parts, strconv.Itoa(why.owed[same]))
		why.owed[same]++
	}
	h := hmac.New(sha256.New, d.secrets.Tickets)
	h.Write([]byte(strings.Join(parts, "\x00")))
	return strings.ToLower(identityText.EncodeToString(h.Sum(nil)[:16]))
}

var identityText = base32.StdEncoding.WithPadding(base32.NoPadding)
