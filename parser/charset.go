package parser

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/cention-sany/utf7"
	"github.com/gogs/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// decodeCharset turns bytes into valid UTF-8. The declared character set
// decides, unless the bytes contradict it; undeclared bytes are UTF-8 where
// they are valid UTF-8, then what an escape sequence or a sure detection says,
// and windows-1252 at last, in which every byte is some character. ok is false
// where the declaration was missing, unknown or wrong and the text is a guess.
func decodeCharset(b []byte, declared string) (text string, ok bool) {
	name := charsetName(declared)
	ascii := isASCII(b)
	switch {
	case ascii && !hasShifts(name) && bytes.IndexByte(b, 0x1b) < 0:
		return string(b), true
	case name == "utf-8":
		return decodeUTF8(b)
	case name == "" || name == "us-ascii":
		return guessCharset(b)
	case isWestern(name) && utf8.Valid(b):
		// Two valid UTF-8 sequences by chance do not happen in western text:
		// the bytes are UTF-8 under a wrong label.
		return string(b), false
	case name == "iso-2022-kr":
		return decodeWith(korean.EUCKR, iso2022kr(b)), true
	}
	enc := charsetByName(name)
	if enc == nil {
		text, _ = guessCharset(b)
		return text, false
	}
	return decodeWith(enc, b), true
}

// decodeUTF8 reads bytes that are said to be UTF-8. A broken character among
// good ones was cut; bytes that never were UTF-8 are windows-1252.
func decodeUTF8(b []byte) (string, bool) {
	if utf8.Valid(b) {
		return string(b), true
	}
	good, bad := 0, 0
	for rest := b; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		rest = rest[n:]
	}
	if good > bad {
		return string(bytes.ToValidUTF8(b, []byte("\uFFFD"))), false
	}
	text, _ := guessCharset(b)
	return text, false
}

// guessCharset reads bytes without a usable declaration.
func guessCharset(b []byte) (text string, ok bool) {
	if i := bytes.IndexByte(b, 0x1b); i >= 0 && i+1 < len(b) && (b[i+1] == '$' || b[i+1] == '(') {
		return decodeWith(charsetByName("iso-2022-jp"), b), false
	}
	if utf8.Valid(b) {
		return string(b), true
	}
	if enc := detectForeign(b); enc != nil {
		return decodeWith(enc, b), false
	}
	return decodeWith(charmap.Windows1252, b), false
}

// detectForeign asks the detector only where western letters are out of the
// question, because most bytes are not ASCII: left alone it takes Danish for
// Turkish, and costs most of the time of parsing.
func detectForeign(b []byte) encoding.Encoding {
	const sample = 4 << 10
	if len(b) > sample {
		b = b[:sample]
	}
	high, letters := 0, 0
	for _, c := range b {
		switch {
		case c >= 0x80:
			high++
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letters++
		}
	}
	if high < 12 || high < 2*letters {
		return nil
	}
	best, err := chardet.NewTextDetector().DetectBest(b)
	if err != nil || best == nil || best.Confidence < 30 {
		return nil
	}
	return charsetByName(charsetName(best.Charset))
}

// charsetName brings the spellings of a character set to one.
func charsetName(declared string) string {
	name := strings.ToLower(strings.Trim(declared, " \t\"'<>;,"))
	name = strings.TrimPrefix(name, "3d") // quoted-printable gone wrong
	if _, after, found := strings.Cut(name, "="); found {
		name = strings.Trim(after, "\"' ")
	}
	name = strings.TrimPrefix(name, "charset")
	name = strings.TrimPrefix(name, "x-")
	name = strings.ReplaceAll(name, "_", "-")
	if same, known := charsetSpellings(name); known {
		return same
	}
	return name
}

