package widget

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/net/html"

	"aismarttalk.tech/supportd/chatbot"
	"aismarttalk.tech/supportd/desk/chat"
	"aismarttalk.tech/supportd/desk/report"
	"aismarttalk.tech/supportd/faq"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
	"aismarttalk.tech/supportd/web/page/pagetest"
)

var noon = time.Date(2026, 11, 23, 13, 5, 0, 0, time.UTC)

// house is a chat over a store in memory, as a browser without scripts sees it.
type house struct {
	t       *testing.T
	handler http.Handler
	room    *chat.Room
	err     error // of every turn
	reports []report.Report
	doc     *html.Node // the page that is shown
	header  http.Header
	status  int
}

func (h *house) Once(_ context.Context, r report.Report, _ report.Source, _ string) (report.Filed, error) {
	h.reports = append(h.reports, r)
	return report.Filed{Ticket: "AIS-7K3Q-M2XQ", Outcome: ticket.OutcomeOpened}, nil
}

func (h *house) AskStatusLink(context.Context, ticket.ID, string) error { return nil }

func (h *house) Take(ctx context.Context, t chat.Turn) (chat.Answer, error) {
	if h.err != nil {
		return chat.Answer{}, h.err
	}
	return h.room.Take(ctx, t)
}

func newHouse(t *testing.T) *house {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	h := &house{t: t}
	now := func() time.Time { return noon }
	st, err := store.New(memkv.New(), store.Config{})
	must(err)
	book, err := faq.New(faq.Values{Address: "support@firma.example", Prefix: "AIS", Site: "https://support.firma.example"}, faq.Standard())
	must(err)
	bot, err := chatbot.New(chatbot.Config{Prefix: "AIS", Address: "support@firma.example"}, book)
	must(err)
	h.room = chat.New(chat.Parts{
		Bot: bot, Store: st, Reports: h, Status: h, Opens: page.NewLimit(0, 0, now), Now: now, Random: rand.Reader, Log: zerolog.Nop(),
	})
	texts, err := templates.New(templates.Config{DeskName: "Firma support", Timezone: "Europe/Copenhagen", DefaultLanguage: "da"})
	must(err)
	site, err := page.New(page.Config{DeskName: "Firma support", Support: "support@firma.example", DefaultLanguage: "da"},
		page.Deps{Texts: texts, Now: now, Log: zerolog.New(zerolog.NewTestWriter(t))})
	must(err)
	w, err := New(Config{Sites: []string{"https://firma.example", "https://andet.example"}}, site, h, now)
	must(err)
	mux := http.NewServeMux()
	for _, m := range append(site.Mounts(), w.Mounts()...) {
		mux.Handle(m.Pattern, m.Handler)
	}
	h.handler = mux
	return h
}

func (h *house) get(path string) { h.t.Helper(); h.do(httptest.NewRequest("GET", path, nil)) }

func (h *house) do(r *http.Request) {
	h.t.Helper()
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	h.status, h.header = w.Code, w.Header()
	h.doc = pagetest.Check(h.t, w.Result())
}

// send fills in a form of the page that is shown: what is written, or the button
// behind "!".
func (h *house) send(text string) {
	h.t.Helper()
	id, values := "say", url.Values{"text": {text}}
	if press, ok := strings.CutPrefix(text, "!"); ok {
		id, values = "choices", url.Values{"press": {press}}
		found := false
		for _, b := range pagetest.Find(pagetest.ByID(h.doc, id), "button") {
			found = found || pagetest.Attr(b, "value") == press
		}
		if !found {
			h.t.Fatalf("there is no button %s", press)
		}
	}
	form := pagetest.ByID(h.doc, id)
	for _, in := range pagetest.Find(form, "input") {
		if pagetest.Attr(in, "type") == "hidden" {
			values.Set(pagetest.Attr(in, "name"), pagetest.Attr(in, "value"))
		}
	}
	r := httptest.NewRequest("POST", pagetest.Attr(form, "action"), strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	h.do(r)
}

func (h *house) text(id string) string {
	h.t.Helper()
	n := pagetest.ByID(h.doc, id)
	if n == nil {
		h.t.Fatalf("there is no %s", id)
	}
	return pagetest.Text(n)
}

// A visitor without scripts asks, reports, and reads that it was taken in: on the
// page and in the frame.
func TestWithoutScripts(t *testing.T) {
	for _, path := range []string{ChatPath, WidgetPath} {
		h := newHouse(t)
		h.get(path)
		if !strings.Contains(h.text("log"), "Jeg er en chatbot.") {
			t.Errorf("%s: %s", path, h.text("log"))
		}
		h.send("hvor er køreplanen?")
		links := pagetest.Find(pagetest.ByID(h.doc, "log"), "a")
		if len(links) != 1 || pagetest.Attr(links[0], "href") != "https://support.firma.example/roadmap" {
			t.Errorf("%s: %d links in %s", path, len(links), h.text("log"))
		}
		for _, turn := range []string{"!report", "Det <b>fejler</b> på https://ondt.example", "!critical", "!skip", "kunde@firma.example"} {
			h.send(turn)
		}
		if got := h.text("summary"); !strings.Contains(got, "Det <b>fejler</b> på https://ondt.example") || !strings.Contains(got, "kunde@firma.example") || len(h.reports) != 0 {
			t.Errorf("%s: %s, %v", path, got, h.reports)
		}
		if say := pagetest.ByID(h.doc, "say"); !hasAttr(say, "hidden") {
			t.Errorf("%s: words may be sent where only a button helps", path)
		}
		h.send("!send")
		if len(h.reports) != 1 || !strings.Contains(h.text("log"), "AIS-7K3Q-M2XQ er oprettet") {
			t.Errorf("%s: %v, %s", path, h.reports, h.text("log"))
		}
		for _, a := range pagetest.Find(pagetest.ByID(h.doc, "log"), "a") {
			if strings.Contains(pagetest.Attr(a, "href"), "ondt") {
				t.Errorf("%s: what a visitor wrote became a link", path)
			}
		}
	}
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// New bubbles are announced, and each says whose it is, in its language.
func TestForScreenReaders(t *testing.T) {
	h := newHouse(t)
	h.get(ChatPath + "?lang=en")
	h.send("What is a hotfix?")
	log := pagetest.ByID(h.doc, "log")
	if pagetest.Attr(log, "role") != "log" || pagetest.Attr(log, "aria-label") != "The conversation" {
		t.Errorf("%v", log.Attr)
	}
	spoken := regexp.MustCompile(`\s+`).ReplaceAllString(h.text("log"), " ")
	if !strings.Contains(spoken, "You: What is a hotfix?") || !strings.Contains(spoken, "Support: A hotfix is") || strings.Contains(spoken, "Jeg er") {
		t.Error(spoken)
	}
	if pagetest.Attr(pagetest.Find(log, "div")[0], "lang") != "en" {
		t.Errorf("%v", pagetest.Find(log, "div")[0].Attr)
	}
}

// Only the sites of the configuration may show the frame, and nobody the page.
func TestFraming(t *testing.T) {
	h := newHouse(t)
	h.get(WidgetPath)
	if csp := h.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors https://firma.example https://andet.example;") {
		t.Error(csp)
	}
	h.get(ChatPath)
	if csp := h.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Error(csp)
	}
}

