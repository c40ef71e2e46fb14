package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/words"
)

// What of a query is read. Nobody types more; what is pasted is found by its
// beginning.
const (
	maxQuery = 1 << 10 // bytes
	maxWords = 32
)

// term is a word, or a phrase: words that stand side by side.
type term struct {
	words   []string
	inflect bool // other endings will do
	begun   bool // the last word goes on
}

// parse reads a query. Blanks part terms; what blanks do not part (an address, a
// tracking ID, e-mail) is a phrase. So is what stands in quotes, which means its
// words as they are written; a quote that nobody closes ends with the query. The
// last word goes on, since people are still typing, and so does a word before an
// asterisk. All else is no syntax. Prefixes are those of tracking IDs, which people
// write in many ways.
func parse(query string, prefixes []string) []term {
	query = clip(query, maxQuery)
	typing, _ := utf8.DecodeLastRuneInString(query)
	if id, ok := trackingID(query, prefixes); ok {
		query = id
	}
	var terms []term
	room := maxWords
	add := func(text string, inflect, begun bool) {
		t := makeTerm(text, inflect, begun)
		t.words = t.words[:min(len(t.words), room)]
		if room -= len(t.words); len(t.words) > 0 {
			terms = append(terms, t)
		}
	}
	parts := splitQuotes(query)
	for i, part := range parts {
		last := i == len(parts)-1
		if quoted := i%2 == 1; quoted {
			add(part, false, last && words.Letter(typing))
			continue
		}
		chunks := strings.Fields(part)
		for j, chunk := range chunks {
			if id, ok := trackingID(chunk, prefixes); ok {
				chunk = id
			}
			begun := last && j == len(chunks)-1 && words.Letter(typing)
			add(chunk, true, begun || strings.HasSuffix(chunk, "*"))
		}
	}
	return weighty(terms)
}

// makeTerm reads one term, which may turn out to have no words. Of a word that
// goes on at least two letters must be known: in a phrase it is left out before.
func makeTerm(text string, inflect, begun bool) term {
	t := term{inflect: inflect, begun: begun}
	for word := range words.Of(text) {
		t.words = append(t.words, string(word))
	}
	if last := len(t.words) - 1; last > 0 && begun && len(t.words[last]) == 1 {
		t.words, t.begun = t.words[:last], false
	}
	return t
}

// weighty leaves out words that say little, unless there are no others.
func weighty(terms []term) []term {
	kept := slices.DeleteFunc(slices.Clone(terms), func(t term) bool {
		return t.inflect && len(t.words) == 1 && (words.Stop(t.words[0]) || t.begun && len(t.words[0]) == 1)
	})
	if len(kept) == 0 {
		return terms
	}
	return kept
}

// splitQuotes parts a text at quotes of all kinds: every second part stood within
// quotes.
func splitQuotes(s string) []string {
	return strings.Split(strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Pi, unicode.Pf) && r != '’' && r != '‘' || r == '„' {
			return '"'
		}
		return r
	}, s), `"`)
}

// trackingID reads a tracking ID as people write it.
func trackingID(s string, prefixes []string) (string, bool) {
	for _, p := range prefixes {
		if id, ok := ticket.ParseID(p, s); ok {
			return string(id), true
		}
	}
	return "", false
}

// clip cuts a text to n bytes, at a letter.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
