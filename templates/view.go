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
	ID, Follows    ticket.ID
	Question, Wish bool // what the ticket is about; neither: a fault
	State          ticket.State
	StateName      string
	Since          string // date
	Category       string

	Severity, Claimed string
	Critical          bool // claimed to be critical and not yet assessed
	Agreed            bool // staff confirm what the reporter marked
	Lowered           bool // … or set less than he marked
	OwnerTold         bool

	Sprint, SprintFrom    string
	SprintDays, SprintEnd string // 7.–20. december; 20. december
	Hotfix, Backlog       bool
	Quarter, Review       string
	Result                ticket.Result
	Closing               ticket.Closing
	QuietDays, WindowDays int
	AssessBy, AnswerBy    string
	CloseOn, ReopenBy     string
	RemindOn, Expires     string
	Owed                  string // time of day
	Linked                bool   // the frame has a link
	Attachments           string // names of files
	Roadmap               *roadmapView

	// Words of other people.
	Text, Verified, Limits, Reason quoted // of staff
	Workaround, Title              quoted
	Questions                      []quoted

	staffView
}

func (s *Set) view(n ticket.Notice, lang language) view {
	f, w := n.Facts, lang.words
	v := view{
		ID: shown(n), Follows: cleanID(f.Follows),
		Question: f.Kind == ticket.KindQuestion, Wish: f.Kind == ticket.KindFeatureRequest,
		State: f.State, StateName: w.States[f.State], Since: w.date(s.local(f.Since)),
		Category: w.category(f.Category),

		Severity:  w.Severities[f.Severity],
		Critical:  f.Severity == ticket.SeverityCritical && f.Marked && !f.Confirmed,
		OwnerTold: f.OwnerTold,

		Sprint: sprint(f.Sprint), SprintFrom: sprint(f.SprintFrom),
		SprintDays: w.days(s.local(f.SprintStart), s.local(f.SprintEnd)), SprintEnd: w.day(s.local(f.SprintEnd)),
		Hotfix: f.Hotfix, Backlog: f.Backlog,
		Quarter: w.period(f.Quarter), Review: w.date(s.local(f.Review)),
		Result: f.Result, Closing: f.Closing, QuietDays: f.QuietDays, WindowDays: f.WindowDays,
		AssessBy: w.dateAndTime(s.local(f.AssessBy)), AnswerBy: w.dateAndTime(s.local(f.AnswerBy)),
		CloseOn: w.date(s.local(f.CloseOn)), ReopenBy: w.date(s.local(f.ReopenBy)),
		RemindOn: w.date(s.local(f.RemindOn)), Expires: w.clock(s.local(f.Expires)),
		Owed:   w.time(s.local(n.Owed)),
		Linked: webLink(f.Link) != "", Attachments: fileNames(f.Attachments),
		Roadmap: s.roadmap(f.Roadmap, w),

		Text: quoted(lines(f.Text)), Verified: quoted(lines(f.Verified)), Limits: quoted(lines(f.Limits)),
		Reason: quoted(lines(f.Reason)), Workaround: quoted(lines(f.Workaround)), Title: title(f.Title),
	}
	v.assessed(f, w)
	for _, q := range f.Questions {
		if q := quoted(lines(q)); q != "" {
			v.Questions = append(v.Questions, q)
		}
	}
	if n.Kind.ForStaff() {
		v.staffView = s.staff(n, lang)
	}
	return v
}

// assessed compares the severity that staff set with the one that was marked.
func (v *view) assessed(f ticket.Facts, w words) {
	if v.Severity == "" {
		return
	}
	if claimed := w.Severities[f.Claimed]; f.Claimed != f.Severity {
		v.Claimed = claimed
	}
	v.Agreed = f.Marked && v.Claimed == ""
	v.Lowered = v.Claimed != "" && weight(f.Severity) < weight(f.Claimed)
}

// weight orders severities: the worse, the more.
func weight(s ticket.Severity) int {
	switch s {
	case ticket.SeverityCritical:
		return 4
	case ticket.SeverityHigh:
		return 3
	case ticket.SeverityNormal:
		return 2
	}
	return 1
}

// shown is the tracking ID that the reader knows.
func shown(n ticket.Notice) ticket.ID {
	if id := cleanID(n.Facts.Shown); id != "" {
		return id
	}
	return n.Ticket
}

func cleanID(id ticket.ID) ticket.ID { return ticket.ID(name(string(id))) }

// local is the time in the desk's zone; none stays none.
func (s *Set) local(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(s.zone)
}

// Bounds, in runes, on what stands in the middle of a line of ours.
const (
	maxName   = 30 // of a category of the configuration, of an ID
	maxSprint = 12
	maxTitle  = 120
)

func name(s string) string   { return Shorten(oneLine(s), maxName) }
func sprint(s string) string { return Shorten(oneLine(s), maxSprint) }
func title(s string) quoted  { return quoted(Shorten(oneLine(s), maxTitle)) }

// fileNames lists attachments.
func fileNames(all []ticket.AttachmentRef) string {
	var names []string
	for _, a := range all {
		if n := Shorten(oneLine(a.Filename), maxTitle); n != "" {
			names = append(names, n)
		}
	}
	return strings.Join(names, ", ")
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
