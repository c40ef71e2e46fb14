package desk

import (
	"strings"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// undo takes the last command on a ticket back, with the letters that it owes.
func (d *Desk) undo(tx *store.Tx, t ticket.Ticket, o asked) (Change, error) {
	events, err := tx.Events(t.ID)
	if err != nil {
		return Change{}, err
	}
	c := ticket.Undo{}
	first := len(events) - 1
	for first > 0 && events[first-1].Command == events[first].Command {
		first--
	}
	if first >= 0 {
		c.Undoes, c.Before = events[first:], ticket.Ticket{}.Apply(events[:first]...)
		if c.Left, err = d.withdraw(tx, t, c.Undoes[0].Number); err != nil {
			return Change{}, err
		}
	}
	return d.do(tx, t, c, o.occasion)
}

// withdraw takes back the letters that the events of a ticket from a number on
// owe, and reports whether one of them has left. What answered a mail stays.
func (d *Desk) withdraw(tx *store.Tx, t ticket.Ticket, from int) (left bool, err error) {
	notices, err := tx.Notices(t)
	if err != nil {
		return false, err
	}
	for _, n := range notices { // not in the order of the events, where a replay gave old numbers back
		if n.Event < from {
			continue
		}
		back, err := tx.Withdraw(n)
		if err != nil || !back {
			return true, err
		}
	}
	return false, nil
}

// opposite is the line of mail that takes an order back once it is done; "" where
// there is none.
func opposite(done Change, o ticket.Order, language string) string {
	before := done.Before
	line := func(word string, values ...string) string {
		w, _ := ticket.VerbNamed(word)
		return strings.TrimSpace("#" + w.In(language) + " " + strings.Join(values, " "))
	}
	switch o.Verb {
	case ticket.VerbClassify:
		switch set := len(o.Fields()); {
		case before.Severity == "": // it was not classified, and cannot be so again
		case o.Severity != "" && set == 1:
			return line("severity", before.Severity.In(language))
		case o.Category != "" && set == 1:
			return line("category", before.Category.Name)
		case o.Kind != "" && set == 1:
			return line("kind", before.Kind.In(language))
		default:
			return line("classify", before.Severity.In(language), before.Category.Name, string(before.Kind))
		}
	case ticket.VerbPlan:
		if before.Sprint.Name != "" {
			return line("plan", before.Sprint.Name)
		}
	case ticket.VerbAssign:
		if before.Assignee != "" {
			return line("assign", before.Assignee)
		}
	case ticket.VerbTitle:
		if before.Title != "" {
			return line("title", before.Title)
		}
	case ticket.VerbPass, ticket.VerbResolve, ticket.VerbClose, ticket.VerbDecline:
		return line("reopen")
	}
	return ""
}
