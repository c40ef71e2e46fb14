package ticket

import (
	"strconv"
	"strings"
	"time"
)

// NoticeKind says what a notice tells.
type NoticeKind string

// Kinds of notices to the reporter.
const (
	NoticeAcknowledgement NoticeKind = "acknowledgement" // a ticket was opened
	NoticeFollowup        NoticeKind = "followup"        // … that continues a closed one
	NoticeClassified      NoticeKind = "classified"      // staff settled severity and category, and maybe the sprint
	NoticePlanned         NoticeKind = "planned"         // it has a sprint
	NoticeSlipped         NoticeKind = "slipped"         // … a later one than we said, or none again
	NoticeInvestigating   NoticeKind = "investigating"   // a developer has taken it
	NoticeProgress        NoticeKind = "progress"        // a public note
	NoticeReply           NoticeKind = "reply"           // staff wrote to the reporter
	NoticeWaiting         NoticeKind = "waiting"         // we ask the reporter
	NoticeReminder        NoticeKind = "reminder"        // … and still wait
	NoticeTesting         NoticeKind = "testing"         // QA tests a fix or a workaround
	NoticeFailed          NoticeKind = "failed"          // the test failed, the search goes on
	NoticeResolved        NoticeKind = "resolved"
	NoticeReopened        NoticeKind = "reopened"
	NoticeClosed          NoticeKind = "closed"
	NoticeMerged          NoticeKind = "merged"   // it goes on in another ticket
	NoticeAccepted        NoticeKind = "accepted" // a wish that we carry out
	NoticeDeferred        NoticeKind = "deferred" // … not yet
	NoticeDeclined        NoticeKind = "declined" // … not
	NoticeStatus          NoticeKind = "status"   // the answer to one who asked where his ticket stands
	NoticeRoadmap         NoticeKind = "roadmap"  // the public roadmap, to one who asked
	NoticeConfirm         NoticeKind = "confirm"  // whether a participant wrote a mail that was held
)

// Kinds of notices to staff.
const (
	NoticeStaffNew       NoticeKind = "staff-new"       // support: a ticket came in
	NoticeStaffCritical  NoticeKind = "staff-critical"  // owner and support: it claims to be critical
	NoticeStaffReopened  NoticeKind = "staff-reopened"  // support: a client says it still fails
	NoticeStaffAnswered  NoticeKind = "staff-answered"  // who works on it, else support: the client wrote
	NoticeStaffRequest   NoticeKind = "staff-request"   // owner: a wish to decide on
	NoticeStaffAssigned  NoticeKind = "staff-assigned"  // who was given the ticket
	NoticeStaffPlanned   NoticeKind = "staff-planned"   // dev: it has a sprint
	NoticeStaffPushed    NoticeKind = "staff-pushed"    // owner: what a hotfix pushes out
	NoticeStaffTest      NoticeKind = "staff-test"      // QA: ready to test
	NoticeStaffFailed    NoticeKind = "staff-failed"    // dev: the test failed
	NoticeStaffHeld      NoticeKind = "staff-held"      // support: a mail was held back
	NoticeStaffBounced   NoticeKind = "staff-bounced"   // support: a letter did not arrive
	NoticeStaffOverdue   NoticeKind = "staff-overdue"   // support: a promise was broken
	NoticeStaffCommanded NoticeKind = "staff-commanded" // what became of the commands in a mail
	NoticeStaffSignIn    NoticeKind = "staff-signin"    // a link into the console, to who asked for it
	NoticeDigest         NoticeKind = "digest"          // the day's list
)

// ForStaff reports whether the notice goes to one of ours.
func (k NoticeKind) ForStaff() bool {
	return strings.HasPrefix(string(k), "staff-") || k == NoticeDigest
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
	// NoticeWithdrawn: what owed it was undone before it left.
	NoticeWithdrawn NoticeState = "withdrawn"
	// NoticeDropped: it went no further, and staff decided that it need not.
	NoticeDropped NoticeState = "dropped"
)

