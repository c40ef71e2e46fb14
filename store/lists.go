package store

import (
	"context"
	"iter"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// Page is one page of a list. Next is where the following page begins, "" at
// the end; it is a key of ours and means nothing to anybody else.
type Page[T any] struct {
	Items []T
	Next  string
}

// TicketsByStatus lists the tickets in a state, oldest first.
func (s *Store) TicketsByStatus(ctx context.Context, state ticket.State, after string, limit int) (Page[ticket.Ticket], error) {
	return listTickets(ctx, s, Prefix(keyspaceIndex, byStatus, string(state)), after, limit)
}

// TicketsBySeverity lists the tickets of a severity, oldest first.
func (s *Store) TicketsBySeverity(ctx context.Context, level ticket.Severity, after string, limit int) (Page[ticket.Ticket], error) {
	return listTickets(ctx, s, Prefix(keyspaceIndex, bySeverity, string(level)), after, limit)
}

// TicketsByReporter lists the tickets that an address reported, oldest first.
func (s *Store) TicketsByReporter(ctx context.Context, address, after string, limit int) (Page[ticket.Ticket], error) {
	return listTickets(ctx, s, Prefix(keyspaceIndex, byReporter, ticket.FoldAddress(address)), after, limit)
}

// TicketsBySprint lists the tickets that are planned for a sprint, oldest first.
func (s *Store) TicketsBySprint(ctx context.Context, name, after string, limit int) (Page[ticket.Ticket], error) {
	return listTickets(ctx, s, Prefix(keyspaceIndex, bySprint, name), after, limit)
}

// TicketsByAssignee lists the tickets that one of ours has, oldest first.
func (s *Store) TicketsByAssignee(ctx context.Context, address, after string, limit int) (Page[ticket.Ticket], error) {
	return listTickets(ctx, s, Prefix(keyspaceIndex, byAssignee, ticket.FoldAddress(address)), after, limit)
}

// TicketsByQuarter lists the accepted wishes of a quarter, oldest first.
func (s *Store) TicketsByQuarter(ctx context.Context, name, after string, limit int) (Page[ticket.Ticket], error) {
	return listTickets(ctx, s, Prefix(keyspaceIndex, byQuarter, name), after, limit)
}

// AllTickets walks the tickets in a state, oldest first, a page at a time. It ends
// after an error. What changes meanwhile may be missed or seen twice.
func (s *Store) AllTickets(ctx context.Context, state ticket.State) iter.Seq2[ticket.Ticket, error] {
	return all(func(after string) (Page[ticket.Ticket], error) { return s.TicketsByStatus(ctx, state, after, walkPage) })
}

// AllInSprint walks the tickets of a sprint likewise.
func (s *Store) AllInSprint(ctx context.Context, name string) iter.Seq2[ticket.Ticket, error] {
	return all(func(after string) (Page[ticket.Ticket], error) { return s.TicketsBySprint(ctx, name, after, walkPage) })
}

// AllInQuarter walks the accepted wishes of a quarter likewise.
func (s *Store) AllInQuarter(ctx context.Context, name string) iter.Seq2[ticket.Ticket, error] {
	return all(func(after string) (Page[ticket.Ticket], error) { return s.TicketsByQuarter(ctx, name, after, walkPage) })
}

// walkPage bounds what a walk holds in memory.
const walkPage = 200

func all[T any](page func(after string) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for after := ""; ; {
			p, err := page(after)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range p.Items {
				if !yield(item, nil) {
					return
				}
			}
			if after = p.Next; after == "" {
				return
			}
		}
	}
}

// TicketIDs lists all tickets, state after state and oldest first within each. One
// whose state changes between two pages may be left out or come twice.
func (s *Store) TicketIDs(ctx context.Context, after string, limit int) (Page[ticket.ID], error) {
	rows, err := s.scanAfter(ctx, Prefix(keyspaceIndex, byStatus), after, limit)
	if err != nil {
		return Page[ticket.ID]{}, err
	}
	page := Page[ticket.ID]{Items: make([]ticket.ID, len(rows)), Next: next(rows, limit)}
	for i, r := range rows {
		page.Items[i] = ticket.ID(rowID(r.Key))
	}
	return page, nil
}

