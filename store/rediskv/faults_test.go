package rediskv_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/rediskv"
	"aismarttalk.tech/supportd/store/storetest"
)

var ticket = store.Batch{Put: []store.Record{{Key: "ticket/1", Value: []byte("{}")}}}

// mustStayOpen fails unless err is one that a caller answers by trying again.
func mustStayOpen(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error", what)
	}
	for _, sentinel := range []error{store.ErrConflict, store.ErrInvalid, store.ErrClosed, store.ErrNewer} {
		if errors.Is(err, sentinel) {
			t.Errorf("%s = %v, which tells the caller not to try the same again", what, err)
		}
	}
}

// faults 17, 18 and 19: whatever a server refuses for now is an error that keeps its
// name, is not repeated behind the caller's back, and is over when the server recovers.
func TestRefusalsOfTheServer(t *testing.T) {
	for _, refusal := range []string{
		"LOADING Redis is loading the dataset in memory",
		"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
		"READONLY You can't write against a read only replica.",
		"OOM command not allowed when used memory > 'maxmemory'.",
		"MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
		"CLUSTERDOWN The cluster is down",
		"TRYAGAIN Multiple keys request during rehashing of slot",
		"NOREPLICAS Not enough good replicas to write.",
		"BUSY Redis is busy running a script.",
		"NOAUTH Authentication required.",
		"ERR max number of clients reached",
	} {
		name, _, _ := strings.Cut(refusal, " ")
		t.Run(name, func(t *testing.T) {
			server := startFake(t, always("-"+refusal+"\r\n"))
			b := open(t, rediskv.Config{URL: server.url(), Desk: "desk"})
			_, getErr := b.Get(t.Context(), "ticket/1")
			_, scanErr := b.Scan(t.Context(), "ticket/", "ticket0", 1)
			for what, err := range map[string]error{"Apply": b.Apply(t.Context(), ticket), "Get": getErr, "Scan": scanErr} {
				mustStayOpen(t, what, err)
				if err != nil && !strings.Contains(err.Error(), name) {
					t.Errorf("%s = %v, does not name %s", what, err, name)
				}
			}
			if n := server.count("evalsha"); n != 2 {
				t.Errorf("one Apply and one Scan sent %d scripts", n)
			}
			server.answer(always(":1\r\n"))
			if err := b.Apply(t.Context(), ticket); err != nil {
				t.Errorf("Apply after the server's recovery: %v", err)
			}
		})
	}
}

// fault 16: a connection that breaks leaves open whether the batch was written, and the
// client does not send it a second time; nor does the one for clusters.
func TestLostReplyIsNotRepeated(t *testing.T) {
	for _, cluster := range []bool{false, true} {
		t.Run(fmt.Sprintf("cluster=%v", cluster), func(t *testing.T) {
			server := startFake(t, always(""))
			b := open(t, rediskv.Config{URL: server.url(), Desk: "desk", Cluster: cluster})
			mustStayOpen(t, "Apply", b.Apply(t.Context(), ticket))
			if n := server.count("evalsha"); n != 1 {
				t.Errorf("the script was sent %d times", n)
			}
		})
	}
}

// A reply that no script of ours gives is an error, never a panic and never success.
func TestStrangeReplies(t *testing.T) {
	for _, reply := range []string{
		":2\r\n", "$-1\r\n", "+OK\r\n", "*0\r\n", "*1\r\n:7\r\n", "*2\r\n:1\r\n$1\r\nx\r\n", "*2\r\n$1\r\nx\r\n:1\r\n",
		"*3\r\n:1\r\n$8\r\nticket/1\r\n$7\r\nforeign\r\n", "*2\r\n:0\r\n*0\r\n", "!\r\n", "*1\r\n$7\r\nforeign\r\n",
	} {
		t.Run(fmt.Sprintf("%q", reply), func(t *testing.T) {
			server := startFake(t, always(reply))
			b := open(t, rediskv.Config{URL: server.url(), Desk: "desk", Timeout: time.Second}) // some promise more to come
			mustStayOpen(t, "Apply", b.Apply(t.Context(), ticket))
			_, err := b.Scan(t.Context(), "ticket/", "ticket0", 1)
			mustStayOpen(t, "Scan", err)
			if _, err = b.Get(t.Context(), "ticket/1", "ticket/2"); err == nil {
				t.Error("Get: no error")
			}
		})
	}
}

// A range to which others add faster than it can be read ends in an error, not in an
// endless scan.
func TestScanGivesUp(t *testing.T) {
	n := 0
	server := startFake(t, func([]string) string {
		n++
		name := fmt.Sprintf("ticket/%04d", n)
		return fmt.Sprintf("*2\r\n:0\r\n$%d\r\n%s\r\n", len(name), name)
	})
	b := open(t, rediskv.Config{URL: server.url(), Desk: "desk"})
	_, err := b.Scan(t.Context(), "ticket/", "ticket0", 1)
	mustStayOpen(t, "Scan", err)
}

