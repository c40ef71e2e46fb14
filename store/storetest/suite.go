package storetest

import (
	"context"
	"testing"

	"aismarttalk.tech/supportd/store"
)

// Run checks everything that store.Backend promises. The function open returns a
// backend without records, which Run closes; it is called once per test.
func Run(t *testing.T, open func(t *testing.T) store.Backend) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, b store.Backend)
	}{
		{"GetKeepsTheOrderOfItsKeys", getKeepsOrder},
		{"GetRefusesInvalidKeys", getRefusesInvalidKeys},
		{"ValuesAreBinarySafe", valuesAreBinarySafe},
		{"ValuesBelongToTheCaller", valuesBelongToTheCaller},
		{"Limits", limits},
		{"ApplyIsAllOrNothing", applyIsAllOrNothing},
		{"RevisionsNeverComeBack", revisionsNeverComeBack},
		{"BigBatch", bigBatch},
		{"ScanFollowsByteOrder", scanFollowsByteOrder},
		{"ScanStaysInItsKeyspace", scanStaysInItsKeyspace},
		{"ScanRefuses", scanRefuses},
		{"EndedContext", endedContext},
		{"Closed", closed},
		{"OneOfManyCreatorsWins", oneCreatorWins},
		{"ConcurrentIncrements", concurrentIncrements},
		{"ReadsAreOfOneMoment", readsAreOfOneMoment},
		{"ConflictFailsAlone", conflictFailsAlone},
		{"LikeAMap", likeAMap},
		{"FailedCommitsDoubleNothing", failedCommitsDoubleNothing},
		{"FailedLeasesLoseNothing", failedLeasesLoseNothing},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := open(t)
			t.Cleanup(func() { _ = b.Close() })
			test.run(t, b)
		})
	}
}

// RunDurable checks that what was applied is there when the backend is opened
// again. The function open is called several times and opens the same data.
func RunDurable(t *testing.T, open func(t *testing.T) store.Backend) {
	b := open(t)
	mustPut(t, b, "ticket/1", "one")
	mustPut(t, b, "ticket/2", "two")
	mustApply(t, b, store.Batch{Delete: []string{"ticket/2"}})
	first := mustGet(t, b, "ticket/1")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}

	b = open(t)
	again := mustGet(t, b, "ticket/1")
	if string(again.Value) != "one" || again.Rev != first.Rev {
		t.Errorf("opened again, the record is %q with revision %d, was %q with %d", again.Value, again.Rev, first.Value, first.Rev)
	}
	if r := mustGet(t, b, "ticket/2"); r.Exists() {
		t.Errorf("opened again, a deleted record is there: %q", r.Value)
	}
	mustApply(t, b, store.Batch{Delete: []string{"ticket/1"}})
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}

	b = open(t)
	mustPut(t, b, "ticket/1", "one")
	if r := mustGet(t, b, "ticket/1"); r.Rev == first.Rev {
		t.Errorf("made again after reopening, the record has its old revision %d", r.Rev)
	}
	records, err := b.Scan(t.Context(), "ticket/", store.PrefixEnd("ticket/"), 10)
	if err != nil || len(records) != 1 {
		t.Errorf("Scan = %v, %v, want one record", records, err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustApply(t *testing.T, b store.Backend, batch store.Batch) {
	t.Helper()
	if err := b.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

func mustPut(t *testing.T, b store.Backend, key, value string) {
	t.Helper()
	mustApply(t, b, store.Batch{Put: []store.Record{{Key: key, Value: []byte(value)}}})
}

func mustGet(t *testing.T, b store.Backend, key string) store.Record {
	t.Helper()
	records, err := b.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return records[0]
}

// impatient returns a store that tries again at once and for as long as it takes.
func impatient(t *testing.T, b store.Backend) *store.Store {
	t.Helper()
	s, err := store.New(b, store.Config{
		Tries: 1_000_000,
		Wait:  func(ctx context.Context, _ int) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
