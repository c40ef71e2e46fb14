package desk_test

import (
	"testing"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

// last is the latest letter of a kind on a ticket.
func (h *house) last(id ticket.ID, kind ticket.NoticeKind) ticket.Notice {
	h.t.Helper()
	for number := h.ticket(id).Notices; number > 0; number-- {
		if n := h.notice(id, number); n.Kind == kind {
			return n
		}
	}
	h.t.Fatalf("%s has no letter %s, but %v", id, kind, h.notices(id))
	return ticket.Notice{}
}

// Who works by mail alone reads what was reported in the first letter that he
// gets, whenever that is: the owner of a wish, the developer of a hotfix. Words
// of a sender who was not verified stay out.
func TestLaterLettersSayWhatWasReported(t *testing.T) {
	for _, c := range []struct {
		name, dmarc, want string
	}{
		{"a hotfix", "pass", "Alt er nede"},
		{"not verified", "none", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := memory(t, readers(t, atEight, "support", "owner", "dev"), checked)
			id := h.opened("Alt er nede", dmarc(c.dmarc, client))
			h.classified(id, ticket.SeverityCritical)
			if n := h.last(id, ticket.NoticeStaffPlanned); n.Facts.Excerpt != c.want || n.To.Address != staffAddress("dev") {
				t.Errorf("%s reads %q, want %q", n.To.Address, n.Facts.Excerpt, c.want)
			}
		})
	}
	h := memory(t, readers(t, atEight, "support", "owner"), checked)
	id := h.opened("Et regneark, tak", dmarc("pass", client), wishes)
	h.must(id, "support", ticket.Order{Verb: ticket.VerbClassify, Kind: ticket.KindFeatureRequest})
	if n := h.last(id, ticket.NoticeStaffRequest); n.Facts.Excerpt != "Et regneark, tak" || n.Facts.Verdict != ticket.TrustVerified {
		t.Errorf("the owner reads %q (%s) of the wish", n.Facts.Excerpt, n.Facts.Verdict)
	}
}

// A released mail of a stranger was told to staff as the reporter's own,
// "verified" and all.
func TestLettersNameWhoWrote(t *testing.T) {
	h := memory(t, staffed, checked)
	mail, id := h.held(stranger, "Mere om fejlen")
	if _, err := h.desk.Release(t.Context(), mail, desk.Release{}, byAnne); err != nil {
		t.Fatal(err)
	}
	if n := h.last(id, ticket.NoticeStaffAnswered); n.Facts.Reporter.Address != stranger {
		t.Errorf("the letter says that %s wrote, want %s", n.Facts.Reporter.Address, stranger)
	}
}

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
