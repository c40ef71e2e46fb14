package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

type ticketQuery struct {
	Paging
	Accept   string          `header:"Accept" maxLength:"500" hidden:"true"`
	Status   ticket.State    `query:"status" enum:"reported,classified,planned,investigating,testing,resolved,closed,waiting" doc:"Only tickets in this state."`
	Severity ticket.Severity `query:"severity" enum:"critical,high,normal,low" doc:"Only tickets of this severity, the confirmed one or else the claim."`
	Category string          `query:"category" maxLength:"60" doc:"Only tickets of this category."`
	Kind     ticket.Kind     `query:"kind" enum:"bug,question,feature_request" doc:"Only tickets of this kind."`
	Assignee string          `query:"assignee" maxLength:"320" doc:"Only tickets that this one of the staff has; none for those that nobody has."`
	Sprint   string          `query:"sprint" maxLength:"10" pattern:"^[0-9]{4}-[0-9]{2}$" doc:"Only tickets that are planned for this sprint."`
	Reporter string          `query:"reporter" maxLength:"320" doc:"Only tickets that this address reported."`
	Q        string          `query:"q" maxLength:"200" doc:"Only tickets with these words in ID, subject, reporter or text, the best first; Danish and English endings do not count, quotes mean words as written."`
	Order    string          `query:"order" default:"oldest" enum:"oldest,newest" doc:"By when they were opened; without effect on q."`
}

// TicketList is one page of tickets.
type TicketList struct {
	Tickets []TicketRow `json:"tickets"`
	Next    string      `json:"next,omitempty" doc:"The cursor of the next page; absent at the end."`
}

type ticketListAnswer struct{ Body TicketList }

// Search finds tickets by their words, the best first, and says where the next page
// begins, "" at the end.
type Search func(query, after string, limit int) (ids []ticket.ID, next string)

func (s *Server) listTickets(ctx context.Context, q *ticketQuery) (*ticketListAnswer, error) {
	read := func(ctx context.Context, after string, limit int) (store.Page[ticket.Ticket], error) {
		return s.parts.Store.Chronicle(ctx, q.filter(), q.Order == "newest", s.parts.Now(), after, limit)
	}
	keep := q.filter().Holds
	switch {
	case q.Q != "" && s.parts.Search != nil:
		read = func(ctx context.Context, after string, limit int) (store.Page[ticket.Ticket], error) {
			return s.searched(ctx, q.Q, after, limit)
		}
	case q.Q != "":
		keep = func(t ticket.Ticket) bool { return q.filter().Holds(t) && mentions(t, q.Q) }
	}
	found, next, err := collect(ctx, q.Paging, keep, read)
	if errors.Is(err, store.ErrInvalid) {
		err = errCursor
	}
	if err != nil {
		return nil, s.failed(err, "listing tickets")
	}
	list := TicketList{Tickets: make([]TicketRow, len(found)), Next: next}
	for i, t := range found {
		list.Tickets[i] = rowOf(t)
	}
	return &ticketListAnswer{list}, nil
}

// searched reads the tickets that a search finds: the index may be behind, the
// store is not.
func (s *Server) searched(ctx context.Context, query, after string, limit int) (store.Page[ticket.Ticket], error) {
	ids, next := s.parts.Search(query, after, limit)
	found, err := s.parts.Store.Tickets(ctx, ids...)
	return store.Page[ticket.Ticket]{Items: found, Next: next}, err
}

// filter is what the query asks of a ticket, but for its words.
func (q *ticketQuery) filter() store.TicketFilter {
	f := store.TicketFilter{
		Reporter: q.Reporter, Sprint: q.Sprint, Assignee: q.Assignee, Status: q.Status, Severity: q.Severity, Category: q.Category, Kind: q.Kind,
	}
	if f.Assignee == assigneeNone {
		f.Assignee, f.Unassigned = "", true
	}
	return f
}

// assigneeNone asks for tickets that nobody has.
const assigneeNone = "none"

// mentions is the search of a daemon without an index.
func mentions(t ticket.Ticket, text string) bool {
	reporter, _ := t.Reporter()
	all := strings.ToLower(string(t.ID) + "\n" + t.Subject + "\n" + reporter.Address + "\n" + reporter.Name)
	return strings.Contains(all, strings.ToLower(text))
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

// details is a ticket with all that belongs to it.
func (s *Server) details(ctx context.Context, id ticket.ID) (*ticketAnswer, error) {
	t, events, notices, err := s.record(ctx, id)
	if err != nil {
		return nil, err
	}
	return &ticketAnswer{Body: detailsOf(t, events, notices)}, nil
}

// record reads a ticket, its events and its letters.
func (s *Server) record(ctx context.Context, id ticket.ID) (t ticket.Ticket, events []ticket.Event, notices []ticket.Notice, err error) {
	t, ok, err := s.parts.Store.Ticket(ctx, id)
	if err == nil && !ok {
		return t, nil, nil, noTicket(id)
	}
	if err == nil {
		events, err = s.parts.Store.Events(ctx, id)
	}
	if err == nil {
		notices, err = s.parts.Store.Notices(ctx, id)
	}
	if err != nil {
		return t, nil, nil, s.failed(err, "reading a ticket")
	}
	return t, events, notices, nil
}

func noTicket(id ticket.ID) error {
	return problem(http.StatusNotFound, "there is no ticket "+string(id))
}
