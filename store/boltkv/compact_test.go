package boltkv_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
)

// Bolt leaves what was deleted in its free pages. After Compact it is gone, while
// readers and writers went on, and revisions still never come back.
func TestCompactLeavesNothingOfWhatWasDeleted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "records.bolt")
	b, err := boltkv.Open(boltkv.Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	secret := bytes.Repeat([]byte("Karen Hemmelig "), 100)
	put := func(key string, value []byte) {
		t.Helper()
		if err := b.Apply(t.Context(), store.Batch{Put: []store.Record{{Key: key, Value: value}}}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 50 {
		put("mail/"+strconv.Itoa(i), secret)
	}
	for i := range 50 {
		put("mail/"+strconv.Itoa(i), []byte("erased"))
	}
	before, err := b.Get(t.Context(), "mail/49")
	if err != nil {
		t.Fatal(err)
	}
	holds := func() bool {
		t.Helper()
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(file, []byte("Hemmelig"))
	}
	if !holds() {
		t.Fatal("the file holds nothing of what was overwritten: this test proves nothing")
	}

	var others sync.WaitGroup
	for w := range 4 {
		others.Go(func() {
			for i := range 50 {
				key := "ticket/" + strconv.Itoa(w*100+i)
				if err := b.Apply(t.Context(), store.Batch{Put: []store.Record{{Key: key, Value: []byte("x")}}}); err != nil {
					t.Error(err)
				}
				if r, err := b.Get(t.Context(), key); err != nil || !r[0].Exists() {
					t.Errorf("%s: %v", key, err)
				}
			}
		})
	}
	if err := b.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	others.Wait()
	if holds() {
		t.Error("what was overwritten is still in the file")
	}
	put("mail/49", []byte("later"))
	if after, err := b.Get(t.Context(), "mail/49"); err != nil || after[0].Rev <= before[0].Rev {
		t.Errorf("revision %d, was %d before; %v", after[0].Rev, before[0].Rev, err)
	}
	if _, err := boltkv.Open(boltkv.Config{Path: path, LockWait: 1}); !errors.Is(err, boltkv.ErrLocked) {
		t.Errorf("the compacted file is not locked: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.Compact(t.Context()); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Compact after Close: %v", err)
	}
	b, err = boltkv.Open(boltkv.Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	n := 0
	if err := b.Snapshot(t.Context(), func(store.Record) error { n++; return nil }); err != nil || n != 250 {
		t.Errorf("%d records after opening again, want 250; %v", n, err)
	}
}
