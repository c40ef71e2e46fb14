package ticket

import "time"

// Status is what a reporter may know of his ticket from whoever speaks for us: how
// far it is and what comes next, and no word of any mail.
type Status struct {
	Ticket    ID        `json:"ticket"`
	State     State     `json:"state"`
	Since     time.Time `json:"since" doc:"When it came into its state."`
	Kind      Kind      `json:"kind"`
	Severity  Severity  `json:"severity"`
	Confirmed bool      `json:"confirmed" doc:"The severity is ours, and not only what the reporter marked."`
	Track     []Step    `json:"track" doc:"The stages of the process, and when it reached each."`
	Sprint    *Slot     `json:"sprint,omitempty" doc:"The sprint that it is planned for."`
	Quarter   string    `json:"quarter,omitempty" doc:"The quarter that an accepted wish is planned for."`
	Questions []string  `json:"questions,omitempty" doc:"What we wait for the reporter to answer."`
	Result    Result    `json:"result,omitempty"`
	AssessBy  time.Time `json:"assess_by,omitzero"`
	AnswerBy  time.Time `json:"answer_by,omitzero"`
	ClosesOn  time.Time `json:"closes_on,omitzero"`
	ReopenBy  time.Time `json:"reopens_until,omitzero"`
	Merged    ID        `json:"merged_into,omitempty"`
	Decision  Decision  `json:"decision,omitempty"`
}

// Status is how the ticket stands. The events are all of its own.
func (t Ticket) Status(events []Event) Status {
	s := Status{
		Ticket: t.ID, State: t.State, Since: t.Since, Kind: t.Kind, Severity: t.Level(), Confirmed: t.Severity != "",
		Track: Track(t, events), Quarter: t.Quarter, Questions: t.Waiting.Questions, Result: t.Result,
		AssessBy: t.AssessBy, AnswerBy: t.AnswerBy, ClosesOn: t.CloseOn, ReopenBy: t.ReopenBy, Merged: t.MergedInto, Decision: t.Decision,
	}
	if t.Sprint.Name != "" {
		s.Sprint = &t.Sprint
	}
	if s.Since.IsZero() {
		s.Since = t.Opened
	}
	return s
}
