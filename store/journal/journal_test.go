package journal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMailComesOutAsItWentIn(t *testing.T) {
	for name, text := range map[string]string{
		"ordinary":        "Subject: hej\r\n\r\nDet virker ikke.\r\n",
		"empty":           "",
		"every byte":      allBytes(),
		"at the limit":    strings.Repeat("x", 1000),
		"over the limit":  strings.Repeat("y", 1001),
		"many times that": strings.Repeat("0123456789abcdef", 20000),
	} {
		t.Run(name, func(t *testing.T) {
			cfg := Config{Dir: t.TempDir(), LargeBytes: 1000}
			j := mustOpen(t, cfg, Deps{})
			want := envelope("")
			want.TLS, want.SMTPUTF8, want.Flags = "TLS 1.3", true, []string{"nul"}

			id, err := j.Put(t.Context(), want, iotest.OneByteReader(strings.NewReader(text)))
			if err != nil {
				t.Fatal(err)
			}
			m := mustNext(t, j)
			if m.ID != id || body(t, m) != text {
				t.Errorf("Next: mail %s with %d bytes, want %s with %d", m.ID, m.Size, id, len(text))
			}
			if diff := cmp.Diff(want, m.Envelope); diff != "" {
				t.Errorf("envelope (-want +got):\n%s", diff)
			}
			if err := j.Done(id); err != nil {
				t.Fatal(err)
			}

			j = reopen(t, j, cfg, Deps{})
			idle(t, j)
			again, err := j.Read(id)
			if err != nil || body(t, again) != text {
				t.Errorf("Read after Done: %v, %d bytes", err, again.Size)
			}
		})
	}
}

func allBytes() string {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	return string(b)
}

