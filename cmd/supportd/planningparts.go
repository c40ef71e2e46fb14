package main

import (
	"context"
	"errors"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

// planning gives the API what the desk knows of sprints, quarters and digests, in
// the shapes that the API asks for.
type planning struct{ desk *desk.Desk }

func (p planning) Roadmap(ctx context.Context, period string) (ticket.Roadmap, error) {
	return p.desk.Roadmap(ctx, period)
}

func (p planning) InternalRoadmap(ctx context.Context, period string) (any, error) {
	return p.desk.InternalRoadmap(ctx, period)
}

func (p planning) SprintsICS(ctx context.Context, period string) ([]byte, error) {
	calendar, err := p.desk.RoadmapCalendar(ctx, period)
	return []byte(calendar), err
}

func (p planning) Sprints(ctx context.Context) ([]ticket.SprintLoad, error) {
	sprints, err := p.desk.Sprints(ctx)
	loads := make([]ticket.SprintLoad, len(sprints))
	for i, s := range sprints {
		loads[i] = s.SprintLoad
	}
	return loads, err
}

// Digest is today's.
func (p planning) Digest(ctx context.Context, address string) (ticket.Digest, bool, error) {
	d, err := p.desk.Digest(ctx, address, time.Time{})
	if errors.Is(err, desk.ErrNoStaff) {
		return ticket.Digest{}, false, nil
	}
	return d, err == nil, err
}

func (p planning) SendDigest(ctx context.Context, address string) (bool, error) {
	_, _, err := p.desk.SendDigest(ctx, address, time.Time{})
	if errors.Is(err, desk.ErrNoStaff) {
		return false, nil
	}
	return err == nil, err
}
