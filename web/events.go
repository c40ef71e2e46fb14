package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

const (
	// heartbeat keeps proxies from closing a stream on which nothing happens.
	heartbeat = 15 * time.Second
	// streamWrite is how long a listener may take to take one message.
	streamWrite = 10 * time.Second
)

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
		ctx.SetHeader("Content-Type", "text/event-stream")
		ctx.SetHeader("X-Accel-Buffering", "no")
		_, w := humago.Unwrap(ctx)
		out := streamWriter{w: w, control: http.NewResponseController(w)}
		if out.begin(s.hub.now(), gap) != nil {
			return
		}
		for _, e := range missed {
			if out.event(s.hub.id(e.place), "ticket", e.event) != nil {
				return
			}
		}
		s.pass(ctx.Context(), l, out)
	}}, nil
}

// pass hands on what happens until the listener goes or is cut off.
func (s *Server) pass(ctx context.Context, l *listener, out streamWriter) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			err = out.write(": here\n\n")
		case e, ok := <-l.events:
			if !ok {
				return
			}
			err = out.event(s.hub.id(e.place), "ticket", e.event)
		}
		if err != nil {
			return
		}
	}
}

// streamWriter writes server-sent events, each at once and in bounded time.
type streamWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (o streamWriter) begin(now string, gap bool) error {
	if err := o.write("retry: 3000\n: events of tickets\n\n"); err != nil || !gap {
		return err
	}
	return o.event(now, "reset", struct{}{})
}

func (o streamWriter) event(id, kind string, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return o.write(fmt.Sprintf("id: %s\nevent: %s\ndata: %s\n\n", id, kind, text))
}

func (o streamWriter) write(text string) error {
	if err := o.control.SetWriteDeadline(time.Now().Add(streamWrite)); err != nil {
		return err
	}
	if _, err := o.w.Write([]byte(text)); err != nil {
		return err
	}
	return o.control.Flush()
}
