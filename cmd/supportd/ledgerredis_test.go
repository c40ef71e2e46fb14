package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
)

// redisLedger is a daemon on Redis, with mail servers before it and a relay behind.
type redisLedger struct {
	*bench
	redis   *storetest.RedisServer
	relay   *postOffice
	senders *mailers
	sent    int // mails that were given to the senders
	figures figures
}

func newRedisLedger(t *testing.T, options ...string) *redisLedger {
	t.Helper()
	redis := storetest.Redis(t, append([]string{"--appendonly", "yes", "--appendfsync", "always"}, options...)...)
	if !redis.Real {
		t.Skip("wants a redis-server")
	}
	relay := openPostOffice(t)
	s := testSettings(t.TempDir())
	s.Staff = nil
	s.Store.Kind, s.Store.URL = "redis", redis.URL()
	s.Relay.Host, s.Relay.Port, s.Relay.TLS = "127.0.0.1", relay.addr.Port, "none"
	s.Limits.NoticesInAllPerDay, s.Limits.MailsPerMinute = 0, 0
	b := startDaemon(t, s)
	return &redisLedger{bench: b, redis: redis, relay: relay, senders: newMailers(b.daemon.smtp.Addrs()[0].String())}
}

// load sends mails, so many a second, or with 0 as fast as they are taken; done is
// closed when all are answered.
func (l *redisLedger) load(mails, rate int) (done <-chan struct{}) {
	work, all := make(chan int), make(chan struct{})
	first := l.sent
	l.sent += mails
	go func() {
		defer close(work)
		began := time.Now()
		for n := range mails {
			if rate > 0 {
				time.Sleep(time.Until(began.Add(time.Duration(n) * time.Second / time.Duration(rate))))
			}
			select {
			case work <- first + n:
			case <-l.t.Context().Done():
				return
			}
		}
	}()
	go func() {
		defer close(all)
		l.senders.send(l.t.Context(), work)
	}()
	return all
}

// wait waits for something and tells how long it took.
func (l *redisLedger) wait(what string, limit time.Duration, done func() bool) time.Duration {
	l.t.Helper()
	began := time.Now()
	for !done() {
		if time.Since(began) > limit {
			l.t.Fatalf("after %v %s; the journal: %+v", limit, what, l.daemon.journal.Stats())
		}
		time.Sleep(5 * time.Millisecond) // asks another goroutine's work
	}
	return time.Since(began)
}

// drain waits until all mail is filed, for which a minute is enough (fault 14).
func (l *redisLedger) drain() time.Duration {
	l.t.Helper()
	return l.wait("mail is still waiting in the journal", time.Minute, func() bool { return l.daemon.journal.Stats().Pending == 0 })
}

// pay waits until no letter is owed. It asks for more than are on their way at once: one
// that is listed and sent meanwhile is left out.
func (l *redisLedger) pay() time.Duration {
	l.t.Helper()
	return l.wait("letters are still owed", 10*time.Minute, func() bool {
		owed, err := l.daemon.records.store.NoticesIn(context.Background(), ticket.NoticeQueued, 100)
		return err == nil && len(owed) == 0
	})
}

func (l *redisLedger) books() books {
	return books{t: l.t, mails: l.sent, mailers: l.senders, relay: l.relay, store: l.daemon.records.store, raw: l.daemon.journal.Read}
}

