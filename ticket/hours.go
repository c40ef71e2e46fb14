package ticket

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Hours are the business hours in which promises are kept: the same from
// opening to closing on each working day.
type Hours struct {
	Open, Close time.Duration // what the clock shows, since midnight: 8 h, 16 h; Close at most 24 h
	Weekdays    []time.Weekday
	Location    *time.Location
	// Holiday tells on which dates nobody works; nil: there are none.
	Holiday func(year int, month time.Month, day int) bool
}

// maxClosedDays bounds the search for an open hour: whoever is closed for
// longer than a year is closed for good.
const maxClosedDays = 366

// Validate names every fault. The methods want hours without any.
func (h Hours) Validate() error {
	var faults []error
	if h.Open < 0 || h.Close > 24*time.Hour || h.Open >= h.Close {
		faults = append(faults, fmt.Errorf("desk.hours: %v to %v must lie within one day, opening before closing", h.Open, h.Close))
	}
	if len(h.Weekdays) == 0 {
		faults = append(faults, errors.New("desk.hours: no working day given"))
	}
	for _, d := range h.Weekdays {
		if d < time.Sunday || d > time.Saturday {
			faults = append(faults, fmt.Errorf("desk.hours: %d is no day of the week", int(d)))
		}
	}
	if h.Location == nil {
		faults = append(faults, errors.New("desk.hours: no time zone given"))
	}
	return errors.Join(faults...)
}

// Add is the time at which so much business time has passed since from. What
// comes outside business hours counts from the next opening: a duration of
// zero, or a negative one, gives that opening. What ends with the day ends at
// closing time, not at the next opening. The result is in Location; it is the
// zero time where no hour is open within a year.
func (h Hours) Add(from time.Time, d time.Duration) time.Time {
	d = max(d, 0)
	closed := 0
	for day := dayOf(from.In(h.Location).Date()); closed <= maxClosedDays; day++ {
		opens, closes := h.on(day)
		if opens.Before(from) {
			opens = from
		}
		open := closes.Sub(opens)
		switch {
		case open <= 0:
			closed++
		case d <= open:
			return opens.Add(d).In(h.Location)
		default:
			d -= open
			closed = 0
		}
	}
	return time.Time{}
}

// Between is the business time from a to b, negative where b comes first.
func (h Hours) Between(a, b time.Time) time.Duration {
	if b.Before(a) {
		return -h.Between(b, a)
	}
	var sum time.Duration
	last := dayOf(b.In(h.Location).Date())
	for day := dayOf(a.In(h.Location).Date()); day <= last; day++ {
		opens, closes := h.on(day)
		if opens.Before(a) {
			opens = a
		}
		if closes.After(b) {
			closes = b
		}
		sum += max(0, closes.Sub(opens))
	}
	return sum
}

// on is when a day opens and closes, the same instant where it does not open.
// The clock decides, so that a day on which clocks change may be longer or
// shorter.
func (h Hours) on(d day) (opens, closes time.Time) {
	opens = d.at(h.Open, h.Location)
	if !slices.Contains(h.Weekdays, d.weekday()) || h.Holiday != nil && h.Holiday(d.date()) {
		return opens, opens
	}
	return opens, d.at(h.Close, h.Location)
}

// Target is what is promised for a severity, in business time. Zero: nothing.
type Target struct {
	Assess time.Duration // until staff have set severity and category
	Answer time.Duration // until the reporter hears again
}

// Promises are the targets that an operator promises his reporters.
type Promises struct {
	Hours   Hours
	Targets map[Severity]Target
}

// Validate names every fault. Without targets nothing is promised, and the
// hours need not be given.
func (p Promises) Validate() error {
	if len(p.Targets) == 0 {
		return nil
	}
	faults := []error{p.Hours.Validate()}
	for _, s := range slices.Sorted(maps.Keys(p.Targets)) {
		if !slices.Contains(severityLevels(), s) {
			faults = append(faults, fmt.Errorf("desk.promises: %q is no severity; there are critical, high, normal, low", s))
		}
		if t := p.Targets[s]; t.Assess < 0 || t.Answer < 0 {
			faults = append(faults, fmt.Errorf("desk.promises.%s: must not be negative", s))
		}
	}
	return errors.Join(faults...)
}

// AssessBy is when a ticket of a severity that came in at a time must have
// been assessed, the zero time where nothing is promised.
func (p Promises) AssessBy(s Severity, from time.Time) time.Time {
	return p.by(p.target(s).Assess, from)
}

// AnswerBy is when its reporter must have heard again, the zero time where
// nothing is promised.
func (p Promises) AnswerBy(s Severity, from time.Time) time.Time {
	return p.by(p.target(s).Answer, from)
}

func (p Promises) by(d time.Duration, from time.Time) time.Time {
	if d <= 0 {
		return time.Time{}
	}
	return p.Hours.Add(from, d)
}

// target is the target of a severity: its own; else that of the next lower level
// which has one, since nobody is promised more than was meant for his like;
// else that of normal, which stands for all that is not critical.
func (p Promises) target(s Severity) Target {
	for _, level := range severityLevels()[s.belowCritical():] {
		if t, ok := p.Targets[level]; ok {
			return t
		}
	}
	return p.Targets[SeverityNormal]
}
