package parser

import (
	"bytes"
)

// uuFile is a file found in uuencoded text.
type uuFile struct {
	name       string
	content    []byte
	start, end int // of its lines in the text
}

// uudecode finds the first uuencoded file in text: a "begin 644 name" line,
// data lines that each say their own length, and "end".
func uudecode(text []byte) (uuFile, bool) {
	for pos := 0; ; {
		i := bytes.Index(text[pos:], []byte("begin "))
		if i < 0 {
			return uuFile{}, false
		}
		at := pos + i
		pos = at + len("begin ")
		if at > 0 && text[at-1] != '\n' {
			continue
		}
		line, rest := cutLine(text[at:])
		fields := bytes.SplitN(line, []byte(" "), 3)
		if len(fields) < 3 || len(fields[1]) < 3 || len(fields[1]) > 4 {
			continue
		}
		content, used, ok := uuLines(rest)
		if !ok {
			pos = at + len(line)
			continue
		}
		start := len(text) - len(rest)
		return uuFile{name: string(fields[2]), content: content, start: at, end: start + used}, true
	}
}

// uuLines decodes data lines until "end".
func uuLines(b []byte) (content []byte, used int, ok bool) {
	rest := b
	for len(rest) > 0 {
		var line []byte
		line, rest = cutLine(rest)
		if string(bytes.TrimSpace(line)) == "end" {
			return content, len(b) - len(rest), len(content) > 0
		}
		if len(line) == 0 || line[0] == '`' || line[0] == ' ' {
			continue
		}
		n := int(line[0]-' ') & 63
		if line[0] < ' ' || line[0] > '`' || len(line)-1 < (n*8+5)/6 {
			return nil, 0, false
		}
		content = append(content, uuLine(line[1:], n)...)
	}
	return nil, 0, false
}

func uuLine(data []byte, n int) []byte {
	out := make([]byte, 0, n+3)
	for i := 0; i+1 < len(data) && len(out) < n; i += 4 {
		var v [4]byte
		for j := range v {
			if i+j < len(data) {
				v[j] = (data[i+j] - ' ') & 63
			}
		}
		out = append(out, v[0]<<2|v[1]>>4, v[1]<<4|v[2]>>2, v[2]<<6|v[3])
	}
	return out[:min(n, len(out))]
}
