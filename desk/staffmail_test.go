package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/parser"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
)

const (
	anne  = "anne@aismarttalk.tech"  // support, in Danish
	dan   = "dan@aismarttalk.tech"   // developer
	olga  = "olga@aismarttalk.tech"  // owner, in English
	quinn = "quinn@aismarttalk.tech" // QA
	alma  = "alma@aismarttalk.tech"  // all of it
)

// staffed is a desk with people.
func staffed(c *desk.Config) {
	c.Correspondence.Staff = []ticket.Staff{
		{Address: anne, Name: "Anne", Roles: []ticket.Role{ticket.RoleSupport}, Language: "da"},
		{Address: dan, Name: "Dan", Roles: []ticket.Role{ticket.RoleDev}, Language: "da"},
		{Address: olga, Name: "Olga", Roles: []ticket.Role{ticket.RoleOwner}, Language: "en"},
		{Address: quinn, Name: "Quinn", Roles: []ticket.Role{ticket.RoleQA}, Language: "en"},
		{Address: alma, Name: "Alma", Roles: ticket.StaffRoles, Language: "da"},
	}
	c.UndoWindow = 2 * time.Minute
}

// checked has a relay check senders.
func checked(c *desk.Config) {
	c.TrustedRelays = []desk.TrustedRelay{{Network: prefix("127.0.0.0/8"), AuthservID: "mx.aismarttalk.tech"}}
}

func dmarc(verdict, from string) func(*desk.Incoming) {
	return results("mx.aismarttalk.tech; dmarc=" + verdict + " header.from=" + ticket.Domain(from))
}

// address is the reply address of a ticket's letters to a person.
func (h *house) address(id ticket.ID, person string) string {
	return "contact+support+" + h.keys.ReplyToken(id, person) + "@aismarttalk.tech"
}

// answer is a person's answer to a letter about a ticket.
func (h *house) answer(id ticket.ID, person, text string, options ...func(*desk.Incoming)) desk.Incoming {
	return h.mail(person, "Re: Ny billet ["+string(id)+"]", text, append([]func(*desk.Incoming){to(h.address(id, person))}, options...)...)
}

// told is the last letter of a ticket, which must answer commands.
func (h *house) told(id ticket.ID) ticket.Notice {
	h.t.Helper()
	n := h.notice(id, h.ticket(id).Notices)
	if n.Kind != ticket.NoticeStaffCommanded {
		h.t.Fatalf("the last letter of %s is %s", id, n.Kind)
	}
	return n
}

// becameOf is what a letter says of each line, in one text: ok or the code of the
// refusal, the line, what is said, and how it is undone.
func becameOf(n ticket.Notice) string {
	var b strings.Builder
	for _, d := range n.Facts.Done {
		became := "ok"
		if !d.OK {
			became = "!" + string(d.Refused)
		}
		fmt.Fprintf(&b, "%s | %s | %s | %s\n", became, d.Line, d.Text, d.Undo)
	}
	return b.String()
}

