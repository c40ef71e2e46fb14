package journal

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const day = 24 * time.Hour

// fileAll files what the journal hands out.
func fileAll(t testing.TB, j *Journal) {
	t.Helper()
	for range j.Stats().Pending {
		if err := j.Done(mustNext(t, j).ID); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSweepDeletesWhatIsDoneAndOld(t *testing.T) {
	clk := newClock()
	cfg := Config{Dir: t.TempDir(), LargeBytes: 100, Retention: 7 * day}
	j := mustOpen(t, cfg, Deps{Now: clk.now})
	large := strings.Repeat("a large mail", 100)
	sweep := func() {
		t.Helper()
		if err := j.Sweep(t.Context(), clk.now(), nil); err != nil {
			t.Fatal(err)
		}
	}
	left := func(when string, segments, large int) {
		t.Helper()
		names := files(t, cfg.Dir)
		if n := len(matching(names, segmentSuffix)); n != segments || j.Stats().Segments != n {
			t.Errorf("%s: segments %v, %+v, want %d", when, names, j.Stats(), segments)
		}
		if n := len(matching(names, "large/")); n != large {
			t.Errorf("%s: large mails %v, want %d", when, names, large)
		}
	}

	mustPut(t, j, "Monday")
	mustPut(t, j, large)
	fileAll(t, j)
	clk.advance(2 * day)
	sweep() // on a quiet desk too the segment is sealed, so that it can age
	wednesday := mustPut(t, j, "Wednesday, not done")
	id := mustPut(t, j, large)
	left("after two days", 2, 2)

	clk.advance(5*day + time.Minute)
	sweep()
	left("after seven days", 1, 1)

	clk.advance(365 * day)
	sweep()
	left("a year later, with mails that are not done", 1, 1)
	if m, err := j.Read(id); err != nil || body(t, m) != large {
		t.Errorf("Read: %v", err)
	}

	fileAll(t, j)
	sweep()
	left("once they are done", 0, 0)
	if _, err := j.Read(wednesday); !errors.Is(err, ErrNotFound) {
		t.Errorf("Read of a swept mail: %v, want ErrNotFound", err)
	}
	if names := files(t, cfg.Dir); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
	sweep()
}

// A sealed segment with all its mails done costs nothing at the next start: it
// is not even read.
func TestSettledSegmentIsNotRead(t *testing.T) {
	clk := newClock()
	cfg := Config{Dir: t.TempDir()}
	deps := Deps{Now: clk.now, Boot: "a"}
	j := mustOpen(t, cfg, deps)
	id := mustPut(t, j, "hej")
	fileAll(t, j)
	clk.advance(2 * day)
	if err := j.Sweep(t.Context(), clk.now(), nil); err != nil {
		t.Fatal(err)
	}
	writeFile(t, onlySegment(t, cfg.Dir), []byte("reading this would find damage"))
	deps.Boot = "b" // and it was made safe: a power failure changes nothing
	clk.advance(-30 * day)
	j = reopen(t, j, cfg, deps)
	idle(t, j)
	if st := j.Stats(); st.Segments != 1 || st.Damaged != 0 || st.Bytes == 0 {
		t.Errorf("%+v", st)
	}
	if next := mustPut(t, j, "hej igen"); next.stamp() < id.stamp() {
		t.Errorf("new ID %s sorts before %s", next, id)
	}
}

// shelf is an archive in memory, which fails as told.
type shelf struct {
	mu             sync.Mutex
	kept           map[ID]string
	putErr, sync   error
	puts, syncings int
}

func (s *shelf) Put(_ context.Context, id ID, r io.Reader) error {
	b, err := io.ReadAll(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.puts++
	if s.putErr != nil {
		return s.putErr
	}
	if s.kept == nil {
		s.kept = make(map[ID]string)
	}
	s.kept[id] = string(b)
	return err
}

func (s *shelf) Sync() error { s.syncings++; return s.sync }

// The order is what saves mail: nothing is deleted before the archive has it and
// is durable.
func TestSweepArchivesFirst(t *testing.T) {
	clk := newClock()
	cfg := Config{Dir: t.TempDir(), LargeBytes: 100}
	deps := Deps{Now: clk.now, Boot: "a"}
	j := mustOpen(t, cfg, deps)
	large := strings.Repeat("a large mail", 100)
	want := map[ID]string{mustPut(t, j, "hej"): "hej", mustPut(t, j, large): large}
	fileAll(t, j)
	clk.advance(30 * day)

	full := errors.New("no space left for the archive")
	for _, a := range []*shelf{{putErr: full}, {sync: full}} {
		if err := j.Sweep(t.Context(), clk.now(), a); !errors.Is(err, full) {
			t.Errorf("Sweep: %v, want %v", err, full)
		}
		if len(matching(files(t, cfg.Dir), segmentSuffix)) != 1 {
			t.Error("deleted though the archive failed")
		}
		if diff := cmp.Diff([]string(nil), pendingBodies(t, j)); diff != "" {
			t.Errorf("pending after the archive failed (-want +got):\n%s", diff)
		}
	}
	j = reopen(t, j, cfg, deps)
	// Fault 10 for the archive: its next sync may succeed though the bytes are
	// gone, so all of it is put again.
	a := &shelf{}
	if err := j.Sweep(t.Context(), clk.now(), a); err != nil || a.syncings != 1 {
		t.Errorf("Sweep: %v after %d syncs", err, a.syncings)
	}
	if diff := cmp.Diff(want, a.kept); diff != "" {
		t.Errorf("archived (-want +got):\n%s", diff)
	}
	if names := files(t, cfg.Dir); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
	if err := j.Sweep(t.Context(), clk.now(), a); err != nil || a.syncings != 1 || a.puts != len(want) {
		t.Errorf("a Sweep without anything new: %v after %d puts and %d syncs", err, a.puts, a.syncings)
	}
}

// An archive that is away is asked for one segment and no more, however many wait; the
// marks of the others are written down all the same.
func TestSweepLeavesAnArchiveThatIsAway(t *testing.T) {
	clk := newClock()
	cfg := Config{Dir: t.TempDir()}
	j := mustOpen(t, cfg, Deps{Now: clk.now})
	for range 3 {
		mustPut(t, j, "hej")
		if _, err := j.Seal(); err != nil {
			t.Fatal(err)
		}
	}
	fileAll(t, j)
	away := errors.New("the archive is away")
	a := &shelf{putErr: away}
	if err := j.Sweep(t.Context(), clk.now(), a); !errors.Is(err, away) || a.puts != 1 {
		t.Errorf("Sweep: %v after %d puts", err, a.puts)
	}
	a.putErr = nil
	if err := j.Sweep(t.Context(), clk.now(), a); err != nil || len(a.kept) != 3 {
		t.Errorf("Sweep when it is back: %v, %d mails archived", err, len(a.kept))
	}
}

// A segment is archived once, when it is finished, and stays readable here until
// its retention is over.
func TestSweepArchivesAFinishedSegmentOnce(t *testing.T) {
	clk := newClock()
	cfg := Config{Dir: t.TempDir(), Retention: 7 * day}
	j := mustOpen(t, cfg, Deps{Now: clk.now})
	id := mustPut(t, j, "hej")
	waiting := mustPut(t, j, "venter")
	if err := j.Done(mustNext(t, j).ID); err != nil {
		t.Fatal(err)
	}
	a := &shelf{}
	sweep := func(puts int) {
		t.Helper()
		if err := j.Sweep(t.Context(), clk.now(), a); err != nil || a.puts != puts {
			t.Errorf("Sweep: %v after %d puts, want %d", err, a.puts, puts)
		}
	}
	sweep(0) // still written
	clk.advance(2 * day)
	sweep(0) // sealed, but one mail is left
	if err := j.Done(mustNext(t, j).ID); err != nil {
		t.Fatal(err)
	}
	sweep(2)
	sweep(2)
	for _, id := range []ID{id, waiting} {
		if _, err := j.Read(id); err != nil {
			t.Errorf("Read(%s): %v", id, err)
		}
	}
}

// After a power failure the store may lack what was filed since the last Sweep,
// though the done mark is there. Such mail comes again; what was made safe does
// not, nor does any after a mere crash of the process.
func TestDoneMarksAfterPowerFailure(t *testing.T) {
	cfg := Config{Dir: t.TempDir()}
	deps := Deps{Boot: "a"}
	j := mustOpen(t, cfg, deps)
	for _, s := range []string{"safe", "filed", "waiting"} {
		mustPut(t, j, s)
	}
	done := func() {
		t.Helper()
		if err := j.Done(mustNext(t, j).ID); err != nil {
			t.Fatal(err)
		}
	}
	restart := func(boot string, want ...string) {
		t.Helper()
		deps.Boot = boot
		j = reopen(t, j, cfg, deps)
		if diff := cmp.Diff(want, pendingBodies(t, j)); diff != "" {
			t.Errorf("boot %q: pending (-want +got):\n%s", boot, diff)
		}
		j = reopen(t, j, cfg, deps) // gives back what was handed out
	}
	sweep := func() {
		t.Helper()
		if err := j.Sweep(t.Context(), time.Now(), nil); err != nil {
			t.Fatal(err)
		}
	}

	done()
	sweep()
	done()
	restart("a", "waiting")
	restart("b", "filed", "waiting")

	// A Sweep in the new run must not make the void mark good.
	j.Release(mustNext(t, j).ID, time.Now().Add(time.Hour))
	done() // "waiting"
	sweep()
	restart("b", "filed")
	restart("c", "filed")
	done()
	restart("c")
	restart("d", "filed")
	done()
	sweep()
	restart("e")
}

// Fault 20: the store has lost its last hours; Replay files them again.
func TestReplay(t *testing.T) {
	clk := newClock()
	cfg := Config{Dir: t.TempDir(), SegmentBytes: 700, LargeBytes: 100, Retention: 30 * day}
	deps := Deps{Now: clk.now, Boot: "a"}
	j := mustOpen(t, cfg, deps)
	var want []string
	var since time.Time
	for i, s := range numbered(12) {
		if i == 5 {
			since = clk.now()
		}
		if i%4 == 3 {
			s = strings.Repeat(s, 10)
		}
		if i >= 5 {
			want = append(want, s)
		}
		mustPut(t, j, s)
		clk.advance(time.Hour)
	}
	fileAll(t, j)
	clk.advance(10 * day)
	if err := j.Sweep(t.Context(), clk.now(), nil); err != nil { // settles them all, deletes none
		t.Fatal(err)
	}

	n, err := j.Replay(since)
	if err != nil || n != len(want) {
		t.Errorf("Replay: %d, %v, want %d", n, err, len(want))
	}
	if n, err := j.Replay(since); err != nil || n != 0 {
		t.Errorf("Replay of what is pending: %d, %v", n, err)
	}
	deps.Boot = "b" // the others, in the same segments, stay done
	j = reopen(t, j, cfg, deps)
	if diff := cmp.Diff(want, pendingBodies(t, j)); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
}

func TestReader(t *testing.T) {
	clk := newClock()
	cfg := Config{Dir: t.TempDir(), SegmentBytes: 700, LargeBytes: 100}
	j := mustOpen(t, cfg, Deps{Now: clk.now})
	if _, err := OpenReadOnly(Config{Dir: cfg.Dir + "-absent"}); err == nil {
		t.Error("opened a journal that is not there")
	}
	mails := append(numbered(5), strings.Repeat("large", 100))
	var ids []ID
	for _, s := range mails {
		ids = append(ids, mustPut(t, j, s))
	}
	if err := errors.Join(j.Done(ids[1]), j.Park(ids[4], "odd")); err != nil {
		t.Fatal(err)
	}

	r, err := OpenReadOnly(cfg) // while the journal is open for writing
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	want := []State{StatePending, StateDone, StatePending, StatePending, StateParked, StatePending}
	for item, err := range r.All() {
		if err != nil {
			t.Fatal(err)
		}
		if s := want[len(got)]; item.State != s || item.ID != ids[len(got)] || item.Parked.Reason != map[State]string{StateParked: "odd"}[s] {
			t.Errorf("mail %d: %+v, want %s", len(got), item, s)
		}
		got = append(got, body(t, item.Mail))
	}
	if diff := cmp.Diff(mails, got); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
	for range r.All() {
		break // must not panic
	}

	for i, id := range ids {
		if m, err := r.Read(id); err != nil || body(t, m) != mails[i] {
			t.Errorf("Read %s: %v", id, err)
		}
	}
	for _, id := range []ID{"", "../lock", "00000000000000000000", "zzzzzzzzzzzzzzzzzzzz"} {
		if _, err := r.Read(id); !errors.Is(err, ErrNotFound) {
			t.Errorf("Read %q: %v, want ErrNotFound", id, err)
		}
	}
}

// Since bounds what may be replayed: no mail that is kept is older.
func TestSince(t *testing.T) {
	clk := newClock()
	cfg := Config{Dir: t.TempDir(), Retention: 7 * day}
	j := mustOpen(t, cfg, Deps{Now: clk.now})
	if since := j.Since(); !since.IsZero() {
		t.Errorf("an empty journal has mails since %v", since)
	}
	want := func(oldest ID) {
		t.Helper()
		if since := j.Since(); since.After(oldest.Time()) || oldest.Time().Sub(since) > time.Minute {
			t.Errorf("since %v, the oldest mail is of %v", since, oldest.Time())
		}
	}
	monday := mustPut(t, j, "Monday")
	want(monday)
	fileAll(t, j)
	for range 2 { // sealed first
		clk.advance(2 * day)
		if err := j.Sweep(t.Context(), clk.now(), nil); err != nil {
			t.Fatal(err)
		}
	}
	friday := mustPut(t, j, "Friday")
	want(monday)
	clk.advance(4 * day)
	if err := j.Sweep(t.Context(), clk.now(), nil); err != nil {
		t.Fatal(err)
	}
	want(friday)
}
