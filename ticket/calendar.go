package ticket

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Sprint names a sprint by the year in which it starts and its number within
// that year, from 1. The zero value is no sprint: the backlog. What days it has
// is for a Calendar to say.
type Sprint struct {
	Year, Number int
}

// ParseSprint reads a name like 2026-24; 2026-4 is 2026-04. It knows no
// calendar, so that the sprint may be one that its year does not have: see
// Calendar.Has.
func ParseSprint(s string) (Sprint, error) {
	year, number, ok := parseYearAnd(s, "-", 2)
	if !ok || number < 1 {
		return Sprint{}, fmt.Errorf("%q is no sprint: write year and number, like 2026-24", s)
	}
	return Sprint{year, number}, nil
}

// String is the name, "" for no sprint.
func (s Sprint) String() string {
	if s.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", s.Year, s.Number)
}

// IsZero reports whether it is no sprint, but the backlog.
func (s Sprint) IsZero() bool { return s == Sprint{} }

// Compare is negative where s starts before other, positive where after. The
// backlog comes before every sprint.
func (s Sprint) Compare(other Sprint) int {
	return cmp.Or(cmp.Compare(s.Year, other.Year), cmp.Compare(s.Number, other.Number))
}

// MarshalText writes the name, so that a sprint is a string in JSON.
func (s Sprint) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name; the empty one is no sprint.
func (s *Sprint) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = Sprint{}
		return nil
	}
	got, err := ParseSprint(string(text))
	if err != nil {
		return err
	}
	*s = got
	return nil
}

// Quarter is a quarter of a year, numbered 1 to 4.
type Quarter struct {
	Year, Number int
}

// ParseQuarter reads a name like 2026-Q4, in any case.
func ParseQuarter(s string) (Quarter, error) {
	year, number, ok := parseYearAnd(strings.ToUpper(s), "-Q", 1)
	if !ok || number < 1 || number > 4 {
		return Quarter{}, fmt.Errorf("%q is no quarter: write year and number, like 2026-Q4", s)
	}
	return Quarter{year, number}, nil
}

// String is the name, 2026-Q4.
func (q Quarter) String() string { return fmt.Sprintf("%04d-Q%d", q.Year, q.Number) }

// Next is the quarter that follows.
func (q Quarter) Next() Quarter {
	if q.Number == 4 {
		return Quarter{q.Year + 1, 1}
	}
	return Quarter{q.Year, q.Number + 1}
}

// Previous is the quarter before.
func (q Quarter) Previous() Quarter {
	if q.Number == 1 {
		return Quarter{q.Year - 1, 4}
	}
	return Quarter{q.Year, q.Number - 1}
}

// firstDay is the day with which the quarter begins.
func (q Quarter) firstDay() day { return dayOf(q.Year, time.Month(3*q.Number-2), 1) }

// parseYearAnd reads four digits of a year, a separator, and a number of one
// digit to the given count.
func parseYearAnd(s, separator string, digits int) (year, number int, ok bool) {
	y, n, _ := strings.Cut(s, separator)
	if len(y) != 4 || len(n) < 1 || len(n) > digits || strings.Trim(y+n, "0123456789") != "" {
		return 0, 0, false
	}
	year, _ = strconv.Atoi(y)
	number, _ = strconv.Atoi(n)
	return year, number, year > 0
}

// Calendar divides time into sprints of whole weeks, forwards and backwards
// from one Monday on which a sprint starts.
type Calendar struct {
	FirstMonday time.Time      // a date: its year, month and day as they stand, in whatever location
	Weeks       int            // length of a sprint, 1 to 12
	Capacity    int            // tickets that a sprint has room for; hotfixes may exceed it
	Location    *time.Location // whose midnights divide the sprints
}

// maxWeeks keeps sprints shorter than the shortest quarter, so that in each
// quarter at least one starts.
const maxWeeks = 12

// Validate names every fault. The methods want a calendar without any.
func (c Calendar) Validate() error {
	var faults []error
	if first := c.FirstMonday; first.IsZero() {
		faults = append(faults, errors.New("sprints.first_monday: the date of a Monday on which a sprint starts is needed"))
	} else if first.Weekday() != time.Monday {
		faults = append(faults, fmt.Errorf("sprints.first_monday: %s is a %s, must be a Monday", first.Format(time.DateOnly), first.Weekday()))
	}
	if c.Weeks < 1 || c.Weeks > maxWeeks {
		faults = append(faults, fmt.Errorf("sprints.weeks: is %d, must be 1 to %d", c.Weeks, maxWeeks))
	}
	if c.Capacity < 1 {
		faults = append(faults, fmt.Errorf("sprints.capacity: is %d, must be at least 1", c.Capacity))
	}
	if c.Location == nil {
		faults = append(faults, errors.New("sprints: no time zone given"))
	}
	return errors.Join(faults...)
}

