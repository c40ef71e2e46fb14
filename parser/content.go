package parser

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
)

// contentField is a Content-Type or Content-Disposition: its first token in
// lower case and its parameters, names in lower case.
type contentField struct {
	value  string
	params map[string]string // still in the sender's character set and words
}

var errContentTooBig = errors.New("content field too big")

// parseContent reads a field of RFC 2045 section 5.1 and RFC 2183, with the
// continuations and character sets of RFC 2231. It takes missing semicolons,
// unquoted blanks and quotes that never close.
func parseContent(value []byte, maxBytes, maxParams int) (contentField, error) {
	f := contentField{params: map[string]string{}}
	if len(value) > maxBytes {
		return f, errContentTooBig
	}
	items := splitParams(value)
	if len(items)-1 > maxParams {
		return f, errContentTooBig
	}
	first := string(items[0])
	if i := strings.IndexByte(first, '('); i >= 0 {
		first = first[:i]
	}
	token, tail, _ := strings.Cut(strings.TrimSpace(first), " ")
	if strings.Contains(token, "=") {
		token, tail = "", first // the type itself is missing
	}
	f.value = strings.ToLower(strings.Trim(token, "\"' \t"))
	params := items[1:]
	if strings.Contains(tail, "=") {
		params = append([][]byte{[]byte(tail)}, params...)
	}
	pieces := map[string]map[int]piece{}
	for _, item := range params {
		name, raw, found := bytes.Cut(item, []byte("="))
		key := strings.ToLower(string(trimSpace(name)))
		if !found || key == "" {
			continue
		}
		v := unquote(raw)
		base, index, extended := splitParamName(key)
		if index < 0 {
			if _, twice := f.params[key]; !twice {
				f.params[key] = v
			}
			continue
		}
		if pieces[base] == nil {
			pieces[base] = map[int]piece{}
		}
		pieces[base][index] = piece{v, extended}
	}
	for base, ps := range pieces {
		f.params[base] = joinPieces(ps)
	}
	return f, nil
}

// splitParams cuts at semicolons outside quotes. A quote that never closes
// does not swallow the parameters after it.
func splitParams(value []byte) [][]byte {
	var items [][]byte
	for {
		end := paramEnd(value)
		items = append(items, trimSpace(value[:end]))
		if end == len(value) {
			return items
		}
		value = value[end+1:]
	}
}

func paramEnd(value []byte) int {
	quoted, firstSemicolon := false, -1
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case '\\':
			if quoted {
				i++
			}
		case '"':
			quoted = !quoted
		case ';':
			if !quoted {
				return i
			}
			if firstSemicolon < 0 {
				firstSemicolon = i
			}
		}
	}
	if quoted && firstSemicolon >= 0 {
		return firstSemicolon
	}
	return len(value)
}

// unquote takes the quotes off a parameter value. Backslashes other than
// before a quote or a backslash are those of a Windows path.
func unquote(raw []byte) string {
	raw = trimSpace(raw)
	if len(raw) == 0 || raw[0] != '"' {
		return string(raw)
	}
	raw = raw[1:]
	if i := bytes.LastIndexByte(raw, '"'); i >= 0 {
		raw = raw[:i]
	}
	var out strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\\' && i+1 < len(raw) && (raw[i+1] == '"' || raw[i+1] == '\\') {
			i++
		}
		out.WriteByte(raw[i])
	}
	return out.String()
}

// piece is one section of a parameter (RFC 2231 section 3).
type piece struct {
	value    string
	extended bool // percent-encoded, the first one with its character set
}

// splitParamName reads "name*1*": the base name, the section (-1 for a plain
// name, 0 for "name*"), and whether the value is percent-encoded.
func splitParamName(key string) (base string, index int, extended bool) {
	base, section, found := strings.Cut(key, "*")
	if !found {
		return key, -1, false
	}
	if section == "" {
		return base, 0, true
	}
	section, extended = strings.CutSuffix(section, "*")
	n, err := strconv.Atoi(section)
	if err != nil || n < 0 {
		return key, -1, false
	}
	return base, n, extended
}

// joinPieces puts sections together in their order until one is missing, and
// decodes them in the character set that the first one names.
func joinPieces(ps map[int]piece) string {
	var raw []byte
	charset := ""
	encoded := false
	for i := 0; ; i++ {
		p, found := ps[i]
		if !found {
			if i == 0 && len(ps) > 0 {
				continue // some mailers count from 1
			}
			break
		}
		v := p.value
		if p.extended {
			encoded = true
			if set, rest, ok := cutCharset(v); ok && len(raw) == 0 {
				charset, v = set, rest
			}
			raw = append(raw, percentDecode(v)...)
			continue
		}
		raw = append(raw, v...)
	}
	if !encoded {
		return string(raw)
	}
	text, _ := decodeCharset(raw, charset)
	return text
}

// cutCharset splits "utf-8'da'text".
func cutCharset(v string) (charset, rest string, ok bool) {
	charset, rest, ok = strings.Cut(v, "'")
	if !ok {
		return "", v, false
	}
	_, rest, ok = strings.Cut(rest, "'")
	return charset, rest, ok
}

func percentDecode(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0 {
			out = append(out, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}
