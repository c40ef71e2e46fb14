package storetest

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// RequireEnv names the tools, separated by commas, whose absence fails a test
// instead of making it do with less.
const RequireEnv = "SUPPORTD_TEST_REQUIRE"

// Need finds an outside program that makes a test stronger: "redis", "chromium",
// or else the name of the program itself. Where it is not installed, Need says so
// in the test's log and returns false, or fails the test if RequireEnv names the
// tool.
func Need(tb testing.TB, tool string) (path string, ok bool) {
	tb.Helper()
	for _, name := range programs(tool) {
		if path, err := exec.LookPath(name); err == nil {
			return path, true
		}
	}
	if slices.Contains(strings.Split(os.Getenv(RequireEnv), ","), tool) {
		tb.Fatalf("%s requires %s, which is not installed", RequireEnv, tool)
	}
	tb.Logf("%s is not installed: this test does with less", tool)
	return "", false
}

func programs(tool string) []string {
	switch tool {
	case "redis":
		return []string{"redis-server", "valkey-server"}
	case "chromium":
		return []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
	default:
		return []string{tool}
	}
}
