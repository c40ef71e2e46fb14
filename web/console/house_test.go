package console_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/net/html"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/parser"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/console"
	"aismarttalk.tech/supportd/web/page"
	"aismarttalk.tech/supportd/web/page/pagetest"
)

const (
	supportAddress = "support@firma.example"
	devAddress     = "dev@firma.example"
	client         = "kunde@kunde.example"
)

// house is a console over a desk in memory, with a clock that stands still.
type house struct {
	t       testing.TB
	now     time.Time
	desk    *desk.Desk
	store   *store.Store
	console *console.Console
	server  *httptest.Server
	mails   int
	raw     rawMails
}

// rawMails is an archive in memory.
type rawMails map[journal.ID][]byte

func (r rawMails) Open(_ context.Context, mail journal.ID) (io.ReadCloser, error) {
	raw, ok := r[mail]
	if !ok {
		return nil, archive.ErrNotFound
	}
	return io.NopCloser(bytes.NewReader(raw)), nil
}

func newHouse(t testing.TB) *house { return newHouseOn(t, memkv.New()) }

func newHouseOn(t testing.TB, b store.Backend) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 11, 23, 13, 5, 0, 0, time.UTC), raw: rawMails{}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	zone, err := time.LoadLocation("Europe/Copenhagen")
	must(err)
	h.store, err = store.New(b, store.Config{})
	must(err)
	staff := []ticket.Staff{
		{Address: supportAddress, Name: "Support", Roles: []ticket.Role{ticket.RoleSupport, ticket.RoleQA}, Language: "da"},
		{Address: devAddress, Name: "Udvikler", Roles: []ticket.Role{ticket.RoleDev}, Language: "en"},
		{Address: "owner@firma.example", Name: "Ejer", Roles: []ticket.Role{ticket.RoleOwner}, Language: "da"},
	}
	h.desk, err = desk.New(desk.Config{
		Addresses: []string{"contact@firma.example"}, Prefix: "AIS", PublicURL: "http://support.firma.example", UndoWindow: 10 * time.Minute,
		Policy:     ticket.Policy{ReopenWindow: 14 * 24 * time.Hour, QuietDays: 5, RemindDays: []int{3}, Location: zone},
		Calendar:   ticket.Calendar{FirstMonday: time.Date(2026, 1, 5, 0, 0, 0, 0, zone), Weeks: 2, Capacity: 10, Location: zone},
		Categories: []string{"login", "chatbot_answers", ticket.CategoryOther}, PlanAfter: -1,
		Correspondence: ticket.Correspondence{Languages: []string{"da", "en"}, Default: "da", Staff: staff},
	}, desk.Secrets{
		Tickets: bytes.Repeat([]byte("t"), 32), Keys: ticket.Keyring{Current: '1', Keys: map[byte][]byte{'1': bytes.Repeat([]byte("k"), 32)}},
	}, desk.Deps{Store: h.store, Now: func() time.Time { return h.now }, Changed: func(id ticket.ID) { h.console.Changed(id) }, Log: zerolog.Nop()})
	must(err)
	log := zerolog.New(zerolog.NewTestWriter(t)).Level(zerolog.WarnLevel)
	texts, err := templates.New(templates.Config{DeskName: "Firma support", Timezone: "Europe/Copenhagen", DefaultLanguage: "da"})
	must(err)
	site, err := page.New(page.Config{DeskName: "Firma support", DefaultLanguage: "da"}, page.Deps{Texts: texts, Now: func() time.Time { return h.now }, Log: log})
	must(err)
	reader, err := parser.New(parser.Config{})
	must(err)
	h.console, err = console.New(console.Config{Prefix: "AIS", Staff: staff}, console.Deps{
		Site: site, Desk: h.desk, Store: h.store, Archive: h.raw, Now: func() time.Time { return h.now }, Log: log,
		HTML: reader.HTML, Letter: texts.Letter, Search: h.search, Operations: operations,
	})
	must(err)
	mux := http.NewServeMux()
	for _, m := range append(site.Mounts(), h.console.Mounts()...) {
		mux.Handle(m.Pattern, m.Handler)
	}
	h.server = httptest.NewServer(mux)
	t.Cleanup(h.server.Close)
	t.Cleanup(h.console.Close) // first, or its streams would keep the server
	return h
}

