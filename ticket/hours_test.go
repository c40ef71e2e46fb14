package ticket_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"aismarttalk.tech/supportd/ticket"
)

func workweek() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
}

// office is open from 8 to 16 on Danish working days.
func office(t testing.TB) ticket.Hours {
	t.Helper()
	closed := map[string]bool{
		"2026-04-02": true, "2026-04-03": true, "2026-04-05": true, "2026-04-06": true, // Easter
		"2026-12-24": true, "2026-12-25": true, "2026-12-26": true, "2026-12-31": true, "2027-01-01": true,
	}
	h := ticket.Hours{
		Open: 8 * time.Hour, Close: 16 * time.Hour, Weekdays: workweek(), Location: zone(t, "Europe/Copenhagen"),
		Holiday: func(y int, m time.Month, d int) bool {
			return closed[time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)]
		},
	}
	if err := h.Validate(); err != nil {
		t.Fatal(err)
	}
	return h
}

// always is open day and night.
func always(t testing.TB) ticket.Hours {
	h := office(t)
	h.Open, h.Close, h.Holiday = 0, 24*time.Hour, nil
	h.Weekdays = append(h.Weekdays, time.Saturday, time.Sunday)
	return h
}

// wall reads what a clock in a location shows.
func wall(t testing.TB, clock string, l *time.Location) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("Mon 2006-01-02 15:04", clock, l)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestHoursAdd(t *testing.T) {
	office, always := office(t), always(t)
	night := always
	night.Open, night.Close = 2*time.Hour+30*time.Minute, 5*time.Hour
	for _, tt := range []struct {
		name  string
		hours ticket.Hours
		from  string
		add   time.Duration
		want  string
	}{
		{"within the day", office, "Mon 2026-11-23 09:15", 2 * time.Hour, "Mon 2026-11-23 11:15"},
		{"nothing, within hours", office, "Mon 2026-11-23 09:15", 0, "Mon 2026-11-23 09:15"},
		{"nothing, at opening", office, "Mon 2026-11-23 08:00", 0, "Mon 2026-11-23 08:00"},
		{"nothing, at closing", office, "Mon 2026-11-23 16:00", 0, "Tue 2026-11-24 08:00"},
		{"nothing, at night", office, "Mon 2026-11-23 03:00", 0, "Mon 2026-11-23 08:00"},
		{"less than nothing", office, "Mon 2026-11-23 09:15", -time.Hour, "Mon 2026-11-23 09:15"},
		{"to closing time", office, "Mon 2026-11-23 14:00", 2 * time.Hour, "Mon 2026-11-23 16:00"},
		{"past closing time", office, "Mon 2026-11-23 14:00", 2*time.Hour + time.Nanosecond, "Tue 2026-11-24 08:00"},
		{"before opening", office, "Mon 2026-11-23 06:30", time.Hour, "Mon 2026-11-23 09:00"},
		{"after closing", office, "Mon 2026-11-23 18:30", time.Hour, "Tue 2026-11-24 09:00"},
		{"a whole day", office, "Mon 2026-11-23 08:00", 8 * time.Hour, "Mon 2026-11-23 16:00"},
		{"five days", office, "Mon 2026-11-23 10:00", 40 * time.Hour, "Mon 2026-11-30 10:00"},
		{"over the weekend", office, "Fri 2026-11-27 15:00", 2 * time.Hour, "Mon 2026-11-30 09:00"},
		{"from a Saturday", office, "Sat 2026-11-28 12:00", 2 * time.Hour, "Mon 2026-11-30 10:00"},
		{"over Easter", office, "Wed 2026-04-01 15:00", 2 * time.Hour, "Tue 2026-04-07 09:00"},
		{"from Good Friday", office, "Fri 2026-04-03 10:00", 16 * time.Hour, "Wed 2026-04-08 16:00"},
		{"over Christmas", office, "Wed 2026-12-23 15:30", time.Hour, "Mon 2026-12-28 08:30"},
		{"over New Year", office, "Wed 2026-12-30 14:00", 4 * time.Hour, "Mon 2027-01-04 10:00"},
		{"over the spring change", office, "Fri 2026-03-27 15:00", 2 * time.Hour, "Mon 2026-03-30 09:00"},
		{"over the autumn change", office, "Fri 2026-10-23 15:00", 2 * time.Hour, "Mon 2026-10-26 09:00"},
		{"a night of 23 hours", always, "Sat 2026-03-28 12:00", 24 * time.Hour, "Sun 2026-03-29 13:00"},
		{"a night of 25 hours", always, "Sat 2026-10-24 12:00", 24 * time.Hour, "Sun 2026-10-25 11:00"},
		{"opening time skipped: open from the change on", night, "Sun 2026-03-29 00:00", time.Hour, "Sun 2026-03-29 04:00"},
		{"an ordinary night", night, "Mon 2026-03-30 00:00", time.Hour, "Mon 2026-03-30 03:30"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.hours.Add(wall(t, tt.from, tt.hours.Location).UTC(), tt.add)
			if said := got.Truncate(time.Minute).Format("Mon 2006-01-02 15:04"); said != tt.want {
				t.Errorf("%v after %s is %s, want %s", tt.add, tt.from, said, tt.want)
			}
		})
	}
}

