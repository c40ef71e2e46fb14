package templates

import (
	"strconv"
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
	parts := []string{l.Marker}
	add := func(part string) {
		if part != "" {
			parts = append(parts, wrap(part, columns))
		}
	}
	if !l.Bare {
		add(l.Words.Greeting)
	}
	add(l.Lead)
	heading := ""
	for _, b := range l.Body {
		if b.Kind == blockHeading {
			heading = wrap(b.Rows[0].String(), columns) + "\n"
			continue
		}
		parts = append(parts, heading+b.String())
		heading = ""
	}
	add(fill(l.Facts, factSeparator, columns))
	if l.Next != "" {
		add(l.Words.Label(l.Words.Next) + " " + l.Next)
	}
	if l.Add {
		add(l.Words.Add)
	}
	if l.Link != "" {
		add(l.Words.Label(l.LinkTitle) + "\n" + l.Link)
	}
	if len(l.Commands) > 0 {
		add(l.CommandsTitle + ":\n" + strings.Join(l.Commands, "\n"))
	}
	if l.Show != "" {
		add(l.ShowTitle + ":\n" + l.Show)
	}
	if !l.Bare {
		add(l.Words.Regards + "\n" + l.DeskName)
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// String is the block as plain text, wrapped.
func (b block) String() string {
	rows := make([]string, len(b.Rows))
	for i, p := range b.Rows {
		switch b.Kind {
		case blockList:
			rows[i] = hang("- ", p.String())
		case blockNumbers:
			rows[i] = hang(strconv.Itoa(i+1)+". ", p.String())
		default:
			rows[i] = wrap(p.String(), columns)
		}
	}
	return strings.Join(rows, "\n")
}

// hang puts a sign before a text and its further lines below the first.
func hang(sign, text string) string {
	indent := strings.Repeat(" ", len(sign))
	all := strings.Split(wrap(text, columns-len(sign)), "\n")
	for i, line := range all {
		if i > 0 && line != "" {
			all[i] = indent + line
		}
	}
	return sign + strings.Join(all, "\n")
}

// wrap breaks lines at blanks, but for those that our words forbid to break at.
// A word that is longer than a line, such as a link, stays whole.
func wrap(text string, width int) string {
	all := strings.Split(text, "\n")
	for i, line := range all {
		if utf8.RuneCountInString(line) > width {
			all[i] = fill(blanks.Split(strings.TrimSpace(line), -1), " ", width)
		}
	}
	return strings.Join(all, "\n")
}

// fill puts as many words on each line as fit, with sep between them, also at
// the end of a line where more follows.
func fill(words []string, sep string, limit int) string {
	var b strings.Builder
	width := 0
	for _, word := range words {
		n := utf8.RuneCountInString(word)
		between := utf8.RuneCountInString(sep)
		if width > 0 && width+between+n+between-1 > limit {
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