func TestNextHandsOutEachMailOnceOldestFirst(t *testing.T) {
	j := mustOpen(t, Config{Dir: t.TempDir(), SegmentBytes: 2000}, Deps{disk: rapidDisk{}})
	want := numbered(30) // over several segments
	for _, s := range want {
		mustPut(t, j, s)
	}
	if diff := cmp.Diff(want, pendingBodies(t, j)); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestManyWritersManyReaders(t *testing.T) {
	j := mustOpen(t, Config{Dir: t.TempDir(), SegmentBytes: 10_000, LargeBytes: 500}, Deps{disk: rapidDisk{}})
	const writers, each, readers = 16, 25, 4
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // hang guard
	defer cancel()

	var mu sync.Mutex
	put, got := map[ID]string{}, map[ID]string{}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				text := strings.Repeat(string(rune('a'+w)), 40*i) // from 13 on of their own file
				id, err := j.Put(ctx, envelope("anna@kunde.example"), strings.NewReader(text))
				if err != nil {
					t.Errorf("Put: %v", err)
					return
				}
				mu.Lock()
				put[id] = text
				mu.Unlock()
			}
		})
	}
	for range readers {
		wg.Go(func() {
			for range writers * each / readers {
				m, err := j.Next(ctx)
				if err != nil {
					t.Errorf("Next: %v", err)
					return
				}
				b, err := m.Bytes()
				mu.Lock()
				if _, twice := got[m.ID]; twice || err != nil {
					t.Errorf("mail %s handed out twice, or %v", m.ID, err)
				}
				got[m.ID] = string(b)
				mu.Unlock()
				if err := j.Done(m.ID); err != nil {
					t.Errorf("Done: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff(put, got); diff != "" {
		t.Errorf("mails (-put +got):\n%s", diff)
	}
	if st := j.Stats(); st.Pending != 0 || st.Parked != 0 {
		t.Errorf("after all is done: %+v", st)
	}
}

func TestReleasedMailWaitsForItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := mustOpen(t, Config{Dir: t.TempDir()}, Deps{})
		first, second := mustPut(t, j, "first"), mustPut(t, j, "second")
		if m := mustNext(t, j); m.ID != first || m.Tries != 1 {
			t.Fatalf("got %s, try %d", m.ID, m.Tries)
		}
		start := time.Now()
		j.Release(first, start.Add(20*time.Second))

		if m := mustNext(t, j); m.ID != second {
			t.Errorf("got %s, want the second mail while the first waits", m.ID)
		}
		if m := mustNext(t, j); m.ID != first || m.Tries != 2 {
			t.Errorf("got %s, try %d, want the first mail again", m.ID, m.Tries)
		}
		if waited := time.Since(start); waited != 20*time.Second {
			t.Errorf("waited %v, want 20s", waited)
		}

		j.Release(first, time.Time{})
		if m := mustNext(t, j); m.ID != first {
			t.Errorf("got %s, want the first mail at once", m.ID)
		}
		j.Release(first, time.Time{})
		j.Release(first, time.Time{}) // not handed out any more
		j.Release("unknown", time.Time{})
		mustNext(t, j)
		idle(t, j)
	})
}

func TestNextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := mustOpen(t, Config{Dir: t.TempDir()}, Deps{})
		ctx, cancel := context.WithCancel(t.Context())
		cancelled, closed := make(chan error, 1), make(chan error, 1)
		go func() { _, err := j.Next(ctx); cancelled <- err }()
		go func() { _, err := j.Next(context.WithoutCancel(ctx)); closed <- err }()
		synctest.Wait()
		cancel()
		if err := <-cancelled; !errors.Is(err, context.Canceled) {
			t.Errorf("after cancel: %v", err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-closed; !errors.Is(err, ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	})
}

func TestClosedJournal(t *testing.T) {
	j := mustOpen(t, Config{Dir: t.TempDir()}, Deps{})
	id := mustPut(t, j, "hej")
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	_, putErr := j.Put(t.Context(), Envelope{}, strings.NewReader(""))
	_, nextErr := j.Next(t.Context())
	_, replayErr := j.Replay(time.Time{})
	for name, err := range map[string]error{
		"Put": putErr, "Next": nextErr, "Replay": replayErr,
		"Done": j.Done(id), "Park": j.Park(id, ""), "Retry": j.Retry(id), "Sweep": j.Sweep(t.Context(), time.Now(), nil),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s: %v, want ErrClosed", name, err)
		}
	}
	if _, err := j.Read(id); err != nil {
		t.Errorf("Read: %v", err)
	}
	if err := j.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestParkedMailIsListedAndKept(t *testing.T) {
	dir, clk := t.TempDir(), newClock()
	cfg, deps := Config{Dir: dir, SegmentBytes: 300}, Deps{Now: clk.now, Boot: "a"}
	j := mustOpen(t, cfg, deps)
	id := mustPut(t, j, "an odd mail")
	mustPut(t, j, "one that rolls the segment")
	mustNext(t, j)
	reason := "parse: line one\nline two, \"quoted\", ærgerligt"
	if err := j.Park(id, reason); err != nil {
		t.Fatal(err)
	}
	if err := j.Done(mustNext(t, j).ID); err != nil {
		t.Fatal(err)
	}
	idle(t, j)

	deps.Boot = "b" // unlike a done mark a park mark holds through a power failure
	j = reopen(t, j, cfg, deps)
	want := []Parked{{ID: id, Reason: reason, At: clk.now()}}
	if diff := cmp.Diff(want, j.Parked()); diff != "" {
		t.Errorf("Parked (-want +got):\n%s", diff)
	}
	if st := j.Stats(); st.Parked != 1 || st.Pending != 1 { // the other was not yet safe
		t.Errorf("%+v", st)
	}
	clk.advance(365 * 24 * time.Hour)
	if err := j.Sweep(t.Context(), clk.now(), nil); err != nil {
		t.Fatal(err)
	}
	if m, err := j.Read(id); err != nil || body(t, m) != "an odd mail" {
		t.Errorf("Read after a year: %v", err)
	}

	if err := j.Retry(id); err != nil {
		t.Fatal(err)
	}
	j = reopen(t, j, cfg, deps)
	if m := mustNext(t, j); m.ID != id {
		t.Errorf("got %s, want the mail that was parked", m.ID)
	}
	if err := j.Retry(id); !errors.Is(err, ErrNotFound) {
		t.Errorf("Retry of a mail that is not parked: %v", err)
	}
	if err := j.Park("unknown", ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("Park of an unknown mail: %v", err)
	}
	if err := j.Done("unknown"); err != nil {
		t.Errorf("Done of an unknown mail: %v", err)
	}
}

// Fault 25: two daemons on one folder.
func TestSecondOpenerIsRefused(t *testing.T) {
	cfg := Config{Dir: t.TempDir()}
	j := mustOpen(t, cfg, Deps{})
	if _, err := Open(cfg, Deps{}); !errors.Is(err, ErrLocked) {
		t.Fatalf("second Open: %v, want ErrLocked", err)
	}
	reopen(t, j, cfg, Deps{})
}

func TestFilesAreOurs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "journal")
	j := mustOpen(t, Config{Dir: dir, LargeBytes: 10}, Deps{})
	mustPut(t, j, "small")
	if err := j.Done(mustPut(t, j, "larger than ten")); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestConfigFaultsAreReportedTogether(t *testing.T) {
	err := Config{SegmentBytes: -1, LargeBytes: 1 << 40, Retention: -1}.Validate()
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{"folder", "segment size", "large mail", "retention"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not name the %s", err, part)
		}
	}
	if _, err := Open(Config{}, Deps{}); err == nil {
		t.Error("Open takes a Config that is not valid")
	}
}