// fault 15: a server that is too slow holds a caller no longer than its context.
func TestSlowServer(t *testing.T) {
	answered := make(chan struct{})
	server := startFake(t, func([]string) string { <-answered; return "" })
	t.Cleanup(func() { close(answered) }) // before the fake's own, which waits for it
	b := open(t, rediskv.Config{URL: server.url(), Desk: "desk", Timeout: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := b.Apply(ctx, ticket)
	mustStayOpen(t, "Apply", err)
	if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Apply = %v, want a deadline exceeded", err)
	}
}

// fault 14: while Redis is down every call fails; when it is back, the same backend
// works again and what it confirmed is there.
func TestServerGoesAndComes(t *testing.T) {
	server := storetest.Redis(t, "--appendonly", "yes", "--appendfsync", "always")
	if !server.Real {
		t.Skip("needs a redis-server")
	}
	b := open(t, rediskv.Config{URL: server.URL(), Desk: "desk"})
	if err := b.Apply(t.Context(), ticket); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	mustStayOpen(t, "Apply", b.Apply(t.Context(), ticket))
	_, err := b.Get(t.Context(), "ticket/1")
	mustStayOpen(t, "Get", err)

	server.Start()
	r, err := b.Get(t.Context(), "ticket/1")
	if err != nil || string(r[0].Value) != "{}" {
		t.Fatalf("Get after the restart = %v, %v", r, err)
	}
	if err := b.Apply(t.Context(), ticket); err != nil { // its script is unknown to the new server
		t.Errorf("Apply after the restart = %v", err)
	}
}

func TestDurable(t *testing.T) {
	server := storetest.Redis(t, "--appendonly", "yes", "--appendfsync", "always")
	storetest.RunDurable(t, func(t *testing.T) store.Backend {
		if server.Real {
			server.Kill()
			server.Start()
		}
		return open(t, rediskv.Config{URL: server.URL(), Desk: "desk"})
	})
}

// fault 18: a replica refuses what is to be written.
func TestReplica(t *testing.T) {
	server := storetest.Redis(t, "--replicaof", "127.0.0.1", "1")
	if !server.Real {
		t.Skip("needs a redis-server")
	}
	b := open(t, rediskv.Config{URL: server.URL(), Desk: "desk"})
	err := b.Apply(t.Context(), ticket)
	mustStayOpen(t, "Apply", err)
	if err != nil && !strings.Contains(err.Error(), "READONLY") {
		t.Errorf("Apply = %v, want READONLY", err)
	}
}

// fault 19: a server without memory refuses a batch wholly, keeps what it has, lets
// delete, and takes the batch when it has room again.
func TestServerOutOfMemory(t *testing.T) {
	server := storetest.Redis(t, "--maxmemory", "16mb", "--maxmemory-policy", "noeviction")
	if !server.Real {
		t.Skip("needs a redis-server")
	}
	b := open(t, rediskv.Config{URL: server.URL(), Desk: "desk"})
	large := []byte(strings.Repeat("x", 100_000))
	var err error
	var written int
	for written = 0; err == nil && written < 1000; written++ {
		err = b.Apply(t.Context(), store.Batch{Put: []store.Record{
			{Key: fmt.Sprintf("ticket/%04d", written), Value: large},
			{Key: fmt.Sprintf("event/%04d", written), Value: large},
		}})
	}
	written--
	mustStayOpen(t, "Apply", err)
	if !strings.Contains(err.Error(), "OOM") {
		t.Fatalf("Apply = %v, want OOM", err)
	}
	for _, space := range []string{"ticket", "event"} {
		records, err := b.Scan(t.Context(), space+"/", space+"0", 1000)
		if err != nil || len(records) != written {
			t.Errorf("%d records in %s, %v, want %d", len(records), space, err, written)
		}
	}
	for i := range written {
		err := b.Apply(t.Context(), store.Batch{Delete: []string{fmt.Sprintf("ticket/%04d", i), fmt.Sprintf("event/%04d", i)}})
		if err != nil {
			t.Fatalf("deleting from a full server: %v", err)
		}
	}
	if err := b.Apply(t.Context(), ticket); err != nil {
		t.Errorf("Apply with room again: %v", err)
	}
}

// fault 20: after a rollback of the server a revision read before it is never that of
// what was written after it.
func TestRevisionsSurviveARollback(t *testing.T) {
	server := storetest.Redis(t)
	b := open(t, rediskv.Config{URL: server.URL(), Desk: "desk"})
	if err := b.Apply(t.Context(), ticket); err != nil {
		t.Fatal(err)
	}
	before, err := b.Get(t.Context(), "ticket/1")
	if err != nil {
		t.Fatal(err)
	}
	if err := raw(t, server).FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if err := b.Apply(t.Context(), ticket); err != nil {
		t.Fatal(err)
	}
	stale := ticket
	stale.Check = []store.Check{{Key: "ticket/1", Rev: before[0].Rev}}
	if err := b.Apply(t.Context(), stale); !errors.Is(err, store.ErrConflict) {
		t.Errorf("Apply on a revision from before the rollback = %v, want ErrConflict", err)
	}
}

func raw(t *testing.T, server *storetest.RedisServer) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: server.Addr})
	t.Cleanup(func() { _ = c.Close() })
	return c
}
