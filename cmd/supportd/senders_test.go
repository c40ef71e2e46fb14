package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-smtp"
	"github.com/foxcpp/go-mockdns"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// firmaHost is the one that may send for firma.example.
const firmaHost, otherHost = "203.0.113.25", "198.51.100.66"

var firmaKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte("f"), ed25519.SeedSize))

// startDNS serves the records of the tests' domains on loopback.
func startDNS(t *testing.T) (address string) {
	t.Helper()
	public := base64.StdEncoding.EncodeToString(firmaKey.Public().(ed25519.PublicKey))
	s, err := mockdns.NewServerWithLogger(map[string]mockdns.Zone{
		"firma.example.":                 {TXT: []string{"v=spf1 ip4:" + firmaHost + " -all"}},
		"_dmarc.firma.example.":          {TXT: []string{"v=DMARC1; p=reject"}},
		"post._domainkey.firma.example.": {TXT: []string{"v=DKIM1; k=ed25519; p=" + public}},
		"nede.example.":                  {Err: io.ErrUnexpectedEOF},
		"_dmarc.nede.example.":           {Err: io.ErrUnexpectedEOF},
	}, log.New(io.Discard, "", 0), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.LocalAddr().String()
}

// facingTheInternet is a daemon to which a proxy hands clients from anywhere.
func facingTheInternet(t *testing.T, change ...func(*settings)) *bench {
	t.Helper()
	s := testSettings(t.TempDir())
	s.SMTP.Listeners[0].ProxyFrom = []string{"127.0.0.0/8"}
	s.SMTP.Resolver = startDNS(t)
	for _, f := range change {
		f(&s)
	}
	return startDaemon(t, s)
}

// writeFrom sends a mail from a host on the Internet.
func (b *bench) writeFrom(host, from, to, subject, text string, prepare ...func([]byte) []byte) web.MailDetails {
	b.t.Helper()
	b.steps++
	id := fmt.Sprintf("mail-%d@firma.example", b.steps)
	raw := rawMailText(from, to, subject, id, text)
	for _, f := range prepare {
		raw = f(raw)
	}
	conn, err := net.Dial("tcp", b.daemon.smtp.Addrs()[0].String())
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(conn, "PROXY TCP4 %s 127.0.0.1 4711 25\r\n", host); err != nil {
		b.t.Fatal(err)
	}
	client := smtp.NewClient(conn)
	defer client.Close()
	envelope := deliverCommand{From: from, Recipients: []string{to}}
	if err := envelope.envelope(client); err != nil {
		b.t.Fatal(err)
	}
	if err := send(client, bytes.NewReader(raw)); err != nil {
		b.t.Fatal(err)
	}
	m, err := b.became(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return m
}

func signed(t *testing.T) func([]byte) []byte {
	return func(raw []byte) []byte {
		var b bytes.Buffer
		o := &dkim.SignOptions{
			Domain: "firma.example", Selector: "post", Signer: firmaKey,
			HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
		}
		if err := dkim.Sign(&b, bytes.NewReader(raw), o); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
}

// Mail straight from the Internet is worth what SPF, DKIM and DMARC say of it, and
// trace tells.
func TestSendersAreChecked(t *testing.T) {
	b := facingTheInternet(t)
	const client = "kunde@firma.example"
	first := b.writeFrom(firmaHost, client, b.support(), "Login", "Vi kan ikke logge ind.")
	b.expect(first, ticket.OutcomeOpened, first.Ticket)
	ack := b.letterOf(first, ticket.NoticeAcknowledgement)
	if first.Trust != ticket.TrustVerified || first.SenderCheck == nil || first.SenderCheck.SPF.Result != ticket.CheckPass || !strings.Contains(ack.subject, "Login") {
		t.Errorf("from its own host: %s %+v, answered %q", first.Trust, first.SenderCheck, ack.subject)
	}
	forwarded := b.writeFrom(otherHost, client, ack.replyTo, "SV: Login", "Stadig ikke.", signed(t))
	b.expect(forwarded, ticket.OutcomeAppended, first.Ticket)
	if forwarded.Trust != ticket.TrustVerified {
		t.Errorf("forwarded and signed: %s %+v", forwarded.Trust, forwarded.SenderCheck)
	}
	forged := b.writeFrom(otherHost, client, ack.replyTo, "SV: Login", "Luk bare sagen.")
	b.expect(forged, ticket.OutcomeHeld, first.Ticket)
	if forged.SenderCheck == nil || forged.SenderCheck.Trust != ticket.TrustFailed {
		t.Errorf("forged: %+v", forged.SenderCheck)
	}
	stranger := b.writeFrom(otherHost, client, b.support(), "Min hemmelighed", "Jeg er et offer.")
	if ack := b.letterOf(stranger, ticket.NoticeAcknowledgement); strings.Contains(ack.subject+ack.text, "hemmelighed") {
		t.Errorf("a forged mail is echoed: %q\n%s", ack.subject, ack.text)
	}

	code, out, errOut := command(t, "", "trace", "--set=data_dir="+b.dir, forged.Mail)
	for _, want := range []string{"fail firma.example (the domain of From)", "fail firma.example, p=reject", "DMARC failed: neither SPF nor DKIM passed for firma.example"} {
		if code != exitOK || !strings.Contains(out, want) {
			t.Errorf("exit %d, trace does not say %q:\n%s%s", code, want, out, errOut)
		}
	}
	var raw map[string]any
	if _, err := b.api.get(t.Context(), web.APIPath+"/mails/"+forged.Mail, url.Values{}, &raw); err != nil {
		t.Fatal(err)
	}
	if check, ok := raw["sender_check"].(map[string]any); !ok || check["trust"] != "failed" || check["reason"] == "" {
		t.Errorf("the API says %v", raw["sender_check"])
	}
}

// DNS that does not answer delays filing and loses nothing (fault 24).
func TestDNSTrouble(t *testing.T) {
	b := facingTheInternet(t)
	m := b.writeFrom(firmaHost, "kunde@nede.example", b.support(), "Login", "Vi kan ikke logge ind.")
	b.expect(m, ticket.OutcomeOpened, m.Ticket)
	if m.Trust != ticket.TrustUnverified || m.SenderCheck == nil || m.SenderCheck.DMARC.Result != ticket.CheckTempError {
		t.Errorf("%s %+v", m.Trust, m.SenderCheck)
	}
}

// Nobody is asked where that was switched off, or for mail from this machine.
func TestSendersAreNotChecked(t *testing.T) {
	off := facingTheInternet(t, func(s *settings) { s.SMTP.CheckSenders = "off" })
	if m := off.writeFrom(otherHost, "kunde@firma.example", off.support(), "Login", "Hej"); m.SenderCheck != nil || m.Trust != ticket.TrustNone {
		t.Errorf("switched off: %s %+v", m.Trust, m.SenderCheck)
	}
	local := facingTheInternet(t)
	if m := local.writeFrom("127.0.0.1", "kunde@firma.example", local.support(), "Login", "Hej"); m.SenderCheck != nil || m.Trust != ticket.TrustNone {
		t.Errorf("from this machine: %s %+v", m.Trust, m.SenderCheck)
	}
}

func TestSenderSettings(t *testing.T) {
	relay := []trustedRelaySettings{{Network: "192.0.2.1/32", AuthservID: "mx.example"}}
	for _, c := range []struct {
		name     string
		settings smtpSettings
		check    bool
		server   string
		fault    string
	}{
		{"by itself", smtpSettings{CheckSenders: "auto"}, true, "", ""},
		{"relays do it", smtpSettings{CheckSenders: "auto", TrustedRelays: relay}, false, "", ""},
		{"both", smtpSettings{CheckSenders: "on", TrustedRelays: relay}, true, "", ""},
		{"off", smtpSettings{CheckSenders: "off"}, false, "", ""},
		{"a server", smtpSettings{CheckSenders: "on", Resolver: "192.0.2.53"}, true, "192.0.2.53:53", ""},
		{"a server with a port", smtpSettings{CheckSenders: "on", Resolver: "[2001:db8::53]:5353"}, true, "[2001:db8::53]:5353", ""},
		{"a name for a server", smtpSettings{CheckSenders: "on", Resolver: "dns.example"}, true, "", "smtp.resolver"},
	} {
		p := &planner{}
		p.c.SMTP = c.settings
		got := p.senders()
		server := ""
		if got.server.IsValid() {
			server = got.server.String()
		}
		if got.check != c.check || server != c.server || (len(p.faults) > 0) != (c.fault != "") || len(p.faults) > 0 && p.faults[0].Key != c.fault {
			t.Errorf("%s: %+v %v", c.name, got, p.faults)
		}
	}
	for _, word := range []string{"on", "off", "auto"} {
		code, out, errOut := command(t, "", "config", "print", "--set=smtp.check_senders="+word)
		if code != exitOK || !strings.Contains(strings.ReplaceAll(out, `"`, ""), "check_senders: "+word) {
			t.Errorf("%s: exit %d %s%s", word, code, out, errOut)
		}
	}
}
