package search

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Source is where a Follower reads tickets; *store.Store is one, and its methods
// say more.
type Source interface {
	Ticket(ctx context.Context, id ticket.ID) (ticket.Ticket, bool, error)
	Events(ctx context.Context, id ticket.ID) ([]ticket.Event, error)
	TicketIDs(ctx context.Context, after string, limit int) (store.Page[ticket.ID], error)
	TicketsUpdated(ctx context.Context, since time.Time, after string, limit int) (store.Page[store.Change], error)
}

const (
	// poll is how long a change of another node may take to be found.
	poll = time.Second
	// overlap is how far back each poll looks again: nodes do not commit in the
	// order of their clocks.
	overlap = time.Minute
	// sweepEvery is how often all tickets are compared, by keys alone. It finds
	// what is gone, and changes older than the overlap: mail that waited for the
	// store is filed under the time when it was received.
	sweepEvery = time.Minute
	// longestWait bounds the pause while the store does not answer.
	longestWait = time.Minute
	// pageSize is how many rows are read at a time.
	pageSize = 500
)

// Follower builds an index from a store and keeps up with it. There is one for
// each node; they know nothing of each other.
type Follower struct {
	index  *Index
	source Source
	now    func() time.Time
	log    zerolog.Logger
	wake   chan struct{}
	built  atomic.Bool

	// What follows belongs to Run.
	latest     time.Time // of the changes seen
	swept      time.Time // when the last sweep began
	failures   int       // since something succeeded
	unreadable map[ticket.ID]bool
}

// NewFollower wires a follower; Run starts it. The clock is that by which tickets
// are dated.
func NewFollower(x *Index, s Source, now func() time.Time, log zerolog.Logger) *Follower {
	return &Follower{index: x, source: s, now: now, log: log, wake: make(chan struct{}, 1), unreadable: map[ticket.ID]bool{}}
}

// Wake says that a ticket was changed, so that it is found at once. It never
// blocks, and nothing is lost without it but a little time.
func (f *Follower) Wake() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// Built reports whether the index has all tickets that were there when Run began.
// Until then a search finds some of them.
func (f *Follower) Built() bool { return f.built.Load() }

// Run follows the store until ctx ends and returns nil. While the store does not
// answer, the index stays as it is; what was read already is not read again.
func (f *Follower) Run(ctx context.Context) error {
	for {
		err := f.step(ctx)
		if ctx.Err() != nil {
			return nil
		}
		f.tell(err)
		f.wait(ctx)
	}
}

func (f *Follower) step(ctx context.Context) error {
	if now := f.now(); !f.built.Load() || now.Sub(f.swept) >= sweepEvery {
		return f.sweep(ctx, now)
	}
	return f.readChanges(ctx, f.since())
}

// since is where a poll begins. A change that is dated ahead must not hide those
// that come after it.
func (f *Follower) since() time.Time {
	since := f.now()
	if f.latest.Before(since) {
		since = f.latest
	}
	return since.Add(-overlap)
}

// sweep brings the index to what the store has, whatever it was. It reads only
// tickets that are not in the index as they are, so that building one is a sweep
// too, and that a sweep which failed half-way goes on from there.
func (f *Follower) sweep(ctx context.Context, now time.Time) error {
	present, err := f.readMissing(ctx)
	if err != nil {
		return err
	}
	if err := f.readChanges(ctx, time.Time{}); err != nil {
		return err
	}
	for _, id := range f.index.IDs() {
		if !present[id] { // gone, or it changed its state and slipped through
			if err := f.read(ctx, id); err != nil {
				return err
			}
		}
	}
	f.swept = now
	if !f.built.Swap(true) {
		f.log.Info().Int("tickets", f.index.Len()).Dur("took", f.now().Sub(now)).Msg("search index built")
	}
	return nil
}

// readMissing reads the tickets that the index does not have, and says which
// there are.
func (f *Follower) readMissing(ctx context.Context) (map[ticket.ID]bool, error) {
	present := map[ticket.ID]bool{}
	for after, more := "", true; more; more = after != "" {
		page, err := f.source.TicketIDs(ctx, after, pageSize)
		if err != nil {
			return nil, err
		}
		for _, id := range page.Items {
			present[id] = true
			if _, known := f.index.Version(id); known {
				continue
			}
			if err := f.read(ctx, id); err != nil {
				return nil, err
			}
		}
		after = page.Next
	}
	return present, nil
}

// readChanges reads the tickets that changed since a time and are not in the index
// as they are.
func (f *Follower) readChanges(ctx context.Context, since time.Time) error {
	for after, more := "", true; more; more = after != "" {
		page, err := f.source.TicketsUpdated(ctx, since, after, pageSize)
		if err != nil {
			return err
		}
		for _, c := range page.Items {
			have, known := f.index.Version(c.Ticket)
			if !known || !have.Same(Version{Updated: c.Updated, Events: c.Events}) {
				if err := f.read(ctx, c.Ticket); err != nil {
					return err
				}
			}
			if c.Updated.After(f.latest) {
				f.latest = c.Updated
			}
		}
		after = page.Next
	}
	return nil
}

// read brings one ticket into the index, or out of it. One whose records are
// damaged keeps no other from being found; it is left as it is and told once.
func (f *Follower) read(ctx context.Context, id ticket.ID) error {
	t, ok, err := f.source.Ticket(ctx, id)
	if err == nil && !ok {
		f.index.Remove(id)
		return nil
	}
	var events []ticket.Event
	if err == nil {
		events, err = f.source.Events(ctx, id)
	}
	switch {
	case errors.Is(err, store.ErrUnreadable):
		if !f.unreadable[id] {
			f.unreadable[id] = true
			f.log.Error().Err(err).Str("ticket", string(id)).Msg("a ticket cannot be read, so it cannot be searched")
		}
		return nil
	case err != nil:
		return err
	}
	delete(f.unreadable, id)
	f.index.Put(DocumentOf(t, events))
	return nil
}

// tell logs the beginning and the end of a trouble.
func (f *Follower) tell(err error) {
	switch {
	case err == nil && f.failures > 0:
		f.log.Info().Int("tries", f.failures).Msg("search index follows the store again")
		f.failures = 0
	case err != nil:
		if f.failures++; f.failures == 1 {
			f.log.Warn().Err(err).Msg("search index falls behind: the store does not answer; it is asked again")
		}
	}
}

// wait pauses before the next step, longer while the store does not answer: then
// nobody's wish makes it answer.
func (f *Follower) wait(ctx context.Context) {
	pause, wake := poll, f.wake
	if f.failures > 0 {
		pause, wake = min(poll<<min(f.failures-1, 10), longestWait), nil
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-timer.C:
	}
}
