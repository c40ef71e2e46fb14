package browsertest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/store/storetest"
)

// Axe is the checker of accessibility from the repository's tools/browser, as
// `npm ci` puts it there; root is the repository's. Where it is absent Axe says so
// and returns "", or fails the test if storetest.RequireEnv names axe.
func Axe(t testing.TB, root string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "tools/browser/node_modules/axe-core/axe.min.js"))
	if err == nil {
		return string(text)
	}
	if slices.Contains(strings.Split(os.Getenv(storetest.RequireEnv), ","), "axe") {
		t.Fatalf("%s requires axe: run npm ci in tools/browser: %v", storetest.RequireEnv, err)
	}
	t.Log("axe-core is not installed (npm ci in tools/browser): nothing is checked by it")
	return ""
}

// Violations are what axe finds on the page, each with its rule, its reason and where.
// It runs in a world of its own, into which the page's policy does not reach. What a
// mail brought, in its own frame, is not looked at.
func (t *Tab) Violations(axe string) []string {
	t.b.t.Helper()
	var frames struct {
		FrameTree struct {
			Frame struct{ ID string }
		}
	}
	t.call("Page.getFrameTree", nil, &frames)
	var world struct{ ExecutionContextID int }
	t.call("Page.createIsolatedWorld", map[string]any{"frameId": frames.FrameTree.Frame.ID, "worldName": "axe"}, &world)
	var answer struct {
		Result           struct{ Value string }
		ExceptionDetails json.RawMessage
	}
	run := axe + `
;axe.run(document, { iframes: false, resultTypes: ["violations"] }).then(found => JSON.stringify(found.violations.flatMap(v =>
v.nodes.map(n => v.id + ": " + n.failureSummary + "\n" + n.html))))`
	t.call("Runtime.evaluate", map[string]any{"expression": run, "contextId": world.ExecutionContextID, "awaitPromise": true, "returnByValue": true}, &answer)
	if answer.ExceptionDetails != nil {
		t.b.t.Fatalf("axe threw: %s", answer.ExceptionDetails)
	}
	var found []string
	if err := json.Unmarshal([]byte(answer.Result.Value), &found); err != nil {
		t.b.t.Fatal(err)
	}
	return found
}
