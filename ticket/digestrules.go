package ticket

import "time"

// digestRule is one section of digests: who reads it, and which tickets stand in it
// in which order. A ticket may stand in several sections, once in each.
type digestRule struct {
	kind   SectionKind
	daily  []Role // who reads it every day
	weekly bool   // the owner does once a week
	// due gives the row of a ticket that belongs here; nil where the section is not
	// of tickets.
	due func(DigestTerms, Ticket) (draftRow, bool)
}

// digestRules are all sections in the order in which they are read: what support
// has to do, then developers, QA and the owner.
var digestRules = []digestRule{
	{SectionOverdue, []Role{RoleSupport}, true, DigestTerms.overdue},
	{SectionCritical, []Role{RoleSupport}, true, DigestTerms.critical},
	{SectionUnclassified, []Role{RoleSupport}, false, DigestTerms.unclassified},
	{SectionAnswered, []Role{RoleSupport}, false, DigestTerms.answered},
	{SectionHeld, []Role{RoleSupport}, false, nil},
	{SectionBounced, []Role{RoleSupport}, false, nil},
	{SectionReopened, []Role{RoleSupport}, false, DigestTerms.reopened},
	{SectionWaiting, []Role{RoleSupport}, false, DigestTerms.waiting},
	{SectionFailed, []Role{RoleDev}, false, DigestTerms.failed},
	{SectionMine, []Role{RoleDev}, false, DigestTerms.mine},
	{SectionPlanned, []Role{RoleDev}, false, DigestTerms.planned},
	{SectionTesting, []Role{RoleQA}, false, DigestTerms.testing},
	{SectionSlipped, nil, true, DigestTerms.slipped},
	{SectionBacklog, nil, true, DigestTerms.backlog},
	{SectionRequests, nil, true, DigestTerms.requests},
}

// overdue: the worst severity first, of equals the promise that was broken first.
func (c DigestTerms) overdue(t Ticket) (draftRow, bool) {
	promise, by, broken := t.Broken(c.Now)
	row := draftRow{DigestRow: DigestRow{Promise: promise, By: by}, rank: t.Level().belowCritical(), at: by}
	if row.rank == 0 {
		row.Severity, row.Confirmed = t.Level(), t.Severity != ""
	}
	return row, broken
}

// critical: what is not assessed first.
func (c DigestTerms) critical(t Ticket) (draftRow, bool) {
	row := severe(t, t.Opened)
	row.rank, row.State, row.Person = 0, t.State, c.other(t.Assignee)
	if row.Confirmed {
		row.rank = 1
	}
	return row, t.Level() == SeverityCritical && !t.Finished()
}

func (c DigestTerms) unclassified(t Ticket) (draftRow, bool) {
	row := severe(t, t.since())
	if !t.marked() {
		row.Severity = "" // nobody has said it
	}
	return row, t.State == StateReported
}

func (c DigestTerms) answered(t Ticket) (draftRow, bool) {
	row := severe(t, t.Answered)
	row.DigestRow = DigestRow{State: t.State, Since: t.Answered, Person: c.other(t.Assignee)}
	return row, !t.Answered.IsZero()
}

func (c DigestTerms) reopened(t Ticket) (draftRow, bool) {
	row := severe(t, t.Reopened)
	row.State = t.State
	return row, t.Reopened.After(c.Since) && !t.Reopened.After(c.Now) && !t.Finished()
}

func (c DigestTerms) waiting(t Ticket) (draftRow, bool) {
	return draftRow{DigestRow: DigestRow{Since: t.Since}, at: t.Since},
		t.State == StateWaiting && c.Now.Sub(t.Since) > waitingLong
}

// failed: as the letter about it, to the one who has the ticket, else to all.
func (c DigestTerms) failed(t Ticket) (draftRow, bool) {
	return severe(t, t.since()), t.State == StateInvestigating && t.Failed > 0 && (t.Assignee == "" || c.mineIs(t))
}

func (c DigestTerms) mine(t Ticket) (draftRow, bool) {
	row := severe(t, t.since())
	row.State, row.Sprint, row.Since = t.State, t.Sprint.Name, time.Time{}
	return row, c.mineIs(t) && !t.Finished()
}

func (c DigestTerms) planned(t Ticket) (draftRow, bool) {
	row := severe(t, t.since())
	row.Sprint, row.Since = t.Sprint.Name, time.Time{}
	if t.Hotfix {
		row.rank = -1
	}
	current := len(c.Loads) > 0 && t.Sprint.Name != "" && t.Sprint.Name <= c.Loads[0].Sprint
	return row, t.State == StatePlanned && current && (t.Assignee == "" || c.mineIs(t))
}

// testing: oldest first, whatever the severity.
func (c DigestTerms) testing(t Ticket) (draftRow, bool) {
	row := severe(t, t.since())
	row.rank, row.Person = 0, c.other(t.Assignee)
	return row, t.State == StateTesting
}

func (c DigestTerms) slipped(t Ticket) (draftRow, bool) {
	row := severe(t, t.Slipped)
	row.Sprint, row.at = t.Sprint.Name, t.Opened
	week := Midnight(c.Now, c.Zone).In(c.Zone).AddDate(0, 0, -7)
	return row, t.Slipped.After(week) && !t.Finished()
}

// backlog: bugfixes for which there is no room. Where there is some, they are
// planned without anybody being told.
func (c DigestTerms) backlog(t Ticket) (draftRow, bool) {
	for _, l := range c.Loads {
		if l.Free() > 0 {
			return draftRow{}, false
		}
	}
	return severe(t, t.Classified), t.Kind == KindBug && t.Stage() == StateClassified && t.Sprint.Name == ""
}

// requests: wishes that nobody has decided on, and those put off until now.
func (c DigestTerms) requests(t Ticket) (draftRow, bool) {
	row := draftRow{DigestRow: DigestRow{Since: t.Classified}, at: t.Classified}
	undecided := t.Decision == "" || t.Decision == DecisionDeferred && !t.Review.After(c.Now)
	return row, t.Kind == KindFeatureRequest && t.State == StateClassified && undecided
}

// severe is a row that stands by its severity, of equals by its age.
func severe(t Ticket, since time.Time) draftRow {
	return draftRow{
		DigestRow: DigestRow{Severity: t.Level(), Confirmed: t.Severity != "", Since: since},
		rank:      t.Level().belowCritical(), at: since,
	}
}

// since is when the ticket came into its state.
func (t Ticket) since() time.Time {
	if t.Since.IsZero() {
		return t.Opened
	}
	return t.Since
}

func (c DigestTerms) mineIs(t Ticket) bool {
	return t.Assignee != "" && FoldAddress(t.Assignee) == FoldAddress(c.Reader.Address)
}

// other is a person whom the reader is to be told of: not himself.
func (c DigestTerms) other(address string) string {
	if FoldAddress(address) == FoldAddress(c.Reader.Address) {
		return ""
	}
	return address
}
