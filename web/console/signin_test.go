package console_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page/pagetest"
)

// The whole way in by mail: whoever asks is told the same; the link's page spends
// nothing; its button does, once.
func TestSignInByMailedLink(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	asked := map[string]string{}
	for _, address := range []string{supportAddress, "stranger@elsewhere.example"} {
		r := b.post("/console/signin", url.Values{"address": {address}, "next": {"/console/keys"}})
		doc := b.page(t, r.Header.Get("Location"), http.StatusOK)
		asked[address] = r.Status + r.Header.Get("Location") + pagetest.Text(doc)
	}
	if asked[supportAddress] != asked["stranger@elsewhere.example"] {
		t.Errorf("a listed address is told %q, a stranger %q", asked[supportAddress], asked["stranger@elsewhere.example"])
	}
	if _, err := h.desk.DoChores(t.Context()); err != nil {
		t.Fatal(err)
	}
	letters, err := h.store.NoticesIn(t.Context(), ticket.NoticeQueued, 10)
	if err != nil || len(letters) != 1 || letters[0].To.Address != supportAddress {
		t.Fatalf("letters %+v, error %v", letters, err)
	}
	link := strings.TrimPrefix(letters[0].Facts.Link, "http://support.firma.example")
	for range 3 { // programs that look at mail follow links
		wantText(t, b.page(t, link, http.StatusOK), "Tryk på knappen")
	}
	form := hidden(b.page(t, link, http.StatusOK))
	r := b.post("/console/signin/open", form)
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/console/keys" {
		t.Fatalf("signed in: %s to %q", r.Status, r.Header.Get("Location"))
	}
	cookie := r.Header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Strict", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("%s is missing in the cookie %s", want, cookie)
		}
	}
	b.page(t, "/console", http.StatusOK)
	wantText(t, checked(t, h.browser().post("/console/signin/open", form), http.StatusGone), "brugt eller for gammelt")
}

// Bad-input 140: asking for links in a row is bounded.
func TestSignInLimit(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	last := 0
	for range 12 {
		last = b.post("/console/signin", url.Values{"address": {supportAddress}}).StatusCode
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the twelfth question within a minute: %d", last)
	}
}

// paths are all that the console answers to those who are signed in.
func paths(id string) []string {
	at := "/console/tickets/" + id
	return []string{
		"GET /console", "GET /console/keys", "POST /console/keys", "GET /console/events", "GET /console/rows?ids=" + id, "POST /console/signout",
		"GET " + at, "GET " + at + "/do/reply", "POST " + at + "/do/reply", "POST " + at + "/drafts/reply",
		"GET " + at + "/mails/01kap000000000000001", "GET " + at + "/mails/01kap000000000000001/html", "GET " + at + "/mails/01kap000000000000001/raw",
		"GET " + at + "/attachments/01kap000000000000001.1",
	}
}

// Bad-input 145: without a session, with one made up by somebody else, and with the
// cookie from before the sign-out, every page answers 401 and shows nothing.
func TestNobodyIsLetInWithoutASession(t *testing.T) {
	h := newHouse(t)
	id := string(h.receive("Hemmelig sag", "Hemmelig tekst").Ticket)
	for _, name := range []string{"supportd", "__Host-supportd"} {
		for _, old := range []string{"", "chosen-by-somebody", h.signedOut()} {
			for _, path := range paths(id) {
				method, path, _ := strings.Cut(path, " ")
				b := h.browser()
				r := b.request(method, path, url.Values{"text": {"Hej"}})
				if method == http.MethodGet {
					r = b.request(method, path, nil)
				}
				if old != "" {
					r.Header.Set("Cookie", name+"="+old)
				}
				answer := b.do(r)
				body, _ := io.ReadAll(answer.Body)
				if answer.StatusCode != http.StatusUnauthorized || strings.Contains(string(body), "Hemmelig") {
					t.Errorf("%s %s with the session %q: %s", method, path, old, answer.Status)
				}
			}
		}
	}
	if h.ticket(ticket.ID(id)).Events != 1 {
		t.Error("something was done")
	}
}

// signedOut is the session of one who has signed out.
func (h *house) signedOut() string {
	h.t.Helper()
	b := h.signedIn(supportAddress)
	u, _ := url.Parse(h.server.URL)
	secret := b.http.Jar.Cookies(u)[0].Value
	if r := b.post("/console/signout", url.Values{}); r.StatusCode != http.StatusSeeOther {
		h.t.Fatalf("signing out: %s", r.Status)
	}
	return secret
}

// Bad-input 145: the session that a browser brought to the sign-in is not the one that
// it has afterwards.
func TestSessionIsRotated(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	u, _ := url.Parse(h.server.URL)
	b.http.Jar.SetCookies(u, []*http.Cookie{{Name: "supportd", Value: "planted", Path: "/"}})
	link, err := h.desk.SignInLink(t.Context(), supportAddress)
	if err != nil {
		t.Fatal(err)
	}
	_, secret, _ := strings.Cut(link, "link=")
	b.post("/console/signin/open", url.Values{"link": {secret}})
	for _, c := range b.http.Jar.Cookies(u) {
		if c.Value == "planted" {
			t.Error("the planted session is kept")
		}
	}
	b.page(t, "/console", http.StatusOK)
}

