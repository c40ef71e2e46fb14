package main

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// A table fits the terminal if it can: what can be missed goes, the widest columns
// give way, and the first never does.
func TestTableFits(t *testing.T) {
	for _, c := range []struct {
		name  string
		width int
		want  string
	}{
		{"no terminal", 0, "" +
			"ID             STATE     MAILS  SUBJECT\n" +
			"AIS-7K3Q-M2XQ  reported  3      Chatbotten svarer ikke på vores hjemmeside\n"},
		{"wide enough", 80, "" +
			"ID             STATE     MAILS  SUBJECT\n" +
			"AIS-7K3Q-M2XQ  reported  3      Chatbotten svarer ikke på vores hjemmeside\n"},
		{"a cut is enough", 60, "" +
			"ID             STATE     MAILS  SUBJECT\n" +
			"AIS-7K3Q-M2XQ  reported  3      Chatbotten svarer ikke på v…\n"},
		{"narrow", 40, "" +
			"ID             STATE     SUBJECT\n" +
			"AIS-7K3Q-M2XQ  reported  Chatbotten sva…\n"},
		{"too narrow for anything", 10, "" +
			"ID             STATE   SUBJE…\n" +
			"AIS-7K3Q-M2XQ  repor…  Chatb…\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			table := newTable(&b, c.width, "ID", "STATE", "MAILS", "SUBJECT")
			table.optional = []string{"MAILS"}
			table.row("AIS-7K3Q-M2XQ", "reported", "3", "Chatbotten svarer ikke på vores hjemmeside")
			if err := table.flush(); err != nil {
				t.Fatal(err)
			}
			if b.String() != c.want {
				t.Errorf("got\n%swant\n%s", b.String(), c.want)
			}
			for line := range strings.Lines(b.String()) {
				if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); c.width >= 40 && n > c.width {
					t.Errorf("%d characters where %d fit: %s", n, c.width, line)
				}
			}
		})
	}
}
