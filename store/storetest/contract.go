package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/store"
)

func getKeepsOrder(t *testing.T, b store.Backend) {
	mustPut(t, b, "ticket/a", "A")
	mustPut(t, b, "ticket/b", "B")
	keys := []string{"ticket/b", "event/none", "ticket/a", "ticket/b"}
	records, err := b.Get(t.Context(), keys...)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for i, r := range records {
		if r.Key != keys[i] {
			t.Errorf("record %d has key %q, want %q", i, r.Key, keys[i])
		}
		if r.Exists() != (r.Value != nil) {
			t.Errorf("%q: Rev %d with value %q", r.Key, r.Rev, r.Value)
		}
		values = append(values, string(r.Value))
	}
	if want := []string{"B", "", "A", "B"}; !slices.Equal(values, want) {
		t.Errorf("values %q, want %q", values, want)
	}
	if none, err := b.Get(t.Context()); err != nil || len(none) != 0 {
		t.Errorf("Get of no key = %v, %v", none, err)
	}
}

// bad-input 147: what Key did not make is refused, for reading too.
func getRefusesInvalidKeys(t *testing.T, b store.Backend) {
	for _, key := range []string{"", "ticket", "ticket/{x}", "ticket/a\r\nb", "ticket/å"} {
		if _, err := b.Get(t.Context(), "ticket/1", key); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("Get(%q) = %v, want ErrInvalid", key, err)
		}
	}
}

func valuesAreBinarySafe(t *testing.T, b store.Backend) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for i, value := range [][]byte{{}, nil, every, []byte("\r\n"), []byte("$-1\r\n"), []byte(" 1 {}"), {0}, {0xff, 0xfe}} {
		key := fmt.Sprintf("ticket/%d", i)
		mustApply(t, b, store.Batch{Put: []store.Record{{Key: key, Value: value}}})
		r := mustGet(t, b, key)
		if !r.Exists() || r.Value == nil || !bytes.Equal(r.Value, value) {
			t.Errorf("wrote %q, read %q with Rev %d", value, r.Value, r.Rev)
		}
	}
}

func valuesBelongToTheCaller(t *testing.T, b store.Backend) {
	value := []byte("value")
	mustApply(t, b, store.Batch{Put: []store.Record{{Key: "ticket/1", Value: value}}})
	value[0] = 'X'
	r := mustGet(t, b, "ticket/1")
	if string(r.Value) != "value" {
		t.Errorf("a change after Apply reached the store: %q", r.Value)
	}
	r.Value[0] = 'Y'
	if r := mustGet(t, b, "ticket/1"); string(r.Value) != "value" {
		t.Errorf("a change of a read value reached the store: %q", r.Value)
	}
}

func limits(t *testing.T, b store.Backend) {
	longest := "ticket/" + strings.Repeat("k", store.MaxKey-len("ticket/"))
	largest := bytes.Repeat([]byte("v"), store.MaxValue)
	mustApply(t, b, store.Batch{Put: []store.Record{{Key: longest, Value: largest}}})
	if r := mustGet(t, b, longest); !bytes.Equal(r.Value, largest) {
		t.Errorf("a value of %d bytes came back with %d", len(largest), len(r.Value))
	}
	var heavy store.Batch
	for i := range store.MaxBatch/store.MaxValue + 1 {
		heavy.Put = append(heavy.Put, store.Record{Key: fmt.Sprintf("ticket/%d", i), Value: largest})
	}
	for name, batch := range map[string]store.Batch{
		"long key put":     {Put: []store.Record{{Key: longest + "k"}}},
		"long key deleted": {Delete: []string{longest + "k"}},
		"long key checked": {Check: []store.Check{{Key: longest + "k"}}},
		"large value":      {Put: []store.Record{{Key: "ticket/1", Value: append(largest, 'v')}}},
		"heavy batch":      heavy,
		"key put twice":    {Put: []store.Record{{Key: "ticket/1"}, {Key: "ticket/1"}}},
		"put and deleted":  {Put: []store.Record{{Key: "ticket/1"}}, Delete: []string{"ticket/1"}},
	} {
		if err := b.Apply(t.Context(), batch); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: Apply = %v, want ErrInvalid", name, err)
		}
	}
	if r := mustGet(t, b, "ticket/1"); r.Exists() {
		t.Error("a refused batch was written")
	}
}

