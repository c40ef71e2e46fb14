package store

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// A notice is a record with one index row by its state, and as long as it is queued
// one job in the queue of notices.

const noticeQueue = "notice"

// noticeName names a notice in jobs and index rows.
func noticeName(id ticket.ID, number int) string {
	return string(id) + "." + strconv.Itoa(number)
}

// Owe records a notice and the job to pay it when it is owed, in the commit that
// owes it. Its number must be new in its ticket: the caller has read the ticket,
// which counts them, and so guards the records written here.
func (tx *Tx) Owe(n ticket.Notice) error {
	if !n.Ticket.Valid() || n.Number < 1 || n.Number > maxNumber || n.Owed.IsZero() {
		return fmt.Errorf("%w: notice %d of %q, owed %v", ErrInvalid, n.Number, n.Ticket, n.Owed)
	}
	n.State = ticket.NoticeQueued
	if err := tx.putBlindJSON(noticeKey(n.Ticket, n.Number), n); err != nil {
		return err
	}
	tx.replaceRows(nil, noticeRows(n))
	return tx.enqueueNotice(n, n.Due())
}

// Recall records a notice that left before the store lost it: as Owe does, but
// nothing is to be paid. It is read first, so that it takes no other's number.
func (tx *Tx) Recall(n ticket.Notice) error {
	if !n.Ticket.Valid() || n.Number < 1 || n.Number > maxNumber || n.Owed.IsZero() || n.State != ticket.NoticeSent {
		return fmt.Errorf("%w: notice %d of %q, owed %v, is recalled as %s", ErrInvalid, n.Number, n.Ticket, n.Owed, n.State)
	}
	return tx.PutNotice(n)
}

func (tx *Tx) enqueueNotice(n ticket.Notice, due time.Time) error {
	payload, err := json.Marshal(noticeJob{Ticket: n.Ticket, Number: n.Number})
	if err != nil {
		return fmt.Errorf("encoding a notice's job: %w", err)
	}
	tx.Enqueue(Job{Queue: noticeQueue, ID: noticeName(n.Ticket, n.Number), Due: due, Payload: payload})
	return nil
}

// noticeJob is the payload of a job in the queue of notices.
type noticeJob struct {
	Ticket ticket.ID `json:"ticket"`
	Number int       `json:"number"`
}

// Withdraw takes back a notice that was never leased, and reports whether it did:
// one that is on its way, or was, stays as it is.
func (tx *Tx) Withdraw(n ticket.Notice) (bool, error) {
	now, found, err := tx.Notice(n.Ticket, n.Number)
	if err != nil || !found || now.State != ticket.NoticeQueued || now.Attempts > 0 {
		return false, err
	}
	key := JobKey(noticeQueue, now.Due(), noticeName(n.Ticket, n.Number))
	jobs, err := tx.Get(key)
	if err != nil || !jobs[0].Exists() { // leased: its job has moved
		return false, err
	}
	tx.Delete(key)
	now.State = ticket.NoticeWithdrawn
	return true, tx.PutNotice(now)
}

// Notice reads a notice; false if there is none.
func (tx *Tx) Notice(id ticket.ID, number int) (ticket.Notice, bool, error) {
	records, err := tx.Get(noticeKey(id, number))
	if err != nil {
		return ticket.Notice{}, false, err
	}
	return decode[ticket.Notice](records[0])
}

// PutNotice writes a notice that this Tx has read, and its index rows.
func (tx *Tx) PutNotice(n ticket.Notice) error {
	before, exists, err := tx.Notice(n.Ticket, n.Number)
	if err != nil {
		return err
	}
	if err := tx.putJSON(noticeKey(n.Ticket, n.Number), n); err != nil {
		return err
	}
	var old []string
	if exists {
		old = noticeRows(before)
	}
	tx.replaceRows(old, noticeRows(n))
	return nil
}

// Notices returns the notices of a ticket, by number.
func (s *Store) Notices(ctx context.Context, id ticket.ID) ([]ticket.Notice, error) {
	return listAll[ticket.Notice](ctx, s, Prefix(keyspaceNotice, string(id)))
}

// NoticesFrom returns up to n notices of a ticket from a number on.
func (s *Store) NoticesFrom(ctx context.Context, id ticket.ID, number, n int) ([]ticket.Notice, error) {
	records, err := s.Scan(ctx, noticeKey(id, number), PrefixEnd(Prefix(keyspaceNotice, string(id))), n)
	if err != nil {
		return nil, err
	}
	return decodeAll[ticket.Notice](records)
}

// NoticesIn returns up to limit notices of a state, the longest owed first.
func (s *Store) NoticesIn(ctx context.Context, state ticket.NoticeState, limit int) ([]ticket.Notice, error) {
	page, err := s.NoticePage(ctx, state, "", limit)
	return page.Items, err
}

// NoticePage lists the notices of a state likewise, a page at a time.
func (s *Store) NoticePage(ctx context.Context, state ticket.NoticeState, after string, limit int) (Page[ticket.Notice], error) {
	page, err := list[ticket.Notice](ctx, s, Prefix(keyspaceIndex, byNotice, string(state)), after, limit, namedNoticeKey)
	// Its state may have changed between the reading of its row and of itself.
	page.Items = slices.DeleteFunc(page.Items, func(n ticket.Notice) bool { return n.State != state })
	return page, err
}

// Notice reads one notice outside a transaction; false if there is none.
func (s *Store) Notice(ctx context.Context, id ticket.ID, number int) (ticket.Notice, bool, error) {
	return readOne[ticket.Notice](ctx, s, noticeKey(id, number))
}

// AllNoticesIn walks the notices of a state that were owed since a time, the longest
// owed first, a page at a time. It ends after an error.
func (s *Store) AllNoticesIn(ctx context.Context, state ticket.NoticeState, since time.Time) iter.Seq2[ticket.Notice, error] {
	prefix := Prefix(keyspaceIndex, byNotice, string(state))
	return all(func(after string) (Page[ticket.Notice], error) {
		if after == "" {
			after = prefix + sortTime(since) // its rows go on behind that
		}
		return list[ticket.Notice](ctx, s, prefix, after, walkPage, namedNoticeKey)
	})
}

// namedNoticeKey is the key of the notice that a name of noticeName's names.
func namedNoticeKey(name string) string {
	id, number, _ := strings.Cut(name, ".")
	n, _ := strconv.Atoi(number) // of our own making
	return noticeKey(ticket.ID(id), n)
}
