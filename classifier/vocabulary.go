package classifier

// vocabulary numbers the words of the rules. It is a hash table of its own, since
// a map of so many words takes longer to fill than all else takes to load.
type vocabulary struct {
	words []string // sorted; the index of a word is its number
	// table holds numbers, plus one, at the hash of their words or behind it. Its
	// length is a power of two, and a part of it stays empty.
	table []int32
}

// unknownWord is the number of a word that stands in no phrase.
const unknownWord = -1

func newVocabulary(sorted []string) vocabulary {
	size := 8
	for size < len(sorted)*3/2 {
		size *= 2
	}
	v := vocabulary{words: sorted, table: make([]int32, size)}
	for i, w := range sorted {
		_, at := v.find(w)
		v.table[at] = int32(i + 1)
	}
	return v
}

// id is the number of a word.
func (v vocabulary) id(word string) int32 {
	id, _ := v.find(word)
	return id
}

// find also tells the place of a word in the table, where it is or should be.
func (v vocabulary) find(word string) (id int32, at uint32) {
	mask := uint32(len(v.table) - 1)
	for at = hashWord(word) & mask; v.table[at] != 0; at = (at + 1) & mask {
		if id = v.table[at] - 1; v.words[id] == word {
			return id, at
		}
	}
	return unknownWord, at
}

// hashWord is FNV-1a, its upper bits folded into the lower.
func hashWord(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h ^ h>>15
}
