package main

import (
	"strings"
	"testing"
)

// The manual page of the repository is the one that the program prints.
func TestManual(t *testing.T) {
	code, out, errOut := command(t, "", "man")
	if code != exitOK {
		t.Fatalf("exit %d %s", code, errOut)
	}
	golden(t, "../../docs/supportd.1", out)
	for line := range strings.Lines(out) {
		// A line that begins with a dot is an order to the formatter.
		if strings.HasPrefix(line, ".") && !strings.HasPrefix(line, ".TH") && !strings.HasPrefix(line, ".SH") && !strings.HasPrefix(line, ".SS") &&
			!strings.HasPrefix(line, ".TP") && !strings.HasPrefix(line, ".PP") && !strings.HasPrefix(line, ".B ") && !strings.HasPrefix(line, ".I ") {
			t.Errorf("an unknown request: %s", line)
		}
	}
}

func TestRoffText(t *testing.T) {
	for in, want := range map[string]string{
		`--set KEY=VALUE`: `\-\-set KEY=VALUE`,
		`.eml files`:      `\&.eml files`,
		`'quoted'`:        `\&'quoted'`,
		`a\b`:             `a\eb`,
		"two\nlines":      "two lines",
	} {
		if got := roffText(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
