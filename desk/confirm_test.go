package desk_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

// asked is the question about a held mail, and where its answer goes.
func (h *house) asked(t *testing.T, id ticket.ID) (n ticket.Notice, reply string) {
	t.Helper()
	letter := ticket.LetterID(secrets.Tickets, fmt.Sprintf("confirm %s %s", id, h.now.UTC().Format("2006-01-02")), 0)
	n = h.notice(letter, 1)
	if n.Kind != ticket.NoticeConfirm {
		t.Fatalf("the letter is %s", n.Kind)
	}
	return n, "contact+support+" + h.keys.ConfirmToken(letter, n.Facts.Mail, n.To.Address) + "@aismarttalk.tech"
}

// heldInHisName is a ticket, and a mail that failed DMARC in its reporter's name.
func heldInHisName(t *testing.T) (h *house, id ticket.ID, held desk.Incoming) {
	h = memory(t, staffed, checked)
	id = h.receive(h.mail(client, "Emne", "Første", dmarc("pass", client))).Ticket
	held = h.mail(client, "Emne", "Anden", answering("mail1@firma.example"), dmarc("fail", client))
	h.want(h.receive(held), ticket.OutcomeHeld, id)
	return h, id, held
}

// The answer counts by the token that it was sent to, whatever DMARC says of it. A
// header that shows the token is not enough, nor is a letter of another day.
func TestAnswerToTheQuestion(t *testing.T) {
	for _, c := range []struct {
		name, from, text string
		verdict          string
		late             bool
		shown            bool // the token stands in a header alone
		want             ticket.OutcomeKind
		entries          int
	}{
		{"yes", client, "Ja", "pass", false, false, ticket.OutcomeConfirmed, 2},
		{"yes, over the same broken servers", client, "Ja, det var mig", "fail", false, false, ticket.OutcomeConfirmed, 2},
		{"yes, and more", client, "Ja. Men i dag ser vi det samme på alle de andre maskiner i huset, og vi kan slet ikke arbejde.", "pass", false, false, ticket.OutcomeConfirmed, 3},
		{"no", client, "Nej", "pass", false, false, ticket.OutcomeConfirmed, 1},
		{"neither", client, "Hvad mener I?", "pass", false, false, ticket.OutcomeHeld, 1},
		{"somebody else", stranger, "Ja", "pass", false, false, ticket.OutcomeHeld, 1},
		{"too late", client, "Ja", "pass", true, false, ticket.OutcomeHeld, 1},
		{"the token in a header", client, "Ja", "fail", false, true, ticket.OutcomeOpened, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, id, _ := heldInHisName(t)
			_, reply := h.asked(t, id)
			answer := h.mail(c.from, "SV: Har du skrevet til os?", c.text, to(reply), dmarc(c.verdict, c.from))
			if c.shown {
				answer.Envelope.To = []string{support}
			}
			if c.late {
				answer.Envelope.Received = answer.Envelope.Received.Add(ticket.ConfirmFor * 2)
			}
			out := h.receive(answer)
			h.want(out, c.want, "")
			if n := h.ticket(id).Entries; n != c.entries {
				t.Errorf("%d entries, want %d; %q", n, c.entries, out.Reasons)
			}
		})
	}
}

// Who said himself that a mail was his is erased from what was decided on it.
func TestErasedPersonConfirmedNothing(t *testing.T) {
	h, id, held := heldInHisName(t)
	_, reply := h.asked(t, id)
	h.want(h.receive(h.mail(client, "SV: Har du skrevet til os?", "Nej", to(reply), dmarc("pass", client))), ticket.OutcomeConfirmed, id)
	p, err := h.desk.Person(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.desk.ErasePerson(t.Context(), p, "han bad om det", byAnne); err != nil {
		t.Fatal(err)
	}
	m, _, err := h.store.Mail(t.Context(), held.Mail)
	if err != nil {
		t.Fatal(err)
	}
	record, err := json.Marshal(m)
	if err != nil || bytes.Contains(record, []byte(client)) {
		t.Errorf("%v, the record still names him: %s", err, record)
	}
}
