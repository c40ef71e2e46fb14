package ticket

import "time"

// EventKind says what happened to a ticket.
type EventKind string

// Kinds of events.
const (
	EventOpened      EventKind = "opened"
	EventAppended    EventKind = "appended"
	EventAnswered    EventKind = "answered" // the reporter wrote, and so ended the waiting
	EventReopened    EventKind = "reopened"
	EventFollowed    EventKind = "followed" // a new ticket continues this closed one
	EventClassified  EventKind = "classified"
	EventPlanned     EventKind = "planned"
	EventMoved       EventKind = "moved" // to another sprint, or back to the backlog
	EventStarted     EventKind = "started"
	EventHandedOver  EventKind = "handed-over" // to QA
	EventFailed      EventKind = "failed"      // the test
	EventResolved    EventKind = "resolved"
	EventClosed      EventKind = "closed"
	EventNoted       EventKind = "noted"
	EventReplied     EventKind = "replied"
	EventAsked       EventKind = "asked"
	EventReminded    EventKind = "reminded"
	EventAssigned    EventKind = "assigned"
	EventTitled      EventKind = "titled"
	EventMerged      EventKind = "merged"   // into another, which goes on
	EventAbsorbed    EventKind = "absorbed" // a duplicate
	EventLinked      EventKind = "linked"
	EventDecided     EventKind = "decided" // by the owner, on a feature request
	EventInvited     EventKind = "invited" // a participant more
	EventDismissed   EventKind = "dismissed"
	EventBounced     EventKind = "bounced" // a letter of the ticket's
	EventOverdue     EventKind = "overdue" // a promise is
	EventAskedStatus EventKind = "asked-status"
	EventUndone      EventKind = "undone"
	EventErased      EventKind = "erased" // a person, from the ticket and its events; by supportd itself everybody
)

// Event is one thing that happened to a ticket. Events are numbered from 1
// without gaps, never changed and never deleted while the ticket lives: they
// are its audit log, and folding them gives the ticket.
type Event struct {
	Number int `json:"number"`
	// Command is the number of the first event of the same command.
	Command int       `json:"command,omitempty"`
	At      time.Time `json:"at"`
	Kind    EventKind `json:"kind"`
	By      Actor     `json:"by"`

	Entry *Entry `json:"entry,omitempty"` // the mail that caused it
	// Opening is what a new ticket starts with.
	Opening *Opening `json:"opening,omitempty"`

	// Classified: all three as they now are.
	Severity   Severity `json:"severity,omitempty"`
	Category   string   `json:"category,omitempty"`
	TicketKind Kind     `json:"ticket_kind,omitempty"`
	Backlog    bool     `json:"backlog,omitempty"` // this sprint and the next are full

	Title  string  `json:"title,omitempty"`
	Sprint Slot    `json:"sprint,omitzero"` // planned, moved: the new one; zero: the backlog
	From   string  `json:"from,omitempty"`  // moved: the name of the old one
	Hotfix bool    `json:"hotfix,omitempty"`
	Again  bool    `json:"again,omitempty"`  // started: by another developer
	Pushed []Moved `json:"pushed,omitempty"` // planned: what the hotfix pushed out

	Result   Result    `json:"result,omitempty"`
	Text     string    `json:"text,omitempty"`
	How      string    `json:"how,omitempty"`
	Public   bool      `json:"public,omitempty"` // noted: the reporter reads it
	Verified string    `json:"verified,omitempty"`
	Limits   string    `json:"limits,omitempty"`
	CloseOn  time.Time `json:"close_on,omitzero"`

	Questions []string  `json:"questions,omitempty"`
	RemindOn  time.Time `json:"remind_on,omitzero"`

	Closing  Closing   `json:"closing,omitempty"`
	Quiet    int       `json:"quiet_days,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	ReopenBy time.Time `json:"reopen_by,omitzero"`

	Decision Decision  `json:"decision,omitempty"`
	Quarter  string    `json:"quarter,omitempty"`
	Review   time.Time `json:"review,omitzero"`

	Other       ID              `json:"other,omitempty"` // followed, merged, absorbed, linked: the other ticket
	Joined      []Joined        `json:"joined,omitempty"`
	Assignee    string          `json:"assignee,omitempty"` // "": nobody
	Participant *Participant    `json:"participant,omitempty"`
	Attachments []AttachmentRef `json:"attachments,omitempty"`

	Promise PromiseKind `json:"promise,omitempty"`
	// AnswerBy is by when the reporter now is to hear of us; zero: nothing is
	// promised. It counts where an entry or a classification stands.
	AnswerBy time.Time `json:"answer_by,omitzero"`

	// Wants: a person wrote, and it was more than thanks.
	Wants bool `json:"wants,omitempty"`

	Notice int    `json:"notice,omitempty"` // bounced: its number
	Status string `json:"status,omitempty"` // bounced: code and words

	// Undone: the events that no longer count, and the ticket as if they never
	// had.
	Undoes   []int   `json:"undoes,omitempty"`
	Restored *Ticket `json:"restored,omitempty"`
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
	// Free and Capacity are the places of the current sprint, for the alert of a
	// critical claim.
	Free     int `json:"free,omitempty"`
	Capacity int `json:"capacity,omitempty"`
}
