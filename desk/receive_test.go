package desk_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
)

const (
	client   = "kunde@firma.example"
	stranger = "fremmed@andetsted.example"
)

func TestAMailOpensATicketAndIsAcknowledgedOnce(t *testing.T) {
	h := memory(t)
	in := h.mail(client, "Chatbot svarer ikke", "Den svarer ikke siden i morges.")
	out := h.receive(in)
	h.want(out, ticket.OutcomeOpened, "")
	if !out.Ticket.Valid() {
		t.Fatalf("ticket %q has no valid tracking ID", out.Ticket)
	}
	if again := h.receive(in); again.Ticket != out.Ticket || again.Outcome != ticket.OutcomeOpened {
		t.Errorf("the same mail key again gives %v, want the first outcome", again)
	}
	tk := h.ticket(out.Ticket)
	if tk.State != ticket.StateReported || tk.Entries != 1 || tk.Subject != "Chatbot svarer ikke" {
		t.Errorf("ticket is %+v", tk)
	}
	h.wantNotices(out.Ticket, ticket.NoticeAcknowledgement)
	n := h.notice(out.Ticket, 1)
	if n.To.Address != client || n.Language != "da" || n.Facts.InReplyTo != in.Message.MessageID || n.Facts.Neutral {
		t.Errorf("acknowledgement is %+v", n)
	}
}

func TestTrackingIDsAreDerivedSoThatAReplayFindsThemAgain(t *testing.T) {
	first, second := memory(t), memory(t)
	in := first.mail(client, "Emne", "Tekst")
	if a, b := first.receive(in), second.receive(in); a.Ticket != b.Ticket {
		t.Errorf("two desks with the same secret gave %s and %s to one mail", a.Ticket, b.Ticket)
	}
}

// When a journal is replayed, an answer may come before the mail that opened its
// ticket (fault 20). It waits if it may, and what proves nothing never waits.
func TestAnswerAheadOfItsTicket(t *testing.T) {
	before := memory(t)
	opening := before.mail(client, "Emne", "Tekst")
	id := before.receive(opening).Ticket
	letter := before.keys.MessageID(id, 1, "aismarttalk.tech")
	token := "contact+support+" + before.keys.ReplyToken(id, client) + "@aismarttalk.tech"
	bounced := func(in *desk.Incoming) {
		in.Message.Bounce = ticket.Bounce{Is: true, OriginalMessageID: letter}
	}
	for name, c := range map[string]struct {
		from string
		as   func(*desk.Incoming)
		want ticket.OutcomeKind // once its ticket is there; "" if it does not wait
	}{
		"to our letter":           {client, answering(letter), ticket.OutcomeAppended},
		"to a reply address":      {client, to(token), ticket.OutcomeAppended},
		"the bounce of a letter":  {"mailer-daemon@firma.example", bounced, ticket.OutcomeBounce},
		"to another's token":      {stranger, to(token), ""},
		"to a letter not of ours": {client, answering("x@firma.example"), ""},
		"an ID in the subject":    {client, func(in *desk.Incoming) { in.Message.Subject = string(id) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := memory(t) // which has lost all
			h.mails = 1
			in := h.mail(c.from, "Svar", "Mere tekst", c.as)
			in.MayWait = true
			_, err := h.desk.Receive(t.Context(), in)
			if c.want == "" {
				if err != nil {
					t.Errorf("Receive = %v", err)
				}
				return
			}
			if !errors.Is(err, desk.ErrAhead) {
				t.Errorf("Receive = %v", err)
			}
			h.receive(opening)
			h.want(h.receive(in), c.want, id)
		})
	}
	h := memory(t)
	h.mails = 1
	h.want(h.receive(h.mail(client, "Svar", "Mere tekst", answering(letter))), ticket.OutcomeOpened, "") // it may not wait for ever
}

func TestSameMailTwice(t *testing.T) { // bad-input 77, 78, 76
	h := memory(t)
	in := h.mail(client, "Emne", "Tekst")
	out := h.receive(in)

	again := in
	again.Mail = "again"
	h.want(h.receive(again), ticket.OutcomeDuplicate, out.Ticket)

	other := in
	other.Mail, other.Message.ContentHash, other.Message.Reply = "other", "another hash", "Helt andre ord"
	if o := h.receive(other); o.Outcome != ticket.OutcomeOpened || o.Ticket == out.Ticket {
		t.Errorf("same Message-ID with other content became %s on %s", o.Outcome, o.Ticket)
	}

	bare := h.mail(client, "Uden id", "Tekst uden id")
	bare.Message.MessageID = ""
	first := h.receive(bare)
	bare.Mail = "bare again"
	h.want(h.receive(bare), ticket.OutcomeDuplicate, first.Ticket)
	h.wantNotices(out.Ticket, ticket.NoticeAcknowledgement)
	h.wantNotices(first.Ticket, ticket.NoticeAcknowledgement)
}

