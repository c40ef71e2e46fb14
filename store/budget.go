package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// The loop breaker: a loop of two machines that answer each other must end, and a
// forged sender must not turn supportd on a victim, so that what one address gets
// is bounded, and what all get in a day. What is over is held for people to see.
//
// There is a record of what each address got of late, and one with a count of each
// day. Only sending checks them, never the filing of mail.

// budgetWindow is how far back an address's budget looks.
const budgetWindow = 24 * time.Hour

// Budget bounds the letters to one address. 0 is no limit.
type Budget struct {
	TenMinutes int // in any ten minutes
	Day        int // in any 24 hours
}

// Verdict is whether a notice may be sent.
type Verdict struct {
	Granted bool
	Reason  string // why not, for people
	// First: this is the first notice held for that reason in a day. Who reports
	// does so then, once.
	First bool
}

// spent is what an address got, or what all did.
type spent struct {
	Letters []letterSpent `json:"letters,omitempty"` // oldest first
	Count   int           `json:"count,omitempty"`   // of a day's record
	Warned  time.Time     `json:"warned,omitzero"`
}

type letterSpent struct {
	At     time.Time `json:"at"`
	Notice string    `json:"notice"`
}

// Spend takes one letter from the budget of its recipient, and from the daily one
// (0 is no limit; a day is one of UTC). A notice that was granted before costs
// nothing again, so that retries are free. What is not granted is held and settled
// in the same commit.
func (o *Outbox) Spend(ctx context.Context, l Leased, now time.Time, b Budget, daily int) (Verdict, error) {
	if l.Notice.Attempts > 0 || !l.Notice.Retried.IsZero() || b == (Budget{}) && daily == 0 {
		return Verdict{Granted: true}, nil // granted before its first attempt or by a person, or nothing is bounded
	}
	var v Verdict
	err := o.store.Update(ctx, func(tx *Tx) error {
		var err error
		if v, err = tx.spend(l.Notice, now, b, daily); err != nil || v.Granted {
			return err
		}
		if err := tx.Settle(l.job); err != nil {
			return err
		}
		return tx.change(l.Notice, func(n *ticket.Notice) { n.Reason, n.State = v.Reason, ticket.NoticeHeld })
	})
	return v, err
}

func (tx *Tx) spend(n ticket.Notice, now time.Time, b Budget, daily int) (Verdict, error) {
	toKey := budgetKey(n.To.Address)
	dayKey := Key(keyspaceBudget, "day", now.UTC().Format(time.DateOnly))
	to, err := tx.readSpent(toKey)
	if err != nil {
		return Verdict{}, err
	}
	var day spent
	if daily > 0 { // else all senders would meet at one record for nothing
		if day, err = tx.readSpent(dayKey); err != nil {
			return Verdict{}, err
		}
	}
	to.forget(now)
	name := noticeName(n.Ticket, n.Number)
	if to.has(name) {
		return Verdict{Granted: true}, nil
	}
	switch reason := to.over(now, b); {
	case reason != "":
		v := Verdict{Reason: reason, First: to.warn(now)}
		return v, tx.putJSON(toKey, to)
	case daily > 0 && day.Count >= daily:
		v := Verdict{Reason: fmt.Sprintf("more than %d letters in all on one day", daily), First: day.warn(now)}
		return v, tx.putJSON(dayKey, day)
	}
	to.add(letterSpent{At: now, Notice: name})
	if err := tx.putJSON(toKey, to); err != nil || daily == 0 {
		return Verdict{Granted: true}, err
	}
	day.Count++
	return Verdict{Granted: true}, tx.putJSON(dayKey, day)
}

// forget drops what lies before the window.
func (s *spent) forget(now time.Time) {
	s.Letters = slices.DeleteFunc(s.Letters, func(l letterSpent) bool { return now.Sub(l.At) >= budgetWindow })
}

// maxLetters bounds the record of an address without limits.
const maxLetters = 1000

func (s *spent) add(l letterSpent) {
	s.Letters = append(s.Letters, l)
	if over := len(s.Letters) - maxLetters; over > 0 {
		s.Letters = s.Letters[over:]
	}
}

func (s *spent) has(notice string) bool {
	return slices.ContainsFunc(s.Letters, func(l letterSpent) bool { return l.Notice == notice })
}

func (s *spent) over(now time.Time, b Budget) string {
	recent := 0
	for _, l := range s.Letters {
		if now.Sub(l.At) < 10*time.Minute {
			recent++
		}
	}
	switch {
	case b.TenMinutes > 0 && recent >= b.TenMinutes:
		return fmt.Sprintf("more than %d letters to this address within ten minutes", b.TenMinutes)
	case b.Day > 0 && len(s.Letters) >= b.Day:
		return fmt.Sprintf("more than %d letters to this address within a day", b.Day)
	}
	return ""
}

// warn reports whether a warning is due, and remembers it for a day.
func (s *spent) warn(now time.Time) bool {
	if !s.Warned.IsZero() && now.Sub(s.Warned) < budgetWindow {
		return false
	}
	s.Warned = now
	return true
}

func (tx *Tx) readSpent(key string) (spent, error) {
	records, err := tx.Get(key)
	if err != nil {
		return spent{}, err
	}
	s, _, err := decode[spent](records[0])
	return s, err
}

// Sweep removes budgets that no longer count: they hold addresses, which are kept
// no longer than needed.
func (o *Outbox) Sweep(ctx context.Context, now time.Time) error {
	return o.store.each(ctx, Prefix(keyspaceBudget), func(records []Record) error {
		for _, r := range records {
			if err := o.sweep(ctx, r.Key, now); err != nil {
				return err
			}
		}
		return nil
	})
}

func (o *Outbox) sweep(ctx context.Context, key string, now time.Time) error {
	today := Key(keyspaceBudget, "day", now.UTC().Format(time.DateOnly))
	return o.store.Update(ctx, func(tx *Tx) error {
		s, err := tx.readSpent(key)
		if err != nil {
			return err
		}
		s.forget(now)
		if key != today && len(s.Letters) == 0 && now.Sub(s.Warned) >= budgetWindow {
			tx.Delete(key)
		}
		return nil
	})
}
