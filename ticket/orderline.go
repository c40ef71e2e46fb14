package ticket

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// cutCommand parts a line that begins with a number sign and a word. It tells
// the command word, if the line bears one, and what stands behind it.
func cutCommand(line string) (c commandLine, ok bool) {
	unseen := func(r rune) bool { return isBlankRune(r) || unicode.Is(unicode.Cf, r) }
	sign, rest := cutFirst(strings.TrimLeftFunc(line, unseen))
	if sign != '#' && sign != '＃' {
		return commandLine{}, false
	}
	rest = strings.TrimLeftFunc(rest, unseen)
	if first, _ := cutFirst(rest); !unicode.IsLetter(first) {
		return commandLine{}, false // "#1", "##", "# "
	}
	const longest = 40 // bytes; no command word is longer
	word, behind := cutWord(rest)
	if second, further := cutWord(strings.TrimLeftFunc(behind, isBlankRune)); second != "" && len(word)+len(second) < longest {
		if w, known := findVerb(word + " " + second); known { // #ikke nu
			return commandLine{typed: word + " " + second, word: w, known: true, rest: trimCommand(further)}, true
		}
	}
	c = commandLine{typed: word, rest: trimCommand(behind)}
	if len(word) < longest {
		c.word, c.known = findVerb(word)
	}
	return c, true
}

// commandLine is a line as it parts: the word behind the sign and the rest.
type commandLine struct {
	typed string // as written, without the sign
	word  CommandWord
	known bool
	rest  string
}

// cutWord cuts one word, which may hold hyphens, off a line.
func cutWord(s string) (word, rest string) {
	i := strings.IndexFunc(s, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Cf) && r != '-' && r != '_'
	})
	if i < 0 {
		i = len(s)
	}
	word = strings.TrimRight(s[:i], "-_")
	return word, s[len(word):]
}

// trimCommand drops what people put between a command and its text: "#svar:",
// "#severity = high"; and the ellipsis that letters put there for the text, so that
// a line which is only copied from one says nothing.
func trimCommand(rest string) string {
	return strings.TrimSpace(strings.TrimLeftFunc(rest, func(r rune) bool { return isBlankRune(r) || strings.ContainsRune(":;,.=!–—-…", r) }))
}

func isBlankRune(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Zs, r) }

// Readers of what stands behind a command word.

func readInto(f OrderField) func(*Order, string) {
	return func(o *Order, rest string) { *o.at(f) = rest }
}

// readClassify sorts words by what they are: a severity, a kind, else the
// category.
func readClassify(o *Order, rest string) {
	var category []string
	for _, w := range strings.FieldsFunc(rest, func(r rune) bool { return isBlankRune(r) || r == ',' || r == '/' || r == ';' }) {
		if severity, ok := findTerm(w, severityTerms); ok && o.Severity == "" {
			o.Severity = Severity(severity)
		} else if kind, ok := findTerm(w, kindTerms); ok && o.Kind == "" {
			o.Kind = Kind(kind)
		} else {
			category = append(category, w)
		}
	}
	o.Category = strings.Join(category, " ")
}

func readPlan(o *Order, rest string) {
	if sameWord(unwrap(plainText(rest)), "hotfix") {
		o.Hotfix = true
		return
	}
	o.Sprint = rest
}

// readTest knows a workaround by its first words.
func readTest(o *Order, rest string) {
	first := strings.Fields(rest)
	for n := min(2, len(first)); n > 0; n-- {
		if result, ok := findTerm(strings.Join(first[:n], " "), resultTerms); ok && result == string(ResultWorkaround) {
			o.Result, rest = ResultWorkaround, trimCommand(afterFields(rest, n))
			break
		}
	}
	o.Text = rest
}

func readClose(o *Order, rest string) {
	if closing, ok := findTerm(rest, closingTerms); ok && closing == string(ClosingConfirmed) {
		o.Closing = ClosingConfirmed
		return
	}
	o.Reason = rest
}

func readAccept(o *Order, rest string) {
	o.Quarter, o.Text = cutValue(rest, 3, readQuarter)
	o.Text = trimCommand(o.Text)
}

func readDefer(o *Order, rest string) {
	o.Review, o.Reason = cutValue(rest, 3, readDate)
	o.Reason = trimCommand(o.Reason)
}

// readInvite keeps the name that stands around an address.
func readInvite(o *Order, rest string) {
	o.Address = rest
	if i := strings.LastIndex(rest, "<"); i > 0 {
		o.Name = strings.Trim(rest[:i], " \t\"'")
	}
}

var askNumber = regexp.MustCompile(`^[ \t]*(?:\(?[0-9]{1,2}[.):]|[-*•–])[ \t\x{00a0}]+(.*)$`)

// ask reads the lines below #spørg: numbered or listed lines are the questions,
// with the lines directly below them; what stands around the list is text.
// Without a list, lines that all end with a question mark are the questions.
func (o *Order) ask(below []string) {
	text, questions := []string{o.Text}, [][]string(nil)
	open := false // the line before belongs to a question
	for _, line := range below {
		line = strings.TrimRight(line, " \t\r")
		m := askNumber.FindStringSubmatch(line)
		switch {
		case m != nil:
			questions = append(questions, []string{m[1]})
			open = true
		case isBlankLine(line):
			open = false
			text = append(text, "")
		case open:
			last := len(questions) - 1
			questions[last] = append(questions[last], strings.TrimSpace(line))
		default:
			text = append(text, line)
		}
	}
	for _, q := range questions {
		o.Questions = append(o.Questions, strings.Join(q, " "))
	}
	o.Text = strings.TrimSpace(strings.Join(text, "\n"))
	lines := strings.FieldsFunc(o.Text, func(r rune) bool { return r == '\n' })
	statement := func(l string) bool { return !strings.HasSuffix(strings.TrimSpace(l), "?") }
	if len(o.Questions) == 0 && !slices.ContainsFunc(lines, statement) {
		o.Questions, o.Text = lines, ""
	}
}
