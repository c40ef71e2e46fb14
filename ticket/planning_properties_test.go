package ticket_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"aismarttalk.tech/supportd/ticket"
)

// drawBoard draws a calendar and tickets in every situation.
func drawBoard(t *testing.T, rt *rapid.T) (ticket.Calendar, []ticket.Work) {
	c := room(t, rapid.IntRange(1, 4).Draw(rt, "capacity"))
	words := []string{"-", "-", "past", "now", "now", "next", "next", "later", "never"}
	levels := []ticket.Severity{ticket.SeverityCritical, ticket.SeverityHigh, ticket.SeverityNormal, ticket.SeverityNormal, ticket.SeverityLow, ticket.SeverityLow}
	sometimes := rapid.SampledFrom([]bool{false, false, false, false, true})
	work := make([]ticket.Work, rapid.IntRange(0, 24).Draw(rt, "tickets"))
	for i := range work {
		work[i] = ticket.Work{
			ID:       ticket.ID(fmt.Sprintf("AIS-%04d", i)),
			Severity: rapid.SampledFrom(levels).Draw(rt, "severity"),
			Opened:   noon.Add(time.Duration(rapid.IntRange(-3, 0).Draw(rt, "age")) * time.Hour),
			Sprint:   sprintWords[rapid.SampledFrom(words).Draw(rt, "sprint")],
			Hotfix:   sometimes.Draw(rt, "hotfix"),
			Started:  sometimes.Draw(rt, "started"),
			Done:     sometimes.Draw(rt, "done"),
			Passed:   rapid.IntRange(0, 6).Draw(rt, "passed"),
		}
	}
	return c, work
}

func isHotfix(w ticket.Work) bool { return w.Hotfix || w.Severity == ticket.SeverityCritical }

// isBugfix: neither hotfix nor started nor done, so that capacity holds for it.
func isBugfix(w ticket.Work) bool { return !isHotfix(w) && !w.Started && !w.Done }

func loadOf(loads []ticket.SprintLoad, s ticket.Sprint) ticket.SprintLoad {
	i := slices.IndexFunc(loads, func(l ticket.SprintLoad) bool { return l.Sprint == s.String() })
	return loads[i]
}

func byID(a, b ticket.Work) int { return strings.Compare(string(a.ID), string(b.ID)) }

// drawPlan draws a board and plans it. The tickets before and after are in the
// same order.
func drawPlan(t *testing.T, rt *rapid.T) (c ticket.Calendar, before, after []ticket.Work, plan ticket.Schedule) {
	c, before = drawBoard(t, rt)
	given := slices.Clone(before)
	plan = c.Plan(before, noon)
	if diff := cmp.Diff(given, before); diff != "" {
		rt.Fatalf("the input was changed: %s", diff)
	}
	after = slices.SortedFunc(slices.Values(plan.Work), byID)
	if len(after) != len(before) {
		rt.Fatalf("%d tickets became %d", len(before), len(after))
	}
	return c, before, after, plan
}

// Each ticket is there once, changed in nothing but its sprint, and the moves
// tell of each change.
func TestPlanLosesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		_, before, after, plan := drawPlan(t, rt)
		moved := map[ticket.ID]ticket.Move{}
		for _, m := range plan.Moves {
			if _, twice := moved[m.ID]; twice || m.From == m.To {
				rt.Fatalf("moves: %s", sayMoves(plan.Moves))
			}
			moved[m.ID] = m
		}
		for i, want := range before {
			if m, ok := moved[want.ID]; ok {
				if m.From != want.Sprint {
					rt.Fatalf("%s moves from %s, was in %s", want.ID, m.From, want.Sprint)
				}
				want.Sprint = m.To
			}
			if after[i] != want {
				rt.Fatalf("%+v became %+v, moves: %s", before[i], after[i], sayMoves(plan.Moves))
			}
		}
	})
}

// Hotfixes are in the current sprint; started work is there or where it was
// ahead of it; what is done stays.
func TestPlanKeepsWhatIsFixed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		_, before, after, plan := drawPlan(t, rt)
		for i, w := range after {
			stayed, current := w.Sprint == before[i].Sprint, w.Sprint == plan.Current
			switch {
			case w.Done && !stayed,
				!w.Done && isHotfix(w) && !current,
				!w.Done && !isHotfix(w) && w.Started && !current && (!stayed || w.Sprint.IsZero()):
				rt.Fatalf("%+v goes to %q", before[i], w.Sprint)
			}
		}
	})
}

// Bugfixes fit into their sprints, and none waits while there is room.
func TestPlanKeepsToCapacity(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		_, _, after, plan := drawPlan(t, rt)
		for _, s := range []ticket.Sprint{plan.Current, plan.Next} {
			load := loadOf(plan.Loads, s)
			for _, w := range after {
				squeezed, leftOut := w.Sprint == s && load.Taken > load.Capacity, w.Sprint.IsZero() && load.Free() > 0
				if isBugfix(w) && (squeezed || leftOut) {
					rt.Fatalf("%s is in %q, while %s holds %d of %d", w.ID, w.Sprint, s, load.Taken, load.Capacity)
				}
			}
		}
	})
}

