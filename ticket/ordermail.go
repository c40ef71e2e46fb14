package ticket

import (
	"slices"
	"strings"
)

// OrderLine is one order that a mail gave, or what kept it from being one.
type OrderLine struct {
	Lines   []int       // of the text, from 1, that it was read from, texts below included
	Written string      // these lines as they stand
	Order   Order       // in canonical form; zero where Err is set
	Err     *OrderError // why nothing will be done for these lines
}

// maxOrders bounds what one mail can ask for.
const maxOrders = 50

// ReadOrders reads the commands in the new text of a staff member's mail.
//
// Commands stand at the top, one a line: a number sign, a word of Verbs in
// Danish or English, and what it takes. If the first line that is not blank
// does not begin so, the mail is all text. Lines of one mail that set severity,
// category and kind are one order.
//
// The lines below #svar, #note, #offentlig, #spørg, #løst, #test and
// #workaround belong to them until the next line that begins with a known
// command word; a line as "#1 på listen" or "#kunde" is text there. Below
// #bestået, #fejlet, #senere and #nej, where their text does not stand beside
// the word, it is the lines up to a blank one or "Mvh". All other text ends the
// commands: it is the rest, which stays inside. A command further down is not
// carried out but reported, since the text it stands in may only speak of it.
//
// A line at the top that begins as a command and is none is reported with the
// nearest one; nothing is done by guess. Every line of the text is in exactly
// one OrderLine or in rest.
func ReadOrders(text string, terms OrderTerms) (orders []OrderLine, rest string) {
	r := orderReader{terms: terms, lines: strings.Split(text, "\n"), top: true}
	if !r.begins() {
		return nil, strings.TrimSpace(text)
	}
	for r.next < len(r.lines) {
		r.read()
	}
	return r.orders, strings.TrimSpace(strings.Join(r.rest, "\n"))
}

type orderReader struct {
	terms  OrderTerms
	lines  []string
	next   int  // the line to read
	top    bool // no loose text yet
	orders []OrderLine
	rest   []string
}

// begins reports whether the first line that is not blank looks like a command.
func (r *orderReader) begins() bool {
	i := slices.IndexFunc(r.lines, func(l string) bool { return !isBlankLine(l) })
	if i < 0 {
		return false
	}
	_, ok := cutCommand(r.lines[i])
	return ok
}

func isBlankLine(l string) bool { return strings.TrimSpace(plainText(l)) == "" }

// read reads one line, or a command with the lines below that are its own.
func (r *orderReader) read() {
	from := r.next
	r.next++
	line := r.lines[from]
	command, ok := cutCommand(line)
	switch {
	case ok && !r.top && command.known:
		r.fault(from, &OrderError{Code: OrderPlace, Verb: command.word.Verb, Value: command.typed})
	case ok && len(r.orders) >= maxOrders && command.known:
		r.fault(from, &OrderError{Code: OrderMany, Verb: command.word.Verb, Value: command.typed})
	case ok && r.top && !command.known && len(r.orders) < maxOrders:
		r.fault(from, &OrderError{Code: OrderUnknown, Value: command.typed, Suggest: suggestion(command.typed)})
	case ok && r.top && command.known:
		r.order(from, command)
	default:
		r.rest = append(r.rest, line)
		r.top = r.top && isBlankLine(line)
	}
}

// suggestion is the command that was probably meant. A value standing alone
// suggests the command that sets it.
func suggestion(typed string) string {
	for _, setting := range []struct {
		command string
		terms   []Term
	}{{"severity", severityTerms}, {"kind", kindTerms}} {
		if name, ok := findTerm(typed, setting.terms); ok {
			return setting.command + " " + name
		}
	}
	if sameWord(plainText(typed), "hotfix") {
		return "plan hotfix"
	}
	return nearest(plainText(typed), verbNames())
}

func (r *orderReader) fault(from int, err *OrderError) {
	r.orders = append(r.orders, OrderLine{Lines: r.numbers(from), Written: r.written(from), Err: err})
}

func (r *orderReader) numbers(from int) []int {
	var n []int
	for i := from; i < r.next; i++ {
		n = append(n, i+1)
	}
	return n
}

func (r *orderReader) written(from int) string {
	return strings.TrimRight(strings.Join(r.lines[from:r.next], "\n"), " \t\r\n")
}

