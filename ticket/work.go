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
	if err := allow(by, Wording{"planlægge en billet i en sprint", "plan a ticket into a sprint"}, RoleOwner, RoleSystem); err != nil {
		return nil, err
	}
	switch {
	case t.Finished():
		return nil, t.notNow(Wording{"planlægges", "be planned"}, Wording{"genåbn den først", "reopen it first"})
	case t.Stage() == StateReported:
		return nil, t.notNow(Wording{"planlægges", "be planned"}, Wording{"support klassificerer den først", "support classifies it first"})
	case t.Kind == KindFeatureRequest:
		return nil, Refuse(RefusedState,
			"ticket %s is a feature request: it takes no place in a sprint; accept, defer or decline it",
			"billet %s er et ønske: Det får ikke plads i en sprint. Sig ja, senere eller nej", t.ID)
	case t.Kind == KindQuestion:
		return nil, Refuse(RefusedState,
			"ticket %s is a question: support answers it",
			"billet %s er et spørgsmål: Support besvarer det", t.ID)
	case c.Full && t.Sprint.Name == "":
		return nil, Refuse(RefusedState,
			"neither this sprint nor the next has room: ticket %s stays in the backlog, and the digest says so",
			"hverken denne eller næste sprint har plads: Billet %s bliver i backloggen, og den daglige oversigt nævner den", t.ID)
	case c.Full, t.Sprint.Name == c.Sprint.Name && t.Hotfix == c.Hotfix:
		return nil, nil // where it is
	case c.Sprint.Name == "" && t.Started:
		return nil, Refuse(RefusedState,
			"a developer works on ticket %s: it does not go back to the backlog",
			"en udvikler arbejder på billet %s: Den går ikke tilbage til backloggen", t.ID)
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
	if err := allow(by, Wording{"tage en billet", "take a ticket"}, RoleDev); err != nil {
		return nil, err
	}
	switch t.Stage() {
	case StatePlanned:
		return []Event{{Kind: EventStarted, Assignee: by.Address, Text: trim(c.Text)}}, nil
	case StateReported:
		return nil, t.notNow(Wording{"tages", "be taken"}, Wording{"support klassificerer den først", "support classifies it first"})
	case StateClassified:
		return nil, t.notNow(Wording{"tages", "be taken"}, Wording{"den er ikke planlagt endnu", "it is not planned yet"})
	case StateInvestigating:
		if t.Assignee == by.Address && t.State != StateWaiting {
			return nil, nil
		}
		return []Event{{Kind: EventStarted, Assignee: by.Address, Text: trim(c.Text), Again: true}}, nil
	}
	return nil, t.notNow(Wording{"tages", "be taken"}, Wording{})
}

// Test hands a fix or a workaround to QA.
type Test struct {
	Result Result // fixed if ""
	Text   string // what was changed; a workaround as the reporter will read it
	How    string // how to check it
}

func (c Test) decide(t Ticket, by Actor, _ time.Time) ([]Event, error) {
	if err := allow(by, Wording{"give en rettelse videre til QA", "hand over a fix"}, RoleDev); err != nil {
		return nil, err
	}
	if c.Result == "" {
		c.Result = ResultFixed
	}
	switch {
	case t.Stage() != StateInvestigating:
		return nil, t.notNow(Wording{"gives videre til test", "be handed over for test"}, Wording{"en udvikler tager den først", "a developer takes it first"})
	case c.Result != ResultFixed && c.Result != ResultWorkaround:
		return nil, Refuse(RefusedInput,
			"QA tests what is fixed or a workaround, not %q",
			"QA tester det, der er rettet eller en midlertidig løsning, ikke %q", c.Result)
	case blank(c.Text) && c.Result == ResultWorkaround:
		return nil, Refuse(RefusedInput,
			"a workaround needs its text; the reporter will read it",
			"en midlertidig løsning skal have tekst; rapportøren læser den")
	case blank(c.Text):
		return nil, Refuse(RefusedInput,
			"say what was changed, so that QA knows what to test",
			"skriv, hvad der er ændret, så QA ved, hvad der skal testes")
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
	if err := allow(by, Wording{"afgøre et ønske", "decide on a feature request"}, RoleOwner); err != nil {
		return nil, err
	}
	e := Event{
		Kind: EventDecided, Decision: c.Decision, Quarter: c.Quarter, Title: trim(c.Title),
		Reason: trim(c.Reason), Review: c.Review, Text: trim(c.Text),
	}
	switch {
	case t.Finished():
		return nil, t.notNow(Wording{"afgøres", "be decided on"}, Wording{"genåbn den først", "reopen it first"})
	case t.Kind != KindFeatureRequest:
		return nil, Refuse(RefusedState,
			"ticket %s is a %s, not a feature request: classify it as one first",
			"billet %s har typen %s og er ikke et ønske: Klassificer den først som ønske", t.ID, t.Kind)
	case t.Started:
		return nil, t.notNow(Wording{"afgøres", "be decided on"}, Wording{"en udvikler arbejder på den", "a developer works on it"})
	}
	switch c.Decision {
	case DecisionAccepted:
	case DecisionDeferred:
		switch {
		case blank(c.Reason):
			return nil, Refuse(RefusedInput,
				"not yet needs a reason that the reporter can read",
				"et senere skal have en grund, som rapportøren kan læse")
		case !c.Review.After(now):
			return nil, Refuse(RefusedInput,
				"not yet needs a day to come on which you look at it again",
				"et senere skal have en kommende dag, hvor du ser på det igen")
		}
	case DecisionDeclined:
		if blank(c.Reason) {
			return nil, Refuse(RefusedInput,
				"a no needs a reason that the reporter can read",
				"et nej skal have en grund, som rapportøren kan læse")
		}
		e.CloseOn, e.Quiet = c.Policy.closeOn(now), c.Policy.QuietDays
	default:
		return nil, Refuse(RefusedInput, "an owner accepts, defers or declines", "den produktansvarlige siger ja, senere eller nej")
	}
	return []Event{e}, nil
}
