package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// queueClosing holds a job for each resolved ticket, due when its quiet days
// have run out. A job whose ticket was reopened meanwhile finds nothing to do.
const queueClosing = "closing"

const (
	closingLease = time.Minute
	closingBatch = 50
	// closingLook bounds how late a ticket closes; letters name the day alone.
	closingLook = time.Minute
)

type closing struct {
	Ticket ticket.ID `json:"ticket"`
}

func enqueueClosing(tx *store.Tx, t ticket.Ticket) error {
	payload, err := json.Marshal(closing{t.ID})
	if err != nil {
		return fmt.Errorf("encoding the closing of %s: %w", t.ID, err)
	}
	tx.Enqueue(store.Job{Queue: queueClosing, ID: string(t.ID), Due: t.CloseOn, Payload: payload})
	return nil
}

// RunClosing closes resolved tickets after their quiet days, until ctx ends.
// Several nodes may run it: each job is leased to one.
func (d *Desk) RunClosing(ctx context.Context) error {
	tick := time.NewTicker(closingLook)
	defer tick.Stop()
	for {
		if _, err := d.CloseDue(ctx); err != nil && ctx.Err() == nil {
			d.log.Error().Err(err).Msg("closing quiet tickets failed; it is tried again")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// CloseDue closes the tickets whose quiet days have run out and tells how many
// it closed.
func (d *Desk) CloseDue(ctx context.Context) (int, error) {
	closed := 0
	for {
		jobs, err := d.store.Lease(ctx, queueClosing, d.now(), closingLease, closingBatch)
		if err != nil {
			return closed, err
		}
		for _, j := range jobs {
			done, err := d.closeQuiet(ctx, j)
			if err != nil {
				return closed, fmt.Errorf("closing %s: %w", j.ID, err)
			}
			if done {
				closed++
			}
		}
		if len(jobs) < closingBatch {
			return closed, nil
		}
	}
}

// closeQuiet closes one ticket and settles its job in one commit.
func (d *Desk) closeQuiet(ctx context.Context, j store.Job) (bool, error) {
	var c closing
	if err := json.Unmarshal(j.Payload, &c); err != nil || c.Ticket == "" {
		c.Ticket = ticket.ID(j.ID)
	}
	done := false
	system := ticket.Actor{Address: "supportd", Roles: []ticket.Role{ticket.RoleSystem}}
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		done = false
		if err := tx.Settle(j); err != nil {
			return err
		}
		tickets, err := tx.Tickets(c.Ticket)
		if err != nil || tickets[0].ID == "" {
			return err
		}
		_, _, err = d.do(tx, tickets[0], ticket.Close{Closing: ticket.ClosingQuiet, Policy: d.config.Policy}, system, d.now())
		var refused *ticket.Refused
		if errors.As(err, &refused) {
			return nil // reopened or closed meanwhile: the job is over
		}
		done = err == nil
		return err
	})
	switch {
	case errors.Is(err, store.ErrLost):
		return false, nil // another node has it
	case err != nil:
		return false, err
	case done:
		d.log.Info().Str("ticket", string(c.Ticket)).Msg("closed after its quiet days")
		d.owed()
	}
	return done, nil
}
