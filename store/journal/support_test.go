package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a clock that tests set. It runs concurrently with the journal.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// rapidDisk is the real disk without waiting for it, for tests that reopen a
// journal hundreds of times and cut no power.
type rapidDisk struct{ osDisk }

func (rapidDisk) SyncDir(string) error { return nil }

func (d rapidDisk) Create(name string) (file, error) { return unsynced(d.osDisk.Create(name)) }
func (d rapidDisk) Append(name string) (file, error) { return unsynced(d.osDisk.Append(name)) }

func unsynced(f file, err error) (file, error) {
	if err != nil {
		return nil, err
	}
	return unsyncedFile{f}, nil
}

type unsyncedFile struct{ file }

func (unsyncedFile) Sync() error { return nil }

// mustOpen opens a journal that the end of the test closes.
func mustOpen(t testing.TB, cfg Config, deps Deps) *Journal {
	t.Helper()
	j, err := Open(cfg, deps)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return j
}

func reopen(t testing.TB, j *Journal, cfg Config, deps Deps) *Journal {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	return mustOpen(t, cfg, deps)
}

func envelope(from string) Envelope {
	return Envelope{
		Received: time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC),
		From:     from,
		To:       []string{"contact+support@firma.example"},
		Peer:     "192.0.2.7:40001",
		Helo:     "mx.kunde.example",
		Protocol: "ESMTP",
	}
}

func mustPut(t testing.TB, j *Journal, body string) ID {
	t.Helper()
	id, err := j.Put(t.Context(), envelope("anna@kunde.example"), strings.NewReader(body))
	if err != nil {
		t.Fatalf("Put: %v", err)
	}
	return id
}

func mustNext(t testing.TB, j *Journal) Mail {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // hang guard
	defer cancel()
	m, err := j.Next(ctx)
	if err != nil {
		t.Fatalf("Next: %v", err)
	}
	return m
}

// idle fails the test if Next has anything to hand out.
func idle(t testing.TB, j *Journal) {
	t.Helper()
	turn, err := j.take()
	if err != nil {
		t.Fatalf("take: %v", err)
	}
	if turn.entry != nil {
		t.Fatalf("mail %s is handed out, want none", turn.entry.id)
	}
}

// pendingBodies takes all that is pending, in order.
func pendingBodies(t testing.TB, j *Journal) []string {
	t.Helper()
	var got []string
	for range j.Stats().Pending {
		got = append(got, body(t, mustNext(t, j)))
	}
	idle(t, j)
	return got
}

func body(t testing.TB, m Mail) string {
	t.Helper()
	b, err := m.Bytes()
	if err != nil {
		t.Fatalf("Bytes of %s: %v", m.ID, err)
	}
	if int64(len(b)) != m.Size {
		t.Fatalf("mail %s has %d bytes, Size says %d", m.ID, len(b), m.Size)
	}
	return string(b)
}

// files lists the plain files below dir but the lock, sorted, with slashes.
func files(t testing.TB, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && e.Name() != "lock" {
			rel, _ := filepath.Rel(dir, name)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

func matching(names []string, part string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !strings.Contains(n, part) })
}

// onlySegment is the path of the one segment in dir.
func onlySegment(t testing.TB, dir string) string {
	t.Helper()
	names := matching(files(t, dir), segmentSuffix)
	if len(names) != 1 {
		t.Fatalf("segments %v, want one", names)
	}
	return filepath.Join(dir, names[0])
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func writeFile(t testing.TB, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// faultyDisk is the real disk, but where fail returns an error the operation
// fails with it. A write that fails has written half.
type faultyDisk struct {
	osDisk
	fail func(op, name string) error
}

func (d faultyDisk) Create(name string) (file, error) {
	if err := d.fail("create", name); err != nil {
		return nil, err
	}
	return d.wrap(name)(d.osDisk.Create(name))
}

func (d faultyDisk) Append(name string) (file, error) {
	if err := d.fail("append", name); err != nil {
		return nil, err
	}
	return d.wrap(name)(d.osDisk.Append(name))
}

func (d faultyDisk) wrap(name string) func(file, error) (file, error) {
	return func(f file, err error) (file, error) {
		if err != nil {
			return nil, err
		}
		return faultyFile{f, name, d.fail}, nil
	}
}

func (d faultyDisk) Rename(from, to string) error {
	if err := d.fail("rename", to); err != nil {
		return err
	}
	return d.osDisk.Rename(from, to)
}

func (d faultyDisk) Remove(name string) error {
	if err := d.fail("remove", name); err != nil {
		return err
	}
	return d.osDisk.Remove(name)
}

func (d faultyDisk) SyncDir(name string) error {
	if err := d.fail("syncdir", name); err != nil {
		return err
	}
	return d.osDisk.SyncDir(name)
}

type faultyFile struct {
	file
	name string
	fail func(op, name string) error
}

func (f faultyFile) Write(b []byte) (int, error) {
	if err := f.fail("write", f.name); err != nil {
		n, _ := f.file.Write(b[:len(b)/2])
		return n, err
	}
	return f.file.Write(b)
}

func (f faultyFile) WriteAt(b []byte, off int64) (int, error) {
	if err := f.fail("write", f.name); err != nil {
		n, _ := f.file.WriteAt(b[:len(b)/2], off)
		return n, err
	}
	return f.file.WriteAt(b, off)
}

func (f faultyFile) Sync() error {
	if err := f.fail("sync", f.name); err != nil {
		return err
	}
	return f.file.Sync()
}

func (f faultyFile) Truncate(size int64) error {
	if err := f.fail("truncate", f.name); err != nil {
		return err
	}
	return f.file.Truncate(size)
}

// chance is a source of random bytes that repeats for the same seed.
type chance struct{ r *rand.Rand }

func newChance(seed uint64) chance { return chance{rand.New(rand.NewPCG(seed, 1))} }

func (c chance) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(c.r.Uint32())
	}
	return len(p), nil
}

var errVanished = errors.New("client vanished")

// vanishing reads n bytes and then fails.
func vanishing(n int) io.Reader {
	return io.MultiReader(bytes.NewReader(make([]byte, n)), errReader{errVanished})
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

func numbered(n int) []string {
	var s []string
	for i := range n {
		s = append(s, fmt.Sprintf("Subject: mail %d\r\n\r\nDet virker ikke.\r\n", i))
	}
	return s
}
