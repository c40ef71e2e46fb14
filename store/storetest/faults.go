package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
)

var noon = time.Date(2026, 11, 22, 12, 36, 0, 0, time.UTC)

// faults 5 and 16: commits fail before they are made, or their reply gets lost.
// A caller that repeats until it hears of success files each mail once.
func failedCommitsDoubleNothing(t *testing.T, b store.Backend) {
	const workers, mails = 4, 20
	s := impatient(t, Failing(b, Random(1, 0.5)))
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range mails {
				id := fmt.Sprintf("%d-%d", w, i)
				until(t, func() error { return file(t, s, id) })
			}
		})
	}
	wg.Wait()
	if got, want := string(mustGet(t, b, "ticket/count").Value), fmt.Sprint(workers*mails); got != want {
		t.Errorf("filed %s mails, want %s", got, want)
	}
	prefix := store.Prefix("job", "outbox")
	jobs, err := b.Scan(t.Context(), prefix, store.PrefixEnd(prefix), workers*mails+1)
	if err != nil || len(jobs) != workers*mails {
		t.Errorf("%d letters are owed, %v, want %d", len(jobs), err, workers*mails)
	}
}

// file does what becomes of a mail, in short: known, or counted and a letter owed.
func file(t *testing.T, s *store.Store, id string) error {
	return s.Update(t.Context(), func(tx *store.Tx) error {
		mail, err := tx.Get("mail/" + id)
		if err != nil || mail[0].Exists() {
			return err
		}
		if err := increment("ticket/count")(tx); err != nil {
			return err
		}
		tx.Put("mail/"+id, []byte("opened"))
		tx.Enqueue(store.Job{Queue: "outbox", ID: id, Due: noon})
		return nil
	})
}

// faults 6 and 7: the same for those who pay what is owed. Each job's effect, which
// is written in the commit that settles it, takes place once.
func failedLeasesLoseNothing(t *testing.T, b store.Backend) {
	const workers, jobs = 3, 30
	sound := impatient(t, b)
	for i := range jobs {
		if err := file(t, sound, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	s := impatient(t, Failing(b, Random(2, 0.3)))
	now := noon
	for {
		if _, ok, err := sound.NextDue(t.Context(), "outbox"); err != nil || !ok {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() { work(t, s, now) })
		}
		wg.Wait()
		now = now.Add(time.Minute) // what was leased to nobody comes again
		if now.After(noon.Add(24 * time.Hour)) {
			t.Fatal("jobs are left after a day")
		}
	}
	for i := range jobs {
		if got := string(mustGet(t, b, fmt.Sprintf("notice/%d", i)).Value); got != "1" {
			t.Errorf("job %d took effect %q times, want once", i, got)
		}
	}
}

// work leases until nothing is due, and settles each job with its effect. A lost
// lease is a job that somebody has done, perhaps this very worker without knowing.
func work(t *testing.T, s *store.Store, now time.Time) {
	for {
		leased, err := s.Lease(t.Context(), "outbox", now, time.Minute, 3)
		if errors.Is(err, ErrFault) {
			continue
		}
		if err != nil {
			t.Error(err)
		}
		if len(leased) == 0 {
			return
		}
		for _, job := range leased {
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				if err := tx.Settle(job); err != nil {
					return err
				}
				return increment("notice/" + job.ID)(tx)
			})
			if err != nil && !errors.Is(err, ErrFault) && !errors.Is(err, store.ErrLost) {
				t.Error(err)
			}
		}
	}
}

func until(t *testing.T, do func() error) {
	for {
		err := do()
		if err == nil {
			return
		}
		if !errors.Is(err, ErrFault) {
			t.Error(err)
			return
		}
	}
}
