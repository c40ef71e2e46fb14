package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Retention is one job a day, at night by the desk's clock. Whoever leases it enqueues
// the next in the commit that ends it, so that one node of several does it; a node
// that dies over it leaves the rest to the next lease.

const (
	retentionQueue = "retention"
	// retentionLease is far longer than a run takes. Should one take longer, two nodes
	// do the same, which does no harm.
	retentionLease = 30 * time.Minute
)

// scheduleRetention makes sure that there is a job for the next run.
func (d *Desk) scheduleRetention(ctx context.Context) error {
	err := d.store.Update(ctx, func(tx *store.Tx) error { return d.nextRetention(tx) })
	if err != nil {
		return fmt.Errorf("scheduling retention: %w", err)
	}
	return nil
}

func (d *Desk) nextRetention(tx *store.Tx) error {
	atNight, err := ticket.ParseClock("03:10")
	if err != nil {
		return err
	}
	return tx.EnqueueOnce(store.Job{Queue: retentionQueue, ID: "day", Due: atNight.Next(d.now(), d.zone())})
}

// RetainDue does what retention asks if it is due, and reports whether it was.
func (d *Desk) RetainDue(ctx context.Context) (ran bool, err error) {
	if !d.config.Retention.any() {
		return false, nil
	}
	if err := d.scheduleRetention(ctx); err != nil {
		return false, err
	}
	jobs, err := d.store.Lease(ctx, retentionQueue, d.now(), retentionLease, 1)
	if err != nil || len(jobs) == 0 {
		return false, err
	}
	done, err := d.Retain(ctx, false)
	d.log.Info().Int("mails", done.Mail).Int("auto", done.Auto).Int("held", done.Held).Int("tickets", done.Tickets).Int("letters", done.Letters).
		Msg("what was past retention was let go")
	if err != nil {
		return true, fmt.Errorf("retention: %w", err) // the rest when the lease ends
	}
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.Settle(jobs[0]); err != nil {
			return err
		}
		return d.nextRetention(tx)
	})
	if errors.Is(err, store.ErrLost) {
		return true, nil // another node ends it
	}
	return true, err
}
