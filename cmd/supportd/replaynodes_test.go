package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
)

// Two daemons share a Redis, and either sends the letters of the other's mails. It is
// emptied. Each is given the other's notes of what left and replays its own
// journal: then all tickets are back, and no letter was sent again.
func TestReplayOnTwoNodes(t *testing.T) {
	redis, relay := storetest.Redis(t), openPostOffice(t)
	here := testSettings(t.TempDir())
	here.Store.Kind, here.Store.URL = "redis", redis.URL()
	here.Relay.Host, here.Relay.Port, here.Relay.TLS = "127.0.0.1", relay.addr.Port, "none"
	there := here
	there.DataDir = t.TempDir()

	nodes := []*bench{startDaemon(t, here)}
	copyFiles(t, dataFolder(here.DataDir).keys(), dataFolder(there.DataDir).keys())
	nodes = append(nodes, startDaemon(t, there))
	nodes[1].steps = 100 // Message-IDs of its own
	const each = 10
	tickets := map[string]ticket.ID{}
	for n := range each {
		for i, b := range nodes {
			m := b.write(fmt.Sprintf("kunde-%d-%d@firma.example", n, i), b.support(), "Fejl", "Det virker ikke.")
			tickets[m.MessageID] = m.Ticket
		}
	}
	quiet := func() {
		t.Helper()
		err := nodes[0].until(t.Context(), func() (bool, error) {
			owed, err := nodes[0].daemon.records.store.NoticesIn(t.Context(), ticket.NoticeQueued, 100)
			return len(owed) == 0 && nodes[0].daemon.journal.Stats().Pending+nodes[1].daemon.journal.Stats().Pending == 0, err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	quiet()
	letters := len(relay.letters())

	// Each sent the other's letters, as may be where one of them is slow.
	for _, b := range nodes {
		b.stop()
	}
	swap(t, dataFolder(here.DataDir).sent(), dataFolder(there.DataDir).sent())
	flush(t, redis.Addr)
	nodes = []*bench{startDaemon(t, here), startDaemon(t, there)}
	copyFiles(t, dataFolder(here.DataDir).sent(), dataFolder(there.DataDir).sent())
	copyFiles(t, dataFolder(there.DataDir).sent(), dataFolder(here.DataDir).sent())
	for _, b := range nodes {
		mustRun(t, "replay", "--set=data_dir="+b.dir)
	}
	quiet()
	for messageID, want := range tickets {
		m, err := nodes[0].became(t.Context(), messageID)
		if err != nil || m.Ticket != want {
			t.Errorf("%s became %s, was %s (%v)", messageID, m.Ticket, want, err)
		}
	}
	if now := len(relay.letters()); now != letters || letters < 2*each {
		t.Errorf("%d letters after the replay, %d before, for %d mails", now, letters, 2*each)
	}
}

func swap(t *testing.T, a, b string) {
	t.Helper()
	for _, names := range [][2]string{{a, a + ".other"}, {b, a}, {a + ".other", b}} {
		if err := os.Rename(names[0], names[1]); err != nil {
			t.Fatal(err)
		}
	}
}

// copyFiles copies what the other folder has not.
func copyFiles(t *testing.T, from, to string) {
	t.Helper()
	files, err := os.ReadDir(from)
	if err != nil || len(files) == 0 {
		t.Fatalf("nothing to copy in %s: %v", from, err)
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(filepath.Join(from, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(to, f.Name())); err == nil {
			continue
		}
		if err := os.WriteFile(filepath.Join(to, f.Name()), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
