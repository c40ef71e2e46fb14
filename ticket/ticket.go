package ticket

import "time"

// Ticket is one matter that a reporter brought to us, from report to close.
// Its fields are the fold of its events and nothing else.
type Ticket struct {
	ID      ID     `json:"id"`
	State   State  `json:"state"`
	Kind    Kind   `json:"kind"`
	Subject string `json:"subject"` // the reporter's own, bare
	// Title is what the public may read of it, written by staff; "" until then.
	Title    string `json:"title,omitempty"`
	Language string `json:"language"` // of letters to the reporter; "" if unknown

	Participants []Participant `json:"participants"`

	// Excerpt is how the mail that opened the ticket begins, for letters to staff; ""
	// if its sender was not verified. Verdict is whether he was.
	Excerpt string `json:"excerpt,omitempty"`
	Verdict Trust  `json:"verdict,omitempty"`

	Claim    Claim    `json:"claim"`
	Impact   string   `json:"impact,omitempty"`
	Severity Severity `json:"severity,omitempty"` // confirmed by staff; "" until then
	Category Category `json:"category"`

	// Assignee is the address of the one of ours who has it; "" for nobody.
	Assignee string `json:"assignee,omitempty"`

	Opened     time.Time `json:"opened"`
	Updated    time.Time `json:"updated"`
	Since      time.Time `json:"since,omitzero"`      // when it came into its state
	Classified time.Time `json:"classified,omitzero"` // for the first time since it was opened or reopened
	Resolved   time.Time `json:"resolved,omitzero"`
	CloseOn    time.Time `json:"close_on,omitzero"` // when a resolved ticket closes if nothing is heard
	Closed     time.Time `json:"closed,omitzero"`
	Erased     time.Time `json:"erased,omitzero"`    // when its words were, since its time was over
	ReopenBy   time.Time `json:"reopen_by,omitzero"` // until when an answer reopens a closed ticket
	Result     Result    `json:"result,omitempty"`

	// Sprint is the one that it is planned for. First is the name of the sprint
	// that was promised first: a later one is late.
	Sprint Slot   `json:"sprint,omitzero"`
	First  string `json:"first_sprint,omitempty"`
	Hotfix bool   `json:"hotfix,omitempty"`
	// Slipped is when it went to a later sprint, or to none, last.
	Slipped time.Time `json:"slipped,omitzero"`

	// Decision is the owner's on a feature request.
	Decision Decision  `json:"decision,omitempty"`
	Quarter  string    `json:"quarter,omitempty"` // an accepted wish is planned for
	Review   time.Time `json:"review,omitzero"`   // a deferred wish is looked at again

	Started bool     `json:"started,omitempty"` // a developer has begun
	Fix     Handover `json:"fix,omitzero"`      // what QA tests, or tested
	Failed  int      `json:"failed,omitempty"`  // tests, since it was opened or reopened
	Waiting Waiting  `json:"waiting,omitzero"`  // while it waits for the reporter

	// Promised to the reporter and not kept yet; zero: nothing is. They stay when
	// they are past.
	AssessBy time.Time `json:"assess_by,omitzero"`
	AnswerBy time.Time `json:"answer_by,omitzero"`
	// Answered is when the reporter wrote, and nobody has written to him since.
	Answered time.Time `json:"answered,omitzero"`
	// Heard is when one of us last wrote to him since it was opened or reopened.
	Heard    time.Time `json:"heard,omitzero"`
	Reopened time.Time `json:"reopened,omitzero"` // last

	Follows    ID       `json:"follows,omitempty"`
	FollowedBy []ID     `json:"followed_by,omitempty"`
	Links      []ID     `json:"links,omitempty"`
	MergedInto ID       `json:"merged_into,omitempty"`
	Joined     []Joined `json:"joined,omitempty"` // from duplicates

	// Silent: the reporter is a machine that is never answered, or nobody.
	Silent bool `json:"silent,omitempty"`
	// Neutral: the reporter's domain did not authenticate; nothing of his is
	// echoed to him.
	Neutral bool   `json:"neutral,omitempty"`
	Thread  Thread `json:"thread,omitzero"`

	Flags   []string `json:"flags,omitempty"`
	Events  int      `json:"events"`  // numbered so far
	Entries int      `json:"entries"` // mails on it
	Notices int      `json:"notices"` // numbered so far
}

// Thread is what an answer repeats so that mail programs file it with the
// reporter's own mail.
type Thread struct {
	MessageID  string   `json:"message_id,omitempty"` // of the reporter's latest mail
	References []string `json:"references,omitempty"`
	Topic      string   `json:"topic,omitempty"`
	Index      string   `json:"index,omitempty"`
}

// Slot is a sprint as tickets and letters name it.
type Slot struct {
	Name  string    `json:"name"`  // 2026-24
	Start time.Time `json:"start"` // its first day
	End   time.Time `json:"end"`   // its last day
}

// Handover is what a developer gave QA to test.
type Handover struct {
	Result Result `json:"result"` // fixed or workaround
	Text   string `json:"text"`   // what was changed; the workaround, as the reporter will read it
	How    string `json:"how,omitempty"`
}

// Waiting is what a ticket waits for.
type Waiting struct {
	From      State     `json:"from"` // where it goes on
	Questions []string  `json:"questions"`
	RemindOn  time.Time `json:"remind_on,omitzero"` // zero: not again
	Reminders int       `json:"reminders,omitempty"`
}

// Joined is the reporter of a duplicate, who hears of the ticket in the words of
// his own.
type Joined struct {
	ID       ID     `json:"id"` // of the duplicate
	Address  string `json:"address"`
	Subject  string `json:"subject"`
	Language string `json:"language"`
	Neutral  bool   `json:"neutral,omitempty"`
	Thread   Thread `json:"thread,omitzero"`
}

// Decision is what the owner says to a feature request.
type Decision string

// Decisions.
const (
	DecisionAccepted Decision = "accepted"
	DecisionDeferred Decision = "deferred"
	DecisionDeclined Decision = "declined"
)

// Stage is where the ticket stands, or stood when it began to wait.
func (t Ticket) Stage() State {
	if t.State == StateWaiting {
		return t.Waiting.From
	}
	return t.State
}

// Heading names the ticket for staff: its public title, else the subject.
func (t Ticket) Heading() string {
	if t.Title != "" {
		return t.Title
	}
	return t.Subject
}

// Reporter returns the participant who opened the ticket.
func (t Ticket) Reporter() (Participant, bool) {
	for _, p := range t.Participants {
		if p.Reporter {
			return p, true
		}
	}
	return Participant{}, false
}

// Participant finds a participant by address.
func (t Ticket) Participant(address string) (Participant, bool) {
	want := FoldAddress(address)
	for _, p := range t.Participants {
		if FoldAddress(p.Address) == want {
			return p, true
		}
	}
	return Participant{}, false
}

// Level is the severity that counts now: the confirmed one, else the claim.
func (t Ticket) Level() Severity {
	if t.Severity != "" {
		return t.Severity
	}
	return t.Claim.Severity
}

// Finished reports whether the ticket is resolved or closed.
func (t Ticket) Finished() bool { return t.State == StateResolved || t.State == StateClosed }
