package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"aismarttalk.tech/supportd/store/storetest"
)

// faultRow is a fault that supportd must bear, and how that is tried.
type faultRow struct {
	number int
	fault  string
	checks []faultCheck
	note   string // what is held in another way than one might expect
}

// faultCheck does a fault in one way and looks what comes of it.
type faultCheck struct {
	how   string
	run   func(*testing.T) // against a daemon in a process of its own, or …
	test  string           // … by tests of a package: "store/journal TestDiskFails", a pattern
	wants []string         // what must be there: programs, or root
	short bool             // quick enough for every run
}

// faultResult is a line of the printed table.
type faultResult struct {
	check  faultCheck
	number int
	is     string // "" until the check has really run
}

const failed = "FAILED"

// TestFaults does every fault of faultTable, and prints the table with what came of
// each. With the build tag faults it does all of them; without, those that are quick.
func TestFaults(t *testing.T) {
	var all []*faultResult
	byPackage := map[string][]*faultResult{}
	for _, row := range faultTable {
		for _, c := range row.checks {
			r := &faultResult{check: c, number: row.number}
			all = append(all, r)
			if pkg, _, elsewhere := strings.Cut(c.test, " "); elsewhere {
				byPackage[pkg] = append(byPackage[pkg], r)
			}
		}
	}
	t.Run("fault", func(t *testing.T) {
		for _, r := range all {
			if r.check.run != nil {
				t.Run(fmt.Sprintf("%d %s", r.number, r.check.how), func(t *testing.T) {
					t.Parallel()
					r.here(t)
				})
			}
		}
	})
	for _, pkg := range slices.Sorted(maps.Keys(byPackage)) {
		t.Run(pkg, func(t *testing.T) { elsewhere(t, pkg, byPackage[pkg]) })
	}
	t.Log("\n" + printFaults(all))
}

// here runs a check of this package's.
func (r *faultResult) here(t *testing.T) {
	if !allFaults && !r.check.short {
		r.is = "in .ci/faults"
		t.Skip("takes too long for every run: .ci/faults does it")
	}
	for _, tool := range r.check.wants {
		if lacks(t, tool) {
			r.is = "skipped, no " + tool
			t.Skip("wants " + tool)
		}
	}
	t.Cleanup(func() {
		switch {
		case t.Failed():
			r.is = failed
		case t.Skipped():
			r.is = "skipped"
		default:
			r.is = "holds"
		}
	})
	r.check.run(t)
}

func lacks(t *testing.T, tool string) bool {
	if tool == "root" {
		return os.Geteuid() != 0
	}
	_, ok := storetest.Need(t, tool)
	return !ok
}

// elsewhere has go test run the tests of a package that hold rows, and believes of each
// only what go test says of it. In a short run it looks that they exist: go test ./...
// runs them anyway.
func elsewhere(t *testing.T, pkg string, results []*faultResult) {
	t.Helper()
	said := written(t, pkg)
	if allFaults {
		said = ran(t, pkg, results)
	}
	for _, r := range results {
		_, pattern, _ := strings.Cut(r.check.test, " ")
		tests := regexp.MustCompile("^(?:" + pattern + ")$")
		for _, name := range slices.Sorted(maps.Keys(said)) {
			if tests.MatchString(name) && r.is != failed {
				r.is = said[name]
			}
		}
		if r.is == "" || r.is == failed {
			t.Errorf("fault %d: there is no %s in %s, or it failed", r.number, pattern, pkg)
		}
	}
}

// ran returns what go test -v says of each test.
func ran(t *testing.T, pkg string, results []*faultResult) map[string]string {
	t.Helper()
	var names []string
	for _, r := range results {
		_, pattern, _ := strings.Cut(r.check.test, " ")
		names = append(names, pattern)
	}
	args := []string{"-test.count=1", "-test.v", "-test.timeout=60m", "-test.run=^(" + strings.Join(names, "|") + ")$"}
	cmd := exec.Command(os.Args[0], args...)
	if pkg != "cmd/supportd" {
		for i := range args {
			args[i] = "-" + strings.TrimPrefix(args[i], "-test.")
		}
		cmd = exec.Command("go", append(append([]string{"test", "-tags=faults"}, args...), "./"+pkg)...)
		cmd.Dir = "../.."
	}
	out, err := cmd.CombinedOutput()
	words := map[string]string{"PASS": "holds", "SKIP": "skipped", "FAIL": failed}
	said := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^--- (PASS|SKIP|FAIL): (\w+) `).FindAllSubmatch(out, -1) {
		said[string(m[2])] = words[string(m[1])]
	}
	if err != nil {
		t.Errorf("%s: %v\n%s", pkg, err, tail(string(out), 10_000))
	}
	return said
}

// written returns the tests that a package has.
func written(t *testing.T, pkg string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", pkg, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatal("no tests in", pkg, err)
	}
	there := map[string]string{}
	for _, file := range files {
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(readFileOf(t, file), -1) {
			there[string(m[1])] = "in go test ./" + pkg
		}
	}
	return there
}

// printFaults is the table for people.
func printFaults(all []*faultResult) string {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ROW\tFAULT\tINJECTION\tRESULT")
	for _, row := range faultTable {
		number, fault := fmt.Sprint(row.number), row.fault
		for _, r := range all {
			if r.number != row.number {
				continue
			}
			how := r.check.how
			if r.check.test != "" {
				how += " (" + r.check.test + ")"
			}
			is := r.is
			if is == "" {
				is = "NOT RUN"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", number, fault, how, is)
			number, fault = "", ""
		}
		if row.note != "" {
			fmt.Fprintf(w, "\t\t%s\t\n", row.note)
		}
	}
	w.Flush()
	return b.String()
}

// The table is whole: each of the thirty faults has a row, and each row a check.
func TestFaultTableIsWhole(t *testing.T) {
	var numbers []int
	for _, row := range faultTable {
		numbers = append(numbers, row.number)
		if len(row.checks) == 0 {
			t.Errorf("nothing tries fault %d", row.number)
		}
		for _, c := range row.checks {
			if (c.run == nil) == (c.test == "") {
				t.Errorf("fault %d, %s: want a check here or a test elsewhere", row.number, c.how)
			}
		}
	}
	var want []int
	for n := range 30 {
		want = append(want, n+1)
	}
	if !slices.Equal(numbers, want) {
		t.Errorf("rows %v, want 1 to 30", numbers)
	}
}
