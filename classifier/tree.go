package classifier

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// tree is the matcher as it grows, phrase by phrase.
type tree struct {
	root *branch
	// children finds the branch behind a word that all phrases share that begin
	// alike.
	children map[place]*branch
	marks    typos
}

type place struct {
	from *branch
	word string // see glued
}

// branch is a node of the tree.
type branch struct {
	twigs   []twig
	affixes []affixTwig
	gap     *branch
	phrases []phrase
}

// twig leads over one word, which may have several.
type twig struct {
	word string // see glued
	to   *branch
}

type affixTwig struct {
	affix
	to *branch
}

// unwild makes plain text of a phrase.
var unwild = strings.NewReplacer("*", "", "=", "", "|", " ", "_", "")

const (
	maxPhraseWords = 9
	gapWords       = 2
	minAffix       = 3
)

func newTree() *tree { return &tree{root: &branch{}, children: map[place]*branch{}} }

// add grows the tree by one phrase of a section. Its words are parted by blanks;
// "a|b" is either word.
func (t *tree) add(s *section, lang langset, text string) error {
	slots, err := slotsOf(text)
	if err != nil {
		return err
	}
	return t.insert(ruled{section: s, lang: lang, text: text, slots: slots})
}

// slotsOf are the words of a phrase in all forms in which each may stand. They
// are most of the work of compiling it, and none of the tree's.
func slotsOf(text string) ([][]string, error) {
	words := phraseSlots(fold(text).s)
	if len(words) == 0 || len(words) > maxPhraseWords {
		return nil, fmt.Errorf("phrase %q has %d words, want 1 to %d", text, len(words), maxPhraseWords)
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
func (t *tree) insert(r ruled) error {
	_, mark := markSeverity(r.section.role)
	end := t.root
	for _, forms := range r.slots {
		if mark {
			for _, f := range forms {
				t.marks.add(f)
			}
		}
		var err error
		if end, err = t.step(end, forms); err != nil {
			return fmt.Errorf("phrase %q: %w", r.text, err)
		}
	}
	end.yield(r)
	return nil
}

// yield lets a phrase end at b.
func (b *branch) yield(r ruled) {
	_, mark := markSeverity(r.section.role)
	if !mark && r.section.role != roleCategory && r.section.role != roleIdea {
		for i := range b.phrases {
			if b.phrases[i].role == r.section.role {
				b.phrases[i].lang |= r.lang
				return
			}
		}
	}
	b.phrases = append(b.phrases, phrase{r.section, r.lang})
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
func (t *tree) step(from *branch, forms []string) (*branch, error) {
	if len(forms) == 1 && forms[0] == "_" {
		if from.gap == nil {
			from.gap = &branch{}
		}
		return from.gap, nil
	}
	var to *branch
	if len(forms) > 1 {
		to = &branch{} // several twigs end here: no other phrase may grow from it
	}
	for _, w := range forms {
		var err error
		if strings.HasSuffix(w, "*") || strings.HasPrefix(w, "*") {
			to, err = affixStep(from, w, to)
		} else {
			to, err = t.wordStep(from, w, to)
		}
		if err != nil {
			return nil, err
		}
	}
	return to, nil
}

// wordStep adds the edges of one word, which are several where it holds a
// hyphen, an apostrophe or a lost letter. They end at to, if that is given.
func (t *tree) wordStep(from *branch, w string, to *branch) (*branch, error) {
	keys := []string{w}
	if !onlyLetters(w) {
		keys = wordKeys(w)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%q holds no word", w)
	}
	for _, k := range keys[:len(keys)-1] {
		from = t.child(from, k)
	}
	last := keys[len(keys)-1]
	if to == nil {
		return t.child(from, last), nil
	}
	from.twigs = append(from.twigs, twig{last, to})
	return to, nil
}

// wordKeys parts a word as the tokenizer does: at hyphens and elisions, which are
// no tokens inside a word, and at the "?" of a lost letter, which is one.
func wordKeys(w string) (keys []string) {
	if strings.Contains(w, "'") {
		for _, k := range tokenize(w).toks {
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
			keys = append(keys, glue(w[:n], len(keys) > 0 && (hole || lost)))
		}
		lost, w = hole, w[n:]
	}
	return keys
}

// glued marks the word of a twig that must follow without a blank.
const glued = "\x00"

func glue(form string, without bool) string {
	if without {
		return glued + form
	}
	return form
}

func affixStep(from *branch, w string, to *branch) (*branch, error) {
	suffix := strings.HasPrefix(w, "*")
	text := strings.Trim(w, "*")
	if len(text) < minAffix || strings.ContainsAny(text, "-'*") {
		return nil, fmt.Errorf("%q: a part of a word needs three letters, and no hyphen", w)
	}
	if to == nil {
		to = &branch{}
	}
	from.affixes = append(from.affixes, affixTwig{affix{text: text, suffix: suffix}, to})
	return to, nil
}

// child is the branch behind a word, one for all phrases that begin alike.
func (t *tree) child(from *branch, word string) *branch {
	at := place{from, word}
	c, ok := t.children[at]
	if !ok {
		c = &branch{}
		t.children[at] = c
		from.twigs = append(from.twigs, twig{word, c})
	}
	return c
}
