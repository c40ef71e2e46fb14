package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// OutboxUnsent stands for every state of a letter but sent.
const OutboxUnsent = "unsent"

type outboxQuery struct {
	State string `query:"state" default:"unsent" enum:"unsent,queued,held,given-up,bounced,dropped,withdrawn,sent" doc:"How far the letters have come; unsent is all but sent."`
	Limit int    `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"How many at most."`
}

// Outbox is letters by how far they have come: first those that no further
// attempt will be made for, and within a state the longest owed first.
type Outbox struct {
	Letters []Promise `json:"letters"`
}

type outboxAnswer struct{ Body Outbox }

// unsentStates are in the order in which a letter may pass through them, and so
// are read: one that moves on meanwhile is met twice rather than never.
var unsentStates = [...]ticket.NoticeState{ticket.NoticeQueued, ticket.NoticeHeld, ticket.NoticeGivenUp, ticket.NoticeBounced}

func (s *Server) listOutbox(ctx context.Context, q *outboxQuery) (*outboxAnswer, error) {
	states := []ticket.NoticeState{ticket.NoticeState(q.State)}
	if q.State == OutboxUnsent {
		states = unsentStates[:]
	}
	var found []ticket.Notice
	for _, state := range states {
		notices, err := s.parts.Store.NoticesIn(ctx, state, q.Limit)
		if err != nil {
			return nil, s.failed(err, "listing letters")
		}
		found = append(notices, found...)
	}
	found = eachOnce(found)
	return &outboxAnswer{Outbox{Letters: promisesOf(found[:min(len(found), q.Limit)])}}, nil
}

// eachOnce keeps the first of each notice.
func eachOnce(notices []ticket.Notice) []ticket.Notice {
	type name struct {
		id     ticket.ID
		number int
	}
	seen := map[name]bool{}
	var once []ticket.Notice
	for _, n := range notices {
		if key := (name{n.Ticket, n.Number}); !seen[key] {
			seen[key] = true
			once = append(once, n)
		}
	}
	return once
}

// LetterPath is the part of a path that names a letter.
type LetterPath struct {
	Ticket string `path:"ticket" maxLength:"64" doc:"Tracking ID, or the letter ID of a letter about no one ticket."`
	Number string `path:"number" maxLength:"6" doc:"Number of the letter, as the outbox lists it."`
}

func (s *Server) letterName(p LetterPath) (ticket.ID, int, error) {
	id := ticket.ID(strings.ToUpper(p.Ticket))
	if !id.Valid() {
		var err error
		if id, err = s.ticketID(TicketPath{p.Ticket}); err != nil {
			return "", 0, err
		}
	}
	n, err := strconv.Atoi(p.Number)
	if err != nil || n < 1 {
		return "", 0, problem(http.StatusBadRequest, "a letter is named by its number, 1 or more")
	}
	return id, n, nil
}

type letterRequest struct {
	LetterPath
	Caller
}

type letterAnswer struct{ Body Promise }

func (s *Server) retryLetter(ctx context.Context, r *letterRequest) (*letterAnswer, error) {
	return s.decideOnLetter(ctx, r, s.parts.Desk.RetryLetter)
}

func (s *Server) dropLetter(ctx context.Context, r *letterRequest) (*letterAnswer, error) {
	return s.decideOnLetter(ctx, r, s.parts.Desk.DropLetter)
}

func (s *Server) decideOnLetter(ctx context.Context, r *letterRequest,
	decide func(context.Context, ticket.ID, int, ticket.Actor) (ticket.Notice, error),
) (*letterAnswer, error) {
	id, number, err := s.letterName(r.LetterPath)
	if err != nil {
		return nil, err
	}
	by, err := s.actor(r.Caller, "")
	if err != nil {
		return nil, err
	}
	n, err := decide(ctx, id, number, by)
	if err != nil {
		return nil, s.failed(err, "deciding about a letter")
	}
	return &letterAnswer{promiseOf(n)}, nil
}
