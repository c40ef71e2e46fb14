package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// problem is an error as RFC 9457 has it: what is wrong and what to do about
// it, in one sentence.
func problem(status int, detail string) error {
	return &huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: detail}
}

func writeProblem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(problem(status, detail)) // the client's loss
}

// failed turns an error into an answer. A problem stays one, and a refusal is the
// caller's to read; anything else is ours and is logged, and all of it but a damaged
// mail comes right when tried again.
func (s *Server) failed(err error, doing string) error {
	var p *huma.ErrorModel
	var r *ticket.Refused
	var unread *ticket.OrderError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &r):
		return problem(http.StatusConflict, r.Reason)
	case errors.As(err, &unread):
		return problem(http.StatusUnprocessableEntity, unread.Error())
	case errors.Is(err, desk.ErrNoTicket):
		return problem(http.StatusNotFound, "there is no such ticket; GET "+APIPath+"/tickets lists those that there are")
	}
	s.log.Error().Err(err).Str("doing", doing).Msg("request failed")
	if errors.Is(err, journal.ErrDamaged) {
		return problem(http.StatusGone, "the bytes of this mail are damaged on disk: they are no longer those that were accepted, and trying again will not help; "+
			"restore the journal from a backup, and check the disk")
	}
	return problem(http.StatusServiceUnavailable, "the store does not answer; try again in a moment, /readyz tells when it is back")
}

// withoutEcho takes the caller's own values out of a validation error: they may
// be a stranger's mail address, or a token in the wrong field.
func withoutEcho(_ huma.Context, _ string, v any) (any, error) {
	if e, ok := v.(*huma.ErrorModel); ok {
		for _, d := range e.Errors {
			d.Value = nil
		}
	}
	return v, nil
}