// What commands by mail do, and what their senders are told: state, events and the
// answer, from a ticket as it came in.
func TestStaffByMail(t *testing.T) {
	for _, c := range []struct {
		name, from, text string
		state            ticket.State
		events           string // after the first
		told             string
	}{
		{
			"one command", anne, "#alvorlighed høj", ticket.StateClassified, "classified",
			"ok | #alvorlighed høj | alvorlighed høj, kategori other, type fejl; rapportøren får besked | #fortryd\n",
		},
		{
			"in English", quinn, "#severity high", ticket.StateClassified, "classified",
			"ok | #severity high | severity high, category other, kind bug; the reporter is told | #undo\n",
		},
		{
			"what sets one thing together is one order", anne, "#alvorlighed høj\n#kategori login\n#type fejl", ticket.StateClassified, "classified",
			"ok | #alvorlighed høj … | alvorlighed høj, kategori login, type fejl; rapportøren får besked | #fortryd\n",
		},
		{
			"later ones see what earlier ones did", alma, "#alvorlighed høj\n#planlæg\n#undersøg\n#test Sessionen fornyes", ticket.StateTesting,
			"classified planned started handed-over",
			"ok | #alvorlighed høj | alvorlighed høj, kategori other, type fejl; rapportøren får besked | \n" +
				"ok | #planlæg | planlagt til sprint 2026-24; rapportøren får besked | \n" +
				"ok | #undersøg | du har taget billetten; rapportøren får besked | \n" +
				"ok | #test Sessionen fornyes | givet videre til QA (rettet); rapportøren får besked | \n",
		},
		{
			"a refusal stops no other", anne, "#planlæg\n#alvorlighd høj\n#kategori login", ticket.StateClassified, "classified",
			"!role | #planlæg | kun den produktansvarlige kan planlægge en billet i en sprint | \n" +
				"!verb | #alvorlighd høj | #alvorlighd er ikke en kommando. Mente du #alvorlighed? | \n" +
				"ok | #kategori login | alvorlighed normal, kategori login, type fejl; rapportøren får besked | #fortryd\n",
		},
		{
			"all refused", dan, "#løst Nu virker det\n#alvorlighed høj", ticket.StateReported, "",
			"!role | #løst Nu virker det | kun support kan besvare en billet, der ikke er en fejl | \n" +
				"!role | #alvorlighed høj | kun support eller QA eller den produktansvarlige kan klassificere en billet | \n",
		},
		{
			"refused by the state, in English", quinn, "#pass it works", ticket.StateReported, "",
			"!state | #pass it works | ticket AIS is reported and cannot be passed: only what a developer has handed over is tested; " +
				"possible now: classify, ask, resolve, merge, close | \n",
		},
		{
			"a wrong value", anne, "#alvorlighed skidt", ticket.StateReported, "",
			"!input | #alvorlighed skidt | alvorligheden kan ikke være \"skidt\". Vælg en af: kritisk, høj, normal, lav | \n",
		},
		{
			"text alone stays inside", anne, "Jeg har ringet til dem.", ticket.StateReported, "noted",
			"ok |  | teksten er gemt som intern note; rapportøren ser den ikke | #fortryd\n",
		},
		{
			"text behind the commands stays inside", anne, "#kategori login\n\nDe venter på os.", ticket.StateClassified, "classified noted",
			"ok | #kategori login | alvorlighed normal, kategori login, type fejl; rapportøren får besked | \n" +
				"ok |  | teksten er gemt som intern note; rapportøren ser den ikke | \n",
		},
		{
			"a closing line is no note", anne, "#kategori login\n\nMvh Anne", ticket.StateClassified, "classified",
			"ok | #kategori login | alvorlighed normal, kategori login, type fejl; rapportøren får besked | #fortryd\n",
		},
		{
			"a command below text is not one", anne, "#kategori login\nDe skrev:\n#luk", ticket.StateClassified, "classified noted",
			"ok | #kategori login | alvorlighed normal, kategori login, type fejl; rapportøren får besked | \n" +
				"!input | #luk | #luk står under tekst. Kommandoer står øverst i mailen, en på hver linje | \n" +
				"ok |  | teksten er gemt som intern note; rapportøren ser den ikke | \n",
		},
		{
			"a reply", anne, "#svar\nHej\n\nHvilken browser bruger du?", ticket.StateReported, "replied",
			"ok | #svar … | svaret til rapportøren er skrevet | #fortryd\n",
		},
		{
			"critical, and so a hotfix", alma, "#alvorlighed kritisk\n#alvorlighed kritisk", ticket.StatePlanned, "classified planned",
			"ok | #alvorlighed kritisk … | alvorlighed kritisk, kategori other, type fejl; hotfix i sprint 2026-24; rapportøren får besked | #fortryd\n",
		},
		{
			"what is so already", anne, "#tildel anne@aismarttalk.tech\n#tildel mig", ticket.StateReported, "assigned",
			"ok | #tildel anne@aismarttalk.tech | billetten er tildelt anne@aismarttalk.tech | #fortryd\n" +
				"ok | #tildel mig | det var sådan i forvejen; intet er ændret | \n",
		},
		{
			"undo beside others", anne, "#kategori login\n#fortryd", ticket.StateClassified, "classified",
			"ok | #kategori login | alvorlighed normal, kategori login, type fejl; rapportøren får besked | #fortryd\n" +
				"!input | #fortryd | fortryd skal stå alene i mailen, så det er klart, hvad der fortrydes | \n",
		},
		{"nothing at all", anne, "", ticket.StateReported, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := memory(t, staffed)
			id := h.opened("Den svarer ikke siden i morges.")
			out := h.receive(h.answer(id, c.from, c.text))
			h.want(out, ticket.OutcomeCommand, id)
			tk := h.ticket(id)
			if tk.State != c.state {
				t.Errorf("the ticket is %s, want %s", tk.State, c.state)
			}
			var kinds []string
			history, err := h.store.Events(t.Context(), id)
			for _, e := range history[1:] {
				kinds = append(kinds, string(e.Kind))
				if e.By.Address != c.from || e.By.Door != ticket.DoorMail || e.By.Mail != out.Mail {
					t.Errorf("event %d is by %+v", e.Number, e.By)
				}
			}
			if got := strings.Join(kinds, " "); err != nil || got != c.events {
				t.Errorf("events are %q (%v), want %q", got, err, c.events)
			}
			n := h.told(id)
			if got := strings.ReplaceAll(becameOf(n), string(id), "AIS"); got != c.told {
				t.Errorf("he is told\n%swant\n%s", got, c.told)
			}
			if n.To.Address != c.from || n.Due() != h.now || n.Facts.InReplyTo != "mail2@firma.example" || !slices.Contains(out.Notices, n.Number) {
				t.Errorf("the answer goes to %v at %v in answer to %q; the mail's notices are %v", n.To, n.Due(), n.Facts.InReplyTo, out.Notices)
			}
		})
	}
}

