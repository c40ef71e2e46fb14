package desk_test

import (
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// What was done ahead of its sprint has used up its place there when that begins.
func TestTurnLeavesDoneWorkItsPlace(t *testing.T) {
	h := memory(t, readers(t, atEight, "support", "dev", "qa", "owner"))
	h.chores()
	calendar := h.config.Calendar
	next := calendar.Next(calendar.At(h.now))
	planned := func(subject string) ticket.ID {
		id := h.classified(h.opened(subject), ticket.SeverityNormal)
		h.must(id, "owner", ticket.Order{Verb: ticket.VerbPlan, Sprint: next.String()})
		return id
	}
	ahead, promised := planned("Lavet på forhånd"), planned("Lovet")
	waiting := h.classified(h.opened("I backloggen"), ticket.SeverityNormal)
	h.must(ahead, "dev", ticket.Order{Verb: ticket.VerbStart})
	h.must(ahead, "dev", ticket.Order{Verb: ticket.VerbTest, Text: "Rettet"})
	h.must(ahead, "qa", ticket.Order{Verb: ticket.VerbPass, Verified: "Det virker"})

	h.now = calendar.Start(next).Add(time.Hour)
	h.chores()
	sprints, err := h.desk.Sprints(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s := sprints[0]; s.Sprint != next.String() || s.Taken != s.Capacity || s.Done != 1 {
		t.Errorf("sprint %s has %d of %d places taken, %d by what is done", s.Sprint, s.Taken, s.Capacity, s.Done)
	}
	for id, want := range map[ticket.ID]string{ahead: next.String(), promised: next.String(), waiting: calendar.Next(next).String()} {
		if got := h.ticket(id).Sprint.Name; got != want {
			t.Errorf("%s is in sprint %q, want %q", id, got, want)
		}
	}
}
