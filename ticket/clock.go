package ticket

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Clock is a time of day as clocks show it, to the minute. The zero value is none.
type Clock struct {
	minute int // past midnight, counted from 1
}

// ParseClock reads a time of day like 08:00, 8:00 or 08.00.
func ParseClock(s string) (Clock, error) {
	fault := fmt.Errorf("%q is no time of day: write it like 08:00", s)
	hours, minutes, ok := strings.Cut(strings.Replace(s, ".", ":", 1), ":")
	if !ok || len(hours) < 1 || len(hours) > 2 || len(minutes) != 2 || strings.Trim(hours+minutes, "0123456789") != "" {
		return Clock{}, fault
	}
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi(minutes)
	if h > 23 || m > 59 {
		return Clock{}, fault
	}
	return Clock{60*h + m + 1}, nil
}

// IsZero reports whether it is no time at all.
func (c Clock) IsZero() bool { return c == Clock{} }

// String is the time, 08:00; "" for none.
func (c Clock) String() string {
	if c.IsZero() {
		return ""
	}
	since := c.SinceMidnight()
	return fmt.Sprintf("%02d:%02d", int(since.Hours()), int(since.Minutes())%60)
}

// SinceMidnight is what a clock has run through to show the time, on a day on which
// clocks do not change.
func (c Clock) SinceMidnight() time.Duration { return time.Duration(c.minute-1) * time.Minute }

// On is when clocks in a location show the time on the date of t there: once on
// each date. Where clocks are put forward past it, it is the instant of the
// change; where they are put back over it, one of the two.
func (c Clock) On(t time.Time, l *time.Location) time.Time {
	return dayOf(t.In(l).Date()).at(c.SinceMidnight(), l)
}

// Next is the first time after t.
func (c Clock) Next(t time.Time, l *time.Location) time.Time {
	today := dayOf(t.In(l).Date())
	if at := today.at(c.SinceMidnight(), l); at.After(t) {
		return at
	}
	return (today + 1).at(c.SinceMidnight(), l)
}

// Last is the last time that is not after t.
func (c Clock) Last(t time.Time, l *time.Location) time.Time {
	today := dayOf(t.In(l).Date())
	if at := today.at(c.SinceMidnight(), l); !at.After(t) {
		return at
	}
	return (today - 1).at(c.SinceMidnight(), l)
}

// Midnight is the first instant of the date of t in a location.
func Midnight(t time.Time, l *time.Location) time.Time { return dayOf(t.In(l).Date()).start(l) }
