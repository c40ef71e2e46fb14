package search

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/english"
)

// stems are what a word is without its endings, by the rules of Danish and of
// English: nobody says in which of them a word is meant. Words with digits have
// no endings.
func stems(word string) [2]string {
	if strings.ContainsAny(word, "0123456789") {
		return [2]string{word, word}
	}
	// The Danish rules know letters, not what is written for want of them.
	da := snowballstem.NewEnv(replace(word, "ae", "æ", "oe", "ø", "aa", "å"))
	danish.Stem(da)
	en := snowballstem.NewEnv(word)
	english.Stem(en)
	return [2]string{replace(da.Current(), "æ", "ae", "ø", "oe", "å", "aa"), en.Current()}
}

// replace replaces each first of a pair by its second, pair after pair.
func replace(s string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, pairs[i], pairs[i+1])
	}
	return s
}

// stopWord reports words that say too little to be asked for beside others. The
// index has them all the same: alone, and in phrases, they are found.
func stopWord(word string) bool {
	switch word {
	case "af", "at", "da", "de", "dem", "den", "der", "det", "dette", "du", "efter", "eller", "en", "er", "et", "for", "fra",
		"har", "hvis", "hvor", "hvornaar", "i", "ikke", "jeg", "kan", "man", "med", "men", "mig", "naar", "noget", "og", "om",
		"os", "paa", "saa", "skal", "som", "til", "ved", "vi", "vil", "vores",
		"a", "an", "and", "are", "as", "be", "but", "by", "can", "from", "have", "if", "in", "is", "it", "my", "not", "of", "on",
		"or", "our", "that", "the", "this", "to", "was", "we", "when", "with", "you":
		return true
	}
	return false
}
