package parser

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// decodeTransfer undoes a transfer encoding (RFC 2045 section 6). It decodes
// what can be decoded and never fails; an unknown encoding is left as it is.
func decodeTransfer(body []byte, encoding string) []byte {
	switch strings.Trim(encoding, "\" ;") {
	case "base64":
		return decodeBase64(body)
	case "quoted-printable", "quoted printable", "quotedprintable", "qp":
		return decodeQuotedPrintable(body)
	case "x-uuencode", "x-uue", "uuencode":
		if file, ok := uudecode(body); ok {
			return file.content
		}
	}
	return body
}

// decodeQuotedPrintable undoes RFC 2045 section 6.7; what is no escape stays.
func decodeQuotedPrintable(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		end := bytes.IndexByte(b, '\n')
		line, lineEnd := b, []byte(nil)
		if end >= 0 {
			line, b = b[:end], b[end+1:]
			if lineEnd = []byte("\n"); bytes.HasSuffix(line, []byte("\r")) {
				lineEnd = []byte("\r\n")
			}
		} else {
			b = nil
		}
		line = bytes.TrimRight(line, " \t\r")
		if n := len(line); n > 0 && line[n-1] == '=' {
			line, lineEnd = line[:n-1], nil // soft line break
		}
		for i := 0; i < len(line); i++ {
			if line[i] == '=' && i+2 < len(line) && unhex(line[i+1]) >= 0 && unhex(line[i+2]) >= 0 {
				out = append(out, byte(unhex(line[i+1])<<4|unhex(line[i+2])))
				i += 2
				continue
			}
			out = append(out, line[i])
		}
		out = append(out, lineEnd...)
	}
	return out
}

// decodeBase64 decodes what is base64 in b and leaves the rest out.
func decodeBase64(b []byte) []byte {
	packed := make([]byte, 0, len(b))
	for _, c := range b {
		if c > ' ' {
			packed = append(packed, c)
		}
	}
	out := make([]byte, base64.StdEncoding.DecodedLen(len(packed)))
	n, err := base64.StdEncoding.Decode(out, packed)
	if err != nil {
		return decodeBrokenBase64(packed)
	}
	return out[:n]
}

// decodeBrokenBase64 steps over what is no base64. Padding in the middle, as
// between chunks that were encoded apart, restarts the decoding.
func decodeBrokenBase64(b []byte) []byte {
	out := make([]byte, 0, len(b)*3/4+3)
	quad := make([]byte, 0, 4)
	emit := func() {
		if len(quad) > 1 {
			var buf [3]byte
			n, _ := base64.RawStdEncoding.Decode(buf[:], quad)
			out = append(out, buf[:n]...)
		}
		quad = quad[:0]
	}
	for _, c := range b {
		switch {
		case c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/':
			if quad = append(quad, c); len(quad) == 4 {
				emit()
			}
		case c == '=':
			emit()
		}
	}
	emit()
	return out
}

// unhex is the value of a hexadecimal digit, or -1.
func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