func TestHoursBetween(t *testing.T) {
	office, always := office(t), always(t)
	for _, tt := range []struct {
		hours ticket.Hours
		a, b  string
		want  time.Duration
	}{
		{office, "Mon 2026-11-23 09:15", "Mon 2026-11-23 11:15", 2 * time.Hour},
		{office, "Mon 2026-11-23 11:15", "Mon 2026-11-23 09:15", -2 * time.Hour},
		{office, "Mon 2026-11-23 09:15", "Mon 2026-11-23 09:15", 0},
		{office, "Mon 2026-11-23 00:00", "Mon 2026-11-23 08:00", 0},
		{office, "Mon 2026-11-23 16:00", "Tue 2026-11-24 08:00", 0},
		{office, "Mon 2026-11-23 15:00", "Tue 2026-11-24 09:00", 2 * time.Hour},
		{office, "Sat 2026-11-28 09:00", "Sun 2026-11-29 18:00", 0},
		{office, "Wed 2026-04-01 00:00", "Wed 2026-04-08 00:00", 16 * time.Hour},
		{office, "Mon 2026-12-21 00:00", "Mon 2027-01-04 00:00", 6 * 8 * time.Hour},
		{always, "Sat 2026-03-28 12:00", "Sun 2026-03-29 12:00", 23 * time.Hour},
		{always, "Sat 2026-10-24 12:00", "Sun 2026-10-25 12:00", 25 * time.Hour},
		{always, "Fri 2026-03-27 00:00", "Tue 2026-03-31 00:00", (4*24 - 1) * time.Hour},
		{always, "Fri 2026-10-23 00:00", "Tue 2026-10-27 00:00", (4*24 + 1) * time.Hour},
	} {
		got := tt.hours.Between(wall(t, tt.a, office.Location).UTC(), wall(t, tt.b, office.Location).UTC())
		if got != tt.want {
			t.Errorf("from %s to %s are %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

// What Add adds, Between finds again; and neither minds in which location its
// times are given. Among the zones is one whose clocks change at midnight.
func TestHoursAddAndBetweenAgree(t *testing.T) {
	zones := []*time.Location{zone(t, "Europe/Copenhagen"), zone(t, "America/Santiago"), zone(t, "Asia/Kathmandu")}
	rapid.Check(t, func(rt *rapid.T) {
		opens := rapid.IntRange(0, 24*60-1).Draw(rt, "open")
		h := ticket.Hours{
			Open:     time.Duration(opens) * time.Minute,
			Close:    time.Duration(rapid.IntRange(opens+1, 24*60).Draw(rt, "close")) * time.Minute,
			Weekdays: rapid.SliceOfNDistinct(rapid.SampledFrom(append(workweek(), time.Saturday, time.Sunday)), 1, 7, rapid.ID[time.Weekday]).Draw(rt, "weekdays"),
			Location: rapid.SampledFrom(zones).Draw(rt, "zone"),
			Holiday:  func(_ int, _ time.Month, d int) bool { return d%10 == 3 },
		}
		if err := h.Validate(); err != nil {
			rt.Fatal(err)
		}
		from := time.Unix(rapid.Int64Range(0, 4e9).Draw(rt, "from"), 0)
		d := time.Duration(rapid.Int64Range(0, int64(60*time.Hour)).Draw(rt, "duration"))
		end := h.Add(from, d)
		if end.Before(from) {
			rt.Fatalf("%v after %v is %v", d, from, end)
		}
		if got := h.Between(from, end.UTC()); got != d {
			rt.Fatalf("%v after %v is %v, but between them are %v", d, from, end, got)
		}
		if got := h.Between(end, from); got != -d {
			rt.Fatalf("backwards there are %v, want %v", got, -d)
		}
		if again := h.Add(from.UTC(), d); again != end {
			rt.Fatalf("the location of %v makes a difference: %v, %v", from, end, again)
		}
	})
}

// Somebody who never opens is an answer, not a loop.
func TestHoursThatNeverOpen(t *testing.T) {
	h := office(t)
	h.Holiday = func(int, time.Month, int) bool { return true }
	if got := h.Add(noon, time.Hour); !got.IsZero() {
		t.Errorf("never open, but an hour has passed at %v", got)
	}
	if got := h.Between(noon, noon.AddDate(1, 0, 0)); got != 0 {
		t.Errorf("never open, but %v have passed", got)
	}
	h.Holiday = func(y int, m time.Month, d int) bool { return y == 2026 || m != time.November || d != 22 } // one day a year
	if got, want := h.Add(noon, time.Hour), wall(t, "Mon 2027-11-22 09:00", h.Location); !got.Equal(want) {
		t.Errorf("open once a year, and an hour has passed at %v, want %v", got, want)
	}
}

func TestHoursValidateNamesEveryFault(t *testing.T) {
	good := office(t)
	for name, want := range map[string]struct {
		spoil func(*ticket.Hours)
		parts []string
	}{
		"order":    {func(h *ticket.Hours) { h.Open, h.Close = h.Close, h.Open }, []string{"16h0m0s to 8h0m0s"}},
		"empty":    {func(h *ticket.Hours) { h.Close = h.Open }, []string{"opening before closing"}},
		"too long": {func(h *ticket.Hours) { h.Close = 25 * time.Hour }, []string{"within one day"}},
		"negative": {func(h *ticket.Hours) { h.Open = -time.Hour }, []string{"within one day"}},
		"no day":   {func(h *ticket.Hours) { h.Weekdays = nil }, []string{"no working day"}},
		"odd day":  {func(h *ticket.Hours) { h.Weekdays = []time.Weekday{7} }, []string{"7 is no day"}},
		"zone":     {func(h *ticket.Hours) { h.Location = nil }, []string{"time zone"}},
		"all":      {func(h *ticket.Hours) { *h = ticket.Hours{} }, []string{"opening", "no working day", "time zone"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := good
			want.spoil(&h)
			err := h.Validate()
			for _, part := range want.parts {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("says %v, want %q in it", err, part)
				}
			}
		})
	}
}

func TestPromises(t *testing.T) {
	hours := office(t)
	monday := wall(t, "Mon 2026-11-23 10:00", hours.Location)
	type targets = map[ticket.Severity]ticket.Target
	critical := ticket.Target{Assess: 2 * time.Hour, Answer: 8 * time.Hour}
	normal := ticket.Target{Assess: 16 * time.Hour, Answer: 40 * time.Hour}
	high := ticket.Target{Assess: 4 * time.Hour}
	twoHours, sixteenHours, fourHours := "Mon 2026-11-23 12:00", "Wed 2026-11-25 10:00", "Mon 2026-11-23 14:00"
	eightHours, fortyHours := "Tue 2026-11-24 10:00", "Mon 2026-11-30 10:00"
	for _, tt := range []struct {
		name           string
		targets        targets
		severity       ticket.Severity
		assess, answer string
	}{
		{"its own", targets{"critical": critical, "normal": normal}, "critical", twoHours, eightHours},
		{"the next lower level", targets{"critical": critical, "normal": normal}, "high", sixteenHours, fortyHours},
		{"normal stands for the rest", targets{"critical": critical, "normal": normal}, "low", sixteenHours, fortyHours},
		{"so for what is no level", targets{"critical": critical, "normal": normal}, "", sixteenHours, fortyHours},
		{"one of two", targets{"high": high, "normal": normal}, "high", fourHours, ""},
		{"the nearest of the lower", targets{"high": high, "normal": normal}, "critical", fourHours, ""},
		{"never that of a higher level", targets{"critical": critical}, "high", "", ""},
		{"nothing, and that said", targets{"critical": critical, "high": {}, "normal": normal}, "high", "", ""},
		{"nothing at all", nil, "critical", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := ticket.Promises{Hours: hours, Targets: tt.targets}
			if err := p.Validate(); err != nil {
				t.Fatal(err)
			}
			for what, pair := range map[string][2]string{
				"assessed": {say(p.AssessBy(tt.severity, monday)), tt.assess},
				"answered": {say(p.AnswerBy(tt.severity, monday)), tt.answer},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%q is to be %s by %q, want %q", tt.severity, what, pair[0], pair[1])
				}
			}
		})
	}
}

func say(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("Mon 2006-01-02 15:04")
}

func TestPromisesValidateNamesEveryFault(t *testing.T) {
	if err := (ticket.Promises{}).Validate(); err != nil {
		t.Errorf("nothing promised is at fault: %v", err)
	}
	err := ticket.Promises{Targets: map[ticket.Severity]ticket.Target{"urgent": {}, "low": {Assess: -1}, "high": {Answer: -1}}}.Validate()
	for _, part := range []string{`"urgent"`, "promises.low", "promises.high", "time zone"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("says %v, want %q in it", err, part)
		}
	}
}
