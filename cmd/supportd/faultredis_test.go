package main

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/web"
)

// Faults of Redis. Mail is taken all the while; it is filed when Redis is back.

// realRedis starts a server that keeps what it is told.
func realRedis(t *testing.T, args ...string) (*storetest.RedisServer, *redis.Client) {
	t.Helper()
	server := storetest.Redis(t, append([]string{"--appendonly", "yes", "--appendfsync", "always"}, args...)...)
	if !server.Real {
		t.Skip("redis-server is not installed")
	}
	c := redis.NewClient(&redis.Options{Addr: server.Addr})
	t.Cleanup(func() { c.Close() })
	return server, c
}

// troubledRedis takes mails before, in and after a trouble, and then looks. begin and
// end make it; during is asked while it lasts.
func troubledRedis(t *testing.T, b *bed, begin, during, end func()) {
	t.Helper()
	const each = 5
	b.start()
	for range each {
		b.take(smallMail)
	}
	b.settle()
	begin()
	for range each {
		b.take(smallMail)
	}
	b.healthBecomes("store", web.HealthFailing)
	if got := b.health()["journal"]; got != web.HealthOK {
		t.Errorf("health of the journal while Redis is in trouble: %s", got)
	}
	during()
	b.logged("mail not filed yet; it is tried again") // the alarm in the log
	end()
	b.healthBecomes("store", web.HealthOK)
	b.take(smallMail)
	b.settle()
	f := b.check()
	if f.Taken != 2*each+1 || f.Attempts != f.Taken {
		t.Errorf("%+v: want no mail refused", f)
	}
	noted(t, f)
}

func nothing() {}

// Fault 14: stopped, and started again.
func redisStopped(t *testing.T) {
	server, _ := realRedis(t)
	b := newRedisBed(t, server, server.Addr)
	troubledRedis(t, b, server.Kill, nothing, server.Start)
}

// Fault 15: every reply comes five seconds late. No client waits for one.
func redisSlow(t *testing.T) {
	server, _ := realRedis(t)
	p := startProxy(t, server.Addr)
	b := newRedisBed(t, server, p.address())
	b.start()
	b.take(smallMail)
	b.settle()
	p.make(trouble{delay: 5 * time.Second})
	const mails = 50
	began, longest := time.Now(), time.Duration(0)
	for range mails {
		start := time.Now()
		b.take(smallMail)
		longest = max(longest, time.Since(start))
	}
	took := time.Since(began)
	b.until("replies are late", func() bool {
		_, _, delayed := p.done()
		return delayed > 0
	})
	p.make(trouble{})
	b.settle()
	noted(t, b.check())
	// Were a client to wait for Redis, each mail would take seconds, one after the other.
	if took > mails*time.Second {
		t.Errorf("%d mails took %v", mails, took)
	}
	t.Logf("%d mails while Redis took 5 s for each reply: %v in all, the slowest %v", mails, took.Round(time.Millisecond), longest.Round(time.Millisecond))
}

// Fault 16: a commit is done and its reply is lost, one in three.
func repliesLost(t *testing.T) {
	server, _ := realRedis(t)
	p := startProxy(t, server.Addr)
	b := newRedisBed(t, server, p.address())
	b.start()
	p.make(trouble{losesTo: "evalsha", odds: 0.3})
	for range 40 {
		b.take(smallMail)
	}
	b.until("replies are lost", func() bool {
		lost, _, _ := p.done()
		return lost >= 10
	})
	p.make(trouble{})
	b.settle()
	noted(t, b.check())
}

// Fault 16: the connection breaks in the middle of whatever reply.
func repliesCut(t *testing.T) {
	server, _ := realRedis(t)
	p := startProxy(t, server.Addr)
	b := newRedisBed(t, server, p.address())
	b.start()
	p.make(trouble{cutAfter: 3001})
	for range 40 {
		b.take(smallMail)
	}
	b.until("connections break", func() bool {
		lost, _, _ := p.done()
		return lost >= 3
	})
	p.make(trouble{})
	b.settle()
	noted(t, b.check())
}

// Faults 17 and 19: what a server says that will not work for now.
func redisSays(text string) func(*testing.T) {
	return func(t *testing.T) {
		server, _ := realRedis(t)
		p := startProxy(t, server.Addr)
		b := newRedisBed(t, server, p.address())
		troubledRedis(t, b, func() { p.make(trouble{says: text}) }, nothing, func() { p.make(trouble{}) })
		if _, said, _ := p.done(); said == 0 {
			t.Error("nobody asked")
		}
	}
}

// Fault 18: a failover leaves us with a replica.
func redisReadOnly(t *testing.T) {
	server, c := realRedis(t)
	b := newRedisBed(t, server, server.Addr)
	do := func(args ...any) func() {
		return func() {
			if err := c.Do(t.Context(), args...).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
	troubledRedis(t, b, do("REPLICAOF", "127.0.0.1", "1"), nothing, do("REPLICAOF", "NO", "ONE"))
}

// Fault 19: Redis may use a megabyte and evicts nothing.
func redisFull(t *testing.T) {
	server, c := realRedis(t, "--maxmemory-policy", "noeviction")
	b := newRedisBed(t, server, server.Addr)
	limit := func(size string) func() {
		return func() {
			if err := c.ConfigSet(t.Context(), "maxmemory", size).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
	troubledRedis(t, b, limit("1mb"), nothing, limit("0"))
}

// Faults 14 to 19 at once, under load: Redis is killed, slow, read-only and full by
// turns while several clients send.
func redisByTurns(t *testing.T) {
	server, c := realRedis(t)
	p := startProxy(t, server.Addr)
	b := newRedisBed(t, server, p.address())
	b.start()
	var taken atomic.Int64
	end := b.load(2, &taken)
	more := func() {
		want := taken.Load() + 20
		b.until("mail is taken", func() bool { return taken.Load() >= want })
	}
	for _, tr := range []trouble{{says: "LOADING Redis is loading the dataset in memory"}, {losesTo: "evalsha", odds: 0.5}, {delay: 300 * time.Millisecond}} {
		p.make(tr)
		more()
		p.make(trouble{})
		more()
	}
	if err := c.Do(t.Context(), "REPLICAOF", "127.0.0.1", "1").Err(); err != nil {
		t.Fatal(err)
	}
	more()
	server.Kill()
	more()
	server.Start() // as a master: the order of a moment ago was not in its configuration
	more()
	end()
	b.settle()
	f := b.check()
	if f.Attempts != f.Taken {
		t.Errorf("%+v: want no mail refused", f)
	}
	noted(t, f)
}
