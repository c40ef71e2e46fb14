package classifier

import (
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// What is silent does not speak of a category; the rest of a mail does.
func TestSilence(t *testing.T) {
	c := newClassifier(t)
	for _, tt := range []struct{ subject, body, silent string }{
		{"Faktura", "Det er ikke kritisk, men beløbet er forkert.", "det er ikke kritisk"},
		{"KRITISK: hvid side", "Alvorlighed: kritisk\nSiden er tom.", "kritisk alvorlighed kritisk"},
		{"Lager", "För oss är problemet kritiskt. Listan är tom.", "för oss är problemet kritiskt"},
		{"Logo", "Il n'y a rien d'urgent. Où est le logo ?", "il n y a rien d urgent"},
		{"Invoice", "We ask the whole team to treat this as critical.", "to treat this as critical"},
		{"SEV-1 login page", "It stays blank.", "sev 1"},
		{"Fane", "Fanen mangler.\n\nSystem: Firefox 140, Ubuntu.", "system firefox 140 ubuntu"},
		{"Kritisk", "Det er kritisk!", ""}, // nothing else is said
		{"Pris", "Hvad koster to butikker?", ""},
	} {
		d := c.document(ticket.Message{Subject: tt.subject, Reply: tt.body})
		var silent []string
		for _, x := range []*text{d.subject, d.body} {
			for i, k := range x.toks {
				if k.word && x.silent[i] {
					silent = append(silent, k.form)
				}
			}
		}
		if got := strings.Join(silent, " "); got != tokensOf(tt.silent) {
			t.Errorf("%s / %s: silent is %q, want %q", tt.subject, tt.body, got, tokensOf(tt.silent))
		}
	}
}

// tokensOf is s as the tokens that stand for its words.
func tokensOf(s string) string { return strings.Join(phraseWords(s), " ") }

func TestOperatorPhrasesHoldInGrades(t *testing.T) {
	c, err := New(Config{Categories: []CategoryConfig{{Name: "kiosk", Phrases: []string{"critical stand", "Ubuntu"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]bool{"This is a critical stand. Help us.": true, "The page is blank.\n\nSystem: Firefox, Ubuntu.": false} {
		if got := c.Classify(ticket.Message{Subject: "Page", Reply: body}).Category; (got.Name == "kiosk") != want {
			t.Errorf("%q: got %+v", body, got)
		}
	}
}
