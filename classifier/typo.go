package classifier

import (
	"iter"
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
	words []string // in the order of their adding
	forms []typoForm
	// heads holds, for each hash's bucket, the newest of its forms: index plus
	// one, 0 for none.
	heads [1 << bucketBits]int32
	// maybe has a bit set for each hash in forms: nearly all forms of nearly all
	// words are in none, and a bit is quicker to ask than a list.
	maybe [1 << (maybeBits - 6)]uint64
}

const (
	// maybeBits make 32 KB of bits, of which few are set.
	maybeBits  = 18
	bucketBits = 14
)

// spread mixes the bits of a hash, which a polynomial does not.
func spread(h uint64) uint64 { return h * 0x9e3779b97f4a7c15 }

func maybeBit(h uint64) (word, bit uint64) {
	h = spread(h) >> (64 - maybeBits)
	return h >> 6, 1 << (h & 63)
}

// typoForm is a word in the list of those whose hashes share a bucket.
type typoForm struct {
	hash uint64
	word int32 // index into words
	next int32 // as in heads
}

// add adds a mark word, unless it is there or too short.
func (t *typos) add(word string) {
	if len(word) < minTypo || !onlyLetters(word) {
		return
	}
	forms := appendLacking(nil, word)
	for known := range t.sharing(forms[0]) {
		if known == word {
			return
		}
	}
	t.words = append(t.words, word)
	for _, h := range forms {
		head := &t.heads[spread(h)>>(64-bucketBits)]
		t.forms = append(t.forms, typoForm{h, int32(len(t.words) - 1), *head})
		*head = int32(len(t.forms))
		at, bit := maybeBit(h)
		t.maybe[at] |= bit
	}
}

// sharing iterates over the words that have a form of that hash, newest first.
func (t *typos) sharing(hash uint64) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := t.heads[spread(hash)>>(64-bucketBits)]; i > 0; i = t.forms[i-1].next {
			if f := t.forms[i-1]; f.hash == hash && !yield(t.words[f.word]) {
				return
			}
		}
	}
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
		for w := range t.sharing(h) {
			if w != word && oneMistake(word, w) {
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
