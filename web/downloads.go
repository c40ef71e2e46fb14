package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Attachment hands out a file of a mail as the API does, to somebody whom the caller
// has let in: the path's values are the ticket's id and the attachment's n.
func (s *Server) Attachment(w http.ResponseWriter, r *http.Request) {
	s.handOut(w, r, func(ctx context.Context) (*huma.StreamResponse, error) {
		return s.getAttachment(ctx, &AttachmentPath{TicketPath: TicketPath{ID: r.PathValue("id")}, N: r.PathValue("n")})
	})
}

// RawMail hands out a mail as it came, likewise: the path's values are the ticket's id
// and the mail.
func (s *Server) RawMail(w http.ResponseWriter, r *http.Request) {
	s.handOut(w, r, func(ctx context.Context) (*huma.StreamResponse, error) {
		return s.getRawMail(ctx, &rawPath{TicketPath: TicketPath{ID: r.PathValue("id")}, MailPath: MailPath{Mail: r.PathValue("mail")}})
	})
}

// handOut answers with a file under the headers that every file of a mail bears,
// whatever the page before it had.
func (s *Server) handOut(w http.ResponseWriter, r *http.Request, open func(context.Context) (*huma.StreamResponse, error)) {
	file, err := open(r.Context())
	var p *Problem
	switch {
	case errors.As(err, &p):
		http.Error(w, p.Detail, p.Status)
		return
	case err != nil:
		http.Error(w, "try again in a moment", http.StatusServiceUnavailable)
		return
	}
	filePolicy(w.Header())
	file.Body(humago.NewContext(&huma.Operation{}, r, w))
}
