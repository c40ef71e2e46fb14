package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/rediskv"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/web"
)

// faultHang is how long the fault suite waits for what must come. It decides
// nothing but how soon a broken test ends.
const faultHang = 2 * time.Minute

// bed is where a fault is done: a daemon in a process of its own, on a folder of its
// own, and the mails that were sent to it. After the fault, check holds what the
// daemon has on record against what its clients were told.
type bed struct {
	t       *testing.T
	data    string      // its data folder
	flags   configFlags // with which daemon and commands find the configuration
	backend func() (store.Backend, error)
	relay   *scriptedRelay // that takes the letters; nil: a folder does
	log     *lockedBuffer  // what all daemons of this bed logged

	daemon *exec.Cmd     // nil: none was started
	gone   chan struct{} // closed when it has ended

	mu   sync.Mutex // guards all below
	door string     // where the present daemon takes mail
	sent []*sentMail
}

// newBed makes a bed on an embedded store; options are those of --set.
func newBed(t *testing.T, options ...string) *bed {
	t.Helper()
	dir := t.TempDir()
	b := &bed{t: t, data: filepath.Join(dir, "data"), log: &lockedBuffer{}}
	b.flags = configFlags{Config: filepath.Join(dir, "supportd.yaml"), Set: append([]string{"data_dir=" + b.data}, options...)}
	b.configure(bedConfig)
	b.backend = func() (store.Backend, error) {
		return boltkv.Open(boltkv.Config{Path: dataFolder(b.data).bolt()})
	}
	t.Cleanup(func() {
		if b.running() {
			b.signal(syscall.SIGKILL)
		}
		if t.Failed() {
			t.Logf("the daemons of this test logged:\n%s", tail(b.log.String(), 4000))
		}
	})
	return b
}

// bedConfig has no limits that a suite on one machine would run into.
const bedConfig = `smtp: {listeners: [{address: "127.0.0.1:0", protocol: smtp}]}
http: {listen: "127.0.0.1:0"}
limits: {notices_in_all_per_day: 0, commands: 10000}
log: {level: info, format: json}
`

// newRedisBed makes a bed whose daemon reaches the server at the given address, which
// may be a proxy's.
func newRedisBed(t *testing.T, server *storetest.RedisServer, address string, options ...string) *bed {
	t.Helper()
	const desk = "faults"
	b := newBed(t, append([]string{"store.kind=redis", "store.url=redis://" + address, "store.desk=" + desk}, options...)...)
	b.backend = func() (store.Backend, error) { return rediskv.New(rediskv.Config{URL: server.URL(), Desk: desk}) }
	return b
}

// withRelay has the letters of the bed taken by a relay.
func (b *bed) withRelay(r *scriptedRelay, options ...string) *bed {
	b.relay = r
	b.flags.Set = append(b.flags.Set, "relay.host=127.0.0.1", fmt.Sprint("relay.port=", r.port()))
	if len(options) == 0 {
		options = []string{"relay.tls=none"}
	}
	b.flags.Set = append(b.flags.Set, options...)
	return b
}

