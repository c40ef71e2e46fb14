package classifier

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// matcher finds every phrase of the rules in one pass over the tokens. It is
// built once and only read afterwards.
//
// It is a tree of words. An edge is a word, the beginning or the end of one
// ("krytyczn*", "*kritisk"), or "_", which stands for up to two words of any
// kind.
type matcher struct {
	root *node
	// words finds the edges of the root, which has too many to search.
	words map[string][]*node
	// first finds the affix edges of the root by their first three bytes, last
	// by their last three; the root has too many of them to try each.
	first, last map[string][]affix
	typos       typos
}

type node struct {
	edges []edge // by word; a word may lead to several nodes
	affix []affix
	gap   *node
	out   []output
	// joined says that several edges of one phrase end here, so that no other
	// phrase may grow from it.
	joined bool
}

type edge struct {
	word string
	to   *node
}

// output is a phrase that ends at a node. Cues that several languages share are
// one output: lang is all of them.
type output struct {
	phrase *phrase
	lang   langset
}

type affix struct {
	text   string
	suffix bool
	to     *node
}

// match is a phrase found at tokens from to to, exclusive.
type match struct {
	*phrase
	span
	lang langset
	typo bool
}

// unwild makes plain text of a phrase.
var unwild = strings.NewReplacer("*", "", "=", "", "|", " ", "_", "")

const (
	maxPhraseWords = 9
	gapWords       = 2
	minAffix       = 3
)

func newMatcher() *matcher {
	return &matcher{root: &node{}, words: map[string][]*node{}, first: map[string][]affix{}, last: map[string][]affix{}, typos: typos{first: map[uint64]int32{}}}
}

// add compiles one phrase. Its words are parted by blanks; "a|b" is either word.
func (m *matcher) add(p *phrase) error {
	slots, err := p.slots()
	if err != nil {
		return err
	}
	return m.insert(p, slots)
}

// slots are the words of a phrase in all forms in which each may stand. They are
// most of the work of compiling it, and none of the matcher's.
func (p *phrase) slots() ([][]string, error) {
	words := phraseSlots(fold(p.text).s)
	if len(words) == 0 || len(words) > maxPhraseWords {
		return nil, fmt.Errorf("phrase %q has %d words, want 1 to %d", p.text, len(words), maxPhraseWords)
	}
	slots := make([][]string, len(words))
	for i, w := range words {
		for _, alternative := range strings.Split(w, "|") {
			if exact, ok := strings.CutPrefix(alternative, "="); ok {
				slots[i] = append(slots[i], exact)
			} else {
				slots[i] = append(slots[i], spellings(alternative)...)
			}
		}
	}
	return slots, nil
}

// insert grows the tree by a phrase whose slots were found.
func (m *matcher) insert(p *phrase, slots [][]string) error {
	_, mark := markSeverity(p.role)
	ends := []*node{m.root}
	for _, forms := range slots {
		if mark {
			for _, f := range forms {
				m.typos.add(f)
			}
		}
		var reached []*node
		for _, from := range ends {
			n, err := m.step(from, forms)
			if err != nil {
				return fmt.Errorf("phrase %q: %w", p.text, err)
			}
			reached = append(reached, n)
		}
		ends = reached
	}
	for _, n := range ends {
		n.yield(p)
	}
	return nil
}

// yield lets p end at n.
func (n *node) yield(p *phrase) {
	_, mark := markSeverity(p.role)
	if !mark && p.role != roleCategory && p.role != roleIdea {
		for i, o := range n.out {
			if o.phrase.role == p.role {
				n.out[i].lang |= p.lang
				return
			}
		}
	}
	n.out = append(n.out, output{p, p.lang})
}

// phraseSlots parts a folded phrase into its words. A compound with a wildcard is
// parted too, since tokens never hold a hyphen.
func phraseSlots(folded string) []string {
	var slots []string
	for _, w := range strings.Fields(folded) {
		if strings.Contains(w, "*") && strings.Contains(w, "-") && !strings.Contains(w, "|") {
			slots = append(slots, strings.FieldsFunc(w, func(r rune) bool { return r == '-' })...)
		} else {
			slots = append(slots, w)
		}
	}
	return slots
}