// At is the sprint in which a time falls.
func (c Calendar) At(t time.Time) Sprint { return c.named(c.turnAt(t)) }

// Start is the first instant of a sprint.
func (c Calendar) Start(s Sprint) time.Time { return c.firstDay(c.turn(s)).start(c.Location) }

// End is the first instant after a sprint, with which the next one starts.
func (c Calendar) End(s Sprint) time.Time { return c.Start(c.Next(s)) }

// LastDay is the start of a sprint's last day, for letters that name it.
func (c Calendar) LastDay(s Sprint) time.Time {
	return (c.firstDay(c.turn(s)+1) - 1).start(c.Location)
}

// Next is the sprint that follows.
func (c Calendar) Next(s Sprint) Sprint { return c.named(c.turn(s) + 1) }

// Previous is the sprint before.
func (c Calendar) Previous(s Sprint) Sprint { return c.named(c.turn(s) - 1) }

// Has reports whether there is such a sprint: 2026-30 is a name, but no year
// has thirty sprints of two weeks.
func (c Calendar) Has(s Sprint) bool { return !s.IsZero() && c.named(c.turn(s)) == s }

// Turns counts the sprints that started after one time and up to another: how
// often something that was there at the first was passed by. It is never
// negative.
func (c Calendar) Turns(after, until time.Time) int {
	return max(0, c.turnAt(until)-c.turnAt(after))
}

// Quarter is the one in which a sprint starts, to which it belongs whole.
func (c Calendar) Quarter(s Sprint) Quarter {
	y, m, _ := c.firstDay(c.turn(s)).date()
	return Quarter{y, (int(m)-1)/3 + 1}
}

// SprintsOf returns the sprints of a quarter, in order.
func (c Calendar) SprintsOf(q Quarter) []Sprint {
	return c.sprints(q.firstDay(), q.Next().firstDay())
}

// SprintsOfYear returns the sprints of a year, in order.
func (c Calendar) SprintsOfYear(year int) []Sprint {
	return c.sprints(dayOf(year, 1, 1), dayOf(year+1, 1, 1))
}

// sprints are those that start on one of the days from first until before end.
func (c Calendar) sprints(first, end day) []Sprint {
	var out []Sprint
	for turn := c.turnFrom(first); c.firstDay(turn) < end; turn++ {
		out = append(out, c.named(turn))
	}
	return out
}

// Inside, sprints are counted in turns: 0 is the one of the configured Monday,
// -1 the one before it.

func (c Calendar) length() day { return day(7 * c.Weeks) }

func (c Calendar) origin() day { return dayOf(c.FirstMonday.Date()) }

// firstDay is the day on which a turn begins.
func (c Calendar) firstDay(turn int) day { return c.origin() + day(turn)*c.length() }

// turnFrom is the first turn that begins on a day or later.
func (c Calendar) turnFrom(d day) int {
	past := d - c.origin()
	turn := past / c.length()
	if past > turn*c.length() { // Go divides towards zero, this rounds up
		turn++
	}
	return int(turn)
}

// turnAt is the turn in which a time falls.
func (c Calendar) turnAt(t time.Time) int {
	return c.turnFrom(dayOf(t.In(c.Location).Date())+1) - 1
}

// turn is the one that a sprint names.
func (c Calendar) turn(s Sprint) int { return c.turnFrom(dayOf(s.Year, 1, 1)) + s.Number - 1 }

// named gives a turn its name.
func (c Calendar) named(turn int) Sprint {
	year, _, _ := c.firstDay(turn).date()
	return Sprint{year, turn - c.turnFrom(dayOf(year, 1, 1)) + 1}
}

// day is a date as a count of days since 1 January 1970, so that dates can be
// reckoned with, without clocks that change.
type day int

const secondsPerDay = 24 * 60 * 60

func dayOf(y int, m time.Month, d int) day {
	return day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

func (d day) date() (int, time.Month, int) {
	return time.Unix(int64(d)*secondsPerDay, 0).UTC().Date()
}

// start is the first instant of the day in a location.
func (d day) start(l *time.Location) time.Time { return d.at(0, l) }

// at is when clocks in a location show a time since midnight, 24 hours being
// the next midnight. A time that is skipped where clocks are put forward, at
// some places midnight itself, is the instant of the change: time.Date would
// answer with one an hour before or after.
func (d day) at(clock time.Duration, l *time.Location) time.Time {
	year, month, dd := d.date()
	in := func(l *time.Location) time.Time {
		return time.Date(year, month, dd, 0, 0, int(clock/time.Second), int(clock%time.Second), l)
	}
	t := in(l)
	_, offset := t.Zone()
	switch shown, want := t.Unix()+int64(offset), in(time.UTC).Unix(); {
	case shown < want:
		_, t = t.ZoneBounds()
	case shown > want:
		t, _ = t.ZoneBounds()
	}
	return t
}

func (d day) weekday() time.Weekday { return d.start(time.UTC).Weekday() }
