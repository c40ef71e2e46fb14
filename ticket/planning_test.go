package ticket_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	day := func(date string) time.Time { return wall(t, date+" 00:00", zone(t, "Europe/Copenhagen")) }
	want := []ticket.SprintLoad{
		{Sprint: "2026-24", Start: day("Mon 2026-11-23"), End: day("Sun 2026-12-06"), Taken: 3, Done: 1, Capacity: 2},
		{Sprint: "2026-25", Start: day("Mon 2026-12-07"), End: day("Sun 2026-12-20"), Capacity: 2},
		{Sprint: "2027-03", Start: day("Mon 2027-02-01"), End: day("Sun 2027-02-14"), Taken: 1, Capacity: 2},
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
