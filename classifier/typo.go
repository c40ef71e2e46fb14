package classifier

import (
	"unicode/utf8"
)

// minTypo is the length, in bytes, from which a word is long enough that one
// wrong letter still leaves no doubt what was meant.
const minTypo = 6

// maxTypo bounds the words that are looked up, in bytes.
const maxTypo = 40

// typos finds the mark word of which a word is a typing mistake: one letter
// wrong, missing, doubled, or two neighbours swapped.
//
// It holds every mark word under the hash of each form that lacks one letter; two
// words within one mistake of each other share such a form.
type typos struct {
	first map[uint64]int32 // index into words, plus one
	words []typoWord
	// maybe has a bit set for each hash in first: nearly all forms of nearly all
	// words are in none, and a bit is quicker to ask than a map.
	maybe [1 << (maybeBits - 6)]uint64
}

// maybeBits make 32 KB of bits, of which few are set.
const maybeBits = 18

func maybeBit(h uint64) (word, bit uint64) {
	h = h * 0x9e3779b97f4a7c15 >> (64 - maybeBits) // spreads what a polynomial does not
	return h >> 6, 1 << (h & 63)
}

// typoWord is a mark word in the list of those that share a hash.
type typoWord struct {
	word string
	next int32 // as in first; 0 ends the list
}

func (t *typos) add(word string) {
	if len(word) < minTypo || !onlyLetters(word) {
		return
	}
	for _, h := range appendLacking(nil, word) {
		if !t.holds(h, word) {
			t.words = append(t.words, typoWord{word, t.first[h]})
			t.first[h] = int32(len(t.words))
			at, bit := maybeBit(h)
			t.maybe[at] |= bit
		}
	}
}

func (t *typos) holds(hash uint64, word string) bool {
	for i := t.first[hash]; i > 0; i = t.words[i-1].next {
		if t.words[i-1].word == word {
			return true
		}
	}
	return false
}

// correct returns the mark word meant, or "".
func (t *typos) correct(word string) string {
	if len(word) < minTypo-1 || len(word) > maxTypo {
		return ""
	}
	var buf [maxTypo + 1]uint64
	for _, h := range appendLacking(buf[:0], word) {
		if at, bit := maybeBit(h); t.maybe[at]&bit == 0 {
			continue
		}
		for i := t.first[h]; i > 0; i = t.words[i-1].next {
			if w := t.words[i-1].word; w != word && oneMistake(word, w) {
				return w
			}
		}
	}
	return ""
}

func onlyLetters(s string) bool {
	for i := range len(s) {
		if s[i] < utf8.RuneSelf && (s[i] < 'a' || s[i] > 'z') {
			return false
		}
	}
	return true
}

// appendLacking appends the hash of word and of word without each of its
// letters. The hash is a polynomial, so that each costs one step.
func appendLacking(out []uint64, word string) []uint64 {
	const (
		base        = 1_000_003
		baseInverse = 16_109_806_864_799_210_091 // modulo 2^64: one power less
	)
	var whole uint64
	n := 0
	for _, r := range word {
		whole = whole*base + uint64(r)
		n++
	}
	out = append(out, whole)
	power := uint64(1)
	for range n - 1 {
		power *= base
	}
	// Without letter i the hash is that of the letters before it, moved up by as
	// many places as letters follow, and that of the letters after it.
	var head uint64
	tail := whole
	for _, r := range word {
		tail -= uint64(r) * power // the letters after r
		out = append(out, head*power+tail)
		head = head*base + uint64(r)
		power *= baseInverse
	}
	return out
}

// oneMistake reports whether a and b, different words, are one edit or one swap
// of neighbours apart. Short words must keep their first letter.
func oneMistake(a, b string) bool {
	ra, rb := []rune(a), []rune(b)
	if len(ra) > len(rb) {
		ra, rb = rb, ra
	}
	if len(rb)-len(ra) > 1 || len(ra) == 0 {
		return false
	}
	i := 0
	for i < len(ra) && ra[i] == rb[i] {
		i++
	}
	j := 0
	for j < len(ra)-i && ra[len(ra)-1-j] == rb[len(rb)-1-j] {
		j++
	}
	restA, restB := ra[i:len(ra)-j], rb[i:len(rb)-j]
	swap := len(restA) == 2 && len(restB) == 2 && restA[0] == restB[1] && restA[1] == restB[0]
	if len(rb) <= minTypo || i == 0 {
		return swap && i > 0
	}
	return swap || len(restA) <= 1 && len(restB) <= 1
}
