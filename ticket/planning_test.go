package ticket_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"aismarttalk.tech/supportd/ticket"
)

// In these tests it is 23 November 2026, the first day of sprint 2026-24.
var sprintWords = map[string]ticket.Sprint{
	"-":     {},
	"past":  {Year: 2026, Number: 23},
	"now":   {Year: 2026, Number: 24},
	"next":  {Year: 2026, Number: 25},
	"later": {Year: 2027, Number: 3},
	"never": {Year: 2026, Number: 30}, // of a calendar with shorter sprints
}

func sprintWord(s ticket.Sprint) string {
	for word, have := range sprintWords {
		if have == s {
			return word
		}
	}
	return s.String()
}

// readWork reads one ticket a line: ID, severity, sprint, and any of hotfix,
// started, done, passed=N. A line is older than those below it.
func readWork(t testing.TB, text string) []ticket.Work {
	t.Helper()
	var work []ticket.Work
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		s, ok := sprintWords[f[2]]
		if !ok {
			t.Fatalf("%q is no sprint in these tests", f[2])
		}
		w := ticket.Work{ID: ticket.ID(f[0]), Severity: ticket.Severity(f[1]), Sprint: s, Opened: noon.Add(time.Duration(len(work)) * time.Minute)}
		for _, flag := range f[3:] {
			switch flag {
			case "hotfix":
				w.Hotfix = true
			case "started":
				w.Started = true
			case "done":
				w.Done = true
			default:
				if _, err := fmt.Sscanf(flag, "passed=%d", &w.Passed); err != nil {
					t.Fatalf("%q: %v", flag, err)
				}
			}
		}
		work = append(work, w)
	}
	return work
}

func sayMoves(moves []ticket.Move) string {
	said := make([]string, len(moves))
	for i, m := range moves {
		said[i] = fmt.Sprintf("%s %s>%s", m.ID, sprintWord(m.From), sprintWord(m.To))
	}
	return strings.Join(said, ", ")
}

// room returns the calendar with another capacity.
func room(t testing.TB, capacity int) ticket.Calendar {
	c := sprints(t)
	c.Capacity = capacity
	return c
}

func TestPlan(t *testing.T) {
	c := room(t, 2)
	for _, tt := range []struct{ name, work, moves string }{
		{"nothing", "", ""},
		{
			"by severity, then age, into this sprint, the next and the backlog", `
			A low    -
			B normal -
			C high   -
			D high   -
			E normal -`,
			"C ->now, D ->now, B ->next, E ->next",
		},
		{
			"a promise is not displaced from the backlog", `
			A low  now
			B low  now
			C low  next
			D high -
			E high -`,
			"D ->next",
		},
		{
			"a confirmed critical ticket is a hotfix; the last in rank gives way", `
			A normal   now
			B low      now
			C critical -`,
			"C ->now, B now>next",
		},
		{
			"so is what staff made one", `
			A normal now
			B normal now
			C low    - hotfix`,
			"C ->now, B now>next",
		},
		{
			"hotfixes may fill a sprint past its capacity", `
			A critical past
			B critical next
			C critical -
			D high     now started
			E high     now`,
			"A past>now, B next>now, C ->now, E now>next",
		},
		{
			"started work carries over, whatever its rank, and stays", `
			A low  past started
			B low  past started
			C low  past started
			D high now`,
			"D now>next, A past>now, B past>now, C past>now",
		},
		{
			"old work of higher rank goes before a promise, that of lower rank does not", `
			A low    past
			B high   past
			C normal now
			D normal now`,
			"B past>now, D now>next, A past>next",
		},
		{
			"what slips goes before lesser promises for the next sprint", `
			A high past
			B high now
			C high now
			D low  next
			E low  next`,
			"A past>now, C now>next, E next>-",
		},
		{
			"room in this sprint goes to the first in rank, promised for the next or not", `
			A normal now
			B low    next
			C normal next
			D high   -`,
			"D ->now",
		},
		{
			"work of the next sprint moves up into room that is left", `
			A normal now
			B low    next
			C normal next`,
			"C next>now",
		},
		{
			"work started ahead of its sprint stays", `
			A low next started
			B low -    started`,
			"B ->now",
		},
		{
			"what is done has used its place", `
			A low  now done
			B low  now done
			C high -
			D low  past done
			E low  - done`,
			"C ->next",
		},
		{
			"what was planned further ahead stays there", `
			A high later
			B low  later started`,
			"",
		},
		{
			"a sprint that is not in the calendar counts as past", `
			A low never
			B low never started
			C low now
			D low now`,
			"A never>now, B never>now, C now>next, D now>next",
		},
		{
			"a level for every two turns", `
			A low  - passed=3
			B low  - passed=4
			C high -
			D high -
			E high - passed=2
			F normal - passed=6`,
			"F ->now, E ->now, B ->next, C ->next",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := sayMoves(c.Plan(readWork(t, tt.work), noon).Moves); got != tt.moves {
				t.Errorf("moves %q, want %q", got, tt.moves)
			}
		})
	}
}

