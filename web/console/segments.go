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

// foldKey names what a kind of text is folded as; "" for what stands open. A marker
// belongs to the quote below it.
func foldKey(k ticket.SegmentKind) string {
	switch k {
	case ticket.SegmentText:
		return ""
	case ticket.SegmentForward:
		return "fold.forward"
	case ticket.SegmentSignature, ticket.SegmentDevice:
		return "fold.signature"
	case ticket.SegmentDisclaimer:
		return "fold.disclaimer"
	}
	return "fold.quote"
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
		key, j := foldKey(m.Segments[i].Kind), i+1
		for j < len(m.Segments) && foldKey(m.Segments[j].Kind) == key {
			j++
		}
		part := strings.Trim(text[m.Segments[i].Start:m.Segments[j-1].End], "\n")
		if i = j; strings.TrimSpace(part) == "" {
			continue
		}
		if key == "" {
			out = append(out, open(part, limit)...)
			continue
		}
		s := stretch{Folded: true, Key: key, Lines: strings.Count(part, "\n") + 1}
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
