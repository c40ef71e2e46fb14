package ticket

import "time"

// Open makes a new ticket of a mail. It is given to the zero Ticket.
type Open struct {
	Opening Opening
	Entry   Entry
}

func (c Open) decide(t Ticket, _ Actor, _ time.Time) ([]Event, error) {
	if t.ID != "" {
		return nil, refuse(RefusedState, "ticket %s is there already", t.ID)
	}
	if !c.Opening.ID.Valid() {
		return nil, refuse(RefusedInput, "%q is not a tracking ID", c.Opening.ID)
	}
	return []Event{{Kind: EventOpened, Opening: &c.Opening, Entry: &c.Entry}}, nil
}

// Append adds a mail to a ticket that is there, and reopens it if it was
// finished and the mail says more than thanks.
type Append struct {
	Entry Entry
	// MayReopen: the sender takes part and is who he says. Without it an
	// answer to a finished ticket is kept and left to staff.
	MayReopen bool
	// Quiet: no person wants something by it (a machine, or the same words
	// again); it is added and moves nothing.
	Quiet bool
}

func (c Append) decide(t Ticket, _ Actor, now time.Time) ([]Event, error) {
	if t.ID == "" {
		return nil, refuse(RefusedState, "there is no such ticket")
	}
	appended := []Event{{Kind: EventAppended, Entry: &c.Entry}}
	thanks := OnlyThanks(c.Entry.Text) && len(c.Entry.Attachments) == 0
	if !t.Finished() || c.Quiet || thanks {
		return appended, nil
	}
	if t.State == StateClosed && now.After(t.ReopenBy) {
		return nil, refuse(RefusedWindow, "ticket %s was closed on %s and could be reopened until %s", t.ID,
			t.Closed.Format(time.DateOnly), t.ReopenBy.Format(time.DateOnly))
	}
	if !c.MayReopen {
		c.Entry.AsksReopen = true
		return appended, nil
	}
	return []Event{{Kind: EventReopened, Entry: &c.Entry}}, nil
}

// Follow notes on a closed ticket that another one continues it.
type Follow struct{ Other ID }

func (c Follow) decide(t Ticket, _ Actor, _ time.Time) ([]Event, error) {
	if t.State != StateClosed {
		return nil, refuse(RefusedState, "ticket %s is not closed: an answer belongs on it", t.ID)
	}
	return []Event{{Kind: EventFollowed, Other: c.Other}}, nil
}
