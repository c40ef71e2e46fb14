package ticket

import "time"

// Plan puts a bug into a sprint, or moves it. Which sprint has room was decided
// before (Place, Replan).
type Plan struct {
	Sprint Slot // zero: back to the backlog
	Hotfix bool
	Pushed []Moved // what the hotfix pushes out
	// Full: no sprint was asked for, and none has room.
	Full       bool
	Reason     string // to the reporter, where it comes later than promised
	Workaround string // … and what helps until then
}

func (c Plan) decide(t Ticket, by Actor, _ time.Time) ([]Event, error) {
	if err := allow(by, "plan a ticket into a sprint", RoleOwner, RoleSystem); err != nil {
		return nil, err
	}
	switch {
	case t.Finished():
		return nil, t.notNow("be planned", "reopen it first")
	case t.Stage() == StateReported:
		return nil, t.notNow("be planned", "support classifies it first")
	case t.Kind == KindFeatureRequest:
		return nil, refuse(RefusedState, "ticket %s is a feature request: it takes no place in a sprint; accept, defer or decline it", t.ID)
	case t.Kind == KindQuestion:
		return nil, refuse(RefusedState, "ticket %s is a question: support answers it", t.ID)
	case c.Full && t.Sprint.Name == "":
		return nil, refuse(RefusedState, "neither this sprint nor the next has room: ticket %s stays in the backlog, and the digest says so", t.ID)
	case c.Full, t.Sprint.Name == c.Sprint.Name && t.Hotfix == c.Hotfix:
		return nil, nil // where it is
	case c.Sprint.Name == "" && t.Started:
		return nil, refuse(RefusedState, "a developer works on ticket %s: it does not go back to the backlog", t.ID)
	}
	e := Event{Kind: EventPlanned, Sprint: c.Sprint, Hotfix: c.Hotfix, Pushed: c.Pushed}
	if t.Sprint.Name != "" {
		e.Kind, e.From, e.Reason, e.Text = EventMoved, t.Sprint.Name, trim(c.Reason), trim(c.Workaround)
	}
	return []Event{e}, nil
}

// Start says that a developer has begun.
type Start struct{ Text string } // for the record

func (c Start) decide(t Ticket, by Actor, _ time.Time) ([]Event, error) {
	if err := allow(by, "take a ticket", RoleDev); err != nil {
		return nil, err
	}
	switch t.Stage() {
	case StatePlanned:
		return []Event{{Kind: EventStarted, Assignee: by.Address, Text: trim(c.Text)}}, nil
	case StateReported:
		return nil, t.notNow("be taken", "support classifies it first")
	case StateClassified:
		return nil, t.notNow("be taken", "it is not planned yet")
	case StateInvestigating:
		if t.Assignee == by.Address && t.State != StateWaiting {
			return nil, nil
		}
		return []Event{{Kind: EventStarted, Assignee: by.Address, Text: trim(c.Text), Again: true}}, nil
	}
	return nil, t.notNow("be taken", "")
}

// Test hands a fix or a workaround to QA.
type Test struct {
	Result Result // fixed if ""
	Text   string // what was changed; a workaround as the reporter will read it
	How    string // how to check it
}

func (c Test) decide(t Ticket, by Actor, _ time.Time) ([]Event, error) {
	if err := allow(by, "hand over a fix", RoleDev); err != nil {
		return nil, err
	}
	if c.Result == "" {
		c.Result = ResultFixed
	}
	switch {
	case t.Stage() != StateInvestigating:
		return nil, t.notNow("be handed over for test", "a developer takes it first")
	case c.Result != ResultFixed && c.Result != ResultWorkaround:
		return nil, refuse(RefusedInput, "QA tests what is fixed or a workaround, not %q", c.Result)
	case blank(c.Text) && c.Result == ResultWorkaround:
		return nil, refuse(RefusedInput, "a workaround needs its text; the reporter will read it")
	case blank(c.Text):
		return nil, refuse(RefusedInput, "say what was changed, so that QA knows what to test")
	}
	return []Event{{Kind: EventHandedOver, Result: c.Result, Text: trim(c.Text), How: trim(c.How)}}, nil
}

// Decide is the owner's decision on a feature request.
type Decide struct {
	Decision Decision
	Quarter  string    // accepted: when it is planned for; "" if open
	Title    string    // accepted: for the public roadmap
	Reason   string    // deferred, declined: to the reporter
	Review   time.Time // deferred: when we look again
	Text     string    // declined: what he can do instead
	Policy   Policy
}

func (c Decide) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if err := allow(by, "decide on a feature request", RoleOwner); err != nil {
		return nil, err
	}
	e := Event{
		Kind: EventDecided, Decision: c.Decision, Quarter: c.Quarter, Title: trim(c.Title),
		Reason: trim(c.Reason), Review: c.Review, Text: trim(c.Text),
	}
	switch {
	case t.Finished():
		return nil, t.notNow("be decided on", "reopen it first")
	case t.Kind != KindFeatureRequest:
		return nil, refuse(RefusedState, "ticket %s is a %s, not a feature request: classify it as one first", t.ID, t.Kind)
	case t.Started:
		return nil, t.notNow("be decided on", "a developer works on it")
	}
	switch c.Decision {
	case DecisionAccepted:
	case DecisionDeferred:
		switch {
		case blank(c.Reason):
			return nil, refuse(RefusedInput, "not yet needs a reason that the reporter can read")
		case !c.Review.After(now):
			return nil, refuse(RefusedInput, "not yet needs a day to come on which you look at it again")
		}
	case DecisionDeclined:
		if blank(c.Reason) {
			return nil, refuse(RefusedInput, "a no needs a reason that the reporter can read")
		}
		e.CloseOn, e.Quiet = c.Policy.closeOn(now), c.Policy.QuietDays
	default:
		return nil, refuse(RefusedInput, "an owner accepts, defers or declines")
	}
	return []Event{e}, nil
}
