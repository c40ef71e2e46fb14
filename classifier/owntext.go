package classifier

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// foreignRanges finds the lines of a mail's new text that are not the
// reporter's own prose: quotes and code, log and console lines, pasted dialogues,
// the signature, the disclaimer. The parser has set most of that apart already;
// what is decided here is only what no severity is read from, so that a wrong
// guess hides a word from the classifier and from nobody else.
//
// machine reports whether any of it is a program's output.
func (c *Classifier) foreignRanges(src string) (foreign []byteRange, machine bool) {
	p := page{c: c, src: src}
	p.read()
	machine = p.machineLines()
	p.dialogue()
	p.signature()
	p.disclaimer()
	return p.ranges(), machine
}

// line is one line of the new text, without its end.
type line struct {
	byteRange
	text    string // trimmed
	foreign bool
}

type page struct {
	c     *Classifier
	src   string
	lines []line
}

func (p *page) read() {
	for start := 0; start <= len(p.src); {
		end := strings.IndexByte(p.src[start:], '\n')
		if end < 0 {
			end = len(p.src)
		} else {
			end += start
		}
		p.lines = append(p.lines, line{byteRange: byteRange{start, end}, text: strings.TrimSpace(p.src[start:end])})
		start = end + 1
	}
}

func (p *page) ranges() []byteRange {
	var out []byteRange
	for _, l := range p.lines {
		if l.foreign {
			out = append(out, l.byteRange)
		}
	}
	return out
}

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
	return ok && rest != "" && len(name) < 25 && p.c.says(name, roleSpeaker)
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
		if p.lines[i].text == "--" || p.goodbye(p.lines[i].text) && !p.opens(i) {
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
func (p *page) goodbye(s string) bool {
	if len(s) > maxGreeting || s == "" || strings.ContainsAny(s, "?") {
		return false
	}
	t := p.c.read(s)
	for _, m := range t.matches {
		if m.from > 0 {
			break
		}
		if m.role == roleBye {
			rest := t.toks[m.to:]
			return p.names(t, m.to) || len(rest) == 0
		}
	}
	return false
}

// names reports whether all words from token i on are written as names are.
func (p *page) names(t *text, i int) bool {
	n := 0
	for ; i < len(t.toks); i++ {
		k := t.toks[i]
		if !k.word {
			if strings.ContainsAny(k.form, ":!;") && i+1 < len(t.toks) {
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
		t := p.c.read(l.text)
		words, capitals := 0, 0
		for j, k := range t.toks {
			if !k.word {
				continue
			}
			words++
			if t.capital(j) && !t.allCaps(j) {
				capitals++
			}
		}
		switch {
		case i == 0 && (words < 2 || words > 5 || capitals < 2 || t.has(roleProblem)):
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
			found = found || p.c.says(p.lines[end].text, roleDisclaimer)
			end++
		}
		if found {
			for j := i; j < end; j++ {
				p.lines[j].foreign = true
			}
		}
	}
}
