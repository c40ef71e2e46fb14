package classifier

import "strings"

// answer reports whether a level word stands where a form has its answer: behind
// the name of a field, in brackets of its own, or at the head of a subject. from
// is where the evidence begins.
func (t *text) answer(m match, langs langset) (from int, ok bool) {
	i := m.from - 1
	for i >= 0 && m.from-i <= 4 && t.toks[i].lines == 0 {
		if t.toks[i].word {
			if _, is := t.at(i, langs, roleIs); !is {
				break
			}
		} else if !strings.Contains(":=-–→*\"'", t.toks[i].form) {
			break
		}
		i--
	}
	if i >= 0 && i < m.from-1 {
		if f, is := t.at(i, langs|m.lang, roleField); is && f.to == i+1 {
			return f.from, true
		}
	}
	if m.to >= len(t.toks) {
		return m.from, false
	}
	next := t.toks[m.to]
	if m.from > 0 && t.toks[m.from-1].form == "[" && next.form == "]" {
		return m.from, true
	}
	return m.from, t.subject && m.from == 0 && (next.form == ":" || next.form == "-" && next.space || next.form == "–" || next.form == "|")
}

// A box of a form, ticked or not.
type box struct {
	span
	ticked bool
}

// boxAt reads a box at token i: ( ), [x], ☐, ☑.
func (t *text) boxAt(i int) (b box, ok bool) {
	switch t.toks[i].form {
	case "☐", "□", "○", "◯", "▢", "❏", "❑":
		return box{span{i, i + 1}, false}, true
	case "☑", "☒", "✓", "✔", "✅", "☓", "●", "◉", "■":
		return box{span{i, i + 1}, true}, true
	case "(", "[":
	default:
		return b, false
	}
	end := map[string]string{"(": ")", "[": "]"}[t.toks[i].form]
	if i+1 < len(t.toks) && t.toks[i+1].form == end {
		return box{span{i, i + 2}, false}, true
	}
	if i+2 < len(t.toks) && t.toks[i+2].form == end {
		switch t.toks[i+1].form {
		case "x", "v", "*", "✓", "✔", "✗", "✘", "+", "•":
			return box{span{i, i + 3}, true}, true
		case "_", "-", ".":
			return box{span{i, i + 3}, false}, true
		}
	}
	return b, false
}

// lineAround is the line in which the mark stands, within reach.
func (t *text) lineAround(m match) span {
	a, b := m.from, m.to
	for a > 0 && t.toks[a].lines == 0 && m.from-a < reach {
		a--
	}
	for b < len(t.toks) && t.toks[b].lines == 0 && b-m.to < reach {
		b++
	}
	return span{a, b}
}

// unticked reports an option of a form whose box is empty. Boxes stand before
// their options where the line begins with one, else behind.
func (t *text) unticked(m match) bool {
	l := t.lineAround(m)
	var boxes []box
	for i := l.from; i < l.to; i++ {
		if b, ok := t.boxAt(i); ok {
			boxes = append(boxes, b)
			i = b.to - 1
		}
	}
	if len(boxes) == 0 {
		return false
	}
	if t.words(span{boxes[len(boxes)-1].to, l.to}) > 0 {
		for i := len(boxes) - 1; i >= 0; i-- {
			if boxes[i].to <= m.from {
				return !boxes[i].ticked
			}
		}
		return false
	}
	for _, b := range boxes {
		if b.from >= m.to {
			return !b.ticked
		}
	}
	return false
}

// listed reports a mark among the levels of a scale, none of them chosen:
// "(critical / high / normal / low)".
func (t *text) listed(m match, langs langset) bool {
	l := t.lineAround(m)
	level := func(i int) bool {
		_, ok := t.at(i, langs|m.lang, roleCritical, roleCriticalAlways, roleCriticalHome, roleHigh, roleHighAlways, roleLow, roleSaysCritical, roleSaysHigh, roleSaysNormal, roleSaysLow)
		return ok
	}
	levels, a := 1, m.from
	for i := m.from - 1; i >= l.from; i-- {
		if level(i) {
			if _, part := t.at(i, langs|m.lang, roleField); t.toks[i+1].clause != t.toks[i].clause || !t.toks[i+1].word || !part {
				levels, a = levels+1, i
			}
			continue
		}
		if !separator(t.toks[i].form) {
			break
		}
	}
	b := m.to
	for i := m.to; i < l.to; i++ {
		if level(i) {
			levels, b = levels+1, i+1
			continue
		}
		if !separator(t.toks[i].form) {
			break
		}
	}
	separators := 0
	for i := a; i < b; i++ {
		if separator(t.toks[i].form) {
			separators++
		}
	}
	return levels >= 3 && separators >= 2
}

func separator(form string) bool {
	switch form {
	case "/", "|", ",", ";", "·", "•", "eller", "or", "oder", "of", "ou", "o", "lub", "nebo", "alebo", "ili", "tai", "sau":
		return true
	}
	return false
}

// quotation finds the quotation marks around s, within its sentence and a few
// words on either side.
func (t *text) quotation(s span) (open, end int, ok bool) {
	const width = 12
	sent := t.sentenceOf(s.from)
	open = -1
	for i := s.from - 1; i >= max(sent.from, s.from-width); i-- {
		if isOpening(t, i) {
			open = i
			break
		}
		if isClosing(t, i) {
			break
		}
	}
	if open < 0 {
		return 0, 0, false
	}
	for i := s.to; i < min(len(t.toks), s.to+width); i++ {
		if isClosing(t, i) {
			return open, i, true
		}
	}
	return 0, 0, false
}

// isOpening and isClosing tell the two ends of a quotation apart by the blanks
// around them: straight quotes look alike, and „ “ ” « » change their sides from
// language to language.
func isOpening(t *text, i int) bool {
	return quoteSign(t.toks[i].form) && i+1 < len(t.toks) && (t.toks[i].space || i == 0 || !t.toks[i-1].word) &&
		(!t.toks[i+1].space || t.toks[i].form == "«" || t.toks[i].form == "»")
}

func isClosing(t *text, i int) bool {
	return quoteSign(t.toks[i].form) && (!t.toks[i].space || t.toks[i].form == "»" || t.toks[i].form == "«") &&
		(i+1 == len(t.toks) || t.toks[i+1].space || !t.toks[i+1].word)
}

func quoteSign(form string) bool {
	switch form {
	case "\"", "'", "“", "”", "„", "«", "»", "‹", "›", "‚":
		return true
	}
	return false
}
