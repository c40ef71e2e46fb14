package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
)

// findSignatures looks at each run of text lines for what clients and people
// put under it: signature, device line, disclaimer.
func (s *splitter) findSignatures() {
	for i := 0; i < len(s.lines); {
		if s.lines[i].kind != "" {
			i++
			continue
		}
		end := i
		for end < len(s.lines) && s.lines[end].kind == "" {
			end++
		}
		s.banner(i, end)
		s.devices(i, end)
		s.disclaimer(i, end)
		s.delimited(i, end)
		s.closing(i, end)
		i = end
	}
}

// devices marks lines like "Sendt fra min iPhone".
func (s *splitter) devices(from, to int) {
	for i := from; i < to; i++ {
		if l := &s.lines[i]; l.kind == "" && s.lex.isDevice(l.plain) && s.endsParagraph(i, to) {
			l.kind = ticket.SegmentDevice
		}
	}
}

// endsParagraph reports whether a blank line, the end of the run or a rule
// follows: a sentence that goes on is no device line.
func (s *splitter) endsParagraph(i, to int) bool {
	return i+1 >= to || s.lines[i+1].blank() || s.lines[i+1].kind != "" || isRule(s.lines[i+1].plain) ||
		strings.HasPrefix(s.lines[i+1].plain, "<http") || strings.HasPrefix(s.lines[i+1].plain, "--")
}

// isDevice compares a line with the phrases of telephones and mail programs.
func (x *lexicon) isDevice(plain string) bool {
	if len(plain) > 160 || plain == "" {
		return false
	}
	bare := strings.Trim(plain, "-–—_~()[]<>. ")
	for _, phrase := range x.device {
		if strings.HasPrefix(bare, phrase) {
			return deviceTail(bare[len(phrase):])
		}
	}
	return false
}

// deviceTail reports whether what follows the phrase can name a device or a
// program: few words, no sentence.
func deviceTail(tail string) bool {
	if i := strings.IndexAny(tail, "<(["); i >= 0 {
		tail = tail[:i]
	}
	return len(strings.Fields(tail)) <= 7 && !strings.ContainsAny(tail, "?!;") && !strings.Contains(tail, ". ")
}

// delimited marks what stands under "-- " (RFC 3676 section 4.3), also where a
// mailer took its blank away.
func (s *splitter) delimited(from, to int) {
	const maxLines = 25
	filled := 0
	at := -1
	for i := to - 1; i >= from && filled <= maxLines; i-- {
		l := s.lines[i]
		if isDelimiter(l.text) {
			at = i
			continue
		}
		if !l.blank() {
			filled++
		}
	}
	if at >= 0 && s.nextFilled(at+1) < to {
		s.fill(at, to, ticket.SegmentSignature)
	} else if at >= 0 && at == s.lastFilled(from, to) {
		s.fill(at, to, ticket.SegmentSignature)
	}
}

func isDelimiter(text string) bool {
	t := strings.TrimRight(text, " \t\u00a0\r")
	return t == "--" || t == "—" || t == "- --" || t == "__"
}

// closing marks a signature that begins with a greeting, "Med venlig hilsen":
// the last one that has nothing but short lines below it.
func (s *splitter) closing(from, to int) {
	const maxLines = 12
	filled := 0
	for i := to - 1; i >= from; i-- {
		l := s.lines[i]
		if l.blank() || l.kind != "" {
			continue
		}
		if s.lex.isClosing(l.plain, l.text) {
			s.fill(i, to, ticket.SegmentSignature)
			return
		}
		if filled++; filled > maxLines || utf8.RuneCountInString(l.text) > 90 || isSentence(l.text) {
			return
		}
	}
}

// isSentence reports whether a line reads as running text.
func isSentence(text string) bool {
	t := strings.TrimSpace(text)
	words := len(strings.Fields(t))
	return words > 4 && (strings.HasSuffix(t, ".") || strings.HasSuffix(t, "?") || strings.HasSuffix(t, "!") || strings.HasSuffix(t, ",")) && !strings.ContainsAny(t, "@|") && words > 6
}

// isClosing reports whether a line is a closing greeting, perhaps with the
// name behind it: "Mvh. Jens Hansen".
func (x *lexicon) isClosing(plain, text string) bool {
	if len(plain) > 80 {
		return false
	}
	bare := strings.Trim(plain, "_-~ ,.!:;/|")
	if x.closing[bare] {
		return true
	}
	for _, cut := range []string{",", "/", " - ", " | "} {
		head, tail, found := strings.Cut(bare, cut)
		if found && x.closing[strings.Trim(head, " .")] && len(strings.Fields(tail)) <= 5 {
			return true
		}
	}
	// "Hilsen Anna Berg": the greeting and up to three capitalised words.
	fields := strings.Fields(strings.Trim(text, "*_ ,."))
	for n := len(fields) - 1; n >= 1 && n >= len(fields)-3; n-- {
		head := strings.Trim(plainLine(strings.Join(fields[:n], " ")), " ,.")
		if x.closing[head] && utf8.RuneCountInString(head) > 1 && capitalised(fields[n:]) {
			return true
		}
	}
	return false
}

func capitalised(words []string) bool {
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(strings.Trim(w, "(\"'")); !unicode.IsUpper(r) {
			return false
		}
	}
	return true
}

// fill sets the kind of the lines that have none yet.
func (s *splitter) fill(from, to int, kind ticket.SegmentKind) {
	for i := from; i < to; i++ {
		if s.lines[i].kind == "" {
			s.lines[i].kind = kind
		}
	}
}

func (s *splitter) lastFilled(from, to int) int {
	for i := to - 1; i >= from; i-- {
		if !s.lines[i].blank() {
			return i
		}
	}
	return -1
}
