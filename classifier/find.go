package classifier

import (
	"slices"
	"strings"
)

// find fills t.matches, in order of their first word, longer ones first.
func (m *matcher) find(t *text) {
	t.matches = make([]match, 0, 3*len(t.toks))
	for i := range t.toks {
		k := &t.toks[i]
		if k.off || !k.word && !t.lostLetter(i) {
			continue
		}
		from := len(t.matches)
		m.start(t, i)
		if k.word && !slices.ContainsFunc(t.matches[from:], known) {
			if meant := m.meant(t, i); meant != "" {
				m.startWord(t, meant, i, true)
			}
		}
		if len(t.matches) > from+1 {
			slices.SortStableFunc(t.matches[from:], func(a, b match) int { return b.to - a.to })
		}
	}
}

// correction is the mark word that a token may be meant for, once it was asked.
type correction struct {
	word  string
	asked bool
}

// meant is the mark word of which token i is a typing mistake, or "". Many
// phrases ask it of one token.
func (m *matcher) meant(t *text, i int) string {
	if t.meant == nil {
		t.meant = make([]correction, len(t.toks))
	}
	c := &t.meant[i]
	if !c.asked {
		*c = correction{m.typos.correct(t.toks[i].form), true}
	}
	return c.word
}

// lostLetter reports a question mark that stands for the first letter of a word.
func (t *text) lostLetter(i int) bool {
	return t.toks[i].form == "?" && i+1 < len(t.toks) && t.toks[i+1].word && !t.toks[i+1].space
}

// known reports a match that shows a word to be no typing mistake. That its
// beginning sounds like a subject area shows nothing.
func known(m match) bool { return m.role != roleCategory && m.role != roleIdea }

// start tries every edge of the root at token i.
func (m *matcher) start(t *text, i int) {
	form := t.toks[i].form
	m.startWord(t, form, i, false)
	if len(form) < minAffix {
		return
	}
	for _, a := range m.first[form[:minAffix]] {
		if strings.HasPrefix(form, a.text) {
			m.follow(t, a.to, i, i+1, false)
		}
	}
	for _, a := range m.last[form[len(form)-minAffix:]] {
		if strings.HasSuffix(form, a.text) {
			m.follow(t, a.to, i, i+1, false)
		}
	}
}

func (m *matcher) startWord(t *text, word string, i int, typo bool) {
	for _, n := range m.words[word] {
		m.follow(t, n, i, i+1, typo)
	}
}

func (m *matcher) followAll(t *text, edges []edge, from, at int, typo bool) {
	for _, e := range edges {
		m.follow(t, e.to, from, at, typo)
	}
}

// follow has reached n after tokens from to at.
func (m *matcher) follow(t *text, n *node, from, at int, typo bool) {
	for _, o := range n.out {
		t.matches = append(t.matches, match{phrase: o.phrase, lang: o.lang, span: span{from, at}, typo: typo})
	}
	if at == len(t.toks) || at-from >= maxPhraseWords+gapWords || n.edges == nil && n.affix == nil && n.gap == nil {
		return
	}
	k := &t.toks[at]
	if k.off {
		return
	}
	if (!k.word || t.toks[at-1].form == "?") && !k.space {
		m.followAll(t, n.along("\x00"+k.form), from, at+1, typo)
	}
	if !k.word {
		return
	}
	here := n.along(k.form)
	m.followAll(t, here, from, at+1, typo)
	for _, a := range n.affix {
		if a.suffix && strings.HasSuffix(k.form, a.text) || !a.suffix && strings.HasPrefix(k.form, a.text) {
			m.follow(t, a.to, from, at+1, typo)
		}
	}
	if n.edges != nil && len(k.form) >= minTypo && here == nil && !typo {
		if w := m.meant(t, at); w != "" {
			m.followAll(t, n.along(w), from, at+1, true)
		}
	}
	if n.gap != nil {
		for skip := 0; skip <= gapWords; skip++ {
			m.follow(t, n.gap, from, at+skip, typo)
			if at+skip >= len(t.toks) || !t.toks[at+skip].word {
				break
			}
		}
	}
}