// Notice is one letter owed to one person. It is recorded in the same commit
// as the event that owes it, with all facts that its words need, so that a
// resend reads as the first did.
//
// A letter that is about no one ticket (a digest, the answer to a command for a
// ticket that is not there) has a letter ID in place of a tracking ID.
type Notice struct {
	Ticket ID  `json:"ticket"`
	Number int `json:"number"` // of the ticket's notices, from 1
	// Event is the number of the event that owes it; 0 for a letter that answers a
	// mail or is about no one ticket.
	Event    int        `json:"event,omitempty"`
	Kind     NoticeKind `json:"kind"`
	To       Address    `json:"to"`
	Language string     `json:"language"` // of the letter: da, en
	Owed     time.Time  `json:"owed"`     // also the letter's Date
	// NotBefore keeps the letter from leaving, so that what owes it can be undone.
	NotBefore time.Time `json:"not_before,omitzero"`
	// Key is the version of the key that signs the letter, recorded when it is owed: a
	// rotation between two tries must not make two letters of it.
	Key string `json:"key,omitempty"`
	// Identity is a keyed hash of what owes the letter, what it is and to whom it goes.
	// A mail that is filed again owes the same letters by it, whatever their numbers.
	Identity string      `json:"identity,omitempty"`
	Facts    Facts       `json:"facts"`
	State    NoticeState `json:"state"`

	Tries    []Try     `json:"tries,omitempty"` // latest last, at most MaxTriesKept
	Attempts int       `json:"attempts"`        // since it was queued last
	Sent     time.Time `json:"sent,omitzero"`
	Retried  time.Time `json:"retried,omitzero"` // when somebody had it sent again
	Bounce   string    `json:"bounce,omitempty"` // mail key of the bounce
	Reason   string    `json:"reason,omitempty"` // why held or given up
}

// Due is when the letter leaves at the earliest.
func (n Notice) Due() time.Time {
	if n.NotBefore.After(n.Owed) {
		return n.NotBefore
	}
	return n.Owed
}

// Since is when the letter was queued: when it was owed, or somebody had it sent
// again.
func (n Notice) Since() time.Time {
	if n.Retried.After(n.Owed) {
		return n.Retried
	}
	return n.Owed
}

