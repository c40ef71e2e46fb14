package main

import (
	"errors"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/ticket"
)

// scrape asks a daemon as its watcher does.
func (b *bench) scrape(path string) (status int, body string) {
	b.t.Helper()
	answer, err := http.Get("http://" + b.daemon.admin.Addr().String() + path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// counted waits for the daemon's own counting, which is done in the background.
func (b *bench) counted() string {
	b.t.Helper()
	if err := errors.Join(b.daemon.counting.countNotices(b.t.Context()), b.daemon.counting.countTickets(b.t.Context())); err != nil {
		b.t.Fatal(err)
	}
	status, text := b.scrape("/metrics")
	if status != http.StatusOK {
		b.t.Fatal(status, text)
	}
	return text
}

// What is counted and what it is called; a change of either is a change for whoever
// watches.
func TestMetricNames(t *testing.T) {
	b := startDaemon(t, testSettings(t.TempDir()))
	b.write("kunde@firma.example", b.support(), "Kritisk: alt er nede", "Hej.")
	b.settled()
	text := b.counted()
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "supportd_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
	var names []string
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "# TYPE supportd_"); ok {
			names = append(names, "supportd_"+rest)
		}
	}
	golden(t, "../../testdata/cmd/metrics.golden", strings.Join(names, ""))
	doc, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	operating := string(doc)
	for _, name := range names {
		if name, _, _ := strings.Cut(name, " "); !strings.Contains(operating, "`"+name) {
			t.Errorf("docs/operating.md has no word of %s", name)
		}
	}
	for _, alert := range regexp.MustCompile(`supportd_[a-z_]+`).FindAllString(operating, -1) {
		alert = strings.TrimSuffix(strings.TrimSuffix(alert, "_bucket"), "_count")
		if !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, alert+" ") }) {
			t.Errorf("docs/operating.md tells of %s, which there is not", alert)
		}
	}
}

// The numbers follow what happens.
func TestMetricsCount(t *testing.T) {
	b := startDaemon(t, testSettings(t.TempDir()))
	b.write("kunde@firma.example", b.support(), "Kritisk: alt er nede", "Hej.")
	b.write("nabo@firma.example", b.support(), "Hej", "Hej.")
	b.write("robot@firma.example", b.support(), "Nyhedsbrev", "Hej.", "List-Id", "<nyt.firma.example>")
	if err := b.post(t.Context(), rawMailText("kunde@firma.example", "ingen@firma.example", "Hej", "x@firma.example", "Hej."), "kunde@firma.example", "ingen@firma.example"); err == nil {
		t.Error("a mail to nobody was taken")
	}
	b.settled()
	text := b.counted()
	for _, want := range []string{
		`supportd_mails_filed_total{outcome="opened"} 2`,
		`supportd_mails_filed_total{outcome="auto"} 1`,
		`supportd_mails_filed_total{outcome="held"} 0`,
		`supportd_mail_processing_seconds_count 3`,
		`supportd_mail_accept_seconds_count 3`,
		`supportd_smtp_mails_accepted_total 3`,
		`supportd_smtp_refusals_total{reason="relay"} 1`,
		`supportd_journal_pending_mails 0`,
		`supportd_notices_total{kind="acknowledgement",result="sent"} 2`,
		`supportd_outbox_notices{state="queued"} 0`,
		`supportd_tickets{severity="critical",state="reported"} 1`,
		`supportd_tickets{severity="normal",state="reported"} 1`,
		`supportd_tickets{severity="low",state="closed"} 0`,
		`supportd_build_info{`,
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no line %s", want)
		}
	}
	for _, person := range []string{"kunde@", "firma.example", "AIS-"} {
		if strings.Contains(text, person) {
			t.Errorf("%q stands in the metrics", person)
		}
	}
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/debug/pprof/": 404, "/api/v1/tickets": 404} {
		if got, _ := b.scrape(path); got != want {
			t.Errorf("%s on the admin listener: %d, want %d", path, got, want)
		}
	}
	if answer, err := http.Get(b.api.base + "/metrics"); err != nil || answer.StatusCode != 404 {
		t.Errorf("/metrics where clients ask: %v %v", answer, err)
	}
}

