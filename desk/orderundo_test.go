package desk_test

import (
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// What is undone never was: the ticket stands where it stood, since when it stood there.
func TestUndoRestoresSinceWhen(t *testing.T) {
	h := memory(t, staffed)
	id := h.opened("Emne")
	before := h.ticket(id)
	h.now = h.now.Add(time.Hour)
	support := ticket.Actor{Address: anne, Roles: []ticket.Role{ticket.RoleSupport}}
	for _, o := range []ticket.Order{{Verb: ticket.VerbClassify, Severity: ticket.SeverityHigh}, {Verb: ticket.VerbUndo}} {
		if _, err := h.desk.Order(t.Context(), id, o, support); err != nil {
			t.Fatal(err)
		}
	}
	if after := h.ticket(id); after.State != before.State || !after.Since.Equal(before.Since) {
		t.Errorf("it is %s since %s, and was %s since %s", after.State, after.Since, before.State, before.Since)
	}
}
