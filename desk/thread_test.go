package desk_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

// Who may write where, without a relay that checks senders.
func TestThreading(t *testing.T) { // bad-input 125 to 129
	h := memory(t)
	out := h.receive(h.mail(client, "Emne", "Første", func(in *desk.Incoming) {
		in.Message.Cc = []ticket.Address{{Address: "chef@firma.example"}, {Address: "ven@gmail.com"}}
	}))
	id := out.Ticket
	token := func(participant string) string {
		return "contact+support+" + h.keys.ReplyToken(id, participant) + "@aismarttalk.tech"
	}
	ack := h.keys.MessageID(id, 1, "aismarttalk.tech")
	flipped := []byte(token(client))
	flipped[40] ^= 1
	for _, c := range []struct {
		name, from, subject string
		option              func(*desk.Incoming)
		kind                ticket.OutcomeKind
		same                bool
	}{
		{"token", client, "Noget andet", to(token(client)), ticket.OutcomeAppended, true},
		{"In-Reply-To of ours", client, "Noget andet", answering(ack), ticket.OutcomeAppended, true},
		{"In-Reply-To of the first mail", client, "Noget andet", answering("mail1@firma.example"), ticket.OutcomeAppended, true},
		{"subject ID", client, "Re: Emne [" + string(id) + "]", nil, ticket.OutcomeAppended, true},
		{"Cc of the opening mail", "chef@firma.example", "SV: [" + string(id) + "]", nil, ticket.OutcomeAppended, true},
		{"subject ID behind a forward prefix", client, "Fwd: [" + string(id) + "]", nil, ticket.OutcomeOpened, false},
		{"stranger with the ID", stranger, "Re: Emne [" + string(id) + "]", nil, ticket.OutcomeOpened, false},
		{"stranger with guessed References", stranger, "Emne", answering("gæt@firma.example"), ticket.OutcomeOpened, false},
		{"stranger with real References", stranger, "Emne", answering(ack), ticket.OutcomeHeld, true},
		{"stranger writing to the token", stranger, "Emne", to(token(client)), ticket.OutcomeAppended, true},
		{"flipped token", stranger, "Emne", to(string(flipped)), ticket.OutcomeOpened, false},
		{"colleague with real References", "ny@mail.firma.example", "Emne", answering(ack), ticket.OutcomeAppended, true},
		{"free mail makes no colleagues", "anden@gmail.com", "Emne", answering(ack), ticket.OutcomeHeld, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := h.mail(c.from, c.subject, "Svar: "+c.name)
			if c.option != nil {
				c.option(&in)
			}
			o := h.receive(in)
			if o.Outcome != c.kind || (o.Ticket == id) != c.same {
				t.Errorf("became %s on %s (ours is %s); reasons %q", o.Outcome, o.Ticket, id, o.Reasons)
			}
		})
	}
	h.wantNotices(id, ticket.NoticeAcknowledgement)
}

func TestSendersAreChecked(t *testing.T) { // bad-input 89, 137
	h := memory(t, func(c *desk.Config) {
		c.TrustedRelays = []desk.TrustedRelay{{Network: prefix("127.0.0.0/8"), AuthservID: "mx.aismarttalk.tech"}}
	})
	pass := results("mx.aismarttalk.tech; dmarc=pass header.from=firma.example")
	fail := results("mx.aismarttalk.tech; dmarc=fail header.from=firma.example")
	id := h.receive(h.mail(client, "Emne", "Første", pass)).Ticket
	re := "Re: Emne [" + string(id) + "]"

	h.want(h.receive(h.mail(client, re, "med bevis", pass)), ticket.OutcomeAppended, id)
	h.want(h.receive(h.mail(client, re, "forfalsket", fail)), ticket.OutcomeHeld, id)
	h.want(h.receive(h.mail(client, re, "en andens ord", results("mx.evil.example; dmarc=pass header.from=firma.example"))), ticket.OutcomeAppended, id)
	if got := h.ticket(id).Entries; got != 3 {
		t.Errorf("ticket has %d entries, want 3", got)
	}
	h.resolve(id)
	h.want(h.receive(h.mail(client, re, "Det virker stadig ikke")), ticket.OutcomeAppended, id)
	if s := h.ticket(id).State; s != ticket.StateResolved {
		t.Errorf("an unverified answer made the ticket %s", s)
	}
	h.want(h.receive(h.mail(client, re, "Det virker stadig ikke, siger jeg", pass)), ticket.OutcomeReopened, id)

	forged := h.receive(h.mail("offer@andet.example", "Køb nu", "reklame", fail))
	h.want(forged, ticket.OutcomeOpened, "")
	if n := h.notice(forged.Ticket, 1); !n.Facts.Neutral || n.Facts.Subject != "" {
		t.Errorf("the acknowledgement to a forged sender echoes: %+v", n.Facts)
	}
}

