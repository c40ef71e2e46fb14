package faq

import "strings"

// meant is a stem of the shelf that a word of a question stands for, and how
// surely: 1 is no doubt.
type meant struct {
	stem string
	sure float64
}

// How sure we are of a word that was not written as we know it.
const (
	sureCompound = 0.9
	sureTypo     = 0.85
	sureTypos    = 0.7
	surePart     = 0.55 // one part of a compound is known, the other is not
)

// minTypo and minTypos are the lengths, in bytes, from which one and two mistakes
// still leave no doubt what was meant.
const (
	minTypo  = 4
	minTypos = 8
)

// read finds what a word stands for: itself, the parts of a compound, or what it is
// a misspelling of. Nothing if the shelf knows no such word.
func (s *shelf) read(word string) []meant {
	if stem, known := s.spelled[word]; known {
		return []meant{{stem, 1}}
	}
	if stem := s.stem(word); s.weights[stem] > 0 {
		return []meant{{stem, 1}}
	}
	if parts := s.split(word); parts != nil {
		return parts
	}
	if stem, sure := s.nearest(word); sure > 0 {
		return []meant{{stem, sure}}
	}
	return s.part(word)
}

// minPart is the least length of a part of a compound.
const minPart = 3

// split takes a compound apart into two words that are known, with an s or e
// between them perhaps: "billetstatus", "sporingsid".
func (s *shelf) split(word string) []meant {
	for cut := len(word) - 2; cut >= minPart+1; cut-- {
		head, ok := s.known(word[:cut])
		if !ok {
			head, ok = s.known(strings.TrimRight(word[:cut], "se"))
		}
		if !ok {
			continue
		}
		if tail, ok := s.known(word[cut:]); ok {
			return []meant{{head, sureCompound}, {tail, sureCompound}}
		}
	}
	return nil
}

func (s *shelf) known(word string) (string, bool) {
	if len(word) < 2 {
		return "", false
	}
	if stem, ok := s.spelled[word]; ok {
		return stem, true
	}
	stem := s.stem(word)
	_, ok := s.weights[stem]
	return stem, ok
}

// part finds the one known part of a compound whose other part is not known.
func (s *shelf) part(word string) []meant {
	const long = 5
	for n := len(word) - minPart; n >= long; n-- {
		for _, w := range []string{word[len(word)-n:], word[:n]} {
			if stem, ok := s.spelled[w]; ok && s.weights[stem] > stopWeight {
				return []meant{{stem, surePart}}
			}
		}
	}
	return nil
}

// nearest finds the word that one was to be. The first letter is nearly always
// right, and a mistake in it makes another word.
func (s *shelf) nearest(word string) (string, float64) {
	most := 0
	if len(word) >= minTypos {
		most = 2
	} else if len(word) >= minTypo {
		most = 1
	}
	best, at := "", most+1
	for length := len(word) - most; length <= len(word)+most; length++ {
		for _, w := range s.lengths[length] {
			if len(w) < minTypo || w[0] != word[0] || s.weights[s.spelled[w]] <= stopWeight && len(w) < minTypos {
				continue
			}
			if d := distance(word, w, at-1); d < at {
				best, at = w, d
			}
		}
	}
	switch {
	case at > most:
		return "", 0
	case at == 2:
		return s.spelled[best], sureTypos
	}
	return s.spelled[best], sureTypo
}

// distance counts the mistakes by which two words differ: letters that are wrong,
// missing, too many, or swapped with the next. Past most it returns most+1.
func distance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	before := make([]int, len(b)+1)
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > most {
			return most + 1
		}
		before, last = last, row
	}
	return last[len(b)]
}
