package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"aismarttalk.tech/supportd/web/page"
)

// retryStream is after how long a listener that was cut off comes back.
const retryStream = 3 * time.Second

type streamRequest struct {
	LastEventID string `header:"Last-Event-ID" maxLength:"60" doc:"The id of the last event that was seen; the stream goes on behind it."`
}

// stream sends what happens to tickets as server-sent events: "ticket" with a
// StreamEvent, and "reset" where more was missed than is remembered, so that the
// listener reads anew what he shows.
func (s *Server) stream(_ context.Context, r *streamRequest) (*huma.StreamResponse, error) {
	l, missed, gap := s.hub.listen(r.LastEventID)
	if l == nil {
		return nil, problem(http.StatusServiceUnavailable, "too many listen to events, or the daemon is stopping; try again in a moment")
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer s.hub.leave(l)
		_, w := humago.Unwrap(ctx)
		out, err := page.NewStream(w, "events of tickets", retryStream)
		if err == nil && gap {
			err = out.Event(s.hub.now(), "reset", struct{}{})
		}
		if err != nil {
			return
		}
		for _, e := range missed {
			if out.Event(s.hub.id(e.place), "ticket", e.event) != nil {
				return
			}
		}
		s.pass(ctx.Context(), l, out)
	}}, nil
}

// pass hands on what happens until the listener goes or is cut off.
func (s *Server) pass(ctx context.Context, l *listener, out page.Stream) {
	beat := time.NewTicker(page.Heartbeat)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			err = out.Beat()
		case e, ok := <-l.events:
			if !ok {
				return
			}
			err = out.Event(s.hub.id(e.place), "ticket", e.event)
		}
		if err != nil {
			return
		}
	}
}
