package classifier

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
)

// Limits of what is read of one message, in bytes. A mail says in its first
// pages how bad things are.
const (
	maxSubject = 2 << 10
	maxBody    = 64 << 10
	// enoughWords of body make the subject, which is often pasted or in the
	// words of a product, needless for telling the language.
	enoughWords = 12
)

// Config is what an operator adds to the rules.
type Config struct {
	// Phrases are further marks of severity, by language and level: critical,
	// high or low. The language "all" holds for any mail.
	Phrases map[string]map[ticket.Severity][]string
	// Categories are further phrases of a subject area, or further areas.
	Categories []CategoryConfig
	// Examples are texts whose category people have settled: the scorer learns
	// from them as from its own.
	Examples []Example
}

// CategoryConfig adds phrases to a category.
type CategoryConfig struct {
	Name    string
	Phrases []string
}

// Example is a text and the category that it belongs to.
type Example struct {
	Category string
	Text     string
}

var categoryName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Validate reports every fault of the configuration at once.
func (c Config) Validate() error {
	var errs []error
	for _, lang := range slices.Sorted(maps.Keys(c.Phrases)) {
		if _, ok := languageSet(lang); !ok {
			errs = append(errs, fmt.Errorf("severity phrases: no language %q, want one of %s or all", lang, strings.Join(languages[:], ", ")))
		}
		for _, level := range slices.Sorted(maps.Keys(c.Phrases[lang])) {
			if _, ok := configRole(level); !ok {
				errs = append(errs, fmt.Errorf("severity phrases in %s: no level %q, want critical, high or low", lang, level))
			}
			for _, p := range c.Phrases[lang][level] {
				if err := checkPhrase(p); err != nil {
					errs = append(errs, fmt.Errorf("severity phrases in %s, %s: %w", lang, level, err))
				}
			}
		}
	}
	for _, cat := range c.Categories {
		if !categoryName.MatchString(cat.Name) {
			errs = append(errs, fmt.Errorf("category %q: want a name of small letters, digits and _, at most 40", cat.Name))
		}
		for _, p := range cat.Phrases {
			if err := checkPhrase(p); err != nil {
				errs = append(errs, fmt.Errorf("category %s: %w", cat.Name, err))
			}
		}
	}
	for i, e := range c.Examples {
		if !categoryName.MatchString(e.Category) {
			errs = append(errs, fmt.Errorf("example %d: no category %q", i+1, e.Category))
		}
	}
	return errors.Join(errs...)
}

// adds reports whether there is anything beside the rules.
func (c Config) adds() bool {
	for _, levels := range c.Phrases {
		for _, phrases := range levels {
			if len(phrases) > 0 {
				return true
			}
		}
	}
	return len(c.Categories)+len(c.Examples) > 0
}

// checkPhrase accepts words, at most nine, without the signs that rule files
// give a meaning.
func checkPhrase(p string) error {
	switch n := len(phraseWords(p)); {
	case n == 0:
		return fmt.Errorf("phrase %q holds no word", p)
	case n > maxPhraseWords:
		return fmt.Errorf("phrase %q has %d words, at most %d", p, n, maxPhraseWords)
	}
	return nil
}

// phraseWords are the words of an operator's phrase, without punctuation.
func phraseWords(p string) []string {
	var words []string
	for _, k := range tokenize(p).toks {
		if k.word {
			words = append(words, k.form)
		}
	}
	return words
}

func configRole(s ticket.Severity) (role, bool) {
	switch s {
	case ticket.SeverityCritical:
		return roleCriticalAlways, true
	case ticket.SeverityHigh:
		return roleHighAlways, true
	case ticket.SeverityLow:
		return roleLow, true
	}
	return roleNone, false
}

// Classifier reads messages. It does not change once made, and is safe for
// concurrent use.
type Classifier struct {
	matcher     *matcher
	letters     *letterModel
	categorizer *categorizer
}

// New makes a classifier of the rules and what the operator adds to them. It
// fails on a Config that does not Validate. Without additions it costs a few
// milliseconds, since the rules come compiled; with some, some tenths of a second.
func New(cfg Config) (*Classifier, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("classifier configuration: %w", err)
	}
	if !cfg.adds() {
		return unpack(compiledRules)
	}
	c, _, err := compile(cfg)
	return c, err
}

