package templates

import (
	"strings"
	"testing"
	"time"
)

func TestConfig(t *testing.T) {
	good := Config{DeskName: "Firma support", Timezone: "Europe/Copenhagen", DefaultLanguage: "da"}
	for _, tc := range []struct {
		name   string
		change func(*Config)
		want   string // part of the error, "" for none
	}{
		{"good", func(*Config) {}, ""},
		{"no name", func(c *Config) { c.DeskName = " \n" }, "the desk has no name"},
		{"no zone", func(c *Config) { c.Timezone = "" }, `time zone "" is unknown`},
		{"unknown zone", func(c *Config) { c.Timezone = "Europe/Kobenhavn" }, `time zone "Europe/Kobenhavn" is unknown`},
		{"no language", func(c *Config) { c.DefaultLanguage = "" }, `no texts in the language "", only in da, `},
		{"unknown language", func(c *Config) { c.DefaultLanguage = "tlh" }, `no texts in the language "tlh"`},
		{"outside the folder", func(c *Config) { c.DefaultLanguage = "../lang/da" }, "no texts"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := good
			tc.change(&c)
			_, err := New(c)
			if tc.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want one that says %q", err, tc.want)
			}
		})
	}
}

// Dates are written as the language writes them, in the desk's zone.
func TestDates(t *testing.T) {
	s := newSet(t)
	winter := time.Date(2026, time.December, 7, 13, 5, 0, 0, time.UTC)
	summer := time.Date(2026, time.July, 1, 7, 0, 0, 0, time.UTC)
	lateEvening := time.Date(2026, time.December, 31, 23, 30, 0, 0, time.UTC) // next year in Copenhagen
	for _, tc := range []struct {
		language            string
		at                  time.Time
		date, time, written string
	}{
		{"da", winter, "7. december 2026", "kl. 14.05", "7. december 2026 kl. 14.05"},
		{"en", winter, "7 December 2026", "at 14:05", "7 December 2026, 14:05"},
		{"da", summer, "1. juli 2026", "kl. 9.00", "1. juli 2026 kl. 9.00"},
		{"en", summer, "1 July 2026", "at 09:00", "1 July 2026, 09:00"},
		{"sv", winter, "7 december 2026", "kl. 14:05", "7 december 2026 kl. 14:05"},
		{"nb", winter, "7. desember 2026", "kl. 14:05", "7. desember 2026 kl. 14:05"},
		{"de", winter, "7. Dezember 2026", "um 14:05 Uhr", "7. Dezember 2026 um 14:05 Uhr"},
		{"nl", winter, "7 december 2026", "om 14.05 uur", "7 december 2026 om 14.05 uur"},
		{"da", lateEvening, "1. januar 2027", "kl. 0.30", "1. januar 2027 kl. 0.30"},
		{"da", time.Time{}, "", "", ""},
	} {
		w, at := s.languages[tc.language].words, s.local(tc.at)
		if got := w.date(at); got != tc.date {
			t.Errorf("%s: date %q, want %q", tc.language, got, tc.date)
		}
		if got := w.time(at); got != tc.time {
			t.Errorf("%s: time %q, want %q", tc.language, got, tc.time)
		}
		if got := w.dateAndTime(at); got != tc.written {
			t.Errorf("%s: %q, want %q", tc.language, got, tc.written)
		}
	}
}

// Every language knows the same names.
func TestWordsAreComplete(t *testing.T) {
	s := newSet(t)
	da := s.languages["da"].words
	for tag, l := range s.languages {
		for name := range da.Categories {
			if l.words.Categories[name] == "" {
				t.Errorf("%s has no word for the category %s", tag, name)
			}
		}
		for name := range da.States {
			if l.words.States[name] == "" {
				t.Errorf("%s has no word for the state %s", tag, name)
			}
		}
	}
	if one, two := s.languages["da"].staff.Where, s.languages["en"].staff.Where; len(one) != len(two) {
		t.Errorf("%d places of evidence in Danish, %d in English", len(one), len(two))
	}
}

// Periods are written as the language writes them.
func TestPeriods(t *testing.T) {
	s := newSet(t)
	day := func(m time.Month, d int) time.Time { return noon(2026, m, d) }
	for _, tc := range []struct {
		first, last time.Time
		da, en      string
	}{
		{day(12, 7), day(12, 20), "7.–20. december", "7–20 December"},
		{day(11, 23), day(12, 6), "23. november – 6. december", "23 November – 6 December"},
		{day(12, 21), noon(2027, 1, 3), "21. december – 3. januar", "21 December – 3 January"},
		{time.Time{}, day(12, 6), "", ""},
		{day(12, 6), time.Time{}, "", ""},
	} {
		for tag, want := range map[string]string{"da": tc.da, "en": tc.en} {
			if got := s.languages[tag].words.days(tc.first, tc.last); got != want {
				t.Errorf("%s: %q, want %q", tag, got, want)
			}
		}
	}
	for period, want := range map[string][2]string{
		"2026-Q4": {"4. kvartal 2026", "Q4 2026"}, "2026": {"2026", "2026"}, "": {"", ""},
	} {
		if da, en := s.languages["da"].words.period(period), s.languages["en"].words.period(period); da != want[0] || en != want[1] {
			t.Errorf("%s: %q and %q, want %q", period, da, en, want)
		}
	}
	for tag, want := range map[string][3]string{
		"sv": {"7–20 december", "23 november – 6 december", "Q4 2026"},
		"nb": {"7.–20. desember", "23. november – 6. desember", "4. kvartal 2026"},
		"de": {"7.–20. Dezember", "23. November – 6. Dezember", "4. Quartal 2026"},
		"nl": {"7–20 december", "23 november – 6 december", "Q4 2026"},
	} {
		w := s.languages[tag].words
		if got := [3]string{w.days(day(12, 7), day(12, 20)), w.days(day(11, 23), day(12, 6)), w.period("2026-Q4")}; got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
	french := dates{First: "1er", Day: "{day} {month}", Months: [12]string{11: "décembre"}}
	if got := french.day(day(12, 1)) + ", " + french.day(day(12, 11)); got != "1er décembre, 11 décembre" {
		t.Errorf("%q", got)
	}
}

func BenchmarkLetter(b *testing.B) {
	s := newSet(b)
	n := Samples("da")[2].Notice
	for b.Loop() {
		if _, err := s.Letter(n); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		newSet(b)
	}
}
