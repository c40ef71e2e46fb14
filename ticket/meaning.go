package ticket

import "strings"

// Meaning is what a reporter's answer on a finished ticket says about its
// result.
type Meaning string

// Meanings of an answer.
const (
	MeaningThanks   Meaning = "thanks"   // thanks and nothing else: moves nothing
	MeaningConfirms Meaning = "confirms" // it works, or: close it
	MeaningFails    Meaning = "fails"    // it still fails
	MeaningOther    Meaning = "other"    // anything else: somebody must read it
)

// MeaningOf reads the new text of an answer. It takes a text for thanks or a
// confirmation only where the tables of one language account for every word of
// it: a needless reopening is seen, a complaint that was taken for thanks is
// not. So "but", "if", "yesterday" or a question mark, none of which are in a
// table, make it other; that it fails is read from telling phrases anywhere.
func MeaningOf(text string) Meaning {
	const longest = 40 // words of thanks or of a confirmation
	t := tokens(text)
	if len(t.words) == 0 {
		return MeaningOther
	}
	if len(t.words) <= longest && !t.asks && !t.sad {
		if m := t.accounted(); m != MeaningOther {
			return m
		}
	}
	if t.complains() {
		return MeaningFails
	}
	return MeaningOther
}

// accounted tries each language: thanks and confirmations are made of its
// phrases, of what all languages share, and of names, from the first word to
// the last.
func (t tokenText) accounted() Meaning {
	best := MeaningOther
	for _, l := range lexicons() {
		said, ok := t.cover(l)
		switch {
		case !ok || said&saysStatus != 0:
		case said&saysConfirms != 0:
			return MeaningConfirms
		case said&saysThanks != 0:
			best = MeaningThanks
		}
	}
	return best
}

// cover reports whether phrases follow one another without a gap, and what
// they say together. Of several ways to part the text the one that says most
// counts: the phrases hold nothing that could turn another's sense around.
func (t tokenText) cover(l *lexicon) (says, bool) {
	reached := make([]bool, len(t.words)+1)
	said := make([]says, len(t.words)+1)
	reached[0] = true
	reach := func(from, to int, s says) {
		reached[to] = true
		said[to] |= said[from] | s
	}
	for i := range t.words {
		if !reached[i] {
			continue
		}
		for _, p := range l.said[t.words[i].form] {
			if end, ok := t.match(i, p.slots); ok {
				reach(i, end, p.says)
			}
		}
		if end := t.names(l, i); end > i {
			reach(i, end, 0)
		}
	}
	return said[len(t.words)], reached[len(t.words)]
}

// names skips names at i and tells where they end: up to three behind a
// greeting, thanks or a closing line that a comma, a full stop or the line's
// end follows, and what stands last in a mail, alone on its line or behind a
// closing line.
func (t tokenText) names(l *lexicon, i int) int {
	const besides, last = 3, 6
	if i == 0 {
		return i
	}
	behind := l.leads[t.words[i-1].form]
	n := 0
	for i+n < len(t.words) && n < last && t.words[i+n].name && !l.known[t.words[i+n].form] {
		n++
		w := t.words[i+n-1]
		if i+n == len(t.words) && (behind || w.line == t.words[i].line && t.words[i].first && n <= besides && !w.ends) {
			return i + n
		}
		if behind && n <= besides && w.stops && !t.words[i-1].ends {
			return i + n
		}
	}
	return i
}

// complains reports whether a phrase of failing stands anywhere in the text.
func (t tokenText) complains() bool {
	for _, l := range lexicons() {
		for i := range t.words {
			for _, p := range l.fails[t.words[i].form] {
				if _, ok := t.match(i, p.slots); ok {
					return true
				}
			}
		}
	}
	return false
}

// match compares the words from i with a phrase and tells where it ends. No
// phrase goes on in the next sentence.
func (t tokenText) match(i int, slots []wordSlot) (end int, ok bool) {
	const gap = 4 // words that a gap may hold
	for n, s := range slots {
		if s.words == nil {
			for skip := range gap + 1 {
				at := i + skip
				if at > 0 && skip > 0 && t.words[at-1].ends || at >= len(t.words) {
					return 0, false
				}
				if end, ok := t.match(at, slots[n+1:]); ok {
					return end, true
				}
			}
			return 0, false
		}
		if i >= len(t.words) || !s.words[t.words[i].form] {
			return 0, false
		}
		if i++; t.words[i-1].ends && n+1 < len(slots) {
			return 0, false
		}
	}
	return i, true
}

// signsOff reports whether a line closes a letter: "Mvh Anne".
func signsOff(line string) bool {
	t := tokens(line)
	shared := lexicons()[0]
	if len(t.words) == 0 || len(t.words) > 6 {
		return false
	}
	for _, p := range shared.said[t.words[0].form] {
		if end, ok := t.match(0, p.slots); ok && p.says == saysGoodbye && (end == len(t.words) || t.names(shared, end) == len(t.words)) {
			return true
		}
	}
	return false
}

// AsksStatus reports whether a mail asks for nothing but the state of a ticket:
// its subject is the word status and a tracking ID, not behind the prefix of an
// answer, or its new text is that word alone, with or without the ID. A text
// under such a subject may say more: it belongs on the ticket all the same.
func AsksStatus(subject, text, prefix string) bool {
	return len(FindIDs(prefix, subject)) == 1 && asksStatus(subject, prefix) || asksStatus(text, prefix)
}

func asksStatus(text, prefix string) bool {
	const longest = 500 // bytes: greeting, the word, a name
	if len(text) > longest {
		return false
	}
	var words strings.Builder
	for l := range strings.Lines(text) {
		words.WriteString(cutID(prefix, strings.TrimRight(l, "?.!: \r\n")) + "\n")
	}
	t := tokens(words.String())
	for _, l := range lexicons() {
		if said, ok := t.cover(l); ok && said&saysStatus != 0 && said&saysConfirms == 0 {
			return true
		}
	}
	return false
}

// SignsOff reports whether a text is nothing but the end of a letter, as "Mvh
// Anne" is.
func SignsOff(text string) bool { return signsOff(text) }
