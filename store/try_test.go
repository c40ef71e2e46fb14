package store_test

import (
	"errors"
	"testing"

	"aismarttalk.tech/supportd/store"
)

// A part that fails takes its own writes back and no others.
func TestTry(t *testing.T) {
	s, b := open(t)
	put(t, b, "ticket/2", "old")
	failed := errors.New("failed")
	called := 0
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.Get("ticket/1", "ticket/2", "ticket/3"); err != nil {
			return err
		}
		tx.Put("ticket/1", []byte("before"))
		if err := tx.Try(func() error {
			tx.Put("ticket/1", []byte("tried"))
			tx.Delete("ticket/2")
			tx.PutBlind("event/1", []byte("tried"))
			tx.After(func() { t.Error("what was taken back is told") })
			return failed
		}); !errors.Is(err, failed) {
			t.Errorf("Try = %v", err)
		}
		records, err := tx.Get("ticket/1", "ticket/2")
		if err != nil || string(records[0].Value) != "before" || string(records[1].Value) != "old" {
			t.Errorf("after it the transaction sees %v (%v)", records, err)
		}
		return tx.Try(func() error {
			tx.Put("ticket/3", []byte("done"))
			tx.After(func() { called++ })
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if called != 1 {
		t.Errorf("what was done is told %d times", called)
	}
	for key, want := range map[string]string{"ticket/1": "before", "ticket/2": "old", "ticket/3": "done", "event/1": ""} {
		if got := get(t, b, key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}