// Who is obeyed: a listed address, known for sure, in answer to his own letter.
// Else nothing changes, and somebody is told.
func TestWhoIsObeyed(t *testing.T) {
	pass := func(a string) func(*desk.Incoming) { return dmarc("pass", a) }
	for _, c := range []struct {
		name, from string
		token      string // whose letter he answers; "" none
		text       string
		option     func(*desk.Incoming)
		want       ticket.OutcomeKind
		changed    bool
		held       bool // support is told
	}{
		{"verified, own letter", anne, anne, "#luk Spam", pass(anne), ticket.OutcomeCommand, true, false},
		{"verified, another's letter", anne, dan, "#luk Spam", pass(anne), ticket.OutcomeCommand, false, false},
		{"verified, no letter", anne, "", "#luk Spam", pass(anne), ticket.OutcomeCommand, false, false},
		{"unverified, own letter", anne, anne, "#luk Spam", nil, ticket.OutcomeHeld, false, true},
		{"unverified, own letter, text", anne, anne, "Luk den bare", nil, ticket.OutcomeHeld, false, true},
		{"unverified, no letter", anne, "", "#luk Spam", nil, ticket.OutcomeHeld, false, true},
		{"DMARC failed, own letter", anne, anne, "#luk Spam", dmarc("fail", anne), ticket.OutcomeHeld, false, true},
		{"not listed, a letter to staff", "bent@aismarttalk.tech", anne, "#luk Spam", pass(anne), ticket.OutcomeOpened, false, false},
		{"verified, no letter, no command", anne, "", "#kunde ringede om login", pass(anne), ticket.OutcomeOpened, false, false},
		{"the client", client, client, "#luk Spam", pass(client), ticket.OutcomeAppended, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := memory(t, staffed, checked)
			id := h.receive(h.mail(client, "Emne", "Første", pass(client))).Ticket
			before := h.ticket(id).State
			in := h.mail(c.from, "Re: noget", c.text)
			if c.token != "" {
				to(h.address(id, c.token))(&in)
			}
			if c.option != nil {
				c.option(&in)
			}
			out := h.receive(in)
			h.want(out, c.want, "")
			if changed := h.ticket(id).State != before; changed != c.changed {
				t.Errorf("the ticket is %s", h.ticket(id).State)
			}
			letters := h.lettersOf(in.Mail)
			switch {
			case c.held:
				if len(letters) != 2 || letters[0].Kind != ticket.NoticeStaffHeld || letters[0].To.Address != anne || letters[0].Facts.Mail != in.Mail {
					t.Errorf("support is told %+v", letters)
				}
			case c.want == ticket.OutcomeCommand && !c.changed:
				if len(letters) != 1 || letters[0].Kind != ticket.NoticeStaffCommanded || letters[0].To.Address != c.from || letters[0].Facts.Done[0].OK {
					t.Errorf("he is told %+v", letters)
				}
			case len(letters) > 0:
				t.Errorf("letters about the mail: %+v", letters)
			}
		})
	}
}

