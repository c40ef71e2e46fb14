package faq

import (
	"math"
	"strings"

	"aismarttalk.tech/supportd/words"
)

// shelf is the answers in one language, and how to find them by words.
type shelf struct {
	language string
	entries  []Entry
	phrases  []phrase           // all questions of all entries
	bags     []map[string]bool  // all stems of each entry
	weights  map[string]float64 // of stems: the rarer, the more
	spelled  map[string]string  // words as they were written, and the stem of each
	lengths  map[int][]string   // the same words by their length
	rarest   float64            // the greatest weight there can be
}

// phrase is a question of an entry, or a word of its also.
type phrase struct {
	entry  int
	stems  []string
	weight float64 // of all its stems
	also   bool
}

func newShelf(language string, entries []Entry) *shelf {
	s := &shelf{
		language: language, entries: entries, bags: make([]map[string]bool, len(entries)),
		weights: map[string]float64{}, spelled: map[string]string{}, lengths: map[int][]string{},
		rarest: math.Log(float64(len(entries)+1) / 0.5),
	}
	in := map[string]int{} // entries that have a stem
	for i, e := range entries {
		s.bags[i] = map[string]bool{}
		for j, q := range append(append([]string{}, e.Questions...), e.Also...) {
			p := phrase{entry: i, also: j >= len(e.Questions)}
			for w := range words.Of(q) {
				p.stems = append(p.stems, s.learn(string(w)))
			}
			for _, stem := range p.stems {
				if !s.bags[i][stem] {
					s.bags[i][stem] = true
					in[stem]++
				}
			}
			s.phrases = append(s.phrases, p)
		}
	}
	for stem, n := range in {
		s.weights[stem] = math.Log(float64(len(entries)+1) / (float64(n) - 0.5))
		if words.Stop(stem) || filler(stem) {
			s.weights[stem] = min(s.weights[stem], stopWeight)
		}
	}
	for i, p := range s.phrases {
		for _, stem := range p.stems {
			s.phrases[i].weight += s.weights[stem]
		}
	}
	return s
}

// learn takes a word in, and returns its stem.
func (s *shelf) learn(word string) string {
	stem := s.stem(word)
	for _, w := range []string{word, stem} {
		if _, known := s.spelled[w]; !known {
			s.spelled[w] = stem
			s.lengths[len(w)] = append(s.lengths[len(w)], w)
		}
	}
	return stem
}

func (s *shelf) stem(word string) string {
	both := words.Stems(word)
	if s.language == "en" {
		return both[1]
	}
	return both[0]
}

// filler reports words that people add and nobody asks for.
func filler(word string) bool {
	return strings.Contains(" helt slet lige bare meget egentlig lidt nogen nogle jo nu ogsaa faktisk gerne venligst tak hej nemlig vildt simpelthen naa "+
		"just really please very actually some any so then hi hello thanks ", " "+word+" ")
}
