package words

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/english"
)

// Stems are what a word is without its endings, by the rules of Danish and of
// English: nobody says in which of them a word is meant. Words with digits have
// no endings.
func Stems(word string) [2]string {
	if strings.ContainsAny(word, "0123456789") {
		return [2]string{word, word}
	}
	en := snowballstem.NewEnv(word)
	english.Stem(en)
	return [2]string{danishStem(word), en.Current()}
}

// danishStem adds two things to the usual rules. Of their letters only the ø of
// -løs is told from its substitute. And they take no past tense for an ending,
// which is what faults are told in: "virkede" becomes "virked", and here "virk".
func danishStem(word string) string {
	da := snowballstem.NewEnv(strings.ReplaceAll(word, "loes", "løs"))
	danish.Stem(da)
	stem := strings.ReplaceAll(da.Current(), "ø", "oe")
	if verb, past := strings.CutSuffix(stem, "ed"); past && len(verb) >= 3 && strings.ContainsAny(verb, "aeiouy") {
		return verb
	}
	return stem
}

// Stop reports words that say too little to be asked for beside others. The
// index has them all the same: alone, and in phrases, they are found.
func Stop(word string) bool {
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
