package journal

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// failingDisk is a disk on which the operation fails for the files in dir whose
// path there contains part, as long as the switch is on.
func failingDisk(on *atomic.Bool, op, dir, part string, err error) faultyDisk {
	return faultyDisk{fail: func(gotOp, name string) error {
		inside := filepath.ToSlash(strings.TrimPrefix(name, dir))
		if on.Load() && gotOp == op && strings.Contains(inside, part) {
			return err
		}
		return nil
	}}
}

// Faults 10, 11, 13: whatever the disk refuses, Put says so, nothing of the
// mail is kept, what was there is still there, and once the disk works again so
// does Put.
func TestDiskFails(t *testing.T) {
	small, large := "a small mail", strings.Repeat("a large mail", 100)
	for _, c := range []struct {
		name     string
		op, part string
		err      error
		body     string
		fresh    bool // the fault meets a journal without a segment
	}{
		{"fault 10: fsync EIO", "sync", ".seg", syscall.EIO, small, false},
		{"fault 10: fsync EIO, large mail", "sync", "tmp/", syscall.EIO, large, false},
		{"fault 10: fsync EIO on its record", "sync", ".seg", syscall.EIO, large, false},
		{"fault 10: fsync EIO on the folder of large mails", "syncdir", "large", syscall.EIO, large, false},
		{"fault 11: ENOSPC", "write", ".seg", syscall.ENOSPC, small, false},
		{"fault 11: ENOSPC, large mail", "write", "tmp/", syscall.ENOSPC, large, false},
		{"fault 11: ENOSPC for its record", "write", ".seg", syscall.ENOSPC, large, false},
		{"fault 11: ENOSPC for a new segment", "write", ".seg", syscall.ENOSPC, small, true},
		{"fault 13: read-only, new segment", "create", ".seg", syscall.EROFS, small, true},
		{"fault 13: read-only, large mail", "create", "tmp/", syscall.EROFS, large, false},
		{"new segment not durable in its folder", "syncdir", "", syscall.EIO, small, true},
		{"large mail can't be named", "rename", "large/", syscall.EIO, large, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var on atomic.Bool
			cfg := Config{Dir: t.TempDir(), LargeBytes: 100}
			deps := Deps{disk: failingDisk(&on, c.op, cfg.Dir, c.part, c.err)}
			j := mustOpen(t, cfg, deps)
			var want []string
			if !c.fresh {
				want = append(want, "before")
				mustPut(t, j, "before")
			}

			on.Store(true)
			for range 3 {
				if id, err := j.Put(t.Context(), Envelope{}, strings.NewReader(c.body)); !errors.Is(err, c.err) || id != "" {
					t.Errorf("Put: %q, %v, want %v", id, err, c.err)
				}
			}
			names := files(t, cfg.Dir)
			if left := append(matching(names, "large/"), matching(names, "tmp/")...); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
			on.Store(false)

			for _, s := range []string{small, large} {
				mustPut(t, j, s)
				want = append(want, s)
			}
			if diff := cmp.Diff(want, pendingBodies(t, j)); diff != "" {
				t.Errorf("now (-want +got):\n%s", diff)
			}
			j = reopen(t, j, cfg, deps)
			if diff := cmp.Diff(want, pendingBodies(t, j)); diff != "" {
				t.Errorf("after a restart (-want +got):\n%s", diff)
			}
			if st := j.Stats(); st.Damaged != 0 {
				t.Errorf("a failed Put counts as damage: %+v", st)
			}
		})
	}
}

// Fault 10: after a failed fsync nobody knows what is on the disk, and the next
// one may wrongly succeed. So the file is never written to again.
func TestFailedSyncEndsTheSegment(t *testing.T) {
	var on atomic.Bool
	var mu sync.Mutex
	writes := map[string]int{} // to segments that had failed
	failed := map[string]bool{}
	disk := faultyDisk{fail: func(op, name string) error {
		if !strings.HasSuffix(name, segmentSuffix) {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		if op == "write" && failed[name] {
			writes[name]++
		}
		if op == "sync" && on.Load() {
			failed[name] = true
			return syscall.EIO
		}
		return nil
	}}
	j := mustOpen(t, Config{Dir: t.TempDir()}, Deps{disk: disk})
	mustPut(t, j, "before")
	on.Store(true)
	if _, err := j.Put(t.Context(), Envelope{}, strings.NewReader("lost")); !errors.Is(err, syscall.EIO) {
		t.Fatalf("Put: %v", err)
	}
	on.Store(false)
	mustPut(t, j, "after")
	if len(failed) != 1 || len(writes) != 0 {
		t.Errorf("failed %v, then written to %v", failed, writes)
	}
	if st := j.Stats(); st.Segments != 2 {
		t.Errorf("%+v, want a segment before the fault and one after", st)
	}
}

// Where the failed write can't be cut off either, the mail may come though its
// sender was told to try again; then it comes whole.
func TestFailedWriteThatStays(t *testing.T) {
	var on atomic.Bool
	cfg := Config{Dir: t.TempDir(), LargeBytes: 100}
	large := strings.Repeat("a large mail", 100)
	j, err := Open(cfg, Deps{disk: faultyDisk{fail: func(op, name string) error {
		if on.Load() && strings.HasSuffix(name, segmentSuffix) && (op == "sync" || op == "truncate") {
			return syscall.EIO
		}
		return nil
	}}})
	if err != nil {
		t.Fatal(err)
	}
	mustPut(t, j, "before")
	on.Store(true)
	if _, err := j.Put(t.Context(), Envelope{}, strings.NewReader(large)); !errors.Is(err, syscall.EIO) {
		t.Errorf("Put: %v", err)
	}
	j = reopen(t, j, cfg, Deps{})
	if diff := cmp.Diff([]string{"before", large}, pendingBodies(t, j)); diff != "" {
		t.Error(diff)
	}
}

// A batch shares its fsync and so its fate; no waiter is told 250.
func TestAllWaitersHearOfTheFault(t *testing.T) {
	var on atomic.Bool
	cfg := Config{Dir: t.TempDir()}
	j := mustOpen(t, cfg, Deps{disk: failingDisk(&on, "sync", cfg.Dir, ".seg", syscall.EIO)})
	on.Store(true)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := j.Put(t.Context(), Envelope{}, strings.NewReader("hej")); !errors.Is(err, syscall.EIO) {
				t.Errorf("Put: %v, want EIO", err)
			}
		})
	}
	wg.Wait()
	if st := j.Stats(); st.Pending != 0 {
		t.Errorf("%+v", st)
	}
}

