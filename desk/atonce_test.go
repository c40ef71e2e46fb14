package desk_test

import (
	"context"
	"errors"
	"testing"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/ticket"
)

// overtaken lets somebody else be first, once, just before a batch is written.
type overtaken struct {
	store.Backend
	first func()
}

func (o *overtaken) Apply(ctx context.Context, b store.Batch) error {
	if f := o.first; f != nil {
		o.first = nil
		f()
	}
	return o.Backend.Apply(ctx, b)
}

// Two orders that could follow each other are given at once: the later one is not
// carried out over the earlier, and is told what that was.
func TestDecidedMeanwhile(t *testing.T) {
	b := &overtaken{Backend: memkv.New()}
	h := newHouse(t, b)
	id := h.receive(h.mail(client, "Emne", "Første")).Ticket
	classify := func(s ticket.Severity, by string) error {
		_, err := h.desk.Order(t.Context(), id, ticket.Order{Verb: ticket.VerbClassify, Severity: s, Category: "login"},
			ticket.Actor{Address: by, Roles: []ticket.Role{ticket.RoleSupport}})
		return err
	}
	b.first = func() {
		if err := classify(ticket.SeverityCritical, "anne@aismarttalk.tech"); err != nil {
			t.Error(err)
		}
	}
	var late *desk.Stale
	if err := classify(ticket.SeverityLow, "alma@aismarttalk.tech"); !errors.As(err, &late) {
		t.Fatalf("the later order: %v", err)
	}
	if len(late.Since) == 0 || late.Since[0].Severity != ticket.SeverityCritical || h.ticket(id).Severity != ticket.SeverityCritical {
		t.Errorf("told %+v; the ticket is %s", late.Since, h.ticket(id).Severity)
	}
	// What others noted or wrote meanwhile stands in nobody's way.
	b.first = func() {
		if err := h.order(id, ticket.Order{Verb: ticket.VerbNote, Text: "Set i loggen."}, ticket.RoleDev); err != nil {
			t.Error(err)
		}
	}
	if err := classify(ticket.SeverityHigh, "alma@aismarttalk.tech"); err != nil {
		t.Error("after a note:", err)
	}
	if now := h.ticket(id); now.Severity != ticket.SeverityHigh || now.Hotfix {
		t.Errorf("a lowered severity left %s, hotfix %v", now.Severity, now.Hotfix)
	}
}
