package search

import (
	"encoding/binary"
	"slices"
	"sync"
	"time"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/words"
)

// What the index holds of one ticket at most. A ticket that has more is found by
// the beginning of each text, by its first text and by the latest ones.
const (
	maxText     = 16 << 10 // bytes of one text
	maxDocument = 8000     // words of one document
)

// Document is what can be found of one ticket.
type Document struct {
	ID       ticket.ID
	Subject  string
	Reporter string   // name and address
	Texts    []string // in order of time
	Version
}

// Version tells one state of a ticket from another.
type Version struct {
	Updated time.Time // to the millisecond
	Events  int       // how many the ticket has had
}

// Same reports whether two versions are one.
func (v Version) Same(w Version) bool {
	return v.Events == w.Events && v.Updated.UnixMilli() == w.Updated.UnixMilli()
}

// Index finds documents by their words. It is safe for concurrent use.
//
// It maps each word, as written, to the documents that have it; other inflections
// are added when a question is asked. Each document keeps its words in order, a
// byte or two for each, for phrases and to know what to take back.
type Index struct {
	mu         sync.RWMutex // guards all below
	vocabulary vocabulary
	documents  []document // by slot
	slots      map[ticket.ID]uint32
	free       []uint32       // slots without a document
	prefixes   map[string]int // of tracking IDs, and how many documents have them
	sequence   []uint32       // scratch of Put
}

// document is what stands in a slot.
type document struct {
	id       ticket.ID
	sequence []byte // word numbers as uvarints, breakNumber between fields
	updated  int64  // Unix milliseconds
	events   int
}

// field is where in a document a word stands, by rising weight. A word in several
// counts where it weighs most.
type field uint32

const (
	inText field = iota
	inReporter
	inSubject
	inID
)

// fieldAt is the field of the n-th stretch of a sequence.
func fieldAt(n int) field { return field(max(int(inID)-n, int(inText))) }

// New returns an empty index.
func New() *Index {
	return &Index{vocabulary: newVocabulary(), slots: map[ticket.ID]uint32{}, prefixes: map[string]int{}}
}

// Len is the number of documents.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.slots)
}

// IDs lists what is in the index, in no order.
func (x *Index) IDs() []ticket.ID {
	x.mu.RLock()
	defer x.mu.RUnlock()
	ids := make([]ticket.ID, 0, len(x.slots))
	for id := range x.slots {
		ids = append(ids, id)
	}
	return ids
}

// Version is that of the document as it was put; false if there is none.
func (x *Index) Version(id ticket.ID) (Version, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	slot, ok := x.slots[id]
	if !ok {
		return Version{}, false
	}
	d := &x.documents[slot]
	return Version{Updated: time.UnixMilli(d.updated), Events: d.events}, true
}

// Put adds a document, or replaces the one with its ID.
func (x *Index) Put(d Document) {
	x.mu.Lock()
	defer x.mu.Unlock()
	slot, known := x.slots[d.ID]
	if !known {
		slot = x.takeSlot()
		x.slots[d.ID] = slot
		x.prefixes[d.ID.Prefix()]++
	}
	sequence := x.read(d)
	x.repost(slot, x.documents[slot].sequence, sequence)
	x.documents[slot] = document{id: d.ID, sequence: sequence, updated: d.Updated.UnixMilli(), events: d.Events}
}

// Remove forgets a document, if it is there.
func (x *Index) Remove(id ticket.ID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	slot, known := x.slots[id]
	if !known {
		return
	}
	x.repost(slot, x.documents[slot].sequence, nil)
	x.documents[slot] = document{}
	x.free = append(x.free, slot)
	delete(x.slots, id)
	if x.prefixes[id.Prefix()]--; x.prefixes[id.Prefix()] == 0 {
		delete(x.prefixes, id.Prefix())
	}
}

func (x *Index) takeSlot() uint32 {
	if last := len(x.free) - 1; last >= 0 {
		slot := x.free[last]
		x.free = x.free[:last]
		return slot
	}
	x.documents = append(x.documents, document{})
	return uint32(len(x.documents) - 1)
}

// read makes the sequence of a document. Its first three stretches are ID, subject
// and reporter, the rest are texts: the first, then from the latest back, until
// the document is full.
func (x *Index) read(d Document) []byte {
	seq := x.sequence[:0]
	add := func(text string) {
		for word := range words.Of(text[:min(len(text), maxText)]) {
			if len(seq) >= maxDocument {
				return
			}
			seq = append(seq, x.vocabulary.number(word))
		}
		seq = append(seq, breakNumber)
	}
	add(string(d.ID))
	add(d.Subject)
	add(d.Reporter)
	if len(d.Texts) > 0 {
		add(d.Texts[0])
		for _, text := range slices.Backward(d.Texts[1:]) {
			add(text)
		}
	}
	x.sequence = seq
	packed := make([]byte, 0, 2*len(seq))
	for _, n := range seq {
		packed = binary.AppendUvarint(packed, uint64(n))
	}
	return slices.Clip(packed)
}

// unpack appends the word numbers of a packed sequence.
func unpack(seq []uint32, packed []byte) []uint32 {
	for len(packed) > 0 {
		n, size := binary.Uvarint(packed)
		seq, packed = append(seq, uint32(n)), packed[size:]
	}
	return seq
}

// repost brings what the words know of a slot from one sequence to another. Words
// that stay where they are cost nothing but the comparison.
func (x *Index) repost(slot uint32, before, after []byte) {
	was, is := mentions(before), mentions(after)
	for len(was) > 0 || len(is) > 0 {
		switch {
		case len(is) == 0 || len(was) > 0 && was[0].word() < is[0].word():
			x.vocabulary.drop(was[0].word(), slot)
			was = was[1:]
		case len(was) == 0 || is[0].word() < was[0].word():
			x.vocabulary.add(is[0].word(), slot, is[0].field())
			is = is[1:]
		default:
			if was[0] != is[0] {
				x.vocabulary.add(is[0].word(), slot, is[0].field())
			}
			was, is = was[1:], is[1:]
		}
	}
}

// mention is a word of a document and the field in which it weighs most.
type mention uint64

func (m mention) word() uint32 { return uint32(m >> 2) }
func (m mention) field() field { return field(m & 3) }

// mentions lists the words of a sequence by number, each once.
func mentions(packed []byte) []mention {
	var list []mention
	stretch := 0
	for _, n := range unpack(nil, packed) {
		if n == breakNumber {
			stretch++
			continue
		}
		list = append(list, mention(n)<<2|mention(fieldAt(stretch)))
	}
	slices.Sort(list)
	// The heaviest field of a word sorts last: it is kept.
	kept := list[:0]
	for i, m := range list {
		if i+1 == len(list) || list[i+1].word() != m.word() {
			kept = append(kept, m)
		}
	}
	return kept
}
