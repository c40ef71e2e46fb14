package web

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

// Whoever asks for a status learns nothing but that he asked; the reporter gets a
// link that works once, for half an hour (bad-input 140).
func TestStatusLink(t *testing.T) {
	h := newHouse(t, func(c *desk.Config, _ *Parts) { c.PublicURL = "https://support.firma.example" })
	id := h.open("portal", "Kan ikke logge ind", "Fejl 502 hver gang.")
	ask := func(id ticket.ID, address string) reply {
		return h.ask("", "POST", "/api/v1/status", fmt.Sprintf(`{"ticket":%q,"address":%q}`, id, address))
	}
	mine := ask(id, "Kunde1@firma.example")
	for _, other := range []reply{ask(id, "fremmed@andet.example"), ask("AIS-0000-0000", "kunde1@firma.example")} {
		if diff := cmp.Diff(string(mine.body), string(other.body)); diff != "" || other.status != mine.status || mine.status != http.StatusOK {
			t.Errorf("the answers differ: %d and %d\n%s", mine.status, other.status, diff)
		}
	}
	letters := h.statusLetters(id)
	if len(letters) != 1 || letters[0].To.Address != "kunde1@firma.example" || !letters[0].Facts.Expires.Equal(noon.Add(30*time.Minute)) {
		t.Fatalf("%+v", letters)
	}
	link, err := url.Parse(letters[0].Facts.Link)
	if err != nil || link.Host != "support.firma.example" {
		t.Fatal(letters[0].Facts.Link)
	}
	body := fmt.Sprintf(`{"proof":%q}`, link.Query().Get("proof"))
	got := answer[StatusReply](h, "", "POST", "/api/v1/status", body)
	if got.Status == nil || got.Status.Ticket != id || got.Status.State != ticket.StateReported || len(got.Status.Track) != 7 {
		t.Errorf("%+v", got.Status)
	}
	if r := h.ask("", "POST", "/api/v1/status", body); r.status != http.StatusNotFound {
		t.Errorf("the link worked twice: %s", r.body)
	}

	// Not so soon again, and not for ever.
	ask(id, "kunde1@firma.example")
	if again := h.statusLetters(id); len(again) != 1 {
		t.Errorf("%d letters within five minutes", len(again))
	}
	h.clock.advance(6 * time.Minute)
	ask(id, "kunde1@firma.example")
	letters = h.statusLetters(id)
	if len(letters) != 2 {
		t.Fatalf("%d letters", len(letters))
	}
	h.clock.advance(31 * time.Minute)
	link, _ = url.Parse(letters[1].Facts.Link)
	if r := h.ask("", "POST", "/api/v1/status", fmt.Sprintf(`{"proof":%q}`, link.Query().Get("proof"))); r.status != http.StatusNotFound {
		t.Errorf("the link worked after its time: %s", r.body)
	}
}

