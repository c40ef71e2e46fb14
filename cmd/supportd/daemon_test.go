package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// bench is a daemon under test, spoken with as clients and staff do.
type bench struct {
	*demonstration
	t    *testing.T
	stop func() // waits for an orderly end
}

// testSettings need nothing from outside a folder.
func testSettings(dir string) settings {
	s := defaultSettings()
	s.DataDir = dir
	s.SMTP.Listeners = []listenerSettings{{Address: "127.0.0.1:0", Protocol: "smtp"}}
	s.HTTP.Listen = "127.0.0.1:0"
	s.Desk.UndoWindow = 0
	s.Staff = []staffSettings{
		{Name: "First line", Address: "first-line@aismarttalk.tech", Roles: []string{"support", "qa"}, Language: "da"},
	}
	return s
}

func planned(t testing.TB, s settings) configuration {
	t.Helper()
	cfg := configuration{settings: s}
	plan, bad := cfg.plan()
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	cfg.planned = plan
	return cfg
}

// startDaemon runs a daemon until stop is called, or the test ends.
func startDaemon(t *testing.T, s settings) *bench {
	t.Helper()
	return startDaemonAt(t, s, time.Now)
}

// startDaemonAt runs a daemon by another clock.
func startDaemonAt(t *testing.T, s settings, now func() time.Time) *bench {
	t.Helper()
	d, stop := runDaemon(t, planned(t, s), world{now: now, random: rand.Reader, log: zerolog.New(zerolog.NewTestWriter(t)).Level(zerolog.WarnLevel)})
	return &bench{t: t, stop: stop, demonstration: newDemonstration(d, s.DataDir, host{out: io.Discard, now: time.Now}, time.Now())}
}

// runDaemon runs a daemon until stop is called, or the test ends. stop waits for an
// orderly end, and may be called again.
func runDaemon(t testing.TB, cfg configuration, w world) (d *daemon, stop func()) {
	t.Helper()
	d, err := newDaemon(cfg, w)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error("the daemon did not stop in order:", err)
		}
	})
	t.Cleanup(stop)
	return d, stop
}

