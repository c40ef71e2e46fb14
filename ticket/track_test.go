package ticket_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/ticket"
)

// The track of a bug, an hour between one step and the next: a failed test and a
// reopening take the later stages away, and it was received once.
func TestTrack(t *testing.T) {
	reopen := ticket.Reopen{Reason: "Den svarer stadig ikke"}
	fail := ticket.Fail{Text: "Fejlen er der endnu"}
	type step struct {
		do ticket.Command
		by ticket.Role
	}
	way := []step{{classify, ticket.RoleSupport}, {plan, ticket.RoleOwner}, {start, ticket.RoleDev}, {handOver, ticket.RoleDev}}
	for name, c := range map[string]struct {
		then []step
		want string
	}{
		"in test":    {nil, "reported 0h, classified 1h, planned 2h, investigating 3h, testing 4h now, resolved, closed"},
		"resolved":   {[]step{{pass, ticket.RoleQA}}, "reported 0h, classified 1h, planned 2h, investigating 3h, testing 4h, resolved 5h now, closed"},
		"not passed": {[]step{{fail, ticket.RoleQA}}, "reported 0h, classified 1h, planned 2h, investigating 3h now, testing, resolved, closed"},
		"reopened":   {[]step{{pass, ticket.RoleQA}, {reopen, ticket.RoleSupport}}, "reported 0h now, classified, planned, investigating, testing, resolved, closed"},
	} {
		t.Run(name, func(t *testing.T) {
			tk := opened(t)
			events := []ticket.Event{{Kind: ticket.EventOpened, At: noon, Entry: &ticket.Entry{}, Opening: &ticket.Opening{Reading: ticket.Reading{Kind: ticket.KindBug}}}}
			for i, s := range append(way[:len(way):len(way)], c.then...) {
				done, err := tk.Decide(s.do, staff(s.by), noon.Add(time.Duration(i+1)*time.Hour))
				if err != nil {
					t.Fatal(err)
				}
				tk, events = tk.Apply(done...), append(events, done...)
			}
			if diff := cmp.Diff(c.want, trackText(ticket.Track(tk, events))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// trackText writes a track on one line, times in hours since noon.
func trackText(steps []ticket.Step) string {
	var all []string
	for _, s := range steps {
		text := string(s.State)
		if !s.At.IsZero() {
			text += fmt.Sprintf(" %dh", int(s.At.Sub(noon).Hours()))
		}
		if s.Current {
			text += " now"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}
