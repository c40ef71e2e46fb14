package ticket

import "time"

// Open makes a new ticket of a mail. It is given to the zero Ticket.
type Open struct {
	Opening Opening
	Entry   Entry
	Policy  Policy
}

func (c Open) decide(t Ticket, _ Actor, now time.Time) ([]Event, error) {
	if t.ID != "" {
		return nil, Refuse(RefusedState, "ticket %s is there already", "billet %s findes allerede", t.ID)
	}
	if !c.Opening.ID.Valid() {
		return nil, Refuse(RefusedInput, "%q is not a tracking ID", "%q er ikke et sporings-ID", c.Opening.ID)
	}
	t.Silent = c.Opening.Silent
	by := t.answerBy(c.Policy, c.Opening.Reading.Claim.Severity, now)
	return []Event{{Kind: EventOpened, Opening: &c.Opening, Entry: &c.Entry, AnswerBy: by}}, nil
}

// Append adds a mail to a ticket that is there. What a participant writes ends
// the waiting for him, reopens what was finished if it says more than thanks,
// and closes what was resolved if it says that the result holds.
type Append struct {
	Entry Entry
	// MayReopen: the sender takes part and is who he says. Without it the mail is
	// kept and what it asks for is left to staff.
	MayReopen bool
	// Quiet: no person wants something by it (a machine, or the same words
	// again); it is added and moves nothing.
	Quiet  bool
	Policy Policy
}

func (c Append) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if t.ID == "" {
		return nil, Refuse(RefusedState, "there is no such ticket", "billetten findes ikke")
	}
	e := Event{Kind: EventAppended, Entry: &c.Entry}
	meaning := c.meaning()
	switch {
	case c.Quiet || meaning == MeaningThanks:
		return []Event{e}, nil
	case t.Finished():
		return c.afterwards(t, by, e, meaning, now)
	}
	e.Wants, e.AnswerBy = true, t.answerBy(c.Policy, t.Level(), now)
	if t.State == StateWaiting && c.MayReopen {
		e.Kind = EventAnswered
	}
	return []Event{e}, nil
}

// meaning of the mail. One that brings a file says more than its words.
func (c Append) meaning() Meaning {
	if len(c.Entry.Attachments) > 0 {
		return MeaningOther
	}
	return MeaningOf(c.Entry.Text)
}

// afterwards decides about a mail to a finished ticket.
func (c Append) afterwards(t Ticket, by Actor, e Event, meaning Meaning, now time.Time) ([]Event, error) {
	confirms := meaning == MeaningConfirms
	if t.State == StateClosed && now.After(t.ReopenBy) && !confirms {
		return nil, Refuse(RefusedWindow,
			"ticket %s was closed on %s and could be reopened until %s",
			"billet %s blev lukket %s og kunne genåbnes til %s", t.ID,
			Date(t.Closed), Date(t.ReopenBy))
	}
	switch {
	case confirms && t.State == StateResolved && c.MayReopen:
		closing := Close{Closing: ClosingConfirmed, Policy: c.Policy}.event(now)
		closing.Entry = e.Entry
		return []Event{closing}, nil
	case confirms:
		return []Event{e}, nil
	case !c.MayReopen:
		c.Entry.AsksReopen = true
		e.Wants = true
		return []Event{e}, nil
	}
	e.Kind, e.AnswerBy = EventReopened, t.answerBy(c.Policy, t.Level(), now)
	return []Event{e}, nil
}

// Follow notes on a closed ticket that another one continues it.
type Follow struct{ Other ID }

func (c Follow) decide(t Ticket, _ Actor, _ time.Time) ([]Event, error) {
	if t.State != StateClosed {
		return nil, Refuse(RefusedState,
			"ticket %s is not closed: an answer belongs on it",
			"billet %s er ikke lukket: Et svar hører til på den", t.ID)
	}
	return []Event{{Kind: EventFollowed, Other: c.Other}}, nil
}

// AskStatus answers a participant who asks where the ticket stands: who gives it.
type AskStatus struct {
	Entry *Entry // the mail; nil where that was appended for what else it says
}

func (c AskStatus) decide(Ticket, Actor, time.Time) ([]Event, error) {
	return []Event{{Kind: EventAskedStatus, Entry: c.Entry}}, nil
}

// Undelivered notes that a letter did not arrive.
type Undelivered struct {
	Notice Notice
	Mail   string // the bounce
	Status string // code and words
}

func (c Undelivered) decide(t Ticket, _ Actor, _ time.Time) ([]Event, error) {
	return []Event{{
		Kind: EventBounced, Notice: c.Notice.Number, Status: c.Status,
		Reason: string(c.Notice.Kind), Participant: &Participant{Address: c.Notice.To.Address},
	}}, nil
}
