package ticket

import (
	"slices"
	"time"
)

// EventKind says what happened to a ticket.
type EventKind string

// Kinds of events.
const (
	EventOpened   EventKind = "opened"
	EventAppended EventKind = "appended"
	EventReopened EventKind = "reopened"
	EventFollowed EventKind = "followed" // a new ticket continues this closed one
	EventResolved EventKind = "resolved"
	EventClosed   EventKind = "closed"
)

// Event is one thing that happened to a ticket. Events are numbered from 1
// without gaps, never changed and never deleted while the ticket lives: they
// are its audit log, and folding them gives the ticket.
type Event struct {
	Number int       `json:"number"`
	At     time.Time `json:"at"`
	Kind   EventKind `json:"kind"`
	By     Actor     `json:"by"`

	Entry *Entry `json:"entry,omitempty"` // opened, appended, reopened: the mail
	// Opening is what a new ticket starts with.
	Opening *Opening `json:"opening,omitempty"`

	Result   Result    `json:"result,omitempty"`
	Text     string    `json:"text,omitempty"`
	Verified string    `json:"verified,omitempty"`
	Limits   string    `json:"limits,omitempty"`
	CloseOn  time.Time `json:"close_on,omitzero"`

	Closing  Closing   `json:"closing,omitempty"`
	Quiet    int       `json:"quiet_days,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	ReopenBy time.Time `json:"reopen_by,omitzero"`

	Other ID `json:"other,omitempty"` // followed: the new ticket
}

// Entry is a mail as it stands on a ticket. The mail record has its full text
// and the archive its raw bytes.
type Entry struct {
	Mail        string       `json:"mail"`
	MessageID   string       `json:"message_id,omitempty"`
	From        Address      `json:"from"`
	Subject     string       `json:"subject,omitempty"`
	Text        string       `json:"text"` // the new text
	Attachments []Attachment `json:"attachments,omitempty"`
	Flags       []string     `json:"flags,omitempty"`
	Trust       Trust        `json:"trust"`
	// Banner warns staff: who wrote is no participant.
	Banner string `json:"banner,omitempty"`
	// AsksReopen: the sender could not be verified, so that a reopening was
	// left to staff.
	AsksReopen bool `json:"asks_reopen,omitempty"`
	// Joins are those whom the reporter's own mail brings in.
	Joins  []Participant `json:"joins,omitempty"`
	Thread Thread        `json:"thread,omitzero"`
}

// Opening is what a new ticket starts with.
type Opening struct {
	ID           ID            `json:"id"`
	Subject      string        `json:"subject"`
	Language     string        `json:"language,omitempty"`
	Participants []Participant `json:"participants"`
	Reading      Reading       `json:"reading"`
	Silent       bool          `json:"silent,omitempty"`
	Neutral      bool          `json:"neutral,omitempty"`
	Follows      ID            `json:"follows,omitempty"`
	WindowDays   int           `json:"window_days,omitempty"`
	AssessBy     time.Time     `json:"assess_by,omitzero"`
}

// Apply folds events into the ticket and returns the result. It cannot fail:
// what may not happen was refused by Decide.
func (t Ticket) Apply(events ...Event) Ticket {
	for _, e := range events {
		t = t.apply(e)
	}
	return t
}

func (t Ticket) apply(e Event) Ticket {
	t.Events = e.Number
	t.Updated = e.At
	if e.Entry != nil {
		t = t.addEntry(*e.Entry)
	}
	switch e.Kind {
	case EventOpened:
		t = t.open(e)
	case EventReopened:
		t.State = StateReported
		t.Resolved, t.CloseOn, t.Closed, t.ReopenBy, t.Result = time.Time{}, time.Time{}, time.Time{}, time.Time{}, ""
	case EventResolved:
		t.State = StateResolved
		t.Resolved, t.CloseOn, t.Result = e.At, e.CloseOn, e.Result
		if e.Result == ResultAnswer && t.Kind == KindBug {
			t.Kind = KindQuestion // support answers what is no bug
		}
	case EventClosed:
		t.State = StateClosed
		t.CloseOn, t.Closed, t.ReopenBy = time.Time{}, e.At, e.ReopenBy
	case EventFollowed:
		t.FollowedBy = append(slices.Clip(t.FollowedBy), e.Other)
	}
	return t
}

func (t Ticket) open(e Event) Ticket {
	o := e.Opening
	t.ID, t.State = o.ID, StateReported
	t.Subject, t.Language = o.Subject, o.Language
	t.Participants = o.Participants
	t.Claim, t.Impact, t.Category, t.Kind = o.Reading.Claim, o.Reading.Impact, o.Reading.Category, o.Reading.Kind
	t.Opened = e.At
	t.Silent, t.Neutral, t.Follows = o.Silent, o.Neutral, o.Follows
	return t
}

func (t Ticket) addEntry(e Entry) Ticket {
	t.Entries++
	t.Participants = append(slices.Clip(t.Participants), e.Joins...)
	if e.Thread.MessageID != "" {
		t.Thread = e.Thread
	}
	if p, ok := t.Participant(e.From.Address); ok && p.Reporter && e.Trust == TrustVerified {
		t.Neutral = false // now he is known to be who he says
	}
	for _, f := range e.Flags {
		if !slices.Contains(t.Flags, f) {
			t.Flags = append(slices.Clip(t.Flags), f)
		}
	}
	return t
}
