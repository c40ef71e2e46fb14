package templates

import (
	"html"
	"time"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
)

// staffView is what letters to staff see besides. A reporter's words are empty
// unless he is verified.
type staffView struct {
	Reporter                   quoted // the address
	Subject, Evidence, Excerpt quoted // of the reporter
	Where, Trust               string
	Severe, Ended              bool // Ended: resolved or closed, and not reopened

	By, Assignee, Undelivered, Status quoted
	How                               quoted
	Mail                              string
	Lost, Overdue, OverdueBy          string // OverdueBy: until when the broken promise ran
	Free, Capacity                    int
	Pushed                            []movedView

	Suspected     ticket.ID // held: the ticket that the mail may belong to
	Done          []doneView
	Undoable      bool
	Obeyed, Other int // of Done: how many were done, how many refused
	Digest        *digestView
}

type movedView struct {
	Ticket   ticket.ID
	Title    quoted
	From, To string
}

// doneView is what became of one command.
type doneView struct {
	Line, Text, Undo quoted
	OK               bool
}

func (s *Set) staff(n ticket.Notice, lang language) staffView {
	f, w := n.Facts, lang.staff
	v := staffView{
		Reporter: quoted(oneLine(f.Reporter.Address)),
		Where:    w.Where[f.Where], Trust: w.Trust[f.Verdict],
		Severe: f.Impact != "",
		Ended:  f.State == ticket.StateResolved || f.State == ticket.StateClosed,

		By: person(f.By), Assignee: person(f.Assignee),
		Undelivered: quoted(oneLine(f.Undelivered.Address)), Status: quoted(Shorten(oneLine(f.Status), maxTitle)),
		How: quoted(lines(f.How)), Mail: name(f.Mail),
		Lost: w.Letters[f.Lost], Overdue: w.Promises[f.Overdue],
		Free: f.Free, Capacity: f.Capacity,
		Digest: s.digest(f.Digest, lang),
	}
	if f.Verdict == ticket.TrustVerified {
		v.Subject = quoted(CleanSubject(n.Ticket.Prefix(), f.Subject))
		v.Evidence = quoted(oneLine(f.Evidence))
		v.Excerpt = quoted(lines(f.Excerpt))
	}
	if f.Overdue != "" {
		by := f.AssessBy
		if f.Overdue == ticket.PromiseAnswer {
			by = f.AnswerBy
		}
		v.OverdueBy = lang.words.dateAndTime(s.local(by))
	}
	if id := shown(n); !id.ForLetter() {
		v.Suspected = id
	}
	for _, m := range f.Pushed {
		v.Pushed = append(v.Pushed, movedView{cleanID(m.Ticket), title(m.Title), sprint(m.From), sprint(m.To)})
	}
	for _, d := range f.Done {
		v.Done = append(v.Done, doneView{
			Line: title(d.Line), Text: quoted(lines(d.Text)), Undo: title(d.Undo), OK: d.OK,
		})
		v.Undoable = v.Undoable || d.Undo != ""
		if d.OK {
			v.Obeyed++
		} else {
			v.Other++
		}
	}
	return v
}

// person names one of ours as the configuration does.
func person(a ticket.Address) quoted {
	if n := Shorten(oneLine(a.Name), maxTitle); n != "" {
		return quoted(n)
	}
	return quoted(oneLine(a.Address))
}

// digestView is the day's list in words.
type digestView struct {
	Day      string // 23. november
	Weekly   bool
	Total    int // rows of all sections
	Sections []digestSection
	Load     *loadView
}

type digestSection struct {
	Kind  ticket.SectionKind
	Count int // with those that are not shown
	Rows  []digestRow
	More  int
}

type digestRow struct {
	ID                 string // of the ticket, else of the mail
	Title              quoted
	State, Severity    string
	Confirmed          bool
	Promise, By, Since string // By: a time of the day, or another day's date and time
	Sprint             string
	Person, Reason     quoted
}

type loadView struct {
	Sprint, Days          string
	Taken, Capacity, Done int
}

// maxDigestRows is how many rows of a section are shown.
const maxDigestRows = 10

// rowBounds bounds what a digest repeats of others in a row, in runes.
type rowBounds struct{ title, person, reason int }

// boundsFor keeps digests of any number of rows below what mail programs clip:
// many rows are shorter each.
func boundsFor(rows int) rowBounds {
	if rows > 100 {
		return rowBounds{title: 40, person: 32, reason: 24}
	}
	return rowBounds{title: 60, person: 64, reason: 60}
}

func (s *Set) digest(d *ticket.Digest, lang language) *digestView {
	if d == nil {
		return nil
	}
	day := s.local(d.Day)
	v := &digestView{Day: lang.words.day(day), Weekly: d.Weekly}
	total := 0
	for _, section := range d.Sections {
		total += min(maxDigestRows, len(section.Rows))
	}
	bounds := boundsFor(total)
	for _, section := range d.Sections {
		rows := section.Rows[:min(maxDigestRows, len(section.Rows))]
		if len(rows) == 0 {
			continue
		}
		view := digestSection{Kind: section.Kind, Count: len(section.Rows) + section.More}
		view.More = view.Count - len(rows)
		for _, row := range rows {
			view.Rows = append(view.Rows, s.digestRow(row, day, bounds, lang))
		}
		v.Total += view.Count
		v.Sections = append(v.Sections, view)
	}
	if l := d.Sprint; l != nil {
		v.Load = &loadView{sprint(l.Sprint), lang.words.days(s.local(l.Start), s.local(l.End)), l.Taken, l.Capacity, l.Done}
	}
	return v
}

func (s *Set) digestRow(r ticket.DigestRow, day time.Time, b rowBounds, lang language) digestRow {
	w := lang.words
	by := s.local(r.By)
	v := digestRow{
		ID: string(cleanID(r.Ticket)), Title: fit(r.Title, b.title),
		State: lang.stateForStaff(r.State), Severity: w.Severities[r.Severity], Confirmed: r.Confirmed,
		Promise: lang.staff.Promises[r.Promise], By: w.dayAndTime(by), Since: w.day(s.local(r.Since)),
		Sprint: sprint(r.Sprint), Person: fit(r.Person, b.person), Reason: fit(r.Reason, b.reason),
	}
	if v.ID == "" {
		v.ID = name(r.Mail)
	}
	if sameDay(by, day) {
		v.By = w.clock(by)
	}
	return v
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// fit bounds a text in runes and in the octets that it takes in HTML, so that a
// list of many cannot outgrow a mail.
func fit(s string, n int) quoted {
	octets := n + n/2
	s = Shorten(oneLine(s), n)
	for len(html.EscapeString(s)) > octets {
		n = min(n, utf8.RuneCountInString(s)) - 1
		s = Shorten(s, n)
	}
	return quoted(s)
}
