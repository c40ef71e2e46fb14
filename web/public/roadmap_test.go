package public

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page/pagetest"
)

// The roadmap shows what staff gave a public title, drawn and as a table, and of the
// rest how many there are.
func TestRoadmap(t *testing.T) {
	h := newHouse(t)
	titled, untitled := h.open("da", "Hemmeligt emne"), h.open("da", "Et andet hemmeligt emne")
	for _, id := range []ticket.ID{titled, untitled} {
		h.order(id, ticket.Order{Verb: ticket.VerbClassify, Severity: ticket.SeverityHigh, Category: "login"})
		h.order(id, ticket.Order{Verb: ticket.VerbPlan})
	}
	h.order(titled, ticket.Order{Verb: ticket.VerbTitle, Title: "Langsom <login> for alle"})
	for _, path := range []string{"/roadmap", "/roadmap/2026-Q4"} {
		doc := h.document(h.get(path), 200)
		drawing := pagetest.Find(doc, "svg")[0]
		if pagetest.Attr(drawing, "role") != "img" || len(pagetest.Find(drawing, "title")) != 1 {
			t.Error("the drawing has no title")
		}
		mustSay(t, pagetest.Text(drawing), "2026-24 (nu)", "Langsom", "og 1 til")
		mustSay(t, pagetest.Text(pagetest.Find(doc, "table")[0]), "Langsom <login> for alle", "høj", "Planlagt", "1 rettelse, som ikke har fået")
		said := pagetest.Text(doc)
		mustSay(t, said, "Køreplan 4. kvartal 2026", "‹ 3. kvartal 2026", "Hele 2026", "1. kvartal 2027 ›")
		mustNotSay(t, said, "emmelig", "kunde", "AIS-")
	}
	year := h.said(h.get("/roadmap/2026", "Accept-Language", "en"), 200)
	mustSay(t, year, "Roadmap 2026", "Q4 2026", "0 resolved, 0 in work, 2 planned", "Langsom <login> for alle")
	mustNotSay(t, year, "emmelig", "kunde", "AIS-")
}

func TestRoadmapCalendar(t *testing.T) {
	h := newHouse(t)
	r := h.get("/roadmap/2026-Q4.ics")
	body, err := io.ReadAll(r.Body)
	if err != nil || r.Header.Get("Content-Type") != "text/calendar; charset=utf-8" || !strings.HasPrefix(string(body), "BEGIN:VCALENDAR") {
		t.Errorf("%d %v %.100s", r.StatusCode, r.Header, body)
	}
	for _, path := range []string{"/roadmap/x.ics", "/roadmap/.ics%22", "/roadmap/2026-Q5", "/roadmap/2026/x"} {
		h.said(h.get(path), http.StatusNotFound)
	}
}

// fullDesk has a quarter with hundreds of fixes.
type fullDesk struct{ Desk }

func (fullDesk) Roadmap(context.Context, string) (ticket.Roadmap, error) {
	m := ticket.Roadmap{Period: "2026-Q4"}
	start := time.Date(2026, 10, 12, 0, 0, 0, 0, time.UTC)
	for i := range 7 {
		s := ticket.RoadmapSprint{SprintLoad: ticket.SprintLoad{Sprint: fmt.Sprint("2026-", 20+i), Start: start, End: start.AddDate(0, 0, 13)}, Untitled: 300}
		for j := range 100 {
			s.Items = append(s.Items, ticket.RoadmapItem{
				Title: fmt.Sprintf("Rettelse nummer %d i sprint %d, som har en lang titel", j, i), Category: "chatbot_answers",
				Severity: ticket.SeverityNormal, State: ticket.StatePlanned, Late: j%7 == 0,
			})
		}
		m.Sprints = append(m.Sprints, s)
		start = start.AddDate(0, 0, 14)
	}
	return m, nil
}

// A quarter of hundreds still fits into a page that a phone loads at once: the
// drawing counts what it cannot name.
func TestFullRoadmap(t *testing.T) {
	h := newHouse(t)
	d, err := New(h.parts)
	if err != nil {
		t.Fatal(err)
	}
	d.parts.Desk = fullDesk{d.parts.Desk}
	for _, m := range d.Mounts() {
		if m.Pattern != "GET /roadmap" {
			continue
		}
		h.mux = http.NewServeMux()
		h.mux.Handle(m.Pattern, m.Handler)
	}
	r := h.get("/roadmap", "Accept-Encoding", "gzip")
	packed, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes as sent", len(packed))
	if r.Header.Get("Content-Encoding") != "gzip" || len(packed) > pagetest.MaxWeight/2 {
		t.Errorf("%d bytes, %v", len(packed), r.Header)
	}
	plain, err := io.ReadAll(h.get("/roadmap").Body)
	if err != nil {
		t.Fatal(err)
	}
	text := string(plain)
	drawing := text[strings.Index(text, "<svg class=\"chart\""):strings.Index(text, "</svg>\n<table")]
	if n := strings.Count(drawing, "<text"); n > 7*(2+2*maxRows+2) {
		t.Errorf("the drawing holds %d texts", n)
	}
	if n := strings.Count(drawing, "og 394 til"); n != 7 {
		t.Errorf("%d of 7 sprints say how many they do not name", n)
	}
	if n := strings.Count(text, "Rettelse nummer 99"); n != 7 {
		t.Errorf("the table has %d of 7 last rows", n)
	}
}

// Of a sprint that is over, what was done is counted and not named.
func TestDraw(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	items := []ticket.RoadmapItem{{Title: "Åben", State: ticket.StateTesting}, {Title: "Færdig", State: ticket.StateClosed}}
	sprint := func(from int, current bool) ticket.RoadmapSprint {
		return ticket.RoadmapSprint{SprintLoad: ticket.SprintLoad{Start: day(from), End: day(from + 6), Done: 3}, Current: current, Items: items, Untitled: 3}
	}
	c := draw([]ticket.RoadmapSprint{sprint(1, false), sprint(8, true), {}}, day(10))
	type summary struct{ Rows, Done, More int }
	var got []summary
	for _, col := range c.Columns {
		got = append(got, summary{len(col.Rows), col.Done, col.More})
	}
	if diff := cmp.Diff([]summary{{1, 3, 1}, {2, 0, 3}, {0, 0, 0}}, got); diff != "" {
		t.Error(diff)
	}
	for _, col := range c.Columns {
		if bottom := max(col.DoneY, col.MoreY); bottom > float64(c.Height) || col.X+col.Wide > chartWidth+0.01 {
			t.Errorf("a column leaves the drawing: %+v", col)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"kort", []string{"kort"}},
		{"Login-mail er forsinket", []string{"Login-mail", "er forsinket"}},
		{"Chatbot svarer ikke på hjemmesiden", []string{"Chatbot", "svarer ikke…"}},
		{"Donaudampfschifffahrt", []string{"Donaudampfsc", "hifffahrt"}},
		{"ååååååååååååååååååååååååååååå", []string{"åååååååååååå", "ååååååååååå…"}},
	} {
		if diff := cmp.Diff(c.want, wrap(c.text, 12, 2)); diff != "" {
			t.Errorf("%s: %s", c.text, diff)
		}
	}
}