// Sending names one sending of the letter among all that ever were: who has it sent
// again makes another one of it. It is "" for a letter without an Identity.
func (n Notice) Sending() string {
	if n.Identity == "" || n.Retried.IsZero() {
		return n.Identity
	}
	return n.Identity + "." + strconv.FormatInt(n.Retried.UnixMilli(), 36)
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

	// Shown is the tracking ID that the reader knows, where it is not the
	// notice's own: his ticket was merged into another.
	Shown ID `json:"shown,omitempty"`

	State     State     `json:"state,omitempty"`
	Since     time.Time `json:"since,omitzero"` // status: when it came into that state
	Severity  Severity  `json:"severity,omitempty"`
	Confirmed bool      `json:"confirmed,omitempty"` // severity is staff's, not the reporter's claim
	Marked    bool      `json:"marked,omitempty"`    // the reporter did mark a severity
	Claimed   Severity  `json:"claimed,omitempty"`   // classified: what he marked, where that was corrected
	Evidence  string    `json:"evidence,omitempty"`  // for staff: the phrase that marks it
	Where     string    `json:"where,omitempty"`
	Impact    string    `json:"impact,omitempty"`   // for staff: severe
	Category  string    `json:"category,omitempty"` // "" where only guessed and not worth saying
	Kind      Kind      `json:"kind,omitempty"`
	Title     string    `json:"title,omitempty"` // public, written by staff

	// The sprint that the ticket is in, if any: 2026-24, its first and its last
	// day.
	Sprint      string    `json:"sprint,omitempty"`
	SprintStart time.Time `json:"sprint_start,omitzero"`
	SprintEnd   time.Time `json:"sprint_end,omitzero"`
	SprintFrom  string    `json:"sprint_from,omitempty"` // slipped: the one that we named before
	Hotfix      bool      `json:"hotfix,omitempty"`
	Backlog     bool      `json:"backlog,omitempty"`    // classified, slipped: this sprint and the next are full
	Workaround  string    `json:"workaround,omitempty"` // slipped: what helps until then
	// Quarter is when an accepted wish is planned for: 2027-Q1.
	Quarter string    `json:"quarter,omitempty"`
	Review  time.Time `json:"review,omitzero"` // deferred: when we look again

	// OwnerTold: the product owner is alerted by the same commit.
	OwnerTold bool `json:"owner_told,omitempty"`

	Questions []string  `json:"questions,omitempty"` // waiting, reminder
	RemindOn  time.Time `json:"remind_on,omitzero"`  // … when we ask again; zero: not again

	Result Result `json:"result,omitempty"` // resolved, testing: fixed, workaround, answer
	// Text is staff's words to the reader: the answer, the workaround, the public
	// note, the reply; declined: what he can do instead; to QA: what was changed; to
	// dev: what failed.
	Text     string `json:"text,omitempty"`
	How      string `json:"how,omitempty"`      // to QA: how to check it
	Verified string `json:"verified,omitempty"` // resolved: what was checked
	Limits   string `json:"limits,omitempty"`   // resolved: what it does not cover

	Closing   Closing `json:"closing,omitempty"` // closed: why
	QuietDays int     `json:"quiet_days,omitempty"`
	Reason    string  `json:"reason,omitempty"` // staff's reason for a closing, a lowered severity, a slip, a refusal; why a mail is held

	AssessBy time.Time `json:"assess_by,omitzero"` // zero: nothing promised
	AnswerBy time.Time `json:"answer_by,omitzero"`
	CloseOn  time.Time `json:"close_on,omitzero"`  // resolved: when it closes if nothing is heard
	ReopenBy time.Time `json:"reopen_by,omitzero"` // closed: until when an answer reopens

	Follows    ID  `json:"follows,omitempty"`     // followup: the old ticket; merged: the one it goes on in
	WindowDays int `json:"window_days,omitempty"` // followup: length of the reopening window

	Link    string    `json:"link,omitempty"`   // signed link to the status page; "" while there is none
	Expires time.Time `json:"expires,omitzero"` // the link works once, until then; confirm: the answer

	Attachments []AttachmentRef `json:"attachments,omitempty"` // reply: what staff sent with it

	// For staff.
	By          Address     `json:"by,omitzero"` // which of ours did what it tells
	Assignee    Address     `json:"assignee,omitzero"`
	Pushed      []Moved     `json:"pushed,omitempty"`     // staff-pushed
	Free        int         `json:"free,omitempty"`       // staff-critical: places left in the current sprint …
	Capacity    int         `json:"capacity,omitempty"`   // … of so many; 0: not known
	Mail        string      `json:"mail,omitempty"`       // staff-held, confirm: the mail
	Undelivered Address     `json:"undelivered,omitzero"` // staff-bounced: whom the letter did not reach …
	Lost        NoticeKind  `json:"lost,omitempty"`       // … which one it was …
	Status      string      `json:"status,omitempty"`     // … and the code and words of the bounce
	Overdue     PromiseKind `json:"overdue,omitempty"`    // staff-overdue: what was promised by AssessBy or AnswerBy
	Done        []Done      `json:"done,omitempty"`       // staff-commanded: line by line
	Digest      *Digest     `json:"digest,omitempty"`
	Roadmap     *Roadmap    `json:"roadmap,omitempty"`

	// For staff: who wrote the mail that the letter tells of, else who reported; and
	// whether his words may be shown.
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

// AttachmentRef names an attachment of a mail that is on file.
type AttachmentRef struct {
	Mail        string `json:"mail"`
	Number      int    `json:"number"` // from 1, among the mail's attachments
	Filename    string `json:"filename"`
	ContentType string `json:"content_type"`
	Size        int    `json:"size"` // bytes
}

// Moved is a ticket that changed its sprint.
type Moved struct {
	Ticket ID     `json:"ticket"`
	Title  string `json:"title"`
	From   string `json:"from"`
	To     string `json:"to,omitempty"` // "": the backlog
}

// PromiseKind is what we promise the reporter by a time.
type PromiseKind string

// Promises.
const (
	PromiseAssess PromiseKind = "assess" // severity and category are settled
	PromiseAnswer PromiseKind = "answer" // he hears from a person
)

// Done is what became of one line of commands in a mail.
type Done struct {
	Line    string      `json:"line"` // as written
	OK      bool        `json:"ok"`
	Text    string      `json:"text"`           // what was done, or why not and what is possible
	Undo    string      `json:"undo,omitempty"` // the line that takes it back
	Refused RefusalCode `json:"refused,omitempty"`
}

// Result is how a ticket was resolved.
type Result string

// Results.
const (
	ResultFixed      Result = "fixed"      // QA tested it
	ResultWorkaround Result = "workaround" // QA tested a way around it
	ResultAnswer     Result = "answer"     // no bug: support answered
	ResultDeclined   Result = "declined"   // a wish that the owner refused
	ResultMerged     Result = "merged"     // it goes on in another ticket
)

// Closing is why a ticket was closed.
type Closing string

// Reasons of closing.
const (
	ClosingConfirmed Closing = "confirmed" // the reporter said that it works
	ClosingQuiet     Closing = "quiet"     // nothing was heard for the quiet days
	ClosingStaff     Closing = "staff"     // support closed it, with a reason
	ClosingMerged    Closing = "merged"    // it is a duplicate of another ticket
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