// step leads from a node over one word in any of its forms, to one node.
func (m *matcher) step(from *node, forms []string) (*node, error) {
	if len(forms) == 1 && forms[0] == "_" {
		if from.gap == nil {
			from.gap = &node{}
		}
		return from.gap, nil
	}
	var to *node
	if len(forms) > 1 {
		to = &node{joined: true}
	}
	for _, w := range forms {
		var err error
		if strings.HasSuffix(w, "*") || strings.HasPrefix(w, "*") {
			to, err = m.affixStep(from, w, to)
		} else {
			to, err = m.wordStep(from, w, to)
		}
		if err != nil {
			return nil, err
		}
	}
	return to, nil
}

// wordStep adds the edges of one word, which are several where it holds a
// hyphen, an apostrophe or a lost letter. They end at to, if that is given.
func (m *matcher) wordStep(from *node, w string, to *node) (*node, error) {
	keys := []string{w}
	if !onlyLetters(w) {
		keys = wordKeys(w)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%q holds no word", w)
	}
	for _, k := range keys[:len(keys)-1] {
		from = m.child(from, k)
	}
	last := keys[len(keys)-1]
	if to == nil {
		return m.child(from, last), nil
	}
	m.lead(from, last, to)
	return to, nil
}

// wordKeys parts a word as the tokenizer does: at hyphens and elisions, which are
// no tokens inside a word, and at the "?" of a lost letter, which is one.
func wordKeys(w string) (keys []string) {
	if strings.Contains(w, "'") {
		for _, k := range tokenize(w, nil).toks {
			if k.word {
				keys = append(keys, k.form)
			}
		}
		return keys
	}
	lost := false
	for w != "" {
		n := len(w) - len(strings.TrimLeftFunc(w, wordRune))
		hole := n == 0 && w[0] == '?'
		if n == 0 {
			_, n = utf8.DecodeRuneInString(w)
		}
		if hole || wordAt(w) {
			keys = append(keys, edgeKey(w[:n], len(keys) > 0 && (hole || lost)))
		}
		lost, w = hole, w[n:]
	}
	return keys
}

// edgeKey marks what must follow without a blank, so that "h?j" is not "h? j".
func edgeKey(form string, glued bool) string {
	if glued {
		return "\x00" + form
	}
	return form
}

func (m *matcher) affixStep(from *node, w string, to *node) (*node, error) {
	suffix := strings.HasPrefix(w, "*")
	text := strings.Trim(w, "*")
	if len(text) < minAffix || strings.ContainsAny(text, "-'*") {
		return nil, fmt.Errorf("%q: a part of a word needs three letters, and no hyphen", w)
	}
	if to == nil {
		to = &node{}
	}
	a := affix{text: text, suffix: suffix, to: to}
	switch {
	case from != m.root:
		from.affix = append(from.affix, a)
	case suffix:
		k := text[len(text)-minAffix:]
		m.last[k] = append(m.last[k], a)
	default:
		m.first[text[:minAffix]] = append(m.first[text[:minAffix]], a)
	}
	return to, nil
}

// child is the node behind a word, one for all phrases that begin alike.
func (m *matcher) child(from *node, word string) *node {
	for _, n := range m.behind(from, word) {
		if !n.joined {
			return n
		}
	}
	n := &node{}
	m.lead(from, word, n)
	return n
}

func (m *matcher) lead(from *node, word string, to *node) {
	if from == m.root {
		m.words[word] = append(m.words[word], to)
		return
	}
	i, _ := from.search(word)
	from.edges = slices.Insert(from.edges, i, edge{word, to})
}

// behind are the nodes to which a word leads.
func (m *matcher) behind(from *node, word string) []*node {
	if from == m.root {
		return m.words[word]
	}
	var out []*node
	for _, e := range from.along(word) {
		out = append(out, e.to)
	}
	return out
}

func (n *node) search(word string) (int, bool) {
	return slices.BinarySearchFunc(n.edges, word, func(e edge, w string) int { return strings.Compare(e.word, w) })
}

// along are the edges of a word.
func (n *node) along(word string) []edge {
	i, ok := n.search(word)
	if !ok {
		return nil
	}
	j := i + 1
	for j < len(n.edges) && n.edges[j].word == word {
		j++
	}
	return n.edges[i:j]
}
