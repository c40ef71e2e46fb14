package parser

import (
	"bytes"
	"strings"
	"unicode"

	"aismarttalk.tech/supportd/ticket"
)

// textLeaf decodes and renders a text part.
func (r *bodyReader) textLeaf(p *part, data []byte) content {
	var c content
	if p.ctype == "text/plain" {
		if file, ok := uudecode(data); ok {
			at := ticket.Attachment{Filename: cleanFilename(decodeText([]byte(file.name), "")), ContentType: "application/octet-stream"}
			c.attachments = append(c.attachments, withContent(at, file.content))
			data = append(data[:file.start:file.start], data[file.end:]...)
		}
	}
	text := r.decode(p, data)
	b := block{}
	switch {
	case p.ctype == "text/html" || p.ctype != "text/plain" && looksHTML(text):
		var cut bool
		b.text, b.spans, cut = htmlText(text, r.cfg.TextBytes)
		b.html = true
		if r.markup == "" && !r.inside {
			r.markup = text
		}
		if cut {
			r.flag(ticket.FlagTruncated)
		}
	default:
		b.text = cleanText(text)
		if strings.EqualFold(p.params["format"], "flowed") {
			b.text = unflow(b.text, strings.EqualFold(p.params["delsp"], "yes"))
		}
	}
	if room := r.cfg.TextBytes - r.text; len(b.text) > room {
		b.text, _ = cutText(b.text, max(room, 0))
		b.spans = clipSpans(b.spans, len(b.text))
		r.flag(ticket.FlagTruncated)
	}
	if !b.empty() {
		r.text += len(b.text)
	}
	c.blocks = append(c.blocks, b)
	return c
}

// decode turns the bytes of a text part into UTF-8.
func (r *bodyReader) decode(p *part, data []byte) string {
	declared := p.params["charset"]
	if declared == "" && p.ctype == "text/html" {
		declared = metaCharset(data)
	}
	if declared == "" && !isASCII(data) {
		declared = r.charset
	}
	if r.charset == "" {
		r.charset = declared
	}
	text, ok := decodeCharset(data, declared)
	if !ok {
		r.flag(ticket.FlagCharset)
	}
	return text
}

// metaCharset reads the character set that an HTML head declares.
func metaCharset(data []byte) string {
	head := bytes.ToLower(data[:min(len(data), 2<<10)])
	_, after, found := bytes.Cut(head, []byte("charset="))
	if !found {
		return ""
	}
	after = bytes.TrimLeft(after, "\"' ")
	end := bytes.IndexAny(after, "\"' ;>/")
	if end < 0 {
		return ""
	}
	return string(after[:end])
}

func looksHTML(s string) bool {
	s, _ = cutText(s, 512)
	s = strings.ToLower(strings.TrimSpace(s))
	return strings.HasPrefix(s, "<html") || strings.HasPrefix(s, "<!doctype html")
}

// cleanText brings text to LF line ends and drops controls.
func cleanText(s string) string {
	s = strings.TrimPrefix(s, "\uFEFF")
	if strings.Contains(s, "\r") {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\f' || r == '\v' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return '\n'
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
}

// unflow joins the lines of format=flowed text (RFC 3676 section 4.2): a line
// that ends with a blank goes on in the next of the same quote depth.
func unflow(s string, delsp bool) string {
	out := make([]byte, 0, len(s))
	flowing, depth := false, 0
	for line := range strings.Lines(s) {
		line = strings.TrimSuffix(line, "\n")
		text := strings.TrimLeft(line, ">")
		d := len(line) - len(text)
		text = strings.TrimPrefix(text, " ") // space-stuffing
		goesOn := flowing && d == depth && text != "-- "
		if flowing && !goesOn {
			out = append(out, '\n')
		}
		if !goesOn && d > 0 {
			out = append(out, line[:d]...)
			out = append(out, ' ')
		}
		out = append(out, text...)
		depth, flowing = d, strings.HasSuffix(text, " ") && text != "-- "
		switch {
		case !flowing:
			out = append(out, '\n')
		case delsp:
			out = out[:len(out)-1]
		}
	}
	return string(out)
}

// salvage makes text of bytes whose structure cannot be read: the lines that
// hold words, without those of an encoding.
func (r *bodyReader) salvage(data []byte) block {
	const maxSalvage = 64 << 10
	if len(data) > maxSalvage {
		data = data[:maxSalvage]
		r.flag(ticket.FlagTruncated)
	}
	text, _ := decodeCharset(data, r.charset)
	var out strings.Builder
	for line := range strings.Lines(cleanText(text)) {
		if bare := strings.TrimSpace(line); len(bare) > 60 && !strings.ContainsAny(bare, " \t") && len(bare) < 80 {
			continue // a line of base64
		}
		out.WriteString(line)
	}
	r.text += out.Len()
	return block{text: out.String()}
}

func clipSpans(spans []span, n int) []span {
	kept := spans[:0]
	for _, s := range spans {
		if s.start < n {
			s.end = min(s.end, n)
			kept = append(kept, s)
		}
	}
	return kept
}
