package templates

import (
	"strings"
	"unicode/utf8"
)

// columns is how wide the text part is.
const columns = 76

// rule stands on both sides of the first line, by which an answer that quotes the
// letter shows where it begins. Box-drawing dashes mean nothing
// to mail programs, which take "--" for a signature and ">" for a quote.
const rule = "────"

func marker(words string) string { return rule + " " + words + " " + rule }

// text is the plain text part. Its order is that of the HTML part.
func (l letter) text() string {
	blocks := []string{l.Marker}
	add := func(block string) {
		if block != "" {
			blocks = append(blocks, wrap(block))
		}
	}
	if !l.Bare {
		add(l.Words.Greeting)
	}
	add(l.Lead)
	for _, p := range l.Body {
		add(p.String())
	}
	add(fill(l.Facts, factSeparator))
	if l.Next != "" {
		add(l.Words.Next + ": " + l.Next)
	}
	if l.Add {
		add(l.Words.Add)
	}
	if l.Link != "" {
		add(l.Words.Follow + ":\n" + l.Link)
	}
	if l.Command != "" {
		add(l.Words.Unread)
		add(l.Words.Show + ":\n" + l.Command)
	}
	if !l.Bare {
		add(l.Words.Regards + "\n" + l.DeskName)
	}
	return strings.Join(blocks, "\n\n") + "\n"
}

// wrap breaks lines at blanks. A word that is longer than a line, such as a
// link, stays whole.
func wrap(text string) string {
	all := strings.Split(text, "\n")
	for i, line := range all {
		if utf8.RuneCountInString(line) > columns {
			all[i] = fill(strings.Fields(line), " ")
		}
	}
	return strings.Join(all, "\n")
}

// fill puts as many words on each line as fit, with sep between them, also at
// the end of a line where more follows.
func fill(words []string, sep string) string {
	var b strings.Builder
	width := 0
	for _, word := range words {
		n := utf8.RuneCountInString(word)
		between := utf8.RuneCountInString(sep)
		if width > 0 && width+between+n+between-1 > columns {
			b.WriteString(strings.TrimRight(sep, " ") + "\n")
			width = 0
		}
		if width > 0 {
			b.WriteString(sep)
			width += between
		}
		b.WriteString(word)
		width += n
	}
	return b.String()
}
