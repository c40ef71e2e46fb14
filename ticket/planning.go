package ticket

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Work is a ticket as planning sees it: a bug whose severity staff confirmed.
type Work struct {
	ID       ID
	Severity Severity  // confirmed
	Opened   time.Time // its age decides between equals
	Sprint   Sprint    // zero: in the backlog
	// Hotfix: goes into the current sprint whatever the capacity. A critical
	// ticket does so even if this is not set.
	Hotfix bool
	// Started: somebody works on it, or waits for the reporter, QA or a
	// colleague in order to go on.
	Started bool
	// Done: resolved or closed. It never moves, but has used up its place in
	// its sprint; work that is left out gives its place to others.
	Done bool
	// Passed counts the sprint turns for which it could have been planned and
	// was not started: see Calendar.Turns. Being planned does not reset it,
	// so that what is pushed out again has not waited in vain.
	Passed int
}

// turnsPerLevel is how many sprint turns raise waiting work by one level of
// severity. Ever more turns raise it ever higher, above any newcomer: so new
// tickets of high severity, be there as many as sprints can hold, go ahead of
// an old one of low severity only for some turns and not forever.
const turnsPerLevel = 2

// urgent reports whether the work is a hotfix.
func (w Work) urgent() bool { return w.Hotfix || w.Severity == SeverityCritical }

// rank is the level of severity with ageing; less comes first.
func (w Work) rank() int { return w.Severity.belowCritical() - w.Passed/turnsPerLevel }

// severityLevels are all severities, the worst first.
func severityLevels() []Severity {
	return []Severity{SeverityCritical, SeverityHigh, SeverityNormal, SeverityLow}
}

// belowCritical counts the levels below critical. What is no level counts as
// normal.
func (s Severity) belowCritical() int {
	switch s {
	case SeverityCritical:
		return 0
	case SeverityHigh:
		return 1
	case SeverityLow:
		return 3
	}
	return 2
}

// Compare is negative where s is worse than other, positive where it is less bad.
func (s Severity) Compare(other Severity) int {
	return cmp.Compare(s.belowCritical(), other.belowCritical())
}

// byRank orders work: hotfixes, then by severity with ageing, then oldest
// first. The ID decides between tickets of one instant, so that the order of
// the input never matters.
func byRank(a, b Work) int {
	if a.urgent() != b.urgent() {
		if a.urgent() {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.rank(), b.rank()), a.Opened.Compare(b.Opened), cmp.Compare(a.ID, b.ID))
}

// Move is a change of a ticket's sprint; zero is the backlog. Each owes the
// reporter a notice.
type Move struct {
	ID       ID
	From, To Sprint
}

// Free is how many bugfixes the sprint still has room for. Hotfixes and started
// work ask for no room, so that more may be taken than it has.
func (l SprintLoad) Free() int { return max(0, l.Capacity-l.Taken) }

// Schedule is the outcome of planning everything.
type Schedule struct {
	Current, Next Sprint
	Work          []Work       // all of it with its new sprint, most urgent first
	Moves         []Move       // what changed, in the same order
	Loads         []SprintLoad // as Calendar.Loads gives them for Work
}

// Place finds a sprint for one ticket, among the board of all others; the
// ticket itself may be on the board and is not counted twice. A bugfix gets
// the earliest of the current and the next sprint with room; where neither has
// any, ok is false and it stays in the backlog.
//
// A hotfix gets the current sprint at once. Where that is then over its
// capacity, the bugfixes of last rank that are not started are pushed out: to
// the next sprint while it has room, else to the backlog. Hotfixes and started
// work are never pushed out, so that the sprint may stay over its capacity.
func (c Calendar) Place(w Work, board []Work, now time.Time) (to Sprint, pushed []Move, ok bool) {
	board = slices.DeleteFunc(slices.Clone(board), func(other Work) bool { return other.ID == w.ID })
	p := c.planAt(now)
	for _, other := range board {
		p.taken[p.seat(other)]++
	}
	if s, fixed := p.fixed(w); fixed {
		p.taken[s]++
		if w.urgent() && !w.Done {
			pushed = p.pushOut(board)
		}
		return s, pushed, !s.IsZero()
	}
	for _, s := range []Sprint{p.current, p.next} {
		if p.room(s) > 0 {
			return s, nil, true
		}
	}
	return Sprint{}, nil, false
}

