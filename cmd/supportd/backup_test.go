package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/storetest"
)

// recordsOf sums up a store that no daemon has open.
func recordsOf(t *testing.T, s settings) (int, string) {
	t.Helper()
	b, err := openBackend(planned(t, s))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	d := store.NewDigest()
	if err := store.Export(t.Context(), b, func(r store.Record) error { d.Add(r.Key, r.Value); return nil }); err != nil {
		t.Fatal(err)
	}
	return d.Count, d.Sum()
}

func setFlags(s settings) []string {
	f := []string{"--set=data_dir=" + s.DataDir, "--set=store.kind=" + s.Store.Kind}
	if s.Store.URL != "" {
		f = append(f, "--set=store.url="+s.Store.URL)
	}
	return f
}

// mustRun runs a command that is to succeed.
func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errOut := command(t, "", args...)
	if code != exitOK {
		t.Fatalf("%q: exit %d\n%s%s", args, code, out, errOut)
	}
	return out
}

// A backup of a running daemon goes from bolt to Redis, on another machine as it
// were. What came after the backup is in the journal that the old machine left, and
// is filed by a replay.
func TestBackupMovesToAnotherStore(t *testing.T) {
	t.Chdir(t.TempDir())
	old := testSettings(t.TempDir())
	b := startDaemon(t, old)
	converse(b)
	want := b.filed()
	file := filepath.Join(t.TempDir(), "support.tar")
	out := mustRun(t, append([]string{"backup", file}, setFlags(old)...)...)
	if !strings.Contains(out, "is whole") || strings.Contains(out, "never quiet") {
		t.Errorf("backup says: %s", out)
	}
	late := b.write("sen@firma.example", b.support(), "Efter kopien", "Den kom efter sikkerhedskopien.")
	b.stop()

	redis := storetest.Redis(t)
	fresh := testSettings(t.TempDir())
	fresh.Store.Kind, fresh.Store.URL = "redis", redis.URL()
	mustRun(t, append([]string{"restore", file}, setFlags(fresh)...)...)
	again := startDaemon(t, fresh)
	if _, found, err := again.daemon.records.store.Ticket(t.Context(), late.Ticket); found || err != nil {
		t.Errorf("%s came after the backup and is in it; %v", late.Ticket, err)
	}
	again.dir = old.DataDir // where the letters were written
	got := again.filed()
	if strings.Join(got.Mails, "\n") != strings.Join(want.Mails, "\n") {
		t.Errorf("after the restore:\n%s\nbefore:\n%s", strings.Join(got.Mails, "\n"), strings.Join(want.Mails, "\n"))
	}
	again.stop()

	// The old machine lost its store and not its journal, which lived on.
	if err := os.Remove(dataFolder(old.DataDir).bolt()); err != nil {
		t.Fatal(err)
	}
	mustRun(t, append([]string{"restore", file}, setFlags(old)...)...)
	mustRun(t, append([]string{"replay"}, setFlags(old)...)...)
	b = startDaemon(t, old)
	m, err := b.became(t.Context(), late.MessageID)
	if err != nil || m.Ticket != late.Ticket {
		t.Errorf("the mail after the backup became %s, was %s; %v", m.Ticket, late.Ticket, err)
	}
}

// A backup in a folder and one in a file bring the same back, byte for byte.
func TestRestoreBringsBackTheSame(t *testing.T) {
	t.Chdir(t.TempDir())
	s := testSettings(t.TempDir())
	b := startDaemon(t, s)
	converse(b)
	b.stop()
	n, sum := recordsOf(t, s)
	for _, to := range []string{"folder", "file.tar"} {
		mustRun(t, append([]string{"backup", to}, setFlags(s)...)...)
		fresh := testSettings(filepath.Join(t.TempDir(), "data"))
		mustRun(t, append([]string{"restore", to}, setFlags(fresh)...)...)
		if gotN, gotSum := recordsOf(t, fresh); gotN != n || gotSum != sum {
			t.Errorf("from %s: %d records %s, want %d %s", to, gotN, gotSum, n, sum)
		}
		for _, key := range []string{"ticket", "reply-0"} {
			want, _ := os.ReadFile(filepath.Join(dataFolder(s.DataDir).keys(), key))
			got, err := os.ReadFile(filepath.Join(dataFolder(fresh.DataDir).keys(), key))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("from %s: key %s differs; %v", to, key, err)
			}
		}
		code, _, errOut := command(t, "", append([]string{"restore", to}, setFlags(fresh)...)...)
		if code != exitFailed || !strings.Contains(errOut, "--force") {
			t.Errorf("restored twice from %s: exit %d, %s", to, code, errOut)
		}
	}
	if code, _, errOut := command(t, "", append([]string{"backup", "file.tar"}, setFlags(s)...)...); code != exitFailed || !strings.Contains(errOut, "there already") {
		t.Errorf("backup over a backup: exit %d, %s", code, errOut)
	}
}

// What is not whole, or newer than this program, changes nothing.
func TestRestoreRefusesWhatIsNotWhole(t *testing.T) {
	t.Chdir(t.TempDir())
	s := testSettings(t.TempDir())
	b := startDaemon(t, s)
	b.write("kunde@firma.example", b.support(), "Fejl", "Det virker ikke.")
	mustRun(t, append([]string{"backup", "good.tar"}, setFlags(s)...)...)
	b.stop()
	good, err := os.ReadFile("good.tar")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		bytes []byte
		says  string
	}{
		"cut off":       {good[:len(good)/2], "damaged, cut off or no backup"},
		"no manifest":   {members(t, good, func(name string, b []byte) ([]byte, bool) { return b, name != "manifest.json" }), "damaged, cut off"},
		"a key missing": {members(t, good, func(name string, b []byte) ([]byte, bool) { return b, name != "keys/ticket" }), "keys/ticket is missing or changed"},
		"a byte changed": {members(t, good, func(name string, b []byte) ([]byte, bool) {
			return bytes.Replace(b, []byte("kunde@"), []byte("kunge@"), 1), true
		}), "missing or changed"},
		"newer schema": {members(t, good, func(name string, b []byte) ([]byte, bool) {
			return bytes.Replace(b, []byte(`"schema": 1`), []byte(`"schema": 99`), 1), true
		}), "schema version 99"},
		"something else": {[]byte("From: kunde@firma.example\r\n\r\nhej"), "damaged, cut off or no backup"},
		"leads out":      {members(t, good, func(name string, b []byte) ([]byte, bool) { return b, true }, "../escaped"), "no backup"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "bad.tar")
			if err := os.WriteFile(file, c.bytes, 0o600); err != nil {
				t.Fatal(err)
			}
			fresh := testSettings(filepath.Join(t.TempDir(), "data"))
			code, out, errOut := command(t, "", append([]string{"restore", file}, setFlags(fresh)...)...)
			if code != exitFailed || !strings.Contains(errOut, c.says) {
				t.Errorf("exit %d, %s%s", code, out, errOut)
			}
			if n, _ := recordsOf(t, fresh); n != 0 {
				t.Errorf("%d records were written", n)
			}
		})
	}
}

// members writes a tar again with its members changed, and further empty ones.
func members(t *testing.T, from []byte, change func(string, []byte) ([]byte, bool), more ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	in, out := tar.NewReader(bytes.NewReader(from)), tar.NewWriter(&b)
	add := func(name string, data []byte) {
		if err := out.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range more {
		add(name, nil)
	}
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if data, keep := change(h.Name, data); keep {
			add(h.Name, data)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
