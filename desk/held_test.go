package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

var (
	byAnne = ticket.Actor{Address: anne, Name: "Anne", Roles: []ticket.Role{ticket.RoleSupport}, Door: ticket.DoorAPI}
	byDan  = ticket.Actor{Address: dan, Roles: []ticket.Role{ticket.RoleDev}, Door: ticket.DoorAPI}
)

// Support hears of every held mail: why, and of which ticket, and none of its words.
func TestHeldMailIsTold(t *testing.T) {
	for _, c := range []struct {
		name, from      string
		option          func(*desk.Incoming)
		suspected       bool
		danish, english string
	}{
		{"DMARC failed", client, dmarc("fail", client), true, "afsenderen står på billetten, men kontrollen af domænet (DMARC) fejlede", "the check of the sender failed"},
		{"a stranger's reference", stranger, nil, true, stranger + " deltager ikke i billetten, som mailen svarer på", "does not take part"},
		{"our own address", support, nil, false, "den angiver vores egen adresse " + support + " som afsender", "an address of ours"},
		{"two From headers", client, func(in *desk.Incoming) {
			in.Message.Flags, in.Message.Identified = []string{ticket.FlagTwoFrom}, false
		}, false, "den har mere end én Fra-linje, så afsenderen kan ikke fastslås", "more than one From header"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := memory(t, staffed, checked)
			id := h.receive(h.mail(client, "Emne", "Første", dmarc("pass", client))).Ticket
			in := h.mail(c.from, "Hemmeligt emne", "Hemmelig tekst", answering("mail1@firma.example"))
			if c.option != nil {
				c.option(&in)
			}
			out := h.receive(in)
			h.want(out, ticket.OutcomeHeld, "")
			if last := out.Reasons[len(out.Reasons)-1]; !strings.Contains(last, c.english) {
				t.Errorf("the reason is %q", last)
			}
			letters := h.lettersOf(in.Mail)
			if len(letters) != 2 || letters[0].To.Address != anne || letters[1].To.Address != alma {
				t.Fatalf("letters are %+v", letters)
			}
			f := letters[0].Facts
			if f.Reason != c.danish || (f.Follows == id) != c.suspected || f.Mail != in.Mail || f.Subject+f.Excerpt+f.Text != "" {
				t.Errorf("the letter says %+v", f)
			}
			if h.ticket(id).Entries != 1 {
				t.Error("the ticket was touched")
			}
		})
	}
}

// held is a mail that waits for staff, of which a ticket is suspected.
func (h *house) held(from, text string) (mail string, id ticket.ID) {
	h.t.Helper()
	id = h.receive(h.mail(client, "Emne", "Første", dmarc("pass", client))).Ticket
	in := h.mail(from, "Re: Emne", text, answering("mail1@firma.example"), dmarc("fail", from))
	h.want(h.receive(in), ticket.OutcomeHeld, id)
	return in.Mail, id
}

