package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/rediskv"
	"aismarttalk.tech/supportd/store/storetest"
)

// ledgerScale is how much a ledger is put through.
type ledgerScale struct {
	mails      int           // sent while the daemon is killed …
	killAfter  int           // … each time that so many more were answered …
	killLeast  time.Duration // … and this has passed …
	killWithin time.Duration // … and a random part of this
	leastKills int
	away       time.Duration // that Redis is stopped for
	rate       int           // mails a second meanwhile
	lost       int           // mails that Redis loses
}

// Fault 8: the daemon is killed again and again while clients send, and started
// again, until every mail was answered 250. Then each of them has one outcome, one
// ticket and one acknowledgement, whatever was sent twice because an answer got lost.
func TestLedgerOfKills(t *testing.T) {
	t.Parallel()
	t.Run("bolt", func(t *testing.T) {
		t.Parallel() // each waits for the leases of the killed to end
		killUnderLoad(t, "kind: bolt", func(data string) (store.Backend, error) {
			return boltkv.Open(boltkv.Config{Path: dataFolder(data).bolt()})
		})
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		server := storetest.Redis(t, "--appendonly", "yes", "--appendfsync", "everysec")
		killUnderLoad(t, "kind: redis, url: "+server.URL()+", desk: killed", func(string) (store.Backend, error) {
			return rediskv.New(rediskv.Config{URL: server.URL(), Desk: "killed"})
		})
	})
}

func killUnderLoad(t *testing.T, storeConfig string, open func(dataDir string) (store.Backend, error)) {
	relay := openPostOffice(t)
	p := newProgram(t, func(dataDir string) string {
		return fmt.Sprintf(`data_dir: %s
smtp: {listeners: [{address: "127.0.0.1:0", protocol: smtp}]}
http: {listen: "127.0.0.1:0"}
store: {%s}
relay: {host: 127.0.0.1, port: %d, tls: none}
limits: {notices_in_all_per_day: 0, mails_per_minute: 0}
log: {level: error}
`, dataDir, storeConfig, relay.addr.Port)
	})
	began := time.Now()
	senders := newMailers("")
	kills := killWhileSending(t, p, senders)
	sent := time.Since(began)
	settle(t, p, senders, relay)
	settled := time.Since(began)

	backend, err := open(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer backend.Close()
	s, err := store.New(backend, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(journal.Config{Dir: dataFolder(p.dir).journal()}, journal.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	left := j.Stats()
	if left.Pending != 0 || left.Parked != 0 {
		t.Errorf("the journal is left with %+v", left)
	}
	b := books{t: t, mails: ledgerSize().mails, mailers: senders, relay: relay, store: s, raw: j.Read}
	b.check()
	repeats := b.acknowledged()
	if kills < ledgerSize().leastKills {
		t.Errorf("killed %d times, want %d at least", kills, ledgerSize().leastKills)
	}
	if lettersAtOnce := 4; repeats > kills*lettersAtOnce {
		t.Errorf("%d letters came again after %d kills, with %d on their way at once", repeats, kills, lettersAtOnce)
	}
	var f figures
	f.add("mails", ledgerSize().mails)
	f.add("kills", kills)
	f.add("mails answered 250", len(senders.taken))
	f.add("handed over, answer never heard", senders.unheard)
	f.add("answered 4xx, 5xx", fmt.Sprint(len(senders.late), ", ", len(senders.refused)))
	f.add("large mails set aside that were not answered", left.Damaged)
	f.add("letters at the relay", len(relay.letters()))
	f.add("… of them the same once more", repeats)
	f.add("time until all were answered", sent)
	f.add("… and all letters were sent", settled)
	t.Log(f)
}

// killWhileSending sends all mails and kills the daemon meanwhile. It leaves none
// running.
func killWhileSending(t *testing.T, p *program, senders *mailers) (kills int) {
	size, chance := ledgerSize(), rand.New(rand.NewPCG(1, 2))
	work := make(chan int, size.mails)
	for n := range size.mails {
		work <- n
	}
	close(work)
	sent := make(chan struct{})
	senders.moved(p.start())
	go func() {
		senders.send(t.Context(), work)
		close(sent)
	}()
	defer func() { <-sent }()
	for next := 0; ; kills++ {
		next = senders.answered() + size.killAfter
		pause := time.After(size.killLeast + time.Duration(chance.Int64N(int64(size.killWithin))))
		if !reach(senders, next, sent) {
			break
		}
		select {
		case <-sent:
		case <-pause: // into the middle of a commit, or of a letter
		}
		p.end(syscall.SIGKILL)
		senders.moved(p.start())
	}
	p.end(syscall.SIGTERM)
	return kills
}

// reach waits until so many mails were answered; false if all were sent before.
func reach(senders *mailers, answers int, sent <-chan struct{}) bool {
	for senders.answered() < answers {
		select {
		case <-sent:
			return false
		case <-time.After(time.Millisecond):
		}
	}
	return true
}

// settle lets the daemon work until nothing is pending and nothing is owed.
func settle(t *testing.T, p *program, senders *mailers, relay *postOffice) {
	t.Helper()
	p.start()
	for deadline := time.Now().Add(30 * time.Minute); ; time.Sleep(100 * time.Millisecond) { // polls another process
		if len(relay.letters()) >= ledgerSize().mails && paid(p) {
			break
		}
		if time.Now().After(deadline) {
			t.Errorf("%d of %d acknowledgements were sent", len(relay.letters()), ledgerSize().mails)
			break
		}
	}
	p.end(syscall.SIGTERM)
}

// paid reports whether the daemon owes no letter. One that was on its way at a kill is
// owed until its lease ends.
func paid(p *program) bool {
	out, err := exec.CommandContext(context.Background(), "supportd", "outbox", "list", "--config", p.config).Output()
	return err == nil && strings.HasPrefix(string(out), "No letters are waiting")
}
