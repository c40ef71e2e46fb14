package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

const (
	// heartbeat keeps proxies from closing a stream on which nothing happens, and is how
	// often it is asked whether the session still stands.
	heartbeat = 15 * time.Second
	// streamWrite is how long a page may take to take one message.
	streamWrite = 10 * time.Second
)

// events is the stream of hints to an open page, as server-sent events: "ticket" with
// the ID of one that has changed, and whether it stands in a place that lists show;
// "readers" with who else reads the ticket of ?ticket=.
func (c *Console) events(v visit) {
	id, _ := ticket.ParseID(c.cfg.Prefix, v.r.URL.Query().Get("ticket"))
	p := c.live.join(v.who.Address, c.shell(v).Who, id)
	if p == nil {
		v.w.Header().Set("Retry-After", "30")
		http.Error(v.w, "too many pages listen, or the daemon is stopping", http.StatusServiceUnavailable)
		return
	}
	defer c.live.leave(p)
	h := v.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	out := stream{v.w, http.NewResponseController(v.w)}
	if out.write("retry: 5000\n: hints\n\n") != nil {
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-v.ctx().Done():
			return
		case <-beat.C:
			// Ended elsewhere, it hears nothing more.
			if _, err := c.deps.Desk.Standing(v.ctx(), c.secret(v.r)); errors.Is(err, desk.ErrNoSession) {
				return
			}
			err = out.write(": here\n\n")
		case one, ok := <-p.hints:
			if !ok {
				return
			}
			err = out.event(one)
		}
		if err != nil {
			return
		}
	}
}

// stream writes server-sent events, each at once and in bounded time.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (s stream) event(h hint) error {
	data, err := json.Marshal(struct {
		Ticket  ticket.ID `json:"ticket"`
		Readers string    `json:"readers"`
	}{h.Ticket, strings.Join(h.Readers, ", ")})
	if err != nil {
		return err
	}
	return s.write(fmt.Sprintf("event: %s\ndata: %s\n\n", h.Kind, data))
}

func (s stream) write(text string) error {
	if err := s.control.SetWriteDeadline(time.Now().Add(streamWrite)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
