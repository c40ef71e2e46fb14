package ticket_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
)

// calendarOf is a calendar of one sprint with one title.
func calendarOf(title string) string {
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	return ticket.SprintCalendar("Sprints", "firma.example", []ticket.RoadmapSprint{{
		SprintLoad: ticket.SprintLoad{Sprint: "2026-24", Start: day, End: day.AddDate(0, 0, 13)}, Items: []ticket.RoadmapItem{{Title: title}},
	}}, day)
}

func TestSprintCalendar(t *testing.T) {
	got := calendarOf("Login; langsom, på telefoner\\tablets, når kunden har flere aftaler end én")
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//supportd//roadmap//EN
CALSCALE:GREGORIAN
X-WR-CALNAME:Sprints
BEGIN:VEVENT
UID:sprint-2026-24@firma.example
DTSTAMP:20261123T000000Z
DTSTART;VALUE=DATE:20261123
DTEND;VALUE=DATE:20261207
SUMMARY:Sprint 2026-24
DESCRIPTION:Login\; langsom\, på telefoner\\tablets\, når kunden har fler
 e aftaler end én
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if got != want {
		t.Errorf("the calendar is\n%s\nwant\n%s", got, want)
	}
}

// Whatever a title holds, lines are bounded, whole characters, and read back as
// what was written; nothing in a title begins a line of its own.
func FuzzSprintCalendar(f *testing.F) {
	for _, seed := range []string{"", "æøå", strings.Repeat("å", 200), "a\r\nEND:VCALENDAR", "\x00\xff\\n;,", strings.Repeat("x", 62) + "é"} {
		f.Add(seed)
	}
	lines := strings.Count(calendarOf("x"), "\r\n")
	f.Fuzz(func(t *testing.T, title string) {
		text := calendarOf(title)
		for line := range strings.SplitSeq(text, "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
				t.Errorf("line %q of %d octets", line, len(line))
			}
		}
		unfolded := strings.ReplaceAll(text, "\r\n ", "")
		if n := strings.Count(unfolded, "\r\n"); n != lines && title != "" {
			t.Errorf("%d content lines, want %d:\n%s", n, lines, text)
		}
		if strings.Contains(title, "\r") || !utf8.ValidString(title) || strings.ContainsFunc(title, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f }) {
			return // not written as it is
		}
		escaped := strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(title)
		if title != "" && !strings.Contains(unfolded, "DESCRIPTION:"+escaped+"\r\n") {
			t.Errorf("%q is written as\n%s", title, text)
		}
	})
}
