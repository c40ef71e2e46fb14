package desk_test

import (
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// What is told of a command before it is given is what giving it would bring.
func TestRefusals(t *testing.T) {
	h := memory(t)
	id := h.receive(h.mail("kunde@firma.example", "Chatbot nede", "Den svarer ikke.")).Ticket
	by := ticket.Actor{Address: firstLine, Roles: []ticket.Role{ticket.RoleSupport}, Door: ticket.DoorWeb}
	want := func(when string, refused map[string]ticket.RefusalCode) {
		t.Helper()
		got, err := h.desk.Refusals(t.Context(), id, by)
		if err != nil {
			t.Fatal(err)
		}
		for word, code := range refused {
			switch why := got[word]; {
			case code == "" && why != nil:
				t.Errorf("%s: %s is refused: %s", when, word, why)
			case code != "" && (why == nil || why.Code != code || why.Danish == "" || why.Reason == ""):
				t.Errorf("%s: %s is refused with %+v, want %s", when, word, why, code)
			}
		}
	}
	before := h.ticket(id)
	want("new", map[string]ticket.RefusalCode{
		"classify": "", "reply": "", "note": "", "ask": "", "close": "", "assign": "",
		"pass": ticket.RefusedRole, "plan": ticket.RefusedRole, "test": ticket.RefusedRole, "accept": ticket.RefusedRole,
		"reopen": ticket.RefusedState,
	})
	by.Roles = []ticket.Role{ticket.RoleDev, ticket.RoleQA}
	want("new, to a developer", map[string]ticket.RefusalCode{
		"start": ticket.RefusedState, "test": ticket.RefusedState, "pass": ticket.RefusedState, "note": "", "merge": ticket.RefusedRole,
	})
	if after := h.ticket(id); after.Events != before.Events || after.State != before.State {
		t.Errorf("asking changed the ticket: %+v", after)
	}
}
