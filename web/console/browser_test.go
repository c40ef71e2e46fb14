package console_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
)

// chromium is a real browser, spoken with over two pipes by its DevTools protocol:
// messages of JSON, each ended by a zero byte.
type chromium struct {
	t       *testing.T
	to      *os.File
	answers chan devtools
	last    int
	session string
	faults  []string // what the page's console told
}

type devtools struct {
	ID        int             `json:"id,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    json.RawMessage `json:"params,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     json.RawMessage `json:"error,omitempty"`
}

func startChromium(t *testing.T) *chromium {
	t.Helper()
	path, ok := storetest.Need(t, "chromium")
	if !ok {
		t.Skip("without a browser there are no scripts to test")
	}
	in, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(),
		"--remote-debugging-pipe", "about:blank")
	cmd.ExtraFiles = []*os.File{in, out}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	out.Close()
	c := &chromium{t: t, to: to, answers: make(chan devtools, 1000)}
	go func() {
		defer close(c.answers)
		r := bufio.NewReaderSize(from, 1<<20)
		for {
			text, err := r.ReadBytes(0)
			if err != nil {
				return
			}
			var m devtools
			if json.Unmarshal(text[:len(text)-1], &m) == nil {
				c.answers <- m
			}
		}
	}()
	t.Cleanup(func() {
		c.send("Browser.close", nil)
		_ = cmd.Wait()
		to.Close()
		from.Close()
	})
	var target struct {
		TargetID string `json:"targetId"`
	}
	c.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct {
		SessionID string `json:"sessionId"`
	}
	c.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	c.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		c.call(domain+".enable", nil, nil)
	}
	return c
}

func (c *chromium) send(method string, params any) int {
	c.last++
	text, _ := json.Marshal(params)
	if params == nil {
		text = []byte("{}")
	}
	m, _ := json.Marshal(devtools{ID: c.last, Method: method, Params: text, SessionID: c.session})
	_, _ = c.to.Write(append(m, 0))
	return c.last
}

// call asks the browser for something, and reads its answer into result.
func (c *chromium) call(method string, params, result any) {
	c.t.Helper()
	id := c.send(method, params)
	guard := time.After(60 * time.Second) // against hanging
	for {
		select {
		case m, ok := <-c.answers:
			switch {
			case !ok:
				c.t.Fatalf("%s: the browser has gone", method)
			case m.ID == id && m.Error != nil:
				c.t.Fatalf("%s: %s", method, m.Error)
			case m.ID == id:
				if result != nil {
					if err := json.Unmarshal(m.Result, result); err != nil {
						c.t.Fatal(err)
					}
				}
				return
			case m.Method == "Log.entryAdded" || m.Method == "Runtime.exceptionThrown":
				c.faults = append(c.faults, string(m.Params))
			}
		case <-guard:
			c.t.Fatalf("%s: no answer", method)
		}
	}
}

// eval runs a script in the page, and returns what it gives as text.
func (c *chromium) eval(script string) string {
	c.t.Helper()
	var answer struct {
		Result struct {
			Value any `json:"value"`
		} `json:"result"`
	}
	c.call("Runtime.evaluate", map[string]any{"expression": script, "returnByValue": true, "awaitPromise": true}, &answer)
	return fmt.Sprint(answer.Result.Value)
}

// wait asks a script again until it gives what is wanted.
func (c *chromium) wait(script, want string) {
	c.t.Helper()
	deadline := time.Now().Add(30 * time.Second) // against hanging
	got := ""
	for time.Now().Before(deadline) {
		if got = c.eval(script); got == want {
			return
		}
		c.eval("new Promise(done => setTimeout(done, 50))")
	}
	c.t.Fatalf("%s gives %q, want %q; the page reads\n%.600s", script, got, want, c.eval("document.body.innerText"))
}

func (c *chromium) open(address string) {
	c.t.Helper()
	c.call("Page.navigate", map[string]any{"url": address}, nil)
	c.wait("document.readyState + location.href", "complete"+address)
	c.wait(`document.getElementById("connection").className === "" && document.getElementById("connection").textContent !== ""`, "true")
}

// press presses a key of a letter, as a person does.
func (c *chromium) press(key string) {
	c.t.Helper()
	for _, kind := range []string{"keyDown", "keyUp"} {
		params := map[string]any{"type": kind, "key": key}
		if kind == "keyDown" && len(key) == 1 {
			params["text"] = key
		}
		c.call("Input.dispatchKeyEvent", params, nil)
	}
}

// What the script adds, in a real browser: keys that are dead in fields, rows that
// change in place, a pill for what is new, who else reads, and drafts that save
// themselves. Nothing of it breaks the policy of its page.
func TestScript(t *testing.T) {
	h := newHouse(t)
	first := h.receive("Første sag", "Den svarer ikke.", critical).Ticket
	second := h.receive("Anden sag", "Langsom.").Ticket
	c := startChromium(t)
	link, err := h.desk.SignInLink(t.Context(), supportAddress)
	if err != nil {
		t.Fatal(err)
	}
	in, err := h.desk.SignIn(t.Context(), strings.SplitAfter(link, "link=")[1], "")
	if err != nil {
		t.Fatal(err)
	}
	c.call("Network.setCookie", map[string]any{"name": "supportd", "value": in.Secret, "url": h.server.URL, "httpOnly": true, "sameSite": "Strict"}, nil)

	c.open(h.server.URL + "/console")
	c.press("j")
	c.press("j")
	c.wait(`document.querySelector(".row.here").dataset.ticket`, string(second))
	c.press("k")
	c.wait(`document.activeElement.textContent`, "Første sag")

	h.order(second, ticket.Order{Verb: ticket.VerbClassify, Severity: ticket.SeverityHigh}, ticket.RoleSupport)
	c.wait(`document.getElementById("row-`+string(second)+`").innerText.includes("Bekræftet: høj")`, "true")
	c.wait(`[...document.querySelectorAll(".row")].map(r => r.dataset.ticket).join()`, string(first)+","+string(second))
	c.wait(`document.activeElement.textContent`, "Første sag")
	h.receive("Tredje sag", "Ny.")
	c.wait(`document.getElementById("pill").hidden + document.getElementById("pill").innerText`, "false1 ny eller ændret billet – vis")
	c.wait(`document.querySelectorAll(".row").length`, "2")

	page := h.server.URL + "/console/tickets/" + string(first)
	c.open(page)
	h.signedIn(devAddress).listen(t, first)
	c.wait(`document.getElementById("readers").innerText`, "Udvikler læser også")
	c.press("n")
	c.wait("location.href", page+"/do/note")
	c.wait("document.readyState", "complete")
	c.eval(`document.querySelector("textarea").focus()`)
	for _, key := range strings.Split("jrn", "") { // dead in fields, but as letters
		c.press(key)
	}
	c.wait(`document.querySelector("textarea").value`, "jrn")
	c.wait(`document.getElementById("draft-state").textContent.includes("Kladde gemt kl. 14.05")`, "true")
	drafts, err := h.store.Drafts(t.Context(), first, supportAddress)
	if err != nil || drafts["note"].Fields["text"] != "jrn" {
		t.Errorf("drafts %+v, error %v", drafts, err)
	}
	c.wait("location.href", page+"/do/note")
	for _, fault := range c.faults {
		t.Errorf("the page's console: %s", fault)
	}
}
