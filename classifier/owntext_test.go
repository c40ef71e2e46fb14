package classifier

import (
	"strings"
	"testing"
)

// In each text the lines that end with ~ are not the reporter's own prose.
func TestForeignLines(t *testing.T) {
	c := newClassifier(t)
	for name, marked := range map[string]string{
		"greeting and name":       "Det virker ikke.\n\nMvh~\nOle Krag~\nKritisk Forum~",
		"name on the same line":   "It fails.\n\nCheers, Ann~\nUrgent Care Ltd~",
		"thanks in a sentence":    "Tak for jeres hurtige svar.\nDet er kritisk.",
		"postscript":              "Hej.\n\nMvh~\nOle~\n\nPS: det er kritisk.",
		"business card":           "Can we have a demo?\n\nDana Field~\nCritical Systems | Urgent Freight~",
		"two short lines of text": "Hej\n\nSiden virker ikke\nDet er kritisk.",
		"quotes":                  "Tak.\n> Skriv Kritisk~\nNummer 12.",
		"fenced code":             "Se:\n```~\nseverity: critical~\n```~\nHvad nu?",
		"log line":                "Se:\n2026-11-16 09:12:01 CRITICAL pool~\nHvad nu?",
		"syslog":                  "Se:\nNov 16 09:12:01 srv app[3]: CRITICAL: heap~",
		"logger":                  "Se:\nCRITICAL:db.pool:no free slot~",
		"probe":                   "Se:\nDISK CRITICAL - free space: / 3%~",
		"a person's colon":        "CRITICAL: orders are lost",
		"a person's capitals":     "LOGIN VIRKER IKKE",
		"dialogue":                "Her:\nKunde: det haster~\nBot: beklager~",
		"one colon is none":       "Kunde: Firma A/S\nDet haster.",
		"disclaimer":              "Hvad koster det?\n\nDenne mail kan indeholde fortrolige oplysninger. Er det akut, så ring.~",
	} {
		var src []string
		want := map[int]bool{}
		for i, l := range strings.Split(marked, "\n") {
			src = append(src, strings.TrimSuffix(l, "~"))
			want[i] = strings.HasSuffix(l, "~")
		}
		p := newPage(c, c.read(strings.Join(src, "\n")))
		p.find()
		for i, l := range p.lines {
			if l.foreign != want[i] && l.text != "" {
				t.Errorf("%s: line %q: foreign %v, want %v", name, l.text, l.foreign, want[i])
			}
		}
	}
}
