package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// seat is the ticket's place in its sprint; false if it takes none. A fix that
// was made has used its place up; what ended without one gives it back.
func seat(t ticket.Ticket) (store.Seat, bool) {
	fixed := t.Result == ticket.ResultFixed || t.Result == ticket.ResultWorkaround
	if t.Sprint.Name == "" || t.Kind != ticket.KindBug || t.Finished() && !fixed {
		return store.Seat{}, false
	}
	return store.Seat{
		ID: t.ID, Severity: t.Severity, Opened: t.Opened, Classified: t.Classified,
		Hotfix: t.Hotfix, Started: t.Started, Done: t.Finished(),
	}, true
}

// keepBoard brings the records of sprints up to date with a ticket.
func (d *Desk) keepBoard(tx *store.Tx, before, after ticket.Ticket) error {
	was, sat := seat(before)
	is, sits := seat(after)
	if sat == sits && was == is && before.Sprint.Name == after.Sprint.Name {
		return nil
	}
	change := func(name string, change func([]store.Seat) []store.Seat) error {
		seats, err := tx.Seats(name)
		if err != nil {
			return err
		}
		return tx.PutSeats(name, change(slices.Clone(seats[0])))
	}
	leave := func(seats []store.Seat) []store.Seat {
		return slices.DeleteFunc(seats, func(s store.Seat) bool { return s.ID == after.ID })
	}
	if sat && (!sits || before.Sprint.Name != after.Sprint.Name) {
		if err := change(before.Sprint.Name, leave); err != nil {
			return err
		}
	}
	if !sits {
		return nil
	}
	return change(after.Sprint.Name, func(seats []store.Seat) []store.Seat { return append(leave(seats), is) })
}

// board is what planning must know to place one ticket: the work of the sprint
// that ended last, of the current one and of the next.
func (d *Desk) board(tx *store.Tx, now time.Time) ([]ticket.Work, error) {
	c := d.config.Calendar
	current := c.At(now)
	return d.workOf(tx, now, c.Previous(current), current, c.Next(current))
}

func (d *Desk) workOf(tx *store.Tx, now time.Time, sprints ...ticket.Sprint) ([]ticket.Work, error) {
	names := make([]string, len(sprints))
	for i, s := range sprints {
		names[i] = s.String()
	}
	seats, err := tx.Seats(names...)
	if err != nil {
		return nil, err
	}
	var work []ticket.Work
	for i, list := range seats {
		for _, s := range list {
			work = append(work, ticket.Work{
				ID: s.ID, Severity: s.Severity, Opened: s.Opened, Sprint: sprints[i],
				Hotfix: s.Hotfix, Started: s.Started, Done: s.Done, Passed: d.config.Calendar.Turns(s.Classified, now),
			})
		}
	}
	return work, nil
}

// workFor is a ticket as planning sees it.
func (d *Desk) workFor(t ticket.Ticket, now time.Time) ticket.Work {
	sprint, _ := ticket.ParseSprint(t.Sprint.Name) // of our own writing; "" is the backlog
	return ticket.Work{
		ID: t.ID, Severity: t.Severity, Opened: t.Opened, Sprint: sprint,
		Hotfix: t.Hotfix, Started: t.Started, Done: t.Finished(), Passed: d.config.Calendar.Turns(t.Classified, now),
	}
}

// slot is a sprint as tickets and letters name it; none for the backlog.
func (d *Desk) slot(s ticket.Sprint) ticket.Slot {
	if s.IsZero() {
		return ticket.Slot{}
	}
	return ticket.Slot{Name: s.String(), Start: d.config.Calendar.Start(s), End: d.config.Calendar.LastDay(s)}
}

// placement is where a ticket can go, and what that pushes out.
type placement struct {
	slot   ticket.Slot
	moves  []ticket.Move
	pushed []ticket.Moved
	full   bool // neither the current sprint nor the next has room
}

// place finds a sprint for a ticket as it would be.
func (d *Desk) place(tx *store.Tx, w ticket.Work, now time.Time) (placement, error) {
	board, err := d.board(tx, now)
	if err != nil {
		return placement{}, err
	}
	to, moves, ok := d.config.Calendar.Place(w, board, now)
	p := placement{slot: d.slot(to), moves: moves, full: !ok}
	for _, m := range moves {
		tickets, err := tx.Tickets(m.ID)
		if err != nil {
			return p, err
		}
		p.pushed = append(p.pushed, ticket.Moved{Ticket: m.ID, Title: tickets[0].Heading(), From: m.From.String(), To: m.To.String()})
	}
	return p, nil
}

// room is how many places the current sprint has left, of how many.
func (d *Desk) room(tx *store.Tx, now time.Time) (free, capacity int, err error) {
	board, err := d.board(tx, now)
	if err != nil {
		return 0, 0, err
	}
	load := d.config.Calendar.Loads(board, now)[0] // the current sprint's
	return load.Free(), load.Capacity, nil
}