func TestPlace(t *testing.T) {
	c := room(t, 2)
	for _, tt := range []struct{ name, work, board, to, pushed string }{
		{"into this sprint", "X low -", "A high now", "now", ""},
		{"into the next where this one is full", "X high -", "A low now\nB low now done", "next", ""},
		{"into the backlog where both are full", "X high -", "A low now\nB low now\nC low next\nD low next", "-", ""},
		{"beside itself on the board", "X low now", "X low now\nA low now", "now", ""},
		{"work that carries over takes room", "X high -", "A low past\nB low past started", "next", ""},
		{"a hotfix into an empty sprint", "X critical -", "", "now", ""},
		{"a hotfix pushes out the least severe", "X critical -", "A low now\nB normal now", "now", "A now>next"},
		{"… and of these the youngest", "X critical -", "A low now\nB low now", "now", "B now>next"},
		{"… into the backlog where the next is full", "X critical next", "A low now\nB low now\nC low next\nD low next", "now", "B now>-"},
		{"… which has room for one if the hotfix was there", "X critical next", "A low now\nB low now\nD low next", "now", "B now>next"},
		{"a hotfix pushes out no started work", "X critical -", "A high now\nB low now started", "now", "A now>next"},
		{"… and no hotfix", "X critical -", "A low now hotfix\nB critical now", "now", ""},
		{"… and nothing that is done", "X critical -", "A low now done\nB low now done", "now", ""},
		{"a sprint over its capacity is brought back to it", "X low - hotfix", "A low now\nB normal now\nC low now\nD high now\nE low next", "now", "B now>next, A now>-, C now>-"},
		{"started work is at home in this sprint", "X low - started", "A low now\nB low now", "now", ""},
		{"what is done stays", "X critical past done", "A low now\nB low now\nC low now", "past", ""},
		{"what was planned further ahead stays", "X low later", "", "later", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			to, pushed, ok := c.Place(readWork(t, tt.work)[0], readWork(t, tt.board), noon)
			if got := sprintWord(to); got != tt.to || ok != (tt.to != "-") {
				t.Errorf("placed in %s (%v), want %s", got, ok, tt.to)
			}
			if got := sayMoves(pushed); got != tt.pushed {
				t.Errorf("pushes out %q, want %q", got, tt.pushed)
			}
		})
	}
}

func TestLoads(t *testing.T) {
	work := readWork(t, `
		A low      past
		B low      past done
		C critical -
		D low      now done
		E low      later
		F low      -
		G low      never done`)
	want := []ticket.Load{
		{Sprint: sprintWords["now"], Taken: 3, Hotfixes: 1, Done: 1, Capacity: 2},
		{Sprint: sprintWords["next"], Capacity: 2},
		{Sprint: sprintWords["later"], Taken: 1, Capacity: 2},
	}
	got := room(t, 2).Loads(work, noon)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for i, free := range []int{0, 2, 1} {
		if got[i].Free() != free {
			t.Errorf("%s has %d free places, want %d", got[i].Sprint, got[i].Free(), free)
		}
	}
}

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

