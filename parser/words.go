package parser

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// decodeText turns a header value into valid UTF-8: encoded words (RFC 2047)
// are decoded, raw 8-bit text is read as UTF-8, else in the hinted character
// set, controls become blanks. It takes what mailers really write: blanks
// inside words, characters split between two words, words inside quotes.
func decodeText(value []byte, hint string) string {
	var out strings.Builder
	var pending []byte // decoded bytes of neighbouring words in one character set
	var set string
	flush := func() {
		if len(pending) > 0 {
			text, _ := decodeCharset(pending, set)
			out.WriteString(text)
			pending = nil
		}
	}
	for len(value) > 0 {
		start := indexWord(value)
		if start < 0 {
			break
		}
		word, ok := cutWord(value[start:])
		if !ok {
			// "=?" that begins no word is text; step over it and look on.
			flush()
			out.WriteString(rawText(value[:start+2], hint))
			value = value[start+2:]
			continue
		}
		if between := value[:start]; len(trimSpace(between)) > 0 || len(pending) == 0 {
			flush()
			out.WriteString(rawText(between, hint))
		}
		if !strings.EqualFold(word.charset, set) {
			flush()
		}
		set = word.charset
		pending = append(pending, word.bytes...)
		value = value[start+word.length:]
	}
	flush()
	out.WriteString(rawText(value, hint))
	return cleanLine(out.String())
}

// encodedWord is one "=?charset?B?text?=", decoded to bytes.
type encodedWord struct {
	charset string
	bytes   []byte
	length  int // bytes of its source
}

func indexWord(b []byte) int { return bytes.Index(b, []byte("=?")) }

// cutWord reads the encoded word at the start of b.
func cutWord(b []byte) (encodedWord, bool) {
	const maxWord = 4096 // RFC 2047 says 75; mailers do not listen
	limit := min(len(b), maxWord)
	q1 := indexByteFrom(b[:limit], '?', 2)
	if q1 < 3 || q1+2 >= limit || b[q1+2] != '?' {
		return encodedWord{}, false
	}
	end := indexStringFrom(b[:limit], "?=", q1+3)
	if end < 0 {
		return encodedWord{}, false
	}
	charset, _, _ := strings.Cut(string(b[2:q1]), "*") // RFC 2231 section 5: a language may follow
	text := b[q1+3 : end]
	w := encodedWord{charset: charset, length: end + 2}
	switch b[q1+1] {
	case 'B', 'b':
		w.bytes = decodeBase64(text)
	case 'Q', 'q':
		w.bytes = decodeQ(text)
	default:
		return encodedWord{}, false
	}
	return w, true
}

func indexByteFrom(b []byte, c byte, from int) int {
	for i := from; i < len(b); i++ {
		if b[i] == c {
			return i
		}
		if b[i] <= ' ' {
			return -1
		}
	}
	return -1
}

func indexStringFrom(b []byte, s string, from int) int {
	if i := bytes.Index(b[from:], []byte(s)); i >= 0 {
		return from + i
	}
	return -1
}

// decodeQ decodes the Q encoding of RFC 2047 section 4.2.
func decodeQ(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '_':
			out = append(out, ' ')
		case b[i] == '=' && i+2 < len(b) && unhex(b[i+1]) >= 0 && unhex(b[i+2]) >= 0:
			out = append(out, byte(unhex(b[i+1])<<4|unhex(b[i+2])))
			i += 2
		default:
			out = append(out, b[i])
		}
	}
	return out
}

// rawText reads header bytes that declare no character set.
func rawText(b []byte, hint string) string {
	if utf8.Valid(b) {
		return string(b)
	}
	text, _ := decodeCharset(b, hint)
	return text
}

// cleanLine makes a decoded value one line: controls become blanks, so that
// nothing decoded can start a header line of ours (bad-input 71).
func cleanLine(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// cutText cuts s to at most n bytes on a character's edge.
func cutText(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n], true
}
