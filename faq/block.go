package faq

import (
	"regexp"
	"strconv"
	"strings"
)

// Block is one piece of an answer: a paragraph, or an item of a list.
type Block struct {
	Kind BlockKind `json:"kind"`
	Text string    `json:"text"`
}

// BlockKind is how a block is shown.
type BlockKind string

// Kinds of blocks.
const (
	Paragraph BlockKind = "paragraph"
	Bullet    BlockKind = "bullet" // of a list
	Numbered  BlockKind = "number" // of a list; the number is its place in it
)

var (
	numberedItem = regexp.MustCompile(`^\d{1,2}[.)] +`)
	emphasis     = regexp.MustCompile("\\*\\*([^*]+)\\*\\*|`([^`]+)`|\\*([^* ][^*]*)\\*")
	namedLink    = regexp.MustCompile(`\[([^\]]+)\]\(([^)\s]+)\)`)
	headingMarks = regexp.MustCompile(`^#{1,6} +`)
)

// Blocks reads the little of Markdown that an answer needs: paragraphs, lists of
// one level, links. Emphasis and headings keep their words. All else stands as it
// was written; it is text everywhere, so that tags mean nothing.
func Blocks(markdown string) []Block {
	var all []Block
	open := false // whether a further line belongs to the last block
	for line := range strings.Lines(markdown) {
		line = strings.TrimSpace(line)
		kind, rest := Paragraph, line
		switch {
		case line == "":
			open = false
			continue
		case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "* "):
			kind, rest = Bullet, line[2:]
		case numberedItem.MatchString(line):
			kind, rest = Numbered, numberedItem.ReplaceAllString(line, "")
		}
		rest = plain(headingMarks.ReplaceAllString(rest, ""))
		if open && kind == Paragraph {
			all[len(all)-1].Text += " " + rest
			continue
		}
		all = append(all, Block{kind, rest})
		open = true
	}
	return all
}

// plain is a line without marks; of a link its words and its address are left.
func plain(line string) string {
	line = namedLink.ReplaceAllString(line, "$1 ($2)")
	return strings.TrimSpace(emphasis.ReplaceAllString(line, "$1$2$3"))
}

// Text writes blocks as people do in mails.
func Text(all []Block) string {
	var out strings.Builder
	number := 0
	for i, b := range all {
		switch {
		case i == 0:
		case b.Kind != Paragraph && all[i-1].Kind == b.Kind:
			out.WriteByte('\n')
		default:
			out.WriteString("\n\n")
		}
		if b.Kind != Numbered {
			number = 0
		}
		switch b.Kind {
		case Bullet:
			out.WriteString("- ")
		case Numbered:
			number++
			out.WriteString(strconv.Itoa(number) + ". ")
		}
		out.WriteString(b.Text)
	}
	return out.String()
}
