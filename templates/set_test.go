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
		{"no language", func(c *Config) { c.DefaultLanguage = "" }, `no texts in the language "", only in da, en`},
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
		for name := range da.Trust {
			if l.words.Trust[name] == "" {
				t.Errorf("%s has no word for the trust %s", tag, name)
			}
		}
		if len(l.words.Where) != len(da.Where) {
			t.Errorf("%s knows %d places of evidence, da %d", tag, len(l.words.Where), len(da.Where))
		}
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
