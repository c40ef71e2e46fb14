package classifier

import "sort"

// How far from a mark anything is looked for, in tokens: longer sentences than
// this are no sentences, and the bound keeps the whole linear.
const reach = 60

// index prepares the look-ups below. Matches are in the order of their first
// token.
func (t *text) index() {
	t.roleFrom = [roleCount + 1]int32{}
	for _, m := range t.matches {
		t.roleFrom[m.role+1]++
	}
	for r := range roleCount {
		t.roleFrom[r+1] += t.roleFrom[r]
	}
	t.byRole = make([]int32, len(t.matches))
	next := t.roleFrom
	for i, m := range t.matches {
		t.byRole[next[m.role]] = int32(i)
		next[m.role]++
	}
}

// of lists the matches of a role, as indexes into t.matches.
func (t *text) of(r role) []int32 { return t.byRole[t.roleFrom[r]:t.roleFrom[r+1]] }

// each calls f with the matches of a role that lie within s, in order, until f
// returns false.
func (t *text) each(r role, s span, langs langset, f func(match) bool) {
	list := t.of(r)
	for i := sort.Search(len(list), func(i int) bool { return t.matches[list[i]].from >= s.from }); i < len(list); i++ {
		m := t.matches[list[i]]
		if m.from >= s.to {
			return
		}
		if m.to <= s.to && m.lang&langs != 0 && !f(m) {
			return
		}
	}
}

// first is the first match of a role within s.
func (t *text) first(r role, s span, langs langset) (found match, ok bool) {
	t.each(r, s, langs, func(m match) bool {
		found, ok = m, true
		return false
	})
	return found, ok
}

// last is the last match of a role within s.
func (t *text) last(r role, s span, langs langset) (found match, ok bool) {
	t.each(r, s, langs, func(m match) bool {
		found, ok = m, true
		return true
	})
	return found, ok
}

// any reports whether one of the roles stands within s.
func (t *text) any(s span, langs langset, roles ...role) bool {
	for _, r := range roles {
		if _, ok := t.first(r, s, langs); ok {
			return true
		}
	}
	return false
}

// at is the longest match of a role that covers token i.
func (t *text) at(i int, langs langset, roles ...role) (found match, ok bool) {
	for _, r := range roles {
		t.each(r, span{max(i-maxPhraseWords-gapWords, 0), min(i+maxPhraseWords+gapWords, len(t.toks))}, langs, func(m match) bool {
			if m.from <= i && i < m.to && m.to-m.from > found.to-found.from {
				found, ok = m, true
			}
			return m.from <= i
		})
	}
	return found, ok
}

// words returns the number of words in s.
func (t *text) words(s span) int {
	n := 0
	for _, k := range t.toks[max(s.from, 0):max(s.to, s.from)] {
		if k.word {
			n++
		}
	}
	return n
}

// around is the part of a sentence within reach of a match.
func (t *text) around(m match) span {
	s := t.sentenceOf(m.from)
	return span{max(s.from, m.from-reach), min(s.to, m.to+reach)}
}