func TestRelease(t *testing.T) {
	for _, c := range []struct {
		name, from, text string
		before           func(*house, ticket.ID)
		how              desk.Release
		want             ticket.OutcomeKind
		state            ticket.State
		same             bool // it is on the ticket that was suspected
	}{
		{"to the suspected ticket", client, "Mere om fejlen", nil, desk.Release{}, ticket.OutcomeAppended, ticket.StateReported, true},
		{"of a stranger", stranger, "Mere om fejlen", nil, desk.Release{}, ticket.OutcomeAppended, ticket.StateReported, true},
		{"as a new ticket", client, "Noget andet", nil, desk.Release{New: true}, ticket.OutcomeOpened, ticket.StateReported, false},
		{"which reopens", client, "Det virker stadig ikke", (*house).resolve, desk.Release{}, ticket.OutcomeReopened, ticket.StateReported, true},
		{"of a stranger, who reopens nothing", stranger, "Det virker stadig ikke", (*house).resolve, desk.Release{}, ticket.OutcomeAppended, ticket.StateResolved, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := memory(t, staffed, checked)
			mail, id := h.held(c.from, c.text)
			if c.before != nil {
				c.before(h, id)
			}
			out, err := h.desk.Release(t.Context(), mail, c.how, byAnne)
			if err != nil {
				t.Fatal(err)
			}
			h.want(out, c.want, "")
			if (out.Ticket == id) != c.same || h.ticket(out.Ticket).State != c.state {
				t.Errorf("it is on %s, which is %s", out.Ticket, h.ticket(out.Ticket).State)
			}
			history, err := h.store.Events(t.Context(), out.Ticket)
			if err != nil {
				t.Fatal(err)
			}
			e := history[len(history)-1]
			if e.Entry == nil || e.Entry.Mail != mail || e.By.Address != anne {
				t.Fatalf("the last event is %+v", e)
			}
			if banner := "it was held; " + anne + " released it"; c.same && e.Entry.Banner != banner {
				t.Errorf("its banner is %q, want %q", e.Entry.Banner, banner)
			}
			record, _, err := h.store.Mail(t.Context(), mail)
			if err != nil || record.Decision == nil || record.Decision.By.Address != anne || !record.Decision.At.Equal(h.now) ||
				record.Decision.Was != ticket.OutcomeHeld || record.Outcome.Outcome != c.want {
				t.Errorf("the record says %+v of %s (%v)", record.Decision, record.Outcome.Outcome, err)
			}
			h.listed(ticket.OutcomeHeld, 0)

			events := h.ticket(out.Ticket).Events
			if again, err := h.desk.Release(t.Context(), mail, c.how, byAnne); err != nil || again.Ticket != out.Ticket || h.ticket(out.Ticket).Events != events {
				t.Errorf("again: %v, %v", again, err)
			}
			var refused *ticket.Refused
			if _, err := h.desk.Drop(t.Context(), mail, byAnne, "Spam"); !errors.As(err, &refused) || refused.Code != ticket.RefusedState {
				t.Errorf("dropped after it was released: %v", err)
			}
			// It is known by its Message-ID now, as any mail on a ticket is.
			answer := h.mail(client, "Re: Emne", "Et svar", answering(mail+"@firma.example"), dmarc("pass", client))
			if c.from == client && h.receive(answer).Ticket != out.Ticket {
				t.Error("an answer to it goes elsewhere")
			}
		})
	}
}

// listed checks how many mails are listed under an outcome.
func (h *house) listed(kind ticket.OutcomeKind, want int) {
	h.t.Helper()
	page, err := h.store.MailsByOutcome(h.t.Context(), kind, "", 10)
	if err != nil || len(page.Items) != want {
		h.t.Errorf("%d mails are listed as %s (%v), want %d", len(page.Items), kind, err, want)
	}
}

func TestDrop(t *testing.T) {
	h := memory(t, staffed, checked)
	mail, id := h.held(client, "Køb nu")
	for range 2 {
		out, err := h.desk.Drop(t.Context(), mail, byAnne, "Spam")
		if err != nil || out.Outcome != ticket.OutcomeHeld || out.Ticket != id {
			t.Errorf("Drop = %v, %v", out, err)
		}
	}
	h.listed(ticket.OutcomeHeld, 0)
	h.listed(store.Dropped, 1)
	record, _, err := h.store.Mail(t.Context(), mail)
	if err != nil || !record.Decision.Dropped || record.Decision.Reason != "Spam" {
		t.Errorf("the record says %+v (%v)", record.Decision, err)
	}
	var refused *ticket.Refused
	if _, err := h.desk.Release(t.Context(), mail, desk.Release{}, byAnne); !errors.As(err, &refused) || refused.Code != ticket.RefusedState {
		t.Errorf("released after it was dropped: %v", err)
	}
	if h.ticket(id).Entries != 1 {
		t.Error("the ticket was touched")
	}
}