// Fault 14: Redis falls silent, or is stopped and started again, while mail comes in:
// all of it is taken, filed within a minute after, and nothing is doubled.
func TestLedgerOfRedisAway(t *testing.T) {
	t.Parallel()
	size := ledgerSize()
	for name, how := range map[string]struct{ away, back func(*storetest.RedisServer) }{
		"frozen":  {(*storetest.RedisServer).Freeze, (*storetest.RedisServer).Thaw},
		"stopped": {(*storetest.RedisServer).Kill, (*storetest.RedisServer).Start},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newRedisLedger(t)
			around := 2 * size.rate
			sent := l.load(around+size.rate*int(size.away/time.Second), size.rate)
			l.wait("the first mails are not answered", time.Minute, func() bool { return l.senders.answered() >= around/2 })
			how.away(l.redis)
			time.Sleep(size.away) // the fault itself
			waiting := l.daemon.journal.Stats().Pending
			how.back(l.redis)
			drained := l.drain()
			<-sent
			l.drain()
			paid := l.pay()
			if waiting == 0 {
				t.Error("nothing waited in the journal: Redis was not away")
			}
			if late := l.senders.late; len(late) > 0 || l.senders.unheard > 0 {
				t.Errorf("%d mails were put off and %d got no answer: %q", len(late), l.senders.unheard, late)
			}
			l.books().check()
			l.figures.add("mails, at so many a second", fmt.Sprint(l.sent, ", ", size.rate))
			l.figures.add("Redis away for", size.away)
			l.figures.add("mails waiting in the journal when it came back", waiting)
			l.figures.add("drained after", drained)
			l.figures.add("… and the last letter sent after", paid)
			l.figures.add("answered 4xx, 5xx", fmt.Sprint(len(l.senders.late), ", ", len(l.senders.refused)))
			l.figures.add("slowest answer of 250", l.senders.slowest)
			l.figures.add("letters at the relay", len(l.relay.letters()))
			l.figures.add("… of them the same once more", l.books().acknowledged())
			t.Log(l.figures)
		})
	}
}

// Fault 20: Redis is emptied, or set back by the loss of the end of its file. After a
// replay the same mails have the same tickets, and no letter was sent again.
func TestLedgerOfRedisLost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, lose := range map[string]func(*redisLedger){
		"emptied":  func(l *redisLedger) { flush(l.t, l.redis.Addr) },
		"set back": func(l *redisLedger) { l.setBack(dir) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newRedisLedger(t, "--dir", dir, "--appendfilename", fmt.Sprintf("%.3s.aof", name))
			<-l.load(ledgerSize().lost, 0)
			l.drain()
			l.pay()
			tickets, letters := l.books().check(), len(l.relay.letters())

			lose(l)
			known, err := l.daemon.records.store.CountMails(t.Context(), ticket.OutcomeOpened)
			if err != nil || known >= l.sent {
				t.Errorf("of %d mails %d are on record after the loss (%v)", l.sent, known, err)
			}
			began := time.Now()
			code, out, errOut := command(t, "", "replay", "--set=data_dir="+l.dir)
			if code != exitOK {
				t.Fatalf("exit %d: %s%s", code, out, errOut)
			}
			l.drain()
			filed := time.Since(began)
			l.pay()
			if diff := cmp.Diff(tickets, l.books().check()); diff != "" {
				t.Error("the tickets are others:", diff)
			}
			again := len(l.relay.letters()) - letters
			if again != 0 {
				t.Errorf("%d letters were sent again", again)
			}
			const fresh = 10
			<-l.load(fresh, 0)
			l.drain()
			l.pay()
			l.books().check()
			l.figures.add("mails", l.sent-fresh)
			l.figures.add("on record after the loss", known)
			l.figures.add("all filed again after", filed)
			l.figures.add("tickets with the same ID", len(tickets))
			l.figures.add("letters before the loss, sent again", fmt.Sprint(letters, ", ", again))
			l.figures.add("letters for mails after it", len(l.relay.letters())-letters-again)
			l.figures.add("letters that came more than once", l.books().acknowledged())
			t.Log(l.figures)
		})
	}
}

// setBack cuts off the end of Redis's append-only file, in the middle of a command, as a
// power failure does.
func (l *redisLedger) setBack(dir string) {
	l.t.Helper()
	l.redis.Kill()
	files, err := filepath.Glob(filepath.Join(dir, "appendonlydir", "set.aof.*.incr.aof"))
	if err != nil || len(files) != 1 {
		l.t.Fatalf("files of Redis: %q %v", files, err)
	}
	info, err := os.Stat(files[0])
	if err == nil {
		err = os.Truncate(files[0], info.Size()*2/3)
	}
	if err != nil {
		l.t.Fatal(err)
	}
	l.redis.Start()
	l.wait("Redis is not back", time.Minute, func() bool {
		_, err := l.daemon.records.store.CountMails(l.t.Context(), ticket.OutcomeOpened)
		return err == nil
	})
}
