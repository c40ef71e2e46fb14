package ticket

import "time"

// Digest is the day's list for one of ours. Empty sections are left out; a
// digest without sections is not sent.
type Digest struct {
	Day      time.Time       `json:"day"`              // local midnight of the reader's day
	Weekly   bool            `json:"weekly,omitempty"` // the owner's, of the week that ended
	Sections []DigestSection `json:"sections"`         // the worst first
	Sprint   *SprintLoad     `json:"sprint,omitempty"` // weekly: the current one
}

// SectionKind says what the tickets of a section have in common.
type SectionKind string

// Sections of digests.
const (
	SectionOverdue      SectionKind = "overdue"      // promises past their time
	SectionCritical     SectionKind = "critical"     // claimed or confirmed, not finished
	SectionUnclassified SectionKind = "unclassified" // nobody has assessed them
	SectionAnswered     SectionKind = "answered"     // the client wrote last
	SectionHeld         SectionKind = "held"         // mails held back
	SectionBounced      SectionKind = "bounced"      // letters that did not arrive, or were given up
	SectionReopened     SectionKind = "reopened"
	SectionWaiting      SectionKind = "waiting"  // for the client, for more than a week
	SectionFailed       SectionKind = "failed"   // tests that failed
	SectionMine         SectionKind = "mine"     // assigned to the reader
	SectionPlanned      SectionKind = "planned"  // for the reader's role, in the current sprint
	SectionTesting      SectionKind = "testing"  // awaiting a test, oldest first
	SectionSlipped      SectionKind = "slipped"  // moved to a later sprint within the week
	SectionBacklog      SectionKind = "backlog"  // no sprint has room
	SectionRequests     SectionKind = "requests" // wishes to decide on
)

// DigestSection is one list: at most ten rows, the worst first, and how many
// more there are.
type DigestSection struct {
	Kind SectionKind `json:"kind"`
	Rows []DigestRow `json:"rows"`
	More int         `json:"more,omitempty"`
}

// DigestRow is one line. What is zero is not said.
type DigestRow struct {
	Ticket    ID          `json:"ticket,omitempty"`
	Mail      string      `json:"mail,omitempty"` // held: the mail
	Title     string      `json:"title"`          // the public title, else the subject
	State     State       `json:"state,omitempty"`
	Severity  Severity    `json:"severity,omitempty"`
	Confirmed bool        `json:"confirmed,omitempty"`
	Promise   PromiseKind `json:"promise,omitempty"` // overdue: what was promised …
	By        time.Time   `json:"by,omitzero"`       // … by when
	Since     time.Time   `json:"since,omitzero"`    // how long it has been so
	Sprint    string      `json:"sprint,omitempty"`
	Person    string      `json:"person,omitempty"` // whom it concerns: assignee, or address that did not get a letter
	Reason    string      `json:"reason,omitempty"`
}

// SprintLoad is how full a sprint is.
type SprintLoad struct {
	Sprint   string    `json:"sprint"`
	Start    time.Time `json:"start"` // first day
	End      time.Time `json:"end"`   // last day
	Capacity int       `json:"capacity"`
	Taken    int       `json:"taken"` // of it
	Done     int       `json:"done"`  // of those taken: resolved or closed
}

// Roadmap is the public view of what is planned: no names, no words of mails.
type Roadmap struct {
	Period   string          `json:"period"` // 2026-Q4 or 2026
	Sprints  []RoadmapSprint `json:"sprints,omitempty"`
	Quarters []RoadmapPart   `json:"quarters,omitempty"` // of a year
	Requests []RoadmapItem   `json:"requests,omitempty"` // accepted wishes of the period
}

// RoadmapSprint is one sprint with what is in it.
type RoadmapSprint struct {
	SprintLoad
	Current  bool          `json:"current,omitempty"`
	Items    []RoadmapItem `json:"items"`
	Untitled int           `json:"untitled,omitempty"` // fixes that staff have not given a public title yet
}

// RoadmapPart is a quarter of a year in numbers, with its headlines.
type RoadmapPart struct {
	Quarter   string        `json:"quarter"`
	Planned   int           `json:"planned"`
	InWork    int           `json:"in_work"`
	Done      int           `json:"done"`
	Headlines []RoadmapItem `json:"headlines"`
}

// RoadmapItem is one fix or wish.
type RoadmapItem struct {
	Title    string   `json:"title"` // written by staff for the public
	Category string   `json:"category"`
	Severity Severity `json:"severity,omitempty"`
	State    State    `json:"state"`
	Sprint   string   `json:"sprint,omitempty"`
	Quarter  string   `json:"quarter,omitempty"`
	Late     bool     `json:"late,omitempty"` // it was planned for an earlier sprint
}