// statusLetters does what is due, and lists the letters on a ticket's status.
func (h *house) statusLetters(id ticket.ID) []ticket.Notice {
	h.t.Helper()
	if _, err := h.desk.DoChores(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	notices, err := h.store.Notices(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	var letters []ticket.Notice
	for _, n := range notices {
		if n.Kind == ticket.NoticeStatus {
			letters = append(letters, n)
		}
	}
	return letters
}

// A program reads the status of what it reported, and of nothing else; no word of
// a mail is in it.
func TestStatusForPrograms(t *testing.T) {
	h := newHouse(t, nil)
	id := h.open("chatbot", "Kan ikke logge ind", "Fejl 502 hver gang.")
	path := "/api/v1/tickets/" + string(id) + "/status"
	r := h.ask("chatbot", "GET", path, "")
	if r.status != http.StatusOK || strings.Contains(string(r.body), "502") || strings.Contains(string(r.body), "kunde") {
		t.Errorf("%d %s", r.status, r.body)
	}
	none := h.ask("portal", "GET", path, "")
	nobody := h.ask("portal", "GET", "/api/v1/tickets/AIS-0000-0000/status", "")
	if none.status != http.StatusNotFound || nobody.status != http.StatusNotFound {
		t.Errorf("another token: %d, an ID that nobody has: %d", none.status, nobody.status)
	}
}

// What needs no token is limited by network.
func TestPublicLimit(t *testing.T) {
	h := newHouse(t, nil)
	for i := range publicPerMinute {
		if r := h.ask("", "GET", "/api/v1/roadmap", ""); r.status != http.StatusOK {
			t.Fatalf("question %d: %d", i, r.status)
		}
	}
	r := h.ask("", "POST", "/api/v1/status", `{"proof":"x"}`)
	if r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") == "" {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := h.ask("support", "GET", "/api/v1/roadmap", ""); r.status != http.StatusOK {
		t.Error("staff:", r.status)
	}
	h.clock.advance(time.Minute)
	if r := h.ask("", "GET", "/api/v1/roadmap", ""); r.status != http.StatusOK {
		t.Error("a minute later:", r.status)
	}
}

func TestRoadmap(t *testing.T) {
	h := newHouse(t, nil)
	for _, c := range []struct{ token, path, accept, kind, holds string }{
		{"", "/api/v1/roadmap?quarter=2026-Q4", "", "application/json", `"period":"2026-Q4"`},
		{"", "/api/v1/roadmap?year=2026", "application/json", "application/json", `"period":"2026"`},
		{"", "/api/v1/roadmap", "text/calendar", "text/calendar; charset=utf-8", "BEGIN:VCALENDAR"},
		{"dev", "/api/v1/roadmap?internal=true", "", "application/json", `"period":"2026-Q4"`},
	} {
		r := h.ask(c.token, "GET", c.path, "", "Accept", c.accept)
		if r.status != http.StatusOK || r.header.Get("Content-Type") != c.kind || !strings.Contains(string(r.body), c.holds) {
			t.Errorf("%+v: %d %s %s", c, r.status, r.header.Get("Content-Type"), r.body)
		}
	}
	if r := h.ask("chatbot", "GET", "/api/v1/roadmap?internal=true", ""); r.status != http.StatusForbidden {
		t.Error("a chatbot's token:", r.status)
	}
}

// Lists go by time in both directions, over all states, and agree with every
// filter; walking them by pages meets every ticket once.
func TestListsByTime(t *testing.T) {
	h := newHouse(t, nil)
	var ids []string
	for i := range 13 {
		ids = append(ids, string(h.open("portal", fmt.Sprintf("Faktura %d", i), "Linje 3 mangler.")))
		h.clock.advance(time.Duration(1+i*i*i) * time.Hour)
	}
	for i, id := range ids {
		if i%3 == 0 {
			h.do("admin", ticket.ID(id), `{"command":"classify","severity":"high","category":"billing","kind":"bug"}`)
			h.do("admin", ticket.ID(id), `{"command":"assign","to":"support@ours.example"}`)
		}
	}
	some := func(keep func(int) bool) []string {
		var list []string
		for i, id := range ids {
			if keep(i) {
				list = append(list, id)
			}
		}
		return list
	}
	third := func(i int) bool { return i%3 == 0 }
	for query, want := range map[string][]string{
		"":                               ids,
		"severity=high":                  some(third),
		"assignee=Support@ours.example":  some(third),
		"assignee=none":                  some(func(i int) bool { return !third(i) }),
		"category=billing&severity=high": some(third),
		"kind=question&severity=high":    nil,
		"sprint=2026-24":                 nil,
		"reporter=kunde2@firma.example":  ids[1:2],
		"q=faktura+1":                    append([]string{ids[1]}, ids[10:]...),
		"status=reported&assignee=none":  some(func(i int) bool { return !third(i) }),
	} {
		for _, order := range []string{"oldest", "newest"} {
			wanted := append([]string(nil), want...)
			if order == "newest" {
				for i, j := 0, len(wanted)-1; i < j; i, j = i+1, j-1 {
					wanted[i], wanted[j] = wanted[j], wanted[i]
				}
			}
			for _, limit := range []int{1, 4, 200} {
				if diff := cmp.Diff(wanted, h.walk(fmt.Sprintf("%s&order=%s&limit=%d", query, order, limit))); diff != "" {
					t.Errorf("%s by %s, %d at a time:\n%s", query, order, limit, diff)
				}
			}
		}
	}
}

// walk reads a list to its end.
func (h *house) walk(query string) []string {
	h.t.Helper()
	var ids []string
	for next, pages := "", 0; pages < 50; pages++ {
		page := answer[TicketList](h, "support", "GET", "/api/v1/tickets?"+query+"&cursor="+url.QueryEscape(next), "")
		for _, row := range page.Tickets {
			ids = append(ids, string(row.ID))
		}
		if next = page.Next; next == "" {
			return ids
		}
	}
	h.t.Fatal("the list has no end: "+query, ids)
	return nil
}

// With an index, its order counts, and the other filters hold.
func TestSearchByIndex(t *testing.T) {
	var found []ticket.ID
	h := newHouse(t, func(_ *desk.Config, p *Parts) {
		p.Search = func(query, after string, limit int) ([]ticket.ID, string) {
			if query != "faktura" || after == "end" {
				return nil, ""
			}
			if after == "" {
				return found[:1], "more"
			}
			return found[1:], ""
		}
	})
	a, b := h.open("portal", "A", "Linje 3 mangler."), h.open("portal", "B", "Linje 4 mangler.")
	h.do("support", a, `{"command":"classify","severity":"high"}`)
	found = []ticket.ID{b, "AIS-0000-0000", a}
	if diff := cmp.Diff([]string{string(b), string(a)}, h.walk("q=faktura&limit=1")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{string(a)}, h.walk("q=faktura&severity=high")); diff != "" {
		t.Error(diff)
	}
}

// stream is a listener to events.
type stream struct {
	t      *testing.T
	answer *http.Response
	lines  *bufio.Scanner
}

func (h *house) listen(after string) *stream {
	h.t.Helper()
	r, err := http.NewRequest("GET", h.url+"/api/v1/events", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+h.tokens["support"])
	r.Header.Set("Last-Event-ID", after)
	answer, err := http.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream" {
		h.t.Fatal(answer, err)
	}
	h.t.Cleanup(func() { answer.Body.Close() })
	s := &stream{h.t, answer, bufio.NewScanner(answer.Body)}
	for s.lines.Scan() && s.lines.Text() != ": events of tickets" { // it listens now
	}
	return s
}