// Zeros are written ahead for speed. A disk without room for them is no fault.
func TestNoRoomForZeros(t *testing.T) {
	disk := faultyDisk{}
	disk.fail = func(string, string) error { return nil }
	j := mustOpen(t, Config{Dir: t.TempDir()}, Deps{disk: noZeros{disk}})
	want := numbered(3)
	for _, s := range want {
		mustPut(t, j, s)
	}
	if diff := cmp.Diff(want, pendingBodies(t, j)); diff != "" {
		t.Error(diff)
	}
}

type noZeros struct{ disk }

func (d noZeros) Create(name string) (file, error) {
	f, err := d.disk.Create(name)
	return noZerosFile{f}, err
}

type noZerosFile struct{ file }

func (f noZerosFile) WriteAt(b []byte, off int64) (int, error) {
	if strings.Trim(string(b), "\x00") == "" {
		n, _ := f.file.WriteAt(b[:100], off)
		return n, syscall.ENOSPC
	}
	return f.file.WriteAt(b, off)
}

// A mark that can't be written costs at most a second filing.
func TestMarkFails(t *testing.T) {
	var on atomic.Bool
	cfg := Config{Dir: t.TempDir()}
	deps := Deps{Boot: "a", disk: failingDisk(&on, "write", cfg.Dir, marksSuffix, syscall.ENOSPC)}
	j := mustOpen(t, cfg, deps)
	for _, s := range numbered(4) {
		mustPut(t, j, s)
	}
	done := func() error { return j.Done(mustNext(t, j).ID) }
	if err := done(); err != nil {
		t.Fatal(err)
	}
	on.Store(true)
	if err := done(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Done: %v", err)
	}
	on.Store(false)
	if err := done(); err != nil { // on a line of its own
		t.Fatal(err)
	}
	if st := j.Stats(); st.Pending != 1 {
		t.Errorf("%+v", st)
	}
	j = reopen(t, j, cfg, deps)
	want := []string{numbered(4)[1], numbered(4)[3]}
	if diff := cmp.Diff(want, pendingBodies(t, j)); diff != "" {
		t.Errorf("after a restart (-want +got):\n%s", diff)
	}
}

// Fault 11: on a disk that its own mail has filled no mark can be written; a
// sweep must make room all the same.
func TestSweepOfAFullDisk(t *testing.T) {
	var on atomic.Bool
	cfg := Config{Dir: t.TempDir(), LargeBytes: 100, SegmentBytes: 500}
	deps := Deps{Boot: "a", disk: failingDisk(&on, "write", cfg.Dir, "", syscall.ENOSPC)}
	j := mustOpen(t, cfg, deps)
	for _, s := range append(numbered(5), strings.Repeat("a large mail", 100), "the last rolls the segment") {
		mustPut(t, j, s)
	}
	on.Store(true)
	for j.Stats().Pending > 1 {
		if err := j.Done(mustNext(t, j).ID); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("Done: %v", err)
		}
	}
	if err := j.Sweep(t.Context(), newClock().now().AddDate(10, 0, 0), nil); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Sweep: %v", err)
	}
	if names := files(t, cfg.Dir); len(matching(names, "large/")) != 0 || len(matching(names, segmentSuffix)) != 1 {
		t.Errorf("files %v, want the last segment alone", names)
	}
	on.Store(false)
	j = reopen(t, j, cfg, deps)
	if diff := cmp.Diff([]string{"the last rolls the segment"}, pendingBodies(t, j)); diff != "" {
		t.Error(diff)
	}
}

// A disk too full to set damage aside must not keep the journal shut, and what
// could not be copied must not be cut off.
func TestRepairWithoutRoom(t *testing.T) {
	cfg := Config{Dir: t.TempDir()}
	closedJournal(t, cfg, "first", "second")
	name := onlySegment(t, cfg.Dir)
	whole := readFile(t, name)
	torn := whole[:len(whole)-1]
	writeFile(t, name, torn)

	var on atomic.Bool
	on.Store(true)
	j := mustOpen(t, cfg, Deps{disk: failingDisk(&on, "write", cfg.Dir, "tmp/", syscall.ENOSPC)})
	fileAll(t, j)
	if err := j.Sweep(t.Context(), newClock().now().AddDate(10, 0, 0), nil); err != nil {
		t.Fatal(err)
	}
	if got := readFile(t, name); string(got) != string(torn) {
		t.Errorf("the segment was changed: %d bytes, want %d", len(got), len(torn))
	}
	if names := corrupt(t, cfg.Dir); len(names) != 0 {
		t.Errorf("set aside in part: %v", names)
	}
}
