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
	var out strings.Builder
	depth, skip := 0, 0 // groups open; the group from which text is not shown
	pending := []byte{}
	flush := func() {
		text, _ := decodeCharset(pending, "windows-1252")
		out.WriteString(text)
		pending = pending[:0]
	}
	show := func(s string) {
		if skip == 0 {
			flush()
			out.WriteString(s)
		}
	}
	for i := 0; i < len(rtf); i++ {
		switch c := rtf[i]; c {
		case '{':
			depth++
		case '}':
			if depth--; depth < skip {
				skip = 0
			}
		case '\r', '\n':
		case '\\':
			if i+1 >= len(rtf) {
				break
			}
			i++
			switch next := rtf[i]; {
			case next == '\'' && i+2 < len(rtf) && unhex(rtf[i+1]) >= 0 && unhex(rtf[i+2]) >= 0:
				if skip == 0 {
					pending = append(pending, byte(unhex(rtf[i+1])<<4|unhex(rtf[i+2])))
				}
				i += 2
			case next == '*':
				if skip == 0 {
					skip = depth
				}
			case next == '~':
				show(" ")
			case next < 'a' || next > 'z':
				if skip == 0 && (next == '\\' || next == '{' || next == '}') {
					pending = append(pending, next)
				}
			default:
				word, number, end := controlWord(rtf, i)
				i = end - 1
				switch word {
				case "par", "line", "row":
					show("\n")
				case "tab", "cell":
					show("\t")
				case "u":
					show(string(rune(uint16(number))))
					if i+1 < len(rtf) && rtf[i+1] == '?' {
						i++ // what a reader without Unicode shows
					}
				case "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "htmltag", "mhtmltag", "generator", "themedata", "listtable":
					if skip == 0 {
						skip = depth
					}
				}
			}
		default:
			if skip == 0 {
				pending = append(pending, c)
			}
		}
	}
	flush()
	return out.String()
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
