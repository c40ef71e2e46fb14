package faq

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"aismarttalk.tech/supportd/words"
)

// What a question is held against was set on testdata/faq/tuning.txt and tried on
// heldout.txt; TestFind prints how well it does.
const (
	// enough is the likeness from which an entry answers a question, and enoughTold
	// that for what is no question: "our chatbot is down" is not asked.
	enough     = 0.60
	enoughTold = 0.74
	// near is the likeness from which an entry may be what was meant.
	near = 0.40
	// stopWeight is the most that a word without much sense counts for, and
	// unknownShare what a word that is nowhere counts for, of the rarest.
	stopWeight   = 0.3
	unknownShare = 0.55
	// otherTongue is what a match in another language than the expected counts for.
	otherTongue = 0.95
	// alsoWhole is how much of a question a word of also can stand for.
	alsoWhole = 0.75
	// maxAsked is how many words of a question are read.
	maxAsked = 40
)

// Match is what a question found.
type Match struct {
	Entry Entry
	Score float64 // likeness, 0 to 1
	Found bool    // it answers the question
	Told  bool    // it was not put as a question
	// Near are up to three that might, best first, where none does surely.
	Near []Entry
}

// Find answers a question. The language is the one that is expected; a question in
// another of Languages is answered in that. Time is bounded, whatever is asked.
func (b *Book) Find(language, question string) Match {
	var all []Match
	told := !asks(question)
	for _, lang := range Languages() {
		for _, m := range b.shelves[lang].like(question) {
			if lang != language {
				m.Score *= otherTongue
			}
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(x, y Match) int { return cmp.Compare(y.Score, x.Score) })
	if len(all) == 0 || all[0].Score < near {
		return Match{}
	}
	best := all[0]
	best.Told = told
	best.Found = best.Score >= enough && !told || best.Score >= enoughTold
	if best.Found {
		return best
	}
	for _, m := range all {
		if m.Score >= near && m.Entry.Language == best.Entry.Language && len(best.Near) < 3 {
			best.Near = append(best.Near, m.Entry)
		}
	}
	return best
}

// asked is one word of a question.
type asked struct {
	means  []meant
	weight float64
}

// like lists the entries that have something of a question.
func (s *shelf) like(question string) []Match {
	heard, total := s.hear(question)
	if total == 0 {
		return nil
	}
	whole := make([]float64, len(s.phrases)) // of each phrase, how much was asked for
	has := make([]float64, len(s.entries))   // of the question, how much each entry has
	surest := map[string]float64{}
	for _, a := range heard {
		for _, m := range a.means {
			surest[m.stem] = max(surest[m.stem], m.sure)
		}
		for i, bag := range s.bags {
			part := 0.0
			for _, m := range a.means {
				if bag[m.stem] {
					part += m.sure / float64(len(a.means))
				}
			}
			has[i] += part * a.weight
		}
	}
	best := make([]float64, len(s.entries))
	for i, p := range s.phrases {
		for _, stem := range p.stems {
			whole[i] += surest[stem] * s.weights[stem]
		}
		share := whole[i] / p.weight
		if p.also {
			share *= alsoWhole
		}
		best[p.entry] = max(best[p.entry], share)
	}
	var all []Match
	for i, e := range s.entries {
		if score := math.Sqrt(best[i] * has[i] / total); score > 0 {
			all = append(all, Match{Entry: e, Score: score})
		}
	}
	return all
}

// hear reads the words of a question. Two that are written apart and known as one
// are one: "bug fix".
func (s *shelf) hear(question string) (heard []asked, total float64) {
	var all []string
	for w := range words.Of(question) {
		if len(all) == maxAsked {
			break
		}
		all = append(all, string(w))
	}
	seen := map[string]bool{}
	for i := 0; i < len(all); i++ {
		word := all[i]
		if i+1 < len(all) {
			if _, joined := s.spelled[word+all[i+1]]; joined {
				word += all[i+1]
				i++
			}
		}
		if seen[word] {
			continue
		}
		seen[word] = true
		a := asked{}
		if !filler(word) {
			a.means = s.read(word)
		}
		switch {
		case words.Stop(word) || filler(word):
			a.weight = stopWeight
		case len(a.means) == 0:
			a.weight = s.rarest * unknownShare
		default:
			for _, m := range a.means {
				a.weight += s.weights[m.stem]
			}
		}
		heard = append(heard, a)
		total += a.weight
	}
	return heard, total
}

// asks reports whether a text is put as a question: it says so, begins as one, or is
// a word or two in a search box.
func asks(text string) bool {
	if strings.Contains(text, "?") {
		return true
	}
	count, first := 0, ""
	for w := range words.Of(text) {
		if count == 0 {
			first = string(w)
		}
		count++
	}
	return count <= 2 || strings.Contains(opening, " "+first+" ")
}

// opening are the words with which questions begin.
const opening = " hvad hvem hvor hvordan hvornaar hvorfor hvilke hvilken hvilket hvis kan skal maa vil er har goer findes tager taler " +
	"what who where how when why which whose can could may do does did is are will would should if have has whats hows wheres explain show tell please fortael forklar vis "
