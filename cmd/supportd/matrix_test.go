package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// badInput is one case of bad input: what is sent to a daemon, and what must come
// back. The cases are numbered; tests of the packages name theirs alike.
type badInput struct {
	number int
	what   string
	// other says how the harm of the case is prevented where it is not answered to
	// the letter, impossible why it cannot arise. One of them at most.
	other, impossible string
	// hostile: the mail was made to cost much, so its costs are measured.
	hostile bool
	// own changes the configuration of a daemon that this case has to itself, as
	// those want that wait, or use something up.
	own   func(*testing.T, *houseSettings)
	check func(*badCase)
}

// verdict is the result of a case that passed.
func (b badInput) verdict() string {
	switch {
	case b.other != "":
		return "held another way: " + b.other
	case b.impossible != "":
		return "not possible: " + b.impossible
	}
	return "held"
}

// badInputs is how many cases there are.
const badInputs = 147

func allBadInputs() []badInput {
	return slices.Concat(
		framingRows(), chunkRows(), commandRows(), envelopeRows(), sizeRows(), identityRows(), headerRows(), structureRows(), bodyRows(),
		fileRows(), guardRows(), contentRows(), threadRows(), loopRows(), httpRows(), consoleRows(),
	)
}

// TestMatrix sends every case of bad input to a real daemon, over SMTP and HTTP,
// and prints what became of each. Whatever a case sends, the daemon does not
// panic, keeps the bytes of what it answered 250, files each mail once at most,
// and takes the next mail.
func TestMatrix(t *testing.T) {
	rows := allBadInputs()
	results := &matrixResults{t: t, rows: rows, of: map[int]string{}}
	results.complete()
	t.Cleanup(results.print)
	shared := startHouse(t, matrixSettings(t))
	for _, row := range rows {
		t.Run(fmt.Sprintf("bad-input %d", row.number), func(t *testing.T) {
			h := shared
			if row.own != nil {
				t.Parallel()
				wants := matrixSettings(t)
				row.own(t, &wants)
				h = startHouse(t, wants)
			}
			result := "FAILED"
			defer func() { results.add(row.number, result) }()
			result = h.try(t, row)
		})
	}
}

// matrixResults are what became of the cases so far. Safe for concurrent use.
type matrixResults struct {
	t    *testing.T
	rows []badInput

	mu sync.Mutex
	of map[int]string // guarded by mu
}

func (m *matrixResults) add(number int, result string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.of[number] = result
}

// complete wants each case once, with a check.
func (m *matrixResults) complete() {
	m.t.Helper()
	seen := map[int]int{}
	for _, r := range m.rows {
		seen[r.number]++
		if r.check == nil || r.what == "" || r.other != "" && r.impossible != "" {
			m.t.Errorf("case %d: says not what is sent, or checks nothing, or has two verdicts", r.number)
		}
	}
	for n := 1; n <= badInputs; n++ {
		if seen[n] != 1 {
			m.t.Errorf("case %d stands %d times in the matrix", n, seen[n])
		}
		delete(seen, n)
	}
	for n := range seen {
		m.t.Errorf("there is no case %d", n)
	}
}

// print writes the table.
func (m *matrixResults) print() {
	m.mu.Lock()
	defer m.mu.Unlock()
	rows := slices.Clone(m.rows)
	slices.SortFunc(rows, func(a, b badInput) int { return a.number - b.number })
	var table strings.Builder
	count := map[string]int{}
	for _, r := range rows {
		result, ran := m.of[r.number]
		if !ran {
			continue // left out by -run
		}
		fmt.Fprintf(&table, "%3d  %-60s  %s\n", r.number, r.what, result)
		kind, _, _ := strings.Cut(result, ":")
		count[kind]++
	}
	m.t.Logf("%d of %d cases ran: %v\n%s", len(m.of), badInputs, count, table.String())
}
