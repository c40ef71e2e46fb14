package store

import (
	"context"
	"fmt"
	"maps"
	"math"
)

// pending is the Rev of a record as its own transaction sees it before commit.
const pending = math.MaxUint64

// Tx is one run of the function given to Update. It is used by one goroutine and
// only until that function returns.
//
// Put and Delete are for keys that this Tx has read: the commit fails if any key
// read, written or not, present or absent, has changed since its first read. What
// is written without having been read goes by PutBlind and DeleteBlind and
// overwrites whatever another writer left; that is right for records which are
// guarded by another one that was read (the events and index rows of a ticket),
// and wrong for nearly all else.
type Tx struct {
	ctx     context.Context
	backend Backend
	seen    map[string]Record // as first read
	writes  map[string]write
	order   []string // keys of writes, in order of their first write
	after   []func() // once it is committed
	err     error    // first misuse; fails the commit
}

type write struct {
	value  []byte
	delete bool
}

// Get returns the records of the keys, in their order. The first read of a key
// counts: later ones return the same, or what this Tx wrote since (with a Rev
// that is not 0 and otherwise means nothing; a key written blind is not read by
// that). Keys not read before are fetched in one round trip. Do not change the
// values.
//
// Keys fetched by separate calls may stem from different moments; the commit
// proves that they fit together. A function that writes nothing has no such proof.
func (tx *Tx) Get(keys ...string) ([]Record, error) {
	if tx.err != nil {
		return nil, tx.err
	}
	if err := tx.fetch(keys); err != nil {
		return nil, fmt.Errorf("reading records: %w", err)
	}
	records := make([]Record, len(keys))
	for i, key := range keys {
		records[i] = tx.seen[key]
		if w, written := tx.writes[key]; written {
			records[i] = Record{Key: key}
			if !w.delete {
				records[i].Value, records[i].Rev = w.value, pending
			}
		}
	}
	return records, nil
}

// fetch reads those of the keys that this Tx does not know yet.
func (tx *Tx) fetch(keys []string) error {
	var missing []string
	for _, key := range keys {
		_, seen := tx.seen[key]
		_, written := tx.writes[key]
		if !seen && !written {
			missing = append(missing, key)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	records, err := tx.backend.Get(tx.ctx, missing...)
	if err != nil {
		return err
	}
	for _, r := range records {
		tx.seen[r.Key] = r
	}
	return nil
}

// Scan reads a range as Backend.Scan does. It does not see this Tx's own writes,
// and it is not checked on commit: to decide by a record, Get it.
func (tx *Tx) Scan(from, to string, limit int) ([]Record, error) {
	if tx.err != nil {
		return nil, tx.err
	}
	records, err := tx.backend.Scan(tx.ctx, from, to, limit)
	if err != nil {
		return nil, fmt.Errorf("scanning records: %w", err)
	}
	return records, nil
}

// Put writes a key that this Tx has read or written before. The Tx keeps the value:
// do not change it afterwards.
func (tx *Tx) Put(key string, value []byte) {
	tx.mustHaveRead(key)
	tx.write(key, write{value: value})
}

// Delete deletes a key that this Tx has read or written before.
func (tx *Tx) Delete(key string) {
	tx.mustHaveRead(key)
	tx.write(key, write{delete: true})
}

// PutBlind writes a key whatever it holds at the time of the commit.
func (tx *Tx) PutBlind(key string, value []byte) {
	tx.write(key, write{value: value})
}

// DeleteBlind deletes a key whatever it holds at the time of the commit.
func (tx *Tx) DeleteBlind(key string) {
	tx.write(key, write{delete: true})
}

// Try runs a part of a transaction that may fail by itself: an error of fn takes
// back what fn wrote or wanted called After, and nothing else, and is returned. What fn read is checked
// on commit in any case.
func (tx *Tx) Try(fn func() error) error {
	writes, written, after := maps.Clone(tx.writes), len(tx.order), len(tx.after)
	err := fn()
	if err != nil {
		tx.writes, tx.order, tx.after = writes, tx.order[:written], tx.after[:after]
	}
	return err
}

func (tx *Tx) write(key string, w write) {
	if _, again := tx.writes[key]; !again {
		tx.order = append(tx.order, key)
	}
	tx.writes[key] = w
}

func (tx *Tx) mustHaveRead(key string) {
	_, seen := tx.seen[key]
	_, written := tx.writes[key]
	if !seen && !written {
		tx.fail(fmt.Errorf("%w: %q is written without having been read", ErrInvalid, key))
	}
}

func (tx *Tx) fail(err error) {
	if tx.err == nil {
		tx.err = err
	}
}

// After has f called once this run of the function is committed, and not if it is
// run again or its commit fails. A commit that failed and yet took place calls
// nothing: what must not be missed belongs into the commit.
func (tx *Tx) After(f func()) { tx.after = append(tx.after, f) }

// batch is what the Tx wants written, on condition of all it has read.
func (tx *Tx) batch() Batch {
	b := Batch{Check: make([]Check, 0, len(tx.seen))}
	for key, r := range tx.seen {
		b.Check = append(b.Check, Check{Key: key, Rev: r.Rev})
	}
	for _, key := range tx.order {
		if w := tx.writes[key]; w.delete {
			b.Delete = append(b.Delete, key)
		} else {
			b.Put = append(b.Put, Record{Key: key, Value: w.value})
		}
	}
	return b
}
