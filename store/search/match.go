package search

// candidate is a document that answers to all terms.
type candidate struct {
	slot  uint32
	score int
}

// tally is what is known of a document while a query is answered.
type tally struct {
	score uint16 // of the terms that it answered to
	best  uint8  // weight for the term that is looked at
	steps uint8  // how many words of the query it answered to, from the first on; maxWords at most
}

// weight orders what a word counts for: first by the field where it stands, then
// by how near it is to what was asked for. Nothing else counts, not how rare a
// word is or how often it stands there: so the score of a document changes with
// the document alone, and pages of results join while others are filed.
func weight(f field, n nearness) uint8 { return uint8(f)*uint8(asWritten) + uint8(n) }

// step is one word of the query: the words that answer to it.
type step struct {
	forms map[uint32]nearness
	alone bool // it is the only word of its term
}

// phrase is a term of several words.
type phrase struct {
	words []map[uint32]nearness // what answers to each
	only  uint32                // what answers to the first, if that is one word: a quick look
}

func makePhrase(words []map[uint32]nearness) phrase {
	p := phrase{words: words}
	if len(words[0]) == 1 {
		for n := range words[0] {
			p.only = n
		}
	}
	return p
}

// match finds the documents that answer to all terms. Its time is linear in the
// size of the index at worst. The caller holds the lock.
func (x *Index) match(terms []term) []candidate {
	var steps []step
	var phrases []phrase
	for _, t := range terms {
		var answers []map[uint32]nearness
		for i, word := range t.words {
			forms := x.vocabulary.forms(word, t.inflect, t.begun && i == len(t.words)-1)
			if len(forms) == 0 {
				return nil
			}
			answers = append(answers, forms)
			steps = append(steps, step{forms: forms, alone: len(t.words) == 1})
		}
		if len(answers) > 1 {
			phrases = append(phrases, makePhrase(answers))
		}
	}
	found := x.intersect(steps)
	for _, p := range phrases {
		found = x.keepPhrase(found, p)
	}
	return found
}

// intersect finds the documents that answer to every step.
func (x *Index) intersect(steps []step) []candidate {
	tallies := make([]tally, len(x.documents))
	var touched []uint32 // slots that answered to this step and all before
	for n, s := range steps {
		touched = touched[:0]
		for number, near := range s.forms {
			for _, p := range x.vocabulary.entries[number].postings {
				t := &tallies[p.slot()]
				if int(t.steps) != n {
					continue
				}
				if t.best == 0 {
					touched = append(touched, p.slot())
				}
				t.best = max(t.best, weight(p.field(), near))
			}
		}
		for _, slot := range touched {
			t := &tallies[slot]
			if s.alone {
				t.score += uint16(t.best)
			}
			t.best = 0
			t.steps++
		}
	}
	found := make([]candidate, len(touched))
	for i, slot := range touched {
		found[i] = candidate{slot: slot, score: int(tallies[slot].score)}
	}
	return found
}

// keepPhrase keeps the documents in which the words of a phrase stand side by
// side, and adds what that counts for.
func (x *Index) keepPhrase(found []candidate, p phrase) []candidate {
	var sequence []uint32
	kept := found[:0]
	for _, c := range found {
		sequence = unpack(sequence[:0], x.documents[c.slot].sequence)
		if w := p.weigh(sequence); w > 0 {
			kept = append(kept, candidate{slot: c.slot, score: c.score + int(w)})
		}
	}
	return kept
}

// weigh is the weight of the heaviest place where a phrase stands, 0 if there is
// none. A phrase is as near as the least near of its words.
func (p phrase) weigh(sequence []uint32) uint8 {
	var best uint8
	stretch := 0
	for i, n := range sequence {
		switch {
		case n == breakNumber:
			stretch++
			continue
		case p.only != 0 && n != p.only:
			continue
		}
		if near := p.at(sequence[i:]); near > 0 {
			best = max(best, weight(fieldAt(stretch), near))
		}
	}
	return best
}

// at says how near a sequence begins to the phrase, 0 if it begins otherwise.
func (p phrase) at(sequence []uint32) nearness {
	if len(sequence) < len(p.words) {
		return 0
	}
	least := asWritten
	for i, forms := range p.words {
		least = min(least, forms[sequence[i]])
		if least == 0 {
			return 0
		}
	}
	return least
}
