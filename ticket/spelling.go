package ticket

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// marked lists letters with a mark beside their bare form, by the mark as it
// stands alone in decomposed text (Unicode NFD): pairs of bare and marked.
var marked = map[rune]string{
	'\u0300': "aàeèiìoòuù",
	'\u0301': "aáeéiíoóuúyýcćnńsśzźlĺrŕ",
	'\u0302': "aâeêiîoôuû",
	'\u0303': "aãnñoõ",
	'\u0306': "aă",
	'\u0307': "zż",
	'\u0308': "aäeëiïoöuü",
	'\u030a': "aåuů",
	'\u030c': "cčdďeělľnňrřsštťzž",
	'\u0326': "sștț",
	'\u0327': "cçsştţ",
	'\u0328': "aąeę",
}

// digraphs is how writers without the keys spell a letter in ASCII; bare is
// what is left where only marks are lost.
var (
	digraphs = strings.NewReplacer("å", "aa", "ä", "ae", "æ", "ae", "ö", "oe", "ø", "oe", "ü", "ue", "œ", "oe", "ß", "ss", "đ", "dj")
	bare     = strings.NewReplacer(append([]string{"æ", "ae", "œ", "oe", "ø", "o", "ß", "ss", "ł", "l", "đ", "d"}, unmarked()...)...)
)

func unmarked() []string {
	var pairs []string
	for _, letters := range marked {
		for list := []rune(letters); len(list) > 1; list = list[2:] {
			pairs = append(pairs, string(list[1]), string(list[0]))
		}
	}
	return pairs
}

// plainText is the one spelling in which words are compared: lower case,
// composed, ASCII for full-width forms, one blank and one apostrophe, without
// characters that show nothing. It takes time linear in s.
func plainText(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		switch {
		case unicode.Is(unicode.Mn, r):
			if n := len(out); n > 0 {
				out[n-1] = compose(out[n-1], r)
			}
		case unicode.Is(unicode.Cf, r): // soft hyphens, zero widths, direction marks
		case unicode.Is(unicode.Zs, r):
			out = append(out, ' ')
		case strings.ContainsRune("’‘ʼ´`", r):
			out = append(out, '\'')
		default:
			out = append(out, unicode.ToLower(r))
		}
	}
	return string(out)
}

// compose joins a letter and a mark; a mark that joins no letter is dropped.
func compose(letter, mark rune) rune {
	for list := []rune(marked[mark]); len(list) > 1; list = list[2:] {
		if list[0] == letter {
			return list[1]
		}
	}
	return letter
}

// spellings lists the ways in which a plain word is met where letters got
// lost: høj, hoj, hoej. The word itself comes first.
func spellings(word string) []string {
	out := []string{word}
	for _, s := range []string{bare.Replace(word), bare.Replace(digraphs.Replace(word)), bare.Replace(strings.ReplaceAll(word, "æ", "a"))} {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// sameWord reports whether what somebody typed is a word of ours, whatever
// letters his keyboard lacks.
func sameWord(typed, word string) bool {
	all := spellings(word)
	return slices.ContainsFunc(spellings(typed), func(s string) bool { return slices.Contains(all, s) })
}

// distance counts the letters by which two words differ: wrong, missing, too
// many or swapped with a neighbour. It takes time in the product of the
// lengths, so that callers bound them.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, above, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before, above, row = above, row, before
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(above[j]+cost, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(y)]
}

// cutFirst cuts the first rune off a text.
func cutFirst(s string) (rune, string) {
	r, n := utf8.DecodeRuneInString(s)
	return r, s[n:]
}
