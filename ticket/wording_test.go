package ticket_test

import (
	"errors"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// A refusal is one thing said twice: states, kinds and days bear the names that
// its reader knows.
func TestRefusalsInTwoLanguages(t *testing.T) {
	for _, c := range []struct {
		name            string
		state           ticket.State
		command         ticket.Command
		role            ticket.Role
		english, danish string
	}{
		{
			"role", ticket.StateReported, plan, ticket.RoleDev,
			"only the product owner may plan a ticket into a sprint",
			"kun den produktansvarlige kan planlægge en billet i en sprint",
		},
		{
			"state", ticket.StateReported, plan, ticket.RoleOwner,
			"ticket AIS-1 is reported and cannot be planned: support classifies it first; possible now: classify, ask, resolve, merge, close",
			"billet AIS-1 har tilstanden Modtaget og kan ikke planlægges: Support klassificerer den først. Muligt nu: klassificer, spørg, løst, flet, luk",
		},
		{
			"a day", ticket.StateResolved, ticket.Close{Closing: ticket.ClosingQuiet}, ticket.RoleSystem,
			"ticket AIS-1 stays open until 2026-11-28", "billet AIS-1 er åben til 28. november 2026",
		},
		{
			"a kind", ticket.StateClassified, ticket.Decide{Decision: ticket.DecisionAccepted}, ticket.RoleOwner,
			"ticket AIS-1 is a bug, not a feature request: classify it as one first",
			"billet AIS-1 har typen fejl og er ikke et ønske: Klassificer den først som ønske",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			tk := at(t, c.state)
			tk.ID = "AIS-1"
			_, err := tk.Decide(c.command, staff(c.role), noon)
			var refused *ticket.Refused
			if !errors.As(err, &refused) {
				t.Fatalf("Decide = %v", err)
			}
			if refused.In("en") != c.english || refused.In("da") != c.danish {
				t.Errorf("in English %q\nwant       %q\nin Danish  %q\nwant       %q", refused.In("en"), c.english, refused.In("da"), c.danish)
			}
		})
	}
}
