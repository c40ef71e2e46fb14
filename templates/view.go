package templates

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
)

// view is what the texts of a language see of a notice: words of that language,
// dates written out, and "" for all that is not known.
type view struct {
	ID, Follows ticket.ID
	Severity    string
	Critical    bool // claimed to be critical and not yet assessed
	OwnerTold   bool
	Severe      bool
	Ended       bool // resolved or closed, and not reopened
	Category    string
	Result      ticket.Result
	Closing     ticket.Closing

	QuietDays, WindowDays       int
	AssessBy, CloseOn, ReopenBy string
	OwedAt                      string

	// Words of other people. Those of a reporter are empty unless the sender is
	// verified.
	Text, Verified, Limits, Reason quoted // of staff
	Title, Evidence, Excerpt       quoted // of the reporter, for staff
	Reporter                       quoted // the address

	Where, Trust string
}

func (s *Set) view(n ticket.Notice, w words) view {
	f := n.Facts
	v := view{
		ID:        n.Ticket,
		Follows:   f.Follows,
		Severity:  w.Severities[f.Severity],
		Critical:  f.Severity == ticket.SeverityCritical && f.Marked && !f.Confirmed,
		OwnerTold: f.OwnerTold,
		Severe:    f.Impact != "",
		Ended:     f.State == ticket.StateResolved || f.State == ticket.StateClosed,
		Category:  w.category(f.Category),
		Result:    f.Result,
		Closing:   f.Closing,

		QuietDays:  f.QuietDays,
		WindowDays: f.WindowDays,
		AssessBy:   w.dateAndTime(s.local(f.AssessBy)),
		CloseOn:    w.date(s.local(f.CloseOn)),
		ReopenBy:   w.date(s.local(f.ReopenBy)),
		OwedAt:     w.time(s.local(n.Owed)),

		Text:     quoted(lines(f.Text)),
		Verified: quoted(lines(f.Verified)),
		Limits:   quoted(lines(f.Limits)),
		Reason:   quoted(lines(f.Reason)),
		Reporter: quoted(oneLine(f.Reporter.Address)),

		Where: w.Where[f.Where],
		Trust: w.Trust[f.Verdict],
	}
	if f.Verdict == ticket.TrustVerified {
		v.Title = quoted(CleanSubject(n.Ticket.Prefix(), f.Subject))
		v.Evidence = quoted(oneLine(f.Evidence))
		v.Excerpt = quoted(lines(f.Excerpt))
	}
	return v
}

// local is the time in the desk's zone; none stays none.
func (s *Set) local(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(s.zone)
}

// quoted is a text that somebody else wrote. In what a template yields it stands
// between two control characters, which no cleaned text can hold, so that the
// letter can show it as it is: never reflowed with ours, never taken for ours.
type quoted string

const (
	quoteStart = "\x02"
	quoteEnd   = "\x03"
)

// String marks the text. An empty one is nothing.
func (q quoted) String() string {
	if q == "" {
		return ""
	}
	return quoteStart + string(q) + quoteEnd
}

// sentence ends a text with a full stop unless it has several lines or already
// ends in a sign.
func sentence(q quoted) quoted {
	last, _ := utf8.DecodeLastRuneInString(string(q))
	if strings.Contains(string(q), "\n") || !unicode.IsLetter(last) && !unicode.IsDigit(last) {
		return q
	}
	return q + "."
}
