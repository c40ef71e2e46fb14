package ticket

import (
	"sync"
)

// Verb is what an order asks for, by its canonical English name.
type Verb string

// Verbs of the process.
const (
	VerbClassify Verb = "classify"
	VerbPlan     Verb = "plan"
	VerbStart    Verb = "start"
	VerbTest     Verb = "test"
	VerbPass     Verb = "pass"
	VerbFail     Verb = "fail"
	VerbResolve  Verb = "resolve"
	VerbClose    Verb = "close"
	VerbReopen   Verb = "reopen"
	VerbAsk      Verb = "ask"
	VerbReply    Verb = "reply"
	VerbNote     Verb = "note"
	VerbAssign   Verb = "assign"
	VerbMerge    Verb = "merge"
	VerbLink     Verb = "link"
	VerbAccept   Verb = "accept"
	VerbDefer    Verb = "defer"
	VerbDecline  Verb = "decline"
	VerbTitle    Verb = "title"
	VerbInvite   Verb = "invite"
	VerbDismiss  Verb = "dismiss"
	VerbStatus   Verb = "status"
	VerbUndo     Verb = "undo"
	VerbHelp     Verb = "help"
)

// Wording is a text for staff in the two languages they are written to.
type Wording struct{ Danish, English string }

// In is the text in a language: Danish for da, else English.
func (w Wording) In(language string) string {
	if language == "da" {
		return w.Danish
	}
	return w.English
}

// CommandWord is a word by which staff give an order. A word whose Name is its
// Verb is the verb itself and stands at every door; the others are short forms
// for mail (#severity is classify with one field).
type CommandWord struct {
	Verb    Verb
	Name    string // English
	Danish  string
	Aliases []string
	Takes   Wording // what follows it in mail; "" for nothing
	About   Wording // one line of help
	Fields  []OrderField
	Needs   []OrderField // of Fields: no order without these
	Roles   []Role       // who may, where the ticket's state lets them

	line   func(o *Order, rest string) // reads what stands behind it in mail; nil: nothing may
	body   bodyKind
	parts  map[OrderField][]string // labels in its body, and what they fill
	itself Order                   // what the word alone says
}

// Short reports whether the word is a short form for mail.
func (w CommandWord) Short() bool { return string(w.Verb) != w.Name }

// bodyKind says whether the lines below a command in mail belong to it.
type bodyKind int

const (
	bodyNone      bodyKind = iota
	bodyAll                // all lines up to the next command word
	bodyParagraph          // where its text does not stand beside it: lines up to a blank one
)

// VerbNamed finds a command word by its English or Danish name or an alias, in
// any case and with or without Danish letters.
func VerbNamed(name string) (CommandWord, bool) { return findVerb(name) }

func findVerb(name string) (CommandWord, bool) {
	index := verbIndex()
	for _, s := range spellings(joined(plainText(name))) {
		if w, ok := index[s]; ok {
			return w, true
		}
	}
	return CommandWord{}, false
}

// verbIndex finds command words by every spelling of their names; it is made
// once and only read. Where two words share one, the earlier row has it.
var verbIndex = sync.OnceValue(func() map[string]CommandWord {
	index := map[string]CommandWord{}
	for _, w := range Verbs() {
		for _, name := range w.names() {
			for _, s := range spellings(joined(name)) {
				if _, taken := index[s]; !taken {
					index[s] = w
				}
			}
		}
	}
	return index
})

func (w CommandWord) names() []string { return append([]string{w.Name, w.Danish}, w.Aliases...) }

func verbNames() []string {
	var names []string
	for _, w := range Verbs() {
		names = append(names, w.names()...)
	}
	return names
}

// nearest is the name that a typed word is probably meant to be, for a
// suggestion and never to act upon; "" if none is near.
func nearest(typed string, names []string) string {
	const longest = 30 // bounds the work; no command is longer
	typed = joined(typed)
	if n := len([]rune(typed)); n < 2 || n > longest {
		return ""
	}
	best, at := "", 3 // two wrong letters at most
	for _, name := range names {
		for _, s := range spellings(name) {
			d := distance(typed, s)
			if d < at && 2*d < len([]rune(s)) {
				best, at = name, d
			}
		}
	}
	return best
}
