package classifier

import (
	"math/bits"
	"strings"
)

// langset is a set of languages, one bit each, in the order of languages.
type langset uint32

// The languages that have rules.
const (
	langDA langset = 1 << iota
	langNB
	langSV
	langIS
	langEN
	langDE
	langNL
	langFR
	langES
	langPT
	langIT
	langRO
	langPL
	langCS
	langSK
	langBS
	langFI
)

// languages are their tags, in the order of their bits: BCP 47 primary tags. nb
// also stands for Nynorsk, bs for Croatian, Montenegrin and Serbian in Latin
// letters: a short mail does not tell them apart, and they read each other.
var languages = [...]string{"da", "nb", "sv", "is", "en", "de", "nl", "fr", "es", "pt", "it", "ro", "pl", "cs", "sk", "bs", "fi"}

// Sets that grammar needs.
const (
	germanNouns   = langDE                                     // nouns have capitals anyway
	adjectiveLast = langFR | langES | langPT | langIT | langRO // "error crítico"
)

const allLanguages = langset(1<<len(languages) - 1)

// languageSet reads a tag as an operator may write it. ok is false for a
// language that has no rules.
func languageSet(tag string) (set langset, ok bool) {
	tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
	switch tag {
	case "all":
		return allLanguages, true
	case "no", "nn":
		tag = "nb"
	case "hr", "sr":
		tag = "bs"
	}
	for i, l := range languages {
		if l == tag {
			return 1 << i, true
		}
	}
	return 0, false
}

func (s langset) count() int { return bits.OnesCount32(uint32(s)) }