// What went wrong is said, and what was written is still there.
func TestFaults(t *testing.T) {
	h := newHouse(t)
	h.get(ChatPath)
	h.send("!report")
	h.err = errors.New("the store is away")
	h.send("Det fejler.")
	if h.status != http.StatusServiceUnavailable || !strings.Contains(h.text("fault"), "support@firma.example. Din tekst står her stadig") || strings.Contains(h.text("fault"), "away") {
		t.Errorf("%d %s", h.status, h.text("fault"))
	}
	if got := pagetest.Attr(pagetest.ByID(h.doc, "text"), "value"); got != "Det fejler." {
		t.Errorf("kept is %q", got)
	}
	h.err = nil
	h.send("Det fejler.")
	if h.status != http.StatusOK || !strings.Contains(h.text("log"), "Hvor alvorligt er det?") {
		t.Errorf("it does not go on: %d %s", h.status, h.text("log"))
	}
}

func TestTooFast(t *testing.T) {
	h := newHouse(t)
	h.get(ChatPath)
	for range turnsPerNetwork + 1 {
		h.send("hej med jer")
	}
	if h.status != http.StatusTooManyRequests || h.header.Get("Retry-After") != "60" || !strings.Contains(h.text("fault"), "Prøv igen kl. 14.06") {
		t.Errorf("%d %s", h.status, h.text("fault"))
	}
	if got := pagetest.Attr(pagetest.ByID(h.doc, "text"), "value"); got != "hej med jer" {
		t.Errorf("kept is %q", got)
	}
}

// A form of another site does nothing (bad-input 142), and neither does one that is
// too large.
func TestForeignForms(t *testing.T) {
	h := newHouse(t)
	r := httptest.NewRequest("POST", ChatPath, strings.NewReader("text=hej"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if h.do(r); h.status != http.StatusForbidden {
		t.Error(h.status)
	}
	r = httptest.NewRequest("POST", ChatPath, strings.NewReader("text="+strings.Repeat("x", 100<<10)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if h.do(r); h.status != http.StatusRequestEntityTooLarge {
		t.Error(h.status)
	}
}

// The script of other sites is small, asks for no framework and keeps to what their
// policies allow.
func TestScript(t *testing.T) {
	h := newHouse(t)
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, httptest.NewRequest("GET", ScriptPath, nil))
	js := w.Body.String()
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" || w.Header().Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if len(js) > 10_000 {
		t.Errorf("it has %d bytes", len(js))
	}
	for _, bad := range []string{"innerHTML", "eval(", "document.write", "cssText", "setAttribute('style'", "'*'"} {
		if strings.Contains(js, bad) {
			t.Errorf("it has %s", bad)
		}
	}
}

func TestSites(t *testing.T) {
	for site, ok := range map[string]bool{
		"https://firma.example": true, "http://localhost:3000": true,
		"https://firma.example/": false, "firma.example": false, "https://firma.example/a": false, "https://*.firma.example": false,
		"javascript:alert(1)": false, "https://a.example; script-src *": false, "": false,
	} {
		if err := (Config{Sites: []string{site}}).Validate(); (err == nil) != ok {
			t.Errorf("%q: %v", site, err)
		}
	}
}