// configure writes the configuration file.
func (b *bed) configure(yaml string) {
	b.t.Helper()
	if err := os.WriteFile(b.flags.Config, []byte(yaml), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// command is a command line of supportd on this bed, behind another program's if one
// is given.
func (b *bed) command(before []string, words ...string) *exec.Cmd {
	line := append(append(before, "supportd"), words...)
	line = append(line, "--config", b.flags.Config)
	for _, s := range b.flags.Set {
		line = append(line, "--set", s)
	}
	return exec.Command(line[0], line[1:]...)
}

// start starts a daemon, as the argument of another program if one is given, and
// waits until it takes mail.
func (b *bed) start(before ...string) {
	b.t.Helper()
	os.Remove(filepath.Join(b.data, runningFile)) // of one that was killed
	cmd := b.command(before, "serve")
	cmd.Stdout, cmd.Stderr = io.Discard, b.log
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	gone := make(chan struct{})
	b.daemon, b.gone = cmd, gone
	go func() {
		defer close(gone)
		cmd.Wait() // its state tells
	}()
	b.until("the daemon takes mail", func() bool {
		if !b.running() {
			b.t.Fatalf("the daemon ended at once: %s", cmd.ProcessState)
		}
		r, ok, err := readRunning(b.data)
		if err != nil || !ok || len(r.SMTP) == 0 {
			return false
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.door = r.SMTP[0].Address
		return true
	})
}

func (b *bed) running() bool {
	if b.daemon == nil {
		return false
	}
	select {
	case <-b.gone:
		return false
	default:
		return true
	}
}

// signal sends one that ends the daemon, and waits until it has.
func (b *bed) signal(s syscall.Signal) {
	b.t.Helper()
	b.daemon.Process.Signal(s)
	b.ended()
}

// ended waits for the end of a daemon.
func (b *bed) ended() {
	b.t.Helper()
	select {
	case <-b.gone:
	case <-time.After(faultHang):
		b.t.Fatal("the daemon does not end")
	}
}

// stop ends the daemon in order.
func (b *bed) stop() {
	b.t.Helper()
	b.signal(syscall.SIGTERM)
	if code := b.daemon.ProcessState.ExitCode(); code != exitOK {
		b.t.Errorf("the daemon stopped with exit %d", code)
	}
}

// until polls what another process does.
func (b *bed) until(what string, done func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(faultHang); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatalf("waited in vain: %s", what)
		}
	}
}

// logged waits until a daemon has logged a text.
func (b *bed) logged(text string) {
	b.t.Helper()
	b.until("the log says "+text, func() bool { return strings.Contains(b.log.String(), text) })
}

// api is a client of the daemon that runs.
func (b *bed) api() *client {
	b.t.Helper()
	cfg, err := b.flags.load(nil)
	if err != nil {
		b.t.Fatal(err)
	}
	c, err := dial(context.Background(), cfg)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(c.http.CloseIdleConnections)
	return c
}

// health is what /readyz says.
func (b *bed) health() map[string]string {
	b.t.Helper()
	h, err := b.api().health(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return h.Checks
}

// healthBecomes waits until a part is as said.
func (b *bed) healthBecomes(part, state string) {
	b.t.Helper()
	b.until("health of the "+part+" is "+state, func() bool { return b.health()[part] == state })
}

// settle waits until every mail that was answered 250 is filed, and no letter is owed.
func (b *bed) settle() {
	b.t.Helper()
	api := b.api()
	for _, m := range b.mails() {
		if len(m.queued) == 0 {
			continue
		}
		b.until(m.id+" is on record", func() bool {
			var list web.MailList
			_, err := api.get(b.t.Context(), web.APIPath+"/mails", url.Values{"message_id": {m.id}}, &list)
			return err == nil && len(list.Mails) >= len(m.queued)
		})
	}
	b.until("nothing is pending in the journal", func() bool { return b.pending() == 0 })
	b.until("no letter is owed", func() bool {
		var box web.Outbox
		_, err := api.get(b.t.Context(), web.APIPath+"/outbox", url.Values{"state": {web.OutboxUnsent}}, &box)
		return err == nil && len(box.Letters) == 0
	})
}

// pending counts the mails that the journal would hand out after a restart.
func (b *bed) pending() int {
	b.t.Helper()
	j, err := journal.OpenReadOnly(journal.Config{Dir: dataFolder(b.data).journal()})
	if err != nil {
		b.t.Fatal(err)
	}
	n := 0
	for item, err := range j.All() {
		if err == nil && item.State == journal.StatePending {
			n++
		}
	}
	return n
}

func tail(s string, n int) string {
	if len(s) > n {
		return "…" + s[len(s)-n:]
	}
	return s
}
