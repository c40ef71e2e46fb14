package desk_test

import (
	"testing"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

// Whoever takes part and is who he says is told how his ticket stands; to others
// nothing is revealed, and their mail is a mail like others.
func TestStatusByMail(t *testing.T) {
	colleague := "chef@firma.example"
	withColleague := func(in *desk.Incoming) { in.Message.Cc = []ticket.Address{{Address: colleague}} }
	for _, c := range []struct {
		name, from, verdict string
		subject, text       string
		want                ticket.OutcomeKind
		told                string // who gets the letter; "" nobody
		events              int
	}{
		{"the word alone", client, "pass", "Re: Emne [ID]", "Status?", ticket.OutcomeAppended, client, 2},
		{"in the subject", client, "pass", "Status ID", "", ticket.OutcomeAppended, client, 2},
		{"a colleague who takes part", colleague, "pass", "Re: Emne [ID]", "Status", ticket.OutcomeAppended, colleague, 2},
		{"with more to say", client, "pass", "Status ID", "Den fejler også på telefonen.", ticket.OutcomeAppended, client, 3},
		{"not verified", client, "none", "Re: Emne [ID]", "Status?", ticket.OutcomeAppended, "", 2},
		{"forged", client, "fail", "Re: Emne [ID]", "Status?", ticket.OutcomeHeld, "", 1},
		{"a stranger", stranger, "pass", "Status ID", "Status?", ticket.OutcomeOpened, "", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := memory(t, checked)
			id := h.receive(h.mail(client, "Emne", "Første", dmarc("pass", client), withColleague)).Ticket
			out := h.receive(h.mail(c.from, replaceID(c.subject, id), c.text, dmarc(c.verdict, c.from)))
			h.want(out, c.want, "")
			told, letter := "", ticket.Notice{}
			for n := 1; n <= h.ticket(id).Notices; n++ {
				if l := h.notice(id, n); l.Kind == ticket.NoticeStatus {
					told, letter = l.To.Address, l
				}
			}
			if told != c.told || h.ticket(id).Events != c.events {
				t.Errorf("%q is told; the ticket has %d events, want %q and %d; reasons %q", told, h.ticket(id).Events, c.told, c.events, out.Reasons)
			}
			if told != "" && (letter.Facts.State != ticket.StateReported || letter.Facts.Since.IsZero()) {
				t.Errorf("the letter says %+v", letter.Facts)
			}
		})
	}
}

func replaceID(subject string, id ticket.ID) string {
	for i := 0; i+2 <= len(subject); i++ {
		if subject[i:i+2] == "ID" {
			return subject[:i] + string(id) + subject[i+2:]
		}
	}
	return subject
}

// Asking changes nothing: what was resolved stays so, and nobody waits for an answer.
func TestAskingForStatusMovesNothing(t *testing.T) {
	h := memory(t)
	id := h.opened("Første")
	h.resolve(id)
	h.want(h.receive(h.mail(client, "Re: ["+string(id)+"]", "Status?")), ticket.OutcomeAppended, id)
	if tk := h.ticket(id); tk.State != ticket.StateResolved || !tk.Answered.IsZero() || tk.Entries != 2 {
		t.Errorf("the ticket is %s with %d mails", tk.State, tk.Entries)
	}
}

func TestRoadmapByMail(t *testing.T) {
	for _, c := range []struct {
		name, subject, text string
		verdict             string
		option              func(*desk.Incoming)
		want                ticket.OutcomeKind
		period              string
	}{
		{"Danish", "Køreplan", "", "pass", nil, ticket.OutcomeCommand, "2026-Q4"},
		{"politely", "Roadmap", "Hej, må jeg bede om køreplanen?\nMvh Anne", "pass", nil, ticket.OutcomeCommand, "2026-Q4"},
		{"a quarter", "Køreplan Q4 2026", "", "pass", nil, ticket.OutcomeCommand, "2026-Q4"},
		{"a year", "roadmap 2027", "", "pass", nil, ticket.OutcomeCommand, "2027"},
		{"not verified", "Køreplan", "", "none", nil, ticket.OutcomeOpened, ""},
		{"forged", "Køreplan", "", "fail", nil, ticket.OutcomeOpened, ""},
		{"a question of its own", "Køreplan", "Hvornår bliver login rettet?", "pass", nil, ticket.OutcomeOpened, ""},
		{"another subject", "Køreplan for vores team", "", "pass", nil, ticket.OutcomeOpened, ""},
		{"a machine", "Køreplan", "", "pass", func(in *desk.Incoming) {
			in.Message.Automatic = ticket.Automatic{Is: true, Kind: ticket.AutomaticBulk}
		}, ticket.OutcomeAuto, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := memory(t, checked)
			in := h.mail(client, c.subject, c.text, dmarc(c.verdict, client))
			if c.option != nil {
				c.option(&in)
			}
			out := h.receive(in)
			h.want(out, c.want, "")
			if c.want == ticket.OutcomeCommand {
				l := h.lettersOf(in.Mail)
				if len(l) != 1 || l[0].Kind != ticket.NoticeRoadmap || l[0].To.Address != client || out.Ticket != "" || l[0].Facts.Roadmap.Period != c.period {
					t.Errorf("letters are %+v", l)
				}
				return
			}
			if l := h.lettersOf(in.Mail); len(l) > 0 {
				t.Errorf("letters are %+v", l)
			}
		})
	}
}

// An answer to a letter about no ticket waits for none.
func TestAnsweringARoadmapOpensATicket(t *testing.T) {
	h := memory(t)
	in := h.mail(client, "Re: Køreplanen", "Hvad med login?",
		answering(h.keys.MessageID(ticket.LetterID(secrets.Tickets, "mail x", 0), 1, "aismarttalk.tech")))
	in.MayWait = true
	h.want(h.receive(in), ticket.OutcomeOpened, "")
}
