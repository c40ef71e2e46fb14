package ticket_test

import (
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

func TestParseClock(t *testing.T) {
	for text, want := range map[string]string{
		"08:00": "08:00", "8:00": "08:00", "08.30": "08:30", "00:00": "00:00", "23:59": "23:59",
		"": "", "24:00": "", "8": "", "08:60": "", "8:0": "", "-1:00": "", "08:00:00": "", "eight": "", "08: 0": "", "٠٨:00": "",
	} {
		got, err := ticket.ParseClock(text)
		if got.String() != want || (err == nil) != (want != "") || got.IsZero() != (want == "") {
			t.Errorf("%q is %q, %v, want %q", text, got, err, want)
		}
	}
}

func FuzzParseClock(f *testing.F) {
	f.Add("08:00")
	f.Add("8.5")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ticket.ParseClock(text)
		if err != nil {
			return
		}
		if again, err := ticket.ParseClock(got.String()); err != nil || again != got {
			t.Errorf("%q is read as %s, and that as %s, %v", text, got, again, err)
		}
	})
}

// On days on which clocks change each time of day comes once.
func TestClockOnDaysOfChange(t *testing.T) {
	copenhagen := zone(t, "Europe/Copenhagen")
	for _, tt := range []struct{ clock, now, last, next string }{
		{"08:00", "2026-11-23T07:59:59+01:00", "2026-11-22T08:00:00+01:00", "2026-11-23T08:00:00+01:00"},
		{"08:00", "2026-11-23T08:00:00+01:00", "2026-11-23T08:00:00+01:00", "2026-11-24T08:00:00+01:00"},
		{"00:00", "2026-11-23T00:00:00+01:00", "2026-11-23T00:00:00+01:00", "2026-11-24T00:00:00+01:00"},
		{"08:00", "2026-03-28T08:00:00+01:00", "2026-03-28T08:00:00+01:00", "2026-03-29T08:00:00+02:00"},
		{"02:30", "2026-03-29T01:59:59+01:00", "2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00"}, // there is none
		{"02:30", "2026-03-29T03:00:00+02:00", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"},
		{"02:30", "2026-10-25T02:30:00+02:00", "2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+01:00"}, // there are two: the second
		{"02:30", "2026-10-25T02:29:59+01:00", "2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+01:00"},
		{"02:30", "2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+01:00", "2026-10-26T02:30:00+01:00"},
	} {
		c, err := ticket.ParseClock(tt.clock)
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		last, next := c.Last(now, copenhagen).Format(time.RFC3339), c.Next(now, copenhagen).Format(time.RFC3339)
		if last != tt.last || next != tt.next {
			t.Errorf("at %s clocks showed %s at %s and will at %s, want %s and %s", tt.now, tt.clock, last, next, tt.last, tt.next)
		}
	}
}
