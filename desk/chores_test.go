package desk_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/ticket"
)

// A ticket whose record is damaged has its chore fail for ever; those behind it in
// the queue are done all the same.
func TestOneChoreThatFailsKeepsNoOtherFromBeingDone(t *testing.T) {
	b := memkv.New()
	h := newHouse(t, b, readers(t, atEight, "support"), promising)
	h.clockTo("2026-11-23 09:00")
	ids := []ticket.ID{h.opened("Første"), h.opened("Anden"), h.opened("Tredje")}
	slices.Sort(ids)
	damaged := store.Record{Key: store.Key("ticket", string(ids[0])), Value: []byte("{")}
	if err := b.Apply(context.Background(), store.Batch{Put: []store.Record{damaged}}); err != nil {
		t.Fatal(err)
	}
	h.clockTo("2026-11-25 10:00")
	if _, err := h.desk.DoChores(context.Background()); err == nil {
		t.Error("nobody is told that a ticket cannot be read")
	}
	for range 3 { // the leases end, and it fails again
		h.now = h.now.Add(2 * time.Minute)
		_, _ = h.desk.DoChores(context.Background())
	}
	for _, id := range ids[1:] {
		h.wantBroken(id, ticket.PromiseAssess)
	}
}

// What the owner has planned stays where he put it, though a day after the
// classification the clock looks whether anybody has.
func TestPlanningLeavesWhatTheOwnerPlanned(t *testing.T) {
	h := memory(t, readers(t, atEight, "support", "owner"))
	h.chores()
	id := h.classified(h.opened("Faktura mangler linje"), ticket.SeverityNormal)
	next := h.config.Calendar.Next(h.config.Calendar.At(h.now)).String()
	h.must(id, "owner", ticket.Order{Verb: ticket.VerbPlan, Sprint: next})
	before := h.ticket(id)
	h.now = h.now.Add(h.config.PlanAfter)
	h.chores()
	if after := h.ticket(id); after.Sprint.Name != next || after.Events != before.Events || after.Notices != before.Notices {
		t.Errorf("it was planned for %s and is in %s, after %d events and %d letters more",
			next, after.Sprint.Name, after.Events-before.Events, after.Notices-before.Notices)
	}
}
