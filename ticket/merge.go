package ticket

import "time"

// Merge closes a duplicate, which goes on in another ticket. The desk gives the
// other one Absorb in the same commit.
type Merge struct {
	Into   Ticket
	Policy Policy
}

func (c Merge) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if err := allow(by, "merge tickets", RoleSupport); err != nil {
		return nil, err
	}
	switch {
	case c.Into.ID == "":
		return nil, refuse(RefusedInput, "say into which ticket it is merged; there is none of that ID")
	case c.Into.ID == t.ID:
		return nil, refuse(RefusedInput, "ticket %s cannot be merged into itself", t.ID)
	case t.State == StateClosed:
		return nil, t.notNow("be merged", "")
	case t.Started:
		return nil, refuse(RefusedState, "a developer works on ticket %s: merge the other one into it", t.ID)
	case c.Into.MergedInto != "":
		return nil, refuse(RefusedState, "ticket %s was itself merged into %s", c.Into.ID, c.Into.MergedInto)
	case c.Into.State == StateClosed:
		return nil, refuse(RefusedState, "ticket %s is closed: merge into one that is open", c.Into.ID)
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
	if err := allow(by, "link tickets", RoleSupport, RoleDev, RoleQA, RoleOwner); err != nil {
		return nil, err
	}
	if c.Other == t.ID {
		return nil, refuse(RefusedInput, "ticket %s cannot be linked to itself", t.ID)
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
		return nil, refuse(RefusedState, "there is nothing to undo on ticket %s", t.ID)
	}
	first := c.Undoes[0]
	switch {
	case first.By.Address != by.Address:
		return nil, refuse(RefusedRole, "the last command on ticket %s was %s's: only who gave it may undo it", t.ID, first.By.Address)
	case c.Left:
		return nil, refuse(RefusedLate, "a letter of it has left already, and what is sent stays sent; give the opposite command")
	}
	var numbers []int
	for _, e := range c.Undoes {
		if !undoable(e) {
			return nil, refuse(RefusedState, "%s cannot be undone", e.Kind)
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
