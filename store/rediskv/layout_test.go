package rediskv_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/rediskv"
	"aismarttalk.tech/supportd/store/storetest"
)

// What redis-cli shows of a desk.
func TestLayout(t *testing.T) {
	server := storetest.Redis(t)
	b := open(t, rediskv.Config{URL: server.URL(), Desk: "firma"})
	err := b.Apply(t.Context(), store.Batch{Put: []store.Record{
		{Key: "ticket/AIS-7K3Q-M2XD", Value: []byte(`{"state":"new"}`)},
		{Key: "event/AIS-7K3Q-M2XD/0001", Value: []byte(`{}`)},
		{Key: "event/AIS-7K3Q-M2XD/0002", Value: []byte(`{}`)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	cli := raw(t, server)
	keys, err := cli.Keys(t.Context(), "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(keys)
	want := []string{
		"{firma}.keys:event",
		"{firma}.keys:ticket",
		"{firma}:event/AIS-7K3Q-M2XD/0001",
		"{firma}:event/AIS-7K3Q-M2XD/0002",
		"{firma}:ticket/AIS-7K3Q-M2XD",
	}
	if !slices.Equal(keys, want) {
		t.Errorf("keys %q, want %q", keys, want)
	}
	value, err := cli.Get(t.Context(), "{firma}:ticket/AIS-7K3Q-M2XD").Result()
	if err != nil || !regexp.MustCompile(`^[0-9a-f]{16} {"state":"new"}$`).MatchString(value) {
		t.Errorf("a record reads %q, %v", value, err)
	}
	members, err := cli.ZRange(t.Context(), "{firma}.keys:event", 0, -1).Result()
	if err != nil || !slices.Equal(members, []string{"event/AIS-7K3Q-M2XD/0001", "event/AIS-7K3Q-M2XD/0002"}) {
		t.Errorf("a sorted set holds %q, %v", members, err)
	}

	err = b.Apply(t.Context(), store.Batch{Delete: []string{"ticket/AIS-7K3Q-M2XD", "event/AIS-7K3Q-M2XD/0001", "event/AIS-7K3Q-M2XD/0002"}})
	if err != nil {
		t.Fatal(err)
	}
	if left, err := cli.DBSize(t.Context()).Result(); err != nil || left != 0 {
		t.Errorf("%d keys are left of deleted records, %v", left, err)
	}
}

// What others do to the keys of a desk by hand is met with an error or passed over,
// never with a panic or half a batch.
func TestMeddling(t *testing.T) {
	server := storetest.Redis(t)
	b := open(t, rediskv.Config{URL: server.URL(), Desk: "firma"})
	cli := raw(t, server)
	for _, key := range []string{"ticket/1", "ticket/2", "ticket/3"} {
		if err := b.Apply(t.Context(), store.Batch{Put: []store.Record{{Key: key, Value: []byte(key)}}}); err != nil {
			t.Fatal(err)
		}
	}

	if err := cli.Del(t.Context(), "{firma}:ticket/1").Err(); err != nil {
		t.Fatal(err)
	}
	records, err := b.Scan(t.Context(), "ticket/", "ticket0", 2)
	if err != nil || len(records) != 2 || records[0].Key != "ticket/2" {
		t.Errorf("Scan past a deleted record = %v, %v", records, err)
	}

	if err := cli.Set(t.Context(), "{firma}:ticket/2", "foreign", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Get(t.Context(), "ticket/2"); err == nil || !strings.Contains(err.Error(), "ticket/2") {
		t.Errorf("Get of a foreign value = %v, want an error that names the key", err)
	}

	if err := cli.Set(t.Context(), "{firma}.keys:event", "foreign", 0).Err(); err != nil {
		t.Fatal(err)
	}
	err = b.Apply(t.Context(), store.Batch{Put: []store.Record{{Key: "ticket/4"}, {Key: "event/1"}}})
	mustStayOpen(t, "Apply over a foreign sorted set", err)
	if r, err := b.Get(t.Context(), "ticket/4", "event/1"); err != nil || r[0].Exists() || r[1].Exists() {
		t.Errorf("half a batch was written: %v, %v", r, err)
	}

	if err := cli.ScriptFlush(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if err := b.Apply(t.Context(), ticket); err != nil {
		t.Errorf("Apply after SCRIPT FLUSH: %v", err)
	}
}

// One node that has all slots is a cluster as far as the rules for keys go: a command
// or script over keys of two slots is refused.
func TestCluster(t *testing.T) {
	server := storetest.Redis(t, "--cluster-enabled", "yes")
	if !server.Real {
		t.Skip("needs a redis-server")
	}
	cli := raw(t, server)
	if err := cli.ClusterAddSlotsRange(t.Context(), 0, 16383).Err(); err != nil {
		t.Fatal(err)
	}
	poll := time.NewTicker(20 * time.Millisecond) // the server takes its time to see that it is complete
	defer poll.Stop()
	for {
		info, err := cli.ClusterInfo(t.Context()).Result()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(info, "cluster_state:ok") {
			break
		}
		<-poll.C
	}
	n := 0
	storetest.Run(t, func(t *testing.T) store.Backend {
		n++
		return open(t, rediskv.Config{URL: server.URL(), Cluster: true, Desk: "desk" + string(rune('a'+n))})
	})
}

func TestConfig(t *testing.T) {
	good := rediskv.Config{URL: "redis://127.0.0.1:6379/0", Desk: "firma-1.support_x"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*rediskv.Config){
		"no desk":          func(c *rediskv.Config) { c.Desk = "" },
		"braces":           func(c *rediskv.Config) { c.Desk = "a}{b" },
		"colon":            func(c *rediskv.Config) { c.Desk = "a:b" },
		"line break":       func(c *rediskv.Config) { c.Desk = "a\r\n" },
		"upper case":       func(c *rediskv.Config) { c.Desk = "Firma" },
		"long":             func(c *rediskv.Config) { c.Desk = strings.Repeat("a", 65) },
		"no URL":           func(c *rediskv.Config) { c.URL = "" },
		"foreign scheme":   func(c *rediskv.Config) { c.URL = "http://127.0.0.1" },
		"unknown option":   func(c *rediskv.Config) { c.URL += "?shiny=1" },
		"negative timeout": func(c *rediskv.Config) { c.Timeout = -1 },
		"unusable URL":     func(c *rediskv.Config) { c.URL = "redis://user:geheim@127.0.0.1:x/" },
		"cluster on unix":  func(c *rediskv.Config) { c.Cluster, c.URL = true, "unix:///run/redis.sock" },
	} {
		t.Run(name, func(t *testing.T) {
			c := good
			change(&c)
			err := c.Validate()
			if err == nil {
				t.Fatal("Validate found nothing wrong")
			}
			if strings.Contains(err.Error(), "geheim") {
				t.Errorf("the error shows the password: %v", err)
			}
			if b, err := rediskv.New(c); err == nil {
				_ = b.Close()
				t.Error("New found nothing wrong")
			}
		})
	}
}

func TestSettings(t *testing.T) {
	server := storetest.Redis(t, "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction")
	if !server.Real {
		t.Skip("needs a redis-server")
	}
	got, err := open(t, rediskv.Config{URL: server.URL(), Desk: "firma"}).Settings(t.Context())
	if want := (rediskv.Settings{AppendOnly: "yes", AppendFsync: "always", MaxMemoryPolicy: "noeviction"}); got != want || err != nil {
		t.Errorf("Settings = %+v, %v, want %+v", got, err, want)
	}
}
