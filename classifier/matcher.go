package classifier

import (
	"slices"
	"strings"
)

// matcher finds every phrase of the rules in one pass over the tokens. It is
// built once and only read afterwards.
//
// It is a tree of words laid out flat, so that it loads in no time, costs the
// garbage collector little, and compares numbers instead of words. An edge is a
// word, the beginning or the end of one ("krytyczn*", "*kritisk"), or "_", which
// stands for up to two words of any kind. tree.go grows it, compiled.go stores it.
type matcher struct {
	vocabulary
	// nodes are numbered from the root, 0. The edges, affixes and phrases of a
	// node end where those of the next begin; the last node only ends its
	// predecessor's.
	nodes   []node
	edges   []edge
	affixes []affix
	phrases []phrase
	// corners finds the affix edges of the root by their side and their first or
	// last three bytes; the root has too many of them to try each.
	corners [2]map[string]span
	// starts holds where the edges of the root begin for each word.
	starts []int32
	typos  typos
}

// node is the place behind some words of a phrase.
type node struct {
	edges, affixes, phrases int32 // where its own begin
	gap                     int32 // the node behind "_", or 0
}

// edge leads over one word. A word may lead to several nodes.
type edge struct {
	key edgeKey
	to  int32
}

// edgeKey is the number of a word, times two; one more where it must follow
// without a blank, so that "h?j" is not "h? j".
type edgeKey int32

// affix leads over any word that begins or ends so.
type affix struct {
	text   string
	suffix bool
	to     int32
}

// phrase is where a phrase of the rules ends. Cues that several languages share
// are one: lang is all of them.
type phrase struct {
	*section
	lang langset
}

// match is a phrase found at tokens from to to, exclusive.
type match struct {
	*phrase
	span
	typo bool
}

func newEdgeKey(word int32, glued bool) edgeKey {
	if glued {
		return edgeKey(2*word + 1)
	}
	return edgeKey(2 * word)
}

// index makes the look-ups of the root, once all nodes are there.
func (m *matcher) index() {
	m.starts = make([]int32, len(m.words)+1)
	at := int32(0)
	for w := range m.starts {
		for at < m.nodes[1].edges && m.edges[at].key < newEdgeKey(int32(w), false) {
			at++
		}
		m.starts[w] = at
	}
	m.corners = [2]map[string]span{{}, {}}
	for i, a := range m.affixes[:m.nodes[1].affixes] {
		by := m.corners[a.side()]
		s, ok := by[a.corner()]
		if !ok {
			s.from = i
		}
		by[a.corner()] = span{s.from, i + 1}
	}
}

// side is 0 for the beginning of a word and 1 for its end.
func (a affix) side() int {
	if a.suffix {
		return 1
	}
	return 0
}

// corner is the part of an affix by which the root finds it. The root has those
// of one side and corner in a row.
func (a affix) corner() string {
	if a.suffix {
		return a.text[len(a.text)-minAffix:]
	}
	return a.text[:minAffix]
}

// of reports whether a word begins or ends so.
func (a affix) of(word string) bool {
	if a.suffix {
		return strings.HasSuffix(word, a.text)
	}
	return strings.HasPrefix(word, a.text)
}

// edgesOf, affixesOf and phrasesOf are what belongs to node n.
func (m *matcher) edgesOf(n int32) []edge { return m.edges[m.nodes[n].edges:m.nodes[n+1].edges] }

func (m *matcher) affixesOf(n int32) []affix {
	return m.affixes[m.nodes[n].affixes:m.nodes[n+1].affixes]
}

func (m *matcher) phrasesOf(n int32) []phrase {
	return m.phrases[m.nodes[n].phrases:m.nodes[n+1].phrases]
}

// along are the edges over one word.
func along(edges []edge, key edgeKey) []edge {
	i, ok := slices.BinarySearchFunc(edges, key, func(e edge, k edgeKey) int { return int(e.key) - int(k) })
	if !ok {
		return nil
	}
	j := i + 1
	for j < len(edges) && edges[j].key == key {
		j++
	}
	return edges[i:j]
}
