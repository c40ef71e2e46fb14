package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/dk"

	"aismarttalk.tech/supportd/ticket"
)

// weekdays are the days of desk.hours.days, from Sunday as time.Weekday counts.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// promises are what reporters are promised, in the hours of the configuration.
func (p *planner) promises(location *time.Location) ticket.Promises {
	promises := ticket.Promises{Hours: p.hours(location), Targets: map[ticket.Severity]ticket.Target{}}
	for severity, target := range p.c.Desk.Promises {
		promises.Targets[ticket.Severity(severity)] = ticket.Target{Assess: target.Assess, Answer: target.Answer}
	}
	return promises
}

func (p *planner) hours(location *time.Location) ticket.Hours {
	s := p.c.Desk.Hours
	const midnight = 24 * time.Hour
	h := ticket.Hours{Open: p.clock("desk.hours.open", s.Open, 0), Close: midnight, Location: location, Holiday: p.holidays()}
	if s.Close != "24:00" {
		h.Close = p.clock("desk.hours.close", s.Close, midnight)
	}
	for _, name := range s.Days {
		if day := slices.Index(weekdays, name); day >= 0 { // else told already
			h.Weekdays = append(h.Weekdays, time.Weekday(day))
		}
	}
	return h
}

// clock reads a time of day as what has passed since midnight. For one that cannot
// be read it gives another, so that no second fault follows from it.
func (p *planner) clock(key, text string, otherwise time.Duration) time.Duration {
	clock, err := ticket.ParseClock(text)
	if err != nil {
		p.report(key, `want a time of day such as "08:00"; got %q`, text)
		return otherwise
	}
	return clock.SinceMidnight()
}

// holidays are those of the country, and the days of the operator's own.
func (p *planner) holidays() func(int, time.Month, int) bool {
	country := &cal.Calendar{} // not Cacheable: then it is only read
	if p.c.Desk.Hours.Holidays == "da" {
		for _, h := range dk.Holidays {
			// 5 June is a public holiday to some and a working day to others.
			if h != dk.Grundlovsdag {
				country.AddHoliday(h)
			}
		}
	}
	yearly, once := map[string]bool{}, map[string]bool{}
	for i, text := range p.c.Desk.Hours.ExtraHolidays {
		switch {
		case isDate(text):
			once[text] = true
		case isDate("2024-" + text): // a leap year: 29 February is a day
			yearly[text] = true
		default:
			p.report(fmt.Sprintf("desk.hours.extra_holidays[%d]", i), "want a day of each year such as 12-24, or of one such as 2026-12-28; got %q", text)
		}
	}
	return func(year int, month time.Month, day int) bool {
		date := time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
		text := date.Format(time.DateOnly)
		if once[text] || yearly[text[strings.IndexByte(text, '-')+1:]] {
			return true
		}
		actual, observed, _ := country.IsHoliday(date)
		return actual || observed
	}
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
