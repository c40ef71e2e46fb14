package journal

import (
	"errors"
	"time"
)

// ID names one accepted mail for ever: 20 characters of lower-case Crockford
// base32, the first ten the time of acceptance in milliseconds, so that IDs
// sort by time, the rest random, so that no two journals ever give out the
// same one.
type ID string

// Envelope is what the transport said of a mail; the mail itself says the rest.
type Envelope struct {
	Received time.Time `json:"received"`
	From     string    `json:"from"`               // reverse-path without angle brackets; "" is the null sender
	To       []string  `json:"to"`                 // forward-paths as accepted, in order, without repetition
	Peer     string    `json:"peer"`               // host:port of the client, "unix" or "pipe"
	Helo     string    `json:"helo,omitempty"`     // as the client named itself
	Protocol string    `json:"protocol"`           // RFC 3848: ESMTP, ESMTPS, LMTP, …; "pipe", "import" or "api" for the other doors
	TLS      string    `json:"tls,omitempty"`      // version and cipher suite, "" in clear
	SMTPUTF8 bool      `json:"smtputf8,omitempty"` // RFC 6531
	Quiet    bool      `json:"quiet,omitempty"`    // old mail that is imported: nobody is written to because of it
	Flags    []string  `json:"flags,omitempty"`    // what the door saw: ticket.FlagNUL, ticket.FlagBareLF, …

	// What a program that reports for somebody said beside the mail.
	Language string `json:"language,omitempty"` // of the reporter
	Severity string `json:"severity,omitempty"` // that he chose
	Token    string `json:"token,omitempty"`    // name of the program's token
}

// Protocols that are no mail protocols.
const (
	ProtocolAPI    = "api"    // of mails that were made of a report
	ProtocolImport = "import" // of old mail
)

// PeerPage is the peer of those that were written on a page of ours; the token's name
// is that of the page then.
const PeerPage = "page"

var (
	// ErrFull is returned by Put when free disk space is below the floor.
	ErrFull = errors.New("journal: free disk space is below the floor")
	// ErrTooLarge is returned by Put when the mail is over the limit.
	ErrTooLarge = errors.New("journal: mail is over the size limit")
	// ErrLocked is returned by Open when another process holds the journal.
	ErrLocked = errors.New("journal: in use by another process")
	// ErrClosed is returned by Put and Next after Close.
	ErrClosed = errors.New("journal: closed")
)
