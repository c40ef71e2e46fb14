package templates

import (
	"regexp"
	"strings"
)

// paragraph is a stretch of a letter's body: our words and, among them, those of
// other people.
type paragraph []run

// run is a stretch of a paragraph that one side wrote.
type run struct {
	Text   string // ours: one line; quoted: as it was written
	Quoted bool
	// Apart: a quoted text of several lines starts on a line of its own and what
	// follows it does too.
	Apart bool
}

// Lines are the lines of the run.
func (r run) Lines() []string { return strings.Split(r.Text, "\n") }

// paragraphs reads what a template yielded: blank lines part paragraphs, other
// white space of ours is one blank, quoted texts stay as they are.
func paragraphs(text string) []paragraph {
	var all []paragraph
	var current paragraph
	end := func() {
		if current = trim(current); len(current) > 0 {
			all = append(all, current)
		}
		current = nil
	}
	for text != "" {
		ours, rest, quote := strings.Cut(text, quoteStart)
		for i, part := range blankLine.Split(ours, -1) {
			if i > 0 {
				end()
			}
			if part = squeeze(part); part != "" {
				current = append(current, run{Text: part})
			}
		}
		text = ""
		if quote {
			var words string
			words, text, _ = strings.Cut(rest, quoteEnd)
			current = append(current, run{Text: words, Quoted: true, Apart: strings.Contains(words, "\n")})
		}
	}
	end()
	return all
}

var blankLine = regexp.MustCompile(`\n\s*\n`)

// squeeze makes all white space single blanks, also at the ends, where a quoted
// text may join.
func squeeze(s string) string { return blanks.ReplaceAllString(s, " ") }

var blanks = regexp.MustCompile(`\s+`)

// trim drops the blanks at both ends of a paragraph and beside a quoted text
// that stands on lines of its own.
func trim(p paragraph) paragraph {
	var kept paragraph
	for i, r := range p {
		if !r.Quoted {
			if i == 0 || p[i-1].Apart {
				r.Text = strings.TrimLeft(r.Text, " ")
			}
			if i == len(p)-1 || p[i+1].Apart {
				r.Text = strings.TrimRight(r.Text, " ")
			}
		}
		if r.Text != "" {
			kept = append(kept, r)
		}
	}
	return kept
}

// String is the paragraph as plain text.
func (p paragraph) String() string {
	var b strings.Builder
	for i, r := range p {
		if i > 0 && (r.Apart || p[i-1].Apart) {
			b.WriteByte('\n')
		}
		b.WriteString(r.Text)
	}
	return b.String()
}