// Change is the last change of a ticket.
type Change struct {
	Ticket  ticket.ID
	Updated time.Time // in whole milliseconds
	Events  int       // of the ticket, this one included
}

// TicketsUpdated lists the last changes of tickets since a time, that included,
// earliest first. The time is that of the event: a mail counts from when it was
// received, and may be filed later. Tickets that have not changed since this list
// was introduced are not on it; TicketIDs has all.
func (s *Store) TicketsUpdated(ctx context.Context, since time.Time, after string, limit int) (Page[Change], error) {
	prefix := Prefix(keyspaceIndex, byUpdated)
	from := prefix + sortTime(since)
	if strings.HasPrefix(after, prefix) {
		from = behind(after)
	}
	rows, err := s.Scan(ctx, from, PrefixEnd(prefix), limit)
	if err != nil {
		return Page[Change]{}, err
	}
	page := Page[Change]{Items: make([]Change, len(rows)), Next: next(rows, limit)}
	for i, r := range rows {
		if page.Items[i], err = updatedRow(r.Key); err != nil {
			return Page[Change]{}, err
		}
	}
	return page, nil
}

// MailsByOutcome lists the mails with an outcome, oldest first. Those that staff
// have dropped are listed under Dropped alone.
func (s *Store) MailsByOutcome(ctx context.Context, kind ticket.OutcomeKind, after string, limit int) (Page[Mail], error) {
	return listMails(ctx, s, Prefix(keyspaceIndex, byOutcome, string(kind)), after, limit)
}

// CountMails is how many mails have an outcome.
func (s *Store) CountMails(ctx context.Context, kind ticket.OutcomeKind) (int, error) {
	n := 0
	err := s.each(ctx, Prefix(keyspaceIndex, byOutcome, string(kind)), func(rows []Record) error {
		n += len(rows)
		return nil
	})
	return n, err
}

// MailsByMessageID lists the mails that bore a Message-ID, oldest first.
func (s *Store) MailsByMessageID(ctx context.Context, messageID, after string, limit int) (Page[Mail], error) {
	return listMails(ctx, s, Prefix(keyspaceIndex, byMessage, strings.ToLower(messageID)), after, limit)
}

func listTickets(ctx context.Context, s *Store, prefix, after string, limit int) (Page[ticket.Ticket], error) {
	return list[ticket.Ticket](ctx, s, prefix, after, limit, func(id string) string { return ticketKey(ticket.ID(id)) })
}

func listMails(ctx context.Context, s *Store, prefix, after string, limit int) (Page[Mail], error) {
	return list[Mail](ctx, s, prefix, after, limit, mailKey)
}

// list reads a page of index rows and the records that they point at. A row
// whose record is gone meanwhile is left out.
func list[T any](ctx context.Context, s *Store, prefix, after string, limit int, key func(string) string) (Page[T], error) {
	rows, err := s.scanAfter(ctx, prefix, after, limit)
	if err != nil || len(rows) == 0 {
		return Page[T]{}, err
	}
	keys := make([]string, len(rows))
	for i, r := range rows {
		keys[i] = key(rowID(r.Key))
	}
	records, err := s.Get(ctx, keys...)
	if err != nil {
		return Page[T]{}, err
	}
	present := records[:0]
	for _, r := range records {
		if r.Exists() {
			present = append(present, r)
		}
	}
	items, err := decodeAll[T](present)
	return Page[T]{Items: items, Next: next(rows, limit)}, err
}

// scanAfter reads the rows of a prefix behind a page's Next; a Next that does
// not belong to the prefix begins at its start.
func (s *Store) scanAfter(ctx context.Context, prefix, after string, limit int) ([]Record, error) {
	from := prefix
	if strings.HasPrefix(after, prefix) {
		from = behind(after)
	}
	return s.Scan(ctx, from, PrefixEnd(prefix), limit)
}

func next(rows []Record, limit int) string {
	if len(rows) < limit {
		return ""
	}
	return rows[len(rows)-1].Key
}
