package store_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/storetest"
)

// open returns a store in memory that tries again at once, and its backend.
func open(t *testing.T) (*store.Store, *memkv.Backend) {
	t.Helper()
	b := memkv.New()
	return with(t, b), b
}

func with(t *testing.T, b store.Backend) *store.Store {
	t.Helper()
	s, err := store.New(b, store.Config{Wait: func(ctx context.Context, _ int) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, b store.Backend, key, value string) {
	t.Helper()
	err := b.Apply(t.Context(), store.Batch{Put: []store.Record{{Key: key, Value: []byte(value)}}})
	if err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, b store.Backend, key string) string {
	t.Helper()
	records, err := b.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return string(records[0].Value)
}

func TestUpdateSeesItsOwnWrites(t *testing.T) {
	s, b := open(t)
	put(t, b, "ticket/1", "old")
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.Get("ticket/1", "ticket/2"); err != nil {
			return err
		}
		tx.Put("ticket/2", []byte("new"))
		tx.Delete("ticket/1")
		tx.PutBlind("event/1", []byte("blind"))
		records, err := tx.Get("ticket/1", "ticket/2", "event/1")
		if err != nil {
			return err
		}
		if records[0].Exists() || string(records[1].Value) != "new" || string(records[2].Value) != "blind" || !records[2].Exists() {
			t.Errorf("the transaction sees %+v", records)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := get(t, b, "ticket/1") + get(t, b, "ticket/2") + get(t, b, "event/1"); got != "newblind" {
		t.Errorf("committed %q", got)
	}
}

// The first read of a key counts: another writer between two reads is not seen,
// but the commit notices and runs the function again.
func TestUpdateRunsAgainOnConflict(t *testing.T) {
	for _, c := range []struct {
		name   string
		before string // value of the key before, "" = absent
		meddle store.Batch
		want   string
	}{
		{"changed", "1", store.Batch{Put: []store.Record{{Key: "ticket/1", Value: []byte("5")}}}, "5+1"},
		{"deleted", "1", store.Batch{Delete: []string{"ticket/1"}}, "+1"},
		{"created", "", store.Batch{Put: []store.Record{{Key: "ticket/1", Value: []byte("5")}}}, "5+1"},
		{"written with the same value", "1", store.Batch{Put: []store.Record{{Key: "ticket/1", Value: []byte("1")}}}, "1+1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, b := open(t)
			if c.before != "" {
				put(t, b, "ticket/1", c.before)
			}
			runs := 0
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				runs++
				first, err := tx.Get("ticket/1")
				if err != nil {
					return err
				}
				if runs == 1 {
					if err := b.Apply(t.Context(), c.meddle); err != nil {
						return err
					}
				}
				second, err := tx.Get("ticket/1")
				if err != nil {
					return err
				}
				if first[0].Rev != second[0].Rev {
					t.Errorf("the second read differs: %v, %v", first, second)
				}
				tx.Put("ticket/1", append(second[0].Value, "+1"...))
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := get(t, b, "ticket/1"); got != c.want || runs != 2 {
				t.Errorf("%q after %d runs, want %q after 2", got, runs, c.want)
			}
			if got := s.Stats(); got != (store.Stats{Commits: 1, Conflicts: 1}) {
				t.Errorf("Stats = %+v", got)
			}
		})
	}
}

func TestUpdateGivesUp(t *testing.T) {
	b := memkv.New()
	waits := 0
	s, err := store.New(b, store.Config{Tries: 3, Wait: func(context.Context, int) error { waits++; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Get("ticket/1")
		put(t, b, "ticket/1", "meddled")
		tx.Put("ticket/1", nil)
		return err
	})
	if !errors.Is(err, store.ErrConflict) || waits != 2 {
		t.Errorf("Update = %v after %d waits, want ErrConflict after 2", err, waits)
	}
}

// A function that fails for a conflict of its own, met elsewhere, is not run again.
func TestUpdateKeepsForeignConflicts(t *testing.T) {
	s, _ := open(t)
	runs := 0
	err := s.Update(t.Context(), func(*store.Tx) error {
		runs++
		return fmt.Errorf("elsewhere: %w", store.ErrConflict)
	})
	if !errors.Is(err, store.ErrConflict) || runs != 1 {
		t.Errorf("Update = %v after %d runs, want one", err, runs)
	}
}

func TestUpdateEndsWithItsContext(t *testing.T) {
	s, b := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.Get("ticket/1")
		put(t, b, "ticket/1", "meddled")
		tx.Put("ticket/1", nil)
		cancel()
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Update = %v, want context.Canceled", err)
	}
}

func TestUpdateWritesNothing(t *testing.T) {
	refused := errors.New("refused")
	var leaked *store.Tx
	for _, c := range []struct {
		name string
		fn   func(tx *store.Tx) error
		want error
	}{
		{"after an error of the function", func(tx *store.Tx) error {
			tx.PutBlind("ticket/1", nil)
			return refused
		}, refused},
		{"for a put of a key never read", func(tx *store.Tx) error {
			tx.Put("ticket/1", nil)
			return nil
		}, store.ErrInvalid},
		{"for a delete of a key never read", func(tx *store.Tx) error {
			tx.PutBlind("ticket/1", nil)
			tx.Delete("ticket/2")
			return nil
		}, store.ErrInvalid},
		{"for a key in no keyspace", func(tx *store.Tx) error {
			tx.PutBlind("ticket/1", nil)
			tx.PutBlind("{x}", nil)
			return nil
		}, store.ErrInvalid},
		{"for a value over the limit", func(tx *store.Tx) error {
			tx.PutBlind("ticket/1", make([]byte, store.MaxValue+1))
			return nil
		}, store.ErrInvalid},
		{"for a function that only reads", func(tx *store.Tx) error {
			leaked = tx
			_, err := tx.Get("ticket/1")
			return err
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, b := open(t)
			if err := s.Update(t.Context(), c.fn); !errors.Is(err, c.want) {
				t.Errorf("Update = %v, want %v", err, c.want)
			}
			if r, err := b.Get(t.Context(), "ticket/1"); err != nil || r[0].Exists() {
				t.Errorf("written: %v, %v", r, err)
			}
		})
	}
	if _, err := leaked.Get("ticket/1"); err == nil {
		t.Error("a transaction can be read after its end")
	}
}

func TestConcurrentUpdatesLoseNothing(t *testing.T) {
	b := memkv.New()
	s, err := store.New(b, store.Config{Tries: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	const writers, increments = 8, 50
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range increments {
				err := s.Update(t.Context(), func(tx *store.Tx) error {
					r, err := tx.Get("ticket/1")
					if err != nil {
						return err
					}
					n, _ := strconv.Atoi(string(r[0].Value))
					tx.Put("ticket/1", strconv.AppendInt(nil, int64(n+1), 10))
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got, want := get(t, b, "ticket/1"), fmt.Sprint(writers*increments); got != want {
		t.Errorf("counted to %s, want %s", got, want)
	}
}

// fault 28: a program never touches data of a newer schema, and says what to do.
func TestSchemaVersion(t *testing.T) {
	for _, c := range []struct {
		name   string
		stored string
		newer  bool
		text   string // of the error
	}{
		{"an empty store", "", false, ""},
		{"our own", "1", false, ""},
		{"newer", "2", true, "run the newer supportd again"},
		{"not ours", "{}", false, "not supportd's data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, b := open(t)
			if c.stored != "" {
				put(t, b, "schema/version", c.stored)
			}
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				tx.PutBlind("ticket/1", []byte("written"))
				return nil
			})
			if (err != nil) != (c.text != "") || errors.Is(err, store.ErrNewer) != c.newer {
				t.Fatalf("Update = %v", err)
			}
			if err != nil {
				if !strings.Contains(err.Error(), c.text) {
					t.Errorf("the error %q does not say %q", err, c.text)
				}
				if got := get(t, b, "ticket/1"); got != "" {
					t.Errorf("wrote %q", got)
				}
				return
			}
			if got := get(t, b, "schema/version"); got != "1" {
				t.Errorf("schema version %q", got)
			}
		})
	}
}

// faults 11, 18, 19: a backend that answers and takes nothing is not ready, and is
// again as soon as it takes something, whether or not anybody else commits.
func TestReadyKnowsThatCommitsFail(t *testing.T) {
	b := memkv.New()
	s := with(t, storetest.Failing(b, storetest.Script(storetest.None, storetest.Before, storetest.Before, storetest.None)))
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), func(tx *store.Tx) error {
		tx.PutBlind("ticket/1", []byte("written"))
		return nil
	}); !errors.Is(err, storetest.ErrFault) {
		t.Fatalf("Update = %v", err)
	}
	if err := s.Ready(t.Context()); !errors.Is(err, storetest.ErrFault) {
		t.Errorf("Ready = %v while commits fail", err)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("Ready = %v when commits succeed again", err)
	}
	if got := get(t, b, "schema/version"); got != "1" {
		t.Errorf("schema version %q", got)
	}
}

// fault 20: what is lost while the program runs is not taken for a new store.
func TestReadyKnowsThatTheStoreWasEmptied(t *testing.T) {
	s, b := open(t)
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.Apply(t.Context(), store.Batch{Delete: []string{"schema/version"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(t.Context()); !errors.Is(err, store.ErrEmptied) {
		t.Errorf("Ready = %v", err)
	}
	put(t, b, "schema/version", "1")
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("Ready = %v after the backup was restored", err)
	}
}

// fault 20: an operator who knows of the loss begins anew, and nothing else is
// touched by that.
func TestRefound(t *testing.T) {
	s, b := open(t)
	put(t, b, "schema/version", "1")
	put(t, b, "ticket/AIS-7K3Q-M2XQ", "{}")
	if err := s.Refound(t.Context()); err != nil || get(t, b, "ticket/AIS-7K3Q-M2XQ") != "{}" {
		t.Errorf("Refound of a sound store = %v", err)
	}
	if err := b.Apply(t.Context(), store.Batch{Delete: []string{"schema/version", "ticket/AIS-7K3Q-M2XQ"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Refound(t.Context()); err != nil || get(t, b, "schema/version") != "1" {
		t.Errorf("Refound of an emptied store = %v", err)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("Ready = %v after it", err)
	}
}
