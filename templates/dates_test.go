package templates

import (
	"strings"
	"testing"
	"time"
)

// Each language writes dates, times and periods in its own way.
func TestDatesOfEachLanguage(t *testing.T) {
	s := newSet(t)
	evening := time.Date(2026, time.December, 7, 13, 5, 0, 0, time.UTC)
	morning := time.Date(2026, time.April, 1, 7, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		language                string
		time, written, first    string
		days, across, fromFirst string
		quarter                 string
	}{
		{
			"es", "a las 14:05", "7 de diciembre de 2026 a las 14:05", "1 de abril de 2026 a las 09:00",
			"7–20 de diciembre", "23 de noviembre – 6 de diciembre", "1–14 de abril", "T4 2026",
		},
		{
			"fr", "à 14\u00a0h\u00a005", "7 décembre 2026 à 14\u00a0h\u00a005", "1er avril 2026 à 9\u00a0h\u00a000",
			"du 7 au 20 décembre", "du 23 novembre au 6 décembre", "du 1er au 14 avril", "T4 2026",
		},
		{
			"it", "alle 14:05", "7 dicembre 2026 alle 14:05", "1º aprile 2026 alle 09:00",
			"7–20 dicembre", "23 novembre – 6 dicembre", "1º–14 aprile", "4º trimestre 2026",
		},
		{
			"pl", "o 14:05", "7 grudnia 2026 roku o 14:05", "1 kwietnia 2026 roku o 9:00",
			"7–20 grudnia", "23 listopada – 6 grudnia", "1–14 kwietnia", "4. kwartał 2026",
		},
	} {
		w := s.languages[tc.language].words
		for _, c := range []struct{ got, want string }{
			{w.time(s.local(evening)), tc.time},
			{w.dateAndTime(s.local(evening)), tc.written},
			{w.dateAndTime(s.local(morning)), tc.first},
			{w.days(noon(2026, 12, 7), noon(2026, 12, 20)), tc.days},
			{w.days(noon(2026, 11, 23), noon(2026, 12, 6)), tc.across},
			{w.days(noon(2026, 4, 1), noon(2026, 4, 14)), tc.fromFirst},
			{w.period("2026-Q4"), tc.quarter},
		} {
			if c.got != c.want {
				t.Errorf("%s: %q, want %q", tc.language, c.got, c.want)
			}
		}
	}
}

// The Italian article is elided before eight and eleven, and before no other day.
func TestItalianArticles(t *testing.T) {
	s := newSet(t)
	for day := 1; day <= 31; day++ {
		n := sample(t, "it", "resolved")
		n.Facts.CloseOn = noon(2026, time.December, day)
		want := "chiuderemo il ticket il "
		if day == 8 || day == 11 {
			want = "chiuderemo il ticket l’"
		}
		want += s.languages["it"].words.date(n.Facts.CloseOn) + "."
		if text := unwrapped(write(t, s, n)); !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

// Polish has one form of day for one and another for all above.
func TestPolishDays(t *testing.T) {
	s := newSet(t)
	for days, want := range map[int]string{1: "od 1 dnia.", 2: "od 2 dni.", 5: "od 5 dni.", 22: "od 22 dni."} {
		n := sample(t, "pl", "closed-quiet")
		n.Facts.QuietDays = days
		if text := unwrapped(write(t, s, n)); !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func unwrapped(l Letter) string { return strings.Join(strings.Fields(l.Text), " ") }