func TestAFlagIsNamedOnce(t *testing.T) { // bad-input 82, 106
	h := memory(t)
	in := h.mail(client, "Emne", strings.Repeat("x", 300<<10), func(in *desk.Incoming) {
		in.Message.Flags = []string{ticket.FlagNUL, ticket.FlagTruncated}
		in.Envelope.Flags = []string{ticket.FlagNUL}
	})
	out := h.receive(in)
	want := []string{ticket.FlagNUL, ticket.FlagTruncated}
	mail, _, err := h.store.Mail(context.Background(), in.Mail)
	if err != nil || !slices.Equal(mail.Message.Flags, want) {
		t.Errorf("the mail's flags are %q (%v), want %q", mail.Message.Flags, err, want)
	}
	history, err := h.store.Events(context.Background(), out.Ticket)
	if err != nil || !slices.Equal(history[0].Entry.Flags, want) {
		t.Errorf("the entry's flags are %q (%v), want %q", history[0].Entry.Flags, err, want)
	}
}

// A mail that came first by a forwarder, which broke its signature, and was held
// for that, must not make a duplicate of the client's own copy.
func TestAVerifiedCopyOfAHeldMailCounts(t *testing.T) {
	h := memory(t, func(c *desk.Config) {
		c.TrustedRelays = []desk.TrustedRelay{{Network: prefix("127.0.0.1/32"), AuthservID: "mx.aismarttalk.tech"}}
	})
	pass := results("mx.aismarttalk.tech; dmarc=pass header.from=firma.example")
	first := h.receive(h.mail(client, "Emne", "Første", pass))

	forwarded := h.mail(client, "SV: Emne", "Et svar", answering("mail1@firma.example"), results("mx.aismarttalk.tech; dmarc=fail header.from=firma.example"))
	h.want(h.receive(forwarded), ticket.OutcomeHeld, first.Ticket)
	forwarded.Mail = "forwarded again"
	h.want(h.receive(forwarded), ticket.OutcomeDuplicate, "")

	straight := forwarded
	straight.Mail = "straight"
	pass(&straight)
	h.want(h.receive(straight), ticket.OutcomeAppended, first.Ticket)
	for _, mail := range []string{"straight again", "forwarded last"} {
		again := straight
		again.Mail = mail
		h.want(h.receive(again), ticket.OutcomeDuplicate, first.Ticket)
	}
	if n := h.ticket(first.Ticket).Entries; n != 2 {
		t.Errorf("the ticket has %d mails, want the first and one answer", n)
	}
}

func TestSameWordsUnderANewMessageID(t *testing.T) {
	h := memory(t)
	out := h.receive(h.mail(client, "Emne", "De samme ord"))
	h.now = h.now.Add(29 * time.Minute)
	again := h.receive(h.mail(client, "Emne", "De  samme\nord"))
	h.want(again, ticket.OutcomeAppended, out.Ticket)
	if last := again.Reasons[len(again.Reasons)-1]; last != "it repeats a mail on "+string(out.Ticket) {
		t.Errorf("the reason is %q", last)
	}
	h.wantNotices(out.Ticket, ticket.NoticeAcknowledgement)
	if o := h.receive(h.mail(stranger, "Emne", "De samme ord")); o.Ticket == out.Ticket {
		t.Error("a stranger's mail with the same words joined the ticket")
	}
	h.now = h.now.Add(2 * time.Minute)
	if o := h.receive(h.mail(client, "Emne", "De samme ord")); o.Outcome != ticket.OutcomeOpened {
		t.Errorf("after 31 minutes the words became %s, want a ticket of their own", o.Outcome)
	}
}

func TestQuietDaysDoNotCloseWhatWasReopened(t *testing.T) {
	h := memory(t)
	id := h.receive(h.mail(client, "Emne", "Første")).Ticket
	h.resolve(id)
	h.receive(h.mail(client, "Re: ["+string(id)+"]", "Virker ikke"))
	h.now = h.now.AddDate(0, 0, 6)
	if n, err := h.desk.DoChores(context.Background()); n != 0 || err != nil {
		t.Errorf("CloseDue = %d, %v, want nothing closed", n, err)
	}
	if s := h.ticket(id).State; s != ticket.StateReported {
		t.Errorf("ticket is %s, want reported", s)
	}
}

