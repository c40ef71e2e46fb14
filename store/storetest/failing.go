package storetest

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"

	"aismarttalk.tech/supportd/store"
)

// Fault is how one Apply of a failing backend fails.
type Fault int

// Faults of Apply.
const (
	None   Fault = iota
	Before       // nothing is written, ErrFault is returned
	After        // the batch is written (unless it conflicts), ErrFault is returned: the reply got lost
)

// ErrFault is the error of a made failure.
var ErrFault = errors.New("storetest: fault")

// Failing wraps a backend so that each Apply fails as next says; next is called
// under a mutex. Reads never fail.
func Failing(b store.Backend, next func() Fault) store.Backend {
	return &failing{Backend: b, next: next}
}

// Script returns faults in order, and None when they are used up.
func Script(faults ...Fault) func() Fault {
	return func() Fault {
		if len(faults) == 0 {
			return None
		}
		f := faults[0]
		faults = faults[1:]
		return f
	}
}

// Random fails the given share of calls, half of them Before and half After, the
// same ones for the same seed.
func Random(seed uint64, share float64) func() Fault {
	r := rand.New(rand.NewPCG(seed, seed))
	return func() Fault {
		switch p := r.Float64(); {
		case p < share/2:
			return Before
		case p < share:
			return After
		default:
			return None
		}
	}
}

type failing struct {
	store.Backend
	mu   sync.Mutex // guards next
	next func() Fault
}

func (f *failing) Apply(ctx context.Context, b store.Batch) error {
	f.mu.Lock()
	fault := f.next()
	f.mu.Unlock()
	if fault == Before {
		return ErrFault
	}
	if err := f.Backend.Apply(ctx, b); err != nil {
		return err
	}
	if fault == After {
		return ErrFault
	}
	return nil
}
