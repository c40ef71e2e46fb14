package ticket

import (
	"strings"
	"unicode"
)

// tokenText is a text as its words.
type tokenText struct {
	words []token
	asks  bool // holds a question mark
	sad   bool // holds :(
}

type token struct {
	form  string // plain, without apostrophes
	line  int
	first bool // on its line
	name  bool // may be a name: a capital, then small letters
	stops bool // a comma, a full stop or the line's end follows
	ends  bool // the sentence ends behind it
}

func tokens(text string) tokenText {
	t := tokenText{asks: strings.ContainsAny(text, "?？¿")}
	for _, sad := range []string{":(", ":-(", "=(", ":'(", ":-/"} {
		t.sad = t.sad || strings.Contains(text, sad)
	}
	line := 0
	for l := range strings.Lines(text) {
		if isBlankLine(l) {
			t.end()
			continue
		}
		t.addLine(l, line)
		line++
	}
	return t
}

// end marks the end of a sentence.
func (t *tokenText) end() {
	if n := len(t.words); n > 0 {
		t.words[n-1].stops, t.words[n-1].ends = true, true
	}
}

// addLine adds the words of a line. Letters, digits and the marks and
// apostrophes within them make a word; every pictogram is one.
func (t *tokenText) addLine(line string, number int) {
	begun, first := -1, true
	flush := func(to int) {
		if begun >= 0 {
			first = !t.add(line[begun:to], number, first) && first
		}
		begun = -1
	}
	for i, r := range line {
		switch {
		case unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.Cf) || isApostrophe(r):
			if begun < 0 {
				begun = i
			}
			continue
		case unicode.Is(unicode.So, r):
			flush(i)
			first = !t.add(string(r), number, first) && first
			continue
		}
		flush(i)
		if n := len(t.words); n > 0 {
			switch {
			case strings.ContainsRune("!?…;？！。", r) || strings.ContainsRune(".:", r) && endsThere(line[i+1:]):
				t.end()
			case !isBlankRune(r):
				t.words[n-1].stops = true
			}
		}
	}
	flush(len(line))
	if n := len(t.words); n > 0 {
		t.words[n-1].stops = true
	}
}

// endsThere tells the full stop of a sentence from one in "m.v.h".
func endsThere(rest string) bool {
	r, _ := cutFirst(rest)
	return rest == "" || !unicode.In(r, unicode.L, unicode.N)
}

func isApostrophe(r rune) bool { return strings.ContainsRune("'’‘ʼ´`", r) }

// add adds a word unless nothing of it shows.
func (t *tokenText) add(word string, line int, first bool) bool {
	form := wordForm(word)
	if form == "" {
		return false
	}
	initial, rest := cutFirst(word)
	small := rest == "" || strings.ContainsFunc(rest, unicode.IsLower)
	t.words = append(t.words, token{form: form, line: line, first: first, name: unicode.IsUpper(initial) && small})
	return true
}

// wordForm is a word in plain spelling without apostrophes, as people leave
// them out: its, lequipe.
func wordForm(word string) string { return strings.ReplaceAll(plainText(word), "'", "") }
