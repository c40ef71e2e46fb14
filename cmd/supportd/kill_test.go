package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"aismarttalk.tech/supportd/parser"
	"aismarttalk.tech/supportd/web"
)

// child is a daemon in a process of its own, which can be killed.
type child struct {
	cmd *exec.Cmd
	r   running
}

// startChild runs this test binary as the program (see TestMain) and waits until
// it has said where it listens.
func startChild(t *testing.T, dir string) *child {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := removeRunning(dir); err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: exec.Command(program)}
	c.cmd.Args = []string{"supportd", "serve", "--set", "data_dir=" + dir, "--set", "http.listen=127.0.0.1:0",
		"--set", `smtp.listeners=[{address: "127.0.0.1:0"}]`, "--set", "limits.mails_per_minute=1000000", "--set", "log.level=warn",
		"--set", "limits.notices_per_10_minutes=0", "--set", "limits.notices_per_day=0", "--set", "limits.notices_in_all_per_day=0"}
	c.cmd.Stderr = os.Stderr
	c.cmd.Dir = t.TempDir() // where no supportd.yaml is
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, bufio.NewReader(out))
	t.Cleanup(c.kill)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) { // waiting for another process
		r, ok, err := readRunning(dir)
		switch {
		case err != nil:
			t.Fatal(err)
		case ok:
			c.r = r
			return c
		case time.Now().After(deadline):
			t.Fatal("the daemon did not start")
		}
	}
}

func (c *child) kill() {
	_ = c.cmd.Process.Signal(syscall.SIGKILL)
	_ = c.cmd.Wait()
}

// ledger notes what was answered 250.
type ledger struct {
	mu       sync.Mutex
	promised map[string]bool // Message-ID → answered 250; false: sent, no answer
}

// feed sends mails one after the other until the daemon is gone.
func (l *ledger) feed(t *testing.T, address string, worker, round int, accepted *atomic.Int64) {
	c, err := smtp.Dial(address)
	if err != nil {
		return
	}
	defer c.Close()
	for i := 0; ; i++ {
		id := fmt.Sprintf("r%d-w%d-%d@firma.example", round, worker, i)
		l.mu.Lock()
		l.promised[id] = false
		l.mu.Unlock()
		from := fmt.Sprintf("kunde%d-%d-%d@firma.example", round, worker, i)
		raw := rawMailText(from, "contact+support@aismarttalk.tech", "Fejl "+id, id, "Noget virker ikke: "+id)
		if err := c.SendMail(from, []string{"contact+support@aismarttalk.tech"}, strings.NewReader(string(raw))); err != nil {
			return
		}
		l.mu.Lock()
		l.promised[id] = true
		l.mu.Unlock()
		accepted.Add(1)
	}
}

// Killed again and again at moments that it does not choose, the daemon keeps
// every mail that it answered 250 exactly once, on a ticket with one
// acknowledgement (faults 4, 5, 6 and 8).
func TestKilledAgainAndAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	const rounds, workers = 5, 4
	dir := t.TempDir()
	l := &ledger{promised: map[string]bool{}}
	for round := range rounds {
		c := startChild(t, dir)
		var accepted atomic.Int64
		var feeding sync.WaitGroup
		for w := range workers {
			feeding.Go(func() { l.feed(t, c.r.SMTP[0].Address, w, round, &accepted) })
		}
		// The moment is a number of mails and not a time, so that each round
		// has work under way when it ends.
		for after := rand.Int64N(60) + 5; accepted.Load() < after; {
			time.Sleep(time.Millisecond) // a poll, not a wait for the right moment
		}
		c.kill()
		feeding.Wait()
	}
	last := startChild(t, dir)
	l.check(t, dir, last)
}

// check compares the ledger with what the daemon made of it.
func (l *ledger) check(t *testing.T, dir string, c *child) {
	t.Helper()
	api, err := dial(t.Context(), planned(t, testSettings(dir)))
	if err != nil {
		t.Fatal(err)
	}
	d := &demonstration{api: api, dir: dir, now: time.Now}
	opened := map[string]int{} // Message-ID → how many tickets it opened
	for id, promised := range l.promised {
		var list web.MailList
		found := func() (bool, error) {
			list = web.MailList{}
			_, err := api.get(t.Context(), "/api/v1/mails", map[string][]string{"message_id": {id}}, &list)
			return len(list.Mails) > 0, err
		}
		if promised {
			err = d.until(t.Context(), found)
		} else {
			_, err = found()
		}
		if err != nil {
			t.Fatalf("%s was answered 250 and is not there: %v", id, err)
		}
		for _, m := range list.Mails {
			if m.Outcome.Outcome == "opened" {
				opened[id]++
			}
		}
		if n := opened[id]; n > 1 || promised && n != 1 {
			t.Errorf("%s opened %d tickets", id, n)
		}
	}
	// A letter that a killed daemon had in hand is its for the length of a lease.
	var owed web.Outbox
	if _, err := api.get(t.Context(), "/api/v1/outbox", map[string][]string{"limit": {"200"}}, &owed); err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Wait(); err != nil {
		t.Error("the last daemon did not end in order:", err)
	}
	countLetters(t, dir, opened, len(owed.Letters))
}

// countLetters looks for the acknowledgement of each opened ticket: never two,
// and none missing but those that are still owed.
func countLetters(t *testing.T, dir string, opened map[string]int, owed int) {
	t.Helper()
	p, err := parser.New(parser.Config{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dataFolder(dir).outgoing(), "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]int{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range p.Parse(raw).InReplyTo {
			acknowledged[id]++
		}
	}
	missing := 0
	for id, n := range opened {
		if acknowledged[id] > n {
			t.Errorf("%s opened %d tickets and has %d acknowledgements", id, n, acknowledged[id])
		}
		missing += n - acknowledged[id]
	}
	if missing > owed {
		t.Errorf("%d acknowledgements are missing, only %d are owed", missing, owed)
	}
	t.Logf("%d tickets, %d letters, %d owed", len(opened), len(files), owed)
}

// Stopped under load, the daemon finishes or puts off what is under way: nothing
// that was answered 250 is lost (fault 27).
func TestStopUnderLoad(t *testing.T) {
	s := testSettings(t.TempDir())
	s.Limits.MailsPerMinute = 1_000_000
	b := startDaemon(t, s)
	l := &ledger{promised: map[string]bool{}}
	var accepted atomic.Int64
	var feeding sync.WaitGroup
	for w := range 4 {
		feeding.Go(func() { l.feed(t, b.daemon.smtp.Addrs()[0].String(), w, 0, &accepted) })
	}
	if err := b.until(t.Context(), func() (bool, error) { return accepted.Load() > 20, nil }); err != nil {
		t.Fatal(err)
	}
	b.stop()
	feeding.Wait()

	api, err := connect(context.Background(), planned(t, s), host{now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer api.close()
	waiting := map[string]bool{}
	for id, promised := range l.promised {
		var list web.MailList
		if _, err := api.get(t.Context(), "/api/v1/mails", map[string][]string{"message_id": {id}}, &list); err != nil {
			t.Fatal(err)
		}
		if promised && len(list.Mails) == 0 {
			waiting[id] = true // in the journal still: the next start files it
		}
	}
	api.close()
	next := startDaemon(t, s)
	for id := range waiting {
		if _, err := next.became(t.Context(), id); err != nil {
			t.Errorf("%s was answered 250 and is lost: %v", id, err)
		}
	}
	if len(l.promised) < 20 {
		t.Error(errors.New("there was no load"))
	}
}
