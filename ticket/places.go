package ticket

import "time"

// Place is where a ticket stands in the inbox of those who have to do something
// with it: a section, and how urgent it is there.
type Place struct {
	Section SectionKind
	// Person is whose section it is; "" for one that all of a role share.
	Person string
	Rank   int       // 0 is the most urgent, 9 the least
	At     time.Time // of equals the earliest is the most urgent
}

// Sections of the inbox that digests do not have: what is somebody else's turn.
const (
	SectionQuestions   SectionKind = "questions"   // classified, to be answered by support
	SectionDevelopment SectionKind = "development" // planned or being worked on
	SectionResolved    SectionKind = "resolved"    // until they close
)

// Places are all sections in which the ticket stands: at most one row in each. They
// follow from the ticket alone and not from the time, so that an index can hold
// them; what has to do with the time is in their order: of the promises those are
// broken whose At has passed. A closed ticket stands in none, unless its reporter has
// written.
func (t Ticket) Places() []Place {
	if t.MergedInto != "" {
		return nil
	}
	level := t.Level().belowCritical()
	var places []Place
	add := func(section SectionKind, rank int, at time.Time) {
		places = append(places, Place{Section: section, Rank: rank, At: at})
	}
	if !t.Answered.IsZero() {
		add(SectionAnswered, level, t.Answered)
	}
	if t.Finished() {
		if t.State == StateResolved {
			add(SectionResolved, 0, t.since())
		}
		return places
	}
	if _, by, promised := t.NextPromise(); promised {
		add(SectionOverdue, 0, by)
	}
	if t.Assignee != "" {
		places = append(places, Place{Section: SectionMine, Person: FoldAddress(t.Assignee), Rank: level, At: t.since()})
	}
	if !t.Slipped.IsZero() {
		add(SectionSlipped, level, t.Slipped)
	}
	switch t.State {
	case StateReported:
		if t.Claim.Severity == SeverityCritical && t.Severity == "" {
			add(SectionCritical, 0, t.since())
		}
		add(SectionUnclassified, level, t.since())
	case StateClassified:
		places = append(places, t.classifiedPlace(level))
	case StatePlanned:
		rank := level
		if t.Hotfix {
			rank = 0
		}
		add(SectionPlanned, rank, t.Sprint.Start)
		add(SectionDevelopment, rank, t.since())
	case StateInvestigating:
		if t.Failed > 0 {
			add(SectionFailed, level, t.since())
		}
		add(SectionDevelopment, level, t.since())
	case StateTesting:
		add(SectionTesting, 0, t.since()) // oldest first, whatever the severity
	case StateWaiting:
		add(SectionWaiting, 0, t.since())
	}
	return places
}

// classifiedPlace is whose turn it is once a ticket is classified: that depends on
// its kind.
func (t Ticket) classifiedPlace(level int) Place {
	switch t.Kind {
	case KindQuestion:
		return Place{Section: SectionQuestions, Rank: level, At: t.since()}
	case KindFeatureRequest:
		if t.Decision == DecisionDeferred {
			return Place{Section: SectionRequests, Rank: 5, At: t.Review} // behind those that nobody has decided on
		}
		if t.Decision == "" {
			return Place{Section: SectionRequests, At: t.since()}
		}
		return Place{Section: SectionDevelopment, Rank: level, At: t.since()}
	}
	return Place{Section: SectionBacklog, Rank: level, At: t.since()}
}
