package ticket

import (
	"slices"
	"time"
)

// Step is a stage of the process and when a ticket reached it.
type Step struct {
	State   State     `json:"state"`
	At      time.Time `json:"at,omitzero"` // zero: not reached, or passed by
	Current bool      `json:"current,omitempty"`
}

// Track shows how far a ticket has come: the stages that a ticket of its kind
// passes, and any other that it did pass, in order of the process. Going back, as
// a failed test does, takes the later stages away. The events are all of its own.
func Track(t Ticket, events []Event) []Step {
	reached := map[State]time.Time{}
	var at Ticket
	for _, e := range events {
		before := at.Stage()
		at = at.Apply(e)
		now := at.Stage()
		if now == before && len(reached) > 0 {
			continue
		}
		for _, later := range trackOrder[slices.Index(trackOrder, now)+1:] {
			delete(reached, later)
		}
		// It was received once, however often it is reopened.
		if _, there := reached[now]; !there || e.Kind == EventReopened && now != StateReported {
			reached[now] = e.At
		}
	}
	var steps []Step
	for _, s := range trackOrder {
		when, passed := reached[s]
		if passed || slices.Contains(t.stages(), s) {
			steps = append(steps, Step{State: s, At: when, Current: s == t.Stage()})
		}
	}
	return steps
}

// trackOrder are the stages in order of the process.
var trackOrder = []State{
	StateReported, StateClassified, StatePlanned, StateInvestigating, StateTesting, StateResolved, StateClosed,
}

// stages are those that a ticket of its kind passes.
func (t Ticket) stages() []State {
	switch t.Kind {
	case KindQuestion:
		return []State{StateReported, StateClassified, StateResolved, StateClosed}
	case KindFeatureRequest:
		return []State{StateReported, StateClassified, StatePlanned, StateResolved, StateClosed}
	}
	return trackOrder
}
