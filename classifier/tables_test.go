package classifier

import (
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

func TestImpact(t *testing.T) {
	c := newClassifier(t)
	for _, r := range readTable(t, "impact.txt", 4) {
		got := c.Classify(ticket.Message{Subject: r.fields[2], Reply: r.fields[3]})
		if got.Impact != r.fields[1] {
			t.Errorf("impact.txt:%d: %s: got %q by %q, want %q: %s", r.line, r.fields[0], got.Impact, got.ImpactEvidence, r.fields[1], r.fields[3])
		}
		if (got.Impact == "") != (got.ImpactEvidence == "") {
			t.Errorf("impact.txt:%d: %q with evidence %q", r.line, got.Impact, got.ImpactEvidence)
		}
	}
}

// The scorer is statistics: the table states how many of the rows must be right.
func TestCategories(t *testing.T) {
	c := newClassifier(t)
	rows := readTable(t, "topics.txt", 4)
	wrong := 0
	for _, r := range rows {
		got := c.Classify(ticket.Message{Subject: r.fields[2], Reply: r.fields[3]}).Category
		if got.Name != r.fields[1] {
			wrong++
			t.Logf("topics.txt:%d: %s: got %s %q, want %s: %s / %s", r.line, r.fields[0], got.Name, got.Evidence, r.fields[1], r.fields[2], r.fields[3])
		}
	}
	if wrong*100 > len(rows)*8 {
		t.Errorf("%d of %d wrong", wrong, len(rows))
	}
}

func TestLanguages(t *testing.T) {
	c := newClassifier(t)
	rows := readTable(t, "languages.txt", 2)
	wrong, wronglySure := 0, 0
	for _, r := range rows {
		got := c.Classify(ticket.Message{Reply: r.fields[1]})
		if got.Language != r.fields[0] {
			wrong++
			t.Logf("languages.txt:%d: got %s (sure %v), want %s: %s", r.line, got.Language, got.LanguageSure, r.fields[0], r.fields[1])
			if got.LanguageSure {
				wronglySure++
			}
		}
	}
	if wrong*100 > len(rows)*3 || wronglySure > 0 {
		t.Errorf("%d of %d wrong, of which %d said to be sure", wrong, len(rows), wronglySure)
	}
}