// charsetSpellings knows the names that mailers use and the web's index does not.
func charsetSpellings(name string) (string, bool) {
	switch name {
	case "utf8", "uft-8", "utf-8mb4", "utf8mb4", "unicode-1-1-utf-8", "cp65001", "unicode":
		return "utf-8", true
	case "ascii", "us", "usascii", "ansi-x3.4-1968", "iso646-us", "7bit", "8bit", "default", "unknown", "unknown-8bit", "user-defined", "binary":
		return "us-ascii", true
	case "unicode-1-1-utf-7", "utf7":
		return "utf-7", true
	case "latin-1", "iso8859-1", "iso88591", "iso-88591", "8859-1", "latin1", "iso-8859-1-windows-3.1-latin-1", "ansi", "cp-1252", "win-1252", "windows1252", "winlatin1":
		return "windows-1252", true
	case "cp-850", "cp850", "ibm850":
		return "cp850", true
	case "cp437", "ibm437", "cp-437", "pc8":
		return "cp437", true
	case "cp936", "ms936", "gb2312", "gb-2312-80", "gb2312-80", "euc-cn", "hz":
		if name == "hz" {
			return "hz-gb-2312", true
		}
		return "gb18030", true
	case "cp949", "ms949", "ks-c-5601", "ks-c-5601-1987", "ksc5601", "uhc":
		return "euc-kr", true
	case "cp932", "ms932", "sjis", "shift-jis", "windows-31j":
		return "shift_jis", true
	case "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3", "iso-2022-jp-ms", "cp50220", "cp50221":
		return "iso-2022-jp", true
	case "tis620", "tis-620-2533", "iso-8859-11", "iso8859-11", "cp874":
		return "windows-874", true
	case "cp950", "big5-eten", "big5-hkscs", "cn-big5":
		return "big5", true
	}
	return name, false
}

// charsetByName finds the decoder of a name from charsetName; nil if unknown.
func charsetByName(name string) encoding.Encoding {
	switch name {
	case "utf-7":
		return utf7.UTF7
	case "hz-gb-2312":
		return simplifiedchinese.HZGB2312
	case "cp850":
		return charmap.CodePage850
	case "cp437":
		return charmap.CodePage437
	}
	if enc, err := htmlindex.Get(name); err == nil && enc != encoding.Replacement {
		return enc
	}
	if enc, err := ianaindex.MIME.Encoding(name); err == nil && enc != nil {
		return enc
	}
	return nil
}

// decodeWith decodes b; what the encoding does not know becomes U+FFFD.
func decodeWith(enc encoding.Encoding, b []byte) string {
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		// The decoder gave up somewhere: what came before that is text, the
		// rest is better read wrongly than lost.
		out = append(out, decodeTail(b, len(out))...)
	}
	return strings.TrimPrefix(string(bytes.ToValidUTF8(out, []byte("\uFFFD"))), "\uFEFF")
}

// decodeTail reads as windows-1252 what a decoder that produced n bytes left over.
func decodeTail(b []byte, n int) []byte {
	if n >= len(b) {
		return nil
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b[n:])
	if err != nil {
		return nil
	}
	return out
}

// iso2022kr turns the shifts of RFC 1557 into EUC-KR, which has a decoder.
func iso2022kr(b []byte) []byte {
	out := make([]byte, 0, len(b))
	shifted := false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == 0x1b && i+3 < len(b) && string(b[i+1:i+4]) == "$)C":
			i += 3
		case c == 0x0e || c == 0x0f:
			shifted = c == 0x0e
		case c == '\n':
			shifted = false
			out = append(out, c)
		case shifted && c > ' ' && c < 0x7f:
			out = append(out, c|0x80)
		default:
			out = append(out, c)
		}
	}
	return out
}

// isWestern reports whether the set is one that every byte is valid in and
// that mailers write on what is really UTF-8.
func isWestern(name string) bool {
	switch name {
	case "windows-1252", "iso-8859-1", "iso-8859-15", "cp1252", "iso-8859-9", "windows-1254":
		return true
	}
	return false
}

// hasShifts reports whether ASCII bytes may mean other characters in the set.
func hasShifts(name string) bool {
	return strings.HasPrefix(name, "iso-2022") || strings.HasPrefix(name, "utf-7") ||
		strings.HasPrefix(name, "utf-16") || strings.HasPrefix(name, "utf-32") || strings.HasPrefix(name, "hz")
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
