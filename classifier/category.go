package classifier

import (
	"cmp"
	"slices"

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
			if seen[m.phrase] || m.to > maxCategoryTokens || m.lang&d.langs == 0 || t.unheard(m) {
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

// unheard reports a phrase that stands in silence. An operator's holds wherever
// the reporter speaks of the matter, even if the words grade it.
func (t *text) unheard(m match) bool {
	if m.origin == fromConfig {
		return t.setting(t.sentenceOf(m.from))
	}
	return t.mute(m.span)
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
