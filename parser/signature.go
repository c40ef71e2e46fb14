package parser

import (
	"strings"
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
		s.dashed(i, end)
		s.closing(i, end)
		s.contacts(i, end)
		s.titles(i, end)
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
	bare := strings.Trim(plain, "-–—_~()[]<>.! ")
	first, _, _ := strings.Cut(bare, " ")
	for _, phrase := range x.device[first] {
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
// the last one that has nothing but short lines below it. A greeting with only
// a first name is part of the letter, not of a signature.
func (s *splitter) closing(from, to int) {
	const maxLines = 12
	filled := 0
	for i := to - 1; i >= from; i-- {
		l := s.lines[i]
		if l.blank() || l.kind != "" {
			continue
		}
		if greeting := s.lex.isClosing(l.plain, l.text); greeting || filled > 0 && filled <= 6 && s.lex.isThanks(l.plain) && s.nameBelow(i, to) {
			if !(greeting && s.justName(i, to, filled)) {
				s.fill(i, to, ticket.SegmentSignature)
			}
			return
		}
		if filled++; filled > maxLines || utf8.RuneCountInString(l.text) > 90 || isSentence(l.text) {
			return
		}
	}
}

// nameBelow reports whether the next line holds a name and no more.
func (s *splitter) nameBelow(i, to int) bool {
	j := s.nextFilled(i + 1)
	return j < to && isName(s.lines[j].text)
}

// justName reports whether the greeting at line i is all there is: a name on
// its own line, or a single word set apart below.
func (s *splitter) justName(i, to, below int) bool {
	if below == 0 {
		return !s.lex.closing[strings.Trim(s.lines[i].plain, "_-~ ,.!:;/|")]
	}
	j := s.nextFilled(i + 1)
	return below == 1 && j > i+1 && len(strings.Fields(s.lines[j].text)) == 1
}

// signs reports whether a line is a name behind a dash, "- Anden".
func signs(text string) bool {
	t := strings.TrimSpace(text)
	bare := strings.TrimLeft(t, "-–—~ ")
	if n := len(t) - len(bare); n == 0 || n > 6 || strings.HasSuffix(t, "-") {
		return false
	}
	return isName(bare) || len(strings.Fields(bare)) == 1 && len(bare) < 16 && isWord(bare)
}

// dashed marks a name behind a dash that ends the text, and what looks like a
// signature under a drawn line. People draw lines above logs and lists too.
func (s *splitter) dashed(from, to int) {
	const maxLines = 14
	first := s.nextFilled(from)
	below, at := 0, -1
	for i := to - 1; i > first && below <= maxLines; i-- {
		l := s.lines[i]
		if l.blank() || l.kind != "" {
			continue
		}
		switch {
		case isRule(l.plain) || l.plain == "---":
			if s.signatureAt(i+1, to) {
				at = i
			}
		case signs(l.text) && s.aloneAt(i, to):
			at = i
		case utf8.RuneCountInString(l.text) > 100 || isSentence(l.text):
			below = maxLines
		}
		below++
	}
	if at >= 0 {
		s.fill(at, to, ticket.SegmentSignature)
	}
}

// signatureAt reports whether the lines under a rule hold contact details, or
// are few and begin with a name.
func (s *splitter) signatureAt(from, to int) bool {
	const few = 4
	filled, named := 0, false
	for i := from; i < to; i++ {
		l := s.lines[i]
		if l.blank() || l.kind != "" || isRule(l.plain) {
			continue
		}
		if isContact(l.plain) || signs(l.text) {
			return true
		}
		if filled++; filled == 1 {
			named = isName(l.text)
		}
	}
	return named && filled <= few
}

// aloneAt reports whether the dash at line i stands before a name that ends
// the text, and not before an item of a list.
func (s *splitter) aloneAt(i, to int) bool {
	if above := s.lines[max(i-1, 0)].plain; strings.HasPrefix(above, "-") || strings.HasSuffix(above, ":") && isWordEnd(above[:len(above)-1]) && !strings.HasPrefix(above, ":") {
		return false
	}
	j := s.nextFilled(i + 1)
	return j >= to || isRule(s.lines[j].plain) || s.lines[j].kind != ""
}

// isClosing reports whether a line is a closing greeting, perhaps with the
// name behind it: "Mvh. Test Kunde".
func (x *lexicon) isClosing(plain, text string) bool {
	if len(plain) > 80 {
		return false
	}
	bare := strings.Trim(plain, "_-~ ,.!:;/|")
	if x.closing[bare] {
		return true
	}
	for _, cut := range []string{",", "/", " - ", " | "} {
		if head, tail, found := strings.Cut(text, cut); found && x.closing[strings.Trim(plainLine(head), "_ .")] {
			return strings.TrimSpace(tail) == "" || isName(tail) || x.closing[strings.Trim(plainLine(tail), " ,.")]
		}
	}
	// "Hilsen Test Kunde": the greeting and up to three capitalised words.
	fields := strings.Fields(strings.Trim(text, "*_ ,."))
	for n := len(fields) - 1; n >= 1 && n >= len(fields)-3; n-- {
		head := strings.Trim(plainLine(strings.Join(fields[:n], " ")), " ,.")
		if x.closing[head] && utf8.RuneCountInString(head) > 1 && capitalised(fields[n:]) {
			return true
		}
	}
	return false
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

// isSentence reports whether a line reads as running text.
func isSentence(text string) bool {
	t := strings.TrimSpace(text)
	if len(strings.Fields(t)) <= 6 || strings.ContainsAny(t, "@|") {
		return false
	}
	switch t[len(t)-1] {
	case '.', '?', '!', ',', ':':
		return true
	}
	return false
}

// isThanks knows the thanks that people sign with.
func (x *lexicon) isThanks(plain string) bool {
	switch strings.Trim(plain, " ,.!-") {
	case "thanks", "thank you", "many thanks", "thanks a lot", "thanks in advance", "thx", "ty", "thanks again", "tak", "mange tak", "på forhånd tak", "tusind tak",
		"tack", "tack på förhand", "takk", "på forhånd takk", "kiitos", "danke", "vielen dank", "danke im voraus", "vielen dank im voraus", "bedankt", "alvast bedankt", "merci", "merci d'avance", "gracias", "muchas gracias",
		"grazie", "obrigado", "obrigada", "dziękuję", "dzięki", "děkuji", "ďakujem", "mulțumesc", "hvala", "takk fyrir":
		return true
	}
	return false
}