// Plan plans everything anew: at the turn of a sprint, and whenever else
// something has changed. Planning its own outcome again changes nothing.
//
// Hotfixes belong to the current sprint, and so does started work, unless
// it was started ahead of a later sprint that it has. What is done, and what
// was planned beyond the next sprint, stays where it is. The rest shares the
// room that is left, in this order:
//
//  1. the current sprint: what is promised for it, and unfinished work of past
//     sprints, by rank, so that a promise gives way to old work of higher rank
//     and not to that of lower;
//  2. if it has room left: work of the next sprint and the backlog, by rank;
//  3. the next sprint: what is promised for it, and what found no room in the
//     current one, by rank;
//  4. if it has room left: the backlog, by rank.
//
// What finds no room is in the backlog. Nothing there takes the place of a
// promise; but each turn opens a sprint, and ageing lets whatever waits come
// first in the end, as long as hotfixes and started work leave some room.
func (c Calendar) Plan(all []Work, now time.Time) Schedule {
	p := c.planAt(now)
	work := slices.Clone(all)
	slices.SortFunc(work, byRank)

	to := make([]Sprint, len(work)) // zero until settled
	settled := make([]bool, len(work))
	settle := func(i int, s Sprint) {
		to[i], settled[i] = s, true
		p.taken[s]++
	}
	for i, w := range work {
		if s, ok := p.fixed(w); ok {
			settle(i, s)
		}
	}
	fill := func(s Sprint, may func(Work) bool) {
		for i, w := range work {
			if p.room(s) <= 0 {
				return
			}
			if !settled[i] && may(w) {
				settle(i, s)
			}
		}
	}
	anyone := func(Work) bool { return true }
	fill(p.current, func(w Work) bool { return p.seat(w) == p.current })
	fill(p.current, anyone)
	fill(p.next, func(w Work) bool { return !w.Sprint.IsZero() })
	fill(p.next, anyone)

	plan := Schedule{Current: p.current, Next: p.next, Work: work}
	for i, w := range work {
		if to[i] != w.Sprint {
			plan.Moves = append(plan.Moves, Move{ID: w.ID, From: w.Sprint, To: to[i]})
			work[i].Sprint = to[i]
		}
	}
	plan.Loads = c.Loads(work, now)
	return plan
}

// Loads tells how full the current and the next sprint are, and later ones in
// which something is planned, in order. Unfinished work of past sprints counts
// for the current one, into which it carries over.
func (c Calendar) Loads(work []Work, now time.Time) []SprintLoad {
	p := c.planAt(now)
	by := map[Sprint]SprintLoad{p.current: {}, p.next: {}}
	for _, w := range work {
		s := p.seat(w)
		if s.Compare(p.current) < 0 || !c.Has(s) {
			continue // done in a past sprint, or one of another calendar; or in the backlog
		}
		l := by[s]
		l.Taken++
		if w.Done {
			l.Done++
		}
		by[s] = l
	}
	loads := make([]SprintLoad, 0, len(by))
	for _, s := range slices.SortedFunc(maps.Keys(by), Sprint.Compare) {
		l := by[s]
		l.Sprint, l.Start, l.End, l.Capacity = s.String(), c.Start(s), c.LastDay(s), c.Capacity
		loads = append(loads, l)
	}
	return loads
}

// planner plans at one moment.
type planner struct {
	calendar      Calendar
	current, next Sprint
	taken         map[Sprint]int
}

func (c Calendar) planAt(now time.Time) planner {
	current := c.At(now)
	return planner{calendar: c, current: current, next: c.Next(current), taken: map[Sprint]int{}}
}

// room is how many more tickets a sprint may take; negative where it is over
// its capacity.
func (p planner) room(s Sprint) int { return p.calendar.Capacity - p.taken[s] }

// ahead reports whether work has a sprint that is still to come. One that the
// calendar does not have, since it was configured anew, never comes.
func (p planner) ahead(w Work) bool {
	return w.Sprint.Compare(p.current) > 0 && p.calendar.Has(w.Sprint)
}

// fixed is the sprint that work gets whatever other work there is, if so.
func (p planner) fixed(w Work) (s Sprint, ok bool) {
	switch ahead := p.ahead(w); {
	case w.Done:
		return w.Sprint, true
	case w.urgent(), w.Started && !ahead:
		return p.current, true
	case w.Started, ahead && w.Sprint != p.next:
		return w.Sprint, true
	}
	return Sprint{}, false
}

// seat is the sprint whose room work takes as it stands, zero for the backlog.
func (p planner) seat(w Work) Sprint {
	switch s, ok := p.fixed(w); {
	case ok:
		return s
	case w.Sprint.IsZero(), p.ahead(w):
		return w.Sprint
	}
	return p.current // carried over
}

// pushOut brings the current sprint back to its capacity as far as that can be
// done by moving bugfixes that are not started, the last in rank.
func (p planner) pushOut(board []Work) []Move {
	bugfixes := slices.DeleteFunc(slices.Clone(board), func(w Work) bool {
		_, fixed := p.fixed(w)
		return fixed || p.seat(w) != p.current
	})
	slices.SortFunc(bugfixes, byRank)
	over := min(len(bugfixes), max(0, -p.room(p.current)))
	var moves []Move
	for _, w := range bugfixes[len(bugfixes)-over:] {
		m := Move{ID: w.ID, From: w.Sprint}
		if p.room(p.next) > 0 {
			m.To = p.next
			p.taken[p.next]++
		}
		moves = append(moves, m)
	}
	return moves
}
