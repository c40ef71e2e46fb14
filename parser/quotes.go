package parser

import (
	"slices"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// findQuotes walks the lines from the top and decides what is repeated from
// earlier mails. A marker that stands before quoted lines ends with them, so
// that answers below and between survive; one that stands before plain text
// takes all the rest, for its client writes above what it quotes.
func (s *splitter) findQuotes() {
	marks := s.attributions()
	for i := 0; i < len(s.lines); {
		l := &s.lines[i]
		if l.kind != "" {
			i++
			continue
		}
		switch {
		case l.mark == spanTail || l.mark == spanOwn && i >= s.own:
			end := i + 1
			if blockEnd, ok := s.headerBlock(i, true); ok {
				end = blockEnd
			}
			s.tail(i, end)
			return
		case l.mark == spanQuote || l.mark == spanOwn:
			l.kind = ticket.SegmentQuote
			i++
		case l.mark == spanForward:
			l.kind = ticket.SegmentForward
			i++
		case l.mark == spanMarker:
			l.kind = ticket.SegmentMarker
			i++
		case l.mark == spanSignature:
			l.kind = ticket.SegmentSignature
			i++
		case l.blank():
			i++
		case s.quoted(i):
			i = s.quoteRun(i)
		default:
			next, done := s.marker(i, marks)
			if done {
				return
			}
			i = next
		}
	}
}

// keepInline gives quotes back to the text where the writer answers between
// them: short ones, with his words above and below. Without what they answer,
// answers like "yes" and "42" say nothing. Each kept line still begins with
// its quote mark, by which readers of the text tell it from new words.
func (s *splitter) keepInline() {
	const short = 20 // filled lines
	above := false   // the writer's own words were seen
	for i := 0; i < len(s.lines); {
		if kind := s.lines[i].kind; kind != ticket.SegmentQuote && kind != ticket.SegmentMarker {
			above = above || kind == "" && !s.lines[i].blank()
			i++
			continue
		}
		start, filled, marked := i, 0, true
		for ; i < len(s.lines) && s.repeated(i); i++ {
			l := s.lines[i]
			if !l.blank() {
				filled++
				marked = marked && (l.kind == ticket.SegmentMarker || s.quoted(i))
			}
			if s.lex.isOwnLine(strings.TrimLeft(l.plain, "> ")) || l.mark != 0 {
				marked = false
			}
		}
		if marked && filled <= short && above && s.answerBelow(i) {
			s.set(start, i, "")
		}
	}
}

// repeated reports whether line i is quoted, a marker, or blank before one.
func (s *splitter) repeated(i int) bool {
	if s.lines[i].blank() && s.lines[i].kind == "" {
		if i = s.nextFilled(i); i == len(s.lines) {
			return false
		}
	}
	return s.lines[i].kind == ticket.SegmentQuote || s.lines[i].kind == ticket.SegmentMarker
}

// answerBelow reports whether more than a greeting and a name stands below.
func (s *splitter) answerBelow(i int) bool {
	for ; i < len(s.lines); i++ {
		l := s.lines[i]
		switch {
		case l.kind != "":
			return false
		case l.blank():
		case s.lex.isClosing(l.plain, l.text) || s.lex.isDevice(l.plain) || isDelimiter(l.text) || isRule(l.plain) || signs(l.text):
			return false
		default:
			return true
		}
	}
	return false
}

// marker looks for the line or lines above a quoted mail at line i. It returns
// the next line to look at, and whether all the rest is decided.
func (s *splitter) marker(i int, marks map[int]attribution) (next int, done bool) {
	l := s.lines[i]
	if s.lex.isOwnLine(l.plain) {
		s.tail(s.leadAbove(i), i+1)
		return 0, true
	}
	if a, found := marks[i]; found {
		return s.attributed(i, a)
	}
	if kind := s.lex.separator(l.text, l.plain); kind != "" {
		end := i + 1
		if blockEnd, ok := s.headerBlock(s.nextFilled(end), true); ok {
			end = blockEnd
		}
		if kind == ticket.SegmentForward {
			s.lines[i].kind = ticket.SegmentMarker
			s.set(i+1, len(s.lines), ticket.SegmentForward)
			return 0, true
		}
		if j := s.nextFilled(end); j < len(s.lines) && s.quoted(j) {
			s.set(i, end, ticket.SegmentMarker)
			return end, false
		}
		s.tail(i, end)
		return 0, true
	}
	start := i
	if isRule(l.plain) {
		start = s.nextFilled(i + 1)
	}
	if end, ok := s.headerBlock(start, start > i); ok {
		if i > 0 && strings.HasSuffix(s.lines[i-1].plain, ":") {
			return end, false // "This mail never came:" and its particulars
		}
		if j := s.nextFilled(end); j < len(s.lines) && s.quoted(j) {
			s.set(i, end, ticket.SegmentMarker)
			return end, false
		}
		s.tail(i, end)
		return 0, true
	}
	return i + 1, false
}

// leadAbove returns the first line of our own mail, whose reply line stands at
// line i. Outlook shows the hidden preview line above it when it quotes; that
// line says the same as the first sentence below.
func (s *splitter) leadAbove(i int) int {
	above := i - 1
	for above >= 0 && s.lines[above].blank() {
		above--
	}
	if above < 0 || s.lines[above].kind != "" || len(s.lines[above].plain) < 12 {
		return i
	}
	for j := i + 1; j < len(s.lines) && j < i+8; j++ {
		if strings.HasPrefix(s.lines[j].plain, s.lines[above].plain) {
			return above
		}
	}
	return i
}

// attributed handles "On … wrote:" at line i.
func (s *splitter) attributed(i int, a attribution) (next int, done bool) {
	j := s.nextFilled(a.end)
	if j < len(s.lines) && (s.quoted(j) || s.lines[j].mark == spanQuote || s.lines[j].mark == spanOwn) {
		s.set(i, a.end, ticket.SegmentMarker)
		return a.end, false
	}
	if !a.strong || j == len(s.lines) && !a.certain {
		return i + 1, false
	}
	s.tail(i, a.end)
	return 0, true
}

// tail marks lines i to end as marker and all after them as quoted, or as
// passed on where nothing was written above or the subject says so.
func (s *splitter) tail(i, end int) {
	kind := ticket.SegmentQuote
	if s.forward || !s.textAbove(i) && s.lines[i].mark == 0 {
		kind = ticket.SegmentForward
	}
	s.set(i, end, ticket.SegmentMarker)
	s.set(end, len(s.lines), kind)
}

// textAbove reports whether anything stands above line i.
func (s *splitter) textAbove(i int) bool { return s.first < i }

// quoted reports whether line i begins with a quote mark.
func (s *splitter) quoted(i int) bool {
	t := strings.TrimLeft(s.lines[i].text, " \t\u00a0")
	if !strings.HasPrefix(t, ">") && !strings.HasPrefix(t, "&gt;") {
		return false
	}
	return !strings.HasSuffix(strings.TrimRight(t, " "), "<<") // an arrow of a text, ">>> here <<<"
}

// quoteRun marks the quoted lines from i on, and what a mailer broke off them.
func (s *splitter) quoteRun(i int) int {
	for i < len(s.lines) {
		switch {
		case s.quoted(i):
			s.lines[i].kind = ticket.SegmentQuote
			i++
		case s.lines[i].blank():
			j := s.nextFilled(i)
			if j == len(s.lines) || !s.quoted(j) {
				return i
			}
			s.set(i, j, ticket.SegmentQuote)
			i = j
		case i+1 < len(s.lines) && s.quoted(i+1) && brokenLink(s.lines[i-1].text):
			s.lines[i].kind = ticket.SegmentQuote
			i++
		default:
			return i
		}
	}
	return i
}

// brokenLink reports whether a line ends within a link in brackets.
func brokenLink(text string) bool {
	i := strings.LastIndex(text, "http")
	return i > 0 && (text[i-1] == '(' || text[i-1] == '<') && !strings.ContainsAny(text[i:], ")>")
}

// separator knows "-----Original Message-----" and its kin in all languages.
func (x *lexicon) separator(text, plain string) ticket.SegmentKind {
	if len(plain) > 120 {
		return ""
	}
	bare := strings.Trim(plain, "-–—_=~+#•<>[]| \t")
	ruled := len(bare) < len(plain)
	if !ruled && !strings.HasSuffix(plain, ":") {
		return ""
	}
	bare = strings.TrimSpace(strings.TrimSuffix(bare, ":"))
	switch {
	case x.original[bare]:
		return ticket.SegmentQuote
	case x.forwarded[bare]:
		return ticket.SegmentForward
	}
	for _, by := range []string{"forwarded by ", "videresendt af ", "weitergeleitet von "} {
		if ruled && strings.HasPrefix(bare, by) {
			return ticket.SegmentForward
		}
	}
	return ""
}

// isRule reports whether a line is drawn: Outlook's underscores, dashes.
func isRule(plain string) bool {
	return len(plain) >= 5 && strings.Trim(plain, "_-–—=─━") == ""
}

// isOwnLine recognises the first line of our own mails: by the dashes that it
// stands between, or by its words where a client broke the dashes.
func (x *lexicon) isOwnLine(plain string) bool {
	const dashes = "───"
	if len(plain) > 200 {
		return false
	}
	bare := strings.Trim(plain, "─━-–—_=~?>|# \t\"'")
	if bare == plain || bare == "" {
		return false
	}
	if strings.HasPrefix(plain, dashes) && strings.HasSuffix(plain, dashes) {
		return true
	}
	return slices.Contains(x.ownLine, bare)
}