func loadOf(loads []ticket.Load, s ticket.Sprint) ticket.Load {
	for _, l := range loads {
		if l.Sprint == s {
			return l
		}
	}
	return ticket.Load{Sprint: s}
}

func TestPlanKeepsItsRules(t *testing.T) {
	current, next := sprintWords["now"], sprintWords["next"]
	rapid.Check(t, func(rt *rapid.T) {
		c, before := drawBoard(t, rt)
		given := slices.Clone(before)
		plan := c.Plan(before, noon)
		if diff := cmp.Diff(given, before); diff != "" {
			rt.Fatalf("the input was changed: %s", diff)
		}

		// Nothing is lost, doubled or changed but for its sprint, and the moves say what changed.
		after := slices.SortedFunc(slices.Values(plan.Work), func(a, b ticket.Work) int { return strings.Compare(string(a.ID), string(b.ID)) })
		moved := map[ticket.ID]ticket.Move{}
		for _, m := range plan.Moves {
			if _, twice := moved[m.ID]; twice || m.From == m.To {
				rt.Fatalf("moves: %s", sayMoves(plan.Moves))
			}
			moved[m.ID] = m
		}
		if len(after) != len(before) {
			rt.Fatalf("%d tickets became %d", len(before), len(after))
		}
		for i, was := range before {
			is := after[i]
			want := was
			if m, ok := moved[was.ID]; ok {
				if m.From != was.Sprint {
					rt.Fatalf("%s moves from %s, was in %s", was.ID, m.From, was.Sprint)
				}
				want.Sprint = m.To
			}
			if is != want {
				rt.Fatalf("%+v became %+v, moves: %s", was, is, sayMoves(plan.Moves))
			}
			switch {
			case is.Done:
				if is.Sprint != was.Sprint {
					rt.Fatalf("%s is done and moves", is.ID)
				}
			case isHotfix(is):
				if is.Sprint != current {
					rt.Fatalf("the hotfix %s is in %q", is.ID, is.Sprint)
				}
			case is.Started:
				if is.Sprint.IsZero() || is.Sprint != was.Sprint && is.Sprint != current {
					rt.Fatalf("%s is started and goes from %q to %q", is.ID, was.Sprint, is.Sprint)
				}
			}
		}

		// Bugfixes fit, and none is left in the backlog while there is room.
		for _, s := range []ticket.Sprint{current, next} {
			load := loadOf(plan.Loads, s)
			for _, w := range after {
				if w.Sprint == s && isBugfix(w) && load.Taken > load.Capacity {
					rt.Fatalf("%s is planned into %s, which holds %d of %d", w.ID, s, load.Taken, load.Capacity)
				}
				if w.Sprint.IsZero() && isBugfix(w) && load.Free() > 0 {
					rt.Fatalf("%s is left in the backlog while %s holds %d of %d", w.ID, s, load.Taken, load.Capacity)
				}
			}
		}

		// A broken promise has a reason: no bugfix from the backlog sits where it
		// was, and no old work of lower rank.
		rank := map[ticket.ID]int{}
		for i, w := range plan.Work {
			rank[w.ID] = i
		}
		for i, was := range before {
			is := after[i]
			promised := isBugfix(was) && (was.Sprint == current || was.Sprint == next)
			if !promised || !is.Sprint.IsZero() && is.Sprint.Compare(was.Sprint) <= 0 {
				continue
			}
			for j, other := range before {
				if !isBugfix(other) || after[j].Sprint != was.Sprint || other.Sprint == was.Sprint {
					continue
				}
				if other.Sprint.IsZero() || rank[other.ID] > rank[was.ID] {
					rt.Fatalf("%s loses its place in %s to %s, moves: %s", was.ID, was.Sprint, other.ID, sayMoves(plan.Moves))
				}
			}
		}

		// Once is enough, and the order of the input does not matter.
		if again := c.Plan(plan.Work, noon); len(again.Moves) > 0 {
			rt.Fatalf("planned again: %s", sayMoves(again.Moves))
		}
		shuffled := rapid.Permutation(before).Draw(rt, "order")
		if diff := cmp.Diff(plan, c.Plan(shuffled, noon), cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("another order gives another plan: %s", diff)
		}
	})
}

