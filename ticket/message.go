package ticket

import (
	"slices"
	"time"
)

// SegmentKind says what a stretch of a mail's text is.
type SegmentKind string

// The kinds of text in a mail.
const (
	SegmentText       SegmentKind = "text"       // written for this mail
	SegmentQuote      SegmentKind = "quote"      // repeated from an earlier mail
	SegmentMarker     SegmentKind = "marker"     // "On … wrote:", our own reply line
	SegmentSignature  SegmentKind = "signature"  // name, title, telephone
	SegmentDevice     SegmentKind = "device"     // "Sendt fra min iPhone"
	SegmentDisclaimer SegmentKind = "disclaimer" // legal boilerplate
	SegmentForward    SegmentKind = "forward"    // somebody else's mail, passed on
)

// Segment is a stretch of Message.Text. Start and End are byte offsets; the
// segments of a message are ordered and cover its text without gap or overlap.
type Segment struct {
	Kind  SegmentKind `json:"kind"`
	Start int         `json:"start"`
	End   int         `json:"end"`
}

// Attachment is a file that came with a mail.
type Attachment struct {
	Filename    string `json:"filename"`     // as the sender named it, cleaned of paths and controls
	ContentType string `json:"content_type"` // media type, lower case, no parameters
	Size        int    `json:"size"`         // bytes, decoded
	Inline      bool   `json:"inline"`
	ContentID   string `json:"content_id"` // without angle brackets
	SHA256      string `json:"sha256"`     // of the decoded bytes, hex
	Content     []byte `json:"-"`
}

// AutomaticKind says what sort of machine wrote a mail.
type AutomaticKind string

// The kinds of automatic mail.
const (
	AutomaticBounce       AutomaticKind = "bounce"
	AutomaticVacation     AutomaticKind = "vacation"
	AutomaticReply        AutomaticKind = "auto-reply"
	AutomaticList         AutomaticKind = "list"
	AutomaticBulk         AutomaticKind = "bulk"
	AutomaticFeedback     AutomaticKind = "feedback"
	AutomaticCalendar     AutomaticKind = "calendar"
	AutomaticNotification AutomaticKind = "notification"
	AutomaticLoop         AutomaticKind = "loop"
)

// Automatic is the verdict whether a machine wrote a mail (RFC 3834), with
// the reasons for it: each names the header or text that decided.
type Automatic struct {
	Is      bool          `json:"is"`
	Kind    AutomaticKind `json:"kind"`
	Reasons []string      `json:"reasons"`
}

// BouncedRecipient is one recipient of a delivery status notification
// (RFC 3464 section 2.3).
type BouncedRecipient struct {
	Address    string `json:"address"`
	Action     string `json:"action"`     // failed, delayed, delivered, relayed, expanded
	Status     string `json:"status"`     // enhanced status code, 5.1.1
	Diagnostic string `json:"diagnostic"` // the remote server's words
}

// Bounce is what a delivery status notification tells.
type Bounce struct {
	Is         bool               `json:"is"`
	Recipients []BouncedRecipient `json:"recipients"`
	// OriginalMessageID is the Message-ID of the mail that bounced, without
	// angle brackets; empty where the notification does not show it.
	OriginalMessageID string `json:"original_message_id"`
}