// next is the next event of the stream: ID, name and data; "" at its end.
func (s *stream) next() (id, name, data string) {
	for s.lines.Scan() {
		field, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch field {
		case "id":
			id = value
		case "event":
			name = value
		case "data":
			data = value
		case "":
			if name != "" {
				return id, name, data
			}
		}
	}
	return "", "", ""
}

// Listeners hear of each event once and in order, after a break too; where too
// much was missed they are told so.
func TestEvents(t *testing.T) {
	h := newHouse(t, nil)
	s := h.listen("")
	id := h.open("portal", "Kan ikke logge ind", "Fejl 502 hver gang.")
	place, name, data := s.next()
	if name != "ticket" || !strings.Contains(data, `"kind":"opened"`) || !strings.Contains(data, string(id)) {
		t.Errorf("%s %s", name, data)
	}
	s.answer.Body.Close()
	h.do("support", id, `{"command":"note","text":"Ringet."}`)
	h.do("support", id, `{"command":"reply","text":"Vi ser på det."}`)
	s = h.listen(place)
	for _, kind := range []string{"noted", "replied"} {
		if _, _, data := s.next(); !strings.Contains(data, `"kind":"`+kind+`"`) {
			t.Errorf("%s, want %s", data, kind)
		}
	}
	if _, name, _ := h.listen("former-17").next(); name != "reset" {
		t.Errorf("after another run's ID: %s", name)
	}
	if r := h.ask("chatbot", "GET", "/api/v1/events", ""); r.status != http.StatusForbidden {
		t.Error("a chatbot's token:", r.status)
	}
}

// Who does not keep up is cut off, and no other waits for him; what nobody
// remembers is told as missed.
func TestHubBounds(t *testing.T) {
	h := newHub(nil, noon, zerolog.Nop())
	slow, _, _ := h.listen("")
	for range hubMemory + hubBuffer {
		h.tell(StreamEvent{})
	}
	heard := 0
	for range slow.events { // closed when it was full
		heard++
	}
	if heard != hubBuffer || len(h.listeners) != 0 {
		t.Errorf("%d heard, %d listen", heard, len(h.listeners))
	}
	if _, missed, gap := h.listen(h.id(1)); missed != nil || !gap {
		t.Error("a place that is forgotten is taken for one that is known")
	}
	if _, missed, gap := h.listen(h.id(h.last - 3)); len(missed) != 3 || gap {
		t.Errorf("%d missed, %v", len(missed), gap)
	}
	for range hubListeners {
		h.listen("")
	}
	if l, _, _ := h.listen(""); l != nil {
		t.Error("no bound on listeners")
	}
}
