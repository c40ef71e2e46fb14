package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/store/storetest"
)

// A second daemon on the same Redis that has keys of its own would derive other
// tracking IDs and know none of the reply addresses in letters: it does not start, and
// says why in one line. With the keys of the first it does.
func TestADaemonWithOtherKeysDoesNotStart(t *testing.T) {
	t.Chdir(t.TempDir())
	redis := storetest.Redis(t)
	first, second := testSettings(t.TempDir()), testSettings(t.TempDir())
	first.Store.Kind, first.Store.URL = "redis", redis.URL()
	second.Store = first.Store
	b := startDaemon(t, first)
	m := b.write("kunde@firma.example", b.support(), "Fejl", "Det virker ikke.")

	flags := append(setFlags(second), "--set=smtp.listeners=[{address: '127.0.0.1:0', protocol: smtp}]", "--set=http.listen=127.0.0.1:0")
	refused := func(args ...string) {
		t.Helper()
		code, out, errOut := command(t, "", append(args, flags...)...)
		if code != exitFailed || out != "" || strings.Count(errOut, "\n") != 1 || !strings.Contains(errOut, "other keys than those in "+dataFolder(second.DataDir).keys()) {
			t.Errorf("%q: exit %d: %s%s", args, code, out, errOut)
		}
	}
	refused("serve")
	refused("ticket", "list")
	if code, out, _ := command(t, "", append([]string{"doctor"}, flags...)...); code != exitFailed || !strings.Contains(strings.Join(strings.Fields(out), " "), "store bad its records were written with other keys (reply-0, ticket)") {
		t.Errorf("doctor: exit %d\n%s", code, out)
	}

	for _, key := range []string{"ticket", "reply-0"} {
		raw, err := os.ReadFile(filepath.Join(dataFolder(first.DataDir).keys(), key))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dataFolder(second.DataDir).keys(), key), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := startDaemon(t, second).ticket(m.Ticket); got.Mails != 1 {
		t.Errorf("with the keys of the first it sees %+v", got)
	}
}

// Keys that are lost for good keep nobody from his tickets for ever.
func TestKeysAdopt(t *testing.T) {
	t.Chdir(t.TempDir())
	s := testSettings(t.TempDir())
	b := startDaemon(t, s)
	m := b.write("kunde@firma.example", b.support(), "Fejl", "Det virker ikke.")
	if code, _, errOut := command(t, "", append([]string{"keys", "adopt"}, setFlags(s)...)...); code != exitFailed || !strings.Contains(errOut, "works on") {
		t.Errorf("under a running daemon: exit %d, %s", code, errOut)
	}
	b.stop()
	if err := os.RemoveAll(dataFolder(s.DataDir).keys()); err != nil {
		t.Fatal(err)
	}
	if code := serve(context.Background(), io.Discard, io.Discard, setFlags(s)...); code != exitFailed {
		t.Errorf("it starts with new keys: exit %d", code)
	}
	mustRun(t, append([]string{"keys", "adopt"}, setFlags(s)...)...)
	b = startDaemon(t, s)
	if got := b.ticket(m.Ticket); got.Mails != 1 {
		t.Errorf("after adopt: %+v", got)
	}
}

// A rotation on one node that another has made otherwise is not taken over.
func TestAnotherRotationIsRefused(t *testing.T) {
	redis := storetest.Redis(t)
	s := testSettings(t.TempDir())
	s.Store.Kind, s.Store.URL = "redis", redis.URL()
	b := startDaemon(t, s)
	keys := b.daemon.records.secrets
	here, elsewhere := fingerprints(keys.ticket, keys.ring), fingerprints(keys.ticket, keys.ring)
	here["reply-1"], elsewhere["reply-1"] = "one", "another"
	if err := b.daemon.records.store.Admit(t.Context(), elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := b.daemon.records.store.Admit(t.Context(), here); err == nil || !strings.Contains(err.Error(), "other keys (reply-1)") {
		t.Errorf("two keys of one version: %v", err)
	}
	delete(here, "reply-0") // retired, and a third came
	here["reply-1"], here["reply-2"] = "another", "third"
	if err := b.daemon.records.store.Admit(t.Context(), here); err != nil {
		t.Error(err)
	}
}
