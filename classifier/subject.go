package classifier

import "unicode/utf8"

// maxPrefix is the longest word, in characters, that is taken for the prefix of
// an answer or a forwarding ("Odp", "Antw", "Videresendt").
const maxPrefix = 16

// forwardPrefix reports a subject that belongs to a mail passed on: one of the
// prefixes before its colons says so. A reply prefix does not.
//
// langs are the languages of the mail, since VS forwards in Danish and Norwegian
// and answers in Finnish.
func forwardPrefix(t *text, langs langset) bool {
	for i := 0; i+1 < len(t.toks) && i < 12; i++ {
		k := t.toks[i]
		if !k.word || utf8.RuneCountInString(k.form) > maxPrefix {
			if k.form == ":" || k.form == "[" || k.form == "]" {
				continue
			}
			return false
		}
		if next := t.toks[i+1].form; next != ":" {
			return false
		}
		if _, ok := t.at(i, langs, roleForward); ok {
			return true
		}
	}
	return false
}
