package ticket

import (
	"fmt"
	"strings"
)

// ScanResult is what a virus scanner said of a mail or a file.
type ScanResult string

// Results of a scan. What no scanner has looked at is unscanned, which is never
// clean.
const (
	ScanClean     ScanResult = "clean"
	ScanUnscanned ScanResult = "unscanned"
	ScanInfected  ScanResult = "infected"
)

// Scan is what scanners said of a mail. A nil Scan is of a mail that none was asked
// about.
type Scan struct {
	// Result is the worst of the mail as a whole and of its files: infected, else
	// unscanned, else clean.
	Result ScanResult `json:"result"`
	Found  string     `json:"found,omitempty"` // the scanner's name for what it found
	// Attachments are the files of the mail, in their order.
	Attachments []FileScan `json:"attachments,omitempty"`
	Spam        *SpamScan  `json:"spam,omitempty"` // nil: no filter is configured, or none was asked
	// Missed are the scanners that should have told something and did not, and why.
	Missed []string `json:"missed,omitempty"`
}

// FileScan is what a virus scanner said of one file.
type FileScan struct {
	Result ScanResult `json:"result"`
	Found  string     `json:"found,omitempty"`
	Why    string     `json:"why,omitempty"` // unscanned: why
}

// Infected reports whether a scanner found something in the file.
func (f FileScan) Infected() bool { return f.Result == ScanInfected }

// Clean reports whether a scanner read the file and found nothing.
func (f FileScan) Clean() bool { return f.Result == ScanClean }

// SpamAction is what a spam filter would do with a mail.
type SpamAction string

// Actions of a spam filter, as far as they differ after a mail was accepted.
const (
	SpamNone   SpamAction = "none"
	SpamFlag   SpamAction = "flag"   // mark it, or ask the sender to try later
	SpamReject SpamAction = "reject" // it would not have taken it
)

// SpamScan is what a spam filter said of a mail.
type SpamScan struct {
	Action   SpamAction `json:"action"`
	Said     string     `json:"said"` // the filter's own word for it
	Score    float64    `json:"score"`
	Required float64    `json:"required"` // the score at which it rejects
	Symbols  []string   `json:"symbols,omitempty"`
}

// Infected reports whether a scanner found something.
func (s *Scan) Infected() bool { return s != nil && s.Result == ScanInfected }

// Incomplete reports whether a scanner that should have been heard was not.
func (s *Scan) Incomplete() bool { return s != nil && len(s.Missed) > 0 }

// Spam is what is to be done with a mail for what a spam filter said.
func (s *Scan) SpamAction() SpamAction {
	if s == nil || s.Spam == nil {
		return SpamNone
	}
	return s.Spam.Action
}

// Of is what is known of an attachment, by its number from 1. Nothing is known to be
// clean unless a scanner said so.
func (s *Scan) Of(attachment int) FileScan {
	if s == nil {
		return FileScan{Result: ScanUnscanned, Why: "no virus scanner is configured"}
	}
	if attachment < 1 || attachment > len(s.Attachments) {
		return FileScan{Result: ScanUnscanned, Why: "it was not among the files that were scanned"}
	}
	if f := s.Attachments[attachment-1]; f.Result == ScanInfected || s.Result != ScanInfected {
		return f
	}
	// A scanner that reads mail finds what a file alone does not show.
	return FileScan{Result: ScanInfected, Found: s.Found}
}

// Whole is what is known of the mail as it came.
func (s *Scan) Whole() ScanResult {
	if s == nil {
		return ScanUnscanned
	}
	return s.Result
}

// String sums the scan up in one line, for people.
func (s *Scan) String() string {
	if s == nil {
		return string(ScanUnscanned) + ": no scanner is configured"
	}
	parts := []string{strings.TrimSpace(string(s.Result) + " " + s.Found)}
	if s.Spam != nil {
		parts = append(parts, fmt.Sprintf("spam filter: %s, %.1f of %.1f", s.Spam.Said, s.Spam.Score, s.Spam.Required))
	}
	return strings.Join(append(parts, s.Missed...), "; ")
}