func TestMachinesAreNeverAnswered(t *testing.T) { // bad-input 54, 134, 135
	h := memory(t)
	id := h.receive(h.mail(client, "Emne", "Første")).Ticket
	ack := h.keys.MessageID(id, 1, "aismarttalk.tech")
	h.resolve(id)
	automatic := func(kind ticket.AutomaticKind) func(*desk.Incoming) {
		return func(in *desk.Incoming) {
			in.Message.Automatic = ticket.Automatic{Is: true, Kind: kind, Reasons: []string{"Auto-Submitted: x"}}
		}
	}
	vacation := h.receive(h.mail(client, "Autosvar", "Jeg er på ferie", automatic(ticket.AutomaticVacation), answering(ack)))
	h.want(vacation, ticket.OutcomeAuto, id)
	if tk := h.ticket(id); tk.State != ticket.StateResolved || tk.Entries != 1 {
		t.Errorf("a vacation answer left the ticket %s with %d entries", tk.State, tk.Entries)
	}
	monitor := h.receive(h.mail("vagt@firma.example", "Disk 91%", "alarm", automatic(ticket.AutomaticNotification)))
	h.want(monitor, ticket.OutcomeOpened, "")
	h.wantNotices(monitor.Ticket)

	for name, from := range map[string]string{"null": "", "us": support} { // bad-input 54, 55
		in := h.mail(client, "Nyt", "fra "+name)
		if in.Envelope.From = from; from != "" {
			in.Envelope.Flags = []string{ticket.FlagSpoof}
		}
		o := h.receive(in)
		h.want(o, ticket.OutcomeOpened, "")
		h.wantNotices(o.Ticket)
	}

	bounce := h.mail("mailer-daemon@firma.example", "Undelivered", "…")
	bounce.Message.Bounce = ticket.Bounce{
		Is: true, OriginalMessageID: ack,
		Recipients: []ticket.BouncedRecipient{{Address: client, Action: "failed", Status: "5.1.1"}},
	}
	bounce.Message.Automatic = ticket.Automatic{Is: true, Kind: ticket.AutomaticBounce}
	h.want(h.receive(bounce), ticket.OutcomeBounce, id)
	if n := h.notice(id, 1); n.State != ticket.NoticeBounced || n.Bounce != bounce.Mail {
		t.Errorf("the bounced notice is %s by %q", n.State, n.Bounce)
	}
	foreign := h.mail("mailer-daemon@firma.example", "Undelivered", "…")
	foreign.Message.Bounce = ticket.Bounce{Is: true, OriginalMessageID: "x@y"}
	h.want(h.receive(foreign), ticket.OutcomeBounce, "")
}

// An answer to an invitation joins its ticket quietly, unless its sender is not who
// he says.
func TestAnswersToInvitations(t *testing.T) {
	h := memory(t, func(c *desk.Config) {
		c.TrustedRelays = []desk.TrustedRelay{{Network: prefix("127.0.0.1/32"), AuthservID: "mx.aismarttalk.tech"}}
	})
	verdict := func(v string) func(*desk.Incoming) {
		return results("mx.aismarttalk.tech; dmarc=" + v + " header.from=firma.example")
	}
	id := h.receive(h.mail(client, "Emne", "Første", verdict("pass"))).Ticket
	accepted := func(in *desk.Incoming) {
		in.Message.Automatic = ticket.Automatic{Is: true, Kind: ticket.AutomaticCalendar}
		in.Message.InReplyTo = []string{"mail1@firma.example"}
	}
	h.want(h.receive(h.mail(client, "Accepteret", "Ja", accepted, verdict("pass"))), ticket.OutcomeAppended, id)
	h.want(h.receive(h.mail(client, "Accepteret", "Nej", accepted, verdict("fail"))), ticket.OutcomeAuto, id)
	if n := h.ticket(id).Entries; n != 2 {
		t.Errorf("the ticket has %d mails, want the first and one answer", n)
	}
	h.wantNotices(id, ticket.NoticeAcknowledgement)
}

