package main

import (
	"context"
	"sync"
	"time"
)

// How often the journal is swept, and how soon again after that failed, which
// doubles from try to try.
const (
	sweepEvery = time.Hour
	sweepAgain = time.Minute
)

// sweeping remembers how the last sweep went. Safe for concurrent use; the zero value
// is that of a daemon that has not swept yet.
type sweeping struct {
	mu     sync.Mutex
	err    error
	failed int // sweeps in a row
}

// ended notes how a sweep went, and returns when to sweep again.
func (s *sweeping) ended(err error) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
	if err == nil {
		s.failed = 0
		return sweepEvery
	}
	s.failed++
	return min(sweepAgain<<min(s.failed-1, 10), sweepEvery)
}

// fault is why mail could not leave the journal the last time: the archive does not
// take it, most often. No mail is lost by it, and none refused until the disk is full.
func (s *sweeping) fault(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// sweep hands filed mail over to the archive, and drops it from the journal when its
// time there is over, and what is known of letters that no mail of the journal can owe
// again.
func (d *daemon) sweep(ctx context.Context) error {
	for {
		err := d.journal.Sweep(ctx, d.world.now(), d.archive)
		if ctx.Err() != nil {
			return nil
		}
		wait := d.sweeping.ended(err)
		if err != nil {
			d.world.log.Error().Err(err).Dur("wait", wait).Msg("sweeping the journal failed; it keeps its mail, and it is tried again")
		}
		if err := d.records.sent.Prune(d.replayable(d.world.now())); err != nil {
			d.world.log.Error().Err(err).Msg("sweeping the log of sent letters failed; it is tried again")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// sentKept is how long it is known at least that a letter was sent: the store may be
// set back by an old backup too, with letters that were owed then.
const sentKept = 35 * 24 * time.Hour

// replayable is since when letters were sent that may be owed again: as long ago as
// the journal has mails. A day more allows for a clock that was set.
func (d *daemon) replayable(now time.Time) time.Time {
	since := now.Add(-sentKept)
	if oldest := d.journal.Since(); !oldest.IsZero() && oldest.Before(since) {
		since = oldest
	}
	return since.AddDate(0, 0, -1)
}
