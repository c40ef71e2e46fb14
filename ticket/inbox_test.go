package ticket_test

import (
	"slices"
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

func changed(t ticket.Ticket, f func(*ticket.Ticket)) ticket.Ticket {
	f(&t)
	return t
}

// Where each kind of ticket stands in the inbox of each role, an hour after noon.
func TestInboxSections(t *testing.T) {
	const me = "dev@firma.example"
	soon, past := noon.Add(2*time.Hour), noon.Add(time.Minute)
	none := ticket.SectionKind("")
	for _, c := range []struct {
		name                    string
		ticket                  ticket.Ticket
		support, dev, qa, owner ticket.SectionKind
	}{
		{"new", at(t, ticket.StateReported), ticket.SectionUnclassified, none, none, none},
		{"claimed critical", changed(at(t, ticket.StateReported), func(t *ticket.Ticket) { t.Claim.Severity = ticket.SeverityCritical }),
			ticket.SectionCritical, none, none, ticket.SectionCritical},
		{"promised for later", changed(at(t, ticket.StateReported), func(t *ticket.Ticket) { t.AssessBy = soon }),
			ticket.SectionUnclassified, none, none, none},
		{"promise broken", changed(at(t, ticket.StateReported), func(t *ticket.Ticket) { t.AssessBy = past }),
			ticket.SectionOverdue, none, none, none},
		{"a question to answer", changed(at(t, ticket.StateClassified), func(t *ticket.Ticket) { t.Kind = ticket.KindQuestion }),
			ticket.SectionQuestions, none, none, none},
		{"a wish to decide on", changed(at(t, ticket.StateClassified), func(t *ticket.Ticket) { t.Kind = ticket.KindFeatureRequest }),
			ticket.SectionRequests, ticket.SectionRequests, ticket.SectionRequests, ticket.SectionRequests},
		{"without a sprint", at(t, ticket.StateClassified), ticket.SectionBacklog, ticket.SectionBacklog, ticket.SectionBacklog, ticket.SectionBacklog},
		{"planned", at(t, ticket.StatePlanned), ticket.SectionDevelopment, ticket.SectionPlanned, ticket.SectionDevelopment, ticket.SectionDevelopment},
		{"mine", changed(at(t, ticket.StatePlanned), func(t *ticket.Ticket) { t.Assignee = me }),
			ticket.SectionDevelopment, ticket.SectionMine, ticket.SectionDevelopment, ticket.SectionDevelopment},
		{"somebody else's", changed(at(t, ticket.StatePlanned), func(t *ticket.Ticket) { t.Assignee = "other@firma.example" }),
			ticket.SectionDevelopment, ticket.SectionPlanned, ticket.SectionDevelopment, ticket.SectionDevelopment},
		{"slipped", changed(at(t, ticket.StatePlanned), func(t *ticket.Ticket) { t.Slipped = noon }),
			ticket.SectionDevelopment, ticket.SectionPlanned, ticket.SectionDevelopment, ticket.SectionSlipped},
		{"a failed test", changed(at(t, ticket.StateInvestigating), func(t *ticket.Ticket) { t.Failed = 1 }),
			ticket.SectionDevelopment, ticket.SectionFailed, ticket.SectionDevelopment, ticket.SectionDevelopment},
		{"to test", at(t, ticket.StateTesting), ticket.SectionTesting, ticket.SectionTesting, ticket.SectionTesting, ticket.SectionTesting},
		{"waits for the client", at(t, ticket.StateWaiting), ticket.SectionWaiting, ticket.SectionWaiting, ticket.SectionWaiting, ticket.SectionWaiting},
		{"the client has answered", changed(at(t, ticket.StatePlanned), func(t *ticket.Ticket) { t.Answered = noon }),
			ticket.SectionAnswered, ticket.SectionPlanned, ticket.SectionDevelopment, ticket.SectionDevelopment},
		{"answered after its end", changed(at(t, ticket.StateClosed), func(t *ticket.Ticket) { t.Answered = noon }),
			ticket.SectionAnswered, none, none, none},
		{"resolved", at(t, ticket.StateResolved), ticket.SectionResolved, ticket.SectionResolved, ticket.SectionResolved, ticket.SectionResolved},
		{"closed", at(t, ticket.StateClosed), none, none, none, none},
		{"merged", changed(at(t, ticket.StateReported), func(t *ticket.Ticket) { t.MergedInto = "AIS-7K3Q-M2XQ" }), none, none, none, none},
	} {
		t.Run(c.name, func(t *testing.T) {
			for role, want := range map[ticket.Role]ticket.SectionKind{
				ticket.RoleSupport: c.support, ticket.RoleDev: c.dev, ticket.RoleQA: c.qa, ticket.RoleOwner: c.owner,
			} {
				got := ticket.InboxSection(ticket.Inbox(role), c.ticket.Places(), me, noon.Add(time.Hour))
				if got != want {
					t.Errorf("%s finds it in %q, want %q", role, got, want)
				}
			}
		})
	}
}

// The worst comes first, of equals what has waited the longest; tests go by age alone.
func TestUrgency(t *testing.T) {
	place := func(tk ticket.Ticket, section ticket.SectionKind) ticket.Place {
		places := tk.Places()
		i := slices.IndexFunc(places, func(p ticket.Place) bool { return p.Section == section })
		if i < 0 {
			t.Fatalf("%s does not stand in %s", tk.ID, section)
		}
		return places[i]
	}
	high := place(changed(at(t, ticket.StateReported), func(t *ticket.Ticket) { t.Claim.Severity = ticket.SeverityHigh }), ticket.SectionUnclassified)
	low := place(changed(at(t, ticket.StateReported), func(t *ticket.Ticket) { t.Claim.Severity = ticket.SeverityLow }), ticket.SectionUnclassified)
	if high.Rank >= low.Rank {
		t.Errorf("high has rank %d, low %d", high.Rank, low.Rank)
	}
	test := at(t, ticket.StateTesting)
	if a, b := place(test, ticket.SectionTesting), place(changed(test, func(t *ticket.Ticket) { t.Severity = ticket.SeverityCritical }), ticket.SectionTesting); a != b {
		t.Errorf("a test of a critical fix stands at %+v, another at %+v", b, a)
	}
	hotfix := changed(at(t, ticket.StatePlanned), func(t *ticket.Ticket) { t.Hotfix = true })
	if got := place(hotfix, ticket.SectionPlanned).Rank; got != 0 {
		t.Errorf("a hotfix has rank %d", got)
	}
}

// Each role's inbox shows a section once, and its own turn first.
func TestInboxes(t *testing.T) {
	for _, role := range ticket.InboxRoles() {
		seen := map[ticket.SectionKind]bool{}
		groups := ticket.Inbox(role)
		if groups[0].Turn != ticket.TurnOurs || len(groups[0].Sections) == 0 {
			t.Errorf("%s begins with %+v", role, groups[0])
		}
		for _, g := range groups {
			for _, s := range g.Sections {
				if seen[s] {
					t.Errorf("%s sees %s twice", role, s)
				}
				seen[s] = true
			}
		}
	}
}
