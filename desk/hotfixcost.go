package desk

import (
	"context"
	"errors"
	"fmt"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// HotfixCost is what one more hotfix would push out of the current sprint, and where
// that would go; nothing while there is room. A sprint named "" is the backlog.
func (d *Desk) HotfixCost(ctx context.Context) ([]ticket.Moved, error) {
	now := d.now()
	var p placement
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		var err error
		p, err = d.place(tx, ticket.Work{Severity: ticket.SeverityCritical, Hotfix: true, Opened: now}, now)
		if err != nil {
			return err
		}
		return errPreview
	})
	if errors.Is(err, errPreview) {
		return p.pushed, nil
	}
	return nil, fmt.Errorf("placing a hotfix: %w", err)
}

// SprintsAhead are the current sprint and those after it, n in all, with their tickets:
// see Sprints.
func (d *Desk) SprintsAhead(ctx context.Context, n int) ([]ticket.InternalSprint, error) {
	now := d.now()
	c := d.config.Calendar
	var ahead []ticket.Sprint
	for s := c.At(now); len(ahead) < n; s = c.Next(s) {
		ahead = append(ahead, s)
	}
	sprints, err := d.roadmapSprints(ctx, ahead, now)
	if err != nil {
		return nil, fmt.Errorf("listing the sprints: %w", err)
	}
	return sprints, nil
}
