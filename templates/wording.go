package templates

import (
	"fmt"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// Wording is what letters call things in one language, for pages that speak of the
// same: names of states, severities and categories, and dates in the desk's zone.
type Wording struct {
	language language
	set      *Set
}

// Wording is that of a language, or of the nearest that there are letters in.
func (s *Set) Wording(tag string) Wording {
	for _, near := range s.candidates(tag) {
		if l, ok := s.languages[near]; ok {
			return Wording{l, s}
		}
	}
	return Wording{s.languages[s.defaultLanguage], s}
}

// Language is the tag of the words.
func (w Wording) Language() string { return w.language.tag }

// State is the label of a state.
func (w Wording) State(s ticket.State) string { return w.language.words.States[s] }

// Severity is the name of a severity; "" for none.
func (w Wording) Severity(s ticket.Severity) string { return w.language.words.Severities[s] }

// Category is the name of a category.
func (w Wording) Category(category string) string { return w.language.words.category(category) }

// Reported and Confirmed say whose word a severity is.
func (w Wording) Reported() string  { return w.language.words.Reported }
func (w Wording) Confirmed() string { return w.language.words.Confirmed }

// Next is the label before what happens next; Follow that of a link to the ticket.
func (w Wording) Next() string   { return w.language.words.Next }
func (w Wording) Follow() string { return w.language.words.Follow }

// Label is a word with the sign that parts it from what follows.
func (w Wording) Label(word string) string { return w.language.words.Label(word) }

// Date is a day with its year; "" for none, here and below.
func (w Wording) Date(t time.Time) string { return w.language.words.date(w.set.local(t)) }

// DateAndTime is a point of time.
func (w Wording) DateAndTime(t time.Time) string { return w.language.words.dateAndTime(w.set.local(t)) }

// Day is a day without its year.
func (w Wording) Day(t time.Time) string { return w.language.words.day(w.set.local(t)) }

// Clock is a time of day.
func (w Wording) Clock(t time.Time) string { return w.language.words.clock(w.set.local(t)) }

// Days is a range with its first and last day.
func (w Wording) Days(first, last time.Time) string {
	return w.language.words.days(w.set.local(first), w.set.local(last))
}

// Period is a quarter in words, from 2026-Q4; a year is itself.
func (w Wording) Period(p string) string { return w.language.words.period(p) }

// Ticket and Sprint are what those are called before a name.
func (w Wording) Ticket() string { return w.language.words.Ticket }
func (w Wording) Sprint() string { return w.language.words.Sprint }

// Standing is what a letter on the status of a ticket says of it, for a page that
// says the same: which sprint its fix is in, and what comes next; each "" where there
// is nothing to say.
func (s *Set) Standing(n ticket.Notice) (fix, next string, err error) {
	n.Kind = ticket.NoticeStatus
	lang, t, err := s.find(n)
	if err != nil {
		return "", "", err
	}
	v := s.view(n, lang)
	said := [2]string{}
	for i, part := range []string{"fix", "after"} {
		var b strings.Builder
		if err := t.ExecuteTemplate(&b, part, v); err != nil {
			return "", "", fmt.Errorf("saying how %s stands: %w", n.Ticket, err)
		}
		said[i] = ownLine(b.String())
	}
	return said[0], said[1], nil
}
