package words

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// A word is in its final spelling, bounded, and survives the rules of languages
// that it is not of.
func FuzzOf(f *testing.F) {
	for _, s := range []string{"Fakturaen på skærmen", "don't 'x'", "ﬁl ﷺ", "請求書", "\xff\x00", "a\u0308\u00ad", strings.Repeat("ø", 99), "løsloes", "ing ed s", "\xf7ˠ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for word := range Of(text) {
			w := string(word)
			if w == "" || len(w) >= MaxLen+2*utf8.UTFMax || !utf8.ValidString(w) {
				t.Fatalf("%q has the word %q", text, w)
			}
			for again := range Of(w) {
				if string(again) != w && len(w) < MaxLen {
					t.Fatalf("%q has the word %q, and that %q", text, w, again)
				}
			}
			for _, stem := range Stems(w) {
				if len(stem) > len(w)+4 {
					t.Fatalf("the stem of %q is %q", w, stem)
				}
			}
		}
	})
}
