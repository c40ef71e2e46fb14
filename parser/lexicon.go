package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// label is what a line of a quoted header names.
type label int

const (
	labelNone label = iota
	labelFrom
	labelDate
	labelTo
	labelCc
	labelSubject
	labelOther
)

// lexicon is the table of languages, turned into what lines are looked up in.
// It is built once per Parser and only read after that.
type lexicon struct {
	labels    map[string]label
	original  map[string]bool
	forwarded map[string]bool
	starts    map[string]bool // first words of "On … wrote:"
	wrote     []verb
	device    map[string][]string // by first word; the phrases are whole
	closing   map[string]bool
	ownLine   []string
}

// verb is "wrote" in some language.
type verb struct {
	word     string
	named    bool // the writer's name may stand behind it
	unspaced bool // of a script without blanks between words
}

func newLexicon() *lexicon {
	x := &lexicon{
		labels: map[string]label{}, original: map[string]bool{}, forwarded: map[string]bool{},
		starts: map[string]bool{}, closing: map[string]bool{}, device: map[string][]string{},
	}
	seen := map[verb]bool{}
	for _, l := range languages {
		x.addLabels(labelFrom, l.from)
		x.addLabels(labelDate, l.date)
		x.addLabels(labelTo, l.to)
		x.addLabels(labelCc, l.cc)
		x.addLabels(labelSubject, l.subject)
		addAll(x.original, l.original)
		addAll(x.forwarded, l.forwarded)
		addAll(x.closing, l.closing)
		for _, w := range l.on {
			first, _, _ := strings.Cut(w, " ")
			x.starts[first] = true
		}
		for _, w := range l.wrote {
			word, named := strings.CutPrefix(w, "…")
			v := verb{word: word, named: named, unspaced: isUnspaced(word)}
			if !seen[v] {
				seen[v] = true
				x.wrote = append(x.wrote, v)
			}
		}
		for _, phrase := range l.device {
			first, _, _ := strings.Cut(phrase, " ")
			x.device[first] = append(x.device[first], phrase)
		}
		x.ownLine = append(x.ownLine, l.ownLine...)
	}
	delete(x.starts, "")
	for _, w := range otherLabels {
		if x.labels[w] == labelNone {
			x.labels[w] = labelOther
		}
	}
	return x
}

// addLabels adds the words for one kind of label. Where two languages use one
// word differently, the one that stands first in the table wins.
func (x *lexicon) addLabels(kind label, words []string) {
	for _, w := range words {
		if x.labels[w] == labelNone {
			x.labels[w] = kind
		}
	}
}

// otherLabels stand in quoted headers too, but make none.
var otherLabels = []string{
	"reply-to", "svar til", "antwort an", "répondre à", "responder a", "rispondi a", "importance", "prioritet", "vigtighed", "priorité",
	"wichtigkeit", "attachments", "vedhæftede filer", "vedhæftet", "anlagen", "anhänge", "pièces jointes", "adjuntos", "allegati", "bijlagen",
	"bilagor", "vedlegg", "załączniki", "mailed-by", "signed-by", "sensitivity", "organization", "newsgroups", "x-mailer", "message-id",
}

func addAll(set map[string]bool, words []string) {
	for _, w := range words {
		set[w] = true
	}
}

// isUnspaced reports whether the word is of a script without blanks.
func isUnspaced(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// plainLine brings a line to the form in which the lexicon is asked: lower
// case, without the marks of bold and italics, no-break blanks as blanks.
func plainLine(s string) string {
	if len(s) > 1000 {
		s, _ = cutText(s, 1000)
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\u00a0', '\u202f', '\u2007', '\t':
			return ' '
		case '*', '\u200b', '\u200e', '\u200f', '\ufeff', '\u00ad':
			return -1
		case '’':
			return '\''
		}
		return unicode.ToLower(r)
	}, s)
	return strings.TrimSpace(s)
}
