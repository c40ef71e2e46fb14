package search

import (
	"slices"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// DocumentOf gathers what can be found of a ticket: what was written on it by
// mail, by staff in answers and in notes, who takes part, and the names of files.
func DocumentOf(t ticket.Ticket, events []ticket.Event) Document {
	d := Document{ID: t.ID, Subject: t.Subject, Version: Version{Updated: t.Updated, Events: t.Events}}
	for _, e := range events {
		if text := written(e); text != "" {
			d.Texts = append(d.Texts, text)
		}
	}
	var others []string
	for _, p := range t.Participants {
		if p.Reporter {
			d.Reporter = lines(p.Name, p.Address)
		} else {
			others = append(others, p.Name, p.Address)
		}
	}
	if len(others) > 0 {
		d.Texts = append(d.Texts, lines(others...))
	}
	return d
}

// written is what an event says in words. What is short comes first, so that a
// long text does not crowd it out.
func written(e ticket.Event) string {
	var parts []string
	if m := e.Entry; m != nil {
		parts = append(parts, m.From.Name, m.From.Address)
		if e.Kind != ticket.EventOpened { // its subject is the ticket's
			parts = append(parts, m.Subject)
		}
		for _, a := range m.Attachments {
			parts = append(parts, a.Filename)
		}
		parts = append(parts, m.Text)
	}
	return lines(append(parts, e.Text, e.Verified, e.Limits, e.Reason)...)
}

// lines joins what is not empty.
func lines(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return strings.TrimSpace(p) == "" }), "\n")
}
