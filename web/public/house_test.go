package public

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/net/html"

	"aismarttalk.tech/supportd/classifier"
	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/desk/report"
	"aismarttalk.tech/supportd/parser"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
	"aismarttalk.tech/supportd/web/page/pagetest"
)

const publicURL = "https://support.firma.example"

// house is a real desk over a journal and a store, with the pages before it.
type house struct {
	t     *testing.T
	mux   *http.ServeMux
	desk  *desk.Desk
	store *store.Store
	box   *report.Box
	parts Parts

	number int // of reports

	mu sync.Mutex
	at time.Time // guarded by mu
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *house) advance(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// theClassifier takes half a second to make, and never changes.
var theClassifier = sync.OnceValues(func() (*classifier.Classifier, error) { return classifier.New(classifier.Config{}) })

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, at: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC), mux: http.NewServeMux()}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	h.store, err = store.New(memkv.New(), store.Config{})
	must(err)
	jrn, err := journal.Open(journal.Config{Dir: t.TempDir(), MaxBytes: 20 << 20, Retention: time.Hour}, journal.Deps{Now: h.now})
	must(err)
	read, err := parser.New(parser.Config{})
	must(err)
	understand, err := theClassifier()
	must(err)
	texts, err := templates.New(templates.Config{DeskName: "Firma support", Timezone: "Europe/Copenhagen", DefaultLanguage: "da"})
	must(err)
	cfg := deskConfig(t)
	secrets := desk.Secrets{Tickets: bytes.Repeat([]byte{7}, 32), Keys: ticket.Keyring{Current: '0', Keys: map[byte][]byte{'0': bytes.Repeat([]byte{8}, 32)}}}
	h.desk, err = desk.New(cfg, secrets, desk.Deps{Store: h.store, Now: h.now, Log: zerolog.Nop()})
	must(err)
	h.box = report.NewBox(report.Parts{Journal: jrn, Store: h.store, To: cfg.Addresses[0], Now: h.now, Random: rand.Reader})
	site, err := page.New(
		page.Config{DeskName: "Firma support", Support: cfg.Addresses[0], DefaultLanguage: "da", PublicURL: publicURL},
		page.Deps{Texts: texts, Now: h.now, Log: zerolog.New(zerolog.NewTestWriter(t))},
	)
	must(err)
	h.parts = Parts{
		Site: site, Desk: h.desk, Tickets: h.store, Reports: h.box, Texts: texts, Prefix: "AIS", Calendar: cfg.Calendar,
		Chat: "/chat", Now: h.now, Random: rand.Reader,
	}
	door, err := New(h.parts)
	must(err)
	for _, m := range append(site.Mounts(), door.Mounts()...) {
		h.mux.Handle(m.Pattern, m.Handler)
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = h.desk.Run(ctx, jrn, desk.Reader{Parse: read.Parse, Classify: understand.Classify}, 2) })
	t.Cleanup(func() {
		stop()
		running.Wait()
		jrn.Close()
	})
	return h
}

func deskConfig(t *testing.T) desk.Config {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	return desk.Config{
		Addresses: []string{"support@firma.example"}, Prefix: "AIS", PublicURL: publicURL,
		Policy:         ticket.Policy{ReopenWindow: 14 * 24 * time.Hour, QuietDays: 5, Location: zone},
		Correspondence: ticket.Correspondence{Languages: templates.Languages(), Default: "da"},
		Calendar:       ticket.Calendar{FirstMonday: time.Date(2026, 1, 5, 0, 0, 0, 0, zone), Weeks: 2, Capacity: 400, Location: zone},
		PlanAfter:      -1, Categories: classifier.Categories(), UndoWindow: 0,
	}
}

// open has a proven customer report a problem in a language. The first one is
// kunde1@butik.example.
func (h *house) open(language, subject string) ticket.ID {
	h.t.Helper()
	h.number++
	f, err := h.box.Put(h.t.Context(), report.Report{
		Address: fmt.Sprintf("kunde%d@butik.example", h.number), Language: language, Subject: subject, Text: "Hemmelig tekst.", Claim: ticket.SeverityHigh, Verified: true,
	}, report.Source{Name: "test"}, "")
	if err != nil || f.Ticket == "" {
		h.t.Fatalf("opening a ticket: %+v %v", f, err)
	}
	return f.Ticket
}

// order has staff do something.
func (h *house) order(id ticket.ID, o ticket.Order) {
	h.t.Helper()
	by := ticket.Actor{Address: "sanne@firma.example", Roles: ticket.StaffRoles, Door: ticket.DoorAPI}
	if _, err := h.desk.Order(h.t.Context(), id, o, by); err != nil {
		h.t.Fatalf("%+v: %v", o, err)
	}
}

