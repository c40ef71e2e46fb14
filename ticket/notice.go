package ticket

import "time"

// NoticeKind says what a notice tells.
type NoticeKind string

// Kinds of notices. The first five go to the reporter, the others to staff.
const (
	NoticeAcknowledgement NoticeKind = "acknowledgement" // a ticket was opened
	NoticeFollowup        NoticeKind = "followup"        // … that continues a closed one
	NoticeResolved        NoticeKind = "resolved"
	NoticeReopened        NoticeKind = "reopened"
	NoticeClosed          NoticeKind = "closed"

	NoticeStaffNew      NoticeKind = "staff-new"      // support: a ticket came in
	NoticeStaffCritical NoticeKind = "staff-critical" // owner and support: it claims to be critical
	NoticeStaffReopened NoticeKind = "staff-reopened" // support: a client says it still fails
)

// ForStaff reports whether the notice goes to one of ours.
func (k NoticeKind) ForStaff() bool {
	switch k {
	case NoticeStaffNew, NoticeStaffCritical, NoticeStaffReopened:
		return true
	}
	return false
}

// NoticeState is how far a promised notice has come.
type NoticeState string

// States of a notice.
const (
	NoticeQueued  NoticeState = "queued"
	NoticeSent    NoticeState = "sent"
	NoticeBounced NoticeState = "bounced"
	NoticeGivenUp NoticeState = "given-up"
	NoticeHeld    NoticeState = "held" // past a budget of the loop breaker
)

// Notice is one letter owed to one person. It is recorded in the same commit
// as the event that owes it, with all facts that its words need, so that a
// resend reads as the first did.
type Notice struct {
	Ticket   ID          `json:"ticket"`
	Number   int         `json:"number"` // of the ticket's notices, from 1
	Kind     NoticeKind  `json:"kind"`
	To       Address     `json:"to"`
	Language string      `json:"language"` // of the letter: da, en
	Owed     time.Time   `json:"owed"`     // also the letter's Date
	Facts    Facts       `json:"facts"`
	State    NoticeState `json:"state"`

	Tries    []Try     `json:"tries,omitempty"` // latest last, at most MaxTriesKept
	Attempts int       `json:"attempts"`        // all of them
	Sent     time.Time `json:"sent,omitzero"`
	Bounce   string    `json:"bounce,omitempty"` // mail key of the bounce
	Reason   string    `json:"reason,omitempty"` // why held or given up
}

// MaxTriesKept bounds the log of a notice.
const MaxTriesKept = 10

// Try is one attempt to hand a notice to the relay.
type Try struct {
	At    time.Time `json:"at"`
	Reply string    `json:"reply"` // the relay's, or what went wrong
}

// Facts are what a notice says, frozen when it was owed.
type Facts struct {
	// Subject is the reporter's own, without prefixes and IDs; empty when it
	// must not be echoed.
	Subject string `json:"subject,omitempty"`
	// Neutral: the sender's domain did not authenticate, so that the letter
	// has a fixed subject and text and echoes nothing.
	Neutral bool `json:"neutral,omitempty"`

	State     State    `json:"state,omitempty"`
	Severity  Severity `json:"severity,omitempty"`
	Confirmed bool     `json:"confirmed,omitempty"` // severity is staff's, not the reporter's claim
	Marked    bool     `json:"marked,omitempty"`    // the reporter did mark a severity
	Evidence  string   `json:"evidence,omitempty"`  // for staff: the phrase that marks it
	Where     string   `json:"where,omitempty"`
	Impact    string   `json:"impact,omitempty"`   // for staff: severe
	Category  string   `json:"category,omitempty"` // "" where only guessed and not worth saying
	Kind      Kind     `json:"kind,omitempty"`
	Sprint    string   `json:"sprint,omitempty"`

	// OwnerTold: the product owner is alerted by the same commit.
	OwnerTold bool `json:"owner_told,omitempty"`

	Result   Result `json:"result,omitempty"`   // resolved: fixed, workaround, answer
	Text     string `json:"text,omitempty"`     // resolved: the workaround or the answer, staff's words
	Verified string `json:"verified,omitempty"` // resolved: what was checked
	Limits   string `json:"limits,omitempty"`   // resolved: what it does not cover

	Closing   Closing `json:"closing,omitempty"` // closed: why
	QuietDays int     `json:"quiet_days,omitempty"`
	Reason    string  `json:"reason,omitempty"` // closed by staff: the words

	AssessBy time.Time `json:"assess_by,omitzero"` // zero: nothing promised
	CloseOn  time.Time `json:"close_on,omitzero"`  // resolved: when it closes if nothing is heard
	ReopenBy time.Time `json:"reopen_by,omitzero"` // closed: until when an answer reopens

	Follows    ID  `json:"follows,omitempty"`     // followup: the old ticket
	WindowDays int `json:"window_days,omitempty"` // followup: length of the reopening window

	Link string `json:"link,omitempty"` // signed link to the status page; "" while there is none

	// For staff: who reported, and whether his words may be shown.
	Reporter Address `json:"reporter,omitzero"`
	Verdict  Trust   `json:"verdict,omitempty"`
	Excerpt  string  `json:"excerpt,omitempty"` // of the new text; only from a verified sender

	// Threading of the letter (RFC 5322 section 3.6.4); Message-IDs as the mail
	// had them, without angle brackets. References holds InReplyTo too, each once,
	// and ten at most.
	InReplyTo   string   `json:"in_reply_to,omitempty"`
	References  []string `json:"references,omitempty"`
	ThreadTopic string   `json:"thread_topic,omitempty"`
	ThreadIndex string   `json:"thread_index,omitempty"`
}

// Result is how a ticket was resolved.
type Result string

// Results.
const (
	ResultFixed      Result = "fixed"      // QA tested it
	ResultWorkaround Result = "workaround" // QA tested a way around it
	ResultAnswer     Result = "answer"     // no bug: support answered
)

// Closing is why a ticket was closed.
type Closing string

// Reasons of closing.
const (
	ClosingConfirmed Closing = "confirmed" // the reporter said that it works
	ClosingQuiet     Closing = "quiet"     // nothing was heard for the quiet days
	ClosingStaff     Closing = "staff"     // support closed it, with a reason
)

// Trust is what is known of a sender's identity.
type Trust string

// Degrees of trust.
const (
	TrustVerified   Trust = "verified"   // an aligned DMARC, SPF or DKIM pass
	TrustUnverified Trust = "unverified" // checked without a verdict
	TrustFailed     Trust = "failed"     // DMARC failed
	TrustNone       Trust = "none"       // nothing is configured that could check
)
