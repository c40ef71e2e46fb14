package templates

import (
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// Refusals and letters call the same thing by the same word.
func TestNamesOfStatesAndSeverities(t *testing.T) {
	s := newSet(t)
	for _, tag := range []string{"da", "en"} {
		lang := s.languages[tag]
		for _, state := range []ticket.State{
			ticket.StateReported, ticket.StateClassified, ticket.StatePlanned, ticket.StateInvestigating,
			ticket.StateTesting, ticket.StateResolved, ticket.StateClosed, ticket.StateWaiting,
		} {
			if got, want := state.In(tag), lang.stateForStaff(state); got != want {
				t.Errorf("%s: state %s is %q in refusals and %q in letters", tag, state, got, want)
			}
		}
		for _, severity := range []ticket.Severity{ticket.SeverityCritical, ticket.SeverityHigh, ticket.SeverityNormal, ticket.SeverityLow} {
			if got, want := severity.In(tag), lang.words.Severities[severity]; got != want {
				t.Errorf("%s: severity %s is %q in refusals and %q in letters", tag, severity, got, want)
			}
		}
	}
}
