package ticket_test

import (
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

func TestAsksRoadmap(t *testing.T) {
	for _, c := range []struct {
		subject, period string
		ok              bool
	}{
		{"Køreplan", "", true},
		{"  KØREPLAN? ", "", true},
		{"koereplan", "", true},
		{"Køreplanen", "", true},
		{"Roadmap", "", true},
		{"Køreplan 2026", "2026", true},
		{"Køreplan for 2026", "2026", true},
		{"Roadmap 2026-Q4", "2026-Q4", true},
		{"Roadmap: Q4 2026", "2026-Q4", true},
		{"køreplan 4. kvartal 2026", "2026-Q4", true},
		{"", "", false},
		{"Re: Køreplan", "", false},
		{"Køreplan for login", "", false},
		{"Køreplan 26", "", false},
		{"Vores køreplan", "", false},
		{"Køreplaner", "", false},
	} {
		if period, ok := ticket.AsksRoadmap(c.subject); period != c.period || ok != c.ok {
			t.Errorf("AsksRoadmap(%q) = %q, %v, want %q, %v", c.subject, period, ok, c.period, c.ok)
		}
	}
}
