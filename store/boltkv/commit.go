package boltkv

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"

	"go.etcd.io/bbolt"

	"aismarttalk.tech/supportd/store"
)

// maxGroup bounds the batches of one commit, and so how long the first waits for
// the others.
const maxGroup = 256

// request is a batch on its way to the committing goroutine.
type request struct {
	batch store.Batch
	done  chan error // buffered: the committer never waits for a caller
}

// Apply writes the batch and returns when it is on disk. If ctx ends while the
// batch waits, nothing is written; once its commit has begun, Apply sees it through
// whatever ctx does, so that its answer is always certain, but after an error of the
// disk.
func (b *Backend) Apply(ctx context.Context, batch store.Batch) error {
	if err := batch.Validate(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	r := &request{batch: batch, done: make(chan error, 1)}
	select {
	case b.waiting <- r:
		return <-r.done
	case <-ctx.Done():
		return ctx.Err()
	case <-b.closing:
		return store.ErrClosed
	}
}

// commitAll commits what comes until Close.
func (b *Backend) commitAll() {
	for {
		select {
		case first := <-b.waiting:
			b.commit(b.gather(first))
		case done := <-b.compact:
			done <- b.rewrite()
		case <-b.closing:
			return
		}
	}
}

// gather returns the first request and all others that wait now.
func (b *Backend) gather(first *request) []*request {
	group := []*request{first}
	runtime.Gosched() // lets writers woken by the last commit come along
	for len(group) < maxGroup {
		select {
		case r := <-b.waiting:
			group = append(group, r)
		default:
			return group
		}
	}
	return group
}

// errNothing rolls a commit back in which every batch met a conflict.
var errNothing = errors.New("nothing to write")

// commit writes a group in one transaction of the file. A batch that conflicts fails
// alone; an error of the file fails them all.
func (b *Backend) commit(group []*request) {
	results := make([]error, len(group))
	err := b.db.Load().Update(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket(bucketName())
		written := false
		for i, r := range group {
			if !holds(bucket, r.batch.Check) {
				results[i] = store.ErrConflict
				continue
			}
			written = true
			if err := write(bucket, r.batch); err != nil {
				return err
			}
		}
		if !written {
			return errNothing
		}
		return nil
	})
	for i, r := range group {
		if err != nil && !errors.Is(err, errNothing) {
			results[i] = fmt.Errorf("writing the bolt file: %w", err)
		}
		r.done <- results[i]
	}
}

func holds(bucket *bbolt.Bucket, checks []store.Check) bool {
	for _, c := range checks {
		var rev uint64
		if stored := bucket.Get([]byte(c.Key)); len(stored) >= revSize {
			rev = binary.BigEndian.Uint64(stored)
		}
		if rev != c.Rev {
			return false
		}
	}
	return true
}

// write puts and deletes. The batch's revision comes from the bucket's own sequence,
// which is part of the commit and so never goes back.
func write(bucket *bbolt.Bucket, batch store.Batch) error {
	rev, err := bucket.NextSequence()
	if err != nil {
		return err
	}
	for _, r := range batch.Put {
		if err := bucket.Put([]byte(r.Key), encode(rev, r.Value)); err != nil {
			return err
		}
	}
	for _, key := range batch.Delete {
		if err := bucket.Delete([]byte(key)); err != nil {
			return err
		}
	}
	return nil
}
