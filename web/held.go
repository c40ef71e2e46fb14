package web

import (
	"context"
	"net/http"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

// HeldMails is what staff decide about mails that stand on no ticket: held ones,
// automatic ones and bounces. desk.Desk's methods say more.
type HeldMails interface {
	Release(ctx context.Context, mail string, how desk.Release, by ticket.Actor) (ticket.Outcome, error)
	Drop(ctx context.Context, mail string, by ticket.Actor, reason string) (ticket.Outcome, error)
}

// ReleaseOrder is what POST /mails/{mail}/release takes.
type ReleaseOrder struct {
	Ticket string `json:"ticket,omitempty" maxLength:"64" doc:"The ticket that it is for; the suspected one if absent."`
	New    bool   `json:"new,omitempty" doc:"It opens a ticket of its own."`
	As     string `json:"as,omitempty" maxLength:"320" doc:"The address of the staff member who does it; for the admin's token only."`
}

type releaseRequest struct {
	MailPath
	Caller
	Body ReleaseOrder
}

// DropOrder is what POST /mails/{mail}/drop takes.
type DropOrder struct {
	Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why it is not wanted, for colleagues."`
	As     string `json:"as,omitempty" maxLength:"320" doc:"The address of the staff member who does it; for the admin's token only."`
}

type dropRequest struct {
	MailPath
	Caller
	Body DropOrder
}

func (s *Server) releaseMail(ctx context.Context, r *releaseRequest) (*mailAnswer, error) {
	by, err := s.decidesOnMail(ctx, r.Mail, r.Caller, r.Body.As)
	if err != nil {
		return nil, err
	}
	var id ticket.ID
	switch {
	case r.Body.Ticket != "" && r.Body.New:
		return nil, problem(http.StatusUnprocessableEntity, "either ticket or new: a mail goes to one ticket")
	case r.Body.Ticket != "":
		if id, err = s.ticketID(TicketPath{r.Body.Ticket}); err != nil {
			return nil, err
		}
	}
	if _, err := s.parts.Held.Release(ctx, r.Mail, desk.Release{Ticket: id, New: r.Body.New}, by); err != nil {
		return nil, s.failed(err, "releasing a mail")
	}
	return s.getMail(ctx, &r.MailPath)
}

func (s *Server) dropMail(ctx context.Context, r *dropRequest) (*mailAnswer, error) {
	by, err := s.decidesOnMail(ctx, r.Mail, r.Caller, r.Body.As)
	if err != nil {
		return nil, err
	}
	if _, err := s.parts.Held.Drop(ctx, r.Mail, by, r.Body.Reason); err != nil {
		return nil, s.failed(err, "dropping a mail")
	}
	return s.getMail(ctx, &r.MailPath)
}

// decidesOnMail is who decides about a mail that is on file.
func (s *Server) decidesOnMail(ctx context.Context, mail string, c Caller, as string) (ticket.Actor, error) {
	_, filed, err := s.mail(ctx, mail)
	if err != nil {
		return ticket.Actor{}, err
	}
	if !filed {
		return ticket.Actor{}, problem(http.StatusNotFound, "there is no mail "+mail+" on file; GET "+APIPath+"/mails?outcome=held lists those that wait")
	}
	return s.actor(c, as)
}
