package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Bounds on what one look at the roadmap reads; beyond them it counts.
const (
	maxSprintItems  = 100 // of one sprint
	maxQuarterItems = 50  // of one quarter of a year
	maxWishes       = 100 // of one quarter
)

// PeriodError says that a text names no period of the roadmap.
type PeriodError struct{ Period string }

func (e *PeriodError) Error() string {
	return fmt.Sprintf("%q is no period: write a quarter like 2026-Q4 or a year like 2026", e.Period)
}

// Roadmap is the public view of a quarter (2026-Q4) or a year (2026); "" is the
// quarter of the current sprint. It names no people and quotes no mail. The error is
// a *PeriodError or the store's.
func (d *Desk) Roadmap(ctx context.Context, period string) (ticket.Roadmap, error) {
	internal, err := d.InternalRoadmap(ctx, period)
	return internal.Public(), err
}

// InternalRoadmap is the same for staff, with IDs, subjects and assignees.
func (d *Desk) InternalRoadmap(ctx context.Context, period string) (ticket.InternalRoadmap, error) {
	now := d.now()
	quarters, yearly, err := d.period(period, now)
	if err != nil {
		return ticket.InternalRoadmap{}, err
	}
	out := ticket.InternalRoadmap{Period: quarters[0].String()}
	if yearly {
		out.Period = fmt.Sprintf("%04d", quarters[0].Year)
	}
	for _, q := range quarters {
		if yearly {
			part, err := d.roadmapPart(ctx, q)
			if err != nil {
				return ticket.InternalRoadmap{}, fmt.Errorf("making the roadmap of %s: %w", q, err)
			}
			out.Quarters = append(out.Quarters, part)
		} else if out.Sprints, err = d.roadmapSprints(ctx, d.config.Calendar.SprintsOf(q), now); err != nil {
			return ticket.InternalRoadmap{}, fmt.Errorf("making the roadmap of %s: %w", q, err)
		}
		wishes, err := d.store.TicketsByQuarter(ctx, q.String(), "", maxWishes)
		if err != nil {
			return ticket.InternalRoadmap{}, fmt.Errorf("listing the wishes of %s: %w", q, err)
		}
		for _, t := range wishes.Items {
			if t.Kind == ticket.KindFeatureRequest && t.Decision == ticket.DecisionAccepted {
				out.Requests = append(out.Requests, t.RoadmapItem())
			}
		}
	}
	return out, nil
}

// RoadmapCalendar is the sprints of a period as text/calendar, with the public titles
// of what is in them.
func (d *Desk) RoadmapCalendar(ctx context.Context, period string) (string, error) {
	now := d.now()
	quarters, _, err := d.period(period, now)
	if err != nil {
		return "", err
	}
	var all ticket.InternalRoadmap
	for _, q := range quarters {
		sprints, err := d.roadmapSprints(ctx, d.config.Calendar.SprintsOf(q), now)
		if err != nil {
			return "", fmt.Errorf("making the calendar of %s: %w", q, err)
		}
		all.Sprints = append(all.Sprints, sprints...)
	}
	domain := ticket.Domain(d.config.Addresses[0])
	return ticket.SprintCalendar("Sprints, "+domain, domain, all.Public().Sprints, now), nil
}

// period reads which quarters are meant.
func (d *Desk) period(text string, now time.Time) (quarters []ticket.Quarter, yearly bool, err error) {
	if text == "" {
		return []ticket.Quarter{d.config.Calendar.Quarter(d.config.Calendar.At(now))}, false, nil
	}
	if q, err := ticket.ParseQuarter(text); err == nil {
		return []ticket.Quarter{q}, false, nil
	}
	first, err := ticket.ParseQuarter(text + "-Q1")
	if err != nil {
		return nil, false, &PeriodError{text}
	}
	for q := first; q.Year == first.Year; q = q.Next() {
		quarters = append(quarters, q)
	}
	return quarters, true, nil
}

// Sprints are the current one and the next with their tickets. What is left over of
// sprints before stands in the current one, into which it carries over.
func (d *Desk) Sprints(ctx context.Context) ([]ticket.InternalSprint, error) {
	return d.SprintsAhead(ctx, 2)
}

// roadmapSprints reads sprints with their tickets.
func (d *Desk) roadmapSprints(ctx context.Context, sprints []ticket.Sprint, now time.Time) ([]ticket.InternalSprint, error) {
	current := d.config.Calendar.At(now)
	out := make([]ticket.InternalSprint, 0, len(sprints))
	for _, sprint := range sprints {
		slot := d.slot(sprint)
		s := ticket.InternalSprint{
			SprintLoad: ticket.SprintLoad{Sprint: slot.Name, Start: slot.Start, End: slot.End, Capacity: d.config.Calendar.Capacity},
			Current:    sprint == current,
		}
		seats, err := d.seatsOf(ctx, sprint, current)
		if err != nil {
			return nil, err
		}
		s.Taken = len(seats)
		for _, seat := range seats {
			if seat.Done {
				s.Done++
			}
		}
		if s.Items, err = d.items(ctx, seats, maxSprintItems); err != nil {
			return nil, err
		}
		s.More = max(0, len(seats)-maxSprintItems)
		out = append(out, s)
	}
	return out, nil
}

// seatsOf are the places taken in a sprint, in the current one also by what was not
// finished in the one before.
func (d *Desk) seatsOf(ctx context.Context, sprint, current ticket.Sprint) (seats []store.Seat, err error) {
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		lists, err := tx.Seats(sprint.String(), d.config.Calendar.Previous(sprint).String())
		if err != nil {
			return err
		}
		seats = slices.Clone(lists[0])
		for _, s := range lists[1] {
			if sprint == current && !s.Done {
				seats = append(seats, s)
			}
		}
		return nil
	})
	return seats, err
}

// roadmapPart is a quarter of a year.
func (d *Desk) roadmapPart(ctx context.Context, q ticket.Quarter) (ticket.InternalPart, error) {
	part := ticket.InternalPart{Quarter: q.String()}
	var all []store.Seat
	for _, sprint := range d.config.Calendar.SprintsOf(q) {
		seats, err := d.seatsOf(ctx, sprint, ticket.Sprint{})
		if err != nil {
			return part, err
		}
		all = append(all, seats...)
	}
	for _, s := range all {
		switch {
		case s.Done:
			part.Done++
		case s.Started:
			part.InWork++
		default:
			part.Planned++
		}
	}
	var err error
	part.Items, err = d.items(ctx, all, maxQuarterItems)
	part.More = max(0, len(all)-maxQuarterItems)
	return part, err
}

// items are the tickets of seats, the worst first, at most so many.
func (d *Desk) items(ctx context.Context, seats []store.Seat, limit int) ([]ticket.InternalItem, error) {
	seats = slices.Clone(seats)
	slices.SortFunc(seats, func(a, b store.Seat) int {
		return cmp.Or(a.Severity.Compare(b.Severity), a.Opened.Compare(b.Opened), cmp.Compare(a.ID, b.ID))
	})
	seats = seats[:min(limit, len(seats))]
	ids := make([]ticket.ID, len(seats))
	for i, s := range seats {
		ids[i] = s.ID
	}
	items := make([]ticket.InternalItem, 0, len(ids))
	if len(ids) == 0 {
		return items, nil
	}
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		tickets, err := tx.Tickets(ids...)
		items = items[:0]
		for _, t := range tickets {
			if t.ID != "" {
				items = append(items, t.RoadmapItem())
			}
		}
		return err
	})
	return items, err
}