func TestPprofWhenWanted(t *testing.T) {
	s := testSettings(t.TempDir())
	s.HTTP.Pprof = true
	b := startDaemon(t, s)
	if got, _ := b.scrape("/debug/pprof/"); got != 200 {
		t.Errorf("/debug/pprof/: %d", got)
	}
}

func TestWithoutAnAdminListener(t *testing.T) {
	s := testSettings(t.TempDir())
	s.HTTP.AdminListen = "off"
	b := startDaemon(t, s)
	b.expectRaw(b.write("kunde@firma.example", b.support(), "Hej", "Hej."))
	if b.daemon.admin != nil {
		t.Error("it listens")
	}
	s.HTTP.AdminListen = "everywhere"
	if _, bad := (configuration{settings: s}).plan(); len(bad) != 1 || bad[0].Key != "http.admin_listen" {
		t.Errorf("%v", bad)
	}
}

// Nobody else on the network is told by default, and two daemons on one machine are not
// in each other's way.
func TestAdminListensBesideTheAPI(t *testing.T) {
	for listen, want := range map[string]string{
		"127.0.0.1:8080": "127.0.0.1:8081", "0.0.0.0:80": "127.0.0.1:81", "[::]:9000": "127.0.0.1:9001", "127.0.0.1:0": "127.0.0.1:0", "127.0.0.1:65535": "127.0.0.1:0",
	} {
		s := testSettings(t.TempDir())
		s.HTTP.Listen = listen
		if got := planned(t, s).planned.admin; got != want {
			t.Errorf("beside %s it is %s, want %s", listen, got, want)
		}
	}
}

// A store that does not answer leaves the last counts standing.
func TestCountsOutliveAStoreThatIsAway(t *testing.T) {
	b := startDaemon(t, testSettings(t.TempDir()))
	b.write("kunde@firma.example", b.support(), "Hej", "Hej.")
	c := &counting{store: b.daemon.records.store}
	if err := errors.Join(c.countNotices(t.Context()), c.countTickets(t.Context())); err != nil {
		t.Fatal(err)
	}
	closed := memkv.New()
	closed.Close()
	away, err := store.New(closed, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	c.store = away
	if c.countTickets(t.Context()) == nil || c.countNotices(t.Context()) == nil {
		t.Error("a store that is away was counted")
	}
	if n := c.latest().tickets[store.Standing{State: ticket.StateReported, Severity: ticket.SeverityNormal}]; n != 1 {
		t.Errorf("%d tickets, want the 1 of before", n)
	}
}

// The counts of a hundred thousand tickets are made in the background; a scrape reads
// them. The first is what this measures.
func BenchmarkCountTickets(b *testing.B) {
	s := filledStore(b, 100_000)
	for b.Loop() {
		counts, err := s.CountTickets(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if counts[store.Standing{State: ticket.StateClosed, Severity: ticket.SeverityNormal}] == 0 {
			b.Fatal("nothing was counted")
		}
	}
}

func filledStore(b *testing.B, n int) *store.Store {
	b.Helper()
	cfg := configuration{settings: testSettings(b.TempDir())}
	backend, err := openBackend(cfg)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { backend.Close() })
	s, err := store.New(backend, store.Config{})
	if err != nil {
		b.Fatal(err)
	}
	opened := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	secret := []byte(strings.Repeat("k", 32))
	for from := 0; from < n; from += 1000 {
		err := s.Update(b.Context(), func(tx *store.Tx) error {
			for i := from; i < from+1000; i++ {
				id := ticket.DeriveID("AIS", secret, strconv.Itoa(i), 0)
				if _, err := tx.Tickets(id); err != nil {
					return err
				}
				t := ticket.Ticket{
					ID: id, State: ticket.States()[i%8], Claim: ticket.Claim{Severity: ticket.SeverityNormal},
					Opened: opened.Add(time.Duration(i) * time.Minute), Updated: opened, Events: 1,
				}
				if err := tx.SaveTicket(ticket.Ticket{}, t, nil); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return s
}