// receive files a mail of a client's, which the options change.
func (h *house) receive(subject, text string, options ...func(*desk.Incoming)) ticket.Outcome {
	h.t.Helper()
	h.mails++
	id := fmt.Sprintf("01kap%015d", h.mails)
	in := desk.Incoming{
		Mail:     id,
		Envelope: journal.Envelope{Received: h.now, From: client, To: []string{"contact@firma.example"}, Peer: "192.0.2.1:40000", Protocol: "ESMTP"},
		Message: ticket.Message{
			MessageID: id + "@kunde.example", Subject: subject, From: ticket.Address{Address: client}, Identified: true,
			To: []ticket.Address{{Address: "contact@firma.example"}}, Text: text, Reply: text,
			Segments: []ticket.Segment{{Kind: ticket.SegmentText, End: len(text)}}, ContentHash: "hash " + id,
		},
		Reading: ticket.Reading{
			Language: "da", LanguageSure: true, Kind: ticket.KindBug, Category: ticket.Category{Name: "login"},
			Claim: ticket.Claim{Severity: ticket.SeverityNormal, Where: ticket.WhereNone},
		},
	}
	for _, o := range options {
		o(&in)
	}
	out, err := h.desk.Receive(h.t.Context(), in)
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

// critical has a mail claim to be so.
func critical(in *desk.Incoming) {
	in.Reading.Claim = ticket.Claim{Severity: ticket.SeverityCritical, Evidence: "Det er kritisk", Where: ticket.WhereBody, Rule: "da"}
}

func answers(out ticket.Outcome) func(*desk.Incoming) {
	return func(in *desk.Incoming) { in.Message.InReplyTo = []string{out.Mail + "@kunde.example"} }
}

func (h *house) order(id ticket.ID, o ticket.Order, roles ...ticket.Role) {
	h.t.Helper()
	by := ticket.Actor{Address: devAddress, Name: "Udvikler", Roles: roles, Door: ticket.DoorMail}
	if _, err := h.desk.Order(h.t.Context(), id, o, by); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) ticket(id ticket.ID) ticket.Ticket {
	h.t.Helper()
	t, ok, err := h.store.Ticket(h.t.Context(), id)
	if err != nil || !ok {
		h.t.Fatal(ok, err)
	}
	return t
}

// browser keeps cookies, and does not follow redirects.
type browser struct {
	h    *house
	http *http.Client
}

func (h *house) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &browser{h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// signedIn is a browser of one of ours.
func (h *house) signedIn(address string) *browser {
	h.t.Helper()
	link, err := h.desk.SignInLink(h.t.Context(), address)
	if err != nil {
		h.t.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil {
		h.t.Fatal(err)
	}
	b := h.browser()
	r := b.post("/console/signin/open", url.Values{"link": {u.Query().Get("link")}})
	if r.StatusCode != http.StatusSeeOther {
		h.t.Fatalf("signing in: %s", r.Status)
	}
	return b
}

func (b *browser) do(r *http.Request) *http.Response {
	b.h.t.Helper()
	answer, err := b.http.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	b.h.t.Cleanup(func() { answer.Body.Close() })
	return answer
}

func (b *browser) request(method, path string, form url.Values) *http.Request {
	b.h.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(b.h.t.Context(), method, b.h.server.URL+path, body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

func (b *browser) get(path string) *http.Response {
	b.h.t.Helper()
	return b.do(b.request(http.MethodGet, path, nil))
}

func (b *browser) post(path string, form url.Values) *http.Response {
	b.h.t.Helper()
	return b.do(b.request(http.MethodPost, path, form))
}

// page reads a page, which must be as every page is.
func (b *browser) page(t *testing.T, path string, status int) *html.Node {
	t.Helper()
	return checked(t, b.get(path), status)
}

func checked(t *testing.T, r *http.Response, status int) *html.Node {
	t.Helper()
	if r.StatusCode != status {
		body, _ := io.ReadAll(r.Body)
		t.Fatalf("%s: %s, want %d: %.300s", r.Request.URL, r.Status, status, body)
	}
	return pagetest.Check(t, r)
}

// hidden are the fields of a page's forms that its reader does not see.
func hidden(doc *html.Node) url.Values {
	form := url.Values{}
	for _, in := range pagetest.Find(doc, "input") {
		if attr(in, "type") == "hidden" {
			form.Set(attr(in, "name"), attr(in, "value"))
		}
	}
	return form
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func wantText(t *testing.T, doc *html.Node, texts ...string) {
	t.Helper()
	got := pagetest.Text(doc)
	for _, want := range texts {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func findClass(doc *html.Node, class string) (found []*html.Node) {
	for n := range doc.Descendants() {
		for _, c := range strings.Fields(attr(n, "class")) {
			if c == class {
				found = append(found, n)
			}
		}
	}
	return found
}
