// Package memkv is a store backend in memory: for tests, for the demo, and as
// the plainest statement of what a backend does.
//
// It stands on floor 1, below store. Its one rule: every call is one moment
// under one mutex.
package memkv

import (
	"context"
	"sync"

	"aismarttalk.tech/supportd/store"
)

// Backend keeps records until it is closed, and no longer.
type Backend struct {
	mu      sync.RWMutex // guards all below
	records map[string]entry
	keys    pages
	rev     uint64 // of the latest batch
	closed  bool
}

type entry struct {
	value []byte
	rev   uint64
}

var (
	_ store.Backend     = (*Backend)(nil)
	_ store.Snapshotter = (*Backend)(nil)
)

// New returns an empty backend.
func New() *Backend {
	return &Backend{records: map[string]entry{}}
}

// Get returns the records of the keys.
func (b *Backend) Get(ctx context.Context, keys ...string) ([]store.Record, error) {
	for _, key := range keys {
		if err := store.CheckKey(key); err != nil {
			return nil, err
		}
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	if err := b.usable(ctx); err != nil {
		return nil, err
	}
	records := make([]store.Record, len(keys))
	for i, key := range keys {
		records[i] = b.record(key)
	}
	return records, nil
}

// Scan returns the first records of a range.
func (b *Backend) Scan(ctx context.Context, from, to string, limit int) ([]store.Record, error) {
	if err := store.CheckRange(from, to, limit); err != nil {
		return nil, err
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	if err := b.usable(ctx); err != nil {
		return nil, err
	}
	var records []store.Record
	for key := range b.keys.from(from) {
		if key >= to || len(records) == limit {
			break
		}
		records = append(records, b.record(key))
	}
	return records, nil
}

// Snapshot hands all records of one moment to visit. The mutex is not held
// meanwhile.
func (b *Backend) Snapshot(ctx context.Context, visit func(store.Record) error) error {
	b.mu.RLock()
	if err := b.usable(ctx); err != nil {
		b.mu.RUnlock()
		return err
	}
	records := make([]store.Record, 0, len(b.records))
	for key := range b.keys.from("") {
		records = append(records, b.record(key))
	}
	b.mu.RUnlock()
	for _, r := range records {
		if err := visit(r); err != nil {
			return err
		}
	}
	return nil
}

// Apply writes a batch.
func (b *Backend) Apply(ctx context.Context, batch store.Batch) error {
	if err := batch.Validate(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.usable(ctx); err != nil {
		return err
	}
	for _, c := range batch.Check {
		if b.records[c.Key].rev != c.Rev {
			return store.ErrConflict
		}
	}
	b.rev++
	for _, r := range batch.Put {
		if _, exists := b.records[r.Key]; !exists {
			b.keys.insert(r.Key)
		}
		b.records[r.Key] = entry{value: clone(r.Value), rev: b.rev}
	}
	for _, key := range batch.Delete {
		if _, exists := b.records[key]; exists {
			b.keys.remove(key)
			delete(b.records, key)
		}
	}
	return nil
}

// Close forgets all records.
func (b *Backend) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.records, b.keys = nil, nil
	return nil
}

// usable and record are called with the mutex held.
func (b *Backend) usable(ctx context.Context) error {
	if b.closed {
		return store.ErrClosed
	}
	return ctx.Err()
}

func (b *Backend) record(key string) store.Record {
	e, exists := b.records[key]
	if !exists {
		return store.Record{Key: key}
	}
	return store.Record{Key: key, Value: clone(e.value), Rev: e.rev}
}

// clone copies a value; the copy of an empty one is not nil.
func clone(value []byte) []byte {
	return append([]byte{}, value...)
}
