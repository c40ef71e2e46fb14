package desk_test

import (
	"testing"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

// machine marks a mail as one that a program wrote by itself, and that answers
// nothing as far as its header tells.
func machine(in *desk.Incoming) {
	in.Message.Automatic = ticket.Automatic{Is: true, Kind: ticket.AutomaticNotification, Reasons: []string{"Auto-Submitted: auto-generated"}}
}

// A program at the address of one of ours that answers our letters is not obeyed,
// and above all not answered: it would answer that too.
func TestNoProgramIsObeyedAsStaff(t *testing.T) {
	for _, text := range []string{"Jeg er på ferie", "#luk Løst"} {
		h := memory(t, staffed)
		id := h.opened("Emne")
		before := h.ticket(id)
		out := h.receive(h.answer(id, anne, text, machine))
		h.want(out, ticket.OutcomeAuto, id)
		if after := h.ticket(id); after.Events != before.Events || after.Notices != before.Notices {
			t.Errorf("%q from a program caused %d events and %d letters", text, after.Events-before.Events, after.Notices-before.Notices)
		}
	}
}

// Whatever a program's subject is, it is not answered with the roadmap.
func TestNoProgramIsShownTheRoadmap(t *testing.T) {
	h := memory(t)
	in := h.mail(client, "Roadmap", "Roadmap", machine)
	h.want(h.receive(in), ticket.OutcomeOpened, "")
	if letters := h.lettersOf(in.Mail); len(letters) > 0 {
		t.Errorf("a program is sent %s", letters[0].Kind)
	}
}
