package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The threat model names the tests that show its promises; each of them exists.
func TestSecurityDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	there := testNames(t, "../..")
	named := regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w+`).FindAllString(string(text), -1)
	if len(named) < 40 {
		t.Errorf("it names %d tests", len(named))
	}
	for _, name := range named {
		if !there[name] {
			t.Errorf("docs/security.md names %s, which does not exist", name)
		}
	}
	promises := false // within a table of them
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "| promise | tested by |":
			promises = true
		case !strings.HasPrefix(line, "|"):
			promises = false
		case promises && line != "|---|---|" && !regexp.MustCompile(`(?:Test|Fuzz)[A-Z]\w+ \|$`).MatchString(line):
			t.Errorf("no test shows this promise: %s", line)
		}
	}
}

// testNames are those of all tests below a folder.
func testNames(t *testing.T, root string) map[string]bool {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	names := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		code, err := os.ReadFile(path)
		for _, m := range declared.FindAllStringSubmatch(string(code), -1) {
			names[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// The unit leaves a broken daemon little to do.
func TestServiceUnit(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed: the exposure of the unit was not asked for")
	}
	out, err := exec.Command(analyze, "security", "--offline=true", "--no-pager", "../../packaging/supportd.service").CombinedOutput()
	if err != nil {
		t.Skipf("systemd-analyze cannot judge a unit that is not installed: %v\n%s", err, out)
	}
	m := regexp.MustCompile(`exposure level for supportd.service: ([0-9.]+)`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("it gives no level:\n%s", out)
	}
	if level, err := strconv.ParseFloat(string(m[1]), 64); err != nil || level > 2 {
		t.Errorf("exposure %s, at most 2.0 is wanted", m[1])
	}
}
