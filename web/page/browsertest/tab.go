package browsertest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Tab is one page at a time, in a browser without the cookies of other tabs.
type Tab struct {
	b       *Browser
	session string
	target  string
}

// Look is how a page is shown.
type Look struct {
	Width, Height int // in CSS pixels
	Dark          bool
}

// Tab opens a tab at the given time of day, as people with a browser of their own.
func (b *Browser) Tab(now time.Time) *Tab {
	b.t.Helper()
	var context struct{ BrowserContextID string }
	b.call("", "Target.createBrowserContext", nil, &context)
	var target struct{ TargetID string }
	b.call("", "Target.createTarget", map[string]any{"url": "about:blank", "browserContextId": context.BrowserContextID}, &target)
	var attached struct{ SessionID string }
	b.call("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	tab := &Tab{b: b, session: attached.SessionID, target: target.TargetID}
	b.listen(tab.session)
	tab.call("Emulation.setTimezoneOverride", map[string]any{"timezoneId": "Europe/Copenhagen"}, nil)
	tab.call("Emulation.setFocusEmulationEnabled", map[string]any{"enabled": true}, nil)
	tab.call("Page.addScriptToEvaluateOnNewDocument", map[string]any{"source": fmt.Sprintf(stoppedDate, now.UnixMilli())}, nil)
	return tab
}

// stoppedDate has a page's scripts read a clock that stands still.
const stoppedDate = `(() => { const at = %d, Real = Date;
globalThis.Date = class extends Real { constructor(...a) { a.length ? super(...a) : super(at); } static now() { return at; } }; })()`

func (t *Tab) call(method string, params, result any) {
	t.b.t.Helper()
	t.b.call(t.session, method, params, result)
}

// Show sets how pages are shown.
func (t *Tab) Show(l Look) {
	t.b.t.Helper()
	t.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": l.Width, "height": l.Height, "deviceScaleFactor": 1, "mobile": false}, nil)
	scheme := "light"
	if l.Dark {
		scheme = "dark"
	}
	t.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
}

// WithoutScripts has pages run none of theirs. What a test asks of them still works.
func (t *Tab) WithoutScripts() {
	t.b.t.Helper()
	t.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
}

// Language is what the tab asks pages for.
func (t *Tab) Language(accept string) {
	t.b.t.Helper()
	t.call("Network.setExtraHTTPHeaders", map[string]any{"headers": map[string]string{"Accept-Language": accept}}, nil)
}

// Cookie puts one into the tab's browser.
func (t *Tab) Cookie(address, name, value string) {
	t.b.t.Helper()
	t.call("Network.setCookie", map[string]any{"name": name, "value": value, "url": address, "httpOnly": true, "sameSite": "Strict"}, nil)
}

// Open goes to an address, and returns once the page is there.
func (t *Tab) Open(address string) {
	t.b.t.Helper()
	t.leave(func() {
		var got struct{ ErrorText string }
		t.call("Page.navigate", map[string]any{"url": address}, &got)
		if got.ErrorText != "" {
			t.b.t.Fatalf("opening %s: %s", address, got.ErrorText)
		}
	})
}

// leave does what leads to another page, and waits until that is there: it has not
// the mark that the old one is given.
func (t *Tab) leave(do func()) {
	t.b.t.Helper()
	t.Eval("globalThis.left = true")
	do()
	t.Wait("!globalThis.left && document.readyState", "complete")
}

// Eval runs a script in the page, and returns what it gives as text. A page that is
// being left gives "".
func (t *Tab) Eval(script string) string { return t.b.eval(t.session, script) }

func (b *Browser) eval(session, script string) string {
	b.t.Helper()
	var answer struct {
		Result           struct{ Value any }
		ExceptionDetails json.RawMessage
	}
	err := b.try(session, "Runtime.evaluate", map[string]any{"expression": script, "returnByValue": true, "awaitPromise": true, "userGesture": true}, &answer)
	switch {
	case err != nil && strings.Contains(err.Error(), "the browser has gone"):
		b.t.Fatal(err)
	case err != nil:
		return ""
	case answer.ExceptionDetails != nil:
		return "threw " + string(answer.ExceptionDetails)
	}
	return fmt.Sprint(answer.Result.Value)
}

// Wait asks a script again until it gives what is wanted.
func (t *Tab) Wait(script, want string) {
	t.b.t.Helper()
	t.b.wait(t.session, script, want)
}

func (b *Browser) wait(session, script, want string) {
	b.t.Helper()
	got := ""
	if b.until(func() bool { got = b.eval(session, script); return got == want }) {
		return
	}
	b.t.Fatalf("%s gives %q, want %q; %s reads\n%.900s", script, got, want, b.eval(session, "location.href"), b.eval(session, "document.body.innerText"))
}

// Reads waits until the page says something.
func (t *Tab) Reads(text string) {
	t.b.t.Helper()
	t.Wait("document.body.innerText.includes("+quote(text)+")", "true")
}

// Click clicks what a selector names, and waits for the page to which that leads.
func (t *Tab) Click(selector string) {
	t.b.t.Helper()
	t.leave(func() { t.Press(selector) })
}

// Press clicks what a selector names, on a page that stays.
func (t *Tab) Press(selector string) {
	t.b.t.Helper()
	t.b.press(t.session, selector)
}

func (b *Browser) press(session, selector string) {
	b.t.Helper()
	b.wait(session, "document.querySelectorAll("+quote(selector)+").length > 0", "true")
	b.eval(session, "document.querySelector("+quote(selector)+").click()")
}

// Fill writes into the field that a selector names, as keys would, or chooses there.
func (t *Tab) Fill(selector, text string) {
	t.b.t.Helper()
	t.b.fill(t.session, selector, text)
}

func (b *Browser) fill(session, selector, text string) {
	b.t.Helper()
	b.wait(session, `(() => { const f = document.querySelector(`+quote(selector)+`);
if (!f) return "no field";
if (f.type === "radio" || f.type === "checkbox") { f.checked = true; } else { f.value = `+quote(text)+`; }
f.dispatchEvent(new Event("input", { bubbles: true }));
f.dispatchEvent(new Event("change", { bubbles: true }));
return "filled"; })()`, "filled")
}

// Key presses keys one after the other, as a person does: letters, or names as
// "Enter" and "Tab".
func (t *Tab) Key(keys ...string) {
	t.b.t.Helper()
	for _, key := range keys {
		text, code := "", map[string]int{"Enter": 13, "Tab": 9, "Escape": 27, "ArrowDown": 40, " ": 32}[key]
		switch {
		case key == "Enter":
			text = "\r"
		case len([]rune(key)) == 1:
			text = key
		}
		for _, kind := range []string{"keyDown", "keyUp"} {
			params := map[string]any{"type": kind, "key": key, "windowsVirtualKeyCode": code}
			if kind == "keyDown" && text != "" {
				params["text"] = text
			}
			t.call("Input.dispatchKeyEvent", params, nil)
		}
	}
}

// KeyTo presses keys that lead to another page.
func (t *Tab) KeyTo(keys ...string) {
	t.b.t.Helper()
	t.leave(func() { t.Key(keys...) })
}

// TabTo moves the focus by the Tab key to what a selector names.
func (t *Tab) TabTo(selector string) {
	t.b.t.Helper()
	for range 200 {
		if t.Eval("document.activeElement.matches("+quote(selector)+")") == "true" {
			return
		}
		t.Key("Tab")
	}
	t.b.t.Fatalf("%s cannot be reached by the Tab key", selector)
}

// Shoot is what is seen, as PNG, but for the blinking of the caret.
func (t *Tab) Shoot() []byte {
	t.b.t.Helper()
	t.Eval(`document.documentElement.style.setProperty("caret-color", "transparent")`)
	var shot struct{ Data string }
	t.call("Page.captureScreenshot", map[string]any{"format": "png"}, &shot)
	png, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		t.b.t.Fatal(err)
	}
	return png
}

// Weigh opens an address without anything in the cache, and returns how many bytes
// came over the wire for it.
func (t *Tab) Weigh(address string) int64 {
	t.b.t.Helper()
	t.call("Network.setCacheDisabled", map[string]any{"cacheDisabled": true}, nil)
	before := t.received()
	t.Open(address)
	t.call("Network.setCacheDisabled", map[string]any{"cacheDisabled": false}, nil)
	return t.received() - before
}

func (t *Tab) received() int64 {
	t.b.mu.Lock()
	defer t.b.mu.Unlock()
	return t.b.transfer[t.session]
}

// quote is a text as a script has it.
func quote(text string) string {
	q, err := json.Marshal(text)
	if err != nil {
		panic(err) // text always can be
	}
	return string(q)
}
