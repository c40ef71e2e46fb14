package web

import (
	"context"
	"net/http"

	"aismarttalk.tech/supportd/ticket"
)

// Command is what POST …/commands takes: an order, and in whose name.
type Command struct {
	ticket.Order
	As string `json:"as,omitempty" maxLength:"320" doc:"The address of the staff member who does it; for the admin's token only."`
}

type commandRequest struct {
	TicketPath
	Authorization string `header:"Authorization" hidden:"true"`
	Body          Command
}

// command does something to a ticket, and answers with the ticket after it.
func (s *Server) command(ctx context.Context, r *commandRequest) (*ticketAnswer, error) {
	id, err := s.ticketID(r.TicketPath)
	if err != nil {
		return nil, err
	}
	by, err := s.actor(r.Authorization, r.Body.As)
	if err != nil {
		return nil, err
	}
	if _, err := s.parts.Desk.Order(ctx, id, r.Body.Order, by); err != nil {
		return nil, s.failed(err, "doing a command")
	}
	return s.details(ctx, id)
}

// actor is in whose name a token acts: its own, or for the admin's that of a
// staff member.
func (s *Server) actor(authorization, as string) (ticket.Actor, error) {
	t, ok := bearer(s.cfg.Tokens, authorization)
	if !ok { // staffOnly let it pass, so that this cannot be
		return ticket.Actor{}, problem(http.StatusUnauthorized, "send a token: Authorization: Bearer …")
	}
	if as == "" {
		return ticket.Actor{Address: "token:" + t.Name, Name: t.Name, Roles: t.roles()}, nil
	}
	if !t.admin() {
		return ticket.Actor{}, problem(http.StatusForbidden, "only the admin's token may act in another's name; leave out \"as\"")
	}
	for _, p := range s.parts.Staff {
		if ticket.FoldAddress(p.Address) == ticket.FoldAddress(as) {
			return ticket.Actor{Address: p.Address, Name: p.Name, Roles: p.Roles}, nil
		}
	}
	return ticket.Actor{}, problem(http.StatusConflict, "nobody of the staff has this address; the configuration lists them under staff")
}
