package ticket

import (
	"testing"
	"time"
)

// What becomes of another kind loses what planned it as the old one, and stands where
// its new kind begins, though it waits for its reporter.
func TestAnotherKindIsPlannedAnew(t *testing.T) {
	planned := Ticket{ID: "AIS-TQH0-G6Q1", Severity: SeverityNormal, Classified: time.Unix(1, 0), Events: 3}
	bug, wish := planned, planned
	bug.Kind, bug.Sprint, bug.First = KindBug, Slot{Name: "2026-24"}, "2026-24"
	wish.Kind, wish.Decision, wish.Quarter = KindFeatureRequest, DecisionAccepted, "2027-Q1"
	for _, c := range []struct {
		name   string
		before Ticket
		kind   Kind
		want   State
	}{
		{"a planned bug is a question", bug, KindQuestion, StateClassified},
		{"a planned bug is a wish", bug, KindFeatureRequest, StateClassified},
		{"an accepted wish is a bug", wish, KindBug, StateClassified},
		{"an accepted wish is a question", wish, KindQuestion, StateClassified},
		{"a planned bug stays one", bug, KindBug, StatePlanned},
		{"an accepted wish stays one", wish, KindFeatureRequest, StatePlanned},
	} {
		for _, state := range []State{StatePlanned, StateWaiting} {
			before := c.before
			before.State = state
			if state == StateWaiting {
				before.Waiting = Waiting{From: StatePlanned, Questions: []string{"Hvilken?"}}
			}
			after := before.Apply(Event{Number: 4, Kind: EventClassified, TicketKind: c.kind, Severity: SeverityHigh})
			if after.Stage() != c.want || after.State != StateWaiting && state == StateWaiting {
				t.Errorf("%s, %s before: it is %s at %s, want %s", c.name, state, after.State, after.Stage(), c.want)
			}
			if again := after.Decision != ""; again != (c.kind == KindFeatureRequest && c.before.Kind == KindFeatureRequest) {
				t.Errorf("%s: its decision is %q", c.name, after.Decision)
			}
		}
	}
}