func applyIsAllOrNothing(t *testing.T, b store.Backend) {
	mustPut(t, b, "ticket/a", "A")
	mustPut(t, b, "ticket/b", "B")
	revA, revB := mustGet(t, b, "ticket/a").Rev, mustGet(t, b, "ticket/b").Rev
	for _, c := range []struct {
		name  string
		check []store.Check
		ok    bool
	}{
		{"a wrong revision", []store.Check{{Key: "ticket/a", Rev: revA}, {Key: "ticket/b", Rev: revB + 1}}, false},
		{"a present record believed absent", []store.Check{{Key: "ticket/a"}}, false},
		{"an absent record believed present", []store.Check{{Key: "ticket/none", Rev: revA}}, false},
		{"all checks hold", []store.Check{{Key: "ticket/a", Rev: revA}, {Key: "ticket/b", Rev: revB}, {Key: "ticket/none"}}, true},
	} {
		err := b.Apply(t.Context(), store.Batch{
			Check:  c.check,
			Put:    []store.Record{{Key: "event/1", Value: []byte("1")}, {Key: "event/2", Value: []byte("2")}},
			Delete: []string{"ticket/a", "ticket/none"},
		})
		if c.ok && err != nil || !c.ok && !errors.Is(err, store.ErrConflict) {
			t.Errorf("%s: Apply = %v", c.name, err)
		}
		for key, want := range map[string]bool{"event/1": c.ok, "event/2": c.ok, "ticket/a": !c.ok, "ticket/b": true} {
			if got := mustGet(t, b, key).Exists(); got != want {
				t.Errorf("%s: %s exists: %v, want %v", c.name, key, got, want)
			}
		}
	}
}

func revisionsNeverComeBack(t *testing.T, b store.Backend) {
	seen := map[uint64]bool{0: true}
	for i := range 20 {
		mustPut(t, b, "ticket/1", "the same value")
		rev := mustGet(t, b, "ticket/1").Rev
		if seen[rev] {
			t.Fatalf("write %d gave the revision %d, which was there before", i, rev)
		}
		seen[rev] = true
		if i%2 == 0 {
			mustApply(t, b, store.Batch{Delete: []string{"ticket/1"}})
		}
	}
}

func bigBatch(t *testing.T, b store.Backend) {
	const n = 5000
	var create, remove store.Batch
	for i := range n {
		key := fmt.Sprintf("event/%05d", i)
		create.Check = append(create.Check, store.Check{Key: key})
		create.Put = append(create.Put, store.Record{Key: key, Value: []byte(key)})
		remove.Delete = append(remove.Delete, key)
	}
	mustApply(t, b, create)
	records, err := b.Scan(t.Context(), "event/", "event0", n+1)
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != n {
		t.Fatalf("%d records after a batch of %d", len(records), n)
	}
	for _, r := range records {
		if r.Key != string(r.Value) {
			t.Fatalf("%q holds %q", r.Key, r.Value)
		}
	}
	mustApply(t, b, remove)
	if records, err := b.Scan(t.Context(), "event/", "event0", n); err != nil || len(records) != 0 {
		t.Errorf("%d records after all were deleted, %v", len(records), err)
	}
}

