package web

import (
	"context"

	"aismarttalk.tech/supportd/ticket"
)

// OutboxUnsent stands for every state of a letter but sent.
const OutboxUnsent = "unsent"

type outboxQuery struct {
	State string `query:"state" default:"unsent" enum:"unsent,queued,held,given-up,bounced,sent" doc:"How far the letters have come; unsent is all but sent."`
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
