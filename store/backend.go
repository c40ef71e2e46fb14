package store

import (
	"context"
	"errors"
	"fmt"
)

// Limits of what a store holds. Batch.Validate says them in words.
const (
	MaxKey   = 512      // bytes of a key
	MaxValue = 8 << 20  // bytes of a value
	MaxBatch = 64 << 20 // bytes of all keys and values written by one batch
)

var (
	// ErrConflict is returned by Apply when a checked record is no longer as it
	// was read. Nothing was written.
	ErrConflict = errors.New("store: a record was changed by another writer")
	// ErrInvalid marks a key, value or batch that no retry makes acceptable.
	ErrInvalid = errors.New("store: not acceptable")
	// ErrClosed is returned by a backend after Close.
	ErrClosed = errors.New("store: closed")
	// ErrNewer is returned when the data was written by a newer program.
	ErrNewer = errors.New("store: the data is newer than this program")
	// ErrUnreadable marks a record that is there and does not hold what it should:
	// the others may be read all the same.
	ErrUnreadable = errors.New("store: a record cannot be read")
)

// Record is one key with its value. Rev changes with every write of the key and
// never comes back, not even when the key is deleted and made again; it says
// nothing about order. An absent record has Rev 0 and no value.
type Record struct {
	Key   string
	Value []byte
	Rev   uint64
}

// Exists reports whether the key held a value.
func (r Record) Exists() bool { return r.Rev != 0 }

// Check demands that a key still has the revision with which it was read; Rev 0
// demands that it is absent.
type Check struct {
	Key string
	Rev uint64
}

// Batch is one atomic write: if all checks hold, all puts and deletes are done,
// otherwise none. No key stands twice among Put and Delete. The Rev of a Put is
// ignored; deleting an absent key is no fault.
type Batch struct {
	Check  []Check
	Put    []Record
	Delete []string
}

// Backend is an ordered map with one conditional atomic write. Every
// implementation is safe for concurrent use and passes storetest.Run.
//
// Keys and values given to a backend may be reused after the call; values that
// it returns belong to the caller.
type Backend interface {
	// Get returns the records of the keys, in their order, all read at one
	// moment in one round trip.
	Get(ctx context.Context, keys ...string) ([]Record, error)

	// Scan returns up to limit records with from <= key < to, in byte order of
	// the keys, all read at one moment. The range must lie within one keyspace;
	// see CheckRange.
	Scan(ctx context.Context, from, to string, limit int) ([]Record, error)

	// Apply writes the batch. After nil it is as durable as the backend can
	// make it; after ErrConflict, ErrInvalid or ErrClosed nothing was written.
	// Any other error leaves open whether it was: the caller reads again
	// and finds out, so what it repeats must be idempotent.
	Apply(ctx context.Context, b Batch) error

	Close() error
}

// Validate says whether a backend may be asked to apply the batch. Backends
// call it first; its errors are ErrInvalid.
func (b Batch) Validate() error {
	for _, c := range b.Check {
		if err := CheckKey(c.Key); err != nil {
			return err
		}
	}
	written := make(map[string]struct{}, len(b.Put)+len(b.Delete))
	size := 0
	write := func(key string, value []byte) error {
		if err := CheckKey(key); err != nil {
			return err
		}
		if _, twice := written[key]; twice {
			return fmt.Errorf("%w: key %q is written twice in one batch", ErrInvalid, key)
		}
		written[key] = struct{}{}
		if len(value) > MaxValue {
			return fmt.Errorf("%w: value of %q has %d bytes, the limit is %d", ErrInvalid, key, len(value), MaxValue)
		}
		size += len(key) + len(value)
		return nil
	}
	for _, r := range b.Put {
		if err := write(r.Key, r.Value); err != nil {
			return err
		}
	}
	for _, key := range b.Delete {
		if err := write(key, nil); err != nil {
			return err
		}
	}
	if size > MaxBatch {
		return fmt.Errorf("%w: batch of %d bytes, the limit is %d", ErrInvalid, size, MaxBatch)
	}
	return nil
}
