package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/desk/report"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

const chatReport = `{"reporter":{"address":"kunde@firma.example","name":"Karen\r\nBcc: x@y.example","language":"da"},
	"subject":"Kan ikke logge ind\r\nBcc: x@y.example","text":"Fejl 502.\nHver gang.","claim":"critical","attachments":[{"filename":"../../skærm.png","content_type":"image/png","content":"aGVq"}]}`

// A report takes the way of a mail: what its program said stands beside what was
// written, and no field can add to a header (bad-input 71).
func TestReport(t *testing.T) {
	h := newHouse(t, nil)
	r := h.ask("chatbot", "POST", "/api/v1/tickets", chatReport)
	if r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.body)
	}
	got := answer[MailList](h, "support", "GET", "/api/v1/mails?outcome=opened", "").Mails[0]
	m := answer[MailDetails](h, "support", "GET", "/api/v1/mails/"+got.Mail, "")
	if m.Subject != "Kan ikke logge ind Bcc: x@y.example" || m.From.Name != "Karen Bcc: x@y.example" || m.From.Address != "kunde@firma.example" || len(m.To) != 1 {
		t.Errorf("the mail: %+v", m)
	}
	d := answer[TicketDetails](h, "support", "GET", "/api/v1/tickets/"+string(m.Ticket), "")
	if d.Claim.Severity != ticket.SeverityCritical || d.Language != "da" || len(d.Entries) != 1 || d.Entries[0].Text != "Fejl 502.\nHver gang." ||
		d.Entries[0].Trust != ticket.TrustUnverified || !d.Unproven {
		t.Errorf("the ticket: %+v", d)
	}
}

// Nothing of a report is repeated to an address that nobody has proved, unless the
// program may and does answer for it.
func TestReportOfAProvenReporter(t *testing.T) {
	h := newHouse(t, nil)
	const body = `{"reporter":{"address":"kunde@firma.example"},"subject":"Faktura","text":"Linje 3 mangler.","verified":true}`
	if r := h.ask("chatbot", "POST", "/api/v1/tickets", body); r.status != http.StatusForbidden {
		t.Errorf("a token without report:verified: %d %s", r.status, r.body)
	}
	id := answer[Reported](h, "portal", "POST", "/api/v1/tickets", body).Ticket
	d := answer[TicketDetails](h, "support", "GET", "/api/v1/tickets/"+string(id), "")
	if d.Unproven || d.Entries[0].Trust != ticket.TrustVerified {
		t.Errorf("%+v", d)
	}
}

func TestReportsThatAreRefused(t *testing.T) {
	h := newHouse(t, nil)
	big := base64.StdEncoding.EncodeToString(make([]byte, report.MaxFiles/2+1))
	for name, c := range map[string]struct {
		token, body string
		status      int
	}{
		"no scope":         {"", `{}`, 401},
		"two mailboxes":    {"chatbot", `{"reporter":{"address":"a@x.example, b@x.example"},"subject":"x","text":"y"}`, 422},
		"a line break":     {"chatbot", `{"reporter":{"address":"a@x.example\r\nBcc: b@x.example"},"subject":"x","text":"y"}`, 422},
		"blank text":       {"chatbot", `{"reporter":{"address":"a@x.example"},"subject":"x","text":" \n"}`, 422},
		"an odd type":      {"chatbot", `{"reporter":{"address":"a@x.example"},"subject":"x","text":"y","attachments":[{"filename":"a","content_type":"a/b\r\nX: y","content":""}]}`, 422},
		"no base64":        {"chatbot", `{"reporter":{"address":"a@x.example"},"subject":"x","text":"y","attachments":[{"filename":"a","content":"%%"}]}`, 422},
		"too large a file": {"chatbot", fmt.Sprintf(`{"reporter":{"address":"a@x.example"},"subject":"x","text":"y","attachments":[{"filename":"a","content":%q},{"filename":"b","content":%q}]}`, big, big), 413},
		"too large a body": {"chatbot", `{"text":"` + strings.Repeat("x", 17<<20), 413},
	} {
		if r := h.ask(c.token, "POST", "/api/v1/tickets", c.body); r.status != c.status {
			t.Errorf("%s: %d %.200s, want %d", name, r.status, r.body, c.status)
		}
	}
}

