package ticket

import (
	"strings"
	"sync"
)

// says is what phrases say, as a set.
type says uint8

const (
	saysThanks says = 1 << iota
	saysConfirms
	saysStatus
	saysGoodbye
)

// lexicon is one language's table made ready, with what all languages share.
// It is only read.
type lexicon struct {
	said  map[string][]phrase // by first word: what a text may be made of
	fails map[string][]phrase // by first word: what tells of a failure
	known map[string]bool     // words of failure in any language: never a name
	leads map[string]bool     // words that a name may follow
}

type phrase struct {
	slots []wordSlot
	says  says
}

// wordSlot is one word of a phrase, as the words that may stand there; nil is a
// gap of a few words.
type wordSlot struct{ words map[string]bool }

// lexicons makes the tables ready once, in their order.
var lexicons = sync.OnceValue(func() []*lexicon {
	known, leads := map[string]bool{}, map[string]bool{}
	collect := func(into map[string]bool, phrases []phrase) {
		for _, p := range phrases {
			for _, s := range p.slots {
				for w := range s.words {
					into[w] = true
				}
			}
		}
	}
	for _, list := range []string{commonThanks, commonGreetings, commonGoodbyes} {
		collect(leads, phrases(list, 0))
	}
	var all []*lexicon
	for _, m := range meaningLanguages {
		collect(known, phrases(m.fails, 0))
		collect(leads, phrases(m.thanks, 0))
		l := &lexicon{said: map[string][]phrase{}, fails: map[string][]phrase{}, known: known, leads: leads}
		for _, list := range []struct {
			text string
			says says
		}{
			{commonThanks, saysThanks}, {commonGreetings, 0}, {commonGoodbyes, saysGoodbye}, {commonStatus, saysStatus},
			{m.thanks, saysThanks}, {m.confirms, saysConfirms}, {m.besides, 0},
		} {
			indexPhrases(l.said, phrases(list.text, list.says))
		}
		indexPhrases(l.fails, phrases(m.fails, 0))
		all = append(all, l)
	}
	return all
})

func indexPhrases(by map[string][]phrase, list []phrase) {
	for _, p := range list {
		for w := range p.slots[0].words {
			by[w] = append(by[w], p)
		}
	}
}

// phrases reads a list in the notation of meaningLanguages.
func phrases(list string, s says) []phrase {
	var out []phrase
	list = strings.ReplaceAll(list, "-", " ") // a hyphen parts words in texts too
	for _, text := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == '\n' }) {
		forms := [][]wordSlot{nil}
		for _, word := range strings.Fields(text) {
			word, optional := strings.CutSuffix(word, "?")
			next := make([][]wordSlot, 0, 2*len(forms))
			for _, f := range forms {
				if optional {
					next = append(next, f)
				}
				next = append(next, append(f[:len(f):len(f)], readWordSlot(word)))
			}
			forms = next
		}
		for _, f := range forms {
			if len(f) > 0 {
				out = append(out, phrase{f, s})
			}
		}
	}
	return out
}

func readWordSlot(word string) wordSlot {
	if word == "…" {
		return wordSlot{}
	}
	words := map[string]bool{}
	for _, w := range strings.Split(word, "|") {
		if exact, ok := strings.CutPrefix(w, "="); ok {
			words[wordForm(exact)] = true
			continue
		}
		for _, form := range spellings(wordForm(w)) {
			words[form] = true
		}
	}
	return wordSlot{words}
}
