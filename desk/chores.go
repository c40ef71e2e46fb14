package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// A chore is what the clock asks of a ticket. Each kind has a queue of jobs, one
// for each time at which something may be due; a job whose ticket has moved on
// meanwhile finds nothing to do.
type chore struct {
	queue string
	// due is when the ticket, as it stands, is due; the zero time for never.
	due func(*Desk, ticket.Ticket) time.Time
	// command is given to the ticket then, by supportd itself.
	command func(*Desk, *store.Tx, ticket.Ticket, time.Time) (ticket.Command, error)
}

var chores = []chore{
	{"closing", func(_ *Desk, t ticket.Ticket) time.Time { return t.CloseOn }, given(func(d *Desk) ticket.Command {
		return ticket.Close{Closing: ticket.ClosingQuiet, Policy: d.config.Policy}
	})},
	{"reminder", func(_ *Desk, t ticket.Ticket) time.Time { return t.Waiting.RemindOn }, given(func(d *Desk) ticket.Command {
		return ticket.Remind{Policy: d.config.Policy}
	})},
	{"assess", func(_ *Desk, t ticket.Ticket) time.Time { return t.AssessBy }, given(func(*Desk) ticket.Command {
		return ticket.Overdue{Promise: ticket.PromiseAssess}
	})},
	{"answer", func(_ *Desk, t ticket.Ticket) time.Time { return t.AnswerBy }, given(func(*Desk) ticket.Command {
		return ticket.Overdue{Promise: ticket.PromiseAnswer}
	})},
	{"planning", (*Desk).planDue, (*Desk).autoPlan},
}

// given is a command that needs no look at the ticket.
func given(c func(*Desk) ticket.Command) func(*Desk, *store.Tx, ticket.Ticket, time.Time) (ticket.Command, error) {
	return func(d *Desk, _ *store.Tx, _ ticket.Ticket, _ time.Time) (ticket.Command, error) { return c(d), nil }
}

// enqueueChores adds a job for each time that a change has set.
func (d *Desk) enqueueChores(tx *store.Tx, before, after ticket.Ticket) {
	for _, c := range chores {
		if due := c.due(d, after); !due.IsZero() && !due.Equal(c.due(d, before)) {
			tx.Enqueue(store.Job{Queue: c.queue, ID: string(after.ID), Due: due})
		}
	}
}

const (
	choreLease = time.Minute
	choreBatch = 50
	// choreLook bounds how late a chore is done; letters name no seconds.
	choreLook = 15 * time.Second
	// scheduleEvery is how soon there are jobs for digests again after a store was
	// lost; else their jobs follow one from the other.
	scheduleEvery = time.Hour
)

// RunChores does what the clock asks, until ctx ends: it closes tickets after
// their quiet days, reminds reporters, tells of broken promises, plans the
// backlog, turns the sprints and sends the digests. Several nodes may run it: each
// job is leased to one.
func (d *Desk) RunChores(ctx context.Context) error {
	tick := time.NewTicker(choreLook)
	defer tick.Stop()
	var scheduled time.Time
	if n, err := d.store.IndexTurns(ctx); err != nil && ctx.Err() == nil {
		d.log.Error().Err(err).Msg("tickets from before the inbox may be missing there; it is tried again at the next start")
	} else if n > 0 {
		d.log.Info().Int("tickets", n).Msg("put the tickets of an earlier version into the inbox")
	}
	if err := d.EndLeavers(ctx); err != nil && ctx.Err() == nil {
		d.log.Error().Err(err).Msg("sessions of those who left the staff are refused, but still on record")
	}
	for {
		if now := d.now(); now.Sub(scheduled) >= scheduleEvery {
			if err := d.ScheduleDigests(ctx); err == nil {
				scheduled = now
			} else if ctx.Err() == nil {
				d.log.Error().Err(err).Msg("the digests have no jobs yet; it is tried again")
			}
		}
		if _, err := d.DoChores(ctx); err != nil && ctx.Err() == nil {
			d.log.Error().Err(err).Msg("what the clock asks was not all done; it is tried again")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-d.chore:
		}
	}
}

// wakeChores says that something is due at once.
func (d *Desk) wakeChores() {
	select {
	case d.chore <- struct{}{}:
	default:
	}
}

// DoChores does what is due now, and tells how many tickets changed. One chore
// that fails keeps none of the others from being done.
func (d *Desk) DoChores(ctx context.Context) (int, error) {
	done := 0
	var errs []error
	turned, err := d.Turn(ctx)
	done += turned
	errs = append(errs, err)
	for _, c := range chores {
		n, err := d.drain(ctx, c.queue, func(j store.Job) (bool, error) { return d.doChore(ctx, c, j) })
		done += n
		errs = append(errs, err)
	}
	asked, err := d.drain(ctx, statusQueue, func(j store.Job) (bool, error) { return d.answerStatus(ctx, j) })
	errs = append(errs, err)
	links, linkErr := d.drain(ctx, signInQueue, func(j store.Job) (bool, error) { return d.answerSignIn(ctx, j) })
	errs = append(errs, linkErr)
	_, err = d.store.Expire(ctx, d.now())
	errs = append(errs, err, d.sendDigests(ctx))
	return done + asked + links, errors.Join(errs...)
}

// drain does what is due in a queue. A job that fails comes again when its lease
// ends, and keeps none of those behind it from being done: one whose records are
// damaged fails for ever.
func (d *Desk) drain(ctx context.Context, queue string, do func(store.Job) (bool, error)) (int, error) {
	done := 0
	var errs []error
	for {
		jobs, err := d.store.Lease(ctx, queue, d.now(), choreLease, choreBatch)
		if err != nil {
			return done, errors.Join(append(errs, err)...)
		}
		for _, j := range jobs {
			changed, err := do(j)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s of %s: %w", queue, j.ID, err))
			}
			if changed {
				done++
			}
		}
		if len(jobs) < choreBatch || ctx.Err() != nil {
			return done, errors.Join(errs...)
		}
	}
}

// doChore does one and settles its job in one commit.
func (d *Desk) doChore(ctx context.Context, c chore, j store.Job) (changed bool, err error) {
	owes := false
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		changed, owes = false, false
		if err := tx.Settle(j); err != nil {
			return err
		}
		tickets, err := tx.Tickets(ticket.ID(j.ID))
		if err != nil || tickets[0].ID == "" {
			return err
		}
		before := tickets[0]
		now := d.now()
		if due := c.due(d, before); due.IsZero() || due.After(now) {
			return nil // the ticket has moved on: the job is over
		}
		command, err := c.command(d, tx, before, now)
		if err != nil {
			return err
		}
		due := causedByClock(c.queue, before.ID, c.due(d, before).UTC().Format(time.RFC3339))
		done, err := d.do(tx, before, command, occasion{system, now, due})
		if refused := (*ticket.Refused)(nil); errors.As(err, &refused) {
			return nil // nor is there anything to do
		}
		changed, owes = len(done.Events) > 0, len(done.Notices) > 0
		return err
	})
	switch {
	case errors.Is(err, store.ErrLost):
		return false, nil // another node has it
	case err != nil:
		return false, err
	}
	if changed {
		d.log.Info().Str("ticket", j.ID).Str("chore", c.queue).Msg("chore done")
	}
	if owes {
		d.owed()
	}
	return changed, nil
}

// system is supportd itself, as events name it.
var system = ticket.Actor{Address: "supportd", Roles: []ticket.Role{ticket.RoleSystem}, Door: ticket.DoorClock}