// compile reads the rules and the examples, and trains the scorer. The letters
// that it counted are part of what pack stores.
func compile(cfg Config) (*Classifier, letterCounts, error) {
	rules, err := readRules()
	if err != nil {
		return nil, letterCounts{}, err
	}
	examples, samples, err := readExamples()
	if err != nil {
		return nil, letterCounts{}, err
	}
	for i, s := range samplesOf(rules) {
		samples[i] += s
	}
	// The letters of the languages are counted while the rules are compiled.
	var letters letterCounts
	var counting sync.WaitGroup
	counting.Go(func() { letters = countLetters(samples) })
	t := newTree()
	err = t.insertAll(rules)
	counting.Wait()
	if err != nil {
		return nil, letterCounts{}, err
	}
	if err := t.addConfig(cfg); err != nil {
		return nil, letterCounts{}, fmt.Errorf("classifier configuration: %w", err)
	}
	c := &Classifier{matcher: t.matcher(), letters: letters.model(), categorizer: newCategorizer(cfg)}
	c.trainCategories(append(examples, cfg.Examples...))
	return c, letters, nil
}

// trainCategories reads the examples as if they had come by mail. In each the
// first sentence, up to " / ", is the subject.
func (c *Classifier) trainCategories(examples []Example) {
	docs := make([]*document, len(examples))
	labels := make([]string, len(examples))
	var reading sync.WaitGroup
	readers := runtime.GOMAXPROCS(0)
	for first := range readers {
		reading.Go(func() {
			for i := first; i < len(examples); i += readers {
				subject, body, ok := strings.Cut(examples[i].Text, " / ")
				if !ok {
					subject, body = "", examples[i].Text
				}
				docs[i], labels[i] = c.document(ticket.Message{Subject: subject, Reply: body}), examples[i].Category
			}
		})
	}
	reading.Wait()
	c.categorizer.train(docs, labels)
}

func (t *tree) addConfig(cfg Config) error {
	for lang, levels := range cfg.Phrases {
		set, _ := languageSet(lang)
		for level, phrases := range levels {
			r, _ := configRole(level)
			for _, p := range phrases {
				if err := t.add(&section{role: r, origin: fromConfig}, set, strings.Join(phraseWords(p), " ")); err != nil {
					return err
				}
			}
		}
	}
	for _, cat := range cfg.Categories {
		for _, p := range cat.Phrases {
			s := &section{role: roleCategory, origin: fromConfig, category: cat.Name, weight: operatorWeight}
			if err := t.add(s, allLanguages, strings.Join(phraseWords(p), " ")); err != nil {
				return err
			}
		}
	}
	return nil
}

// Classify reads a message: its subject, its new text (Reply) and its priority
// headers. It never fails: what it does not understand is normal, other, and of
// no sure language.
func (c *Classifier) Classify(m ticket.Message) ticket.Reading {
	d := c.document(m)
	r := ticket.Reading{Language: d.language, LanguageSure: d.languageSure, Claim: unmarked()}
	if !machineMade(m.Automatic) {
		r.Claim = c.claim(d)
		if d.grave != "" {
			r.Impact, r.ImpactEvidence = ImpactSevere, d.graveEvidence
		}
	}
	r.Category = c.categorizer.categorize(d)
	r.Kind = d.kind(r.Category.Name)
	return r
}

// machineMade reports mail in which no person says anything: "in urgent matters
// call my colleague" is no claim. A client's monitoring and mail from lists is
// read like any other.
func machineMade(a ticket.Automatic) bool {
	switch a.Kind {
	case ticket.AutomaticBounce, ticket.AutomaticVacation, ticket.AutomaticReply, ticket.AutomaticFeedback,
		ticket.AutomaticCalendar, ticket.AutomaticLoop:
		return a.Is
	}
	return false
}

// document is a message as this package reads it.
type document struct {
	subject, body *text
	marks         []ticket.Header
	forwarded     bool // the subject is that of a mail passed on
	machineText   bool // a program's output stands in the body

	// grave is the kind of grave fact that the text tells, or "".
	grave, graveEvidence string

	language     string
	languageSure bool
	langs        langset // whose words are heard: the language and its likes
}

func (c *Classifier) document(m ticket.Message) *document {
	d := &document{marks: m.Marks}
	d.subject, d.body = c.read(clip(m.Subject, maxSubject)), c.read(clip(m.Reply, maxBody))
	d.subject.subject = true
	d.machineText = c.setForeignAside(d.body)
	var g guess
	g.add(c.letters, d.body)
	if g.words < enoughWords && !forwardPrefix(d.subject, allLanguages) {
		g.add(c.letters, d.subject)
	}
	d.language, d.languageSure, d.langs = g.best()
	d.forwarded = forwardPrefix(d.subject, d.langs)
	d.grave, d.graveEvidence = d.impact()
	d.silence()
	return d
}

// clip cuts s to at most n bytes, between characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// read takes a piece of text apart and finds the phrases in it.
func (c *Classifier) read(s string) *text {
	t := tokenize(s)
	c.matcher.find(t)
	t.index()
	return t
}

// has reports whether a phrase of that role stands in the text.
func (t *text) has(r role) bool { return len(t.of(r)) > 0 }
