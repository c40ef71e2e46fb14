package templates

import (
	"regexp"
	"strings"
)

// blockKind is what a stretch of a letter's body looks like.
type blockKind string

const (
	blockText    blockKind = "text"
	blockHeading blockKind = "heading" // over the block that follows
	blockList    blockKind = "list"
	blockNumbers blockKind = "numbers" // a list whose rows are numbered
)

// Marks in what a template yields. They are control characters, which no cleaned
// text can hold, so that only our own words make headings and lists.
const (
	markHeading = "\x04" // at the start of a paragraph: it is a heading …
	markRow     = "\x05" // … a row of a list …
	markNumber  = "\x06" // … a row of a numbered one
	markBreak   = "\x07" // a new line in the same paragraph
)

// markFuncs are how templates write marks: each starts a paragraph by itself.
func markFuncs() map[string]any {
	return map[string]any{
		"heading": func() string { return "\n\n" + markHeading },
		"row":     func() string { return "\n\n" + markRow },
		"number":  func() string { return "\n\n" + markNumber },
		"br":      func() string { return markBreak },
	}
}

// block is a paragraph, a heading or a whole list.
type block struct {
	Kind blockKind
	Rows []paragraph // of text and headings: one
}

// paragraph is our words and, among them, those of other people.
type paragraph []run

// run is a stretch of a paragraph that one side wrote.
type run struct {
	Text   string // ours: one line, or several where a mark parts them; quoted: as it was written
	Quoted bool
	// Newline: a quoted text of several lines starts on a line of its own, and so
	// does what follows it.
	Newline bool
}

// apart reports whether the run stands on lines of its own.
func (r run) apart() bool { return r.Quoted && strings.Contains(r.Text, "\n") }

// Lines are the lines of the run.
func (r run) Lines() []string { return strings.Split(r.Text, "\n") }

// blocks reads what a template yielded: blank lines part paragraphs, other white
// space of ours is one blank, quoted texts stay as they are.
func blocks(text string) []block {
	var all []block
	kind := blockText
	var current paragraph
	end := func() {
		if current = trim(current); len(current) > 0 {
			all = appendBlock(all, kind, current)
		}
		kind, current = blockText, nil
	}
	for text != "" {
		ours, rest, quote := strings.Cut(text, quoteStart)
		for i, part := range blankLine.Split(ours, -1) {
			if i > 0 {
				end()
			}
			if k, ok := marked(&part); ok && len(current) == 0 {
				kind = k
			}
			if part = squeeze(part); part != "" {
				current = append(current, run{Text: part})
			}
		}
		text = ""
		if quote {
			var words string
			words, text, _ = strings.Cut(rest, quoteEnd)
			current = append(current, run{Text: words, Quoted: true})
		}
	}
	end()
	return all
}

// appendBlock puts rows of one list together.
func appendBlock(all []block, kind blockKind, p paragraph) []block {
	if last := len(all) - 1; last >= 0 && all[last].Kind == kind && (kind == blockList || kind == blockNumbers) {
		all[last].Rows = append(all[last].Rows, p)
		return all
	}
	return append(all, block{kind, []paragraph{p}})
}

// marked takes the mark from the start of a paragraph.
func marked(part *string) (blockKind, bool) {
	s := strings.TrimLeft(*part, " \t\n")
	for mark, kind := range map[string]blockKind{markHeading: blockHeading, markRow: blockList, markNumber: blockNumbers} {
		if rest, ok := strings.CutPrefix(s, mark); ok {
			*part = rest
			return kind, true
		}
	}
	return "", false
}

var blankLine = regexp.MustCompile(`\n\s*\n`)

// squeeze makes all white space single blanks, also at the ends, where a quoted
// text may join, and marks into line breaks.
func squeeze(s string) string {
	return breaks.ReplaceAllString(blanks.ReplaceAllString(s, " "), "\n")
}

var (
	blanks = regexp.MustCompile(`\s+`)
	breaks = regexp.MustCompile(` ?` + markBreak + ` ?`)
)

// trim drops the blanks at both ends of a paragraph and beside a quoted text
// that stands on lines of its own.
func trim(p paragraph) paragraph {
	var kept paragraph
	for i, r := range p {
		if !r.Quoted {
			if i == 0 || p[i-1].apart() {
				r.Text = strings.TrimLeft(r.Text, " \n")
			}
			if i == len(p)-1 || p[i+1].apart() {
				r.Text = strings.TrimRight(r.Text, " \n")
			}
		}
		if r.Text != "" {
			r.Newline = len(kept) > 0 && (r.apart() || kept[len(kept)-1].apart())
			kept = append(kept, r)
		}
	}
	return kept
}

// String is the paragraph as plain text.
func (p paragraph) String() string {
	var b strings.Builder
	for _, r := range p {
		if r.Newline {
			b.WriteByte('\n')
		}
		b.WriteString(r.Text)
	}
	return b.String()
}
