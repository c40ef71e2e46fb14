package main

import (
	"strings"
	"testing"
)

// What a shell is offered, by what was typed up to the cursor.
func TestComplete(t *testing.T) {
	for _, c := range []struct {
		shell string
		words []string
		want  string // the words offered, in order
	}{
		{"zsh", []string{"out"}, "outbox"},
		{"zsh", []string{"ticket", "re"}, "resolve reopen reply"},
		{"zsh", []string{"complet"}, "completion"}, // and not the hidden one
		{"zsh", []string{"outbox", "list", "--state", "h"}, "held"},
		{"zsh", []string{"outbox", "list", "--state=h"}, "--state=held"},
		{"bash", []string{"outbox", "list", "--state", "=", "h"}, "held"},
		{"bash", []string{"outbox", "list", "--state", "=", ""}, "unsent queued held given-up bounced dropped withdrawn sent"},
		{"fish", []string{"ticket", "classify", "AIS-7K3Q-M2XQ", "--sev"}, "--severity="},
		{"fish", []string{"ticket", "classify", "--severity", "c"}, "critical"},
		{"fish", []string{"ticket", "plan", "--sev"}, ""}, // which plan does not take
		{"fish", []string{"ticket", "plan", "--hot"}, "--hotfix"},
		{"fish", []string{"completion", ""}, "bash zsh fish"},
		{"fish", []string{"completion", "zsh", ""}, ""},
		{"fish", []string{"explain", ""}, completeFiles},
		{"fish", []string{"explain", "a.eml", ""}, completeFiles},
		{"fish", []string{"serve", "--config", ""}, completeFiles},
		{"fish", []string{"serve", "--config=x"}, completeFiles},
		{"fish", []string{"serve", "-c", ""}, completeFiles},
		{"fish", []string{"nonsense", "--x", ""}, "*"}, // as if it were not there
	} {
		t.Run(c.shell+" "+strings.Join(c.words, " "), func(t *testing.T) {
			code, out, errOut := command(t, "", append([]string{"complete", c.shell}, c.words...)...)
			if code != exitOK || errOut != "" {
				t.Fatalf("exit %d %s", code, errOut)
			}
			var words []string
			for line := range strings.Lines(out) {
				word, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
				words = append(words, word)
			}
			if got := strings.Join(words, " "); got != c.want && c.want != "*" {
				t.Errorf("offered %q, want %q", got, c.want)
			}
		})
	}
}
