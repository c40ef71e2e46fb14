package desk_test

import (
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// A hotfix went through planning a second time when the job of its time in the
// backlog came due: the client and the developer got a second letter, and it was
// no hotfix any more.
func TestPlanningLeavesAloneWhatIsPlanned(t *testing.T) {
	h := memory(t, readers(t, atEight, "support", "dev"))
	id := h.classified(h.opened("Eksport fejler"), ticket.SeverityNormal)
	h.classified(id, ticket.SeverityCritical)
	before := h.ticket(id)
	h.now = h.now.Add(h.config.PlanAfter)
	h.chores()
	if after := h.ticket(id); !after.Hotfix || after.Events != before.Events || after.Notices != before.Notices {
		t.Errorf("planning came again: %v, hotfix %t", h.notices(id), after.Hotfix)
	}
}
