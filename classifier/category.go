package classifier

import (
	"cmp"
	"slices"
	"unicode"

	"aismarttalk.tech/supportd/ticket"
)

// categories are the subject areas that are always known, in the order in which
// a tie is decided.
var categories = [...]string{
	"login", "billing", "chatbot_answers", "integration", "performance", "data_loss", "security", "ui",
	"question", "feature_request", ticket.CategoryOther,
}

// Categories are the names of the subject areas that are always known.
func Categories() []string { return slices.Clone(categories[:]) }

const (
	categoryFeature  = "feature_request"
	categoryQuestion = "question"

	// A phrase from the rules weighs so much, one that the operator gave more:
	// it outweighs whatever was learned.
	weakWeight     = 0.6
	phraseWeight   = 1.4
	strongWeight   = 3.0
	operatorWeight = 15.0
	subjectFactor  = 1.4
	// maxCategoryTokens bounds what the scorer reads: the topic of a mail stands
	// in its first paragraphs.
	maxCategoryTokens = 150
	maxEvidence       = 4
	// loud is how much a word must speak for a category to be named as evidence.
	loud = 0.3
	// stem is how many bytes of a longer word stand for its inflections.
	stem = 4
	// longText is the number of features from which a text's features count for
	// less each, so that long mails do not speak louder than short ones.
	longText = 40
	// greetingTokens is the length up to which a sentence may be a mere greeting.
	greetingTokens = 4
	// doubt is the share below which no category is better than other.
	doubt = 0.16
)

// categorizer knows the categories and scores a document for each.
type categorizer struct {
	names  []string
	index  map[string]int
	scorer *scorer
}

func newCategorizer(cfg Config) *categorizer {
	z := &categorizer{index: map[string]int{}}
	for _, n := range categories {
		z.name(n)
	}
	for _, c := range cfg.Categories {
		z.name(c.Name)
	}
	for _, e := range cfg.Examples {
		z.name(e.Category)
	}
	return z
}

func (z *categorizer) name(n string) {
	if _, ok := z.index[n]; !ok {
		z.index[n] = len(z.names)
		z.names = append(z.names, n)
	}
}

// train fits the scorer to examples, each read as a document.
func (z *categorizer) train(docs []*document, labels []string) {
	samples := make([]sample, len(docs))
	for i, d := range docs {
		offset := z.phrases(d, nil)
		samples[i] = sample{features: features(d, z.topical(offset)), offset: offset, class: z.index[labels[i]]}
	}
	z.scorer = newScorer(len(z.names))
	z.scorer.train(samples)
}

// hint is a phrase that speaks for a category.
type hint struct {
	category int
	weight   float64
	text     string
}

// phrases sums the phrases found for each category; hints, if not nil, collects
// them.
func (z *categorizer) phrases(d *document, hints *[]hint) []float64 {
	out := make([]float64, len(z.names))
	seen := map[*phrase]bool{}
	for _, t := range []*text{d.subject, d.body} {
		for _, i := range t.of(roleCategory) {
			m := t.matches[i]
			if seen[m.phrase] || m.to > maxCategoryTokens || m.lang&d.langs == 0 || t.setting(t.sentenceOf(m.from)) {
				continue
			}
			seen[m.phrase] = true
			w := m.weight
			if t.subject {
				w *= subjectFactor
			}
			c := z.index[m.category]
			out[c] += w
			if hints != nil {
				*hints = append(*hints, hint{c, w, t.source(m.span)})
			}
		}
	}
	if d.machineText {
		out[z.index["integration"]] += phraseWeight
	}
	if area := map[string]string{"outage": "performance", "loss": "data_loss", "breach": "security"}[d.grave]; area != "" {
		out[z.index[area]] += phraseWeight
	}
	if s := d.shape(); slices.Contains(s, "only wish") {
		out[z.index[categoryFeature]] += strongWeight / 2
	}
	return out
}

// topical reports whether a phrase names a subject, be it of a fault, of a
// question or of a wish.
func (z *categorizer) topical(offset []float64) bool {
	for c, x := range offset {
		switch z.names[c] {
		case categoryQuestion, categoryFeature, ticket.CategoryOther:
		default:
			if x > 0 {
				return true
			}
		}
	}
	return false
}

// categorize names the category that the document most likely belongs to.
func (z *categorizer) categorize(d *document) ticket.Category {
	var hints []hint
	offset := z.phrases(d, &hints)
	fs := features(d, z.topical(offset))
	scores := z.scorer.score(fs, offset)
	softmax(scores)
	best := 0
	for c := range scores {
		if scores[c] > scores[best] {
			best = c
		}
	}
	if scores[best] < doubt {
		best = z.index[ticket.CategoryOther]
	}
	return ticket.Category{Name: z.names[best], Evidence: z.evidence(d, fs, hints, best)}
}

