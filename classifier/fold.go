package classifier

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded is a text in the one spelling in which texts are compared: NFKC, lower
// case, without invisible characters, with twice-encoded UTF-8 repaired. Marks
// on letters stay, since å is not a.
//
// from and to lead back: byte i of s came from source bytes from[i] to to[i].
type folded struct {
	s        string
	from, to []int32
}

// fold compares nothing and loses nothing: it only prepares. Time and space are
// linear in src.
func fold(src string) folded {
	f := folder{out: make([]byte, 0, len(src)+8), from: make([]int32, 0, len(src)+8), to: make([]int32, 0, len(src)+8)}
	for i := 0; i < len(src); {
		if c := src[i]; c < utf8.RuneSelf && (i+1 == len(src) || src[i+1] < utf8.RuneSelf) {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			f.out = append(f.out, c)
			f.from, f.to = append(f.from, int32(i)), append(f.to, int32(i+1))
			i++
			continue
		}
		if r, n := twiceEncoded(src[i:]); n > 0 {
			f.add(unicode.ToLower(r), i, i+n)
			i += n
			continue
		}
		n := norm.NFKC.NextBoundaryInString(src[i:], true)
		if n <= 0 {
			n = len(src) - i
		}
		f.segment(src[i:i+n], i)
		i += n
	}
	return folded{s: string(f.out), from: f.from, to: f.to}
}

type folder struct {
	out, scratch []byte
	from, to     []int32
}

// segment adds one letter with its combining marks.
func (f *folder) segment(seg string, at int) {
	end := at + len(seg)
	if norm.NFKC.QuickSpanString(seg) == len(seg) {
		for _, r := range seg {
			f.add(unicode.ToLower(r), at, end)
		}
		return
	}
	f.scratch = norm.NFKC.AppendString(f.scratch[:0], seg)
	for b := f.scratch; len(b) > 0; {
		r, n := utf8.DecodeRune(b)
		f.add(unicode.ToLower(r), at, end)
		b = b[n:]
	}
}

func (f *folder) add(r rune, from, to int) {
	switch {
	case invisible(r):
		return
	case r == utf8.RuneError:
		r = '?' // a letter that some gateway lost, as "H?j" shows it too
	case r == '’' || r == '‘' || r == 'ʼ' || r == '´' || r == '`':
		r = '\''
	}
	before := len(f.out)
	f.out = utf8.AppendRune(f.out, r)
	for range len(f.out) - before {
		f.from, f.to = append(f.from, int32(from)), append(f.to, int32(to))
	}
}

// invisible reports characters that show nothing and may split a word: soft
// hyphen, zero-width characters, direction marks, variation selectors.
func invisible(r rune) bool {
	switch {
	case r == 0x00AD, r == 0x034F, r == 0xFEFF,
		0x200B <= r && r <= 0x200F, 0x202A <= r && r <= 0x202E,
		0x2060 <= r && r <= 0x2069, 0xFE00 <= r && r <= 0xFE0F:
		return true
	}
	return false
}

// windows1252 are the characters that windows-1252 has at 0x80 to 0x9F.
const windows1252 = "€\x00‚ƒ„…†‡ˆ‰Š‹Œ\x00Ž\x00\x00‘’“”•–—˜™š›œ\x00žŸ"

// twiceEncoded recognises one letter of UTF-8 that was read as windows-1252 or
// Latin-1 and encoded again ("HÃ¸j"). n is 0 where that is not so.
func twiceEncoded(s string) (r rune, n int) {
	first, n1 := utf8.DecodeRuneInString(s)
	if first < 0xC2 || first > 0xC5 || n1 >= len(s) {
		return 0, 0
	}
	second, n2 := utf8.DecodeRuneInString(s[n1:])
	low := second
	if second < 0x80 || second > 0xBF {
		i := 0
		for _, c := range windows1252 {
			if c == second && c != 0 {
				low = rune(0x80 + i)
				break
			}
			i++
		}
	}
	// Å before a closing quote or a dash is a Nordic letter, not half of another.
	if low < 0x80 || low > 0xBF || first > 0xC3 && strings.ContainsRune("“”‘’–—…", second) {
		return 0, 0
	}
	return (first&0x1F)<<6 | low&0x3F, n1 + n2
}

// spellings lists the ways in which a folded word is met where letters got
// lost: "høj", "hoj", "hoej", "h?j". The word itself comes first.
func spellings(word string) []string {
	out := []string{word}
	if isASCII(word) {
		return out
	}
	for _, s := range []string{plain(word, false), plain(word, true), holes(word)} {
		if s != word && s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// plain spells a word in ASCII: digraphs as German and Danish writers without
// the keys do (oe), or bare letters.
func plain(word string, digraphs bool) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(word) {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(r)
			continue
		case r == 'æ':
			b.WriteString("ae")
			continue
		case r == 'œ':
			b.WriteString("oe")
			continue
		case r == 'ß':
			b.WriteString("ss")
			continue
		case r == 'þ':
			b.WriteString("th")
			continue
		case digraphs && r == 'å':
			b.WriteString("aa")
			continue
		case digraphs && r == 'ä':
			b.WriteString("ae")
			continue
		case digraphs && (r == 'ö' || r == 'ø'):
			b.WriteString("oe")
			continue
		case digraphs && r == 'ü':
			b.WriteString("ue")
			continue
		case digraphs && r == 'đ':
			b.WriteString("dj")
			continue
		case r == 'ø':
			r = 'o'
		case r == 'ł':
			r = 'l'
		case r == 'đ' || r == 'ð':
			r = 'd'
		case r == 'ı':
			r = 'i'
		default:
			r, _ = utf8.DecodeRuneInString(norm.NFD.String(string(r)))
		}
		b.WriteRune(r)
	}
	return b.String()
}

// holes spells a word with a question mark for each letter outside ASCII.
func holes(word string) string {
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return '?'
		}
		return r
	}, word)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
