package store_test

import (
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/storetest"
)

var noon = time.Date(2026, 11, 22, 12, 36, 0, 0, time.UTC)

func enqueue(t *testing.T, s *store.Store, jobs ...store.Job) {
	t.Helper()
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		for _, j := range jobs {
			tx.Enqueue(j)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func lease(t *testing.T, s *store.Store, now time.Time, n int) []store.Job {
	t.Helper()
	jobs, err := s.Lease(t.Context(), "outbox", now, time.Minute, n)
	if err != nil {
		t.Fatal(err)
	}
	return jobs
}

func settle(t *testing.T, s *store.Store, j store.Job) error {
	t.Helper()
	return s.Update(t.Context(), func(tx *store.Tx) error { return tx.Settle(j) })
}

func TestJobKeySortsByTime(t *testing.T) {
	copenhagen := time.FixedZone("CET", 3600)
	for _, c := range []struct {
		due  time.Time
		want string
	}{
		{noon, "job/outbox/20261122T123600.000Z/n1"},
		{noon.In(copenhagen), "job/outbox/20261122T123600.000Z/n1"},
		{noon.Add(time.Nanosecond), "job/outbox/20261122T123600.001Z/n1"}, // never too early
		{noon.Add(time.Millisecond), "job/outbox/20261122T123600.001Z/n1"},
	} {
		if got := store.JobKey("outbox", c.due, "n1"); got != c.want {
			t.Errorf("JobKey(%v) = %s, want %s", c.due, got, c.want)
		}
	}
}

func TestLeaseTakesWhatIsDue(t *testing.T) {
	s, _ := open(t)
	enqueue(t, s,
		store.Job{Queue: "outbox", ID: "late", Due: noon.Add(-time.Hour), Payload: json.RawMessage(`{"to":"a@firma.example"}`)},
		store.Job{Queue: "outbox", ID: "now", Due: noon},
		store.Job{Queue: "outbox", ID: "soon", Due: noon.Add(time.Nanosecond)},
		store.Job{Queue: "outbox2", ID: "other", Due: noon},
	)
	jobs := lease(t, s, noon, 10)
	if len(jobs) != 2 || jobs[0].ID != "late" || jobs[1].ID != "now" {
		t.Fatalf("leased %+v", jobs)
	}
	if j := jobs[0]; j.Queue != "outbox" || j.Try != 1 || !j.Due.Equal(noon.Add(time.Minute)) || string(j.Payload) != `{"to":"a@firma.example"}` {
		t.Errorf("leased %+v", j)
	}
	if again := lease(t, s, noon, 10); len(again) != 0 {
		t.Errorf("leased again: %+v", again)
	}
}

func TestLeaseTakesTheOldestFirst(t *testing.T) {
	s, _ := open(t)
	for i, id := range []string{"c", "a", "b"} {
		enqueue(t, s, store.Job{Queue: "outbox", ID: id, Due: noon.Add(time.Duration(i) * time.Second)})
	}
	var got string
	for range 4 {
		for _, j := range lease(t, s, noon.Add(time.Second*30), 1) {
			got += j.ID
		}
	}
	if got != "cab" {
		t.Errorf("leased in order %q, want cab", got)
	}
}

// A worker that dies loses nothing: when its lease ends, another gets the job, and
// what the first still tries to write about it is refused.
func TestLostLease(t *testing.T) {
	s, _ := open(t)
	enqueue(t, s, store.Job{Queue: "outbox", ID: "n1", Due: noon})
	first := lease(t, s, noon, 1)[0]
	if early := lease(t, s, noon.Add(time.Minute-1), 1); len(early) != 0 {
		t.Fatalf("leased before the lease ended: %+v", early)
	}
	second := lease(t, s, noon.Add(time.Minute), 1)[0]
	if second.Try != 2 {
		t.Errorf("the second lease is try %d", second.Try)
	}
	if err := settle(t, s, first); !errors.Is(err, store.ErrLost) {
		t.Errorf("settling a lost lease: %v, want ErrLost", err)
	}
	err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.Reschedule(first, noon) })
	if !errors.Is(err, store.ErrLost) {
		t.Errorf("rescheduling a lost lease: %v, want ErrLost", err)
	}
	if err := settle(t, s, second); err != nil {
		t.Error(err)
	}
	if err := settle(t, s, second); !errors.Is(err, store.ErrLost) {
		t.Errorf("settling twice: %v, want ErrLost", err)
	}
	if _, ok, err := s.NextDue(t.Context(), "outbox"); ok || err != nil {
		t.Errorf("NextDue of an empty queue = %v, %v", ok, err)
	}
}

// A job made anew at the very key of a lease is not the leased one.
func TestSettleKnowsALeaseFromANewJob(t *testing.T) {
	s, _ := open(t)
	enqueue(t, s, store.Job{Queue: "outbox", ID: "n1", Due: noon})
	leased := lease(t, s, noon, 1)[0]
	enqueue(t, s, store.Job{Queue: "outbox", ID: "n1", Due: leased.Due})
	if err := settle(t, s, leased); !errors.Is(err, store.ErrLost) {
		t.Errorf("Settle = %v, want ErrLost", err)
	}
}

func TestReschedule(t *testing.T) {
	s, _ := open(t)
	enqueue(t, s, store.Job{Queue: "outbox", ID: "n1", Due: noon, Payload: json.RawMessage(`1`)})
	job := lease(t, s, noon, 1)[0]
	job.Payload = json.RawMessage(`{"failed":"451"}`)
	later := noon.Add(time.Hour)
	err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.Reschedule(job, later) })
	if err != nil {
		t.Fatal(err)
	}
	if due, ok, err := s.NextDue(t.Context(), "outbox"); !due.Equal(later) || !ok || err != nil {
		t.Errorf("NextDue = %v, %v, %v", due, ok, err)
	}
	again := lease(t, s, later, 1)[0]
	if again.Try != 2 || string(again.Payload) != `{"failed":"451"}` {
		t.Errorf("leased %+v", again)
	}
}

