package classifier

import "slices"

// What tells nothing of the subject of a mail is silent when its category is
// sought: where the reporter works ("System: Firefox"), and how bad it is said to
// be. "It is high priority for us" stands in mails about anything.

// gradingWords is the number of words of its own up to which a clause of a body
// only grades: "the situation is critical".
const gradingWords = 1

// silence finds the silent tokens of a document.
func (d *document) silence() {
	for _, t := range []*text{d.subject, d.body} {
		t.silent = make([]bool, len(t.toks))
		for _, s := range t.sentences {
			if t.setting(s) {
				t.hush(s.span)
			}
		}
		for _, r := range markRoles {
			t.each(r, span{0, min(maxCategoryTokens, len(t.toks))}, allLanguages, func(m match) bool {
				t.hush(d.grading(t, m))
				return true
			})
		}
	}
	if !d.subject.speaks() && !d.body.speaks() {
		clear(d.subject.silent)
		clear(d.body.silent)
	}
}

// markRoles are the roles of marks.
var markRoles = [...]role{
	roleCritical, roleCriticalAlways, roleCriticalHome, roleHigh, roleHighAlways, roleHighVerb, roleLow, roleNotMark,
}

// frameRoles are the roles of words that say of a mark what it is said of, by
// whom and whether it is so.
var frameRoles = [...]role{
	roleWord, roleField, roleNot, roleNotAfter, roleNotReally, roleDoubt, roleBetween, roleIs, roleWas, roleProblem, roleFrame, roleOurs, roleUs,
	roleItIs, rolePlease, roleMarkAs, roleStill, roleBut, roleAnd, roleNobody,
}

// grading is what stands around a mark and only grades with it: its clause where
// that tells nothing else, or the words that lead to the mark: "it is not at all
// urgent".
func (d *document) grading(t *text, m match) span {
	c := t.clauseNear(m.span)
	own := 0
	if t.subject {
		own = gradingWords // every word of a subject counts
	}
	for i := c.from; i < c.to; i++ {
		if t.toks[i].word && (i < m.from || i >= m.to) && !d.framing(t, i) {
			own++
		}
	}
	if own <= gradingWords {
		return t.withField(c)
	}
	for m.from > c.from && d.framing(t, m.from-1) {
		m.from--
	}
	return t.withField(m.span)
}

// withField is a grade with the name of the field that it fills: "Priority: high".
func (t *text) withField(s span) span {
	if s.from >= 2 && t.toks[s.from-1].form == ":" {
		if m, ok := t.at(s.from-2, allLanguages, roleField); ok {
			s.from = m.from
		}
	}
	return s
}

// clauseNear is the clause of s, as far as reach.
func (t *text) clauseNear(s span) span {
	near := span{max(s.from-reach, 0), min(s.to+reach, len(t.toks))}
	first, last := t.toks[s.from].clause, t.toks[s.to-1].clause
	for near.from < s.from && t.toks[near.from].clause != first {
		near.from++
	}
	for near.to > s.to && t.toks[near.to-1].clause != last {
		near.to--
	}
	return near
}

// framing reports a word that only goes with a mark.
func (d *document) framing(t *text, i int) bool {
	_, ok := t.at(i, d.langs, frameRoles[:]...)
	return ok
}

func (t *text) hush(s span) {
	for i := s.from; i < s.to; i++ {
		t.silent[i] = true
	}
}

// mute reports a span that is silent from end to end.
func (t *text) mute(s span) bool { return !slices.Contains(t.silent[s.from:s.to], false) }

// speaks reports whether any word of the text is not silent.
func (t *text) speaks() bool {
	for i, k := range t.toks {
		if k.word && !k.off && !t.silent[i] {
			return true
		}
	}
	return false
}
