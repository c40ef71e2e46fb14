package parser

import (
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
		case l.mark == spanTail || l.mark == spanOwn && s.tailFollows(i):
			s.tail(i, i+1)
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

// tailFollows reports whether nothing but our own mail stands from line i on.
func (s *splitter) tailFollows(i int) bool {
	for ; i < len(s.lines); i++ {
		if l := s.lines[i]; l.mark != spanOwn && !l.blank() {
			return false
		}
	}
	return true
}

// marker looks for the line or lines above a quoted mail at line i. It returns
// the next line to look at, and whether all the rest is decided.
func (s *splitter) marker(i int, marks map[int]attribution) (next int, done bool) {
	l := s.lines[i]
	if s.lex.isOwnLine(l.plain) {
		s.tail(i, i+1)
		return 0, true
	}
	if a, found := marks[i]; found {
		return s.attributed(i, a)
	}
	if kind := s.lex.separator(l.text, l.plain); kind != "" {
		end := i + 1
		if block, ok := s.headerBlock(s.nextFilled(end), true); ok {
			end = block.end
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
	if block, ok := s.headerBlock(start, start > i); ok {
		if j := s.nextFilled(block.end); j < len(s.lines) && s.quoted(j) {
			s.set(i, block.end, ticket.SegmentMarker)
			return block.end, false
		}
		s.tail(i, block.end)
		return 0, true
	}
	return i + 1, false
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

func (s *splitter) textAbove(i int) bool {
	for _, l := range s.lines[:i] {
		if !l.blank() {
			return true
		}
	}
	return false
}

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

// isOwnLine recognises the reply line of our own mails, however a client broke
// its dashes.
func (x *lexicon) isOwnLine(plain string) bool {
	if len(plain) > 200 {
		return false
	}
	bare := strings.Trim(plain, "─━-–—_=~?>|# \t\"'")
	if bare == plain {
		return false
	}
	for _, own := range x.ownLine {
		if bare == own {
			return true
		}
	}
	return false
}

// block is the header of a quoted mail, set as lines of text.
type headerLines struct {
	end int // the line after it
}

// headerBlock reads "From: … Sent: … To: … Subject: …" at line i. Not every
// list of labels is one: a form has From and To, a booking has dates.
func (s *splitter) headerBlock(i int, ruled bool) (headerLines, bool) {
	seen := map[label]int{}
	address := false
	last := i // the line after the last label or its continuation
	wrapped := 0
	for j := i; j < len(s.lines) && j < i+40; j++ {
		l := s.lines[j]
		kind, value := s.lex.label(l.plain)
		switch {
		case l.blank():
			k := s.nextFilled(j)
			if j == i || k > j+1 || k >= len(s.lines) {
				return s.judge(seen, address, ruled, last)
			}
			if next, _ := s.lex.label(s.lines[k].plain); next == labelNone || seen[next] > 0 && next != labelOther {
				return s.judge(seen, address, ruled, last)
			}
		case kind != labelNone:
			if j == i && kind == labelOther {
				return headerLines{}, false
			}
			seen[kind]++
			address = address || kind == labelFrom && strings.Contains(value, "@")
			last, wrapped = j+1, 0
		case j == i:
			return headerLines{}, false
		default:
			if wrapped++; wrapped > 4 {
				return s.judge(seen, address, ruled, last)
			}
			// A long value goes on in the next line; that is known once another label follows.
		}
	}
	return s.judge(seen, address, ruled, last)
}

func (s *splitter) judge(seen map[label]int, address, ruled bool, end int) (headerLines, bool) {
	from, date, to, subject := seen[labelFrom] > 0, seen[labelDate] > 0, seen[labelTo] > 0, seen[labelSubject] > 0
	ok := from && subject && (date || to) || from && date && to && address || from && date && address && ruled ||
		ruled && from && (subject || to) || date && to && subject && ruled
	return headerLines{end: end}, ok
}

// label reads "Label: value" at the start of a line.
func (x *lexicon) label(plain string) (label, string) {
	plain = strings.TrimLeft(plain, "|_ ")
	colon := strings.IndexByte(plain, ':')
	size := 1
	if wide := strings.Index(plain, "："); wide >= 0 && (colon < 0 || wide < colon) {
		colon, size = wide, len("：")
	}
	if colon <= 0 || colon > 40 {
		return labelNone, ""
	}
	name := strings.Trim(plain[:colon], "_ ")
	kind := x.labels[name]
	if kind == labelNone {
		if first, _, two := strings.Cut(name, "/"); two {
			kind = x.labels[strings.TrimSpace(first)]
		}
	}
	return kind, plain[colon+size:]
}
