package store

import (
	"context"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// Counts come from index rows, which have no values to read: some hundred thousand take
// a moment, and are not for every question.

// Standing is where a ticket stands: its state, and its severity as confirmed, else as
// claimed.
type Standing struct {
	State    ticket.State
	Severity ticket.Severity
}

// CountTickets counts the tickets by where they stand. One that moves meanwhile may be
// left out, or counted without severity.
func (s *Store) CountTickets(ctx context.Context) (map[Standing]int, error) {
	severities := map[string]ticket.Severity{} // of all that are not normal, by ID
	err := s.each(ctx, Prefix(keyspaceIndex, bySeverity), func(rows []Record) error {
		for _, r := range rows {
			if level := ticket.Severity(rowValue(r.Key)); level != ticket.SeverityNormal {
				severities[rowID(r.Key)] = level
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	counts := map[Standing]int{}
	err = s.each(ctx, Prefix(keyspaceIndex, byStatus), func(rows []Record) error {
		for _, r := range rows {
			level, known := severities[rowID(r.Key)]
			if !known {
				level = ticket.SeverityNormal
			}
			counts[Standing{ticket.State(rowValue(r.Key)), level}]++
		}
		return nil
	})
	return counts, err
}

// CountNotices counts the notices of a state, and tells when the oldest was owed; zero
// if there is none.
func (s *Store) CountNotices(ctx context.Context, state ticket.NoticeState) (n int, oldest time.Time, err error) {
	err = s.each(ctx, Prefix(keyspaceIndex, byNotice, string(state)), func(rows []Record) error {
		if n == 0 && len(rows) > 0 {
			oldest, _ = time.Parse(sortLayout, strings.Split(rows[0].Key, "/")[3]) // sorts by it
		}
		n += len(rows)
		return nil
	})
	return n, oldest, err
}

// MailsUpTo is how many mails have an outcome, counted no further than limit.
func (s *Store) MailsUpTo(ctx context.Context, kind ticket.OutcomeKind, limit int) (int, error) {
	return s.rowsUpTo(ctx, Prefix(keyspaceIndex, byOutcome, string(kind)), limit)
}

// NoticesUpTo is how many notices are in a state, counted likewise.
func (s *Store) NoticesUpTo(ctx context.Context, state ticket.NoticeState, limit int) (int, error) {
	return s.rowsUpTo(ctx, Prefix(keyspaceIndex, byNotice, string(state)), limit)
}

// TicketsUpTo is how many tickets are in a state, counted likewise.
func (s *Store) TicketsUpTo(ctx context.Context, state ticket.State, limit int) (int, error) {
	return s.rowsUpTo(ctx, Prefix(keyspaceIndex, byStatus, string(state)), limit)
}

func (s *Store) rowsUpTo(ctx context.Context, prefix string, limit int) (int, error) {
	rows, err := s.Scan(ctx, prefix, PrefixEnd(prefix), limit)
	return len(rows), err
}

// rowValue is the value by which an index row goes: its third part.
func rowValue(key string) string { return strings.SplitN(key, "/", 4)[2] }
