package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// Outbox is the queue of notices that are owed. Every method that ends or moves a
// leased notice records what became of it in the same commit, and returns ErrLost
// if the lease was lost. It is safe for concurrent use.
type Outbox struct{ store *Store }

// NewOutbox is the outbox of a store.
func NewOutbox(s *Store) *Outbox { return &Outbox{store: s} }

// Leased is a notice that is one worker's until its lease ends.
type Leased struct {
	Notice ticket.Notice
	// Undeliverable is why no letter reaches the recipient; see Contact.
	Undeliverable string
	job           Job
}

// Lease takes up to n notices that are due at now; see Store.Lease. Jobs that name
// no queued notice are removed and reported in the error, beside which the others
// are returned.
func (o *Outbox) Lease(ctx context.Context, now time.Time, ttl time.Duration, n int) ([]Leased, error) {
	jobs, err := o.store.Lease(ctx, noticeQueue, now, ttl, n)
	if err != nil {
		return nil, err
	}
	var leased []Leased
	var errs []error
	for _, job := range jobs {
		l, err := o.load(ctx, job)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		leased = append(leased, l)
	}
	return leased, errors.Join(errs...)
}

// errStale marks a job whose notice nobody waits for.
var errStale = errors.New("store: the job names no queued notice")

func (o *Outbox) load(ctx context.Context, job Job) (Leased, error) {
	l := Leased{job: job}
	err := o.store.Update(ctx, func(tx *Tx) error {
		var err error
		l.Notice, err = tx.noticeOf(job)
		if errors.Is(err, errStale) {
			return tx.Settle(job)
		}
		if err != nil {
			return err
		}
		contact, err := tx.Contact(l.Notice.To.Address)
		if l.Notice.Retried.IsZero() { // else a person knows better
			l.Undeliverable = contact.Undeliverable
		}
		return err
	})
	if err == nil && l.Notice.Number == 0 {
		err = fmt.Errorf("job %s: %w", job.ID, errStale)
	}
	return l, err
}

// noticeOf reads the notice that a job names; errStale if there is none that is
// queued.
func (tx *Tx) noticeOf(job Job) (ticket.Notice, error) {
	var named noticeJob
	if err := json.Unmarshal(job.Payload, &named); err != nil || !named.Ticket.Valid() {
		return ticket.Notice{}, errStale
	}
	n, found, err := tx.Notice(named.Ticket, named.Number)
	if err != nil {
		return ticket.Notice{}, err
	}
	if !found || n.State != ticket.NoticeQueued {
		return ticket.Notice{}, errStale
	}
	return n, nil
}

// Extend prolongs a lease and returns the notice as it is leased from now on.
func (o *Outbox) Extend(ctx context.Context, l Leased, until time.Time) (Leased, error) {
	err := o.store.Update(ctx, func(tx *Tx) error { return tx.Reschedule(l.job, until) })
	if err != nil {
		return l, err
	}
	l.job.Due = dueTime(until)
	return l, nil
}

// Sent records that a letter was taken, with the words of who took it, and settles
// the notice.
func (o *Outbox) Sent(ctx context.Context, l Leased, at time.Time, reply string) error {
	return o.settle(ctx, l, func(n *ticket.Notice) {
		attempt(n, at, reply)
		n.Sent = at
		if n.State == ticket.NoticeQueued { // a bounce may have come in first
			n.State = ticket.NoticeSent
		}
	})
}

// GiveUp records a last attempt and that there will be no other.
func (o *Outbox) GiveUp(ctx context.Context, l Leased, at time.Time, reply, reason string) error {
	return o.settle(ctx, l, func(n *ticket.Notice) {
		attempt(n, at, reply)
		n.Reason, n.State = reason, ticket.NoticeGivenUp
	})
}

// Retry records an attempt that failed and makes the notice due again.
func (o *Outbox) Retry(ctx context.Context, l Leased, at, due time.Time, reply string) error {
	return o.store.Update(ctx, func(tx *Tx) error {
		if err := tx.Reschedule(l.job, due); err != nil {
			return err
		}
		return tx.change(l.Notice, func(n *ticket.Notice) { attempt(n, at, reply) })
	})
}

// NextDue is when the next notice is due, or the next lease ends; false if nothing
// is owed.
func (o *Outbox) NextDue(ctx context.Context) (time.Time, bool, error) {
	return o.store.NextDue(ctx, noticeQueue)
}

func (o *Outbox) settle(ctx context.Context, l Leased, change func(*ticket.Notice)) error {
	return o.store.Update(ctx, func(tx *Tx) error {
		if err := tx.Settle(l.job); err != nil {
			return err
		}
		return tx.change(l.Notice, change)
	})
}

// change applies a change to a notice as it stands now, which is not always as it
// was leased.
func (tx *Tx) change(leased ticket.Notice, change func(*ticket.Notice)) error {
	n, found, err := tx.Notice(leased.Ticket, leased.Number)
	if err != nil {
		return err
	}
	if !found {
		return nil // erased meanwhile
	}
	change(&n)
	return tx.PutNotice(n)
}

// attempt adds to the log of a notice.
func attempt(n *ticket.Notice, at time.Time, reply string) {
	n.Attempts++
	n.Tries = append(n.Tries, ticket.Try{At: at, Reply: reply})
	if over := len(n.Tries) - ticket.MaxTriesKept; over > 0 {
		n.Tries = n.Tries[over:]
	}
}

// ErrNotWaiting is returned for a letter that nobody can send again or drop: it was
// sent, is on its way, or was taken back.
var ErrNotWaiting = errors.New("store: this letter does not wait for anybody")

// Requeue makes a letter due that was held, given up or has bounced. Its attempts
// begin anew, and no budget holds it again: whoever asks for it has decided.
func (tx *Tx) Requeue(id ticket.ID, number int, now time.Time) (ticket.Notice, error) {
	n, err := tx.stuck(id, number)
	if err != nil {
		return n, err
	}
	n.State, n.Reason, n.Bounce, n.NotBefore = ticket.NoticeQueued, "", "", time.Time{}
	n.Retried, n.Attempts = now, 0
	if err := tx.PutNotice(n); err != nil {
		return n, err
	}
	return n, tx.enqueueNotice(n, now)
}

// Drop settles that a letter which was held, given up or has bounced is never sent.
func (tx *Tx) Drop(id ticket.ID, number int, reason string) (ticket.Notice, error) {
	n, err := tx.stuck(id, number)
	if err != nil {
		return n, err
	}
	n.State, n.Reason = ticket.NoticeDropped, reason
	return n, tx.PutNotice(n)
}

// stuck reads a letter that goes no further by itself.
func (tx *Tx) stuck(id ticket.ID, number int) (ticket.Notice, error) {
	n, found, err := tx.Notice(id, number)
	switch {
	case err != nil:
		return n, err
	case !found:
		return n, ErrNotFound
	case n.State != ticket.NoticeHeld && n.State != ticket.NoticeGivenUp && n.State != ticket.NoticeBounced:
		return n, ErrNotWaiting
	}
	return n, nil
}

// ErrNotFound is returned for what is not on record.
var ErrNotFound = errors.New("store: there is no such record")
