package templates

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// dates is how a language writes dates and periods. The forms hold {day} {month}
// {year} {hour} {hh} {minute}, where hh and minute have two digits; days and
// days_across also {from} and {from_month}; quarter {quarter} and {year}.
type dates struct {
	Months [12]string `json:"months"` // as they stand behind a day
	// First is what the first of a month is called, where that is not 1: 1er.
	First       string `json:"first,omitempty"`
	Date        string `json:"date"`
	Time        string `json:"time"`  // at 14:05
	Clock       string `json:"clock"` // 14:05, behind "until" and its like
	DateAndTime string `json:"date_and_time"`
	Day         string `json:"day"`          // without the year
	DayAndTime  string `json:"day_and_time"` // … likewise
	Days        string `json:"days"`         // first to last day, of one month
	DaysAcross  string `json:"days_across"`  // … of two months
	Quarter     string `json:"quarter"`
}

func (d dates) complete() error {
	for i, m := range d.Months {
		if m == "" {
			return fmt.Errorf("month %d has no name", i+1)
		}
	}
	return named(map[string]string{
		"date": d.Date, "time": d.Time, "clock": d.Clock, "date_and_time": d.DateAndTime, "day": d.Day, "day_and_time": d.DayAndTime,
		"days": d.Days, "days_across": d.DaysAcross, "quarter": d.Quarter,
	})
}

func (d dates) date(t time.Time) string        { return d.written(d.Date, t, t) }
func (d dates) time(t time.Time) string        { return d.written(d.Time, t, t) }
func (d dates) clock(t time.Time) string       { return d.written(d.Clock, t, t) }
func (d dates) dateAndTime(t time.Time) string { return d.written(d.DateAndTime, t, t) }
func (d dates) day(t time.Time) string         { return d.written(d.Day, t, t) }
func (d dates) dayAndTime(t time.Time) string  { return d.written(d.DayAndTime, t, t) }

// days is a range with its first and last day; "" unless both are known.
func (d dates) days(first, last time.Time) string {
	if first.Month() != last.Month() || first.Year() != last.Year() {
		return d.written(d.DaysAcross, first, last)
	}
	return d.written(d.Days, first, last)
}

// written is a point of time in the given form, or a stretch that began at from;
// "" for none.
func (d dates) written(form string, from, t time.Time) string {
	if from.IsZero() || t.IsZero() {
		return ""
	}
	return strings.NewReplacer(
		"{from}", d.number(from), "{from_month}", d.Months[from.Month()-1],
		"{day}", d.number(t), "{month}", d.Months[t.Month()-1],
		"{year}", strconv.Itoa(t.Year()),
		"{hour}", strconv.Itoa(t.Hour()), "{hh}", fmt.Sprintf("%02d", t.Hour()),
		"{minute}", fmt.Sprintf("%02d", t.Minute()),
	).Replace(form)
}

func (d dates) number(t time.Time) string {
	if t.Day() == 1 && d.First != "" {
		return d.First
	}
	return strconv.Itoa(t.Day())
}

// period is a quarter, 2027-Q1, in words; a year, or what is neither, as it is.
func (d dates) period(p string) string {
	year, quarter, ok := strings.Cut(p, "-Q")
	if !ok {
		return name(p)
	}
	return strings.NewReplacer("{quarter}", name(quarter), "{year}", name(year)).Replace(d.Quarter)
}