// Bad-input 142: a form of another site does nothing, signed in or not.
func TestFormsOfOtherSites(t *testing.T) {
	h := newHouse(t)
	id := string(h.receive("Chatbot", "Den svarer ikke.").Ticket)
	b := h.signedIn(supportAddress)
	for _, path := range paths(id) {
		method, path, _ := strings.Cut(path, " ")
		if method != http.MethodPost {
			continue
		}
		for name, header := range map[string]http.Header{
			"cross-site":     {"Sec-Fetch-Site": {"cross-site"}},
			"same-site":      {"Sec-Fetch-Site": {"same-site"}},
			"foreign origin": {"Origin": {"https://evil.example"}},
			"null origin":    {"Origin": {"null"}},
		} {
			r := b.request(method, path, url.Values{"do": {"send"}, "text": {"Hej"}, "seen": {"1"}})
			r.Header.Del("Sec-Fetch-Site")
			for k, v := range header {
				r.Header[k] = v
			}
			if answer := b.do(r); answer.StatusCode != http.StatusForbidden {
				t.Errorf("%s from %s: %s", path, name, answer.Status)
			}
		}
	}
}

// Bad-input 143: what is too large is refused, and the next request is answered.
func TestLargeForms(t *testing.T) {
	h := newHouse(t)
	id := string(h.receive("Chatbot", "Den svarer ikke.").Ticket)
	b := h.signedIn(supportAddress)
	big := url.Values{"text": {strings.Repeat("x", 1<<20)}}
	if r := b.post("/console/tickets/"+id+"/do/reply", big); r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a form of 1 MB: %s", r.Status)
	}
	b.page(t, "/console", http.StatusOK)
}

// Bad-input 141, 144: a mail of another ticket is not there, and no page repeats what the
// Host header says.
func TestMailsOfOtherTickets(t *testing.T) {
	h := newHouse(t)
	one, other := h.receive("En sag", "Hemmelig tekst"), h.receive("En anden sag", "Noget andet")
	b := h.signedIn(supportAddress)
	wantText(t, b.page(t, "/console/tickets/"+string(one.Ticket)+"/mails/"+one.Mail, http.StatusOK), "Hemmelig tekst")
	for _, rest := range []string{"", "/html"} {
		if r := b.get("/console/tickets/" + string(other.Ticket) + "/mails/" + one.Mail + rest); r.StatusCode != http.StatusNotFound {
			t.Errorf("a mail of another ticket%s: %s", rest, r.Status)
		}
	}
	r := b.request(http.MethodGet, "/console", nil)
	r.Host = "evil.example"
	body, _ := io.ReadAll(b.do(r).Body)
	if strings.Contains(string(body), "evil.example") {
		t.Error("the page repeats the Host header")
	}
}

// Nobody is led out of the console by a link that he signs in with.
func TestNextStaysHere(t *testing.T) {
	h := newHouse(t)
	for _, next := range []string{"https://evil.example/", "//evil.example/console", "/console/../t", `/console/\evil.example`, "/other", "javascript:alert(1)", "/console/signin?link=x"} {
		doc := h.browser().page(t, "/console/signin?next="+url.QueryEscape(next), http.StatusOK)
		if got := hidden(doc).Get("next"); got != "/console" && got != "/console/../t" {
			t.Errorf("%q leads to %q", next, got)
		}
	}
}

// A page in mail on the web opens without its cookie, and asks again from here.
func TestLinkFromAnotherSite(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	r := b.request(http.MethodGet, "/console/keys", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	answer := b.do(r)
	body, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusOK || !strings.Contains(string(body), `http-equiv="refresh"`) || strings.Contains(string(body), "næste og forrige") {
		t.Errorf("%s: %s", answer.Status, body)
	}
}

// HTML of a mail is a page of its own, with a policy that lets it do nothing.
func TestMailHTML(t *testing.T) {
	h := newHouse(t)
	out := h.receive("HTML", "Hej")
	h.raw["01kap000000000000001"] = []byte("From: kunde@kunde.example\r\nSubject: HTML\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
		"<p>Hej</p><script>alert(1)</script><img src=http://evil.example/x.gif>")
	b := h.signedIn(supportAddress)
	base := "/console/tickets/" + string(out.Ticket) + "/mails/" + out.Mail
	doc := b.page(t, base, http.StatusOK)
	frames := pagetest.Find(doc, "iframe")
	if len(frames) != 1 || attr(frames[0], "sandbox") != "" || attr(frames[0], "src") != base+"/html" {
		t.Fatalf("%d frames: %+v", len(frames), frames)
	}
	r := b.get(base + "/html")
	body, _ := io.ReadAll(r.Body)
	if csp := r.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "sandbox; default-src 'none'") {
		t.Errorf("its policy is %s", csp)
	}
	if s := string(body); !strings.Contains(s, "<p>Hej</p>") || strings.Contains(s, "script") || strings.Contains(s, "evil") {
		t.Errorf("the frame shows %s", body)
	}
}

// An erased person's ticket has no drafts that repeat his words.
func TestDraftsOfAnErasedPerson(t *testing.T) {
	h := newHouse(t)
	id := h.receive("Chatbot", "Den svarer ikke.").Ticket
	b := h.signedIn(supportAddress)
	b.post("/console/tickets/"+string(id)+"/drafts/note", url.Values{"text": {"Kunden siger, at den ikke svarer"}})
	person, err := h.desk.Person(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.desk.ErasePerson(t.Context(), person, "bedt om det", ticket.Actor{Address: "admin", Door: ticket.DoorCLI}); err != nil {
		t.Fatal(err)
	}
	drafts, err := h.store.Drafts(t.Context(), id, supportAddress)
	if err != nil || len(drafts) != 0 {
		t.Errorf("drafts %v, error %v", drafts, err)
	}
}
