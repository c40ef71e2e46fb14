package parser

import (
	"bytes"
	"errors"
	"strings"
)

// field is one header field. The value is unfolded and trimmed, its bytes are
// as they came: neither words nor character sets are decoded yet.
type field struct {
	name  string // as written
	key   string // lower case
	value []byte
}

// header is a block of fields in order of appearance.
type header []field

// get returns the first value of the field, nil if it is absent. A second
// Subject or Date is somebody's trick; the first is what clients show.
func (h header) get(key string) []byte {
	for i := range h {
		if h[i].key == key {
			return h[i].value
		}
	}
	return nil
}

// token returns get as a string in lower case, for fields of ASCII tokens.
func (h header) token(key string) string {
	return strings.ToLower(strings.TrimSpace(string(h.get(key))))
}

// has reports whether the field is there, even empty.
func (h header) has(key string) bool {
	for i := range h {
		if h[i].key == key {
			return true
		}
	}
	return false
}

// all returns every value of the field, topmost first.
func (h header) all(key string) [][]byte {
	var vs [][]byte
	for i := range h {
		if h[i].key == key {
			vs = append(vs, h[i].value)
		}
	}
	return vs
}

// oddities are what was wrong with a header block and could be repaired.
type oddities struct {
	shifted bool // the first line was no field: an mbox "From " line, a continuation
	junk    bool // lines that are no field, or a blank before the colon
}

// byteOrderMark is what editors put before the first line of a file in UTF-8.
var byteOrderMark = []byte("\xef\xbb\xbf")

var errHeaderTooBig = errors.New("header too big")

// splitHeader reads the header at the start of raw and returns the rest. It
// accepts CRLF and LF. Past a limit it returns what it has, the body, and
// errHeaderTooBig.
func splitHeader(raw []byte, maxBytes, maxFields int) (h header, body []byte, odd oddities, err error) {
	rest := bytes.TrimPrefix(raw, byteOrderMark)
	var folded []byte // the lines of the field being read, as they came
	closeField := func() {
		if len(h) > 0 && folded != nil {
			h[len(h)-1].value, folded = unfold(folded), nil
		}
	}
	defer closeField()
	for first := true; len(rest) > 0; first = false {
		// The first line of a mail is no longer the first below our trace header.
		if after, marked := bytes.CutPrefix(rest, byteOrderMark); marked && fieldColon(after) > 0 {
			rest, odd.junk = after, true
		}
		line, next := cutLine(rest)
		if len(line) == 0 {
			return h, next, odd, nil
		}
		if len(raw)-len(rest)+len(line) > maxBytes || len(h) >= maxFields {
			closeField()
			h = appendCut(h, line, maxFields)
			return h, afterBlank(rest), odd, errHeaderTooBig
		}
		switch colon := fieldColon(line); {
		case first && bytes.HasPrefix(line, []byte("From ")) && colon < 0:
			odd.shifted = true
		case colon > 0:
			closeField()
			name := strings.TrimRight(string(line[:colon]), " \t")
			odd.junk = odd.junk || len(name) != colon
			h = append(h, field{name: name, key: strings.ToLower(name)})
			folded = rest[colon+1 : len(rest)-len(next)]
		case folded != nil && isBlank(line[0]):
			folded = folded[:len(folded)+len(rest)-len(next)]
		default:
			if first {
				odd.shifted = true
			} else if !headerGoesOn(line, next) {
				odd.junk = true
				return h, rest, odd, nil
			}
			odd.junk = true
			closeField()
		}
		rest = next
	}
	return h, nil, odd, nil
}

// appendCut keeps the beginning of the field that crossed the limit: a subject
// of a megabyte still says what it is about.
func appendCut(h header, line []byte, maxFields int) header {
	const keep = 16 << 10
	colon := fieldColon(line)
	if colon <= 0 || len(h) >= maxFields {
		return h
	}
	name := strings.TrimRight(string(line[:colon]), " \t")
	value := line[colon+1:]
	return append(h, field{name: name, key: strings.ToLower(name), value: trimSpace(value[:min(len(value), keep)])})
}

// headerGoesOn decides whether a line that is no field is junk in the header
// or the first line of a body that no blank line parts from it.
func headerGoesOn(line, next []byte) bool {
	if isBlank(line[0]) {
		return true
	}
	nextLine, _ := cutLine(next)
	return fieldColon(nextLine) > 0 || len(nextLine) > 0 && isBlank(nextLine[0]) && bytes.IndexByte(line, ':') > 0
}

// unfold joins the lines of a field with one blank each (RFC 5322 section 2.2.3).
func unfold(lines []byte) []byte {
	value := trimSpace(lines)
	if bytes.IndexByte(value, '\n') < 0 {
		return value
	}
	out := make([]byte, 0, len(value))
	for len(value) > 0 {
		var line []byte
		line, value = cutLine(value)
		if line = trimSpace(line); len(line) > 0 && len(out) > 0 {
			out = append(out, ' ')
		}
		out = append(out, line...)
	}
	return out
}

// fieldColon returns the index of the colon that ends a field name, or -1.
// Blanks before the colon are an old vice of mailers (RFC 5322 section 4.5.2).
func fieldColon(line []byte) int {
	for i, b := range line {
		switch {
		case b == ':':
			if len(trimSpace(line[:i])) == 0 {
				return -1
			}
			return i
		case b == ' ' || b == '\t':
			if rest := bytes.TrimLeft(line[i:], " \t"); i == 0 || len(rest) == 0 || rest[0] != ':' {
				return -1
			}
		case b < '!' || b > '~':
			return -1
		}
	}
	return -1
}

// cutLine returns the first line without its end, and what follows it.
func cutLine(b []byte) (line, rest []byte) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return bytes.TrimSuffix(b, []byte("\r")), nil
	}
	line, rest = b[:i], b[i+1:]
	return bytes.TrimSuffix(line, []byte("\r")), rest
}

// afterBlank returns what follows the first empty line.
func afterBlank(b []byte) []byte {
	lf, crlf := bytes.Index(b, []byte("\n\n")), bytes.Index(b, []byte("\n\r\n"))
	switch {
	case lf >= 0 && (crlf < 0 || lf < crlf):
		return b[lf+2:]
	case crlf >= 0:
		return b[crlf+3:]
	}
	return nil
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' }

func trimSpace(b []byte) []byte { return bytes.Trim(b, " \t\r\n") }
