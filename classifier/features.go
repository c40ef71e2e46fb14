package classifier

import (
	"slices"
	"unicode"
)

// features are the words of a document and their beginnings, which carry
// inflections and compounds; the ideas that it tells with, whatever its language;
// and how its sentences are made.
func features(d *document, topical bool) []feature {
	fs := make([]feature, 0, 2*(min(len(d.subject.toks), maxCategoryTokens)+min(len(d.body.toks), maxCategoryTokens)))
	base := 0
	for _, t := range []*text{d.subject, d.body} {
		for _, s := range t.sentences {
			if s.from >= maxCategoryTokens {
				break
			}
			fs = d.topicWords(fs, t, s.span, base)
		}
		base += len(t.toks)
	}
	if n := float32(len(fs)); n > longText {
		for i := range fs {
			fs[i].value *= longText / n
		}
	}
	base = 0
	for _, t := range []*text{d.subject, d.body} {
		fs = d.ideas(fs, t, base)
		base += len(t.toks)
	}
	for _, s := range d.shape() {
		if topical {
			s += " about a topic" // a question about invoices is about invoices
		}
		fs = append(fs, feature{slot('@', s), -1, 1})
	}
	if d.grave != "" {
		fs = append(fs, feature{slot('!', d.grave), -1, 1})
	}
	return fs
}

// topicWords adds the features of the words of a sentence. Function words tell
// how a matter is put, and are no evidence of it.
func (d *document) topicWords(fs []feature, t *text, s span, base int) []feature {
	for i := s.from; i < min(s.to, maxCategoryTokens); i++ {
		k := t.toks[i]
		if !k.word || k.off || t.silent[i] || len(k.form) < 2 || unicode.IsDigit(rune(k.form[0])) {
			continue
		}
		if _, ok := t.at(i, d.langs, roleWord); ok {
			fs = append(fs, feature{slot('w', k.form), -1, 0.8})
			continue
		}
		fs = append(fs, feature{slot('w', k.form), base + i, 1})
		if len(k.form) > stem {
			fs = append(fs, feature{slot('p', k.form[:stem]), base + i, 0.6})
		}
	}
	return fs
}

// ideas adds, once for each sentence, the ideas that it tells with and the roles
// of its other phrases: "all", "gone", "how", "not". They hold in every language,
// and so does what was learned of them.
func (d *document) ideas(fs []feature, t *text, base int) []feature {
	i := 0
	for _, s := range t.sentences {
		if s.from >= maxCategoryTokens {
			break
		}
		first := len(fs)
		for ; i < len(t.matches) && t.matches[i].from < s.to; i++ {
			f := d.idea(t.matches[i], base)
			if f.value > 0 && !t.mute(t.matches[i].span) && !slices.ContainsFunc(fs[first:], func(g feature) bool { return g.slot == f.slot }) {
				fs = append(fs, f)
			}
		}
	}
	return fs
}

// idea is the feature of a phrase; its value is zero for those that have none.
func (d *document) idea(m match, base int) feature {
	switch _, mark := markSeverity(m.role); {
	case m.role == roleIdea:
		return feature{slot('i', m.category), base + m.from, 0.7}
	case mark, m.lang&d.langs == 0, m.role == roleCategory, m.role == roleWord, m.role == roleKnown:
		return feature{}
	}
	return feature{slot('r', sectionRoles[m.role]), -1, 0.5}
}
