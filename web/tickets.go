package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

type ticketQuery struct {
	Paging
	Status   ticket.State    `query:"status" enum:"reported,classified,planned,investigating,testing,resolved,closed,waiting" doc:"Only tickets in this state."`
	Severity ticket.Severity `query:"severity" enum:"critical,high,normal,low" doc:"Only tickets of this severity, the confirmed one or else the claim."`
	Reporter string          `query:"reporter" maxLength:"320" doc:"Only tickets that this address reported."`
	Q        string          `query:"q" maxLength:"200" doc:"Only tickets whose ID, subject or reporter contains this, in any case."`
}

// TicketList is one page of tickets.
type TicketList struct {
	Tickets []TicketRow `json:"tickets"`
	Next    string      `json:"next,omitempty" doc:"The cursor of the next page; absent at the end."`
}

type ticketListAnswer struct{ Body TicketList }

func (s *Server) listTickets(ctx context.Context, q *ticketQuery) (*ticketListAnswer, error) {
	found, next, err := collect(ctx, q.Paging, q.matches, func(ctx context.Context, after string, limit int) (store.Page[ticket.Ticket], error) {
		return q.read(ctx, s.parts.Store, after, limit)
	})
	if err != nil {
		return nil, s.failed(err, "listing tickets")
	}
	list := TicketList{Tickets: make([]TicketRow, len(found)), Next: next}
	for i, t := range found {
		list.Tickets[i] = rowOf(t)
	}
	return &ticketListAnswer{list}, nil
}

// read walks the narrowest index that the query names.
func (q *ticketQuery) read(ctx context.Context, st *store.Store, after string, limit int) (store.Page[ticket.Ticket], error) {
	switch {
	case q.Reporter != "":
		return st.TicketsByReporter(ctx, q.Reporter, after, limit)
	case q.Status != "":
		return st.TicketsByStatus(ctx, q.Status, after, limit)
	case q.Severity != "":
		return st.TicketsBySeverity(ctx, q.Severity, after, limit)
	}
	return allByState(ctx, st, after, limit)
}

// statesInOrder is the order in which a list of all tickets goes: what waits
// for us first.
var statesInOrder = []ticket.State{
	ticket.StateReported, ticket.StateClassified, ticket.StatePlanned, ticket.StateInvestigating, ticket.StateTesting,
	ticket.StateWaiting, ticket.StateResolved, ticket.StateClosed,
}

// allByState lists all tickets, state after state. The place where a page ends
// is the number of a state, a colon, and the place within it.
func allByState(ctx context.Context, st *store.Store, after string, limit int) (store.Page[ticket.Ticket], error) {
	number, within, _ := strings.Cut(after, ":")
	n, err := strconv.Atoi(number)
	if after == "" {
		n, err = 0, nil
	}
	if err != nil || n < 0 || n >= len(statesInOrder) {
		return store.Page[ticket.Ticket]{}, errCursor
	}
	page, err := st.TicketsByStatus(ctx, statesInOrder[n], within, limit)
	if err == nil && page.Next == "" {
		n++
	}
	if n < len(statesInOrder) {
		page.Next = strconv.Itoa(n) + ":" + page.Next
	}
	return page, err
}

// matches is the part of the query that the index did not answer.
func (q *ticketQuery) matches(t ticket.Ticket) bool {
	reporter, _ := t.Reporter()
	switch {
	case q.Status != "" && t.State != q.Status,
		q.Severity != "" && t.Level() != q.Severity,
		q.Reporter != "" && ticket.FoldAddress(reporter.Address) != ticket.FoldAddress(q.Reporter):
		return false
	case q.Q == "":
		return true
	}
	text := strings.ToLower(string(t.ID) + "\n" + t.Subject + "\n" + reporter.Address + "\n" + reporter.Name)
	return strings.Contains(text, strings.ToLower(q.Q))
}

// TicketPath is the part of a path that names a ticket.
type TicketPath struct {
	ID string `path:"id" maxLength:"64" doc:"Tracking ID, in any case, with or without hyphens."`
}

// ticketID reads the ID of a path. What is no ID is told apart from one that
// nobody has: the one is a slip of the pen, the other an answer.
func (s *Server) ticketID(p TicketPath) (ticket.ID, error) {
	id, ok := ticket.ParseID(s.parts.Prefix, p.ID)
	if !ok {
		return "", problem(http.StatusBadRequest, "this is not a tracking ID; write it as the mail has it, such as "+s.parts.Prefix+"-7K3Q-M2XQ")
	}
	return id, nil
}

type ticketAnswer struct {
	Body TicketDetails
}

func (s *Server) getTicket(ctx context.Context, p *TicketPath) (*ticketAnswer, error) {
	id, err := s.ticketID(*p)
	if err != nil {
		return nil, err
	}
	return s.details(ctx, id)
}

// details reads a ticket with all that belongs to it.
func (s *Server) details(ctx context.Context, id ticket.ID) (*ticketAnswer, error) {
	t, ok, err := s.parts.Store.Ticket(ctx, id)
	if err != nil {
		return nil, s.failed(err, "reading a ticket")
	}
	if !ok {
		return nil, problem(http.StatusNotFound, "there is no ticket "+string(id))
	}
	events, err := s.parts.Store.Events(ctx, id)
	if err != nil {
		return nil, s.failed(err, "reading the events of a ticket")
	}
	notices, err := s.parts.Store.Notices(ctx, id)
	if err != nil {
		return nil, s.failed(err, "reading the letters of a ticket")
	}
	return &ticketAnswer{Body: detailsOf(t, events, notices)}, nil
}
