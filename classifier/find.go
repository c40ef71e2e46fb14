package classifier

import "slices"

// find fills t.matches, in order of their first word, longer ones first.
func (m *matcher) find(t *text) {
	for i := range t.toks {
		t.toks[i].id = m.id(t.toks[i].form)
	}
	t.matches = make([]match, 0, 4*len(t.toks))
	for i := range t.toks {
		k := &t.toks[i]
		if k.off || !k.word && !t.lostLetter(i) {
			continue
		}
		from := len(t.matches)
		m.start(t, i)
		if k.word && !slices.ContainsFunc(t.matches[from:], known) {
			if meant := m.meant(t, i); meant != unknownWord {
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
	word  int32
	asked bool
}

// meant is the mark word of which token i is a typing mistake, or unknownWord.
// Many phrases ask it of one token.
func (m *matcher) meant(t *text, i int) int32 {
	if t.meant == nil {
		t.meant = make([]correction, len(t.toks))
	}
	c := &t.meant[i]
	if !c.asked {
		*c = correction{m.id(m.typos.correct(t.toks[i].form)), true}
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
	k := &t.toks[i]
	if k.id != unknownWord {
		m.startWord(t, k.id, i, false)
	}
	if len(k.form) < minAffix {
		return
	}
	for _, list := range [...]span{m.corners[0][k.form[:minAffix]], m.corners[1][k.form[len(k.form)-minAffix:]]} {
		for _, a := range m.affixes[list.from:list.to] {
			if a.of(k.form) {
				m.follow(t, a.to, i, i+1, false)
			}
		}
	}
}

func (m *matcher) startWord(t *text, word int32, i int, typo bool) {
	m.followAll(t, m.edges[m.starts[word]:m.starts[word+1]], i, i+1, typo)
}

func (m *matcher) followAll(t *text, edges []edge, from, at int, typo bool) {
	for _, e := range edges {
		m.follow(t, e.to, from, at, typo)
	}
}

// follow has reached node n after tokens from to at.
func (m *matcher) follow(t *text, n int32, from, at int, typo bool) {
	phrases := m.phrasesOf(n)
	for i := range phrases {
		if r := phrases[i].role; (r == roleIdea || r == roleCategory) && from >= maxCategoryTokens {
			continue // nobody asks for them there
		}
		t.matches = append(t.matches, match{phrase: &phrases[i], span: span{from, at}, typo: typo})
	}
	edges, affixes, gap := m.edgesOf(n), m.affixesOf(n), m.nodes[n].gap
	if at == len(t.toks) || at-from >= maxPhraseWords+gapWords || len(edges) == 0 && len(affixes) == 0 && gap == 0 {
		return
	}
	k := &t.toks[at]
	if k.off {
		return
	}
	if k.id != unknownWord && (!k.word || t.toks[at-1].form == "?") && !k.space {
		m.followAll(t, along(edges, newEdgeKey(k.id, true)), from, at+1, typo)
	}
	if !k.word {
		return
	}
	var here []edge
	if k.id != unknownWord {
		here = along(edges, newEdgeKey(k.id, false))
	}
	m.followAll(t, here, from, at+1, typo)
	for _, a := range affixes {
		if a.of(k.form) {
			m.follow(t, a.to, from, at+1, typo)
		}
	}
	if len(edges) > 0 && len(k.form) >= minTypo && here == nil && !typo {
		if w := m.meant(t, at); w != unknownWord {
			m.followAll(t, along(edges, newEdgeKey(w, false)), from, at+1, true)
		}
	}
	if gap != 0 {
		for skip := 0; skip <= gapWords; skip++ {
			m.follow(t, gap, from, at+skip, typo)
			if at+skip >= len(t.toks) || !t.toks[at+skip].word {
				break
			}
		}
	}
}
