package ticket

import "time"

// Merge closes a duplicate, which goes on in another ticket. The desk gives the
// other one Absorb in the same commit.
type Merge struct {
	Into   Ticket
	Policy Policy
}

func (c Merge) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if err := allow(by, Wording{"flette billetter", "merge tickets"}, RoleSupport); err != nil {
		return nil, err
	}
	switch {
	case c.Into.ID == "":
		return nil, Refuse(RefusedInput,
			"say into which ticket it is merged; there is none of that ID",
			"skriv, hvilken billet den flettes ind i; der er ingen med det sporings-ID")
	case c.Into.ID == t.ID:
		return nil, Refuse(RefusedInput, "ticket %s cannot be merged into itself", "billet %s kan ikke flettes ind i sig selv", t.ID)
	case t.State == StateClosed:
		return nil, t.notNow(Wording{"flettes", "be merged"}, Wording{})
	case t.Started:
		return nil, Refuse(RefusedState,
			"a developer works on ticket %s: merge the other one into it",
			"en udvikler arbejder på billet %s: Flet den anden ind i den", t.ID)
	case c.Into.MergedInto != "":
		return nil, Refuse(RefusedState, "ticket %s was itself merged into %s", "billet %s er selv flettet ind i %s", c.Into.ID, c.Into.MergedInto)
	case c.Into.State == StateClosed:
		return nil, Refuse(RefusedState,
			"ticket %s is closed: merge into one that is open",
			"billet %s er lukket: Flet ind i en, der er åben", c.Into.ID)
	}
	return []Event{{Kind: EventMerged, Other: c.Into.ID, Closing: ClosingMerged, ReopenBy: now}}, nil
}

// Absorb takes the reporters of a duplicate over: they hear of this ticket from
// now on.
type Absorb struct{ From Ticket }

func (c Absorb) decide(Ticket, Actor, time.Time) ([]Event, error) {
	joined := c.From.Joined
	if r, ok := c.From.Reporter(); ok && !c.From.Silent {
		joined = append([]Joined{{
			ID: c.From.ID, Address: r.Address, Subject: c.From.Subject, Language: c.From.Language,
			Neutral: c.From.Neutral, Thread: c.From.Thread,
		}}, joined...)
	}
	return []Event{{Kind: EventAbsorbed, Other: c.From.ID, Joined: joined}}, nil
}

// Link notes that two tickets have to do with each other. The desk gives it to
// both.
type Link struct{ Other ID }

func (c Link) decide(t Ticket, by Actor, _ time.Time) ([]Event, error) {
	if err := allow(by, Wording{"lade billetter henvise til hinanden", "link tickets"}, RoleSupport, RoleDev, RoleQA, RoleOwner); err != nil {
		return nil, err
	}
	if c.Other == t.ID {
		return nil, Refuse(RefusedInput, "ticket %s cannot be linked to itself", "billet %s kan ikke henvise til sig selv", t.ID)
	}
	for _, id := range t.Links {
		if id == c.Other {
			return nil, nil
		}
	}
	return []Event{{Kind: EventLinked, Other: c.Other}}, nil
}

// Undo takes back the last command of staff on a ticket, as long as no letter of
// it has left. The desk finds out which events that are, what the ticket was
// before them, and whether their letters could be withdrawn.
type Undo struct {
	Undoes []Event // of one command, the last ones that somebody gave
	Before Ticket  // without them
	Left   bool    // a letter has left, or may have
}

func (c Undo) decide(t Ticket, by Actor, _ time.Time) ([]Event, error) {
	if len(c.Undoes) == 0 {
		return nil, Refuse(RefusedState, "there is nothing to undo on ticket %s", "der er ikke noget at fortryde på billet %s", t.ID)
	}
	first := c.Undoes[0]
	switch {
	case first.By.Address != by.Address:
		return nil, Refuse(RefusedRole,
			"the last command on ticket %s was %s's: only who gave it may undo it",
			"den seneste kommando på billet %s kom fra %s: Kun afsenderen kan fortryde den", t.ID, first.By.Address)
	case c.Left:
		return nil, Refuse(RefusedLate,
			"a letter of it has left already, and what is sent stays sent; give the opposite command",
			"et brev om det er allerede sendt og kan ikke kaldes tilbage. Giv den modsatte kommando")
	}
	var numbers []int
	for _, e := range c.Undoes {
		if !undoable(e) {
			return nil, Refuse(RefusedState, "the last on ticket %s cannot be undone (%s)", "det seneste på billet %[1]s kan ikke fortrydes", t.ID, e.Kind)
		}
		numbers = append(numbers, e.Number)
	}
	before := c.Before
	return []Event{{Kind: EventUndone, Undoes: numbers, Restored: &before}}, nil
}

// undoable reports whether an event touched its ticket alone and came from staff.
func undoable(e Event) bool {
	if e.By.Has(RoleSystem) || e.Entry != nil || len(e.Pushed) > 0 {
		return false
	}
	switch e.Kind {
	case EventOpened, EventAppended, EventAnswered, EventFollowed, EventMerged, EventAbsorbed, EventLinked, EventBounced, EventUndone, EventAskedStatus:
		return false
	}
	return true
}
