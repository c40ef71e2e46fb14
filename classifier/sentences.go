package classifier

import (
	"unicode"
	"unicode/utf8"
)

// split numbers the sentences and clauses of the text.
//
// A sentence ends with its full stop, with an empty line, and with a line end
// where the next line opens something new. A clause also ends at a comma, a
// colon, a dash, a bracket: what stands beyond is not said of the same thing.
func (t *text) split() {
	start, clause := 0, int32(0)
	end := func(i int, question bool) {
		if i > start {
			t.sentences = append(t.sentences, sentence{span: span{start, i}, question: question})
			start = i
		}
		clause++
	}
	for i := range t.toks {
		k := &t.toks[i]
		if i > start && t.newLine(i) {
			end(i, false)
		}
		k.sentence, k.clause = int32(len(t.sentences)), clause
		if k.word {
			continue
		}
		switch k.form {
		case "?", "¿":
			if k.form == "?" && t.endsSentence(i) {
				end(i+1, true)
			}
		case ".", "!", "…":
			if t.endsSentence(i) {
				end(i+1, false)
			}
		case ",":
			if !t.number(i) {
				clause++
			}
		case ";", ":", "(", ")", "[", "]", "{", "}", "|", "–", "—", "-", "•", "·", "*", "→", ">", "=":
			clause++
		}
	}
	end(len(t.toks), false)
}

// newLine reports whether the line end before token i ends a sentence too.
func (t *text) newLine(i int) bool {
	switch t.toks[i].lines {
	case 0:
		return false
	case 2:
		return true
	}
	last := t.toks[i-1]
	if !last.word && last.form != "," && last.form != "\"" && last.form != ")" {
		return true
	}
	if !t.toks[i].word && t.toks[i].form != "\"" && t.toks[i].form != "(" {
		return true // a bullet, a bracket
	}
	return t.capital(i) && t.lineLength(i-1) < 50
}

// lineLength is the length, in bytes, of the line that token i ends.
func (t *text) lineLength(i int) int {
	j := i
	for j > 0 && t.toks[j].lines == 0 && i-j < 20 {
		j--
	}
	return int(t.toks[i].end - t.toks[j].start)
}

// endsSentence tells a full stop from the dot of an abbreviation, an ordinal or
// a name, and a question mark from a lost letter.
func (t *text) endsSentence(i int) bool {
	if i+1 == len(t.toks) {
		return true
	}
	k, next := t.toks[i], t.toks[i+1]
	if !next.space {
		// ".." and "?!" end with their last; "H?j" not at all; "fine.But" does.
		return next.word && t.capital(i+1) && !t.allCaps(i+1)
	}
	if k.form != "." || next.lines > 0 {
		return true
	}
	if next.word {
		r, _ := utf8.DecodeRuneInString(t.src[next.start:])
		if unicode.IsLower(r) {
			return i > 0 && len(t.toks[i-1].form) > 4
		}
		if unicode.IsDigit(r) && i > 0 && len(t.toks[i-1].form) < 4 {
			return false
		}
	}
	return i == 0 || !unicode.IsDigit(rune(t.toks[i-1].form[0])) || !next.word || t.capital(i+1)
}

// number reports a comma between digits: 9,400 or 3,5.
func (t *text) number(i int) bool {
	return i > 0 && i+1 < len(t.toks) && !t.toks[i+1].space && !t.toks[i].space &&
		unicode.IsDigit(rune(t.toks[i-1].form[0])) && unicode.IsDigit(rune(t.toks[i+1].form[0]))
}

// capital reports whether token i was written with a capital first letter.
func (t *text) capital(i int) bool {
	r, _ := utf8.DecodeRuneInString(t.src[t.toks[i].start:])
	return unicode.IsUpper(r)
}

// allCaps reports whether token i was written in capitals only.
func (t *text) allCaps(i int) bool {
	upper := 0
	for _, r := range t.src[t.toks[i].start:t.toks[i].end] {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			upper++
		}
	}
	return upper > 1
}

// sentenceOf is the sentence in which token i stands.
func (t *text) sentenceOf(i int) sentence { return t.sentences[t.toks[i].sentence] }

// clauseOf is the clause in which token i stands, without its punctuation at
// either end.
func (t *text) clauseOf(i int) span {
	c, s := t.toks[i].clause, t.sentenceOf(i)
	a, b := i, i+1
	for a > s.from && t.toks[a-1].clause == c {
		a--
	}
	for b < s.to && t.toks[b].clause == c {
		b++
	}
	for b-1 > i && !t.toks[b-1].word {
		b--
	}
	return span{a, b}
}

// setting reports a sentence about the reporter's machine and account ("System:
// Firefox, Ubuntu"), which tells nothing of the subject of a mail.
func (t *text) setting(s sentence) bool {
	m, ok := t.first(roleSetting, s.span, allLanguages)
	return ok && m.from == s.from
}

// source is the text of a span as it was written.
func (t *text) source(s span) string {
	return t.src[t.toks[s.from].start:t.toks[s.to-1].end]
}
