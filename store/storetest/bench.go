package storetest

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"aismarttalk.tech/supportd/store"
)

// Commits measures commits per second with 1, 8 and 32 writers. One commit is
// like that of a mail: three absent keys checked, six records of 600 bytes put.
func Commits(b *testing.B, backend store.Backend) {
	var next atomic.Uint64 // keys are new in every run
	value := bytes.Repeat([]byte("x"), 600)
	for _, writers := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			var left atomic.Int64
			left.Store(int64(b.N))
			var wg sync.WaitGroup
			for range writers {
				wg.Go(func() {
					for left.Add(-1) >= 0 {
						if err := backend.Apply(b.Context(), mailCommit(next.Add(1), value)); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
		})
	}
}

func mailCommit(n uint64, value []byte) store.Batch {
	id := fmt.Sprintf("%016x", n*0x9e3779b97f4a7c15) // spread, as IDs are
	var batch store.Batch
	for _, key := range []string{"mail/" + id, "clue/" + id, "ticket/" + id} {
		batch.Check = append(batch.Check, store.Check{Key: key})
		batch.Put = append(batch.Put, store.Record{Key: key, Value: value})
	}
	for _, key := range []string{"event/" + id + "/1", "index/state/new/" + id, "job/outbox/20261122T123600.000Z/" + id} {
		batch.Put = append(batch.Put, store.Record{Key: key, Value: value})
	}
	return batch
}