// lettersOf are the letters about a mail that are about no ticket.
func (h *house) lettersOf(mail string) []ticket.Notice {
	h.t.Helper()
	list, err := h.store.Notices(h.t.Context(), ticket.LetterID(secrets.Tickets, "mail "+mail, 0))
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

// Where nothing checks senders, only what comes from this machine or its network is
// one of ours.
func TestUncheckedStaffMailFromFarAway(t *testing.T) {
	h := memory(t, staffed)
	id := h.opened("Første")
	far := h.answer(id, anne, "#luk Spam", func(in *desk.Incoming) { in.Envelope.Peer = "192.0.2.7:25" })
	h.want(h.receive(far), ticket.OutcomeHeld, id)
	if s := h.ticket(id).State; s != ticket.StateReported {
		t.Errorf("the ticket is %s", s)
	}
	if l := h.lettersOf(far.Mail); len(l) != 2 || l[0].Facts.Follows != id || l[0].Facts.Excerpt != "" || l[0].Facts.Subject != "" {
		t.Errorf("letters are %+v", l)
	}
}

// A digest and the like are about no ticket: what answers them is not obeyed.
func TestAnswerToALetterWithoutATicket(t *testing.T) {
	h := memory(t, staffed)
	in := h.answer(ticket.LetterID(secrets.Tickets, "digest", 0), anne, "#luk", answering("x@aismarttalk.tech"))
	h.want(h.receive(in), ticket.OutcomeCommand, "")
	l := h.lettersOf(in.Mail)
	if len(l) != 1 || !strings.Contains(l[0].Facts.Done[0].Text, "Svar på billettens eget brev") {
		t.Errorf("he is told %+v", l)
	}
}

func TestStaffMailTwiceIsObeyedOnce(t *testing.T) {
	h := memory(t, staffed)
	id := h.opened("Første")
	in := h.answer(id, anne, "#note En gang")
	first := h.receive(in)
	if again := h.receive(in); again.Outcome != first.Outcome {
		t.Errorf("again it is %s", again.Outcome)
	}
	in.Mail = "copy"
	h.want(h.receive(in), ticket.OutcomeDuplicate, "")
	if n := h.ticket(id).Events; n != 2 {
		t.Errorf("the ticket has %d events, want the mail and one note", n)
	}
}

func TestStaffMailWhenCommitsFail(t *testing.T) {
	h := newHouse(t, storetest.Failing(memkv.New(), storetest.Random(3, 0.5)), staffed)
	retry := func(in desk.Incoming) ticket.Outcome {
		for {
			out, err := h.desk.Receive(t.Context(), in)
			if err == nil {
				return out
			}
			if !errors.Is(err, storetest.ErrFault) {
				t.Fatal(err)
			}
		}
	}
	for range 50 {
		id := retry(h.mail(client, "Emne", fmt.Sprint("Tekst ", h.mails))).Ticket
		retry(h.answer(id, alma, "#alvorlighed høj\n#luk\n#note Hej"))
		// opened; classified, noted; acknowledgement, staff-new (2), classified and the answer
		if tk := h.ticket(id); tk.Events != 3 || tk.Notices != 5 {
			t.Fatalf("%d events, %d notices: %v", tk.Events, tk.Notices, h.notices(id))
		}
	}
}

// Orders behind a merge go to the ticket that stays, and so does what answers a
// letter of the one that went.
func TestOrdersFollowAMergedTicket(t *testing.T) {
	h := memory(t, staffed)
	stays, goes := h.opened("Den første"), h.opened("Den anden")
	h.want(h.receive(h.answer(goes, anne, "#flet "+string(stays)+"\n#kategori login")), ticket.OutcomeCommand, goes)
	if s := h.ticket(goes); s.MergedInto != stays || h.ticket(stays).Category.Name != "login" {
		t.Errorf("merged into %q; the other's category is %s", s.MergedInto, h.ticket(stays).Category.Name)
	}
	h.want(h.receive(h.answer(goes, anne, "#alvorlighed høj")), ticket.OutcomeCommand, stays)
	done := h.told(stays).Facts.Done
	if len(done) != 2 || !strings.Contains(done[0].Text, string(goes)+" er flettet ind i "+string(stays)) {
		t.Errorf("he is told %+v", done)
	}
}

// Undo takes back one command with its letters, though the mail that gave it was
// answered, and other commands came before.
func TestUndoByMail(t *testing.T) {
	h := memory(t, staffed)
	id := h.opened("Første")
	h.receive(h.answer(id, anne, "#kategori login"))
	h.receive(h.answer(id, anne, "#alvorlighed høj"))
	h.receive(h.answer(id, anne, "#fortryd"))
	tk := h.ticket(id)
	if tk.Category.Name != "login" || tk.Severity != ticket.SeverityNormal {
		t.Errorf("category %s, severity %s", tk.Category.Name, tk.Severity)
	}
	var withdrawn []ticket.NoticeKind
	for n := 1; n <= tk.Notices; n++ {
		if l := h.notice(id, n); l.State == ticket.NoticeWithdrawn {
			withdrawn = append(withdrawn, l.Kind)
		}
	}
	if !slices.Equal(withdrawn, []ticket.NoticeKind{ticket.NoticeClassified}) {
		t.Errorf("withdrawn are %v, want the letter of the last command alone", withdrawn)
	}
	if d := h.told(id).Facts.Done[0]; !d.OK {
		t.Errorf("told %+v", d)
	}
}

// The way back that is named works, as far as the state and his roles go.
func TestHowToUndo(t *testing.T) {
	for _, c := range []struct {
		before, from, text, undo string
	}{
		{"#alvorlighed lav", anne, "#alvorlighed høj", "#alvorlighed lav"},
		{"#severity low\n#category login", quinn, "#classify high billing", "#classify low login bug"},
		{"#tildel " + dan, anne, "#tildel mig", "#tildel " + dan},
		{"#titel Langsom login", anne, "#titel Login svarer langsomt", "#titel Langsom login"},
		{"", anne, "#luk Spam", "#genåbn"},
		{"", anne, "#titel Login svarer langsomt", "#fortryd"},
		{"#alvorlighed høj", olga, "#plan", "#undo"},
	} {
		t.Run(c.text, func(t *testing.T) {
			h := memory(t, staffed)
			id := h.opened("Første")
			if c.before != "" {
				h.receive(h.answer(id, alma, c.before))
			}
			before := h.ticket(id)
			h.receive(h.answer(id, c.from, c.text))
			d := h.told(id).Facts.Done[0]
			if !d.OK || d.Undo != c.undo {
				t.Fatalf("told %+v, want the undo %q", d, c.undo)
			}
			h.receive(h.answer(id, c.from, d.Undo))
			after := h.ticket(id)
			if after.State != before.State || after.Severity != before.Severity || after.Category.Name != before.Category.Name ||
				after.Title != before.Title || after.Assignee != before.Assignee {
				t.Errorf("by %q it became %s %s %s, it was %s %s %s", d.Undo, after.State, after.Severity, after.Category.Name,
					before.State, before.Severity, before.Category.Name)
			}
		})
	}
}

func TestFilesOfStaff(t *testing.T) {
	file := func(in *desk.Incoming) {
		in.Message.Attachments = []ticket.Attachment{{Filename: "vejledning.pdf", ContentType: "application/pdf", Size: 12}}
	}
	want := []ticket.AttachmentRef{{Mail: "mail2", Number: 1, Filename: "vejledning.pdf", ContentType: "application/pdf", Size: 12}}
	for _, c := range []struct {
		text string
		kind ticket.EventKind
		with string
	}{
		{"#svar Se den vedlagte vejledning", ticket.EventReplied, "Se den vedlagte vejledning"},
		{"#note Fra leverandøren", ticket.EventNoted, "Fra leverandøren"},
		{"Fra leverandøren", ticket.EventNoted, "Fra leverandøren"},
		{"#kategori login", ticket.EventNoted, "vejledning.pdf"},
		{"#status", ticket.EventNoted, "vejledning.pdf"},
	} {
		h := memory(t, staffed)
		id := h.opened("Første")
		h.receive(h.answer(id, anne, c.text, file))
		history, err := h.store.Events(t.Context(), id)
		last := history[len(history)-1]
		if err != nil || last.Kind != c.kind || last.Text != c.with || !slices.Equal(last.Attachments, want) {
			t.Errorf("%q: %s %q with %+v (%v)", c.text, last.Kind, last.Text, last.Attachments, err)
		}
		if c.kind == ticket.EventReplied {
			if n := h.notice(id, h.ticket(id).Notices-1); n.Kind != ticket.NoticeReply || !slices.Equal(n.Facts.Attachments, want) {
				t.Errorf("the letter is %s with %+v", n.Kind, n.Facts.Attachments)
			}
		}
	}
}

func TestHelpAndStatus(t *testing.T) {
	h := memory(t, staffed)
	id := h.opened("Første")
	help := func(person string) string {
		h.receive(h.answer(id, person, "#hjælp"))
		return h.told(id).Facts.Done[0].Text
	}
	has := func(text string, want bool, lines ...string) {
		t.Helper()
		for _, l := range lines {
			if strings.Contains(text, l) != want {
				t.Errorf("%q in %q: want %v", l, text, want)
			}
		}
	}
	mine := help(anne)
	has(mine, true, "\n#alvorlighed (kritisk, høj, normal eller lav): Sæt alvorligheden.", "\n#luk ", "\n#svar ", "\n#fortryd: ", "\n#hjælp: ")
	has(mine, false, "#undersøg", "#bestået", "#planlæg", "#genåbn", "severity")
	his := help(quinn)
	has(his, true, "\n#severity (critical, high, normal or low): Set the severity.", "\n#note ")
	has(his, false, "#pass", "#close", "alvorlighed")

	h.receive(h.answer(id, anne, "#alvorlighed høj\n#tildel "+dan))
	h.receive(h.answer(id, anne, "#status"))
	has(h.told(id).Facts.Done[0].Text, true,
		"Klassificeret siden 23. november 2026 kl. 14.05\n", "Alvorlighed: høj\n", "Ansvarlig: "+dan+"\n", "Du kan: #klassificer #alvorlighed")
	h.receive(h.answer(id, olga, "#status"))
	has(h.told(id).Facts.Done[0].Text, true, "Classified since 23 November 2026, 14:05\n", "You can: #classify #severity")
	if n := h.ticket(id).Events; n != 3 {
		t.Errorf("the ticket has %d events: help and status are none", n)
	}
}

// Who reported a ticket himself and gives no orders adds to it as anybody does.
func TestStaffAsReporter(t *testing.T) {
	h := memory(t, staffed)
	id := h.receive(h.mail(anne, "Login driller", "Også hos mig")).Ticket
	h.want(h.receive(h.answer(id, anne, "Nu også på telefonen")), ticket.OutcomeAppended, id)
	h.want(h.receive(h.answer(id, anne, "#alvorlighed høj")), ticket.OutcomeCommand, id)
}

// A mail whose two texts differ says no one thing.
func TestTwoTextsAreNotObeyed(t *testing.T) {
	h := memory(t, staffed)
	id := h.opened("Første")
	differ := func(in *desk.Incoming) { in.Message.Flags = []string{ticket.FlagConflict} }
	h.want(h.receive(h.answer(id, anne, "#luk Spam", differ)), ticket.OutcomeCommand, id)
	if d := h.told(id).Facts.Done; len(d) != 1 || d[0].OK || h.ticket(id).State != ticket.StateReported {
		t.Errorf("told %+v; the ticket is %s", d, h.ticket(id).State)
	}
}

// Two of ours decide at once: one does, the other is told what the ticket has
// become.
func TestTwoOrdersAtOnce(t *testing.T) {
	for range 30 {
		h := memory(t, staffed)
		id := h.opened("Første")
		type result struct {
			done desk.Change
			err  error
		}
		results := make([]result, 2)
		var wg sync.WaitGroup
		for i, person := range []string{anne, alma} {
			wg.Go(func() {
				by := ticket.Actor{Address: person, Roles: []ticket.Role{ticket.RoleSupport}, Door: ticket.DoorAPI}
				o := ticket.Order{Verb: ticket.VerbClose, Reason: "Lukket af " + person}
				results[i].done, results[i].err = h.desk.Order(t.Context(), id, o, by)
			})
		}
		wg.Wait()
		won := slices.IndexFunc(results, func(r result) bool { return r.err == nil })
		if won < 0 {
			t.Fatalf("neither was obeyed: %v", results)
		}
		lost := results[1-won]
		var refused *ticket.Refused
		if !errors.As(lost.err, &refused) || refused.Code != ticket.RefusedState {
			t.Fatalf("the other was answered %v", lost.err)
		}
		if now := lost.done.After; now.State != ticket.StateClosed || now.Events != 2 || !strings.Contains(refused.Reason, "is closed") {
			t.Fatalf("he is told %q of a ticket that is %s", refused.Reason, now.State)
		}
	}
}

// What stands in a quote is nobody's command, however the mail program quotes.
func TestQuotedCommandsAreNotObeyed(t *testing.T) {
	const quoted = "Svar på denne mail, og begynd med en eller flere af linjerne:\n#luk Spam\n#alvorlighed kritisk\n"
	for _, c := range []struct{ name, body, events string }{
		{
			"behind >", "#kategori login\n\nDen 23. november 2026 kl. 14.05 skrev Support <contact+support@aismarttalk.tech>:\n> " +
				strings.ReplaceAll(quoted, "\n", "\n> "), "classified",
		},
		{"nothing but a quote", "Den 23. november 2026 kl. 14.05 skrev Support <contact+support@aismarttalk.tech>:\n> #luk Spam\n", ""},
		{
			"below the headers of Outlook", "Tak for det\n\nFra: Support <contact+support@aismarttalk.tech>\nSendt: 23. november 2026 14:05\n" +
				"Til: Anne <anne@aismarttalk.tech>\nEmne: Ny billet\n\n" + quoted, "noted",
		},
		{
			"in an original message", "#note Set\n\n-----Oprindelig meddelelse-----\nFra: Support\nSendt: 23. november 2026 14:05\n" +
				"Til: Anne\nEmne: Ny billet\n\n" + quoted, "noted",
		},
		{"passed on", "---------- Forwarded message ---------\nFrom: Support <contact+support@aismarttalk.tech>\nDate: Mon, 23 Nov 2026 14:05\nSubject: Ny billet\nTo: Anne <anne@aismarttalk.tech>\n\n#luk Spam\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := memory(t, staffed)
			id := h.opened("Første")
			raw := "From: Anne <" + anne + ">\r\nTo: " + h.address(id, anne) + "\r\nSubject: Re: Ny billet\r\nMessage-ID: <svar@aismarttalk.tech>\r\n" +
				"Content-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(c.body, "\n", "\r\n")
			in := h.answer(id, anne, "")
			p, err := parser.New(parser.Config{})
			if err != nil {
				t.Fatal(err)
			}
			in.Message = p.Parse([]byte(raw))
			h.want(h.receive(in), ticket.OutcomeCommand, id)
			var kinds []string
			history, err := h.store.Events(t.Context(), id)
			for _, e := range history[1:] {
				kinds = append(kinds, string(e.Kind))
			}
			if got := strings.Join(kinds, " "); err != nil || got != c.events {
				t.Errorf("it caused %q (%v), want %q; new text %q", got, err, c.events, in.Message.Reply)
			}
		})
	}
}