func TestWhatCannotBeReleased(t *testing.T) {
	h := memory(t, staffed, checked)
	mail, id := h.held(client, "Mere")
	auto := h.mail(stranger, "Nyhedsbrev", "Køb", dmarc("pass", stranger), func(in *desk.Incoming) {
		in.Message.Automatic = ticket.Automatic{Is: true, Kind: ticket.AutomaticBulk}
	})
	h.want(h.receive(auto), ticket.OutcomeAuto, "")
	for _, c := range []struct {
		name, mail string
		how        desk.Release
		by         ticket.Actor
		code       ticket.RefusalCode // "" for ErrNoMail
	}{
		{"by a developer", mail, desk.Release{}, byDan, ticket.RefusedRole},
		{"no such mail", "nothing", desk.Release{}, byAnne, ""},
		{"what is on a ticket", "mail1", desk.Release{New: true}, byAnne, ticket.RefusedState},
		{"to no ticket", auto.Mail, desk.Release{}, byAnne, ticket.RefusedInput},
		{"to a ticket that is not there", mail, desk.Release{Ticket: "AIS-0000-0000"}, byAnne, ticket.RefusedInput},
		{"both ways", mail, desk.Release{Ticket: id, New: true}, byAnne, ticket.RefusedInput},
	} {
		_, err := h.desk.Release(t.Context(), c.mail, c.how, c.by)
		var refused *ticket.Refused
		if c.code == "" && !errors.Is(err, desk.ErrNoMail) || c.code != "" && (!errors.As(err, &refused) || refused.Code != c.code) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	out, err := h.desk.Release(t.Context(), auto.Mail, desk.Release{New: true}, byAnne)
	if err != nil || out.Outcome != ticket.OutcomeOpened {
		t.Errorf("an automatic mail: %v, %v", out, err)
	}
	h.wantNotices(out.Ticket, ticket.NoticeStaffNew, ticket.NoticeStaffNew) // a machine is not answered
}

// A mail in our own name makes a ticket without a reporter: we do not write to
// ourselves.
func TestReleaseInOurOwnName(t *testing.T) {
	h := memory(t)
	in := h.mail(support, "Os selv", "Fra en formular")
	h.want(h.receive(in), ticket.OutcomeHeld, "")
	out, err := h.desk.Release(t.Context(), in.Mail, desk.Release{New: true}, byAnne)
	if err != nil {
		t.Fatal(err)
	}
	if tk := h.ticket(out.Ticket); len(tk.Participants) != 0 || tk.Notices != 0 {
		t.Errorf("participants %v, %d notices", tk.Participants, tk.Notices)
	}
}

// An address that a server calls unknown is written to no more, until it writes.
func TestUndeliverableAddress(t *testing.T) {
	h := memory(t, checked)
	id := h.receive(h.mail(client, "Emne", "Første", dmarc("pass", client))).Ticket
	undeliverable := func() (why string) {
		err := h.store.Update(t.Context(), func(tx *store.Tx) error {
			c, err := tx.Contact(client)
			why = c.Undeliverable
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return why
	}
	bounce := func(status string) {
		in := h.mail("mailer-daemon@firma.example", "Undelivered", "…")
		in.Message.Bounce = ticket.Bounce{
			Is: true, OriginalMessageID: h.keys.MessageID(id, 1, "aismarttalk.tech"),
			Recipients: []ticket.BouncedRecipient{{Address: client, Action: "failed", Status: status, Diagnostic: "no such user"}},
		}
		h.want(h.receive(in), ticket.OutcomeBounce, id)
	}
	outbox := store.NewOutbox(h.store)
	leased, err := outbox.Lease(t.Context(), h.now, time.Minute, 10)
	if err != nil || len(leased) != 1 || leased[0].Undeliverable != "" {
		t.Fatalf("due are %+v (%v), want the acknowledgement", leased, err)
	}
	if err := outbox.Sent(t.Context(), leased[0], h.now, "250"); err != nil {
		t.Fatal(err)
	}
	bounce("5.2.2")
	if why := undeliverable(); why != "" {
		t.Errorf("a full mailbox is undeliverable: %q", why)
	}
	bounce("5.1.1")
	if why := undeliverable(); why != "5.1.1 no such user" {
		t.Errorf("undeliverable is %q", why)
	}
	h.resolve(id)
	leased, err = outbox.Lease(t.Context(), h.now, time.Minute, 10)
	if err != nil || len(leased) != 1 || leased[0].Undeliverable != "5.1.1 no such user" {
		t.Errorf("due are %+v (%v), want one that is known to be undeliverable", leased, err)
	}
	h.receive(h.mail(client, "Re: ["+string(id)+"]", "Uden bevis", dmarc("none", client)))
	if undeliverable() == "" {
		t.Error("an unverified mail made the address deliverable")
	}
	h.receive(h.mail(client, "Re: ["+string(id)+"]", "Her er jeg", dmarc("pass", client)))
	if why := undeliverable(); why != "" {
		t.Errorf("he has written, and is undeliverable: %q", why)
	}
}
