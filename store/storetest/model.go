package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"aismarttalk.tech/supportd/store"
)

// likeAMap runs random batches and reads and compares each answer with that of a
// plain map.
func likeAMap(t *testing.T, b store.Backend) {
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		runs++ // each run in a prefix of its own: opening a backend costs more than the run
		m := model{backend: b, prefix: store.Prefix("model", fmt.Sprint(runs)), records: map[string]store.Record{}, revs: map[string]map[uint64]bool{}}
		rt.Repeat(map[string]func(*rapid.T){
			"apply": func(rt *rapid.T) { m.apply(t, rt) },
			"get":   func(rt *rapid.T) { m.get(t, rt) },
			"scan":  func(rt *rapid.T) { m.scan(t, rt) },
		})
	})
}

type model struct {
	backend store.Backend
	prefix  string
	records map[string]store.Record
	revs    map[string]map[uint64]bool // every revision that a key ever had
}

// key draws one of a few keys, so that operations meet.
func (m *model) key(rt *rapid.T) string {
	return m.prefix + rapid.SampledFrom([]string{"", "a", "a/b", "aa", "b", "c", "z"}).Draw(rt, "key")
}

func (m *model) keys(rt *rapid.T, label string) []string {
	drawn := map[string]bool{}
	for range rapid.IntRange(0, 3).Draw(rt, label) {
		drawn[m.key(rt)] = true
	}
	return slices.Sorted(maps.Keys(drawn))
}

func (m *model) apply(t *testing.T, rt *rapid.T) {
	var batch store.Batch
	holds := true
	for _, key := range m.keys(rt, "checks") {
		rev := rapid.SampledFrom([]uint64{m.records[key].Rev, m.records[key].Rev, m.records[key].Rev, 0, 1}).Draw(rt, "rev")
		holds = holds && rev == m.records[key].Rev
		batch.Check = append(batch.Check, store.Check{Key: key, Rev: rev})
	}
	for _, key := range m.keys(rt, "writes") {
		if rapid.Bool().Draw(rt, "delete") {
			batch.Delete = append(batch.Delete, key)
		} else {
			batch.Put = append(batch.Put, store.Record{Key: key, Value: rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(rt, "value")})
		}
	}
	err := m.backend.Apply(t.Context(), batch)
	if !holds {
		if !errors.Is(err, store.ErrConflict) {
			rt.Fatalf("Apply = %v, want ErrConflict", err)
		}
		return
	}
	if err != nil {
		rt.Fatal(err)
	}
	for _, key := range batch.Delete {
		delete(m.records, key)
	}
	for _, r := range batch.Put {
		m.wrote(t, rt, r)
	}
}

// wrote notes a record with the revision that the backend gave it.
func (m *model) wrote(t *testing.T, rt *rapid.T, r store.Record) {
	got, err := m.backend.Get(t.Context(), r.Key)
	if err != nil {
		rt.Fatal(err)
	}
	r.Rev = got[0].Rev
	if r.Rev == 0 || m.revs[r.Key][r.Rev] {
		rt.Fatalf("%q was given revision %d, had before: %v", r.Key, r.Rev, m.revs[r.Key])
	}
	if m.revs[r.Key] == nil {
		m.revs[r.Key] = map[uint64]bool{}
	}
	m.revs[r.Key][r.Rev] = true
	m.records[r.Key] = r
}

func (m *model) get(t *testing.T, rt *rapid.T) {
	keys := m.keys(rt, "keys")
	got, err := m.backend.Get(t.Context(), keys...)
	if err != nil {
		rt.Fatal(err)
	}
	var want []store.Record
	for _, key := range keys {
		r := m.records[key]
		r.Key = key
		want = append(want, r)
	}
	same(rt, got, want)
}

func (m *model) scan(t *testing.T, rt *rapid.T) {
	from, to := m.key(rt), m.key(rt)
	if rapid.Bool().Draw(rt, "whole") {
		from, to = m.prefix, store.PrefixEnd(m.prefix)
	}
	limit := rapid.IntRange(1, 8).Draw(rt, "limit")
	got, err := m.backend.Scan(t.Context(), from, to, limit)
	if err != nil {
		rt.Fatal(err)
	}
	var want []store.Record
	for _, key := range slices.Sorted(maps.Keys(m.records)) {
		if from <= key && key < to && len(want) < limit {
			want = append(want, m.records[key])
		}
	}
	same(rt, got, want)
}

func same(rt *rapid.T, got, want []store.Record) {
	equal := func(a, b store.Record) bool {
		return a.Key == b.Key && a.Rev == b.Rev && string(a.Value) == string(b.Value)
	}
	if !slices.EqualFunc(got, want, equal) {
		rt.Fatalf("got %v, want %v", got, want)
	}
}
