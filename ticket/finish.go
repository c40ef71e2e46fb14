package ticket

import (
	"strings"
	"time"
)

// Resolve tells the reporter the result. A fix or a workaround is announced
// only by QA, who says what was verified; support answers what is no bug.
type Resolve struct {
	Result   Result
	Text     string // the answer or the workaround, to the reporter
	Verified string // what QA checked
	Limits   string // what the result does not cover
	Policy   Policy
}

func (c Resolve) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if t.Finished() {
		return nil, refuse(RefusedState, "ticket %s is %s already", t.ID, t.State)
	}
	if err := c.check(by); err != nil {
		return nil, err
	}
	return []Event{{
		Kind: EventResolved, Result: c.Result, CloseOn: c.Policy.closeOn(now), Quiet: c.Policy.QuietDays,
		Text: strings.TrimSpace(c.Text), Verified: strings.TrimSpace(c.Verified), Limits: strings.TrimSpace(c.Limits),
	}}, nil
}

func (c Resolve) check(by Actor) error {
	text, verified := strings.TrimSpace(c.Text) != "", strings.TrimSpace(c.Verified) != ""
	switch c.Result {
	case ResultAnswer:
		switch {
		case !by.Has(RoleSupport):
			return refuse(RefusedRole, "only support answers a ticket that is no bug")
		case !text:
			return refuse(RefusedInput, "an answer needs its text")
		}
	case ResultFixed, ResultWorkaround:
		switch {
		case !by.Has(RoleQA):
			return refuse(RefusedRole, "only QA announces a fix or a workaround: nothing is called fixed before QA has tested it")
		case !verified:
			return refuse(RefusedInput, "say what QA verified")
		case c.Result == ResultWorkaround && !text:
			return refuse(RefusedInput, "a workaround needs its text")
		}
	default:
		return refuse(RefusedInput, "say what the result is: answer, fixed or workaround")
	}
	return nil
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
		return nil, refuse(RefusedState, "ticket %s is closed already", t.ID)
	}
	if err := c.check(t, by, now); err != nil {
		return nil, err
	}
	return []Event{{
		Kind: EventClosed, Closing: c.Closing, Reason: strings.TrimSpace(c.Reason),
		Quiet: c.Policy.QuietDays, ReopenBy: c.Policy.reopenBy(now),
	}}, nil
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
		switch {
		case !by.Has(RoleReporter, RoleSupport):
			return refuse(RefusedRole, "only the reporter confirms a result")
		case t.State != StateResolved:
			return refuse(RefusedState, "ticket %s is %s: there is no result to confirm yet", t.ID, t.State)
		}
	case ClosingStaff:
		switch {
		case !by.Has(RoleSupport):
			return refuse(RefusedRole, "only support closes a ticket by hand")
		case t.State != StateResolved && strings.TrimSpace(c.Reason) == "":
			return refuse(RefusedInput, "ticket %s is not resolved: closing it needs a reason that the reporter can read", t.ID)
		}
	default:
		return refuse(RefusedInput, "say why the ticket closes: confirmed, quiet or staff")
	}
	return nil
}