func TestStats(t *testing.T) {
	clk := newClock()
	j := mustOpen(t, Config{Dir: t.TempDir(), LargeBytes: 100}, Deps{Now: clk.now})
	start := clk.now()
	for range 3 {
		mustPut(t, j, strings.Repeat("x", 1000))
		clk.advance(time.Minute)
	}
	oldest := func(want time.Time) {
		t.Helper()
		if got := j.Stats().Oldest.Truncate(time.Second); !got.Equal(want) {
			t.Errorf("oldest %v, want %v", got, want)
		}
	}
	oldest(start)
	a, b := mustNext(t, j), mustNext(t, j)
	oldest(start) // handed out is still pending
	j.Release(a.ID, clk.now().Add(time.Hour))
	oldest(start) // so is delayed
	if err := j.Done(a.ID); err != nil {
		t.Fatal(err)
	}
	if err := j.Park(b.ID, "odd"); err != nil {
		t.Fatal(err)
	}
	oldest(start.Add(2 * time.Minute))
	st := j.Stats()
	if st.Pending != 1 || st.Parked != 1 || st.Segments != 1 || st.Bytes < 3000 || st.Bytes > 6000 {
		t.Errorf("%+v", st)
	}
}

// Fault 23: whatever the clock does, IDs never sort before those given out
// before, also over a restart, and a mail is found by its ID.
func TestClockSetBack(t *testing.T) {
	clk := newClock()
	cfg := Config{Dir: t.TempDir(), SegmentBytes: 1000}
	deps := Deps{Now: clk.now, disk: rapidDisk{}}
	j := mustOpen(t, cfg, deps)
	var ids []ID
	for i, step := range []time.Duration{0, 24 * time.Hour, -48 * time.Hour, time.Hour, -time.Hour} {
		clk.advance(step)
		for range 5 {
			ids = append(ids, mustPut(t, j, strings.Repeat("x", 50*i)))
		}
		j = reopen(t, j, cfg, deps)
	}
	if !slices.IsSortedFunc(ids, func(a, b ID) int { return strings.Compare(a.stamp(), b.stamp()) }) {
		t.Errorf("times of IDs run backwards: %v", ids)
	}
	for i, id := range ids {
		if m, err := j.Read(id); err != nil || m.Size != int64(50*(i/5)) {
			t.Errorf("Read %s: %v, %d bytes", id, err, m.Size)
		}
	}
}

func TestParseID(t *testing.T) {
	at := time.UnixMilli(1_773_043_200_123)
	m := mint{now: func() time.Time { return at }, random: newChance(1)}
	id, err := m.mail()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ParseID(string(id)); err != nil || got != id || !id.Time().Equal(at) {
		t.Errorf("ParseID(%q) = %q, %v, time %v", id, got, err, id.Time())
	}
	for _, bad := range []string{"", "0", strings.ToUpper("zzzzzzzzzzzzzzzzzzza"), "../../../../etc/pass", "iloulilouliloulilou0", string(id) + "0"} {
		if got, err := ParseID(bad); err == nil {
			t.Errorf("ParseID(%q) = %q, want an error", bad, got)
		}
		if !ID(bad).Time().IsZero() {
			t.Errorf("ID(%q) has a time", bad)
		}
	}
}