// Where a promise is broken, no bugfix from the backlog has its place, and no
// other that ranks below it.
func TestPlanBreaksNoPromiseWithoutNeed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		_, before, after, plan := drawPlan(t, rt)
		rank := map[ticket.ID]int{}
		for i, w := range plan.Work {
			rank[w.ID] = i
		}
		for i, was := range before {
			promised := isBugfix(was) && (was.Sprint == plan.Current || was.Sprint == plan.Next)
			if kept := !after[i].Sprint.IsZero() && after[i].Sprint.Compare(was.Sprint) <= 0; !promised || kept {
				continue
			}
			for j, other := range before {
				if isBugfix(other) && after[j].Sprint == was.Sprint && (other.Sprint.IsZero() || rank[other.ID] > rank[was.ID]) {
					rt.Fatalf("%s loses its place in %s to %s, moves: %s", was.ID, was.Sprint, other.ID, sayMoves(plan.Moves))
				}
			}
		}
	})
}

// Planning once is enough, and the order of the input does not matter.
func TestPlanIsStable(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c, before, _, plan := drawPlan(t, rt)
		if again := c.Plan(plan.Work, noon); len(again.Moves) > 0 {
			rt.Fatalf("planned again: %s", sayMoves(again.Moves))
		}
		shuffled := rapid.Permutation(before).Draw(rt, "order")
		if diff := cmp.Diff(plan, c.Plan(shuffled, noon), cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("another order gives another plan: %s", diff)
		}
	})
}

// A bugfix gets the earliest place that is free, and nothing gives way to it.
func TestPlaceKeepsToCapacity(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c, board := drawBoard(t, rt)
		w := ticket.Work{ID: "AIS-NEW", Severity: ticket.SeverityHigh, Opened: noon, Passed: 100}
		loads := c.Loads(board, noon)
		var want ticket.Sprint
		for _, s := range []ticket.Sprint{sprintWords["next"], sprintWords["now"]} {
			if loadOf(loads, s).Free() > 0 {
				want = s
			}
		}
		if to, pushed, ok := c.Place(w, board, noon); to != want || ok == want.IsZero() || len(pushed) > 0 {
			rt.Fatalf("placed in %q (%v), pushing out %q; want %q", to, ok, sayMoves(pushed), want)
		}
	})
}

// A hotfix gets the current sprint. Pushed out are bugfixes, as many as must
// go; no more of them go to the next sprint than it has room for.
func TestPlaceHotfix(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c, board := drawBoard(t, rt)
		w := ticket.Work{ID: "AIS-NEW", Severity: ticket.SeverityCritical, Opened: noon}
		to, pushed, ok := c.Place(w, board, noon)
		if to != sprintWords["now"] || !ok {
			rt.Fatalf("placed in %q, %v", to, ok)
		}
		room := loadOf(c.Loads(board, noon), sprintWords["next"]).Free()
		w.Sprint = to
		after := append(slices.Clone(board), w)
		for _, m := range pushed {
			i := slices.IndexFunc(after, func(w ticket.Work) bool { return w.ID == m.ID })
			if !isBugfix(after[i]) || after[i].Sprint != m.From {
				rt.Fatalf("%+v is pushed out: %+v", after[i], m)
			}
			if m.To == sprintWords["next"] {
				room--
			}
			after[i].Sprint = m.To
		}
		if room < 0 {
			rt.Fatalf("%d too many go to the next sprint", -room)
		}
		load := loadOf(c.Loads(after, noon), to)
		if len(pushed) > 0 && load.Taken < load.Capacity {
			rt.Fatalf("%d too many are pushed out", load.Free())
		}
		for _, w := range after {
			carriedOver := w.Sprint == sprintWords["past"] || w.Sprint == sprintWords["never"]
			if isBugfix(w) && (w.Sprint == to || carriedOver) && load.Taken > load.Capacity {
				rt.Fatalf("%s stays though %s holds %d of %d", w.ID, to, load.Taken, load.Capacity)
			}
		}
	})
}

// A ticket of low severity is done in the end, though each sprint brings as
// many of high severity as it can hold and more, hotfixes come between, and
// developers finish but some of what is planned.
func TestNothingStarves(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := room(t, rapid.IntRange(2, 5).Draw(rt, "capacity"))
		arrivals := c.Capacity + rapid.IntRange(0, 2).Draw(rt, "more")
		now := c.Start(c.At(noon))
		work := []ticket.Work{{ID: "AIS-LOW", Severity: ticket.SeverityLow, Opened: now}}
		done := func(id ticket.ID) bool {
			return !slices.ContainsFunc(work, func(w ticket.Work) bool { return w.ID == id })
		}

		// A newcomer of high severity overtakes it for four turns; the margin is
		// for the turns between a promise and its sprint, and for rounding.
		limit := 6*arrivals + 3*c.Capacity + 5
		for turn := 0; !done("AIS-LOW"); turn++ {
			if turn > limit {
				rt.Fatalf("not done after %d turns: %+v", turn, c.Plan(work, now).Loads)
			}
			for i := range arrivals {
				work = append(work, ticket.Work{
					ID:       ticket.ID(fmt.Sprintf("AIS-%04d-%d", turn, i)),
					Severity: ticket.SeverityHigh, Opened: now.Add(time.Minute),
				})
			}
			if rapid.Bool().Draw(rt, "hotfix") {
				work = append(work, ticket.Work{ID: ticket.ID(fmt.Sprintf("AIS-%04d-X", turn)), Severity: ticket.SeverityCritical, Opened: now})
			}
			plan := c.Plan(work, now)
			finish := rapid.IntRange(1, c.Capacity-1).Draw(rt, "finish")
			work = slices.DeleteFunc(plan.Work, func(w ticket.Work) bool {
				if w.Sprint != plan.Current {
					return false
				}
				if w.Severity == ticket.SeverityCritical {
					return true
				}
				finish--
				return finish >= 0
			})
			for i := range work {
				work[i].Passed++
			}
			now = c.End(plan.Current)
		}
	})
}
