package storetest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"aismarttalk.tech/supportd/store"
)

// Two first mails of a thread race for the same absent key: one opens the
// ticket, the other learns of it.
func oneCreatorWins(t *testing.T, b store.Backend) {
	const rounds, creators = 30, 4
	for round := range rounds {
		key := fmt.Sprintf("clue/%d", round)
		var won atomic.Int32
		var wg sync.WaitGroup
		start := make(chan struct{})
		for i := range creators {
			wg.Go(func() {
				<-start
				err := b.Apply(t.Context(), store.Batch{
					Check: []store.Check{{Key: key}},
					Put:   []store.Record{{Key: key, Value: strconv.AppendInt(nil, int64(i), 10)}},
				})
				if err == nil {
					won.Add(1)
				} else if !errors.Is(err, store.ErrConflict) {
					t.Error(err)
				}
			})
		}
		close(start)
		wg.Wait()
		if n := won.Load(); n != 1 {
			t.Fatalf("round %d: %d of %d creators won", round, n, creators)
		}
	}
}

func concurrentIncrements(t *testing.T, b store.Backend) {
	const writers, increments = 8, 25
	s := impatient(t, b)
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range increments {
				if err := s.Update(t.Context(), increment("ticket/1")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got, want := string(mustGet(t, b, "ticket/1").Value), fmt.Sprint(writers*increments); got != want {
		t.Errorf("counted to %s, want %s", got, want)
	}
}

// increment returns a function for Update that adds one to the number in a key.
func increment(key string) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		r, err := tx.Get(key)
		if err != nil {
			return err
		}
		n := 0
		if r[0].Exists() {
			if n, err = strconv.Atoi(string(r[0].Value)); err != nil {
				return err
			}
		}
		tx.Put(key, strconv.AppendInt(nil, int64(n+1), 10))
		return nil
	}
}

// A token wanders from key to key, each step one batch. Whoever reads all the
// keys, by Get or by Scan, finds it once: never twice, never between two keys.
func readsAreOfOneMoment(t *testing.T, b store.Backend) {
	const places, steps = 5, 300
	place := func(i int) string { return fmt.Sprintf("index/%d", i%places) }
	keys := make([]string, places)
	for i := range keys {
		keys[i] = place(i)
	}
	mustPut(t, b, place(0), "token")
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(done)
		for i := range steps {
			move(t, b, place(i*3), place((i+1)*3))
		}
	})
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		records, err := b.Get(t.Context(), keys...)
		if err != nil {
			t.Error(err)
		}
		found := 0
		for _, r := range records {
			if r.Exists() {
				found++
			}
		}
		if found != 1 {
			t.Errorf("Get finds the token %d times", found)
		}
		records, err = b.Scan(t.Context(), "index/", "index0", places)
		if err != nil || len(records) != 1 {
			t.Errorf("Scan finds the token %d times, %v", len(records), err)
		}
		if t.Failed() {
			break
		}
	}
	wg.Wait()
}

func move(t *testing.T, b store.Backend, from, to string) {
	err := b.Apply(t.Context(), store.Batch{
		Put:    []store.Record{{Key: to, Value: []byte("token")}},
		Delete: []string{from},
	})
	if err != nil {
		t.Error(err)
	}
}

// Whatever batches a backend writes together, one that conflicts or is invalid
// takes no other with it.
func conflictFailsAlone(t *testing.T, b store.Backend) {
	const writers, each = 8, 20
	mustPut(t, b, "ticket/taken", "x")
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				key := fmt.Sprintf("event/%d/%d", w, i)
				batch := store.Batch{Put: []store.Record{{Key: key, Value: []byte(key)}}}
				if w%2 == 0 {
					batch.Check = []store.Check{{Key: "ticket/taken"}}
				}
				err := b.Apply(t.Context(), batch)
				if w%2 == 0 && !errors.Is(err, store.ErrConflict) || w%2 == 1 && err != nil {
					t.Errorf("writer %d: Apply = %v", w, err)
				}
			}
		})
	}
	wg.Wait()
	records, err := b.Scan(t.Context(), "event/", "event0", writers*each)
	if want := writers / 2 * each; err != nil || len(records) != want {
		t.Errorf("%d records, %v, want %d", len(records), err, want)
	}
}
