package classifier

import (
	"os"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// row is one line of a table of mails in testdata/classifier.
type row struct {
	file   string
	line   int
	fields []string
}

// readTable reads a table whose fields are parted by "|"; ⏎ is a line end.
func readTable(t *testing.T, name string, fields int) []row {
	t.Helper()
	b, err := os.ReadFile("../testdata/classifier/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for n, line := range strings.Split(string(b), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.SplitN(strings.ReplaceAll(line, "⏎", "\n"), "|", fields)
		if len(f) != fields {
			t.Fatalf("%s:%d: want %d fields", name, n+1, fields)
		}
		rows = append(rows, row{name, n + 1, f})
	}
	if len(rows) < 20 {
		t.Fatalf("%s holds %d rows", name, len(rows))
	}
	return rows
}

func TestClaims(t *testing.T) {
	c := newClassifier(t)
	for _, r := range append(readTable(t, "claims.txt", 6), readTable(t, "claims2.txt", 6)...) {
		lang, level, evidence, trap := r.fields[0], r.fields[1], r.fields[2], r.fields[3]
		want := ticket.Severity(level)
		if level == "" {
			want = ticket.SeverityNormal
		}
		m := ticket.Message{Subject: r.fields[4], Reply: r.fields[5]}
		got := c.Classify(m).Claim
		if got.Severity != want {
			t.Errorf("%s:%d: %s %s: got %s %q by %s, want %s:\n\t%s / %s", r.file, r.line, lang, trap, got.Severity, got.Evidence, got.Rule, want, m.Subject, m.Reply)
			continue
		}
		if (got.Evidence == "") != (want == ticket.SeverityNormal) {
			t.Errorf("%s:%d: %s with evidence %q", r.file, r.line, got.Severity, got.Evidence)
		}
		a, b := strings.ToLower(got.Evidence), strings.ToLower(evidence)
		if !strings.Contains(a, b) && !strings.Contains(b, a) {
			t.Errorf("%s:%d: evidence %q, want %q", r.file, r.line, got.Evidence, evidence)
		}
	}
}
