package ticket

import (
	"strings"
	"time"
)

// Pass says that QA has tested what a developer handed over, and that it holds.
// The reporter hears the result: nothing else announces a fix.
type Pass struct {
	Verified string // what QA checked
	Limits   string // what the result does not cover
	// Result corrects what the developer called it; "" keeps that.
	Result Result
	Text   string // a workaround in better words; "" keeps the developer's
	Policy Policy
}

func (c Pass) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if err := allow(by, "pass or fail a test", RoleQA); err != nil {
		return nil, err
	}
	if err := t.inTest("passed"); err != nil {
		return nil, err
	}
	result, text := t.Fix.Result, ""
	if c.Result != "" {
		result = c.Result
	}
	if result == ResultWorkaround {
		text = firstOf(c.Text, t.Fix.Text)
	}
	switch {
	case result != ResultFixed && result != ResultWorkaround:
		return nil, refuse(RefusedInput, "a test ends in fixed or workaround, not in %q", result)
	case blank(c.Verified):
		return nil, refuse(RefusedInput, "say what QA verified; the reporter reads it")
	case result == ResultWorkaround && blank(text):
		return nil, refuse(RefusedInput, "a workaround needs its text; the reporter reads it")
	}
	return []Event{{
		Kind: EventResolved, Result: result, CloseOn: c.Policy.closeOn(now), Quiet: c.Policy.QuietDays,
		Text: trim(text), Verified: trim(c.Verified), Limits: trim(c.Limits),
	}}, nil
}

// Fail sends a fix back to the developers.
type Fail struct{ Text string } // what fails, for them

func (c Fail) decide(t Ticket, by Actor, _ time.Time) ([]Event, error) {
	if err := allow(by, "pass or fail a test", RoleQA); err != nil {
		return nil, err
	}
	if err := t.inTest("failed"); err != nil {
		return nil, err
	}
	if blank(c.Text) {
		return nil, refuse(RefusedInput, "say what fails, so that a developer can go on")
	}
	return []Event{{Kind: EventFailed, Text: trim(c.Text)}}, nil
}

func (t Ticket) inTest(verb string) error {
	if t.Stage() == StateTesting {
		return nil
	}
	return t.notNow("be "+verb, "only what a developer has handed over is tested")
}

// Answer resolves what is no bug: support answers it.
type Answer struct {
	Text   string // to the reporter
	Limits string
	Policy Policy
}

func (c Answer) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if err := allow(by, "answer a ticket that is no bug", RoleSupport); err != nil {
		return nil, err
	}
	if t.Finished() {
		return nil, t.notNow("be answered", "reopen it first")
	}
	confirmed := t.Severity != ""
	switch {
	case t.Kind == KindBug && (confirmed || t.Started):
		return nil, refuse(RefusedState, "ticket %s is a bug: QA resolves it, after a test; is it none, then classify it as a question first", t.ID)
	case blank(c.Text):
		return nil, refuse(RefusedInput, "an answer needs its text")
	}
	return []Event{{
		Kind: EventResolved, Result: ResultAnswer, CloseOn: c.Policy.closeOn(now), Quiet: c.Policy.QuietDays,
		Text: trim(c.Text), Limits: trim(c.Limits),
	}}, nil
}

// Close ends a ticket: after its quiet days, on the reporter's word, or by
// support with a reason.
type Close struct {
	Closing Closing
	Reason  string // ClosingStaff: to the reporter
	Policy  Policy
}

func (c Close) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if t.State == StateClosed {
		return nil, t.notNow("be closed again", "reopen is possible")
	}
	if err := c.check(t, by, now); err != nil {
		return nil, err
	}
	return []Event{c.event(now)}, nil
}

func (c Close) event(now time.Time) Event {
	return Event{
		Kind: EventClosed, Closing: c.Closing, Reason: trim(c.Reason),
		Quiet: c.Policy.QuietDays, ReopenBy: c.Policy.reopenBy(now),
	}
}

func (c Close) check(t Ticket, by Actor, now time.Time) error {
	switch c.Closing {
	case ClosingQuiet:
		switch {
		case !by.Has(RoleSystem):
			return refuse(RefusedRole, "quiet days run out by themselves")
		case t.State != StateResolved:
			return refuse(RefusedState, "ticket %s is %s, not resolved: quiet days do not close it", t.ID, t.State)
		case now.Before(t.CloseOn):
			return refuse(RefusedState, "ticket %s stays open until %s", t.ID, t.CloseOn.Format(time.DateOnly))
		}
	case ClosingConfirmed:
		if err := allow(by, "confirm a result", RoleReporter, RoleSupport); err != nil {
			return err
		}
		if t.State != StateResolved {
			return refuse(RefusedState, "ticket %s is %s: there is no result to confirm yet", t.ID, t.State)
		}
	case ClosingStaff:
		if err := allow(by, "close a ticket by hand", RoleSupport); err != nil {
			return err
		}
		if t.State != StateResolved && blank(c.Reason) {
			return refuse(RefusedInput, "ticket %s is not resolved: closing it needs a reason that the reporter can read", t.ID)
		}
	default:
		return refuse(RefusedInput, "say why the ticket closes: confirmed or staff")
	}
	return nil
}

// Reopen brings a finished ticket back, on the word of support or QA.
type Reopen struct {
	Reason string // for the record
	Policy Policy
}

func (c Reopen) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if err := allow(by, "reopen a ticket", RoleSupport, RoleQA); err != nil {
		return nil, err
	}
	switch {
	case t.MergedInto != "":
		return nil, refuse(RefusedState, "ticket %s goes on in %s", t.ID, t.MergedInto)
	case !t.Finished():
		return nil, t.notNow("be reopened", "it is open")
	case t.State == StateClosed && now.After(t.ReopenBy):
		return nil, refuse(RefusedWindow, "ticket %s could be reopened until %s; what the reporter writes now opens a new ticket that names this one",
			t.ID, t.ReopenBy.Format(time.DateOnly))
	}
	return []Event{{Kind: EventReopened, Reason: trim(c.Reason), AnswerBy: t.answerBy(c.Policy, t.Level(), now)}}, nil
}

func trim(s string) string { return strings.TrimSpace(s) }

func blank(s string) bool { return trim(s) == "" }

func firstOf(texts ...string) string {
	for _, t := range texts {
		if !blank(t) {
			return t
		}
	}
	return ""
}
