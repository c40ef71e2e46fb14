package desk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"slices"
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
// mail that is filed anew, or an hour that has come. A command is "": it is lost with
// the store, and given again it is another one.
type cause string

func causedByMail(mail string) cause {
	if mail == "" {
		return ""
	}
	return cause("mail " + mail)
}

// causedByClock is something that falls due for a ticket at a time.
func causedByClock(what string, id ticket.ID, due string) cause {
	return cause("clock " + what + " " + string(id) + " " + due)
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
	n.Number = max(last, d.sent.Highest(n.Ticket)) + 1
	n.Identity = d.identity(n, why)
	if left, ok := d.sent.Find(n.Identity); ok && why != "" {
		return d.recall(tx, n, left)
	}
	return n, tx.Owe(n)
}

func (d *Desk) recall(tx *store.Tx, n ticket.Notice, left sent.Letter) (ticket.Notice, error) {
	n.State, n.Sent, n.Attempts = ticket.NoticeSent, left.At, 1
	n.Tries = []ticket.Try{{At: left.At, Reply: left.Reply}}
	if left.Ticket == n.Ticket {
		_, taken, err := tx.Notice(n.Ticket, left.Number)
		if err != nil {
			return n, err
		}
		if !taken {
			n.Number = left.Number
		}
	}
	return n, tx.Recall(n)
}

// identity is Notice.Identity. One cause may owe somebody several letters of a kind,
// which differ in what they are about or in what staff wrote.
func (d *Desk) identity(n ticket.Notice, why cause) string {
	parts := []string{"letter", string(why), string(n.Kind), ticket.FoldAddress(n.To.Address)}
	switch {
	case why == "":
		parts = append(parts, string(n.Ticket), strconv.Itoa(n.Number), strconv.FormatInt(n.Owed.UnixNano(), 10))
	case n.Ticket.ForLetter():
	default:
		parts = append(parts, string(n.Ticket), n.Facts.Text)
		parts = slices.Concat(parts, n.Facts.Questions)
	}
	h := hmac.New(sha256.New, d.secrets.Tickets)
	h.Write([]byte(strings.Join(parts, "\x00")))
	return strings.ToLower(identityText.EncodeToString(h.Sum(nil)[:16]))
}

var identityText = base32.StdEncoding.WithPadding(base32.NoPadding)
