package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

func TestListTickets(t *testing.T) {
	f := newFixture(t)
	for _, c := range []struct {
		query string
		want  []int // of f.ids
	}{
		{"", []int{0, 1, 2}},
		{"?status=reported", []int{0, 1, 2}},
		{"?status=closed", nil},
		{"?severity=critical", []int{0}},
		{"?reporter=Kunde@Firma.example", []int{0, 2}},
		{"?reporter=kunde@firma.example&severity=normal", []int{2}},
		{"?q=FAKTURA", []int{2}},
		{"?q=company.example", []int{1}},
		{"?status=reported&q=nothing+like+it", nil},
	} {
		var got, want []string
		for _, row := range decode[TicketList](t, f.ask("GET", "/api/v1/tickets"+c.query, "")).Tickets {
			got = append(got, string(row.ID))
		}
		for _, i := range c.want {
			want = append(want, string(f.ids[i]))
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", c.query, diff)
		}
	}
}

// Walking a list by its cursor meets every ticket once, in order.
func TestListTicketsByPages(t *testing.T) {
	f := newFixture(t)
	for _, path := range []string{"/api/v1/tickets?status=reported&limit=1", "/api/v1/tickets?limit=1", "/api/v1/tickets?limit=2"} {
		var got []ticket.ID
		for next, pages := "", 0; pages < 20; pages++ {
			page := decode[TicketList](t, f.ask("GET", path+"&cursor="+next, ""))
			for _, row := range page.Tickets {
				got = append(got, row.ID)
			}
			if next = page.Next; next == "" {
				break
			}
		}
		if diff := cmp.Diff(f.ids, got); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
	}
	for _, cursor := range []string{"%21", "OTk6", "eA"} { // no base64; "99:"; "x"
		if w := f.ask("GET", "/api/v1/tickets?cursor="+cursor, ""); w.Code != http.StatusBadRequest {
			t.Error("a cursor that is none:", w.Code, w.Body)
		}
	}
}

func TestGetTicket(t *testing.T) {
	f := newFixture(t)
	id := string(f.ids[0])
	// As people write it, too.
	for _, form := range []string{id, strings.ToLower(id), strings.ReplaceAll(id, "-", "")} {
		got := decode[TicketDetails](t, f.ask("GET", "/api/v1/tickets/"+form, ""))
		if got.ID != f.ids[0] || got.State != ticket.StateReported || len(got.Events) != 1 || len(got.Entries) != 1 {
			t.Errorf("%s: %+v", form, got)
		}
	}
	if w := f.ask("GET", "/api/v1/tickets/AIS-0000-0000", ""); w.Code != http.StatusNotFound {
		t.Error("an ID that nobody has:", w.Code)
	}
}