// evidence are the words that spoke loudest for a category, as written.
func (z *categorizer) evidence(d *document, fs []feature, hints []hint, class int) []string {
	var found []hint
	for _, h := range hints {
		if h.category == class {
			found = append(found, h)
		}
	}
	byToken := make([]float64, len(d.subject.toks)+len(d.body.toks))
	for _, f := range fs {
		if f.token >= 0 {
			byToken[f.token] += z.scorer.speaksFor(f, class)
		}
	}
	for i, w := range byToken {
		if w > loud {
			t, j := d.tokenAt(i)
			found = append(found, hint{class, w, t.source(span{j, j + 1})})
		}
	}
	slices.SortFunc(found, func(a, b hint) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.text, b.text))
	})
	var out []string
	for _, h := range found {
		if len(out) < maxEvidence && !slices.Contains(out, h.text) {
			out = append(out, h.text)
		}
	}
	return out
}

// tokenAt resolves the token number of a feature: those of the body follow those
// of the subject.
func (d *document) tokenAt(i int) (*text, int) {
	if i < len(d.subject.toks) {
		return d.subject, i
	}
	return d.body, i - len(d.subject.toks)
}

// features are the words of a document and their beginnings, which carry
// inflections and compounds; the ideas that it tells with, whatever its language;
// and how its sentences are made.
func features(d *document, topical bool) []feature {
	var fs []feature
	base := 0
	for _, t := range []*text{d.subject, d.body} {
		for _, s := range t.sentences {
			if s.from >= maxCategoryTokens {
				break
			}
			if !t.setting(s) {
				fs = d.topicWords(fs, t, s.span, base)
			}
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
		if !k.word || k.off || len(k.form) < 2 || unicode.IsDigit(rune(k.form[0])) {
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
			if f.value > 0 && !slices.ContainsFunc(fs[first:], func(g feature) bool { return g.slot == f.slot }) {
				fs = append(fs, f)
			}
		}
		if t.setting(s) {
			fs = fs[:first]
		}
	}
	return fs
}

// idea is the feature of a phrase; its value is zero for those that have none.
func (d *document) idea(m match, base int) feature {
	switch _, mark := markSeverity(m.role); {
	case m.role == roleIdea:
		return feature{slot('i', m.category), base + m.from, 1}
	case mark, m.lang&d.langs == 0, m.role == roleCategory, m.role == roleWord, m.role == roleKnown:
		return feature{}
	}
	return feature{slot('r', sectionRoles[m.role]), -1, 0.5}
}

// shape says how a document is put: as a wish, a question, a complaint.
func (d *document) shape() []string {
	var out []string
	wish := d.subject.any(d.subject.all(), d.langs, roleWish) || d.body.any(d.body.all(), d.langs, roleWish)
	defect := d.subject.any(d.subject.all(), d.langs, roleDefect) || d.body.any(d.body.all(), d.langs, roleDefect)
	question := d.body.asks() || d.subject.asks()
	if wish {
		out = append(out, "wish")
	}
	if question {
		out = append(out, "question")
	}
	if defect {
		out = append(out, "defect")
	}
	if question && !defect && !wish {
		out = append(out, "only question")
	}
	if question && d.body.tells() {
		out = append(out, "told and asked")
	}
	if wish && !defect {
		out = append(out, "only wish")
	}
	if !question && !defect && !wish {
		out = append(out, "statement")
	}
	return out
}

func (t *text) all() span { return span{0, len(t.toks)} }

// asks reports whether any sentence of the text is a question.
func (t *text) asks() bool {
	for _, s := range t.sentences {
		if s.question && !t.toks[s.from].off {
			return true
		}
	}
	return false
}

// tells reports whether the text says something besides its questions.
func (t *text) tells() bool {
	for _, s := range t.sentences {
		if !s.question && !t.toks[s.from].off && s.to-s.from > greetingTokens {
			return true
		}
	}
	return false
}

// kind tells a wish and a question from a fault. Where a fault is described,
// the reporter wants it mended, however politely the mail asks.
func (d *document) kind(category string) ticket.Kind {
	shape := d.shape()
	switch {
	case category == categoryFeature:
		return ticket.KindFeatureRequest
	case category == categoryQuestion, slices.Contains(shape, "only question"):
		return ticket.KindQuestion
	case slices.Contains(shape, "only wish"):
		return ticket.KindFeatureRequest
	}
	return ticket.KindBug
}
