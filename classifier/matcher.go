package classifier

import (
	"fmt"
	"slices"
	"strings"
)

// matcher finds every phrase of the rules in one pass over the tokens. It is
// built once and only read afterwards.
//
// It is a tree of words. An edge is a word, the beginning or the end of one
// ("krytyczn*", "*kritisk"), or "_", which stands for up to two words of any
// kind.
type matcher struct {
	root *node
	// first finds the affix edges of the root by their first three bytes, last
	// by their last three; the root has too many of them to try each.
	first, last map[string][]affix
	typos       typos
	// samples are the phrases of each language, as text: they show its letters.
	samples [len(languages)]strings.Builder
}

type node struct {
	next  map[string][]*node
	affix []affix
	gap   *node
	out   []*phrase
	// joined says that several edges of one phrase end here, so that no other
	// phrase may grow from it.
	joined bool
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
	return &matcher{root: &node{}, first: map[string][]affix{}, last: map[string][]affix{}, typos: typos{words: map[uint64][]string{}}}
}

// add compiles one phrase. Its words are parted by blanks; "a|b" is either word.
func (m *matcher) add(p *phrase) error {
	words := phraseSlots(fold(p.text).s)
	if len(words) == 0 || len(words) > maxPhraseWords {
		return fmt.Errorf("phrase %q has %d words, want 1 to %d", p.text, len(words), maxPhraseWords)
	}
	for i := range m.samples {
		if p.lang == 1<<i && p.role < roleCategory {
			m.samples[i].WriteString(unwild.Replace(p.text) + "\n")
		}
	}
	_, mark := markSeverity(p.role)
	ends := []*node{m.root}
	for _, w := range words {
		var forms []string
		for _, alternative := range strings.Split(w, "|") {
			if exact, ok := strings.CutPrefix(alternative, "="); ok {
				forms = append(forms, exact)
			} else {
				forms = append(forms, spellings(alternative)...)
			}
		}
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
		n.out = append(n.out, p)
	}
	return nil
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
			to, err = wordStep(from, w, to)
		}
		if err != nil {
			return nil, err
		}
	}
	return to, nil
}

// wordStep adds the edges of one word, which are several where it holds a
// hyphen, an apostrophe or a lost letter. They end at to, if that is given.
func wordStep(from *node, w string, to *node) (*node, error) {
	keys := []string{w}
	if !onlyLetters(w) {
		keys = keys[:0]
		for i, k := range tokenize(w, nil).toks {
			if k.form == "'" {
				continue // of an elision: "d'" is met as the word d
			}
			lost := !k.word || k.start > 0 && w[k.start-1] == '?'
			keys = append(keys, edgeKey(k.form, i > 0 && lost))
		}
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%q holds no word", w)
	}
	for _, k := range keys[:len(keys)-1] {
		from = from.child(k)
	}
	last := keys[len(keys)-1]
	if to == nil {
		return from.child(last), nil
	}
	from.lead(last, to)
	return to, nil
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
func (n *node) child(key string) *node {
	for _, c := range n.next[key] {
		if !c.joined {
			return c
		}
	}
	c := &node{}
	n.lead(key, c)
	return c
}

func (n *node) lead(key string, to *node) {
	if n.next == nil {
		n.next = map[string][]*node{}
	}
	n.next[key] = append(n.next[key], to)
}

// find fills t.matches, in order of their first word, longer ones first.
func (m *matcher) find(t *text) {
	for i := range t.toks {
		k := &t.toks[i]
		if k.off || !k.word && k.form != "?" {
			continue
		}
		from := len(t.matches)
		m.start(t, i)
		if k.word && k.alt == "" && len(t.matches) == from {
			if k.alt = m.typos.correct(k.form); k.alt != "" {
				m.followAll(t, m.root.next[k.alt], i, i+1, true)
			}
		}
		slices.SortStableFunc(t.matches[from:], func(a, b match) int { return b.to - a.to })
	}
}

// start tries every edge of the root at token i.
func (m *matcher) start(t *text, i int) {
	form := t.toks[i].form
	m.followAll(t, m.root.next[form], i, i+1, false)
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

func (m *matcher) followAll(t *text, nodes []*node, from, at int, typo bool) {
	for _, n := range nodes {
		m.follow(t, n, from, at, typo)
	}
}

// follow has reached n after tokens from to at.
func (m *matcher) follow(t *text, n *node, from, at int, typo bool) {
	for _, p := range n.out {
		t.matches = append(t.matches, match{phrase: p, span: span{from, at}, typo: typo})
	}
	if at == len(t.toks) || at-from >= maxPhraseWords+gapWords || n.next == nil && n.affix == nil && n.gap == nil {
		return
	}
	k := &t.toks[at]
	if k.off {
		return
	}
	if (!k.word || t.toks[at-1].form == "?") && !k.space {
		m.followAll(t, n.next["\x00"+k.form], from, at+1, typo)
	}
	if !k.word {
		return
	}
	m.followAll(t, n.next[k.form], from, at+1, typo)
	for _, a := range n.affix {
		if a.suffix && strings.HasSuffix(k.form, a.text) || !a.suffix && strings.HasPrefix(k.form, a.text) {
			m.follow(t, a.to, from, at+1, typo)
		}
	}
	if n.next != nil && len(k.form) >= minTypo && n.next[k.form] == nil && !typo {
		if w := m.typos.correct(k.form); w != "" {
			m.followAll(t, n.next[w], from, at+1, true)
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
