package console

import (
	"strings"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
)

// stretch is a part of a mail's text as it is shown: what was written for this mail
// stands open, all else is folded in its place, and nothing is left out but what is too
// long for the page.
type stretch struct {
	Text   string
	Folded bool
	Key    string // of the words that name what is folded
	Lines  int    // folded
	Cut    bool   // there is more than fits
}

// foldKeys name what is folded; of several kinds in a row the first here gives the name.
func foldKeys() []struct {
	kind ticket.SegmentKind
	key  string
} {
	return []struct {
		kind ticket.SegmentKind
		key  string
	}{
		{ticket.SegmentForward, "fold.forward"}, {ticket.SegmentQuote, "fold.quote"}, {ticket.SegmentSignature, "fold.signature"},
		{ticket.SegmentDevice, "fold.signature"}, {ticket.SegmentDisclaimer, "fold.disclaimer"}, {ticket.SegmentMarker, "fold.quote"},
	}
}

// stretches cuts a mail's text into what is shown open and what is folded. Each takes
// no more than limit bytes; where a mail holds nothing new, all of it is open.
func stretches(m ticket.Message, limit int) []stretch {
	var out []stretch
	text := m.Text
	if len(m.Segments) == 0 || !hasText(m) {
		return open(text, limit)
	}
	for i := 0; i < len(m.Segments); {
		kinds := []ticket.SegmentKind{m.Segments[i].Kind}
		j := i + 1
		for j < len(m.Segments) && (m.Segments[j].Kind == ticket.SegmentText) == (kinds[0] == ticket.SegmentText) {
			kinds = append(kinds, m.Segments[j].Kind)
			j++
		}
		part := strings.Trim(text[m.Segments[i].Start:m.Segments[j-1].End], "\n")
		if i = j; strings.TrimSpace(part) == "" {
			continue
		}
		if kinds[0] == ticket.SegmentText {
			out = append(out, open(part, limit)...)
			continue
		}
		s := stretch{Folded: true, Key: foldKey(kinds), Lines: strings.Count(part, "\n") + 1}
		s.Text, s.Cut = cut(part, limit)
		out = append(out, s)
	}
	return out
}

func open(text string, limit int) []stretch {
	text = strings.Trim(text, "\n")
	if strings.TrimSpace(text) == "" {
		return nil
	}
	s := stretch{}
	s.Text, s.Cut = cut(text, limit)
	return []stretch{s}
}

func hasText(m ticket.Message) bool {
	for _, s := range m.Segments {
		if s.Kind == ticket.SegmentText && strings.TrimSpace(m.Text[s.Start:s.End]) != "" {
			return true
		}
	}
	return false
}

func foldKey(kinds []ticket.SegmentKind) string {
	for _, f := range foldKeys() {
		for _, k := range kinds {
			if k == f.kind {
				return f.key
			}
		}
	}
	return "fold.quote"
}

// cut shortens a text to so many bytes at most, at the end of a letter.
func cut(s string, limit int) (string, bool) {
	if len(s) <= limit {
		return s, false
	}
	s = s[:max(limit, 0)]
	for len(s) > 0 && !utf8.ValidString(s[max(0, len(s)-utf8.UTFMax):]) {
		s = s[:len(s)-1]
	}
	return s, true
}
