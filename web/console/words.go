package console

import (
	"slices"

	"aismarttalk.tech/supportd/ticket"
)

// offered reports whether a word of the table of verbs has a panel: all verbs that are
// given to a ticket, and the public note, which mail has as a short form and people
// must not mistake for the internal one.
func offered(w ticket.CommandWord) bool {
	if w.Name == "public" {
		return true
	}
	return !w.Short() && w.Verb != ticket.VerbHelp && w.Verb != ticket.VerbStatus
}

// commandWord finds the word of a panel by its name.
func commandWord(name string) (ticket.CommandWord, bool) {
	for _, w := range ticket.Verbs() {
		if w.Name == name {
			return w, offered(w)
		}
	}
	return ticket.CommandWord{}, false
}

// wordName is what a command is called on its button.
func (c *Console) wordName(w ticket.CommandWord, lang string) string {
	name, err := c.pages.In(lang).T("do." + w.Name)
	if err != nil { // a verb that is newer than the words
		return ticket.Wording{Danish: w.Danish, English: w.Name}.In(lang)
	}
	return name
}

// fieldsOf are the fields of a panel. What its word says by itself is not asked for.
func fieldsOf(w ticket.CommandWord) []ticket.OrderField {
	return slices.DeleteFunc(slices.Clone(w.Fields), func(f ticket.OrderField) bool {
		switch f {
		case ticket.FieldPublic:
			return true
		case ticket.FieldText:
			return w.Name == "ask" // its questions stand one a line
		}
		return false
	})
}