// rawMailText makes a plain mail. Headers come in pairs of name and value.
func rawMailText(from, to, subject, messageID, text string, headers ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nMessage-ID: <%s>\r\n", from, to, encodeSubject(subject), messageID)
	for i := 0; i < len(headers); i += 2 {
		fmt.Fprintf(&b, "%s: %s\r\n", headers[i], headers[i+1])
	}
	fmt.Fprintf(&b, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", text)
	return b.Bytes()
}

// write sends a mail and returns what became of it.
func (b *bench) write(from, to, subject, text string, headers ...string) web.MailDetails {
	b.t.Helper()
	b.steps++
	id := fmt.Sprintf("mail-%d@firma.example", b.steps)
	return b.resend(id, from, to, subject, text, headers...)
}

func (b *bench) resend(id, from, to, subject, text string, headers ...string) web.MailDetails {
	b.t.Helper()
	if err := b.post(b.t.Context(), rawMailText(from, to, subject, id, text, headers...), from, to); err != nil {
		b.t.Fatal(err)
	}
	m, err := b.became(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return m
}

func (b *bench) support() string { return b.daemon.cfg.Desk.Addresses[0] }

// expect checks outcome and ticket.
func (b *bench) expect(m web.MailDetails, want ticket.OutcomeKind, id ticket.ID) {
	b.t.Helper()
	if m.Outcome.Outcome != want || m.Ticket != id {
		b.t.Fatalf("became %s %s, want %s %s; because %q", m.Outcome.Outcome, m.Ticket, want, id, m.Reasons)
	}
}

// letterOf reads the letter of a kind that a mail caused.
func (b *bench) letterOf(m web.MailDetails, kind ticket.NoticeKind) *letter {
	b.t.Helper()
	for _, p := range m.Promises {
		if p.Kind == kind {
			l, err := b.letter(p)
			if err != nil {
				b.t.Fatal(err)
			}
			return l
		}
	}
	b.t.Fatalf("no %s among %+v", kind, m.Promises)
	return nil
}

func (b *bench) ticket(id ticket.ID) web.TicketDetails {
	b.t.Helper()
	var d web.TicketDetails
	if _, err := b.api.get(b.t.Context(), ticketPath(string(id)), nil, &d); err != nil {
		b.t.Fatal(err)
	}
	return d
}

// A conversation as clients have it, over each kind of store: every way of
// naming a ticket finds it, strangers get their own, and a reply reopens.
func TestConversation(t *testing.T) {
	for _, kind := range []string{"memory", "bolt", "redis"} {
		t.Run(kind, func(t *testing.T) {
			s := testSettings(t.TempDir())
			s.Store.Kind = kind
			if kind == "redis" {
				s.Store.URL = storetest.Redis(t).URL()
			}
			conversation(startDaemon(t, s))
		})
	}
}

func conversation(b *bench) {
	const client, stranger = "kunde@firma.example", "fremmed@andet.example"
	t := b.t
	first := b.write(client, b.support(), "Kritisk: jeg kan ikke logge ind", "Ingen af os kan logge ind siden i morges.")
	id := first.Ticket
	b.expect(first, ticket.OutcomeOpened, id)
	if first.Reading.Claim.Severity != ticket.SeverityCritical || first.Reading.Claim.Evidence != "Kritisk" {
		t.Errorf("claim: %+v", first.Reading.Claim)
	}
	ack := b.letterOf(first, ticket.NoticeAcknowledgement)
	if !strings.Contains(ack.text, string(id)) || !strings.Contains(ack.subject, "["+string(id)+"]") {
		t.Errorf("the acknowledgement does not name %s: %q\n%s", id, ack.subject, ack.text)
	}

	b.expect(b.write(client, ack.replyTo, "SV: noget andet", "Fejlkoden er 502."), ticket.OutcomeAppended, id)
	b.expect(b.write(client, b.support(), "noget andet", "Det er i Firefox.", "In-Reply-To", "<"+ack.messageID+">"), ticket.OutcomeAppended, id)
	b.expect(b.write(client, b.support(), ack.subject, "Og i Chrome."), ticket.OutcomeAppended, id)
	b.expect(b.write(client, b.support(), "Hej igen", "Det handler om "+strings.ToLower(string(id))+"."), ticket.OutcomeAppended, id)
	if got := b.ticket(id); got.Mails != 5 {
		t.Errorf("the ticket has %d mails, want 5", got.Mails)
	}

	again := b.resend("mail-1@firma.example", client, b.support(), "Kritisk: jeg kan ikke logge ind", "Ingen af os kan logge ind siden i morges.")
	if len(again.Promises) > 2 {
		t.Errorf("a mail that came twice was answered twice: %+v", again.Promises)
	}
	other := b.write(stranger, b.support(), "Om "+string(id), "Hvad er det her?")
	if other.Ticket == id || other.Outcome.Outcome != ticket.OutcomeOpened {
		t.Errorf("a stranger who knows the ID: %s %s", other.Outcome.Outcome, other.Ticket)
	}
	if text := b.letterOf(other, ticket.NoticeAcknowledgement).text; strings.Contains(text, string(id)) {
		t.Errorf("the stranger's acknowledgement names the other ticket:\n%s", text)
	}
	auto := b.write(client, ack.replyTo, "Autosvar: "+ack.subject, "Jeg er på ferie.", "Auto-Submitted", "auto-replied")
	b.expect(auto, ticket.OutcomeAuto, id)
	if len(auto.Promises) > 0 {
		t.Errorf("a machine was answered: %+v", auto.Promises)
	}

	var owed []web.Promise
	for _, o := range []ticket.Order{
		{Verb: ticket.VerbClassify, Severity: ticket.SeverityHigh, Category: "login", Reason: "Kun få er ramt."}, {Verb: ticket.VerbPlan}, {Verb: ticket.VerbStart},
		{Verb: ticket.VerbTest, Text: "Sessionen fornyes"}, {Verb: ticket.VerbPass, Verified: "Log ind virker."},
	} {
		var err error
		if owed, err = b.command(t.Context(), id, web.Command{Order: o}); err != nil {
			t.Fatal(err)
		}
	}
	resolved, err := b.letterIn(owed, ticket.NoticeResolved)
	if err != nil {
		t.Fatal(err)
	}
	b.expect(b.write(client, resolved.replyTo, "SV: "+resolved.subject, "Tak!"), ticket.OutcomeAppended, id)
	reopened := b.write(client, resolved.replyTo, "SV: "+resolved.subject, "Det virker stadig ikke.")
	b.expect(reopened, ticket.OutcomeReopened, id)
	b.letterOf(reopened, ticket.NoticeReopened)
	if got := b.ticket(id); got.State != ticket.StateReported || got.Reporter != client {
		t.Errorf("at the end: %s of %s", got.State, got.Reporter)
	}
}

// Whatever a daemon accepted before it ended is there after its next start, and
// its letters are not written anew.
func TestRestart(t *testing.T) {
	s := testSettings(t.TempDir())
	b := startDaemon(t, s)
	m := b.write("kunde@firma.example", b.support(), "Faktura mangler linje", "Linje 3 mangler.")
	ack := b.letterOf(m, ticket.NoticeAcknowledgement)
	b.stop()

	b = startDaemon(t, s)
	b.steps = 100 // other Message-IDs than before
	b.expect(b.write("kunde@firma.example", ack.replyTo, "SV: faktura", "Linje 4 også."), ticket.OutcomeAppended, m.Ticket)
	letters, _ := filepath.Glob(filepath.Join(dataFolder(s.DataDir).outgoing(), "*.eml"))
	if len(letters) != 3 { // the acknowledgement, and a word to staff for each mail
		t.Error("letters:", letters)
	}
}

// Health names each part; the raw mail is handed out as it came.
func TestDaemonOverHTTP(t *testing.T) {
	b := startDaemon(t, testSettings(t.TempDir()))
	m := b.write("kunde@firma.example", b.support(), "Hej", "Hej.")
	health, err := b.api.health(t.Context())
	if err != nil || health.Status != web.HealthOK || len(health.Checks) != 4 {
		t.Errorf("%+v %v", health, err)
	}
	b.expectRaw(m)
}

// expectRaw reads a mail back as it came.
func (b *bench) expectRaw(m web.MailDetails) {
	t := b.t
	t.Helper()
	r, err := http.NewRequest("GET", b.api.base+ticketPath(string(m.Ticket))+"/raw/"+m.Mail, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+b.api.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != 200 || !bytes.HasPrefix(raw, []byte("Received: ")) || !bytes.HasSuffix(raw, []byte("\r\n\r\nHej.\r\n")) {
		t.Errorf("%d %q %v", answer.StatusCode, raw, err)
	}
}

// When its time in the journal is over, a mail moves to the archive, and is
// read from there.
func TestMailLeavesTheJournal(t *testing.T) {
	b := startDaemon(t, testSettings(t.TempDir()))
	m := b.write("kunde@firma.example", b.support(), "Hej", "Hej.")
	if err := b.until(t.Context(), func() (bool, error) { return b.daemon.journal.Stats().Pending == 0, nil }); err != nil {
		t.Fatal(err) // it is marked as done a moment after it is on file
	}
	for _, days := range []time.Duration{2, 9} { // sealed first; a segment is written to for a day at most
		if err := b.daemon.journal.Sweep(t.Context(), time.Now().Add(days*24*time.Hour), b.daemon.archive); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.daemon.journal.Read(journal.ID(m.Mail)); !errors.Is(err, journal.ErrNotFound) {
		t.Error("the mail is in the journal still:", err)
	}
	b.expectRaw(m)
}

// While Redis is away mail is still taken; it is filed when Redis is back
// (fault 14).
func TestRedisAway(t *testing.T) {
	redis := storetest.Redis(t, "--appendonly", "yes")
	if !redis.Real {
		t.Skip("wants a redis-server that can be killed")
	}
	s := testSettings(t.TempDir())
	s.Store.Kind, s.Store.URL = "redis", redis.URL()
	b := startDaemon(t, s)
	first := b.write("kunde@firma.example", b.support(), "Hej", "Hej.")
	redis.Kill()
	const id = "away@firma.example"
	raw := rawMailText("kunde@firma.example", b.support(), "Mens den var væk", id, "Kommer det her frem?")
	if err := b.post(t.Context(), raw, "kunde@firma.example", b.support()); err != nil {
		t.Fatal("mail was not taken while Redis was away:", err)
	}
	if health, err := b.api.health(t.Context()); err != nil || health.Checks["store"] != web.HealthFailing || health.Checks["journal"] != web.HealthOK {
		t.Errorf("health while Redis is away: %+v %v", health, err)
	}
	redis.Start()
	// The API says 503 until the connections are back; then the mail is there.
	var m web.MailDetails
	err := b.until(t.Context(), func() (bool, error) {
		var err error
		m, err = b.became(t.Context(), id)
		return err == nil, nil
	})
	if err != nil || m.Outcome.Outcome != ticket.OutcomeOpened || m.Ticket == first.Ticket {
		t.Errorf("after Redis came back: %+v %v", m.Outcome, err)
	}
}
