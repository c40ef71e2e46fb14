package words

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxLen bounds a word, in bytes. What is longer is no word of a language; its
// beginning is kept, in texts and queries alike.
const MaxLen = 48

// Of yields the words of a text in the one spelling in which they are
// compared: lower case, without marks, æ, ø and å as ae, oe and aa. So who has no
// Danish keys finds what others wrote with them, and the other way round. The
// bytes are good until the next word. Time is linear in the text.
func Of(text string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		text = strings.ToValidUTF8(text, "\ufffd") // norm overlooks letters behind broken ones
		if !norm.NFKC.IsNormalString(text) {
			text = norm.NFKC.String(text)
		}
		word := make([]byte, 0, MaxLen+utf8.UTFMax)
		for i, r := range text {
			switch {
			case joins(r, text[i:], len(word) > 0):
				continue
			case unbroken(r):
				if len(word) > 0 && !yield(word) {
					return
				}
				if !yield(utf8.AppendRune(word[:0], r)) {
					return
				}
				word = word[:0]
			case Letter(r):
				if len(word) < MaxLen {
					word = fold(word, r)
				}
			case len(word) > 0:
				if !yield(word) {
					return
				}
				word = word[:0]
			}
		}
		if len(word) > 0 {
			yield(word)
		}
	}
}

// Letter reports whether a rune is part of a word.
func Letter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

// joins reports what stands within a word and is no part of it: apostrophes
// ("kunden's" is kundens), marks that belong to no letter, soft hyphens and other
// characters that show nothing. An apostrophe counts only before a letter.
func joins(r rune, rest string, within bool) bool {
	switch {
	case r == '\'' || r == '’':
		next, _ := utf8.DecodeRuneInString(rest[utf8.RuneLen(r):])
		return within && Letter(next)
	case r < utf8.RuneSelf:
		return false
	}
	return unicode.In(r, unicode.M, unicode.Cf)
}

// unbroken reports letters of scripts that put no blanks between words: each
// counts as a word, and a search for several as a phrase.
func unbroken(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// fold appends a letter in the spelling of words.
func fold(word []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(word, byte(r))
	}
	switch r = unicode.ToLower(r); r {
	case 'æ', 'ä':
		return append(word, "ae"...)
	case 'ø', 'ö', 'œ':
		return append(word, "oe"...)
	case 'å':
		return append(word, "aa"...)
	case 'ü':
		return append(word, "ue"...)
	case 'ß':
		return append(word, "ss"...)
	case 'þ':
		return append(word, "th"...)
	case 'ð', 'đ':
		return append(word, 'd')
	case 'ł':
		return append(word, 'l')
	case 'ı':
		return append(word, 'i')
	}
	if unicode.Is(unicode.Latin, r) {
		if base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r))); base != r {
			return fold(word, base)
		}
	}
	return utf8.AppendRune(word, r)
}
