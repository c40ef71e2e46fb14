package ticket_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"aismarttalk.tech/supportd/ticket"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// sprints is the calendar of the example configuration.
func sprints(t testing.TB) ticket.Calendar {
	t.Helper()
	c := ticket.Calendar{FirstMonday: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), Weeks: 2, Capacity: 10, Location: zone(t, "Europe/Copenhagen")}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	return c
}

func sprint(t testing.TB, name string) ticket.Sprint {
	t.Helper()
	s, err := ticket.ParseSprint(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSprintDays(t *testing.T) {
	c := sprints(t)
	for _, want := range []struct{ name, first, last, next, quarter string }{
		{"2026-01", "2026-01-05", "2026-01-18", "2026-02", "2026-Q1"},
		{"2026-07", "2026-03-30", "2026-04-12", "2026-08", "2026-Q1"}, // most of it in the second quarter
		{"2026-24", "2026-11-23", "2026-12-06", "2026-25", "2026-Q4"},
		{"2026-25", "2026-12-07", "2026-12-20", "2026-26", "2026-Q4"},
		{"2026-26", "2026-12-21", "2027-01-03", "2027-01", "2026-Q4"},
		{"2027-01", "2027-01-04", "2027-01-17", "2027-02", "2027-Q1"},
		{"2025-26", "2025-12-22", "2026-01-04", "2026-01", "2025-Q4"}, // before the configured Monday
		{"2025-01", "2025-01-06", "2025-01-19", "2025-02", "2025-Q1"},
		{"2029-26", "2029-12-17", "2029-12-30", "2029-27", "2029-Q4"},
		{"2029-27", "2029-12-31", "2030-01-13", "2030-01", "2029-Q4"}, // a year of 27
	} {
		s := sprint(t, want.name)
		if got := c.Start(s).Format(time.DateOnly); got != want.first {
			t.Errorf("%s starts %s, want %s", s, got, want.first)
		}
		if got := c.LastDay(s).Format(time.DateOnly); got != want.last {
			t.Errorf("%s has last day %s, want %s", s, got, want.last)
		}
		if got := c.Next(s).String(); got != want.next {
			t.Errorf("after %s comes %s, want %s", s, got, want.next)
		}
		if got := c.Previous(c.Next(s)); got != s {
			t.Errorf("the sprint before the one after %s is %s", s, got)
		}
		if got := c.Quarter(s).String(); got != want.quarter {
			t.Errorf("%s belongs to %s, want %s", s, got, want.quarter)
		}
		if !c.Has(s) {
			t.Errorf("the calendar does not have %s", s)
		}
	}
	for _, none := range []ticket.Sprint{{}, {Year: 2026, Number: 27}, {Year: 2026}, {Year: 2026, Number: -1}} {
		if c.Has(none) {
			t.Errorf("the calendar has %#v", none)
		}
	}
}

// A sprint starts and ends at midnight in the desk's zone, and is an hour
// longer or shorter when clocks change in it.
func TestSprintAtItsEdges(t *testing.T) {
	c := sprints(t)
	for _, want := range []struct {
		at   string
		name string
	}{
		{"2026-11-22T22:59:59Z", "2026-23"},
		{"2026-11-22T23:00:00Z", "2026-24"},
		{"2026-12-06T22:59:59Z", "2026-24"},
		{"2026-07-05T21:59:59Z", "2026-13"}, // summer: two hours ahead
		{"2026-07-05T22:00:00Z", "2026-14"},
		{"2027-01-01T12:00:00+01:00", "2026-26"},
	} {
		at, err := time.Parse(time.RFC3339, want.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.At(at).String(); got != want.name {
			t.Errorf("%s falls in %s, want %s", want.at, got, want.name)
		}
	}
	for name, hours := range map[string]time.Duration{"2026-06": 14*24 - 1, "2026-21": 14*24 + 1, "2026-24": 14 * 24} {
		s := sprint(t, name)
		if got := c.End(s).Sub(c.Start(s)); got != hours*time.Hour {
			t.Errorf("%s lasts %v, want %v", s, got, hours*time.Hour)
		}
	}
}

// Each instant is in exactly one sprint, and names and order agree, whatever
// the calendar.
func TestSprintsCoverTime(t *testing.T) {
	names := []string{"UTC", "Europe/Copenhagen", "America/New_York", "Africa/Casablanca", "Pacific/Auckland"}
	zones := make([]*time.Location, len(names))
	for i, name := range names {
		zones[i] = zone(t, name)
	}
	rapid.Check(t, func(rt *rapid.T) {
		c := ticket.Calendar{
			FirstMonday: time.Date(2026, 1, 5+7*rapid.IntRange(-500, 500).Draw(rt, "week"), 0, 0, 0, 0, time.UTC),
			Weeks:       rapid.IntRange(1, 12).Draw(rt, "weeks"), Capacity: 1,
			Location: rapid.SampledFrom(zones).Draw(rt, "zone"),
		}
		if err := c.Validate(); err != nil {
			rt.Fatal(err)
		}
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(rt, "at"), 0)
		s := c.At(at)
		start, end := c.Start(s), c.End(s)
		if at.Before(start) || !at.Before(end) {
			rt.Fatalf("%v is given %s, which lasts from %v to %v", at, s, start, end)
		}
		if got := c.At(start); got != s {
			rt.Fatalf("%s starts within %s", s, got)
		}
		if got := c.At(end); got != c.Next(s) || got.Compare(s) <= 0 || s.Compare(got) >= 0 {
			rt.Fatalf("%s ends within %s", s, got)
		}
		if got := c.At(start.Add(-time.Nanosecond)); got != c.Previous(s) {
			rt.Fatalf("before %s is %s, want %s", s, got, c.Previous(s))
		}
		if c.Turns(start, at) != 0 || c.Turns(at, end) != 1 || c.Turns(end, at) != 0 {
			rt.Fatalf("turns of %s are miscounted", s)
		}
		if got, err := ticket.ParseSprint(s.String()); err != nil || got != s {
			rt.Fatalf("%q reads back as %v, %v", s.String(), got, err)
		}
		if !slices.Contains(c.SprintsOf(c.Quarter(s)), s) || !slices.Contains(c.SprintsOfYear(s.Year), s) {
			rt.Fatalf("%s is missing from its quarter or year", s)
		}
	})
}

// Where clocks are put forward at midnight, a sprint starts at one o'clock.
func TestSprintStartsWithoutMidnight(t *testing.T) {
	c := sprints(t)
	c.Weeks = 1
	for name, monday := range map[string]string{
		"Africa/Casablanca": "2009-06-01T01:00:00+01:00",
		"Asia/Damascus":     "2002-04-01T01:00:00+03:00",
		"America/Santiago":  "1946-07-15T01:00:00-03:00",
	} {
		c.Location = zone(t, name)
		want, err := time.Parse(time.RFC3339, monday)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Start(c.At(want)); !got.Equal(want) {
			t.Errorf("in %s the sprint starts %v, want %v", name, got, want)
		}
		if got := c.At(want.Add(-time.Nanosecond)); got != c.Previous(c.At(want)) {
			t.Errorf("in %s the instant before belongs to %s", name, got)
		}
	}
}

func TestSprintsOfQuartersAndYears(t *testing.T) {
	c := sprints(t)
	for name, want := range map[string][2]string{
		"2026-Q1": {"2026-01", "2026-07"},
		"2026-Q2": {"2026-08", "2026-13"},
		"2026-Q3": {"2026-14", "2026-20"},
		"2026-Q4": {"2026-21", "2026-26"},
		"2027-Q1": {"2027-01", "2027-07"},
	} {
		q, err := ticket.ParseQuarter(name)
		if err != nil {
			t.Fatal(err)
		}
		got := c.SprintsOf(q)
		if first, last := got[0].String(), got[len(got)-1].String(); first != want[0] || last != want[1] {
			t.Errorf("%s has %s to %s, want %s to %s", q, first, last, want[0], want[1])
		}
		if q.Next().Previous() != q || q.Previous().Next() != q {
			t.Errorf("the neighbours of %s are %s and %s", q, q.Previous(), q.Next())
		}
	}
	for year, want := range map[int]int{2025: 26, 2026: 26, 2029: 27} {
		if got := len(c.SprintsOfYear(year)); got != want {
			t.Errorf("%d has %d sprints, want %d", year, got, want)
		}
	}
}

func TestParseSprintAndQuarter(t *testing.T) {
	for text, want := range map[string]string{
		"2026-24": "2026-24", "2026-4": "2026-04", "0999-01": "0999-01",
		"": "", "2026": "", "2026-": "", "2026-0": "", "2026-00": "", "2026-123": "", "26-24": "", "02026-24": "",
		"2026-+1": "", "-026-24": "", "2026-24 ": "", "2026_24": "", "2026-2-4": "", "２０２６-24": "", "0000-24": "", "2026-Q4": "",
	} {
		if got, err := ticket.ParseSprint(text); got.String() != want || (err == nil) != (want != "") {
			t.Errorf("ParseSprint(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"2026-Q4": "2026-Q4", "2026-q1": "2026-Q1",
		"": "", "2026": "", "2026-4": "", "2026-Q0": "", "2026-Q5": "", "2026-Q": "", "2026-Q44": "", "Q4-2026": "", "2026-Q4 ": "",
	} {
		got, err := ticket.ParseQuarter(text)
		if (err == nil) != (want != "") || err == nil && got.String() != want {
			t.Errorf("ParseQuarter(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}

func FuzzParseSprint(f *testing.F) {
	f.Add("2026-24")
	f.Add("2026-Q4")
	f.Add("２０２６-１")
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := ticket.ParseSprint(text); err == nil {
			if again, err := ticket.ParseSprint(s.String()); err != nil || again != s {
				t.Errorf("%q reads as %v, then as %v, %v", text, s, again, err)
			}
		}
		if q, err := ticket.ParseQuarter(text); err == nil {
			if again, err := ticket.ParseQuarter(q.String()); err != nil || again != q {
				t.Errorf("%q reads as %v, then as %v, %v", text, q, again, err)
			}
		}
	})
}

// A sprint is a string in JSON, also as a key, and nothing where it is none.
func TestSprintInJSON(t *testing.T) {
	type record struct {
		Sprint ticket.Sprint         `json:"sprint,omitzero"`
		Loads  map[ticket.Sprint]int `json:"loads,omitempty"`
	}
	for _, want := range []struct {
		record record
		json   string
	}{
		{record{}, `{}`},
		{record{Sprint: sprint(t, "2026-04"), Loads: map[ticket.Sprint]int{sprint(t, "2026-24"): 3}}, `{"sprint":"2026-04","loads":{"2026-24":3}}`},
	} {
		got, err := json.Marshal(want.record)
		if err != nil || string(got) != want.json {
			t.Errorf("written as %s, %v; want %s", got, err, want.json)
		}
		var back record
		if err := json.Unmarshal(got, &back); err != nil || cmp.Diff(want.record, back) != "" {
			t.Errorf("%s reads back as %+v, %v", got, back, err)
		}
	}
	var r record
	if err := json.Unmarshal([]byte(`{"sprint":"next"}`), &r); err == nil {
		t.Error("any word passes for a sprint")
	}
	if err := json.Unmarshal([]byte(`{"sprint":""}`), &r); err != nil || !r.Sprint.IsZero() {
		t.Errorf("the empty name reads as %v, %v", r.Sprint, err)
	}
}

func TestCalendarValidateNamesEveryFault(t *testing.T) {
	good := sprints(t)
	for name, want := range map[string]struct {
		spoil func(*ticket.Calendar)
		parts []string
	}{
		"Tuesday":  {func(c *ticket.Calendar) { c.FirstMonday = c.FirstMonday.AddDate(0, 0, 1) }, []string{"first_monday", "2026-01-06", "Tuesday"}},
		"no day":   {func(c *ticket.Calendar) { c.FirstMonday = time.Time{} }, []string{"first_monday", "needed"}},
		"length":   {func(c *ticket.Calendar) { c.Weeks = 13 }, []string{"weeks", "13"}},
		"capacity": {func(c *ticket.Calendar) { c.Capacity = 0 }, []string{"capacity"}},
		"zone":     {func(c *ticket.Calendar) { c.Location = nil }, []string{"time zone"}},
		"all":      {func(c *ticket.Calendar) { *c = ticket.Calendar{} }, []string{"first_monday", "weeks", "capacity", "time zone"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := good
			want.spoil(&c)
			err := c.Validate()
			for _, part := range want.parts {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("says %v, want %q in it", err, part)
				}
			}
		})
	}
}
