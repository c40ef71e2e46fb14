package desk_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

// roadmapHouse has, in sprint 2026-24, a hotfix that is done and has no title, and a
// titled bugfix in work; in 2026-25 a planned one that comes late; and a wish.
func roadmapHouse(t *testing.T) *house {
	h := memory(t, readers(t, atEight, "support", "dev", "qa", "owner"))
	h.clockTo("2026-11-20 09:00") // the last week of 2026-23
	late := h.classified(h.opened("hemmelig: alt er langsomt"), ticket.SeverityLow)
	h.must(late, "owner", ticket.Order{Verb: ticket.VerbPlan})
	h.must(late, "owner", ticket.Order{Verb: ticket.VerbTitle, Title: "Langsom indlogning"})
	work := h.classified(h.opened("hemmelig: faktura"), ticket.SeverityHigh)
	h.must(work, "support", ticket.Order{Verb: ticket.VerbTitle, Title: "Faktura mangler linje"})
	h.must(work, "owner", ticket.Order{Verb: ticket.VerbPlan, Sprint: "2026-24"})
	h.clockTo("2026-11-23 09:00")
	hotfix := h.classified(h.opened("hemmelig: nede"), ticket.SeverityCritical) // pushes the late one out
	for _, id := range []ticket.ID{hotfix, work} {
		h.must(id, "dev", ticket.Order{Verb: ticket.VerbStart})
	}
	h.must(hotfix, "dev", ticket.Order{Verb: ticket.VerbTest, Text: "Genstartet"})
	h.must(hotfix, "qa", ticket.Order{Verb: ticket.VerbPass, Verified: "login"})
	h.must(work, "support", ticket.Order{Verb: ticket.VerbAsk, Text: "Hvilken?"})
	wish := h.classified(h.opened("hemmelig: regneark", wishes), ticket.SeverityLow)
	h.must(wish, "owner", ticket.Order{Verb: ticket.VerbAccept, Quarter: "2026-Q4", Title: "Eksport til regneark"})
	return h
}

func TestRoadmapOfAQuarter(t *testing.T) {
	h := roadmapHouse(t)
	r, err := h.desk.Roadmap(t.Context(), "")
	if err != nil || r.Period != "2026-Q4" || len(r.Quarters) != 0 {
		t.Fatalf("%v, %+v", err, r)
	}
	by := map[string]ticket.RoadmapSprint{}
	for _, s := range r.Sprints {
		by[s.Sprint] = s
	}
	now := by["2026-24"]
	if len(by) != 6 || !now.Current || now.Taken != 2 || now.Done != 1 || now.Untitled != 1 || len(now.Items) != 1 {
		t.Errorf("of %d sprints the current one is %+v", len(by), now)
	}
	if got := now.Items[0]; got.Title != "Faktura mangler linje" || got.State != ticket.StateInvestigating || got.Late {
		t.Errorf("in it: %+v; whom we wait for is not public", got)
	}
	if next := by["2026-25"]; next.Current || len(next.Items) != 1 || !next.Items[0].Late || next.Items[0].Severity != ticket.SeverityLow {
		t.Errorf("in the next: %+v", next)
	}
	if len(r.Requests) != 1 || r.Requests[0].Title != "Eksport til regneark" {
		t.Errorf("wishes: %+v", r.Requests)
	}
	lower, err := h.desk.Roadmap(t.Context(), "2026-q4")
	if err != nil || lower.Period != "2026-Q4" {
		t.Errorf("2026-q4: %v, %s", err, lower.Period)
	}
}

func TestRoadmapOfAYear(t *testing.T) {
	h := roadmapHouse(t)
	r, err := h.desk.Roadmap(t.Context(), "2026")
	if err != nil || r.Period != "2026" || len(r.Quarters) != 4 || len(r.Sprints) != 0 || len(r.Requests) != 1 {
		t.Fatalf("%v, %+v", err, r)
	}
	q := r.Quarters[3]
	if q.Quarter != "2026-Q4" || q.Planned != 1 || q.InWork != 1 || q.Done != 1 || len(q.Headlines) != 2 || q.Headlines[0].Title != "Faktura mangler linje" {
		t.Errorf("the last quarter is %+v", q)
	}
}

func TestRoadmapOfNoPeriod(t *testing.T) {
	h := memory(t)
	for _, period := range []string{"2026-Q5", "26", "0000", "+026", "næste", "2026-24", "20266"} {
		var fault *desk.PeriodError
		if _, err := h.desk.Roadmap(t.Context(), period); !errors.As(err, &fault) || fault.Period != period {
			t.Errorf("%q: %v", period, err)
		}
		if _, err := h.desk.RoadmapCalendar(t.Context(), period); !errors.As(err, &fault) {
			t.Errorf("calendar of %q: %v", period, err)
		}
	}
}

// What is public says nothing of a mail, and names nobody.
func TestRoadmapIsPublic(t *testing.T) {
	h := roadmapHouse(t)
	for _, period := range []string{"", "2026"} {
		public, err := h.desk.Roadmap(t.Context(), period)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(public)
		if err != nil {
			t.Fatal(err)
		}
		internal, err := h.desk.InternalRoadmap(t.Context(), period)
		if err != nil {
			t.Fatal(err)
		}
		full, err := json.Marshal(internal)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"hemmelig", staffAddress("dev"), `"AIS-`} {
			if strings.Contains(string(text), secret) {
				t.Errorf("the public roadmap %q says %s: %s", period, secret, text)
			}
			if !strings.Contains(string(full), secret) {
				t.Errorf("staff's roadmap %q lacks %s: %s", period, secret, full)
			}
		}
	}
}

func TestSprints(t *testing.T) {
	h := roadmapHouse(t)
	got, err := h.desk.Sprints(t.Context())
	if err != nil || len(got) != 2 || got[0].Sprint != "2026-24" || got[1].Sprint != "2026-25" {
		t.Fatalf("%v, %+v", err, got)
	}
	if s := got[0]; !s.Current || s.Taken != 2 || s.Done != 1 || len(s.Items) != 2 || !s.Items[0].Hotfix || s.Items[1].Assignee != staffAddress("dev") {
		t.Errorf("the current sprint is %+v", s)
	}
	h.clockTo("2026-12-07 00:00") // before anything has been planned anew
	if got, err = h.desk.Sprints(t.Context()); err != nil || got[0].Sprint != "2026-25" || got[0].Taken != 2 {
		t.Errorf("what is left over does not stand in the new sprint: %v, %+v", err, got)
	}
}

func TestRoadmapCalendar(t *testing.T) {
	h := roadmapHouse(t)
	for period, want := range map[string]int{"": 6, "2026": 26} {
		text, err := h.desk.RoadmapCalendar(t.Context(), period)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(text, "BEGIN:VEVENT"); n != want {
			t.Errorf("the calendar of %q has %d sprints, want %d", period, n, want)
		}
		for _, line := range []string{
			"UID:sprint-2026-24@aismarttalk.tech\r\n", "DTSTART;VALUE=DATE:20261123\r\n", "DTEND;VALUE=DATE:20261207\r\n", "DESCRIPTION:Faktura mangler linje\r\n",
		} {
			if strings.Count(text, line) != 1 {
				t.Errorf("the calendar of %q has not %q once:\n%s", period, line, text)
			}
		}
		if strings.Contains(text, "hemmelig") {
			t.Error("the calendar quotes a mail")
		}
	}
}
