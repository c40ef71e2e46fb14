package parser

import (
	"strings"
	"unicode"

	"aismarttalk.tech/supportd/ticket"
)

// alternative picks the text of a multipart/alternative: the plain one, which
// the sender's client wrote to be complete alone, unless it is none. Files of
// every alternative are kept, for images stand beside the HTML.
func (r *bodyReader) alternative(p *part) content {
	var plain, rich, out content
	for _, child := range p.children {
		got := r.read(child)
		out.attachments = append(out.attachments, got.attachments...)
		got.attachments = nil
		switch {
		case got.html():
			if !got.empty() || rich.empty() {
				rich = got
			}
		case plain.empty():
			plain = got
		}
	}
	switch plainText, richText := joinText(plain), joinText(rich); {
	case rich.empty():
		out.blocks = plain.blocks
	case plain.empty() || isStub(plainText, richText):
		out.blocks = rich.blocks
	case conflict(plainText, richText):
		r.flag(ticket.FlagConflict)
		out.blocks = append(plain.blocks, rich.blocks...)
	default:
		out.blocks = plain.blocks
		if len(plain.blocks) == 1 && len(rich.blocks) == 1 {
			plain.blocks[0].spans = carriedSpans(plain.blocks[0].text, rich.blocks[0])
		}
	}
	return out
}

// carriedSpans finds in the plain text where the HTML of the same mail says
// that an earlier mail begins. Some clients mark that in their HTML alone.
func carriedSpans(plain string, rich block) []span {
	first := span{start: len(rich.text)}
	for _, s := range rich.spans {
		if s.kind > spanMarker && s.start < first.start {
			first = s
		}
	}
	if first.kind == spanNone || strings.HasPrefix(plain, ">") || strings.Contains(plain, "\n>") {
		return nil // no quote, or one that the plain text marks itself
	}
	const telling = 12 // bytes; a shorter line may stand anywhere
	line, _, _ := strings.Cut(strings.TrimLeft(rich.text[first.start:first.end], "\n"), "\n")
	if line = strings.TrimSpace(line); len(line) < telling {
		return nil
	}
	at := strings.Index(plain, line)
	if at <= 0 || plain[at-1] != '\n' || strings.Contains(plain[at+len(line):], line) {
		return nil
	}
	kind := spanTail
	if first.kind == spanForward {
		kind = spanForward
	}
	return []span{{kind, at, len(plain)}}
}

func joinText(c content) string {
	var s strings.Builder
	for _, b := range c.blocks {
		s.WriteString(b.text)
		s.WriteByte('\n')
	}
	return s.String()
}

// isStub reports whether a plain text only says that there is an HTML one, or
// is HTML itself.
func isStub(plain, rich string) bool {
	low := strings.ToLower(strings.TrimSpace(plain))
	if strings.HasPrefix(low, "<html") || strings.HasPrefix(low, "<!doctype html") {
		return true
	}
	return len(low) < 300 && len(rich) > 2*len(low) && strings.Contains(low, "html") &&
		(strings.Contains(low, "view") || strings.Contains(low, "support") || strings.Contains(low, "client") || strings.Contains(low, "vis"))
}

// conflict reports whether two alternatives say different things: a filter
// may show one and a reader the other (bad-input 108).
func conflict(plain, rich string) bool {
	words := make(map[string]bool)
	for _, w := range textWords(plain) {
		words[w] = true
	}
	all, missing := 0, 0
	for _, w := range textWords(rich) {
		all++
		if !words[w] {
			missing++
		}
	}
	return all >= 3 && missing*10 > all*7
}

// textWords are the longer words of a text, at most some thousands.
func textWords(s string) []string {
	s, _ = cutText(s, 64<<10)
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	n := 0
	for _, w := range words {
		if len(w) > 2 {
			words[n] = w
			n++
		}
	}
	return words[:n]
}