// FuzzClientsGiveNoOrders: whatever a client writes, and wherever he sends it, it is
// text: at most it reopens, confirms or ends the waiting as his words do.
func FuzzClientsGiveNoOrders(f *testing.F) {
	for _, text := range []string{
		"#luk", "#alvorlighed kritisk\n#planlæg hotfix", "#løst Ja", "#svar Hej", "#flet AIS-0000-0000", "＃luk", "\u200b#luk",
		"#fortryd", "Hej\n#luk\n> #luk", "#status", "#hjælp",
	} {
		f.Add(text, false)
		f.Add(text, true)
	}
	staffEvents := []ticket.EventKind{
		ticket.EventClassified, ticket.EventPlanned, ticket.EventMoved, ticket.EventStarted, ticket.EventHandedOver, ticket.EventFailed,
		ticket.EventResolved, ticket.EventNoted, ticket.EventReplied, ticket.EventAsked, ticket.EventAssigned, ticket.EventTitled,
		ticket.EventMerged, ticket.EventDecided, ticket.EventInvited, ticket.EventDismissed, ticket.EventUndone,
	}
	f.Fuzz(func(t *testing.T, text string, toStaff bool) {
		h := memory(t, staffed)
		id := h.opened("Første")
		in := h.answer(id, client, text)
		if toStaff { // a letter of staff's was passed on to him
			to(h.address(id, anne))(&in)
		}
		out := h.receive(in)
		if out.Outcome == ticket.OutcomeCommand {
			t.Fatalf("a client's %q became a command", text)
		}
		history, err := h.store.Events(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range history {
			if slices.Contains(staffEvents, e.Kind) {
				t.Fatalf("a client's %q caused %s", text, e.Kind)
			}
		}
		if s := h.ticket(id).State; s != ticket.StateReported {
			t.Fatalf("a client's %q made the ticket %s", text, s)
		}
	})
}
