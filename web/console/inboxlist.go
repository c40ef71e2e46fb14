package console

import (
	"context"
	"strings"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Bounds of an inbox, so that its page weighs the same however many tickets there are.
const (
	inboxRows = 25 // of our own turn, and of a group that is opened
	otherRows = 5  // of what is not our turn
	// counted bounds what is counted of a section; past it a number reads "200+".
	counted = 200
	// scanned bounds how many rows are read for a page: some are shown elsewhere.
	scanned = 100
)

// group is one group of an inbox as it is read.
type group struct {
	Turn    ticket.Turn
	Tickets []listed
	Count   int    // of all that stand in it …
	More    bool   // … and there are more, which nobody counted
	Next    string // where it goes on; "" at the end
}

// listed is a ticket with the section of the inbox that it is shown in.
type listed struct {
	ticket.Ticket
	Section ticket.SectionKind
}

// lister reads the inbox of one reader.
type lister struct {
	store  *store.Store
	groups []ticket.InboxGroup
	reader string
	now    time.Time
}

// group reads a page of a group, behind a cursor that an earlier page gave. It reads
// index rows, and of tickets no more than it shows and those that are shown elsewhere.
func (l lister) group(ctx context.Context, g ticket.InboxGroup, after string, limit int) (group, error) {
	out := group{Turn: g.Turn}
	section, after, _ := strings.Cut(after, " ")
	behind := section == ""
	for _, s := range g.Sections {
		if behind = behind || string(s) == section; !behind {
			continue
		}
		if string(s) != section {
			after = ""
		}
		next, full, err := l.section(ctx, &out, s, after, limit)
		if err != nil {
			return out, err
		}
		if full {
			out.Next = string(s) + " " + next
			return out, nil
		}
	}
	return out, nil
}

// section adds a section's tickets to a group until the group is full and there is one
// more, and returns where the section goes on then.
func (l lister) section(ctx context.Context, out *group, s ticket.SectionKind, after string, limit int) (next string, full bool, err error) {
	for {
		rows, err := l.rows(ctx, s, after, scanned)
		if err != nil || len(rows) == 0 {
			return "", false, err
		}
		for len(rows) > 0 {
			n := min(len(rows), limit-len(out.Tickets)+1)
			tickets, err := l.read(ctx, rows[:n])
			if err != nil {
				return "", false, err
			}
			for i, t := range tickets {
				if t.ID == "" || ticket.InboxSection(l.groups, t.Places(), l.reader, l.now) != s {
					after = rows[i].Key
					continue
				}
				if len(out.Tickets) == limit {
					return after, true, nil
				}
				out.Tickets, after = append(out.Tickets, listed{t, s}), rows[i].Key
			}
			rows = rows[n:]
		}
	}
}

func (l lister) rows(ctx context.Context, s ticket.SectionKind, after string, limit int) ([]store.TurnRow, error) {
	person, until := "", time.Time{}
	switch s {
	case ticket.SectionMine:
		person = l.reader
	case ticket.SectionOverdue:
		until = l.now
	}
	return l.store.TicketsAt(ctx, s, person, until, after, limit)
}

// read reads the tickets of rows, in their order; one that is gone has no ID.
func (l lister) read(ctx context.Context, rows []store.TurnRow) ([]ticket.Ticket, error) {
	ids := make([]ticket.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.Ticket
	}
	found, err := l.store.Tickets(ctx, ids...)
	if err != nil {
		return nil, err
	}
	byID := make(map[ticket.ID]ticket.Ticket, len(found))
	for _, t := range found {
		byID[t.ID] = t
	}
	tickets := make([]ticket.Ticket, len(rows))
	for i, id := range ids {
		tickets[i] = byID[id]
	}
	return tickets, nil
}

// count is how many tickets stand in a group, each once, as far as they are counted.
func (l lister) count(ctx context.Context, g ticket.InboxGroup) (n int, more bool, err error) {
	seen := map[ticket.ID]bool{}
	for _, s := range g.Sections {
		rows, err := l.rows(ctx, s, "", counted)
		if err != nil {
			return 0, false, err
		}
		more = more || len(rows) == counted
		for _, r := range rows {
			seen[r.Ticket] = true
		}
	}
	return min(len(seen), counted), more || len(seen) > counted, nil
}