// order reads a command and the lines below that belong to it.
func (r *orderReader) order(from int, c commandLine) {
	o := Order{Verb: Verb(c.word.Name)}
	rest := c.rest
	if c.word.line != nil {
		c.word.line(&o, rest)
		rest = ""
	}
	if c.word.body != bodyNone {
		o.add(c.word, r.body(c.word, *o.at(c.word.own()) != ""))
	}
	if rest != "" {
		r.fault(from, &OrderError{Code: OrderExtra, Verb: c.word.Verb, Value: rest})
		return
	}
	if err := o.read(r.terms); err != nil {
		r.fault(from, err)
		return
	}
	l := OrderLine{Lines: r.numbers(from), Written: r.written(from), Order: o}
	if o.Verb == VerbClassify {
		r.classify(l)
		return
	}
	r.orders = append(r.orders, l)
}

// own is the field that the text of a command fills.
func (w CommandWord) own() OrderField {
	if slices.Contains(w.Fields, FieldText) && w.parts[FieldText] == nil {
		return FieldText
	}
	return w.Needs[0] // pass: verified; defer, decline: reason
}

// body takes the lines that belong to a command, which has its text already or
// still wants it.
func (r *orderReader) body(w CommandWord, has bool) []string {
	from := r.next
	if w.body == bodyParagraph && has && !r.partFollows(w) {
		return nil
	}
	for r.next < len(r.lines) {
		line := r.lines[r.next]
		if next, ok := cutCommand(line); ok && next.known {
			break
		}
		if w.body == bodyParagraph && (isBlankLine(line) || signsOff(line)) {
			break
		}
		r.next++
	}
	return r.lines[from:r.next]
}

// partFollows reports whether the next line is a labelled part of the command,
// which then has a body in any case.
func (r *orderReader) partFollows(w CommandWord) bool {
	if r.next >= len(r.lines) {
		return false
	}
	_, _, ok := w.part(r.lines[r.next])
	return ok
}

// part reads a label at the beginning of a line, "Gælder ikke: eksport".
func (w CommandWord) part(line string) (f OrderField, rest string, ok bool) {
	label, rest, found := strings.Cut(line, ":")
	if !found || len(label) > 40 {
		return "", "", false
	}
	typed := strings.TrimSpace(plainText(label))
	for f, labels := range w.parts {
		if slices.ContainsFunc(labels, func(l string) bool { return sameWord(typed, l) }) {
			return f, rest, true
		}
	}
	return "", "", false
}

// add fills in the lines below a command: up to the first label its own text,
// from there on the labelled parts.
func (o *Order) add(w CommandWord, below []string) {
	if w.Verb == VerbAsk {
		o.ask(below)
		return
	}
	field := w.own()
	texts := map[OrderField][]string{field: {*o.at(field)}}
	for _, line := range below {
		if f, rest, ok := w.part(line); ok {
			field, line = f, strings.TrimSpace(rest)
		}
		texts[field] = append(texts[field], strings.TrimRight(line, " \t\r"))
	}
	for f, lines := range texts {
		*o.at(f) = strings.Trim(strings.Join(lines, "\n"), "\n")
	}
}

// classifyFields are those that lines of their own may set.
var classifyFields = []OrderField{FieldSeverity, FieldCategory, FieldKind, FieldReason}

// classify joins what sets severity, category and kind, and why, into the first order
// that does, so that the reporter is told once.
func (r *orderReader) classify(l OrderLine) {
	i := slices.IndexFunc(r.orders, func(have OrderLine) bool { return have.Err == nil && have.Order.Verb == VerbClassify })
	if i < 0 {
		r.orders = append(r.orders, l)
		return
	}
	have := &r.orders[i]
	for _, f := range classifyFields {
		old, now := *have.Order.at(f), *l.Order.at(f)
		if old != "" && now != "" && old != now {
			l.Order, l.Err = Order{}, &OrderError{Code: OrderConflict, Verb: VerbClassify, Field: f, Value: now, Possible: []string{old}}
			r.orders = append(r.orders, l)
			return
		}
	}
	for _, f := range classifyFields {
		if now := *l.Order.at(f); now != "" {
			*have.Order.at(f) = now
		}
	}
	have.Lines = append(have.Lines, l.Lines...)
	have.Written += "\n" + l.Written
}