func TestPlaceKeepsItsRules(t *testing.T) {
	current, next := sprintWords["now"], sprintWords["next"]
	rapid.Check(t, func(rt *rapid.T) {
		c, board := drawBoard(t, rt)
		if len(board) == 0 {
			return
		}
		w, board := board[0], board[1:]
		to, pushed, ok := c.Place(w, board, noon)
		if ok == to.IsZero() {
			rt.Fatalf("%+v is placed in %q, %v", w, to, ok)
		}
		if isBugfix(w) && w.Sprint != sprintWords["later"] {
			earliest := ticket.Sprint{}
			loads := c.Loads(board, noon)
			for _, s := range []ticket.Sprint{next, current} {
				if loadOf(loads, s).Free() > 0 {
					earliest = s
				}
			}
			if to != earliest || len(pushed) > 0 {
				rt.Fatalf("the bugfix is placed in %q and pushes out %q, want %q", to, sayMoves(pushed), earliest)
			}
		}
		if isHotfix(w) && !w.Done && to != current {
			rt.Fatalf("the hotfix is placed in %q", to)
		}

		// What is pushed out is bugfixes, only as many as must go, and no more
		// than the next sprint holds go there.
		w.Sprint = to
		after := append(slices.Clone(board), w)
		for _, m := range pushed {
			i := slices.IndexFunc(after, func(w ticket.Work) bool { return w.ID == m.ID })
			if !isBugfix(after[i]) || after[i].Sprint != m.From {
				rt.Fatalf("%+v is pushed out: %+v", after[i], m)
			}
			after[i].Sprint = m.To
		}
		loads := c.Loads(after, noon)
		if l := loadOf(loads, current); len(pushed) > 0 && l.Taken < l.Capacity {
			rt.Fatalf("pushes out %d too many", l.Free())
		}
		if l := loadOf(loads, next); l.Taken > l.Capacity && slices.ContainsFunc(pushed, func(m ticket.Move) bool { return m.To == next }) {
			rt.Fatalf("pushed into %s, which holds %d of %d", next, l.Taken, l.Capacity)
		}
		if l := loadOf(loads, current); isHotfix(w) && !w.Done && l.Taken > l.Capacity {
			for _, w := range after {
				if isBugfix(w) && (w.Sprint == current || w.Sprint == sprintWords["past"] || w.Sprint == sprintWords["never"]) {
					rt.Fatalf("%s stays though %s holds %d of %d", w.ID, current, l.Taken, l.Capacity)
				}
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

func BenchmarkPlan(b *testing.B) {
	c := room(b, 10)
	chance := rand.New(rand.NewPCG(1, 2))
	levels := []ticket.Severity{ticket.SeverityCritical, ticket.SeverityHigh, ticket.SeverityNormal, ticket.SeverityLow}
	words := []string{"-", "-", "-", "past", "now", "next"}
	work := make([]ticket.Work, 10_000)
	for i := range work {
		work[i] = ticket.Work{
			ID:       ticket.DeriveID("AIS", secret, "mail", i),
			Severity: levels[chance.IntN(len(levels))],
			Opened:   noon.Add(-time.Duration(chance.IntN(1e6)) * time.Second),
			Sprint:   sprintWords[words[chance.IntN(len(words))]],
			Started:  chance.IntN(10) == 0,
			Passed:   chance.IntN(20),
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		c.Plan(work, noon)
	}
}
