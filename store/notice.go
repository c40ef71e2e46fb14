package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// A notice is a record notice/<ticket>/<number>, with one index row by its state,
// index/notice/<state>/<owed>/<ticket>.<number>, and as long as it is queued one
// job in the queue of that name.

const (
	noticeKeyspace = "notice"
	noticeQueue    = "notice"
)

// numberWidth makes the notices of a ticket sort by number.
const numberWidth = 6

const maxNotices = 999_999 // of one ticket

func noticeKey(id ticket.ID, number int) string {
	return Key(noticeKeyspace, string(id), fmt.Sprintf("%0*d", numberWidth, number))
}

// noticeName names a notice in jobs and index rows.
func noticeName(id ticket.ID, number int) string {
	return string(id) + "." + strconv.Itoa(number)
}

// noticeRows are the keys of a notice's index rows.
func noticeRows(n ticket.Notice) []string {
	return []string{Key("index", "notice", string(n.State), dueText(n.Owed), noticeName(n.Ticket, n.Number))}
}

// Owe records a notice and the job to pay it when it is owed, in the commit that
// owes it. Its number must be new in its ticket: the caller has read the ticket,
// which counts them, and so guards the records written here.
func (tx *Tx) Owe(n ticket.Notice) error {
	if !n.Ticket.Valid() || n.Number < 1 || n.Number > maxNotices || n.Owed.IsZero() {
		return fmt.Errorf("%w: notice %d of %q, owed %v", ErrInvalid, n.Number, n.Ticket, n.Owed)
	}
	n.State = ticket.NoticeQueued
	value, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("encoding a notice: %w", err)
	}
	payload, err := json.Marshal(noticeJob{Ticket: n.Ticket, Number: n.Number})
	if err != nil {
		return fmt.Errorf("encoding a notice: %w", err)
	}
	tx.PutBlind(noticeKey(n.Ticket, n.Number), value)
	for _, row := range noticeRows(n) {
		tx.PutBlind(row, nil)
	}
	tx.Enqueue(Job{Queue: noticeQueue, ID: noticeName(n.Ticket, n.Number), Due: n.Owed, Payload: payload})
	return nil
}

// noticeJob is the payload of a job in the queue of notices.
type noticeJob struct {
	Ticket ticket.ID `json:"ticket"`
	Number int       `json:"number"`
}

// Notice reads a notice; false if there is none.
func (tx *Tx) Notice(id ticket.ID, number int) (ticket.Notice, bool, error) {
	records, err := tx.Get(noticeKey(id, number))
	if err != nil || !records[0].Exists() {
		return ticket.Notice{}, false, err
	}
	n, err := decodeNotice(records[0])
	return n, err == nil, err
}

// PutNotice writes a notice that this Tx has read, and its index rows.
func (tx *Tx) PutNotice(n ticket.Notice) error {
	key := noticeKey(n.Ticket, n.Number)
	old, exists, err := tx.Notice(n.Ticket, n.Number)
	if err != nil {
		return err
	}
	value, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("encoding a notice: %w", err)
	}
	tx.Put(key, value)
	rows := noticeRows(n)
	if exists {
		for _, row := range noticeRows(old) {
			if !slices.Contains(rows, row) {
				tx.DeleteBlind(row)
			}
		}
	}
	for _, row := range rows {
		tx.PutBlind(row, nil)
	}
	return nil
}

func decodeNotice(r Record) (ticket.Notice, error) {
	var n ticket.Notice
	if err := json.Unmarshal(r.Value, &n); err != nil {
		return n, fmt.Errorf("reading %s: %w", r.Key, err)
	}
	return n, nil
}

// scanPage is how many records are read at a time where all are wanted.
const scanPage = 500

// Notices returns the notices of a ticket, by number.
func (s *Store) Notices(ctx context.Context, id ticket.ID) ([]ticket.Notice, error) {
	prefix := Prefix(noticeKeyspace, string(id))
	var notices []ticket.Notice
	for from := prefix; ; {
		page, err := s.Scan(ctx, from, PrefixEnd(prefix), scanPage)
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			n, err := decodeNotice(r)
			if err != nil {
				return nil, err
			}
			notices = append(notices, n)
		}
		if len(page) < scanPage {
			return notices, nil
		}
		from = after(page[len(page)-1])
	}
}

// after is where a scan goes on behind a record.
func after(r Record) string { return r.Key + "\x00" }

// NoticesIn returns up to limit notices of a state, the longest owed first.
func (s *Store) NoticesIn(ctx context.Context, state ticket.NoticeState, limit int) ([]ticket.Notice, error) {
	prefix := Prefix("index", "notice", string(state))
	rows, err := s.Scan(ctx, prefix, PrefixEnd(prefix), limit)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, row := range rows {
		name := row.Key[strings.LastIndexByte(row.Key, '/')+1:]
		id, n, _ := strings.Cut(name, ".")
		number, err := strconv.Atoi(n)
		if err != nil {
			return nil, fmt.Errorf("key %q is no notice's", row.Key)
		}
		keys = append(keys, noticeKey(ticket.ID(id), number))
	}
	if len(keys) == 0 {
		return nil, nil
	}
	records, err := s.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	var notices []ticket.Notice
	for _, r := range records {
		if !r.Exists() {
			continue // its state changed between the two reads
		}
		n, err := decodeNotice(r)
		if err != nil {
			return nil, err
		}
		if n.State == state {
			notices = append(notices, n)
		}
	}
	return notices, nil
}
