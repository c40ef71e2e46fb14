package ticket

import (
	"cmp"
	"slices"
	"time"
)

// MaxDigestRows is how many rows of a section a digest shows.
const MaxDigestRows = 10

// waitingLong is how long a ticket waits for its reporter before digests name it.
const waitingLong = 7 * 24 * time.Hour

// DigestTerms are what a digest depends on beside tickets, mails and letters.
type DigestTerms struct {
	Reader Staff
	Day    time.Time // any instant of it
	Now    time.Time
	Since  time.Time // of the digest before
	Weekly bool      // with what the owner reads once a week
	Zone   *time.Location
	// Loads are those of the current and of the next sprint.
	Loads []SprintLoad
}

// DigestDraft makes a digest of what it is shown, one thing after the other and in
// any order. It keeps no more than the rows that the digest will have.
type DigestDraft struct {
	terms    DigestTerms
	sections []*draftSection // in the order in which they are read
	// undelivered is the last letter about a ticket, or to an address, that did not
	// arrive.
	undelivered map[string]draftRow
}

type draftSection struct {
	digestRule
	rows  []draftRow // the worst first, at most MaxDigestRows
	count int        // of all that belong here
}

// draftRow is a row and what decides about its place: rank, then since when.
type draftRow struct {
	DigestRow
	rank int
	at   time.Time
}

// NewDigestDraft begins the digest of a reader.
func NewDigestDraft(terms DigestTerms) *DigestDraft {
	d := &DigestDraft{terms: terms, undelivered: map[string]draftRow{}}
	for _, rule := range digestRules {
		reads := (Actor{Roles: terms.Reader.Roles}).Has(rule.daily...) || terms.Weekly && rule.weekly && d.owner()
		if reads {
			d.sections = append(d.sections, &draftSection{digestRule: rule})
		}
	}
	return d
}

func (d *DigestDraft) owner() bool { return slices.Contains(d.terms.Reader.Roles, RoleOwner) }

// HasSections reports whether the reader's digest has any on that day.
func (d *DigestDraft) HasSections() bool { return len(d.sections) > 0 }

// Wants reports whether the reader's digest has a section.
func (d *DigestDraft) Wants(kind SectionKind) bool { return d.section(kind) != nil }

func (d *DigestDraft) section(kind SectionKind) *draftSection {
	for _, s := range d.sections {
		if s.kind == kind {
			return s
		}
	}
	return nil
}

// Ticket puts a ticket into all sections in which it belongs.
func (d *DigestDraft) Ticket(t Ticket) {
	for _, s := range d.sections {
		if s.due == nil {
			continue
		}
		if row, ok := s.due(d.terms, t); ok {
			row.Ticket, row.Title = t.ID, t.shownTitle()
			s.add(row)
		}
	}
}

// shownTitle names the ticket in lists that go out by mail. Words of a sender who
// was not verified go to nobody.
func (t Ticket) shownTitle() string {
	if t.Title == "" && t.Neutral {
		return ""
	}
	return t.Heading()
}

// Held says how many mails are held in all. Which they are is told by HeldMail, at
// least for those that have waited longest.
func (d *DigestDraft) Held(count int) {
	if s := d.section(SectionHeld); s != nil {
		s.count += count - len(s.rows)
	}
}

// HeldMail puts a mail that is held into the digest; nothing of what it says.
func (d *DigestDraft) HeldMail(o Outcome, from string) {
	s := d.section(SectionHeld)
	if s == nil {
		return
	}
	row := DigestRow{Mail: o.Mail, Ticket: o.Ticket, Person: from, Since: o.Received}
	if len(o.Reasons) > 0 {
		row.Reason = o.Reasons[len(o.Reasons)-1]
	}
	s.add(draftRow{DigestRow: row, at: o.Received})
}

// Undelivered puts a letter that did not arrive into the digest. Several about one
// ticket are one row, that of the latest; so are several about none to one address.
func (d *DigestDraft) Undelivered(n Notice) {
	if !d.Wants(SectionBounced) {
		return
	}
	row := DigestRow{
		Ticket: n.Ticket, Title: firstOf(n.Facts.Title, n.Facts.Subject), Person: n.To.Address, Reason: n.Reason, Since: n.Owed,
	}
	about := string(n.Ticket)
	if n.Ticket.ForLetter() {
		row.Ticket, about = "", FoldAddress(n.To.Address)
	}
	if last, ok := d.undelivered[about]; !ok || !last.at.After(n.Owed) {
		d.undelivered[about] = draftRow{DigestRow: row, rank: -int(n.Owed.Unix()), at: n.Owed} // the news first
	}
}

// add puts a row in its place, and lets go of what is not shown.
func (s *draftSection) add(r draftRow) {
	s.count++
	at, _ := slices.BinarySearchFunc(s.rows, r, draftRow.compare)
	if at == MaxDigestRows {
		return
	}
	if len(s.rows) == MaxDigestRows {
		s.rows = s.rows[:MaxDigestRows-1]
	}
	s.rows = slices.Insert(s.rows, at, r)
}

// compare is total, so that the order in which rows come never matters.
func (r draftRow) compare(other draftRow) int {
	return cmp.Or(cmp.Compare(r.rank, other.rank), r.at.Compare(other.at),
		cmp.Compare(r.Ticket, other.Ticket), cmp.Compare(r.Mail, other.Mail), cmp.Compare(r.Person, other.Person))
}

// Digest is what came together. Without sections nothing is due, and it is not
// sent.
func (d *DigestDraft) Digest() Digest {
	for _, row := range d.undelivered {
		d.section(SectionBounced).add(row)
	}
	clear(d.undelivered)
	out := Digest{Day: Midnight(d.terms.Day, d.terms.Zone), Weekly: d.terms.Weekly && d.owner()}
	for _, s := range d.sections {
		if s.count == 0 {
			continue
		}
		section := DigestSection{Kind: s.kind, More: s.count - len(s.rows)}
		for _, r := range s.rows {
			section.Rows = append(section.Rows, r.DigestRow)
		}
		out.Sections = append(out.Sections, section)
	}
	if out.Weekly && len(d.terms.Loads) > 0 {
		out.Sprint = &d.terms.Loads[0]
	}
	return out
}