// pushOut moves what a hotfix takes the place of, in the same commit.
func (d *Desk) pushOut(tx *store.Tx, moves []ticket.Move, hotfix ticket.ID, o occasion) ([]Change, error) {
	var pushed []Change
	for _, m := range moves {
		tickets, err := tx.Tickets(m.ID)
		if err != nil {
			return nil, err
		}
		move := ticket.Plan{Sprint: d.slot(m.To)}
		done, err := d.do(tx, tickets[0], move, o.bySystem())
		if err != nil {
			return nil, fmt.Errorf("moving %s, which %s pushes out: %w", m.ID, hotfix, err)
		}
		pushed = append(pushed, done)
	}
	return pushed, nil
}

// autoPlan is the command that plans a bugfix whose owner has not.
func (d *Desk) autoPlan(tx *store.Tx, t ticket.Ticket, now time.Time) (ticket.Command, error) {
	p, err := d.place(tx, d.workFor(t, now), now)
	if err != nil {
		return nil, err
	}
	return ticket.Plan{Sprint: p.slot, Full: p.full}, nil
}

// planDue is when a bugfix that nobody has planned is planned by the rules.
func (d *Desk) planDue(t ticket.Ticket) time.Time {
	if t.Stage() != ticket.StateClassified || t.Kind != ticket.KindBug || t.Sprint.Name != "" || d.config.PlanAfter < 0 {
		return time.Time{}
	}
	return t.Classified.Add(d.config.PlanAfter)
}

// Turn plans everything anew if a sprint has begun since that was done last, and
// tells how many tickets got another sprint. What moves was decided on what stood
// there when it began; a ticket that somebody has moved meanwhile stays where it
// was put.
func (d *Desk) Turn(ctx context.Context) (int, error) {
	now := d.now()
	current := d.config.Calendar.At(now).String()
	due := false
	if err := d.store.Update(ctx, func(tx *store.Tx) error {
		turned, err := tx.Turned()
		due = turned != current
		return err
	}); err != nil || !due {
		return 0, err
	}
	work, err := d.allWork(ctx, now)
	if err != nil {
		return 0, err
	}
	done, err := d.doneWork(ctx, now)
	if err != nil {
		return 0, err
	}
	work = append(work, done...)
	schedule := d.config.Calendar.Plan(work, now)
	moved := 0
	for _, m := range schedule.Moves {
		done, err := d.move(ctx, m, now)
		if err != nil {
			return moved, fmt.Errorf("moving %s to sprint %q: %w", m.ID, m.To, err)
		}
		if done {
			moved++
		}
	}
	d.log.Info().Str("sprint", current).Int("tickets", len(work)).Int("moved", moved).Msg("a sprint has begun; everything was planned")
	return moved, d.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.Turned(); err != nil {
			return err
		}
		tx.PutTurned(current)
		return nil
	})
}

// move gives one ticket its new sprint, if it still has the old one.
func (d *Desk) move(ctx context.Context, m ticket.Move, now time.Time) (done bool, err error) {
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		done = false
		tickets, err := tx.Tickets(m.ID)
		if err != nil || tickets[0].Sprint.Name != m.From.String() {
			return err
		}
		turned := causedByClock("turn", m.ID, d.config.Calendar.At(now).String())
		_, err = d.do(tx, tickets[0], ticket.Plan{Sprint: d.slot(m.To), Hotfix: tickets[0].Hotfix}, occasion{system, now, turned})
		if refused := (*ticket.Refused)(nil); errors.As(err, &refused) {
			return nil // it was finished meanwhile
		}
		done = err == nil
		return err
	})
	if done {
		d.owed()
	}
	return done, err
}

// plannedStates are those of tickets that planning may have to do with.
var plannedStates = []ticket.State{
	ticket.StateClassified, ticket.StatePlanned, ticket.StateInvestigating, ticket.StateTesting, ticket.StateWaiting,
}

// doneWork is what was finished in the current sprint and the next, where it has
// used up its places.
func (d *Desk) doneWork(ctx context.Context, now time.Time) (done []ticket.Work, err error) {
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		board, err := d.board(tx, now)
		done = slices.DeleteFunc(board, func(w ticket.Work) bool { return !w.Done })
		return err
	})
	return done, err
}

// allWork is every bug that is classified and not finished.
func (d *Desk) allWork(ctx context.Context, now time.Time) ([]ticket.Work, error) {
	var work []ticket.Work
	for _, state := range plannedStates {
		for t, err := range d.store.AllTickets(ctx, state) {
			if err != nil {
				return nil, err
			}
			if t.Kind == ticket.KindBug && t.Severity != "" {
				work = append(work, d.workFor(t, now))
			}
		}
	}
	return work, nil
}
