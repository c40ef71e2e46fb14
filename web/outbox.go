package web

import (
	"context"

	"aismarttalk.tech/supportd/ticket"
)

type outboxQuery struct {
	State ticket.NoticeState `query:"state" default:"queued" enum:"queued,sent,bounced,given-up,held" doc:"How far the letters have come."`
	Limit int                `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"How many at most, the longest owed first."`
}

// Outbox is the letters of one state.
type Outbox struct {
	Letters []Promise `json:"letters"`
}

type outboxAnswer struct{ Body Outbox }

func (s *Server) listOutbox(ctx context.Context, q *outboxQuery) (*outboxAnswer, error) {
	notices, err := s.parts.Store.NoticesIn(ctx, q.State, q.Limit)
	if err != nil {
		return nil, s.failed(err, "listing letters")
	}
	return &outboxAnswer{Outbox{Letters: promisesOf(notices)}}, nil
}
