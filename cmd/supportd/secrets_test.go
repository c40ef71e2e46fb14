package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// endless is a random source for tests: the same bytes each time.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func TestSecretsAreMadeOnce(t *testing.T) {
	dir := t.TempDir()
	first, err := openSecrets(dir, endless(1))
	if err != nil {
		t.Fatal(err)
	}
	again, err := openSecrets(dir, endless(2))
	if err != nil {
		t.Fatal(err)
	}
	told := func(s secrets) []string { return []string{string(s.ticket), s.admin, s.ring.LoopMark("firma.example")} }
	if diff := cmp.Diff(told(first), told(again)); diff != "" {
		t.Error("the second start found other secrets:", diff)
	}
	for _, name := range []string{"admin.token", "keys/ticket", "keys/reply-0"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	left, _ := filepath.Glob(filepath.Join(dir, "keys", ".new-*"))
	if len(left) > 0 {
		t.Error("left over:", left)
	}
}

// A newer reply key signs, and what the older one signed stays valid.
func TestReplyKeysRotate(t *testing.T) {
	dir := t.TempDir()
	old, err := openSecrets(dir, endless(1))
	if err != nil {
		t.Fatal(err)
	}
	messageID := old.ring.MessageID("AIS-0000-0000", 1, "firma.example")
	if err := os.WriteFile(filepath.Join(dir, "keys", "reply-1"), []byte(strings.Repeat("ab", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	rotated, err := openSecrets(dir, endless(1))
	if err != nil {
		t.Fatal(err)
	}
	if rotated.ring.Current != '1' || !bytes.Equal(rotated.ring.Keys['0'], old.ring.Keys['0']) {
		t.Errorf("current is %c of %d keys", rotated.ring.Current, len(rotated.ring.Keys))
	}
	if _, n, ok := rotated.ring.VerifyMessageID(messageID); !ok || n != 1 {
		t.Error("a Message-ID of the old key is no longer ours")
	}
}

func TestDamagedSecretIsRefused(t *testing.T) {
	dir := t.TempDir()
	if _, err := openSecrets(dir, endless(1)); err != nil {
		t.Fatal(err)
	}
	// Cut short, as a full disk might leave it: a new one in its place would
	// quietly void every address that was given out.
	if err := os.WriteFile(filepath.Join(dir, "keys", "reply-0"), []byte("0101"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openSecrets(dir, endless(1)); err == nil || !strings.Contains(err.Error(), "reply-0: want 64 hexadecimal digits") {
		t.Error("got", err)
	}
}
