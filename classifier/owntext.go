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

// machineLevels are the words by which programs grade what they print.
var machineLevels = [...]string{
	"CRITICAL", "CRIT", "FATAL", "ERROR", "ERR", "WARNING", "WARN", "INFO", "NOTICE", "DEBUG", "TRACE", "ALERT", "EMERG", "EMERGENCY",
	"URGENT", "HIGH", "LOW", "SEVERE", "PROBLEM", "OK",
}

// machineLine reports a line that a program printed: it bears a level in the
// manner of logs, or the marks of a console or of structured data.
func machineLine(s string) bool {
	switch {
	case s == "":
		return false
	case strings.HasPrefix(s, "$ "), strings.HasPrefix(s, "{\""), strings.HasPrefix(s, "{ \""), strings.HasPrefix(s, "<?xml"),
		strings.HasPrefix(s, "at ") && strings.HasSuffix(s, ")"), strings.HasPrefix(s, "Traceback"), strings.HasPrefix(s, "\"") && strings.Contains(s, "\": "):
		return true
	}
	if strings.ContainsAny(s, "=\"") {
		lower := strings.ToLower(s)
		for _, mark := range []string{"level=", "severity=", "lvl=", "priority=", "\"level\":", "\"severity\":", "status="} {
			if strings.Contains(lower, mark) {
				return true
			}
		}
	}
	if !hasCapitals(s) {
		return false
	}
	words := strings.Fields(s)
	stamped := timestamp(words[0])
	for _, w := range words[:min(len(words), 4)] {
		stamped = stamped || strings.Count(w, ":") == 2 && timestamp(w) // syslog puts the date before
	}
	for i, w := range words {
		level, rest := levelWord(w)
		switch {
		case level == "":
			continue
		case i == 0 && strings.HasPrefix(rest, ":") && assigns(s):
			return true // CRITICAL: job stopped (rc=3)
		case stamped:
			return true // 2026-11-16 09:12:01 CRITICAL …
		case rest != "" && (rest[0] == ':' || rest[0] == '/') && len(rest) > 1 && isASCII(rest) && !spacedColon(rest):
			return true // CRITICAL:root:…
		case strings.HasPrefix(w, "[") && i > 0 && strings.HasPrefix(words[i-1], "["), strings.HasPrefix(w, "[") && i == 0 && len(words) > 1 && strings.HasPrefix(words[1], "["):
			return true // [app] [CRITICAL] …
		case rest == "" && probe(words, i):
			return true // DISK CRITICAL - free space: / 3%
		}
	}
	return false
}

// hasCapitals reports two capital letters in a row, without which there is no
// level to look for.
func hasCapitals(s string) bool {
	for i := 1; i < len(s); i++ {
		if 'A' <= s[i] && s[i] <= 'Z' && 'A' <= s[i-1] && s[i-1] <= 'Z' {
			return true
		}
	}
	return false
}

// assigns reports what only programs write in a sentence: rc=3, sync_job.
func assigns(s string) bool {
	for i := 1; i+1 < len(s); i++ {
		if (s[i] == '=' || s[i] == '_') && letterOrDigit(s[i-1]) && letterOrDigit(s[i+1]) {
			return true
		}
	}
	return false
}

func letterOrDigit(c byte) bool { return alnum(c|0x20) || alnum(c) }

// levelWord parts a level, in capitals, from what is written against it.
func levelWord(w string) (level, rest string) {
	w = strings.TrimLeft(w, "[(<*|")
	n := 0
	for n < len(w) && 'A' <= w[n] && w[n] <= 'Z' {
		n++
	}
	for _, l := range machineLevels {
		if w[:n] == l {
			return l, strings.TrimLeft(w[n:], "])>*|")
		}
	}
	return "", ""
}

// spacedColon reports a colon that people set: nothing, or a word, follows it.
func spacedColon(rest string) bool {
	rest = strings.TrimLeft(rest, ":/")
	if rest == "" {
		return true
	}
	for i := range len(rest) {
		if rest[i] == ':' || rest[i] == '.' && i+1 < len(rest) || rest[i] == '/' {
			return false
		}
	}
	return true
}

// probe reports the one-line answer of a monitoring check: a name in capitals or
// "is" before the level, a dash or a colon after it, and figures.
func probe(words []string, i int) bool {
	if i > 1 && words[i-1] == "is" && strings.ContainsAny(words[i-2], "/.0123456789") {
		return true // web01/HTTP is CRITICAL
	}
	if i == 0 || i+1 >= len(words) {
		return false
	}
	name := strings.Trim(words[i-1], "*:[]")
	if name != strings.ToUpper(name) || len(name) < 2 || words[i+1] != "-" && words[i+1] != ":" && words[i+1] != "|" {
		return false
	}
	rest := strings.Join(words[i+1:], " ")
	return strings.ContainsFunc(rest, unicode.IsDigit) && isASCII(name)
}

// timestamp reports whether a line's first word is a date or a time of day as
// programs write them.
func timestamp(w string) bool {
	w = strings.Trim(w, "[]()<>,")
	digits, seps := 0, 0
	for i := range len(w) {
		switch c := w[i]; {
		case '0' <= c && c <= '9':
			digits++
		case c == ':' || c == '-' || c == '/' || c == '.' || c == 'T' || c == 'Z' || c == '+':
			seps++
		default:
			return false
		}
	}
	return digits >= 4 && seps >= 1
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
