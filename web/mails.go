package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

type mailQuery struct {
	Paging
	MessageID string             `query:"message_id" maxLength:"1000" doc:"Only mails that bore this Message-ID, with or without angle brackets."`
	Outcome   ticket.OutcomeKind `query:"outcome" enum:"opened,appended,reopened,followup,duplicate,command,confirmed,auto,bounce,held,refused-loop,dropped" doc:"Only mails with this outcome; dropped for those that staff have dropped, which stand under no other."`
}

// MailList is one page of mails.
type MailList struct {
	Mails []MailRow `json:"mails"`
	Next  string    `json:"next,omitempty" doc:"The cursor of the next page; absent at the end."`
}

type mailListAnswer struct{ Body MailList }

func (s *Server) listMails(ctx context.Context, q *mailQuery) (*mailListAnswer, error) {
	messageID := strings.Trim(strings.TrimSpace(q.MessageID), "<>")
	if messageID == "" && q.Outcome == "" {
		return nil, problem(http.StatusBadRequest, "ask by message_id or by outcome, such as outcome=held")
	}
	keep := func(m store.Mail) bool { return q.Outcome == "" || m.Listed() == q.Outcome }
	found, next, err := collect(ctx, q.Paging, keep, func(ctx context.Context, after string, limit int) (store.Page[store.Mail], error) {
		if messageID != "" {
			return s.parts.Store.MailsByMessageID(ctx, messageID, after, limit)
		}
		return s.parts.Store.MailsByOutcome(ctx, q.Outcome, after, limit)
	})
	if err != nil {
		return nil, s.failed(err, "listing mails")
	}
	list := MailList{Mails: make([]MailRow, len(found)), Next: next}
	for i, m := range found {
		list.Mails[i] = mailRowOf(m)
	}
	return &mailListAnswer{list}, nil
}

// MailPath is the part of a path that names a mail.
type MailPath struct {
	Mail string `path:"mail" maxLength:"64" doc:"The ID under which the mail was accepted."`
}

type mailAnswer struct {
	Body MailDetails
}

func (s *Server) getMail(ctx context.Context, p *MailPath) (*mailAnswer, error) {
	m, filed, err := s.mail(ctx, p.Mail)
	if err != nil {
		return nil, err
	}
	if !filed {
		return s.waiting(journal.ID(p.Mail))
	}
	details := mailDetailsOf(m, s.parts.Prefix)
	if len(m.Outcome.Notices) == 0 {
		return &mailAnswer{details}, nil
	}
	notices, err := s.parts.Store.Notices(ctx, m.Outcome.Ticket)
	if err != nil {
		return nil, s.failed(err, "reading the letters of a mail")
	}
	for _, n := range notices {
		if slices.Contains(m.Outcome.Notices, n.Number) {
			details.Promises = append(details.Promises, promiseOf(n))
		}
	}
	return &mailAnswer{details}, nil
}

// mail reads a mail's record; false if it has none. What is no ID of the journal's
// becomes no part of a key or a path (bad-input 147).
func (s *Server) mail(ctx context.Context, id string) (store.Mail, bool, error) {
	if _, err := journal.ParseID(id); err != nil {
		return store.Mail{}, false, problem(http.StatusBadRequest, "this is not the ID of a mail: 20 letters and digits, as the SMTP reply named it; GET "+APIPath+"/mails?message_id= finds it by Message-ID")
	}
	m, ok, err := s.parts.Store.Mail(ctx, id)
	if err != nil {
		return store.Mail{}, false, s.failed(err, "reading a mail")
	}
	return m, ok, nil
}

// waiting tells of a mail that is in the journal and was not filed yet.
func (s *Server) waiting(id journal.ID) (*mailAnswer, error) {
	m, err := s.parts.Journal.Read(id)
	switch {
	case errors.Is(err, journal.ErrNotFound):
		return nil, problem(http.StatusNotFound, "there is no mail "+string(id)+"; nothing was accepted under this ID, or not here")
	case err != nil:
		return nil, s.failed(err, "reading a mail from the journal")
	}
	details := mailDetailsOf(store.Mail{Envelope: m.Envelope}, s.parts.Prefix)
	details.Mail, details.Received, details.Size = string(id), m.Envelope.Received, int(m.Size)
	details.Waiting = WaitingPending
	for _, p := range s.parts.Journal.Parked() {
		if p.ID == id {
			details.Waiting, details.Reasons = WaitingParked, []string{p.Reason}
		}
	}
	return &mailAnswer{details}, nil
}

// deleted says since when the bytes of a mail are gone, and by which rule.
func deleted(m store.Mail) *Problem {
	p := problem(http.StatusGone, "the bytes of mail "+m.Outcome.Mail+" were deleted on "+m.Deleted.At.UTC().Format(time.DateOnly)+" ("+m.Deleted.Rule+
		"); GET "+APIPath+"/mails/"+m.Outcome.Mail+" tells what is left of it")
	p.Code = CodeDeleted
	return p
}

type rawPath struct {
	TicketPath
	MailPath
	Warned
}

// getRawMail hands out the bytes as they came, for saving and never for
// showing (bad-input 113).
func (s *Server) getRawMail(ctx context.Context, p *rawPath) (*huma.StreamResponse, error) {
	id, err := s.ticketID(p.TicketPath)
	if err != nil {
		return nil, err
	}
	m, _, err := s.mail(ctx, p.Mail)
	if err != nil {
		return nil, err
	}
	if m.Outcome.Ticket != id { // bad-input 141
		return nil, problem(http.StatusNotFound, "there is no mail "+p.Mail+" on ticket "+string(id))
	}
	if m.Deleted != nil {
		return nil, deleted(m)
	}
	if err := p.about("mail "+p.Mail, m.Scan.Whole(), m.Scan.String()); err != nil {
		return nil, err
	}
	raw, err := s.parts.Archive.Open(ctx, journal.ID(p.Mail))
	if errors.Is(err, archive.ErrNotFound) {
		return nil, problem(http.StatusNotFound, "the bytes of mail "+p.Mail+" are kept no longer")
	}
	if err != nil {
		return nil, s.failed(err, "opening a raw mail")
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer raw.Close()
		ctx.SetHeader("Content-Type", "application/octet-stream")
		ctx.SetHeader("Content-Disposition", `attachment; filename="`+p.Mail+`.eml"`)
		ctx.SetHeader(headerScan, string(m.Scan.Whole()))
		if _, err := io.Copy(ctx.BodyWriter(), raw); errors.Is(err, journal.ErrDamaged) {
			// A large mail shows it at its end only. The answer breaks off, so that
			// nobody takes it for the mail.
			s.log.Error().Err(err).Msg("handing out a raw mail")
			panic(http.ErrAbortHandler)
		}
	}}, nil
}
