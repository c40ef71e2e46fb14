package parser

import (
	"encoding/binary"
	"strings"
)

// rtfDictionary is the text that compressed RTF refers back to at its start
// ([MS-OXRTFCP] section 2.1.2.1).
const rtfDictionary = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}" +
	"{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier" +
	"{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"

// decompressRTF undoes the compression of [MS-OXRTFCP]. Damage ends the text.
func decompressRTF(b []byte) []byte {
	const headerSize, window, largest = 16, 4096, 4 << 20
	if len(b) < headerSize {
		return nil
	}
	rawSize, kind := binary.LittleEndian.Uint32(b[4:]), string(b[8:12])
	b = b[headerSize:]
	if kind == "MELA" {
		return b[:min(len(b), int(rawSize))]
	}
	if kind != "LZFu" || rawSize > largest {
		return nil
	}
	var dict [window]byte
	at := copy(dict[:], rtfDictionary)
	out := make([]byte, 0, min(int(rawSize), 16*len(b)))
	put := func(c byte) {
		out = append(out, c)
		dict[at] = c
		at = (at + 1) % window
	}
	for len(b) > 0 && len(out) < int(rawSize) {
		control := b[0]
		b = b[1:]
		for bit := 0; bit < 8 && len(b) > 0; bit++ {
			if control&(1<<bit) == 0 {
				put(b[0])
				b = b[1:]
				continue
			}
			if len(b) < 2 {
				return out
			}
			ref := int(b[0])<<8 | int(b[1])
			b = b[2:]
			from, length := ref>>4, (ref&15)+2
			if from == at {
				return out // the end mark
			}
			for range length {
				put(dict[from])
				from = (from + 1) % window
			}
		}
	}
	return out
}

// rtfText takes the words out of RTF: enough to read what somebody wrote when
// his Exchange sent nothing else.
func rtfText(rtf []byte) string {
	r := rtfReader{in: rtf}
	for r.at < len(r.in) {
		r.next()
	}
	r.flush()
	return r.out.String()
}

// rtfReader is the state of one reading.
type rtfReader struct {
	in      []byte
	at      int
	depth   int // groups open
	skip    int // depth of the group from which text is not shown, 0 for none
	pending []byte
	out     strings.Builder
}

func (r *rtfReader) next() {
	c := r.in[r.at]
	r.at++
	switch c {
	case '{':
		r.depth++
	case '}':
		if r.depth--; r.depth < r.skip {
			r.skip = 0
		}
	case '\r', '\n':
	case '\\':
		if r.at < len(r.in) {
			r.control()
		}
	default:
		r.put(c)
	}
}

// control reads what follows a backslash.
func (r *rtfReader) control() {
	switch c := r.in[r.at]; {
	case c == '\'' && r.at+2 < len(r.in) && unhex(r.in[r.at+1]) >= 0 && unhex(r.in[r.at+2]) >= 0:
		r.put(byte(unhex(r.in[r.at+1])<<4 | unhex(r.in[r.at+2])))
		r.at += 3
	case c == '*': // a group for those who know it
		r.hide()
		r.at++
	case c == '~':
		r.put(' ')
		r.at++
	case c == '\\' || c == '{' || c == '}':
		r.put(c)
		r.at++
	case c < 'a' || c > 'z':
		r.at++
	default:
		word, number, end := controlWord(r.in, r.at)
		r.at = end
		r.word(word, number)
	}
}

func (r *rtfReader) word(word string, number int) {
	switch word {
	case "par", "line", "row":
		r.put('\n')
	case "tab", "cell":
		r.put('\t')
	case "u":
		if r.skip == 0 {
			r.flush()
			r.out.WriteRune(rune(uint16(number)))
		}
		if r.at < len(r.in) && r.in[r.at] == '?' {
			r.at++ // what a reader without Unicode shows
		}
	case "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "htmltag", "mhtmltag", "generator", "themedata", "listtable":
		r.hide()
	}
}

func (r *rtfReader) hide() {
	if r.skip == 0 {
		r.skip = r.depth
	}
}

func (r *rtfReader) put(c byte) {
	if r.skip == 0 {
		r.pending = append(r.pending, c)
	}
}

// flush writes the bytes read so far, which are of the system's code page.
func (r *rtfReader) flush() {
	text, _ := decodeCharset(r.pending, "windows-1252")
	r.out.WriteString(text)
	r.pending = r.pending[:0]
}

// controlWord reads the letters and the number of a control word at i, and
// the blank that ends it.
func controlWord(rtf []byte, i int) (word string, number, end int) {
	end = i
	for end < len(rtf) && rtf[end] >= 'a' && rtf[end] <= 'z' {
		end++
	}
	word = string(rtf[i:end])
	negative := end < len(rtf) && rtf[end] == '-'
	if negative {
		end++
	}
	for digits := 0; end < len(rtf) && isDigit(rtf[end]) && digits < 9; digits++ {
		number = number*10 + int(rtf[end]-'0')
		end++
	}
	if negative {
		number = -number
	}
	if end < len(rtf) && rtf[end] == ' ' {
		end++
	}
	return word, number, end
}
