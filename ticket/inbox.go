package ticket

import (
	"slices"
	"time"
)

// Turn says who is to do something next.
type Turn string

// Turns, in the order in which an inbox shows them.
const (
	TurnOurs        Turn = "ours"        // the reader's role
	TurnClient      Turn = "client"      // the reporter is asked
	TurnTesting     Turn = "testing"     // QA
	TurnDevelopment Turn = "development" // planned, or being worked on
	TurnDone        Turn = "done"        // resolved, until they close
)

// InboxGroup is one group of an inbox: the sections whose tickets it shows, section
// after section.
type InboxGroup struct {
	Turn     Turn
	Sections []SectionKind
}

// InboxRoles are the roles that have an inbox, in the order in which they are
// offered.
func InboxRoles() []Role { return []Role{RoleSupport, RoleDev, RoleQA, RoleOwner} }

// Inbox is the inbox of a role: what it has to do, the most urgent first, and then
// what others have. No section stands in it twice.
func Inbox(r Role) []InboxGroup {
	ours := map[Role][]SectionKind{
		RoleSupport: {SectionCritical, SectionOverdue, SectionUnclassified, SectionAnswered, SectionQuestions},
		RoleDev:     {SectionFailed, SectionMine, SectionPlanned},
		RoleQA:      {SectionTesting},
		RoleOwner:   {SectionCritical, SectionSlipped, SectionBacklog, SectionRequests},
	}[r]
	groups := []InboxGroup{{TurnOurs, ours}}
	for _, g := range []InboxGroup{
		{TurnClient, []SectionKind{SectionWaiting}},
		{TurnTesting, []SectionKind{SectionTesting}},
		{TurnDevelopment, []SectionKind{SectionDevelopment, SectionBacklog, SectionRequests}},
		{TurnDone, []SectionKind{SectionResolved}},
	} {
		g.Sections = slices.DeleteFunc(g.Sections, func(s SectionKind) bool { return slices.Contains(ours, s) })
		if len(g.Sections) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// InboxSection is where the reader's inbox shows a ticket that stands in these places:
// the first of its sections, so that each ticket is shown once; "" for none. Of
// promises only those past their time count, and what one person has only where he is
// the reader.
func InboxSection(groups []InboxGroup, places []Place, reader string, now time.Time) SectionKind {
	for _, g := range groups {
		for _, s := range g.Sections {
			if slices.ContainsFunc(places, func(p Place) bool { return p.Section == s && p.counts(reader, now) }) {
				return s
			}
		}
	}
	return ""
}

func (p Place) counts(reader string, now time.Time) bool {
	if p.Section == SectionOverdue && p.At.After(now) {
		return false
	}
	return p.Person == "" || p.Person == FoldAddress(reader)
}
