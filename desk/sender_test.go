package desk_test

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/origin"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/ticket"
)

// oracle knows who sent a mail.
type oracle struct {
	trust ticket.Trust
	until func(context.Context) // what it waits for; nil: nothing

	mu    sync.Mutex
	asked []origin.Facts
}

func (o *oracle) Check(ctx context.Context, f origin.Facts, _ []byte) ticket.SenderCheck {
	o.mu.Lock()
	o.asked = append(o.asked, f)
	o.mu.Unlock()
	if o.until != nil {
		o.until(ctx)
	}
	return found(o.trust)
}

func found(trust ticket.Trust) ticket.SenderCheck {
	return ticket.SenderCheck{
		Trust: trust, Reason: "the oracle says " + string(trust), SPF: ticket.SPFCheck{Result: ticket.CheckNone},
		DKIM: []ticket.DKIMCheck{}, DMARC: ticket.DMARCCheck{Result: ticket.CheckNone},
	}
}

// checkedBy gives the house somebody who checks senders.
func (h *house) checkedBy(o *oracle) {
	h.t.Helper()
	var err error
	h.desk, err = desk.New(h.config, secrets, desk.Deps{Store: h.store, Now: func() time.Time { return h.now }, Sender: o, Log: zerolog.Nop()})
	if err != nil {
		h.t.Fatal(err)
	}
}

// foundOut makes a mail whose sender was checked here.
func foundOut(trust ticket.Trust) func(*desk.Incoming) {
	return func(in *desk.Incoming) {
		c := found(trust)
		in.Check, in.Envelope.Peer = &c, "203.0.113.25:40000"
	}
}

// Only where the host that handed a mail over is the sender's own, or could be, is
// there anything to ask.
func TestWhoseSenderIsChecked(t *testing.T) {
	relay := desk.TrustedRelay{Network: netip.MustParsePrefix("192.0.2.0/24"), AuthservID: "mx.aismarttalk.tech"}
	for _, c := range []struct {
		name, peer, protocol string
		asked                bool
	}{
		{"the Internet", "203.0.113.25:40000", "ESMTP", true},
		{"the Internet, IPv6", "[2001:db8::25]:40000", "ESMTPS", true},
		{"this machine", "127.0.0.1:40000", "ESMTP", false},
		{"this machine, IPv6", "[::1]:40000", "ESMTP", false},
		{"this machine, IPv4 within IPv6", "[::ffff:127.0.0.1]:40000", "ESMTP", false},
		{"a private network", "10.1.2.3:40000", "ESMTP", false},
		{"a private network, IPv6", "[fd00::1]:40000", "ESMTP", false},
		{"a Unix socket", "unix", "LMTP", false},
		{"a pipe", "pipe", "pipe", false},
		{"a relay of our own", "192.0.2.25:40000", "ESMTP", false},
		{"the API", "203.0.113.25:40000", journal.ProtocolAPI, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := memory(t, func(c *desk.Config) { c.TrustedRelays = []desk.TrustedRelay{relay} })
			o := &oracle{trust: ticket.TrustVerified}
			h.checkedBy(o)
			j := openJournal(t, t.TempDir())
			defer j.Close()
			e := envelope(1)
			e.Peer, e.Protocol, e.Helo = c.peer, c.protocol, "mail.firma.example"
			id, err := j.Put(context.Background(), e, strings.NewReader(rawMail(1, 500)))
			if err != nil {
				t.Fatal(err)
			}
			in := count(j, 1)
			h.run(in, in.empty, newReader(t))
			if !c.asked {
				if len(o.asked) != 0 {
					t.Errorf("asked about %+v", o.asked)
				}
				return
			}
			want := []origin.Facts{{
				Received: e.Received, Client: netip.MustParseAddrPort(c.peer).Addr(), Helo: e.Helo, MailFrom: e.From, From: "kunde1@firma.example",
			}}
			if diff := cmp.Diff(want, o.asked, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
				t.Error(diff)
			}
			m, _, err := h.store.Mail(context.Background(), string(id))
			if err != nil || m.Check == nil || m.Check.Trust != ticket.TrustVerified || m.Outcome.Trust != ticket.TrustVerified {
				t.Errorf("on record: %+v, %+v %v", m.Check, m.Outcome, err)
			}
		})
	}
}

// What is on record is not asked again: by the time of a replay DNS may say
// something else. What the store has lost is.
func TestReplayKeepsTheVerdict(t *testing.T) {
	h, o := memory(t), &oracle{trust: ticket.TrustVerified}
	h.checkedBy(o)
	j := openJournal(t, t.TempDir())
	defer j.Close()
	e := envelope(1)
	e.Peer = "203.0.113.25:40000"
	id, err := j.Put(context.Background(), e, strings.NewReader(rawMail(1, 500)))
	if err != nil {
		t.Fatal(err)
	}
	file := func(asked int, want ticket.Trust) {
		t.Helper()
		in := count(j, 1)
		h.run(in, in.empty, newReader(t))
		m, _, err := h.store.Mail(context.Background(), string(id))
		if err != nil || m.Check == nil || m.Check.Trust != want || len(o.asked) != asked {
			t.Fatalf("asked %d times, on record %+v %v", len(o.asked), m.Check, err)
		}
		if n, err := j.Replay(time.Time{}); n != 1 || err != nil {
			t.Fatal(n, err)
		}
	}
	file(1, ticket.TrustVerified)
	o.trust = ticket.TrustUnverified
	file(1, ticket.TrustVerified)
	h.store = newHouse(t, memkv.New()).store
	h.checkedBy(o)
	file(2, ticket.TrustUnverified)
}

