package web

import (
	"context"
	"errors"
	"net/http"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// Status is what a reporter may know of his ticket.
type Status = ticket.Status

type statusAnswer struct{ Body Status }

// StatusOrder is what POST /status takes: either where to send a link, or the proof
// that such a link holds.
type StatusOrder struct {
	Ticket  string `json:"ticket,omitempty" maxLength:"64" doc:"Tracking ID; with address."`
	Address string `json:"address,omitempty" maxLength:"320" doc:"The reporter's mail address."`
	Proof   string `json:"proof,omitempty" maxLength:"200" doc:"The proof of a one-time link."`
}

type statusRequest struct{ Body StatusOrder }

// StatusReply is the state that a proof showed, or that a link may be on its way.
type StatusReply struct {
	Detail string  `json:"detail" doc:"What happens now."`
	Status *Status `json:"status,omitempty" doc:"With a proof: how the ticket stands."`
}

type statusReply struct{ Body StatusReply }

// askStatus answers the same in the same time whether or not the address is the
// ticket's (bad-input 140): it notes the wish, and that is all.
func (s *Server) askStatus(ctx context.Context, r *statusRequest) (*statusReply, error) {
	if r.Body.Proof != "" {
		return s.statusByProof(ctx, r.Body.Proof)
	}
	id, ok := ticket.ParseID(s.parts.Prefix, r.Body.Ticket)
	if !ok || !ticket.ValidAddress(r.Body.Address) {
		p := problem(http.StatusUnprocessableEntity, "send the tracking ID and the mail address that the ticket was reported from; the acknowledgement has both")
		p.Field = "ticket"
		if ok {
			p.Field = "address"
		}
		return nil, p
	}
	if err := s.parts.Desk.AskStatusLink(ctx, id, r.Body.Address); err != nil {
		return nil, s.failed(err, "noting a question for a status")
	}
	return &statusReply{StatusReply{Detail: "if this ticket was reported from this address, a letter that says how it stands is on its way to it, at most one in five minutes"}}, nil
}

func (s *Server) statusByProof(ctx context.Context, proof string) (*statusReply, error) {
	id, err := s.parts.Desk.SpendProof(ctx, proof)
	if errors.Is(err, desk.ErrNoProof) {
		return nil, problem(http.StatusNotFound, "this link was used or is too old; ask for a new one with the tracking ID and the mail address")
	}
	if err != nil {
		return nil, s.failed(err, "taking a proof")
	}
	answer, err := s.status(ctx, id)
	if err != nil {
		return nil, err
	}
	return &statusReply{StatusReply{Detail: "this is how the ticket stands now", Status: &answer.Body}}, nil
}

type ticketStatusRequest struct {
	TicketPath
	Caller
}

// ticketStatus is for staff, and for the program that reported the ticket with the
// same token.
func (s *Server) ticketStatus(ctx context.Context, r *ticketStatusRequest) (*statusAnswer, error) {
	id, err := s.ticketID(r.TicketPath)
	if err != nil {
		return nil, err
	}
	if t := s.token(r.Caller); len(t.roles()) == 0 {
		mine, err := s.reportedBy(ctx, id, t)
		if err != nil {
			return nil, s.failed(err, "looking who reported a ticket")
		}
		if !mine { // the same as for an ID that nobody has
			return nil, problem(http.StatusNotFound, "this token has reported no ticket "+string(id))
		}
	}
	return s.status(ctx, id)
}

// reportedBy reports whether a ticket was opened by a report with a token.
func (s *Server) reportedBy(ctx context.Context, id ticket.ID, t Token) (bool, error) {
	events, err := s.parts.Store.Events(ctx, id)
	if err != nil || len(events) == 0 || events[0].Entry == nil {
		return false, err
	}
	m, ok, err := s.parts.Store.Mail(ctx, events[0].Entry.Mail)
	return ok && broughtBy(m.Envelope, t), err
}

// broughtBy reports whether a mail is a report that came with a token.
func broughtBy(e journal.Envelope, t Token) bool {
	return e.Protocol == journal.ProtocolAPI && e.Peer != journal.PeerPage && e.Token == t.Name
}

func (s *Server) status(ctx context.Context, id ticket.ID) (*statusAnswer, error) {
	t, ok, err := s.parts.Store.Ticket(ctx, id)
	if err != nil {
		return nil, s.failed(err, "reading a ticket")
	}
	if !ok {
		return nil, noTicket(id)
	}
	events, err := s.parts.Store.Events(ctx, id)
	if err != nil {
		return nil, s.failed(err, "reading the events of a ticket")
	}
	return &statusAnswer{t.Status(events)}, nil
}
