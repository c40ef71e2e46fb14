package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// Problem is an error as RFC 9457 has it: what is wrong and what to do about it in
// one sentence, and for programs a code and what would do.
type Problem struct {
	huma.ErrorModel
	Code     string   `json:"code,omitempty" doc:"What kind of refusal it is: of a command role, state, input, window, late, verb or stale; of a field unknown, value, missing, extra, long or conflict; of a key key-in-use or key-reused; of a raw mail deleted."`
	Field    string   `json:"field,omitempty" doc:"The field that is meant."`
	Possible []string `json:"possible,omitempty" doc:"What would do: commands of the ticket as it now stands, or values of the field."`
	Suggest  string   `json:"suggest,omitempty" doc:"What was probably meant. It is never done unasked."`
	Changed  []Event  `json:"changed,omitempty" doc:"What happened to the ticket since the event that was expected to be its latest."`
}

// Codes of problems beside those of ticket.RefusalCode and ticket.OrderErrorCode.
const (
	CodeStale     = "stale"
	CodeKeyInUse  = "key-in-use"
	CodeKeyReused = "key-reused"
	CodeDeleted   = "deleted"
)

func problem(status int, detail string) *Problem {
	return &Problem{ErrorModel: huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: detail}}
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
	var p *Problem
	var r *ticket.Refused
	var unread *ticket.OrderError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &r):
		p := problem(http.StatusConflict, r.Reason)
		p.Code = string(r.Code)
		return p
	case errors.As(err, &unread):
		return unreadProblem(unread)
	case errors.Is(err, desk.ErrNoTicket):
		return problem(http.StatusNotFound, "there is no such ticket; GET "+APIPath+"/tickets lists those that there are")
	case errors.Is(err, desk.ErrNoMail):
		return problem(http.StatusNotFound, "there is no such mail on file; GET "+APIPath+"/mails?outcome=held lists those that wait")
	case errors.Is(err, desk.ErrNoLetter):
		return problem(http.StatusNotFound, "there is no such letter; GET "+APIPath+"/outbox lists those that are not sent")
	}
	s.log.Error().Err(err).Str("doing", doing).Msg("request failed")
	if errors.Is(err, journal.ErrDamaged) {
		return problem(http.StatusGone, "the bytes of this mail are damaged on disk: they are no longer those that were accepted, and trying again will not help; "+
			"restore the journal from a backup, and check the disk")
	}
	return problem(http.StatusServiceUnavailable, "the store does not answer; try again in a moment, /readyz tells when it is back")
}

// unreadProblem says why an order could not be read, without what was written: it
// may be a token in the wrong field.
func unreadProblem(e *ticket.OrderError) *Problem {
	field := string(e.Field)
	var detail string
	switch e.Code {
	case ticket.OrderUnknown:
		detail, field = "there is no such command; /openapi.json lists them", "command"
	case ticket.OrderValue:
		detail = field + " cannot have this value"
	case ticket.OrderMissing:
		detail = "the command " + string(e.Verb) + " needs " + field
	case ticket.OrderExtra:
		detail = "the command " + string(e.Verb) + " takes no " + field
	case ticket.OrderLong:
		detail = field + " is longer than the " + strconv.Itoa(ticket.MaxText) + " characters that a letter may have; split it, or attach it"
	default:
		detail = field + " contradicts what stands beside it"
	}
	if len(e.Possible) > 0 {
		detail += "; possible: " + strings.Join(e.Possible, ", ")
	}
	if e.Suggest != "" {
		detail += "; perhaps " + e.Suggest + " was meant"
	}
	p := problem(http.StatusUnprocessableEntity, detail)
	p.Code, p.Field, p.Possible, p.Suggest = string(e.Code), field, slices.Clone(e.Possible), e.Suggest
	return p
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
