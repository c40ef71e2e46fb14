package ticket

import "time"

// Ticket is one matter that a reporter brought to us, from report to close.
// Its fields are the fold of its events and nothing else.
type Ticket struct {
	ID       ID     `json:"id"`
	State    State  `json:"state"`
	Kind     Kind   `json:"kind"`
	Subject  string `json:"subject"`  // the reporter's own, bare
	Language string `json:"language"` // of letters to the reporter; "" if unknown

	Participants []Participant `json:"participants"`

	Claim    Claim    `json:"claim"`
	Impact   string   `json:"impact,omitempty"`
	Severity Severity `json:"severity,omitempty"` // confirmed by staff; "" until then
	Category Category `json:"category"`

	Opened   time.Time `json:"opened"`
	Updated  time.Time `json:"updated"`
	Resolved time.Time `json:"resolved,omitzero"`
	CloseOn  time.Time `json:"close_on,omitzero"` // when a resolved ticket closes if nothing is heard
	Closed   time.Time `json:"closed,omitzero"`
	ReopenBy time.Time `json:"reopen_by,omitzero"` // until when an answer reopens a closed ticket
	Result   Result    `json:"result,omitempty"`

	Follows    ID   `json:"follows,omitempty"`
	FollowedBy []ID `json:"followed_by,omitempty"`

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
