package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

// Planning is the desk's view of sprints and quarters; desk.Desk's methods say more.
type Planning interface {
	Roadmap(ctx context.Context, period string) (ticket.Roadmap, error)
	InternalRoadmap(ctx context.Context, period string) (ticket.InternalRoadmap, error)
	RoadmapCalendar(ctx context.Context, period string) (string, error)
	Sprints(ctx context.Context) ([]ticket.InternalSprint, error)
}

// Digests are the day's lists of staff; desk.Desk's methods say more.
type Digests interface {
	Digest(ctx context.Context, address string, day time.Time) (ticket.Digest, error)
	SendDigest(ctx context.Context, address string, day time.Time) (letter ticket.Notice, found bool, err error)
}

type roadmapQuery struct {
	Caller
	Accept   string `header:"Accept" maxLength:"500" hidden:"true"`
	Year     string `query:"year" pattern:"^20[0-9]{2}$" doc:"The roadmap of a year."`
	Quarter  string `query:"quarter" pattern:"^20[0-9]{2}-Q[1-4]$" doc:"The roadmap of a quarter; the current one if neither is named."`
	Internal bool   `query:"internal" doc:"With IDs, subjects and assignees, for a token of staff."`
}

// roadmap is public: it names nobody, and quotes no mail.
func (s *Server) roadmap(ctx context.Context, q *roadmapQuery) (*huma.StreamResponse, error) {
	if q.Year != "" && q.Quarter != "" {
		return nil, problem(http.StatusBadRequest, "either year or quarter")
	}
	period := q.Year + q.Quarter
	if wants(q.Accept, "text/calendar") {
		ics, err := s.parts.Planning.RoadmapCalendar(ctx, period)
		if err != nil {
			return nil, s.failed(err, "reading the sprints")
		}
		return bytesAnswer("text/calendar; charset=utf-8", []byte(ics)), nil
	}
	if !q.Internal {
		m, err := s.parts.Planning.Roadmap(ctx, period)
		if err != nil {
			return nil, s.failed(err, "reading the roadmap")
		}
		return jsonAnswer(m)
	}
	if t, ok := bearer(s.cfg.Tokens, q.Authorization); !ok || len(t.roles()) == 0 {
		return nil, problem(http.StatusForbidden, "the internal roadmap is for tokens of staff; leave out internal for the public one")
	}
	m, err := s.parts.Planning.InternalRoadmap(ctx, period)
	if err != nil {
		return nil, s.failed(err, "reading the internal roadmap")
	}
	return jsonAnswer(m)
}

// SprintList is the sprints that there is room in.
type SprintList struct {
	Sprints []ticket.InternalSprint `json:"sprints"`
}

type sprintsAnswer struct{ Body SprintList }

func (s *Server) sprints(ctx context.Context, _ *struct{}) (*sprintsAnswer, error) {
	loads, err := s.parts.Planning.Sprints(ctx)
	if err != nil {
		return nil, s.failed(err, "reading the sprints")
	}
	return &sprintsAnswer{SprintList{orEmpty(loads)}}, nil
}

type digestQuery struct {
	For string `query:"for" required:"true" maxLength:"320" doc:"Address of the staff member."`
}

type digestAnswer struct{ Body ticket.Digest }

func (s *Server) digest(ctx context.Context, q *digestQuery) (*digestAnswer, error) {
	d, err := s.parts.Digests.Digest(ctx, q.For, time.Time{})
	switch {
	case errors.Is(err, desk.ErrNoStaff):
		return nil, errNotStaff
	case err != nil:
		return nil, s.failed(err, "reading a digest")
	}
	d.Sections = orEmpty(d.Sections)
	return &digestAnswer{d}, nil
}

var errNotStaff = problem(http.StatusNotFound, "nobody of the staff has this address; the configuration lists them under staff")

// DigestOrder is what POST /digest takes.
type DigestOrder struct {
	For string `json:"for" maxLength:"320" doc:"Address of the staff member whose digest is sent, to him."`
}

type digestRequest struct {
	Caller
	Body DigestOrder
}

// DigestSent says whether a digest goes out.
type DigestSent struct {
	For    string    `json:"for"`
	Due    bool      `json:"due" doc:"Something is due. If not, nothing is sent."`
	Letter ticket.ID `json:"letter,omitempty" doc:"The letter, as the outbox names it: a day's list is sent once."`
	Number int       `json:"number,omitempty"`
}

type digestSentAnswer struct{ Body DigestSent }

// sendDigest is for the admin, and for whoever's token bears the person's name or
// address.
func (s *Server) sendDigest(ctx context.Context, r *digestRequest) (*digestSentAnswer, error) {
	if t := s.token(r.Caller); !t.admin() && ticket.FoldAddress(t.Name) != ticket.FoldAddress(r.Body.For) {
		return nil, problem(http.StatusForbidden, "a digest is sent for the admin's token, or for one whose name is the person's address")
	}
	letter, due, err := s.parts.Digests.SendDigest(ctx, r.Body.For, time.Time{})
	switch {
	case errors.Is(err, desk.ErrNoStaff):
		return nil, errNotStaff
	case err != nil:
		return nil, s.failed(err, "sending a digest")
	}
	return &digestSentAnswer{DigestSent{For: r.Body.For, Due: due, Letter: letter.Ticket, Number: letter.Number}}, nil
}

// roadmapAnswers describes an answer that has two forms.
func (o operations) roadmapAnswers(op huma.Operation) huma.Operation {
	schema := o.api.OpenAPI().Components.Schemas.Schema(typeOf(ticket.Roadmap{}), true, "Roadmap")
	op.Responses = map[string]*huma.Response{"200": {
		Description: "The roadmap; internal adds to it. For Accept: text/calendar, its sprints.",
		Content: map[string]*huma.MediaType{
			"application/json": {Schema: schema},
			"text/calendar":    {Schema: &huma.Schema{Type: huma.TypeString}},
		},
	}}
	return op
}
