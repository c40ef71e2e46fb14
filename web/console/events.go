package console

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// retryHints is after how long a page that was cut off comes back.
const retryHints = 5 * time.Second

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
	out, err := page.NewStream(v.w, "hints", retryHints)
	if err != nil {
		return
	}
	beat := time.NewTicker(page.Heartbeat)
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
			err = out.Beat()
		case one, ok := <-p.hints:
			if !ok {
				return
			}
			err = out.Event("", one.Kind, told{one.Ticket, strings.Join(one.Readers, ", ")})
		}
		if err != nil {
			return
		}
	}
}

// told is a hint as it is sent.
type told struct {
	Ticket  ticket.ID `json:"ticket"`
	Readers string    `json:"readers"`
}