// Header is one header field, decoded and unfolded.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Message is a mail as read: every string is valid UTF-8, every size bounded.
// The raw bytes are kept elsewhere; nothing here needs to be lossless but Text
// and its Segments.
type Message struct {
	MessageID string `json:"message_id"` // without angle brackets; "" if absent or unusable
	Subject   string `json:"subject"`
	// From is for display. It identifies the sender only where Identified is
	// set: exactly one From header holding exactly one mailbox, read by
	// net/mail. All else has no identity, whatever From shows.
	From       Address   `json:"from"`
	Identified bool      `json:"identified"`
	ReplyTo    []Address `json:"reply_to,omitempty"`
	To         []Address `json:"to"`
	Cc         []Address `json:"cc,omitempty"`
	// DeliveredTo holds the addresses of Delivered-To, X-Original-To and
	// Envelope-To, where a reply token may have survived an alias.
	DeliveredTo []string  `json:"delivered_to,omitempty"`
	Date        time.Time `json:"date"` // zero if absent or absurd
	InReplyTo   []string  `json:"in_reply_to,omitempty"`
	References  []string  `json:"references,omitempty"`
	ThreadTopic string    `json:"thread_topic,omitempty"` // Outlook's, echoed in answers
	ThreadIndex string    `json:"thread_index,omitempty"`

	Text        string       `json:"text"` // all text, decoded, LF line ends
	Segments    []Segment    `json:"segments"`
	Reply       string       `json:"reply"` // the new text: text segments joined and trimmed
	Attachments []Attachment `json:"attachments"`

	Automatic Automatic `json:"automatic"`
	Bounce    Bounce    `json:"bounce"`

	// Marks are the standard priority headers (X-Priority, X-MSMail-Priority,
	// Importance, Priority) in order of appearance.
	Marks []Header `json:"marks,omitempty"`
	// AuthResults are the Authentication-Results headers (RFC 8601), topmost
	// first, unfolded and otherwise unread: whom to believe is not a question
	// of syntax.
	AuthResults []string `json:"auth_results,omitempty"`
	// LoopMarks are the values of our own loop header, forged or not.
	LoopMarks []string `json:"loop_marks,omitempty"`

	// ContentHash is the SHA-256, hex, of the mail without its trace headers
	// (RFC 5321 section 4.4): what stays the same when a mail is sent twice.
	ContentHash string   `json:"content_hash"`
	Size        int      `json:"size"`  // raw, bytes
	Flags       []string `json:"flags"` // what was odd, in lower case words: nofrom, multifrom, charset, raw, …
}

// Flag reports whether the message carries the flag.
func (m Message) Flag(name string) bool { return slices.Contains(m.Flags, name) }

// Flags of a mail, which the door, the parser and the desk set.
const (
	FlagRaw       = "raw"               // could not be read in full: the ticket carries the raw mail
	FlagNoFrom    = "nofrom"            // no From header, or one without a mailbox
	FlagTwoFrom   = "twofrom"           // more than one From header: quarantined
	FlagMultiFrom = "multifrom"         // one From header with several mailboxes
	FlagBadFrom   = "badfrom"           // a From header that net/mail refuses
	FlagCharset   = "charset"           // unknown or wrong character set, text salvaged
	FlagEmpty     = "empty"             // no text at all
	FlagAllNew    = "allnew"            // nothing would have remained as new text, so all of it is
	FlagTruncated = "truncated"         // something was cut to its limit; the raw mail is whole
	FlagNUL       = "nul"               // a NUL byte was in the mail
	FlagBareLF    = "barelf"            // bare line feeds were made CRLF at the door
	FlagSpoof     = "spoof"             // the envelope sender is one of our own addresses
	FlagBadHeader = "badheader"         // header lines that are no fields, or two where one may be; repaired
	FlagPunycode  = "punycode"          // the sender's domain is not what it looks like
	FlagConflict  = "conflict"          // plain and HTML text differ; both are in Text
	FlagEncrypted = "encrypted"         // S/MIME or PGP: staff must open it elsewhere
	FlagSigned    = "signed"            // S/MIME or PGP signature, not checked
	FlagQuoteOnly = "quoteonly"         // nothing but what others wrote; Reply is empty
	FlagErased    = "erased"            // who wrote it was erased, and what he wrote
	FlagVouched   = "vouched"           // reported through the API by a program that answers for the reporter's identity
	FlagUnscanned = "unscanned"         // a scanner that should have looked at it did not
	FlagInfected  = "infected"          // a scanner found something in it
	FlagSpam      = "spam"              // the spam filter would mark or refuse it
	FlagReusedID  = "reused-message-id" // its Message-ID was seen on a mail with other content
)
