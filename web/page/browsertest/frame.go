package browsertest

import (
	"maps"
	"slices"
	"strings"
)

// Frame is a frame from another site within a page.
type Frame struct {
	b       *Browser
	session string
}

// Frame waits for the frame whose address holds a text.
func (t *Tab) Frame(part string) *Frame {
	t.b.t.Helper()
	var found *Frame
	if t.b.until(func() bool { found = t.b.frame(part); return found != nil }) {
		found.Wait("document.readyState", "complete")
		return found
	}
	t.b.t.Fatalf("no frame of %s came; the page is %s", part, t.Eval("document.documentElement.outerHTML"))
	return nil
}

// frame finds a frame that is there; nil if none is.
func (b *Browser) frame(part string) *Frame {
	b.mu.Lock()
	sessions := slices.Collect(maps.Keys(b.frames))
	b.mu.Unlock()
	for _, session := range sessions {
		if strings.Contains(b.eval(session, "location.href"), part) {
			return &Frame{b: b, session: session}
		}
	}
	return nil
}

// Reads waits until the frame says something.
func (f *Frame) Reads(text string) {
	f.b.t.Helper()
	f.Wait("document.body.innerText.includes("+quote(text)+")", "true")
}

// Wait asks a script again until it gives what is wanted.
func (f *Frame) Wait(script, want string) {
	f.b.t.Helper()
	f.b.wait(f.session, script, want)
}

// Press clicks what a selector names.
func (f *Frame) Press(selector string) {
	f.b.t.Helper()
	f.b.press(f.session, selector)
}

// Fill writes into the field that a selector names.
func (f *Frame) Fill(selector, text string) {
	f.b.t.Helper()
	f.b.fill(f.session, selector, text)
}
