package browsertest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store/storetest"
)

// patience is how long a browser may take for anything: a guard against hanging.
const patience = 60 * time.Second

// Browser is a Chromium with a profile of its own. Its methods are for one goroutine.
type Browser struct {
	t  testing.TB
	to *os.File

	mu       sync.Mutex // guards all below, and writing
	last     int
	waiting  map[int]chan message
	faults   []string
	frames   map[string]bool  // sessions of frames from other sites
	transfer map[string]int64 // bytes that each session received
}

// message is one of the protocol: a question, its answer, or an event.
type message struct {
	ID        int             `json:"id,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    json.RawMessage `json:"params,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     json.RawMessage `json:"error,omitempty"`
}

// Start runs a browser until the test ends, and skips the test where Chromium is not
// installed and not required. Hosts are pairs of a host's name and the address that
// answers for it, so that pages are reached by the names that links have; whatever
// certificate they show is taken.
func Start(t testing.TB, hosts ...string) *Browser {
	t.Helper()
	path, ok := storetest.Need(t, "chromium")
	if !ok {
		t.Skip("without a browser there are no pages to look at")
	}
	var rules []string
	for i := 0; i+1 < len(hosts); i += 2 {
		rules = append(rules, "MAP "+hosts[i]+" "+hosts[i+1])
	}
	in, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	// Not t.TempDir: the browser's helpers may write for a moment after it has gone.
	profile, err := os.MkdirTemp("", "supportd-browser-")
	if err != nil {
		t.Fatal(err)
	}
	flags := []string{
		"--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--hide-scrollbars", "--site-per-process", "--ignore-certificate-errors", "--user-data-dir=" + profile, "--remote-debugging-pipe",
		"--host-resolver-rules=" + strings.Join(append(rules, "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1"), ","),
	}
	if os.Geteuid() == 0 {
		flags = append(flags, "--no-sandbox") // Chromium refuses root otherwise
	}
	cmd := exec.Command(path, append(flags, "about:blank")...)
	cmd.ExtraFiles = []*os.File{in, out}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	out.Close()
	b := &Browser{t: t, to: to, waiting: map[int]chan message{}, frames: map[string]bool{}, transfer: map[string]int64{}}
	read := make(chan struct{})
	go func() {
		defer close(read)
		b.read(bufio.NewReaderSize(from, 1<<20))
	}()
	t.Cleanup(func() {
		b.send("", "Browser.close", nil)
		guard := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait() // it was told to end
		guard.Stop()
		to.Close()
		from.Close()
		<-read
		if !b.until(func() bool { return os.RemoveAll(profile) == nil }) {
			t.Errorf("%s is left of the browser", profile)
		}
		for _, fault := range b.faults {
			t.Errorf("in the browser: %s", fault)
		}
	})
	return b
}

// read takes what the browser says until it has gone.
func (b *Browser) read(r *bufio.Reader) {
	for {
		text, err := r.ReadBytes(0)
		if err != nil {
			b.mu.Lock()
			defer b.mu.Unlock()
			for id, c := range b.waiting {
				close(c)
				delete(b.waiting, id)
			}
			return
		}
		var m message
		if json.Unmarshal(text[:len(text)-1], &m) != nil {
			continue
		}
		if m.ID == 0 {
			b.event(m)
			continue
		}
		b.mu.Lock()
		c := b.waiting[m.ID]
		delete(b.waiting, m.ID)
		b.mu.Unlock()
		if c != nil {
			c <- m
		}
	}
}

// send asks without waiting for the answer, which the returned channel will have.
func (b *Browser) send(session, method string, params any) chan message {
	if params == nil {
		params = struct{}{}
	}
	text, err := json.Marshal(params)
	if err != nil {
		panic(err) // a test's own parameters
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	answer := make(chan message, 1)
	b.waiting[b.last] = answer
	m, _ := json.Marshal(message{ID: b.last, Method: method, Params: text, SessionID: session})
	_, _ = b.to.Write(append(m, 0)) // a browser that has gone answers nothing
	return answer
}

// call asks the browser for something, and reads its answer into result.
func (b *Browser) call(session, method string, params, result any) {
	b.t.Helper()
	if err := b.try(session, method, params, result); err != nil {
		b.t.Fatal(err)
	}
}

// try is call for what may fail.
func (b *Browser) try(session, method string, params, result any) error {
	select {
	case m, ok := <-b.send(session, method, params):
		switch {
		case !ok:
			return fmt.Errorf("%s: the browser has gone", method)
		case m.Error != nil:
			return fmt.Errorf("%s: %s", method, m.Error)
		case result != nil:
			return json.Unmarshal(m.Result, result)
		}
		return nil
	case <-time.After(patience):
		return fmt.Errorf("%s: no answer", method)
	}
}

// until asks again and again, and reports whether it came to be.
func (b *Browser) until(done func() bool) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	guard := time.After(patience / 2)
	for {
		if done() {
			return true
		}
		select {
		case <-tick.C:
		case <-guard:
			return false
		}
	}
}
