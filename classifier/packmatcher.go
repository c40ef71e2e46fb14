package classifier

import "math"

// matcher stores words, sections, and then node after node with what is its own.
func (p *packer) matcher(m *matcher) {
	p.length(len(m.words))
	for _, w := range m.words {
		p.word(w)
	}
	p.length(len(m.typos.words))
	p.length(len(m.typos.forms))
	for _, w := range m.typos.words {
		p.word(w)
	}
	sections := p.sections(m.phrases)
	p.length(len(m.nodes) - 1)
	p.length(len(m.edges))
	p.length(len(m.affixes))
	p.length(len(m.phrases))
	for n := range int32(len(m.nodes) - 1) {
		p.number(uint64(m.nodes[n].gap))
		p.length(len(m.edgesOf(n)))
		for _, e := range m.edgesOf(n) {
			p.number(uint64(e.key))
			p.number(uint64(e.to))
		}
		p.length(len(m.affixesOf(n)))
		for _, a := range m.affixesOf(n) {
			p.word(a.text)
			p.length(a.side())
			p.number(uint64(a.to))
		}
		p.length(len(m.phrasesOf(n)))
		for _, x := range m.phrasesOf(n) {
			p.length(sections[*x.section])
			p.number(uint64(x.lang))
		}
	}
}

// sections stores each section of the phrases once, and tells their numbers.
func (p *packer) sections(phrases []phrase) map[section]int {
	numbers := map[section]int{}
	var list []section
	for _, x := range phrases {
		if _, ok := numbers[*x.section]; !ok {
			numbers[*x.section] = len(list)
			list = append(list, *x.section)
		}
	}
	p.length(len(list))
	for _, s := range list {
		p.number(uint64(s.role))
		p.word(s.origin)
		p.word(s.category)
		p.number(math.Float64bits(s.weight))
	}
	return numbers
}

func (u *unpacker) matcher() *matcher {
	m := &matcher{}
	words := make([]string, u.length())
	for i := range words {
		words[i] = u.word()
	}
	m.vocabulary = newVocabulary(words)
	marks := u.length()
	m.typos.forms = make([]typoForm, 0, u.length())
	for range marks {
		m.typos.add(u.word())
	}
	sections := make([]section, u.length())
	for i := range sections {
		sections[i] = section{role: role(u.below(int(roleCount))), origin: u.word(), category: u.word(), weight: math.Float64frombits(u.number())}
	}
	nodes := u.length()
	if len(sections) == 0 || nodes == 0 {
		u.fail(errPackedRange)
		return m
	}
	m.nodes = make([]node, 0, nodes+1)
	m.edges = make([]edge, 0, u.length())
	m.affixes = make([]affix, 0, u.length())
	m.phrases = make([]phrase, 0, u.length())
	for range nodes {
		m.nodes = append(m.nodes, node{int32(len(m.edges)), int32(len(m.affixes)), int32(len(m.phrases)), int32(u.below(nodes))})
		for range u.length() {
			m.edges = append(m.edges, edge{edgeKey(u.below(2 * len(words))), int32(u.below(nodes))})
		}
		for range u.length() {
			text := u.word()
			if len(text) < minAffix {
				u.fail(errPackedRange)
			}
			m.affixes = append(m.affixes, affix{text, u.below(2) == 1, int32(u.below(nodes))})
		}
		for range u.length() {
			m.phrases = append(m.phrases, phrase{&sections[u.below(len(sections))], langset(u.number())})
		}
	}
	m.nodes = append(m.nodes, node{int32(len(m.edges)), int32(len(m.affixes)), int32(len(m.phrases)), 0})
	if u.err == nil {
		m.index()
	}
	return m
}
