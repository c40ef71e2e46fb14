package browsertest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// listen has a session tell what goes wrong in it, and of the frames within.
func (b *Browser) listen(session string) {
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.send(session, domain+".enable", nil)
	}
	b.send(session, "Target.setAutoAttach", map[string]any{"autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true})
	b.send(session, "Runtime.runIfWaitingForDebugger", nil)
}

// event notes what a page tells by itself.
func (b *Browser) event(m message) {
	switch m.Method {
	case "Target.attachedToTarget":
		var e struct {
			SessionID  string
			TargetInfo struct{ Type string }
		}
		if json.Unmarshal(m.Params, &e) == nil && e.TargetInfo.Type != "page" {
			b.listen(e.SessionID)
			b.mu.Lock()
			b.frames[e.SessionID] = true
			b.mu.Unlock()
		}
	case "Target.detachedFromTarget":
		var e struct{ SessionID string }
		if json.Unmarshal(m.Params, &e) == nil {
			b.mu.Lock()
			delete(b.frames, e.SessionID)
			b.mu.Unlock()
		}
	case "Network.loadingFinished":
		var e struct{ EncodedDataLength float64 }
		if json.Unmarshal(m.Params, &e) == nil {
			b.mu.Lock()
			b.transfer[m.SessionID] += int64(e.EncodedDataLength)
			b.mu.Unlock()
		}
	default:
		if fault := faultOf(m); fault != "" {
			b.mu.Lock()
			b.faults = append(b.faults, fault)
			b.mu.Unlock()
		}
	}
}

// faultOf says what an event tells of that is wrong; "" if nothing is.
func faultOf(m message) string {
	switch m.Method {
	case "Log.entryAdded":
		var e struct {
			Entry struct{ Source, Level, Text, URL string }
		}
		if json.Unmarshal(m.Params, &e) != nil {
			return string(m.Params)
		}
		return fmt.Sprintf("%s %s: %s (%s)", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL)
	case "Runtime.consoleAPICalled", "Runtime.exceptionThrown":
		return m.Method + ": " + string(m.Params)
	case "Network.loadingFailed":
		var e struct {
			ErrorText, BlockedReason string
			Canceled                 bool
		}
		if json.Unmarshal(m.Params, &e) != nil {
			return string(m.Params)
		}
		if e.Canceled || e.ErrorText == "net::ERR_ABORTED" {
			return "" // a page that was left
		}
		return "a request failed: " + e.ErrorText + " " + e.BlockedReason
	}
	return ""
}

// Expect takes a fault that holds some text from the list, and fails the test if
// there is none: for pages that are to be refused.
func (b *Browser) Expect(text string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.faults, func(f string) bool { return strings.Contains(f, text) })
	if i < 0 {
		b.t.Errorf("the browser told nothing of %q, but %q", text, b.faults)
		return
	}
	b.faults = slices.Delete(b.faults, i, i+1)
}
