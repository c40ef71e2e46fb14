package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// TicketFilter says which index a list of tickets reads: the narrowest that is
// set. The rest is for its reader to compare, by Holds.
type TicketFilter struct {
	Reporter, Sprint, Assignee string
	Status                     ticket.State
	Severity                   ticket.Severity
	// Further conditions, which no index answers.
	Unassigned bool // nobody has it; Assignee is empty then
	Category   string
	Kind       ticket.Kind
}

// Holds compares a ticket with all that the filter names: the index has answered a
// part of it, and may have changed since.
func (f TicketFilter) Holds(t ticket.Ticket) bool {
	reporter, _ := t.Reporter()
	same := func(asked, has string) bool { return asked == "" || asked == has }
	return same(string(f.Status), string(t.State)) && same(string(f.Severity), string(t.Level())) &&
		same(f.Category, t.Category.Name) && same(string(f.Kind), string(t.Kind)) && same(f.Sprint, t.Sprint.Name) &&
		same(ticket.FoldAddress(f.Reporter), ticket.FoldAddress(reporter.Address)) &&
		same(ticket.FoldAddress(f.Assignee), ticket.FoldAddress(t.Assignee)) && (!f.Unassigned || t.Assignee == "")
}

// Chronicle lists tickets by when they were opened, whatever states they are in,
// the oldest first or the newest. After is the Next of the page before, with the
// same filter and order.
func (s *Store) Chronicle(ctx context.Context, f TicketFilter, newest bool, now time.Time, after string, limit int) (Page[ticket.Ticket], error) {
	if at, id, _ := strings.Cut(after, "/"); after != "" && (len(at) != len(sortLayout) || !ticket.ID(id).Valid()) {
		return Page[ticket.Ticket]{}, noPlace(after)
	}
	var rows []string
	for _, prefix := range f.prefixes() {
		read := s.rowsBehind
		if newest {
			read = func(ctx context.Context, prefix, after string, limit int) ([]string, error) {
				return s.rowsBefore(ctx, prefix, after, now, limit)
			}
		}
		part, err := read(ctx, prefix, after, limit)
		if err != nil {
			return Page[ticket.Ticket]{}, err
		}
		rows = append(rows, part...)
	}
	slices.Sort(rows)
	rows = slices.Compact(rows) // a ticket that changed its state meanwhile stands in two
	if newest {
		slices.Reverse(rows)
	}
	rows = rows[:min(limit, len(rows))]
	ids := make([]ticket.ID, len(rows))
	for i, r := range rows {
		ids[i] = ticket.ID(rowID(r))
	}
	page := Page[ticket.Ticket]{}
	if len(rows) == limit {
		page.Next = rows[limit-1]
	}
	var err error
	page.Items, err = s.Tickets(ctx, ids...)
	return page, err
}

func noPlace(after string) error {
	return fmt.Errorf("%w: %.80q is no place in a list", ErrInvalid, after)
}

// LatestMails lists the mails with an outcome, the newest first. After is the Next of
// the page before.
func (s *Store) LatestMails(ctx context.Context, kind ticket.OutcomeKind, now time.Time, after string, limit int) (Page[Mail], error) {
	if at, id, _ := strings.Cut(after, "/"); after != "" && (len(at) != len(sortLayout) || id == "") {
		return Page[Mail]{}, noPlace(after)
	}
	rows, err := s.rowsBefore(ctx, Prefix(keyspaceIndex, byOutcome, string(kind)), after, now, limit)
	if err != nil {
		return Page[Mail]{}, err
	}
	slices.Reverse(rows)
	page := Page[Mail]{}
	if len(rows) == limit {
		page.Next = rows[limit-1]
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = rowID(r)
	}
	found, err := s.Mails(ctx, ids...)
	for _, id := range ids {
		if m, ok := found[id]; ok && m.Listed() == kind {
			page.Items = append(page.Items, m)
		}
	}
	return page, err
}

// prefixes are those of the index rows to read. Without a filter they are those of
// all states, among which every ticket is once.
func (f TicketFilter) prefixes() []string {
	for _, by := range []struct{ what, value string }{
		{byReporter, ticket.FoldAddress(f.Reporter)}, {bySprint, f.Sprint}, {byAssignee, ticket.FoldAddress(f.Assignee)},
		{byStatus, string(f.Status)}, {bySeverity, string(f.Severity)},
	} {
		if by.value != "" {
			return []string{Prefix(keyspaceIndex, by.what, by.value)}
		}
	}
	var all []string
	for _, state := range ticket.States() {
		all = append(all, Prefix(keyspaceIndex, byStatus, string(state)))
	}
	return all
}

// Rows and places are here what stands behind the prefix: the time of opening and
// the ID.

// rowsBehind reads up to limit rows behind a place, in key order.
func (s *Store) rowsBehind(ctx context.Context, prefix, after string, limit int) ([]string, error) {
	from := prefix
	if after != "" {
		from = behind(prefix + after)
	}
	return s.rows(ctx, prefix, from, PrefixEnd(prefix), limit)
}

func (s *Store) rows(ctx context.Context, prefix, from, to string, limit int) ([]string, error) {
	records, err := s.Scan(ctx, from, to, limit)
	rows := make([]string, len(records))
	for i, r := range records {
		rows[i] = strings.TrimPrefix(r.Key, prefix)
	}
	return rows, err
}

const (
	firstLook   = 24 * time.Hour
	longestLook = 60 * 365 * 24 * time.Hour // four of it are a Duration still
)

// rowsBefore reads up to limit rows before a place, in key order. A backend reads
// forward only, so it looks at a stretch of time before the place: a shorter one
// where that holds far more than is wanted, a longer one where it holds less.
func (s *Store) rowsBefore(ctx context.Context, prefix, before string, now time.Time, limit int) ([]string, error) {
	end, until := PrefixEnd(prefix), now
	if before != "" {
		at, _, _ := strings.Cut(before, "/")
		parsed, err := time.Parse(sortLayout, at)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
		}
		end, until = prefix+before, parsed.Add(time.Millisecond)
	}
	enough := 4 * limit
	var found []string
	for look := firstLook; ; {
		from := prefix
		if look < longestLook {
			from = prefix + sortTime(until.Add(-look))
		}
		rows, err := s.rows(ctx, prefix, from, end, enough)
		if err != nil {
			return nil, err
		}
		if len(rows) == enough && look > time.Millisecond {
			look /= 8 // too many: the last of them are wanted, and these are the first
			continue
		}
		for len(rows) >= enough { // all of one millisecond
			more, err := s.rows(ctx, prefix, behind(prefix+rows[len(rows)-1]), end, enough)
			if err != nil {
				return nil, err
			}
			if rows = append(rows, more...); len(more) < enough {
				break
			}
		}
		found = append(rows, found...)
		if len(found) >= limit || from == prefix {
			return found[max(0, len(found)-limit):], nil
		}
		end, until, look = from, until.Add(-look), 4*min(look, longestLook/4)
	}
}