// A daemon that is told to stop files no mail by a check that it broke off.
func TestStoppingBreaksOffACheck(t *testing.T) {
	h := memory(t)
	ctx, stop := context.WithCancel(context.Background())
	o := &oracle{trust: ticket.TrustUnverified, until: func(checking context.Context) { stop(); <-checking.Done() }}
	h.checkedBy(o)
	j := openJournal(t, t.TempDir())
	defer j.Close()
	e := envelope(1)
	e.Peer = "203.0.113.25:40000"
	id, err := j.Put(context.Background(), e, strings.NewReader(rawMail(1, 500)))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.desk.Run(ctx, j, newReader(t), 1); err != nil {
		t.Fatal(err)
	}
	if m, filed, err := h.store.Mail(context.Background(), string(id)); filed || err != nil || j.Stats().Pending != 1 {
		t.Errorf("filed as %+v (%v); %d pending", m.Outcome, err, j.Stats().Pending)
	}
}

// A verdict of our own bears on trust as a relay's does.
func TestOwnVerdicts(t *testing.T) {
	for _, c := range []struct {
		trust ticket.Trust
		want  ticket.OutcomeKind
		open  ticket.OutcomeKind // of a resolved ticket
	}{
		{ticket.TrustVerified, ticket.OutcomeAppended, ticket.OutcomeReopened},
		{ticket.TrustUnverified, ticket.OutcomeAppended, ticket.OutcomeAppended},
		{ticket.TrustFailed, ticket.OutcomeHeld, ticket.OutcomeHeld},
	} {
		t.Run(string(c.trust), func(t *testing.T) {
			h := memory(t)
			first := h.mail(client, "Login", "Virker ikke", foundOut(ticket.TrustVerified))
			id := h.receive(first).Ticket
			again := h.mail(client, "SV: Login", "Stadig ikke", answering(first.Message.MessageID), foundOut(c.trust))
			out := h.receive(again)
			h.want(out, c.want, id)
			if all := strings.Join(out.Reasons, "\n"); !strings.Contains(all, "the oracle says "+string(c.trust)) {
				t.Error("the reasons do not tell the verdict:", all)
			}
			h.resolve(id)
			h.want(h.receive(h.mail(client, "SV: Login", "Det virker stadig ikke", answering(first.Message.MessageID), foundOut(c.trust))), c.open, id)
		})
	}
}

// Nothing is echoed to a sender who may be forged (bad-input 137).
func TestOwnVerdictsAndEcho(t *testing.T) {
	for trust, neutral := range map[ticket.Trust]bool{ticket.TrustVerified: false, ticket.TrustUnverified: true, ticket.TrustFailed: true} {
		h := memory(t)
		out := h.receive(h.mail(client, "Login", "Virker ikke", foundOut(trust)))
		h.want(out, ticket.OutcomeOpened, "")
		if n := h.notice(out.Ticket, out.Notices[0]); n.Facts.Neutral != neutral {
			t.Errorf("%s: a neutral letter is %v", trust, n.Facts.Neutral)
		}
	}
}

// What the relay that brought a mail says of it goes first; what another host
// claims to be a relay's word does not count (bad-input 89).
func TestRelayGoesFirst(t *testing.T) {
	relay := desk.TrustedRelay{Network: netip.MustParsePrefix("192.0.2.0/24"), AuthservID: "mx.aismarttalk.tech"}
	pass := results("mx.aismarttalk.tech; dmarc=pass header.from=firma.example")
	from := func(peer string) func(*desk.Incoming) { return func(in *desk.Incoming) { in.Envelope.Peer = peer } }
	h := memory(t, func(c *desk.Config) { c.TrustedRelays = []desk.TrustedRelay{relay} })
	for _, c := range []struct {
		name    string
		options []func(*desk.Incoming)
		want    ticket.Trust
	}{
		{"the relay's word", []func(*desk.Incoming){foundOut(ticket.TrustFailed), pass, from("192.0.2.25:40000")}, ticket.TrustVerified},
		{"another's word", []func(*desk.Incoming){foundOut(ticket.TrustUnverified), pass}, ticket.TrustUnverified},
		{"past the relay, verified here", []func(*desk.Incoming){foundOut(ticket.TrustVerified)}, ticket.TrustVerified},
		{"past the relay, nobody checked", []func(*desk.Incoming){from("203.0.113.25:40000")}, ticket.TrustUnverified},
	} {
		if out := h.receive(h.mail(client, c.name, c.name, c.options...)); out.Trust != c.want {
			t.Errorf("%s: %s because %q", c.name, out.Trust, out.Reasons)
		}
	}
}