// links are those in the letters of a ticket, of one kind, oldest first.
func (h *house) links(id ticket.ID, kind ticket.NoticeKind) (paths []string) {
	h.t.Helper()
	if _, err := h.desk.DoChores(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	notices, err := h.store.Notices(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, n := range notices {
		if n.Kind != kind {
			continue
		}
		path, ours := strings.CutPrefix(n.Facts.Link, publicURL)
		if !ours {
			h.t.Fatalf("the link of the letter is %q", n.Facts.Link)
		}
		paths = append(paths, path)
	}
	return paths
}

// do makes a request; headers come in pairs.
func (h *house) do(method, target, contentType string, body io.Reader, header ...string) *http.Response {
	r := httptest.NewRequestWithContext(h.t.Context(), method, target, body)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, r)
	return w.Result()
}

func (h *house) get(target string, header ...string) *http.Response {
	return h.do("GET", target, "", nil, header...)
}

func (h *house) post(target string, form url.Values, header ...string) *http.Response {
	return h.do("POST", target, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), header...)
}

// said is what a page says, checked as every page is.
func (h *house) said(r *http.Response, status int) string {
	h.t.Helper()
	return pagetest.Text(h.document(r, status))
}

func (h *house) document(r *http.Response, status int) *html.Node {
	h.t.Helper()
	if r.StatusCode != status {
		h.t.Errorf("answered with %d, want %d", r.StatusCode, status)
	}
	return pagetest.Check(h.t, r)
}

func mustSay(t *testing.T, said string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(said, w) {
			t.Errorf("the page does not say %q:\n%s", w, said)
		}
	}
}

func mustNotSay(t *testing.T, said string, never ...string) {
	t.Helper()
	for _, n := range never {
		if strings.Contains(said, n) {
			t.Errorf("the page says %q:\n%s", n, said)
		}
	}
}

// Each page is what every page must be, in each of its languages.
func TestEveryPage(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct {
		path      string
		status    int
		languages []string
	}{
		{"/", 200, []string{"da", "en"}},
		{"/report", 200, []string{"da", "en"}},
		{"/roadmap", 200, []string{"da", "en"}},
		{"/roadmap/2026", 200, []string{"da", "en"}},
		{"/roadmap/2027-Q1", 200, []string{"da", "en"}},
		{"/roadmap/never", 404, []string{"da", "en"}},
		{"/nothing", 404, []string{"da", "en"}},
		{"/status", 200, templates.Languages()},
		{"/status?proof=abc", 200, templates.Languages()},
		{"/t/abc", 410, templates.Languages()},
	} {
		for _, lang := range c.languages {
			r := h.get(c.path, "Accept-Language", lang, "X-Forwarded-For", "192.0.2.1", "Host", "evil.example")
			if got := r.Header.Get("Content-Language"); got != lang {
				t.Errorf("%s for %s is in %s", c.path, lang, got)
			}
			doc := h.document(r, c.status)
			if got := pagetest.Attr(pagetest.Find(doc, "html")[0], "lang"); got != lang {
				t.Errorf("%s for %s says that it is in %s", c.path, lang, got)
			}
			for _, a := range pagetest.Find(doc, "a") {
				if href := pagetest.Attr(a, "href"); strings.Contains(href, "evil.example") || strings.HasPrefix(href, "//") {
					t.Errorf("%s links to %s", c.path, href)
				}
			}
		}
	}
}

// What a page weighs with all that it loads, as it is sent.
func TestWeight(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"/", "/report", "/roadmap", "/status"} {
		doc := h.document(h.get(path), 200)
		weight := 0
		loads := []string{path}
		for _, l := range pagetest.Find(doc, "link") {
			loads = append(loads, pagetest.Attr(l, "href"))
		}
		for _, s := range pagetest.Find(doc, "script") {
			loads = append(loads, pagetest.Attr(s, "src"))
		}
		for _, u := range loads {
			r := h.get(u, "Accept-Encoding", "gzip")
			body, err := io.ReadAll(r.Body)
			if err != nil || r.StatusCode != 200 {
				t.Fatal(u, r.StatusCode, err)
			}
			weight += len(body)
		}
		t.Logf("%s: %d bytes in %d requests", path, weight, len(loads))
		if weight > pagetest.MaxWeight {
			t.Errorf("%s weighs %d bytes", path, weight)
		}
	}
}

func TestIndex(t *testing.T) {
	h := newHouse(t)
	doc := h.document(h.get("/"), 200)
	var leads []string
	for _, a := range pagetest.Find(pagetest.ByID(doc, "main"), "a") {
		leads = append(leads, pagetest.Attr(a, "href"))
	}
	if got := fmt.Sprint(leads); got != "[/report /chat /status /roadmap]" {
		t.Errorf("the index leads to %s", got)
	}
}
