package ticket

import "time"

// OutcomeKind is what became of a mail. Every accepted mail has exactly one.
type OutcomeKind string

// Outcomes.
const (
	OutcomeOpened      OutcomeKind = "opened"
	OutcomeAppended    OutcomeKind = "appended"
	OutcomeReopened    OutcomeKind = "reopened"
	OutcomeFollowup    OutcomeKind = "followup"  // a new ticket, linked to a closed one
	OutcomeDuplicate   OutcomeKind = "duplicate" // came before
	OutcomeCommand     OutcomeKind = "command"   // staff mail
	OutcomeConfirmed   OutcomeKind = "confirmed" // a mailed confirmation
	OutcomeAuto        OutcomeKind = "auto"      // a machine's: kept, no ticket
	OutcomeBounce      OutcomeKind = "bounce"    // joined to the notice that bounced
	OutcomeHeld        OutcomeKind = "held"      // kept from the ticket until staff decide
	OutcomeRefusedLoop OutcomeKind = "refused-loop"
)

// Outcome is the record of what became of one mail, and why.
type Outcome struct {
	Mail      string      `json:"mail"`
	MessageID string      `json:"message_id"`
	Received  time.Time   `json:"received"`
	Outcome   OutcomeKind `json:"outcome"`
	// Ticket is the one the mail is filed with; for held and auto it is the
	// one suspected, to which nothing was added.
	Ticket  ID       `json:"ticket,omitempty"`
	Reasons []string `json:"reasons"`
	Trust   Trust    `json:"trust"`
	Notices []int    `json:"notices"` // numbers of the ticket's notices that this mail caused
	// Original is the mail that this one repeats.
	Original string `json:"original,omitempty"`
}
