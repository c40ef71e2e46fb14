package templates

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
)

// maxWords bounds, in runes, what a letter takes from one text of staff or of a
// reporter; what is longer ends in an ellipsis.
const maxWords = ticket.MaxText

// oneLine makes a text from outside fit for one line of a letter: valid UTF-8,
// no line breaks or other controls, no invisible or direction-changing
// characters, single blanks.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))), " ")
}

// noBreak is the blank at which no line may break; French sets it before a colon.
const noBreak = "\u00a0"

// ownLine does the same for a line of our words, of which noBreak is part.
func ownLine(s string) string {
	parts := strings.Split(s, noBreak)
	for i, part := range parts {
		parts[i] = oneLine(part)
	}
	return strings.Join(parts, noBreak)
}

// lines does the same for a text that may have several lines. Joiners stay:
// some scripts and many emoji are written with them.
func lines(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\u200c', r == '\u200d':
			return r
		case r == '\r', r == '\u2028', r == '\u2029':
			return '\n'
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	for strings.Contains(s, "\n\n\n") {
		s = strings.ReplaceAll(s, "\n\n\n", "\n\n")
	}
	return Shorten(strings.TrimSpace(s), maxWords)
}

// Shorten cuts a text to at most n runes, n > 0, the last of them an ellipsis where
// anything was cut.
func Shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:n-1])) + "…"
}