func TestWhatIsHeldOrRefused(t *testing.T) { // bad-input 55, 60 to 62, 66, 90
	h := memory(t)
	id := h.receive(h.mail(client, "Emne", "Første")).Ticket
	mark := func(m string) func(*desk.Incoming) {
		return func(in *desk.Incoming) { in.Message.LoopMarks = []string{m} }
	}
	h.want(h.receive(h.mail(client, "Loop", "vores", mark(h.keys.LoopMark("aismarttalk.tech")))), ticket.OutcomeRefusedLoop, "")
	h.want(h.receive(h.mail(client, "Loop", "forfalsket", mark("1abcdef"))), ticket.OutcomeOpened, "")
	ours := h.mail(client, "Retur", "vores")
	ours.Message.MessageID = h.keys.MessageID(id, 1, "aismarttalk.tech")
	h.want(h.receive(ours), ticket.OutcomeRefusedLoop, id)
	h.want(h.receive(h.mail(support, "Os selv", "nej")), ticket.OutcomeHeld, "")
	two := h.mail(client, "To afsendere", "x")
	two.Message.Flags, two.Message.Identified = []string{ticket.FlagTwoFrom}, false
	h.want(h.receive(two), ticket.OutcomeHeld, "")

	for _, flag := range []string{ticket.FlagNoFrom, ticket.FlagMultiFrom, ticket.FlagBadFrom} {
		in := h.mail(client, flag, "x")
		in.Message.Flags, in.Message.Identified = []string{flag}, false
		out := h.receive(in)
		h.want(out, ticket.OutcomeOpened, "")
		tk := h.ticket(out.Ticket)
		if len(tk.Participants) != 0 || tk.Notices != 0 || tk.Flags[0] != flag {
			t.Errorf("%s: participants %v, %d notices, flags %v", flag, tk.Participants, tk.Notices, tk.Flags)
		}
	}
}

// A commit that fails, or whose answer is lost, is received again until it is
// known: nothing doubles.
func TestNothingDoublesWhenCommitsFail(t *testing.T) { // fault 5, 16
	b := memkv.New()
	h := newHouse(t, storetest.Failing(b, storetest.Random(7, 0.5)))
	for range 200 {
		in := h.mail(client, "Emne", "Tekst "+time.Duration(h.mails).String())
		for {
			_, err := h.desk.Receive(context.Background(), in)
			if err == nil {
				break
			}
			if !errors.Is(err, storetest.ErrFault) {
				t.Fatal(err)
			}
		}
		out := h.receive(in)
		h.want(out, ticket.OutcomeOpened, "")
		h.wantNotices(out.Ticket, ticket.NoticeAcknowledgement)
		if tk := h.ticket(out.Ticket); tk.Entries != 1 || tk.Events != 1 {
			t.Fatalf("ticket has %d entries and %d events", tk.Entries, tk.Events)
		}
	}
}

func TestCommandsAreRefusedWithAReason(t *testing.T) {
	h := memory(t)
	id := h.receive(h.mail(client, "Emne", "Første")).Ticket
	for _, c := range []struct {
		name  string
		order ticket.Order
		role  ticket.Role
		code  ticket.RefusalCode
	}{
		{"passed by support", ticket.Order{Verb: ticket.VerbPass, Verified: "x"}, ticket.RoleSupport, ticket.RefusedRole},
		{"passed without a fix", ticket.Order{Verb: ticket.VerbPass, Verified: "x"}, ticket.RoleQA, ticket.RefusedState},
		{"close by dev", ticket.Order{Verb: ticket.VerbClose, Reason: "x"}, ticket.RoleDev, ticket.RefusedRole},
		{"close without a reason", ticket.Order{Verb: ticket.VerbClose}, ticket.RoleSupport, ticket.RefusedInput},
		{"merge into nothing", ticket.Order{Verb: ticket.VerbMerge, Into: "AIS-0000-0000"}, ticket.RoleSupport, ticket.RefusedInput},
		{"help", ticket.Order{Verb: ticket.VerbHelp}, ticket.RoleSupport, ticket.RefusedVerb},
	} {
		var refused *ticket.Refused
		if err := h.order(id, c.order, c.role); !errors.As(err, &refused) || refused.Code != c.code {
			t.Errorf("%s: %v, want a refusal by %s", c.name, err, c.code)
		}
	}
	var unread *ticket.OrderError
	if err := h.order(id, ticket.Order{Verb: "explode"}, ticket.RoleSupport); !errors.As(err, &unread) || unread.Code != ticket.OrderUnknown {
		t.Errorf("an unknown verb gives %v", err)
	}
	if err := h.order("AIS-0000-0000", ticket.Order{Verb: ticket.VerbPlan}); !errors.Is(err, desk.ErrNoTicket) {
		t.Errorf("a command on no ticket gives %v", err)
	}
	h.wantNotices(id, ticket.NoticeAcknowledgement)
}