func scanFollowsByteOrder(t *testing.T, b store.Backend) {
	want := []string{
		"index/", "index/!", "index/-", "index/0", "index/00", "index/A", "index/B", "index/Z",
		"index/_", "index/a", "index/a!", "index/a/", "index/a/b", "index/aa", "index/b", "index/|",
	}
	if !slices.IsSorted(want) {
		t.Fatal("the test's own keys are not in byte order")
	}
	shuffled := slices.Clone(want)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	for _, key := range shuffled {
		mustPut(t, b, key, key)
	}
	for from := range len(want) {
		for limit := 1; limit < 4; limit++ {
			records, err := b.Scan(t.Context(), want[from], "index0", limit)
			if err != nil {
				t.Fatal(err)
			}
			expect := want[from:min(from+limit, len(want))]
			if got := keysOf(records); !slices.Equal(got, expect) {
				t.Errorf("Scan from %q, limit %d: %q, want %q", want[from], limit, got, expect)
			}
			for _, r := range records {
				if string(r.Value) != r.Key || !r.Exists() {
					t.Errorf("Scan returns %q with value %q, Rev %d", r.Key, r.Value, r.Rev)
				}
			}
		}
	}
	records, err := b.Scan(t.Context(), "index/A", "index/a", 10)
	if got := keysOf(records); err != nil || !slices.Equal(got, []string{"index/A", "index/B", "index/Z", "index/_"}) {
		t.Errorf("the end of a range belongs to it: %q, %v", got, err)
	}
}

func scanStaysInItsKeyspace(t *testing.T, b store.Backend) {
	for _, key := range []string{"event/1", "ticket/1", "ticketx/1", "ticke/1", "schema/version"} {
		mustPut(t, b, key, "x")
	}
	records, err := b.Scan(t.Context(), "ticket/", store.PrefixEnd("ticket/"), 10)
	if got := keysOf(records); err != nil || !slices.Equal(got, []string{"ticket/1"}) {
		t.Errorf("Scan = %q, %v, want ticket/1 alone", got, err)
	}
	records, err = b.Scan(t.Context(), "ticket/z", "ticket/a", 10)
	if err != nil || len(records) != 0 {
		t.Errorf("Scan of a range that ends before it begins = %q, %v", keysOf(records), err)
	}
}

func scanRefuses(t *testing.T, b store.Backend) {
	for _, c := range []struct {
		from, to string
		limit    int
	}{{"", "zzz", 1}, {"event/", "ticket/", 1}, {"ticket/", "ticket0", 0}} {
		if _, err := b.Scan(t.Context(), c.from, c.to, c.limit); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("Scan(%q, %q, %d) = %v, want ErrInvalid", c.from, c.to, c.limit, err)
		}
	}
}

// A call that begins after its context has ended does nothing.
func endedContext(t *testing.T, b store.Backend) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := b.Apply(ctx, store.Batch{Put: []store.Record{{Key: "ticket/1"}}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Apply = %v, want context.Canceled", err)
	}
	if _, err := b.Get(ctx, "ticket/1"); !errors.Is(err, context.Canceled) {
		t.Errorf("Get = %v, want context.Canceled", err)
	}
	if _, err := b.Scan(ctx, "ticket/", "ticket0", 1); !errors.Is(err, context.Canceled) {
		t.Errorf("Scan = %v, want context.Canceled", err)
	}
	if mustGet(t, b, "ticket/1").Exists() {
		t.Error("Apply wrote although its context had ended")
	}
}

func closed(t *testing.T, b store.Backend) {
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.Apply(t.Context(), store.Batch{Put: []store.Record{{Key: "ticket/1"}}}); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Apply = %v, want ErrClosed", err)
	}
	if _, err := b.Get(t.Context(), "ticket/1"); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Get = %v, want ErrClosed", err)
	}
	if _, err := b.Scan(t.Context(), "ticket/", "ticket0", 1); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Scan = %v, want ErrClosed", err)
	}
}

func keysOf(records []store.Record) []string {
	keys := make([]string, len(records))
	for i, r := range records {
		keys[i] = r.Key
	}
	return keys
}