func TestConcurrentLeasesNeverShareAJob(t *testing.T) {
	s, _ := open(t)
	const jobs = 200
	for i := range jobs {
		enqueue(t, s, store.Job{Queue: "outbox", ID: string(rune('a'+i%26)) + string(rune('a'+i/26)), Due: noon})
	}
	var mu sync.Mutex
	got := map[string]int{}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				leased, err := s.Lease(t.Context(), "outbox", noon, time.Minute, 3)
				if errors.Is(err, store.ErrConflict) {
					continue
				}
				if err != nil || len(leased) == 0 {
					if err != nil {
						t.Error(err)
					}
					return
				}
				mu.Lock()
				for _, j := range leased {
					got[j.ID]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(got) != jobs {
		t.Errorf("leased %d different jobs, want %d", len(got), jobs)
	}
	for id, n := range got {
		if n != 1 {
			t.Errorf("job %s was leased %d times", id, n)
		}
	}
}

// Jobs that share an ID stay two, leased together or one after the other.
func TestJobsOfOneID(t *testing.T) {
	for _, n := range []int{2, 1} {
		s, _ := open(t)
		enqueue(t, s,
			store.Job{Queue: "outbox", ID: "n1", Due: noon.Add(-time.Minute), Payload: json.RawMessage(`1`)},
			store.Job{Queue: "outbox", ID: "n1", Due: noon, Payload: json.RawMessage(`2`)},
		)
		var got string
		for range 3 {
			for _, j := range lease(t, s, noon, n) {
				got += string(j.Payload)
				defer func() {
					if err := settle(t, s, j); err != nil {
						t.Errorf("%d at a time: settling %s: %v", n, j.Payload, err)
					}
				}()
			}
		}
		if got != "12" {
			t.Errorf("%d at a time: leased %q, want each once", n, got)
		}
	}
}

// faults 6 and 7: a lease whose answer gets lost belongs to nobody, and the job comes
// again when it ends; settling tells a worker that had settled without knowing.
func TestLostAnswers(t *testing.T) {
	b := memkv.New()
	enqueue(t, with(t, b), store.Job{Queue: "outbox", ID: "n1", Due: noon})
	s := with(t, storetest.Failing(b, storetest.Script(storetest.After, storetest.None, storetest.Before, storetest.After)))
	if jobs, err := s.Lease(t.Context(), "outbox", noon, time.Minute, 1); !errors.Is(err, storetest.ErrFault) || jobs != nil {
		t.Fatalf("Lease = %v, %v, want ErrFault", jobs, err)
	}
	if jobs := lease(t, s, noon, 1); len(jobs) != 0 {
		t.Errorf("leased again at once: %+v", jobs)
	}
	jobs := lease(t, s, noon.Add(time.Minute), 1)
	if len(jobs) != 1 || jobs[0].Try != 2 {
		t.Fatalf("when the lost lease ends: %+v", jobs)
	}
	for i, want := range []error{storetest.ErrFault, storetest.ErrFault, store.ErrLost} { // before, after, done
		if err := settle(t, s, jobs[0]); !errors.Is(err, want) {
			t.Errorf("settling, time %d: %v, want %v", i+1, err, want)
		}
	}
}

// A record that is no job of ours does not block the queue: it comes as the payload
// of a first try, for the worker to give up on and show.
func TestUnreadableJobDoesNotBlockTheQueue(t *testing.T) {
	s, b := open(t)
	put(t, b, store.JobKey("outbox", noon, "bad"), "no JSON\x00")
	enqueue(t, s, store.Job{Queue: "outbox", ID: "good", Due: noon})
	jobs := lease(t, s, noon, 2)
	if len(jobs) != 2 || jobs[0].ID != "bad" || string(jobs[0].Payload) != `"no JSON\u0000"` || jobs[0].Try != 1 {
		t.Fatalf("leased %+v", jobs)
	}
	if err := settle(t, s, jobs[0]); err != nil {
		t.Error(err)
	}
}

func TestEnqueueRefuses(t *testing.T) {
	s, _ := open(t)
	for name, j := range map[string]store.Job{
		"no queue":              {ID: "n1", Due: noon},
		"no ID":                 {Queue: "outbox", Due: noon},
		"an ID that needs help": {Queue: "outbox", ID: "a/b", Due: noon},
		"a year of five digits": {Queue: "outbox", ID: "n1", Due: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"a payload not in JSON": {Queue: "outbox", ID: "n1", Due: noon, Payload: json.RawMessage("{")},
	} {
		t.Run(name, func(t *testing.T) {
			err := s.Update(t.Context(), func(tx *store.Tx) error { tx.Enqueue(j); return nil })
			if !errors.Is(err, store.ErrInvalid) {
				t.Errorf("Update = %v, want ErrInvalid", err)
			}
		})
	}
}

// A job that is there keeps its payload and its tries.
func TestEnqueueOnce(t *testing.T) {
	s, err := store.New(memkv.New(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	first := store.Job{Queue: "outbox", ID: "n1", Due: noon, Payload: json.RawMessage(`"first"`)}
	for _, payload := range []string{`"first"`, `"second"`} {
		first.Payload = json.RawMessage(payload)
		if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.EnqueueOnce(first) }); err != nil {
			t.Fatal(err)
		}
	}
	jobs := lease(t, s, noon, 10)
	if len(jobs) != 1 || string(jobs[0].Payload) != `"first"` {
		t.Errorf("jobs are %+v, want the first alone", jobs)
	}
}
