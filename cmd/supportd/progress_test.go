package main

import (
	"strings"
	"testing"
	"time"
)

// Progress is told from time to time, to a terminal that does not show the output
// itself.
func TestProgress(t *testing.T) {
	for _, c := range []struct {
		name              string
		terminal, watched bool
		want              string
	}{
		{"the output goes to a file", false, true, "\r2 of 5 mails \r4 of 5 mails \r\x1b[K"},
		{"the output is seen", true, true, ""},
		{"nobody looks on", false, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var told strings.Builder
			clock := time.Unix(0, 0)
			p := newProgress(host{errOut: &told, terminal: c.terminal, watched: c.watched, now: func() time.Time { return clock }}, "mails", 5)
			for range 5 {
				clock = clock.Add(progressEvery / 2)
				p.step()
			}
			p.end()
			if told.String() != c.want {
				t.Errorf("told %q, want %q", told.String(), c.want)
			}
		})
	}
}
