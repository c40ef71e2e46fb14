package classifier

import (
	"cmp"
	"slices"
	"strings"
)

// matcher lays the tree out flat, the same way each time.
func (t *tree) matcher() *matcher {
	l := layout{numbers: map[*branch]int32{}, out: matcher{typos: t.marks}}
	l.number(t.root)
	// Laying out a branch numbers those behind it, so the list grows under way.
	var words []string
	for i := 0; i < len(l.branches); i++ {
		for _, t := range l.branches[i].twigs {
			words = append(words, strings.TrimPrefix(t.word, glued))
			l.number(t.to)
		}
		for _, a := range l.branches[i].affixes {
			l.number(a.to)
		}
		if gap := l.branches[i].gap; gap != nil {
			l.number(gap)
		}
	}
	slices.Sort(words)
	l.out.vocabulary = newVocabulary(slices.Compact(words))
	for i, b := range l.branches {
		l.add(b, i == 0)
	}
	l.add(&branch{}, false)
	l.out.index()
	return &l.out
}

type layout struct {
	branches []*branch
	numbers  map[*branch]int32
	out      matcher
}

// number numbers branches in the order in which they are met.
func (l *layout) number(b *branch) int32 {
	n, ok := l.numbers[b]
	if !ok {
		n = int32(len(l.branches))
		l.numbers[b], l.branches = n, append(l.branches, b)
	}
	return n
}

// add appends a branch as the next node.
func (l *layout) add(b *branch, root bool) {
	m := &l.out
	n := node{edges: int32(len(m.edges)), affixes: int32(len(m.affixes)), phrases: int32(len(m.phrases))}
	if b.gap != nil {
		n.gap = l.numbers[b.gap]
	}
	m.nodes = append(m.nodes, n)
	m.phrases = append(m.phrases, b.phrases...)
	for _, t := range b.twigs {
		word, glued := strings.CutPrefix(t.word, glued)
		m.edges = append(m.edges, edge{newEdgeKey(m.id(word), glued), l.numbers[t.to]})
	}
	slices.SortStableFunc(m.edges[n.edges:], func(a, b edge) int { return cmp.Compare(a.key, b.key) })
	for _, a := range b.affixes {
		a.affix.to = l.numbers[a.to]
		m.affixes = append(m.affixes, a.affix)
	}
	if root {
		slices.SortStableFunc(m.affixes, func(a, b affix) int {
			return cmp.Or(cmp.Compare(a.side(), b.side()), cmp.Compare(a.corner(), b.corner()))
		})
	}
}