// stuckIntake accepts mail that nobody files.
type stuckIntake struct{ *journal.Journal }

func (s stuckIntake) Put(context.Context, journal.Envelope, io.Reader) (journal.ID, error) {
	return "", errors.New("disk on fire")
}

// What cannot be kept is not said to be.
func TestReportThatCannotBeKept(t *testing.T) {
	h := newHouse(t, func(_ *desk.Config, p *Parts) { p.Intake = stuckIntake{} })
	if r := h.ask("chatbot", "POST", "/api/v1/tickets", chatReport); r.status != http.StatusServiceUnavailable || bytes.Contains(r.body, []byte("fire")) {
		t.Errorf("%d %s", r.status, r.body)
	}
}

// However many ask at once with one key, one ticket is opened, and all who are
// answered are answered alike.
func TestIdempotencyKey(t *testing.T) {
	h := newHouse(t, nil)
	const body = `{"reporter":{"address":"kunde@firma.example"},"subject":"Faktura","text":"Linje 3 mangler."}`
	replies := make([]reply, 8)
	var group sync.WaitGroup
	for i := range replies {
		group.Go(func() { replies[i] = h.ask("chatbot", "POST", "/api/v1/tickets", body, "Idempotency-Key", "one") })
	}
	group.Wait()
	first := h.ask("chatbot", "POST", "/api/v1/tickets", body, "Idempotency-Key", "one")
	if first.status != http.StatusCreated || first.header.Get("Idempotency-Replayed") != "true" {
		t.Fatalf("%d %s", first.status, first.body)
	}
	for _, r := range replies {
		switch r.status {
		case http.StatusCreated:
			if !bytes.Equal(r.body, first.body) {
				t.Errorf("answered %s and %s", r.body, first.body)
			}
		case http.StatusConflict:
			if p := r.problem(t); p.Code != CodeKeyInUse {
				t.Errorf("%+v", p)
			}
		default:
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	if list := answer[TicketList](h, "support", "GET", "/api/v1/tickets", ""); len(list.Tickets) != 1 {
		t.Errorf("%d tickets", len(list.Tickets))
	}
	if p := h.ask("chatbot", "POST", "/api/v1/tickets", strings.Replace(body, "3", "4", 1), "Idempotency-Key", "one").problem(t); p.Status != 422 || p.Code != CodeKeyReused {
		t.Errorf("the key for another request: %+v", p)
	}
	if r := h.ask("portal", "POST", "/api/v1/tickets", strings.Replace(body, "3", "4", 1), "Idempotency-Key", "one"); r.status != http.StatusCreated {
		t.Errorf("the same key of another token: %d %s", r.status, r.body)
	}
	if r := h.ask("chatbot", "POST", "/api/v1/tickets", body, "Idempotency-Key", "a b"); r.status != http.StatusBadRequest {
		t.Errorf("a key that is none: %d", r.status)
	}

	h.clock.advance(25 * time.Hour)
	if gone, err := h.store.Expire(t.Context(), h.clock.now()); err != nil || gone != 2 {
		t.Errorf("%d keys forgotten, %v", gone, err)
	}
}

// A command with a key is done once; one that was refused may be given again with
// the same key.
func TestIdempotentCommands(t *testing.T) {
	h := newHouse(t, nil)
	id := h.open("portal", "Faktura", "Linje 3 mangler.")
	for range 2 {
		h.ask("support", "POST", commands(id), `{"command":"note","text":"Ringet."}`, "Idempotency-Key", "note")
	}
	if d := answer[TicketDetails](h, "support", "GET", "/api/v1/tickets/"+string(id), ""); d.Event != 2 {
		t.Errorf("%d events", d.Event)
	}
	const resolve = `{"command":"reopen","reason":"Igen."}`
	if r := h.ask("support", "POST", commands(id), resolve, "Idempotency-Key", "later"); r.status != http.StatusConflict {
		t.Fatal(r.status)
	}
	h.do("support", id, `{"command":"close","reason":"Sendt to gange."}`)
	if r := h.ask("support", "POST", commands(id), resolve, "Idempotency-Key", "later"); r.status != http.StatusOK {
		t.Errorf("%d %s", r.status, r.body)
	}
}

// A report that was accepted just before a crash is found again by its key, though
// the answer was never remembered.
func TestReportAfterACrash(t *testing.T) {
	h := newHouse(t, nil)
	const body = `{"reporter":{"address":"kunde@firma.example"},"subject":"Faktura","text":"Linje 3 mangler."}`
	first := answer[Reported](h, "chatbot", "POST", "/api/v1/tickets", body, "Idempotency-Key", "one")
	if err := h.store.Unclaim(t.Context(), store.Claim{Owner: "chatbot", Key: "one"}); err != nil { // as if it had not been remembered
		t.Fatal(err)
	}
	again := answer[Reported](h, "chatbot", "POST", "/api/v1/tickets", body, "Idempotency-Key", "one")
	if again != first {
		t.Errorf("%+v, then %+v", first, again)
	}
}

// A file is for saving, by its mail's ticket alone, and under a harmless name
// (bad-input 113 to 115, 141).
func TestAttachment(t *testing.T) {
	h := newHouse(t, nil)
	r := answer[Reported](h, "chatbot", "POST", "/api/v1/tickets", chatReport)
	other := h.open("portal", "Faktura", "Linje 3 mangler.")
	path := func(id ticket.ID, n string) string { return "/api/v1/tickets/" + string(id) + "/attachments/" + n }
	got := h.ask("support", "GET", path(r.Ticket, r.Mail+".1"), "")
	if got.status != http.StatusOK || string(got.body) != "hej" {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for name, want := range map[string]string{
		"Content-Type":            "application/octet-stream",
		"Content-Disposition":     "attachment; filename=" + r.Mail + "-1.bin; filename*=UTF-8''sk%C3%A6rm.png",
		"X-Content-Type-Options":  "nosniff",
		"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
	} {
		if v := got.header.Get(name); v != want {
			t.Errorf("%s: %s, want %s", name, v, want)
		}
	}
	for p, status := range map[string]int{
		path(other, r.Mail+".1"):                      404,
		path(r.Ticket, r.Mail+".2"):                   404,
		path(r.Ticket, r.Mail+".0"):                   400,
		path(r.Ticket, r.Mail):                        400,
		path(r.Ticket, "..%2F..%2Fadmin.token.1"):     400,
		path("AIS-0000-0000", r.Mail+".1"):            404,
		path(r.Ticket, "01kap000000000000000.999999"): 404,
	} {
		if got := h.ask("support", "GET", p, ""); got.status != status {
			t.Errorf("%s: %d, want %d", p, got.status, status)
		}
	}
	if got := h.ask("chatbot", "GET", path(r.Ticket, r.Mail+".1"), ""); got.status != http.StatusForbidden {
		t.Error("a chatbot's token:", got.status)
	}
}

func TestDisposition(t *testing.T) {
	for original, want := range map[string]string{
		"skærm.png":               "sk%C3%A6rm.png",
		".htaccess":               "_htaccess",
		"a\r\nSet-Cookie: x.txt":  "a__Set-Cookie_%20x.txt",
		"faktura\u202Egnp.exe":    "faktura_gnp.exe",
		"\u2067faktura\u2069.pdf": "_faktura_.pdf",
		"faktura\u2024exe":        "faktura_exe",
		"a\u030Arsopg\u00F8relse": "%C3%A5rsopg%C3%B8relse",
		"a\"; filename=b.html":    "a__%20filename_b.html",
		strings.Repeat("x", 5000): strings.Repeat("x", 80),
		"..\\..\\win.ini":         "______win.ini",
		"":                        "",
		"\x00":                    "",
	} {
		got := disposition("m", 1, original)
		_, name, _ := strings.Cut(got, "filename*=UTF-8''")
		if name != want || strings.ContainsAny(got, "\r\n") {
			t.Errorf("%q: %s", original, got)
		}
	}
}
