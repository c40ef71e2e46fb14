package ticket

import (
	"strings"
	"time"
	"unicode/utf8"
)

// SprintCalendar is an iCalendar object (RFC 5545) with one event of whole days for
// each sprint, in which the public titles stand. Its UIDs stay the same for ever, so
// that a program which reads it again moves what it has: domain is our own, and now
// becomes the DTSTAMP.
func SprintCalendar(name, domain string, sprints []RoadmapSprint, now time.Time) string {
	c := icalendar{}
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//supportd//roadmap//EN")
	c.line("CALSCALE", "GREGORIAN")
	c.line("X-WR-CALNAME", icalendarText(name)) // RFC 7986 has NAME, which few programs know
	for _, s := range sprints {
		c.line("BEGIN", "VEVENT")
		c.line("UID", "sprint-"+s.Sprint+"@"+domain)
		c.line("DTSTAMP", now.UTC().Format("20060102T150405Z"))
		c.line("DTSTART;VALUE=DATE", s.Start.Format("20060102"))
		c.line("DTEND;VALUE=DATE", s.End.AddDate(0, 0, 1).Format("20060102")) // not part of it: section 3.6.1
		c.line("SUMMARY", icalendarText("Sprint "+s.Sprint))
		if text := titles(s.Items); text != "" {
			c.line("DESCRIPTION", icalendarText(text))
		}
		c.line("TRANSP", "TRANSPARENT") // nobody is busy for two weeks
		c.line("END", "VEVENT")
	}
	c.line("END", "VCALENDAR")
	return c.String()
}

func titles(items []RoadmapItem) string {
	lines := make([]string, len(items))
	for i, item := range items {
		lines[i] = item.Title
	}
	return strings.Join(lines, "\n")
}

type icalendar struct{ strings.Builder }

// maxContentLine is the length of a line in octets, without its end (section 3.1).
const maxContentLine = 75

// line writes a content line, folded between characters where it is long.
func (c *icalendar) line(name, value string) {
	left := maxContentLine
	for _, r := range name + ":" + value {
		if n := utf8.RuneLen(r); n > left {
			c.WriteString("\r\n ")
			left = maxContentLine - 1
		}
		n, _ := c.WriteRune(r)
		left -= n
	}
	c.WriteString("\r\n")
}

// icalendarText escapes a text (section 3.3.11). Control characters, of which the
// line break alone may stand there, are left out.
func icalendarText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}
