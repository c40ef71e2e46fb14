package parser

import (
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// line is one line of a text, with what is known of it.
type line struct {
	start, end int // bytes of the text, the line end included
	text       string
	plain      string // see plainLine
	mark       spanKind
	kind       ticket.SegmentKind // "" until decided
}

func (l line) blank() bool { return l.plain == "" }

// splitter decides the kind of each line of one text.
type splitter struct {
	lex     *lexicon
	forward bool // the subject says that the mail passes another one on
	lines   []line
	first   int // the first line that is not blank
	own     int // the line after the last one that is not our own mail's
}

// split cuts text into segments. They cover it without gap or overlap; whole
// lines make them, save where a client forgot the line end before its marker.
func (x *lexicon) split(text string, spans []span, forward bool) []ticket.Segment {
	s := &splitter{lex: x, forward: forward, lines: splitLines(text)}
	s.applySpans(spans)
	s.splitShared()
	s.first = s.nextFilled(0)
	for i, l := range s.lines {
		if l.mark != spanOwn && !l.blank() {
			s.own = i + 1
		}
	}
	s.findQuotes()
	s.keepInline()
	s.findSignatures()
	return s.segments()
}

// splitLines cuts the text at its line ends. What stands beyond the last line
// that is looked at makes one line, so that a mail of nothing but line ends
// costs no multiple of its size.
func splitLines(text string) []line {
	const most = 100_000
	lines := make([]line, 0, min(strings.Count(text, "\n")+1, most))
	for pos := 0; pos < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[pos:], '\n'); i >= 0 && len(lines) < most-1 {
			end = pos + i + 1
		}
		bare := strings.TrimSuffix(text[pos:end], "\n")
		lines = append(lines, line{start: pos, end: end, text: bare, plain: plainLine(bare)})
		pos = end
	}
	return lines
}

// applySpans notes on each line what client markup says of it. Where spans
// lie in one another, the kind that stands last in spanKind wins. It counts
// openings and endings per kind, for fifty thousand quotes may lie in one another.
func (s *splitter) applySpans(spans []span) {
	if len(spans) == 0 {
		return
	}
	var delta [spanKinds][]int
	for _, sp := range spans {
		if delta[sp.kind] == nil {
			delta[sp.kind] = make([]int, len(s.lines)+1)
		}
		delta[sp.kind][s.lineAt(sp.start)]++
		delta[sp.kind][s.lineAt(sp.end)]--
	}
	for kind, changes := range delta {
		open := 0
		for i := range s.lines {
			if changes == nil {
				break
			}
			if open += changes[i]; open > 0 {
				s.lines[i].mark = spanKind(kind)
			}
		}
	}
}

// lineAt returns the index of the first line that starts at or after offset.
func (s *splitter) lineAt(offset int) int {
	lo, hi := 0, len(s.lines)
	for lo < hi {
		if mid := (lo + hi) / 2; s.lines[mid].start < offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// segments joins neighbouring lines of one kind. Blank lines go with what
// stands before them.
func (s *splitter) segments() []ticket.Segment {
	segs := []ticket.Segment{}
	for _, l := range s.lines {
		kind := l.kind
		if kind == "" {
			kind = ticket.SegmentText
		}
		if n := len(segs); n > 0 && (segs[n-1].Kind == kind || l.blank()) {
			segs[n-1].End = l.end
			continue
		}
		segs = append(segs, ticket.Segment{Kind: kind, Start: l.start, End: l.end})
	}
	return segs
}

// newText joins the text segments: what was written for this mail.
func newText(text string, segs []ticket.Segment) string {
	var parts []string
	for _, seg := range segs {
		if seg.Kind == ticket.SegmentText {
			if t := strings.TrimSpace(text[seg.Start:seg.End]); t != "" {
				parts = append(parts, t)
			}
		}
	}
	return strings.Join(parts, "\n\n")
}

// nextFilled returns the index of the first line at or after i that is not
// blank, or len(lines).
func (s *splitter) nextFilled(i int) int {
	for i < len(s.lines) && s.lines[i].blank() {
		i++
	}
	return i
}

func (s *splitter) set(from, to int, kind ticket.SegmentKind) {
	for i := from; i < to && i < len(s.lines); i++ {
		s.lines[i].kind = kind
	}
}