func TestReopening(t *testing.T) {
	h := memory(t)
	id := h.receive(h.mail(client, "Emne", "Første")).Ticket
	re := "Re: Emne [" + string(id) + "]"

	h.resolve(id)
	h.want(h.receive(h.mail(client, re, "Tusind tak for hjælpen!")), ticket.OutcomeAppended, id)
	h.want(h.receive(h.mail(client, re, "Tak, men det virker ikke")), ticket.OutcomeReopened, id)
	h.wantNotices(id, ticket.NoticeAcknowledgement, ticket.NoticeResolved, ticket.NoticeReopened)

	h.resolve(id)
	h.want(h.receive(h.mail(client, re, "Det virker nu, tusind tak!")), ticket.OutcomeConfirmed, id)
	if s := h.ticket(id).State; s != ticket.StateClosed {
		t.Errorf("the reporter's word made the ticket %s", s)
	}
	h.want(h.receive(h.mail(client, re, "Nej, det gør det alligevel ikke")), ticket.OutcomeReopened, id)

	h.resolve(id)
	h.now = h.now.AddDate(0, 0, 5)
	if n, err := h.desk.DoChores(context.Background()); err != nil || n != 1 {
		t.Fatalf("CloseDue = %d, %v, want 1 ticket", n, err)
	}
	closed := h.now
	h.now = time.Date(2026, 12, 12, 22, 59, 0, 0, time.UTC) // 23.59 on the last day, Danish time
	h.want(h.receive(h.mail(client, re, "Den er gal igen")), ticket.OutcomeReopened, id)
	if h.now.Sub(closed) < 14*24*time.Hour {
		t.Fatal("the test's last day lies before the end of the window")
	}

	h.resolve(id)
	h.now = h.now.AddDate(0, 0, 5)
	if _, err := h.desk.DoChores(context.Background()); err != nil {
		t.Fatal(err)
	}
	h.now = h.now.AddDate(0, 0, 16)
	out := h.receive(h.mail(client, re, "Og nu igen")) // bad-input 132
	if out.Outcome != ticket.OutcomeFollowup || out.Ticket == id {
		t.Fatalf("after the window it became %s on %s", out.Outcome, out.Ticket)
	}
	if f := h.ticket(out.Ticket).Follows; f != id {
		t.Errorf("the new ticket follows %q, want %s", f, id)
	}
	h.wantNotices(out.Ticket, ticket.NoticeFollowup)
}

func TestTwoFirstMailsOfOneThreadMeet(t *testing.T) {
	for range 50 {
		h := memory(t)
		first := h.mail("a@firma.example", "Emne", "Første", func(in *desk.Incoming) {
			in.Message.To = append(in.Message.To, ticket.Address{Address: "b@firma.example"})
		})
		answer := h.mail("b@firma.example", "Re: Emne", "Svar til alle", answering(first.Message.MessageID), func(in *desk.Incoming) {
			in.Message.To = append(in.Message.To, ticket.Address{Address: "a@firma.example"})
		})
		twice := first
		twice.Mail = "first again"
		var outs [3]ticket.Outcome
		var wg sync.WaitGroup
		for i, in := range []desk.Incoming{first, answer, twice} {
			wg.Go(func() { outs[i] = h.receive(in) })
		}
		wg.Wait()
		if outs[0].Ticket != outs[1].Ticket || outs[1].Ticket != outs[2].Ticket {
			t.Fatalf("one thread became several tickets: %+v", outs)
		}
		if tk := h.ticket(outs[0].Ticket); tk.Entries != 2 {
			t.Fatalf("ticket has %d entries, want the first mail once and its answer", tk.Entries)
		}
		h.wantNotices(outs[0].Ticket, ticket.NoticeAcknowledgement)
	}
}
