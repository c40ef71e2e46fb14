package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"aismarttalk.tech/supportd/words"
)

// vocabulary is all words of all documents, each with the documents that have it.
// A word that no document has any more is forgotten, so that memory follows what
// is there and not what was.
type vocabulary struct {
	numbers map[string]uint32 // of words
	entries []entry           // by number
	free    []uint32          // numbers without a word
	// families are the words that become a stem by losing their endings, by stem.
	// A word that is its own stem is not listed: its number is found under it.
	families map[string][]uint32
	// beginnings are the words that begin with two letters, in order.
	beginnings map[string][]uint32
}

// entry is a word and the documents that have it, by slot.
type entry struct {
	word     string
	postings []posting
}

// posting is a slot and the field where the word weighs most in it.
type posting uint32

func makePosting(slot uint32, f field) posting { return posting(slot<<2 | uint32(f)) }
func (p posting) slot() uint32                 { return uint32(p >> 2) }
func (p posting) field() field                 { return field(p & 3) }

// breakNumber is the number of no word: it parts the fields of a sequence.
const breakNumber = 0

func newVocabulary() vocabulary {
	return vocabulary{
		numbers: map[string]uint32{}, entries: make([]entry, 1),
		families: map[string][]uint32{}, beginnings: map[string][]uint32{},
	}
}

// number is that of a word, which is taken in if it is new.
func (v *vocabulary) number(word []byte) uint32 {
	if n, known := v.numbers[string(word)]; known {
		return n
	}
	w := string(word)
	var n uint32
	if last := len(v.free) - 1; last >= 0 {
		n, v.free = v.free[last], v.free[:last]
	} else {
		n, v.entries = uint32(len(v.entries)), append(v.entries, entry{})
	}
	v.entries[n].word = w
	v.numbers[w] = n
	for _, stem := range familiesOf(w) {
		v.families[stem] = append(v.families[stem], n)
	}
	if lead := beginning(w); lead != "" {
		list := v.beginnings[lead]
		at, _ := slices.BinarySearchFunc(list, w, v.compare)
		v.beginnings[lead] = slices.Insert(list, at, n)
	}
	return n
}

func (v *vocabulary) compare(n uint32, word string) int { return cmp.Compare(v.entries[n].word, word) }

// forget undoes number.
func (v *vocabulary) forget(n uint32) {
	w := v.entries[n].word
	for _, stem := range familiesOf(w) {
		without(v.families, stem, slices.Index(v.families[stem], n))
	}
	if lead := beginning(w); lead != "" {
		at, _ := slices.BinarySearchFunc(v.beginnings[lead], w, v.compare)
		without(v.beginnings, lead, at)
	}
	delete(v.numbers, w)
	v.entries[n] = entry{}
	v.free = append(v.free, n)
}

// without deletes one number of a list, and a list without numbers.
func without(lists map[string][]uint32, key string, at int) {
	if list := slices.Delete(lists[key], at, at+1); len(list) > 0 {
		lists[key] = list
	} else {
		delete(lists, key)
	}
}

// familiesOf lists the stems under which a word is kept: those that are not the
// word itself, each once.
func familiesOf(word string) []string {
	both := words.Stems(word)
	list := make([]string, 0, 2)
	for i, stem := range both {
		if stem == word || i == 1 && stem == both[0] {
			continue
		}
		if strings.HasPrefix(word, stem) {
			stem = word[:len(stem)] // the same memory
		}
		list = append(list, stem)
	}
	return list
}

// beginning is the first two letters of a word, "" of a shorter one.
func beginning(word string) string {
	_, first := utf8.DecodeRuneInString(word)
	_, second := utf8.DecodeRuneInString(word[first:])
	if second == 0 {
		return ""
	}
	return word[:first+second]
}

// add says that the document in a slot has a word, or has it in another field.
func (v *vocabulary) add(n, slot uint32, f field) {
	e := &v.entries[n]
	at, there := find(e.postings, slot)
	if there {
		e.postings[at] = makePosting(slot, f)
		return
	}
	e.postings = slices.Insert(e.postings, at, makePosting(slot, f))
}

// drop takes add back.
func (v *vocabulary) drop(n, slot uint32) {
	e := &v.entries[n]
	if at, there := find(e.postings, slot); there {
		e.postings = slices.Delete(e.postings, at, at+1)
	}
	if len(e.postings) == 0 {
		v.forget(n)
	}
}

// find is where a slot stands among postings, or should. Most are added at the end.
func find(postings []posting, slot uint32) (int, bool) {
	if last := len(postings) - 1; last < 0 || postings[last].slot() < slot {
		return last + 1, false
	}
	return slices.BinarySearchFunc(postings, slot, func(p posting, slot uint32) int { return cmp.Compare(p.slot(), slot) })
}

// nearness is how near a word of a document is to the one asked for.
type nearness uint8

const (
	begun     nearness = iota + 1 // the word begins with it
	inflected                     // another ending
	asWritten
)

// forms are the words that answer to one asked for, by number.
func (v *vocabulary) forms(word string, inflect, prefix bool) map[uint32]nearness {
	found := map[uint32]nearness{}
	if lead := beginning(word); prefix && lead != "" {
		list := v.beginnings[lead]
		at, _ := slices.BinarySearchFunc(list, word, v.compare)
		for _, n := range list[at:] {
			if !strings.HasPrefix(v.entries[n].word, word) {
				break
			}
			found[n] = begun
		}
	}
	if inflect {
		for _, stem := range words.Stems(word) {
			for _, n := range v.families[stem] {
				found[n] = inflected
			}
			if n, known := v.numbers[stem]; known {
				found[n] = inflected
			}
		}
	}
	if n, known := v.numbers[word]; known {
		found[n] = asWritten
	}
	return found
}