// Odd characters in IDs are refused before they can become part of a key
// (bad-input 147).
func TestOddIDsAreRefused(t *testing.T) {
	f := newFixture(t)
	for _, path := range []string{
		"/api/v1/tickets/AIS-7K3Q-M2XE", // wrong check character
		"/api/v1/tickets/%7Bdesk%7D:ticket*",
		"/api/v1/tickets/AIS%0D%0ASET",
		"/api/v1/tickets/..%2F..%2Fetc",
		"/api/v1/mails/..%2F..%2Fadmin.token",
		"/api/v1/mails/%7B%7D%0D%0A012345678901234",
		"/api/v1/tickets/" + string(f.ids[0]) + "/raw/..%2F..%2F..%2Fadmin.token",
	} {
		w := f.ask("GET", path, "")
		if w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestMails(t *testing.T) {
	f := newFixture(t)
	const id = "01kap000000000000000"
	for _, query := range []string{"message_id=" + id + "@firma.example", "message_id=%3C" + id + "@FIRMA.example%3E", "outcome=opened&limit=1"} {
		list := decode[MailList](t, f.ask("GET", "/api/v1/mails?"+query, ""))
		if len(list.Mails) != 1 || list.Mails[0].Mail != id || list.Mails[0].Ticket != f.ids[0] {
			t.Errorf("%s: %+v", query, list)
		}
	}
	if w := f.ask("GET", "/api/v1/mails", ""); w.Code != http.StatusBadRequest {
		t.Error("a question without a filter:", w.Code)
	}
	m := decode[MailDetails](t, f.ask("GET", "/api/v1/mails/"+id, ""))
	if m.Envelope.From != "kunde@firma.example" || m.Outcome.Outcome != ticket.OutcomeOpened {
		t.Errorf("%+v", m)
	}
	if w := f.ask("GET", "/api/v1/mails/01kap000000000000099", ""); w.Code != http.StatusNotFound {
		t.Error("a mail that never came:", w.Code)
	}
}

// A mail that is not filed yet is told of too: nothing accepted is invisible.
func TestMailsInTheJournal(t *testing.T) {
	f := newFixture(t)
	f.journal.mails = map[journal.ID]journal.Mail{
		"01kap0000000000000aa": {Envelope: journal.Envelope{From: "kunde@firma.example", Received: noon}, Size: 7},
		"01kap0000000000000bb": {Envelope: journal.Envelope{From: "kunde@firma.example", Received: noon}, Size: 8},
	}
	f.journal.parked = []journal.Parked{{ID: "01kap0000000000000bb", Reason: "value over 8 MiB"}}
	m := decode[MailDetails](t, f.ask("GET", "/api/v1/mails/01kap0000000000000aa", ""))
	if m.Waiting != WaitingPending || m.Mail != "01kap0000000000000aa" || m.Size != 7 || !m.Received.Equal(noon) {
		t.Errorf("%+v", m)
	}
	m = decode[MailDetails](t, f.ask("GET", "/api/v1/mails/01kap0000000000000bb", ""))
	if m.Waiting != WaitingParked || !slices.Equal(m.Reasons, []string{"value over 8 MiB"}) {
		t.Errorf("%+v", m)
	}
}

func TestOutbox(t *testing.T) {
	f := newFixture(t)
	states := []ticket.NoticeState{ticket.NoticeQueued, ticket.NoticeSent, ticket.NoticeHeld, ticket.NoticeGivenUp, ticket.NoticeBounced}
	err := f.parts.Store.Update(t.Context(), func(tx *store.Tx) error {
		for i, state := range states {
			n := ticket.Notice{
				Ticket: f.ids[0], Number: i + 1, Kind: ticket.NoticeAcknowledgement, To: ticket.Address{Address: "kunde@firma.example"},
				Language: "da", Owed: noon,
			}
			if err := tx.Owe(n); err != nil {
				return err
			}
			n.State = state
			if err := tx.PutNotice(n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"":                       "bounced given-up held queued", // nothing that failed is out of sight
		"?limit=2":               "bounced given-up",
		"?state=unsent&limit=50": "bounced given-up held queued",
		"?state=queued":          "queued",
		"?state=given-up":        "given-up",
		"?state=sent":            "sent",
	} {
		var got []string
		for _, l := range decode[Outbox](t, f.ask("GET", "/api/v1/outbox"+query, "")).Letters {
			got = append(got, string(l.State))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %s", query, got, want)
		}
	}
	promises := decode[TicketDetails](t, f.ask("GET", "/api/v1/tickets/"+string(f.ids[0]), "")).Promises
	if len(promises) != len(states) || promises[0].To != "kunde@firma.example" || promises[0].State != ticket.NoticeQueued {
		t.Errorf("%+v", promises)
	}
}

// A mail that is damaged on disk is not said to come back in a moment, and is not
// handed out as if it were whole.
func TestDamagedRawMail(t *testing.T) {
	f := newFixture(t)
	const id = "01kap000000000000000"
	path := "/api/v1/tickets/" + string(f.ids[0]) + "/raw/" + id
	f.archive[id] = damaged
	w := f.ask("GET", path, "")
	if w.Code != http.StatusGone || !strings.Contains(w.Body.String(), "damaged on disk") {
		t.Error(w.Code, w.Body)
	}

	f.archive[id] = strings.Repeat("x", 1<<20) + damaged
	server := httptest.NewServer(f.Handler())
	defer server.Close()
	r, err := http.NewRequest("GET", server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+adminSecret)
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err == nil {
		t.Error("the answer does not break off")
	}
}

// A raw mail is for saving, never for showing (bad-input 113).
func TestRawMail(t *testing.T) {
	f := newFixture(t)
	w := f.ask("GET", "/api/v1/tickets/"+string(f.ids[0])+"/raw/01kap000000000000000", "")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<script>") {
		t.Fatal(w.Code, w.Body)
	}
	for name, want := range map[string]string{
		"Content-Type":            "application/octet-stream",
		"Content-Disposition":     `attachment; filename="01kap000000000000000.eml"`,
		"X-Content-Type-Options":  "nosniff",
		"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
		"Cache-Control":           "no-store",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	// Not through another ticket (bad-input 141).
	if w := f.ask("GET", "/api/v1/tickets/"+string(f.ids[1])+"/raw/01kap000000000000000", ""); w.Code != http.StatusNotFound {
		t.Error("the mail of another ticket:", w.Code)
	}
	delete(f.archive, "01kap000000000000000")
	if w := f.ask("GET", "/api/v1/tickets/"+string(f.ids[0])+"/raw/01kap000000000000000", ""); w.Code != http.StatusNotFound {
		t.Error("a mail whose bytes were deleted:", w.Code, w.Body)
	}
}

func TestCommands(t *testing.T) {
	f := newFixture(t)
	path := "/api/v1/tickets/" + string(f.ids[0]) + "/commands"
	for _, c := range []struct {
		name, body string
		want       ticket.Order
		by         string
	}{
		{"pass", `{"command":"pass","verified":"logged in twice","as":"QA@ours.example"}`,
			ticket.Order{Verb: ticket.VerbPass, Verified: "logged in twice"}, "qa@ours.example"},
		{"close", `{"command":"close","reason":"sent twice"}`, ticket.Order{Verb: ticket.VerbClose, Reason: "sent twice"}, "token:admin"},
		{"close on the reporter's word", `{"command":"close","closing":"confirmed"}`,
			ticket.Order{Verb: ticket.VerbClose, Closing: ticket.ClosingConfirmed}, "token:admin"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if w := f.ask("POST", path, c.body); w.Code != http.StatusOK {
				t.Fatal(w.Code, w.Body)
			}
			if diff := cmp.Diff(c.want, f.desk.order); diff != "" {
				t.Error(diff)
			}
			if f.desk.id != f.ids[0] || f.desk.by.Address != c.by {
				t.Errorf("ticket %s by %+v", f.desk.id, f.desk.by)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	f := newFixture(t)
	path := "/api/v1/tickets/" + string(f.ids[0]) + "/commands"
	const body = `{"command":"close","reason":"x"}`
	for _, c := range []struct {
		name, secret, body string
		err                error
		code               int
		says               string
	}{
		{"by the ticket", adminSecret, body, &ticket.Refused{Code: ticket.RefusedRole, Reason: "only QA announces a fix"}, 409, "only QA announces a fix"},
		{"an ID that nobody has", adminSecret, body, desk.ErrNoTicket, 404, "no such ticket"},
		{"by the store", adminSecret, body, errors.New("dial tcp 10.0.0.1:6379: secret detail"), 503, "try again"},
		{"nobody of the staff", adminSecret, `{"command":"close","as":"x@y.example"}`, nil, 409, "nobody of the staff"},
		{"not the admin", supportSecret, `{"command":"close","as":"qa@ours.example"}`, nil, 403, "only the admin's token"},
		{"no token", "", body, nil, 401, "admin.token"},
		{"a wrong token", "x" + adminSecret, body, nil, 401, "admin.token"},
		{"no scope of staff", chatbotSecret, body, nil, 403, "staff:support"},
		{"no JSON", adminSecret, `{"command":`, nil, 400, ""},
		{"an unknown field", adminSecret, `{"command":"close","raeson":"x"}`, nil, 422, "unexpected property"},
		{"a wrong word", adminSecret, `{"command":"resolve","result":"super-secret-value"}`,
			&ticket.OrderError{Code: ticket.OrderValue, Verb: ticket.VerbResolve, Field: ticket.FieldResult, Value: "super-secret-value", Possible: []string{"fixed"}}, 422, `"possible":["fixed"]`},
		{"deep JSON", adminSecret, `{"command":` + strings.Repeat("[", 100_000), nil, 400, ""}, // bad-input 143
		{"large JSON", adminSecret, `{"command":"` + strings.Repeat("x", 2<<20) + `"}`, nil, 413, "too large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f.desk.err = c.err
			w := f.askWith(c.secret, "POST", path, strings.NewReader(c.body))
			if w.Code != c.code {
				t.Fatalf("%d %s, want %d", w.Code, w.Body, c.code)
			}
			if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
				t.Error("Content-Type:", got)
			}
			for _, hidden := range []string{"secret detail", "super-secret-value"} {
				if strings.Contains(w.Body.String(), hidden) {
					t.Errorf("the answer shows %q: %s", hidden, w.Body)
				}
			}
			if !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("the answer does not say %q: %s", c.says, w.Body)
			}
		})
	}
}

// Only the operator has mails filed again.
func TestReplay(t *testing.T) {
	f := newFixture(t)
	for _, c := range []struct {
		secret, body string
		code         int
		since        time.Time
	}{
		{supportSecret, `{}`, http.StatusForbidden, time.Time{}},
		{chatbotSecret, `{}`, http.StatusForbidden, time.Time{}},
		{"", `{}`, http.StatusUnauthorized, time.Time{}},
		{adminSecret, `{"since":"yesterday"}`, http.StatusUnprocessableEntity, time.Time{}},
		{adminSecret, `{"since":"2026-11-23T13:00:00+01:00"}`, http.StatusOK, noon},
		{adminSecret, `{}`, http.StatusOK, time.Time{}},
	} {
		f.journal.since = time.Time{}
		w := f.askWith(c.secret, "POST", "/api/v1/replay", strings.NewReader(c.body))
		if w.Code != c.code || !f.journal.since.Equal(c.since) {
			t.Errorf("%q %s: %d %s, since %v", c.secret, c.body, w.Code, w.Body, f.journal.since)
		}
		if c.code == http.StatusOK && decode[Replayed](t, w).Pending != 3 {
			t.Errorf("%s: %s", c.body, w.Body)
		}
	}
}

// What is asked in a way that is not understood is refused, not answered with
// everything.
func TestUnknownQuestions(t *testing.T) {
	f := newFixture(t)
	for path, code := range map[string]int{
		"/api/v1/tickets?state=reported":  422,
		"/api/v1/tickets?status=reportet": 422,
		"/api/v1/tickets?limit=100000":    422,
		"/api/v1/nothing":                 404,
		"/":                               404,
		"/docs":                           404,
	} {
		if w := f.ask("GET", path, ""); w.Code != code || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, w.Code, w.Header().Get("Content-Type"))
		}
	}
}

// The description is OpenAPI 3.1, complete, and owes nothing to the Host header
// (bad-input 144).
func TestOpenAPI(t *testing.T) {
	f := newFixture(t)
	w := f.ask("GET", "http://evil.example/openapi.json", "")
	var doc struct {
		OpenAPI string                               `json:"openapi"`
		Paths   map[string]map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Error("openapi is", doc.OpenAPI)
	}
	var got []string
	for path, methods := range doc.Paths {
		for method := range methods {
			got = append(got, method+" "+path)
		}
	}
	slices.Sort(got)
	want := []string{
		"get /api/v1/digest", "get /api/v1/events", "get /api/v1/mails", "get /api/v1/mails/{mail}", "get /api/v1/outbox",
		"get /api/v1/reports/{mail}", "get /api/v1/roadmap", "get /api/v1/sprints", "get /api/v1/tickets", "get /api/v1/tickets/{id}",
		"get /api/v1/tickets/{id}/attachments/{n}", "get /api/v1/tickets/{id}/raw/{mail}", "get /api/v1/tickets/{id}/status", "get /api/v1/token", "get /api/v1/webhooks",
		"post /api/v1/console/link", "post /api/v1/digest", "post /api/v1/mails/{mail}/drop", "post /api/v1/mails/{mail}/release",
		"post /api/v1/outbox/{ticket}/{number}/drop", "post /api/v1/outbox/{ticket}/{number}/retry", "post /api/v1/replay",
		"post /api/v1/status", "post /api/v1/tickets", "post /api/v1/tickets/{id}/commands", "post /api/v1/webhooks/{delivery}/retry",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, path := range []string{"http://evil.example/openapi.json", "http://evil.example/api/v1/tickets"} {
		w := f.ask("GET", path, "")
		if strings.Contains(w.Body.String(), "evil.example") || strings.Contains(w.Body.String(), "$schema") || w.Header().Get("Link") != "" {
			t.Errorf("%s: the answer follows the Host header: %s", path, w.Body)
		}
	}
}
