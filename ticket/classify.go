package ticket

import (
	"slices"
	"strings"
	"time"
)

// Classify settles what a ticket is: it confirms or corrects what the reporter
// claimed. It may be given again as long as the ticket is open. A confirmed
// critical bug goes into the current sprint in the same breath.
type Classify struct {
	Severity Severity // "": the one that counts now
	Category string   // "": the suggested one
	Kind     Kind     // "": as it is
	Title    string   // public, optional
	Reason   string   // to the reporter; needed where his claim is lowered

	Categories []string // that there are
	// Hotfix is where a critical bug goes, and what that pushes out.
	Hotfix Slot
	Pushed []Moved
	// Full: neither this sprint nor the next has room for a bugfix.
	Full   bool
	Policy Policy
}

func (c Classify) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if err := allow(by, Wording{"klassificere en billet", "classify a ticket"}, RoleSupport, RoleQA, RoleOwner); err != nil {
		return nil, err
	}
	if t.Finished() {
		return nil, t.notNow(Wording{"klassificeres", "be classified"}, Wording{"genåbn den først", "reopen it first"})
	}
	c = c.filled(t)
	if err := c.check(t); err != nil {
		return nil, err
	}
	asItWas := t.Severity == c.Severity && t.Category.Name == c.Category && t.Kind == c.Kind && (c.Title == "" || t.Title == c.Title)
	if asItWas && !t.Classified.IsZero() { // a reopened one must be classified to go on, if only as before
		return nil, nil
	}
	e := Event{
		Kind: EventClassified, Severity: c.Severity, Category: c.Category, TicketKind: c.Kind, Title: trim(c.Title),
		Reason: trim(c.Reason), Backlog: c.Full && c.Kind == KindBug && c.Severity != SeverityCritical && t.Sprint.Name == "",
		AnswerBy: t.AnswerBy,
	}
	if since := t.unheard(); !since.IsZero() && (t.AnswerBy.IsZero() || t.Severity != c.Severity) {
		e.AnswerBy = t.answerBy(c.Policy, c.Severity, since)
	}
	events := []Event{e}
	if c.Kind == KindBug && c.Severity == SeverityCritical && !t.Hotfix && c.Hotfix.Name != "" {
		hotfix := Event{Kind: EventPlanned, Sprint: c.Hotfix, Hotfix: true, Pushed: c.Pushed}
		if t.Sprint.Name != "" {
			hotfix.Kind, hotfix.From = EventMoved, t.Sprint.Name
		}
		events = append(events, hotfix)
	}
	return events, nil
}

// unheard is since when the reporter waits to hear from one of us; the zero time
// if he has.
func (t Ticket) unheard() time.Time {
	switch {
	case !t.Answered.IsZero():
		return t.Answered
	case !t.Heard.IsZero():
		return time.Time{}
	case !t.Reopened.IsZero():
		return t.Reopened
	}
	return t.Opened
}

// On is the ticket as the command would have it classified, for whoever must
// find a place for it first.
func (c Classify) On(t Ticket) Ticket {
	c = c.filled(t)
	t.Severity, t.Kind = c.Severity, c.Kind
	return t
}

// filled completes what was not said by what stands.
func (c Classify) filled(t Ticket) Classify {
	if c.Severity == "" {
		c.Severity = t.Level()
	}
	if c.Category == "" {
		c.Category = t.Category.Name
	}
	if c.Kind == "" {
		c.Kind = t.Kind
	}
	return c
}

func (c Classify) check(t Ticket) error {
	switch {
	case c.Severity.rank() == 0:
		return Refuse(RefusedInput,
			"there is no severity %q: critical, high, normal and low are",
			"alvorligheden %q findes ikke: Vælg kritisk, høj, normal eller lav", c.Severity)
	case !slices.Contains(c.Categories, c.Category):
		return Refuse(RefusedInput, "there is no category %q: %s are", "kategorien %q findes ikke: Vælg en af %s", c.Category, strings.Join(c.Categories, ", "))
	case c.Kind != KindBug && c.Kind != KindQuestion && c.Kind != KindFeatureRequest:
		return Refuse(RefusedInput,
			"there is no kind %q: bug, question and feature_request are",
			"typen %q findes ikke: Vælg fejl, spørgsmål eller ønske", c.Kind)
	case c.Severity.rank() < t.Claim.Severity.rank() && t.marked() && t.Severity == "" && blank(c.Reason):
		return Refuse(RefusedInput,
			"the reporter marked it %s: to set it to %s needs a reason that he can read",
			"rapportøren har meldt den som %s: Skriv en grund, som han kan læse, for at sætte den til %s", t.Claim.Severity, c.Severity)
	case c.Kind != KindBug && t.Started:
		return Refuse(RefusedState,
			"a developer works on ticket %s: it stays a %s",
			"en udvikler arbejder på billet %s: Typen er fortsat %s", t.ID, t.Kind)
	}
	return nil
}

// marked reports whether the reporter himself named a severity.
func (t Ticket) marked() bool { return t.Claim.Where != "" && t.Claim.Where != WhereNone }

// rank orders severities, the worst highest; 0 is none.
func (s Severity) rank() int {
	switch s {
	case SeverityCritical:
		return 4
	case SeverityHigh:
		return 3
	case SeverityNormal:
		return 2
	case SeverityLow:
		return 1
	}
	return 0
}

// Titled gives a ticket the title that the public roadmap shows.
type Titled struct{ Title string }

func (c Titled) decide(t Ticket, by Actor, _ time.Time) ([]Event, error) {
	if err := allow(by, Wording{"skrive en offentlig titel", "write a public title"}, StaffRoles...); err != nil {
		return nil, err
	}
	switch {
	case blank(c.Title):
		return nil, Refuse(RefusedInput, "a public title needs words", "en offentlig titel skal have ord")
	case len([]rune(trim(c.Title))) > maxTitle:
		return nil, Refuse(RefusedInput, "a public title has at most %d characters", "en offentlig titel har højst %d tegn", maxTitle)
	case trim(c.Title) == t.Title:
		return nil, nil
	}
	return []Event{{Kind: EventTitled, Title: trim(c.Title)}}, nil
}

const maxTitle = 120
