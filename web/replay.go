package web

import (
	"context"
	"time"
)

// Replay makes filed mails pending again that were accepted at since or later, and
// returns how many.
type Replay func(ctx context.Context, since time.Time) (int, error)

// ReplayOrder is what POST /replay takes.
type ReplayOrder struct {
	Since time.Time `json:"since,omitzero" doc:"Only mails accepted then or later; all that the journal keeps if absent."`
}

type replayRequest struct{ Body ReplayOrder }

// Replayed says how many mails are filed again.
type Replayed struct {
	Pending int `json:"pending" doc:"How many filed mails are pending again. Those that are still on record change nothing."`
}

type replayAnswer struct{ Body Replayed }

func (s *Server) replay(ctx context.Context, r *replayRequest) (*replayAnswer, error) {
	n, err := s.parts.Replay(ctx, r.Body.Since)
	if err != nil {
		return nil, s.failed(err, "replaying the journal")
	}
	s.log.Info().Int("mails", n).Time("since", r.Body.Since).Msg("filed mails are pending again")
	return &replayAnswer{Replayed{Pending: n}}, nil
}
