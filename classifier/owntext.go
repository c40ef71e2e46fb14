package classifier

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// setForeignAside finds the lines of a mail's new text that are not the
// reporter's own prose: quotes and code, log and console lines, pasted dialogues,
// the signature, the disclaimer. Their tokens stay, but nothing is read from
// them. The parser has set most of that apart already; what is decided here is
// only what no severity is read from, so that a wrong guess hides a word from the
// classifier and from nobody else.
//
// machine reports whether any of it is a program's output.
func (c *Classifier) setForeignAside(t *text) (machine bool) {
	p := newPage(c, t)
	machine = p.find()
	p.setAside()
	return machine
}

// line is one line of the new text, without its end.
type line struct {
	text    string // trimmed
	toks    span
	foreign bool
}

type page struct {
	c     *Classifier
	t     *text
	lines []line
}

func newPage(c *Classifier, t *text) *page {
	p := &page{c: c, t: t}
	tok := 0
	for start := 0; start <= len(t.src); {
		end := strings.IndexByte(t.src[start:], '\n')
		if end < 0 {
			end = len(t.src)
		} else {
			end += start
		}
		first := tok
		for tok < len(t.toks) && int(t.toks[tok].start) < end {
			tok++
		}
		p.lines = append(p.lines, line{text: strings.TrimSpace(t.src[start:end]), toks: span{first, tok}})
		start = end + 1
	}
	return p
}

// find finds the foreign lines.
func (p *page) find() (machine bool) {
	machine = p.machineLines()
	p.dialogue()
	p.signature()
	p.disclaimer()
	return machine
}

// setAside takes the foreign lines out of what the text is read for.
func (p *page) setAside() {
	foreign := make([]bool, len(p.t.toks))
	for _, l := range p.lines {
		for i := l.toks.from; l.foreign && i < l.toks.to; i++ {
			foreign[i], p.t.toks[i].off = true, true
		}
	}
	p.t.matches = slices.DeleteFunc(p.t.matches, func(m match) bool { return slices.Contains(foreign[m.from:m.to], true) })
	p.t.index()
}

// says reports whether a phrase of that role stands in a line.
func (p *page) says(l line, r role) bool { return p.t.any(l.toks, allLanguages, r) }

// machineLines sets aside quotes, fenced code and what programs printed.
func (p *page) machineLines() (any bool) {
	fenced := false
	for i := range p.lines {
		l := &p.lines[i]
		if strings.HasPrefix(l.text, "```") || strings.HasPrefix(l.text, "~~~") {
			l.foreign, fenced, any = true, !fenced, true
			continue
		}
		machine := fenced || machineLine(l.text)
		l.foreign, any = machine || strings.HasPrefix(l.text, ">"), any || machine
	}
	return any
}

// dialogue sets aside a pasted conversation: at least two lines that begin with
// the name of a speaker, and all such lines.
func (p *page) dialogue() {
	var spoken []int
	for i, l := range p.lines {
		if !l.foreign && p.speaker(l.text) {
			spoken = append(spoken, i)
		}
	}
	if len(spoken) < 2 {
		return
	}
	for _, i := range spoken {
		p.lines[i].foreign = true
	}
}

// speaker reports a line such as "Kunde: …", "[10:21] Bot: …".
func (p *page) speaker(s string) bool {
	if len(s) > 2 && s[0] == '[' && unicode.IsDigit(rune(s[1])) {
		if _, rest, ok := strings.Cut(s, "]"); ok {
			s = strings.TrimSpace(rest)
		}
	}
	name, rest, ok := strings.Cut(s, ":")
	return ok && rest != "" && len(name) < 25 && p.c.read(name).has(roleSpeaker)
}

const (
	maxSignatureLines = 14
	maxGreeting       = 45
)

// signature sets aside what follows the last greeting of a mail, but for a
// postscript, and a block at the end that looks like a business card.
func (p *page) signature() {
	last := len(p.lines)
	for last > 0 && p.lines[last-1].text == "" {
		last--
	}
	for i := last - 1; i >= 0 && last-i <= maxSignatureLines; i-- {
		if p.lines[i].text == "--" || p.goodbye(p.lines[i]) && !p.opens(i) {
			p.hide(i, last)
			return
		}
	}
	first := last
	for first > 0 && p.lines[first-1].text != "" {
		first--
	}
	if first > 0 && p.businessCard(p.lines[first:last]) {
		p.hide(first, last)
	}
}

// opens reports whether nothing stands before line i: a mail does not begin
// with its end.
func (p *page) opens(i int) bool {
	for _, l := range p.lines[:i] {
		if l.text != "" {
			return false
		}
	}
	return true
}

func (p *page) hide(from, to int) {
	for i := from; i < to; i++ {
		if s := strings.ToLower(p.lines[i].text); strings.HasPrefix(s, "ps") || strings.HasPrefix(s, "p.s") {
			if r, _ := utf8.DecodeRuneInString(strings.TrimPrefix(s[1:], ".")[1:]); !unicode.IsLetter(r) {
				return
			}
		}
		p.lines[i].foreign = true
	}
}

// goodbye reports a line that only takes leave: "Mvh", "Best regards, Ann".
func (p *page) goodbye(l line) bool {
	if len(l.text) > maxGreeting || l.text == "" || strings.ContainsAny(l.text, "?") {
		return false
	}
	m, ok := p.t.first(roleBye, l.toks, allLanguages)
	return ok && m.from == l.toks.from && p.t.names(span{m.to, l.toks.to})
}

// names reports whether all words of s are written as names are.
func (t *text) names(s span) bool {
	n := 0
	for i := s.from; i < s.to; i++ {
		k := t.toks[i]
		if !k.word {
			if strings.ContainsAny(k.form, ":!;") && i+1 < s.to {
				return false
			}
			continue
		}
		if n++; !t.capital(i) || t.allCaps(i) && len(k.form) > 4 {
			return false
		}
	}
	return n <= 4
}

// businessCard reports a last paragraph of two to six short lines: a person's
// name, then titles and firms.
func (p *page) businessCard(lines []line) bool {
	if len(lines) < 2 || len(lines) > 6 {
		return false
	}
	for i, l := range lines {
		if len(l.text) > 70 || strings.HasSuffix(l.text, ".") || strings.HasSuffix(l.text, "?") || strings.HasSuffix(l.text, "!") || strings.HasSuffix(l.text, ":") {
			return false
		}
		words, capitals := 0, 0
		for j := l.toks.from; j < l.toks.to; j++ {
			if !p.t.toks[j].word {
				continue
			}
			words++
			if p.t.capital(j) && !p.t.allCaps(j) {
				capitals++
			}
		}
		switch {
		case i == 0 && (words < 2 || words > 5 || capitals < 2 || p.says(l, roleProblem)):
			return false
		case i > 0 && capitals == 0 && !strings.ContainsFunc(l.text, unicode.IsDigit):
			return false
		}
	}
	return true
}

// disclaimer sets aside the last paragraphs from the one on that speaks of
// confidentiality and the like.
func (p *page) disclaimer() {
	for i := 1; i < len(p.lines); i++ {
		if p.lines[i-1].text != "" || p.lines[i].text == "" || p.opens(i) {
			continue
		}
		end := i
		found := false
		for end < len(p.lines) && p.lines[end].text != "" {
			found = found || p.says(p.lines[end], roleDisclaimer)
			end++
		}
		if found {
			for j := i; j < end; j++ {
				p.lines[j].foreign = true
			}
		}
	}
}
