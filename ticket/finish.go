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
	if err := allow(by, Wording{"bestå eller dumpe en test", "pass or fail a test"}, RoleQA); err != nil {
		return nil, err
	}
	if err := t.inTest(Wording{"bestås", "be passed"}); err != nil {
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
		return nil, Refuse(RefusedInput,
			"a test ends in fixed or workaround, not in %q",
			"en test ender med rettet eller midlertidig løsning, ikke med %q", result)
	case blank(c.Verified):
		return nil, Refuse(RefusedInput,
			"say what QA verified; the reporter reads it",
			"skriv, hvad QA har kontrolleret; rapportøren læser det")
	case result == ResultWorkaround && blank(text):
		return nil, Refuse(RefusedInput,
			"a workaround needs its text; the reporter reads it",
			"en midlertidig løsning skal have tekst; rapportøren læser den")
	}
	return []Event{{
		Kind: EventResolved, Result: result, CloseOn: c.Policy.closeOn(now), Quiet: c.Policy.QuietDays,
		Text: trim(text), Verified: trim(c.Verified), Limits: trim(c.Limits),
	}}, nil
}

// Fail sends a fix back to the developers.
type Fail struct{ Text string } // what fails, for them

func (c Fail) decide(t Ticket, by Actor, _ time.Time) ([]Event, error) {
	if err := allow(by, Wording{"bestå eller dumpe en test", "pass or fail a test"}, RoleQA); err != nil {
		return nil, err
	}
	if err := t.inTest(Wording{"dumpes", "be failed"}); err != nil {
		return nil, err
	}
	if blank(c.Text) {
		return nil, Refuse(RefusedInput,
			"say what fails, so that a developer can go on",
			"skriv, hvad der fejler, så en udvikler kan komme videre")
	}
	return []Event{{Kind: EventFailed, Text: trim(c.Text)}}, nil
}

func (t Ticket) inTest(what Wording) error {
	if t.Stage() == StateTesting {
		return nil
	}
	return t.notNow(what, Wording{"kun det, en udvikler har givet videre, testes", "only what a developer has handed over is tested"})
}

// Answer resolves what is no bug: support answers it.
type Answer struct {
	Text   string // to the reporter
	Limits string
	Policy Policy
}

func (c Answer) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if err := allow(by, Wording{"besvare en billet, der ikke er en fejl", "answer a ticket that is no bug"}, RoleSupport); err != nil {
		return nil, err
	}
	if t.Finished() {
		return nil, t.notNow(Wording{"besvares", "be answered"}, Wording{"genåbn den først", "reopen it first"})
	}
	confirmed := t.Severity != ""
	switch {
	case t.Kind == KindBug && (confirmed || t.Started):
		return nil, Refuse(RefusedState,
			"ticket %s is a bug: QA resolves it, after a test; is it none, then classify it as a question first",
			"billet %s er en fejl: QA løser den efter en test. Er den ikke en fejl, så klassificer den først som spørgsmål", t.ID)
	case blank(c.Text):
		return nil, Refuse(RefusedInput, "an answer needs its text", "et svar skal have tekst")
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
		return nil, t.notNow(Wording{"lukkes igen", "be closed again"}, Wording{"den kan genåbnes", "reopen is possible"})
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
			return Refuse(RefusedRole, "quiet days run out by themselves", "stille dage udløber af sig selv")
		case t.State != StateResolved:
			return Refuse(RefusedState,
				"ticket %s is %s, not resolved: quiet days do not close it",
				"billet %s har tilstanden %s, ikke Løst: stille dage lukker den ikke", t.ID, t.State)
		case now.Before(t.CloseOn):
			return Refuse(RefusedState, "ticket %s stays open until %s", "billet %s er åben til %s", t.ID, Date(t.CloseOn))
		}
	case ClosingConfirmed:
		if err := allow(by, Wording{"bekræfte et resultat", "confirm a result"}, RoleReporter, RoleSupport); err != nil {
			return err
		}
		if t.State != StateResolved {
			return Refuse(RefusedState,
				"ticket %s is %s: there is no result to confirm yet",
				"billet %s har tilstanden %s: der er ikke et resultat at bekræfte endnu", t.ID, t.State)
		}
	case ClosingStaff:
		if err := allow(by, Wording{"lukke en billet", "close a ticket by hand"}, RoleSupport); err != nil {
			return err
		}
		if t.State != StateResolved && blank(c.Reason) {
			return Refuse(RefusedInput,
				"ticket %s is not resolved: closing it needs a reason that the reporter can read",
				"billet %s er ikke løst: Skriv en grund, som rapportøren kan læse, for at lukke den", t.ID)
		}
	default:
		return Refuse(RefusedInput,
			"say why the ticket closes: confirmed or staff",
			"skriv, hvorfor billetten lukkes: bekræftet eller support")
	}
	return nil
}

// Reopen brings a finished ticket back, on the word of support or QA.
type Reopen struct {
	Reason string // for the record
	Policy Policy
}

func (c Reopen) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if err := allow(by, Wording{"genåbne en billet", "reopen a ticket"}, RoleSupport, RoleQA); err != nil {
		return nil, err
	}
	switch {
	case t.MergedInto != "":
		return nil, Refuse(RefusedState, "ticket %s goes on in %s", "billet %s fortsætter i %s", t.ID, t.MergedInto)
	case !t.Finished():
		return nil, t.notNow(Wording{"genåbnes", "be reopened"}, Wording{"den er åben", "it is open"})
	case t.State == StateClosed && now.After(t.ReopenBy):
		return nil, Refuse(RefusedWindow,
			"ticket %s could be reopened until %s; what the reporter writes now opens a new ticket that names this one",
			"billet %s kunne genåbnes til %s. Det, rapportøren skriver nu, bliver en ny billet med henvisning",
			t.ID, Date(t.ReopenBy))
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
