package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/ticket"
)

// Whoever has no role for a verb is refused by the ticket itself, with its code;
// whoever has one is not refused for that.
func TestRolesAndVerbs(t *testing.T) {
	h := newHouse(t, nil)
	other := h.open("support", "Faktura", "Linje 3 mangler.")
	bodies := map[ticket.Verb]string{
		ticket.VerbClassify: `"severity":"normal","category":"login","kind":"bug"`, ticket.VerbPlan: ``, ticket.VerbStart: ``,
		ticket.VerbTest: `"text":"Sessionen fornyes."`, ticket.VerbPass: `"verified":"Log ind virker."`, ticket.VerbFail: `"text":"Nej."`,
		ticket.VerbResolve: `"text":"Sådan gør du."`, ticket.VerbClose: `"reason":"Sendt to gange."`, ticket.VerbReopen: `"reason":"Igen."`,
		ticket.VerbAsk: `"questions":["Hvornår?"]`, ticket.VerbReply: `"text":"Hej."`, ticket.VerbNote: `"text":"Hm."`,
		ticket.VerbAssign: `"to":"support@ours.example"`, ticket.VerbMerge: fmt.Sprintf(`"into":%q`, other), ticket.VerbLink: fmt.Sprintf(`"other":%q`, other),
		ticket.VerbAccept: `"quarter":"2026-Q4"`, ticket.VerbDefer: `"reason":"Ikke nu."`, ticket.VerbDecline: `"reason":"Nej."`,
		ticket.VerbTitle: `"title":"Log ind"`, ticket.VerbInvite: `"address":"kollega@firma.example"`, ticket.VerbDismiss: `"address":"kollega@firma.example"`,
		ticket.VerbUndo: ``,
	}
	for _, w := range ticket.Verbs() {
		if w.Short() || w.Verb == ticket.VerbHelp || w.Verb == ticket.VerbStatus {
			continue
		}
		rest, ok := bodies[w.Verb]
		if !ok {
			t.Errorf("%s is not tested", w.Verb)
			continue
		}
		body := fmt.Sprintf(`{"command":%q%s}`, w.Verb, strings.TrimSuffix(","+rest, ","))
		for _, role := range ticket.StaffRoles {
			id := h.open("support", "Kan ikke logge ind", "Det siger fejl 502, hver gang.")
			r := h.ask(string(role), "POST", commands(id), body)
			refusedForRole := r.status == http.StatusConflict && r.problem(t).Code == string(ticket.RefusedRole)
			if r.status != http.StatusOK && r.status != http.StatusConflict {
				t.Errorf("%s by %s: %d %s", w.Verb, role, r.status, r.body)
			}
			if may := slices.Contains(w.Roles, role); refusedForRole == may && !mayBeSaidOtherwise(w.Verb, role) {
				t.Errorf("%s by %s: refused for the role is %v, may is %v: %s", w.Verb, role, refusedForRole, may, r.body)
			}
		}
	}
}

// mayBeSaidOtherwise are the cells in which the table of verbs and the ticket differ
// by more than the role.
func mayBeSaidOtherwise(v ticket.Verb, role ticket.Role) bool {
	switch v {
	case ticket.VerbResolve: // QA resolves by what it verified, support by answering
		return role == ticket.RoleQA
	case ticket.VerbUndo: // of one's own command alone, and the last is the reporter's
		return true
	}
	return false
}

// A preview shows what would happen and every letter in its words, and changes
// nothing.
func TestPreview(t *testing.T) {
	h := newHouse(t, nil)
	id := h.open("portal", "Kan ikke logge ind", "Det siger fejl 502, hver gang.")
	const body = `{"command":"klassificer","severity":"Kritisk","category":"login"}`
	would := answer[CommandResult](h, "support", "POST", commands(id)+"?preview=true", body)
	if !would.Preview || would.State == ticket.StateReported || would.Confirmed != ticket.SeverityCritical || len(would.Done) == 0 {
		t.Errorf("the preview: %+v", would)
	}
	if len(would.Letters) == 0 || would.Letters[0].Subject == "" || would.Letters[0].Text == "" || would.Letters[0].To.Address == "" || would.Letters[0].Language != "da" {
		t.Errorf("its letters: %+v", would.Letters)
	}
	before := answer[TicketDetails](h, "support", "GET", "/api/v1/tickets/"+string(id), "")
	if before.State != ticket.StateReported || before.Event != 1 {
		t.Fatalf("the preview did something: %+v", before)
	}
	did := h.do("support", id, body)
	if did.Preview || did.State != would.State || len(did.Letters) != len(would.Letters) {
		t.Errorf("done %+v, previewed %+v", did, would)
	}
}

// Merging shows the letters and the events of the other ticket too.
func TestPreviewOfTwoTickets(t *testing.T) {
	h := newHouse(t, nil)
	first, second := h.open("portal", "Faktura", "Linje 3 mangler."), h.open("portal", "Kan ikke logge ind", "Fejl 502 hver gang.")
	would := answer[CommandResult](h, "support", "POST", commands(first)+"?preview=true", fmt.Sprintf(`{"command":"merge","into":%q}`, second))
	if len(would.Others) != 1 || would.Others[0].Ticket != second || would.MergedInto != second {
		t.Errorf("%+v", would)
	}
}

// Two who have read the same ticket do not overwrite each other unseen.
func TestConflict(t *testing.T) {
	h := newHouse(t, nil)
	id := h.open("portal", "Kan ikke logge ind", "Fejl 502 hver gang.")
	h.do("support", id, `{"command":"note","text":"Ringet til kunden.","expected_event":1}`)
	for _, c := range []struct{ body, match string }{
		{`{"command":"classify","severity":"low","expected_event":1}`, ""},
		{`{"command":"classify","severity":"low"}`, `"1"`},
		{`{"command":"classify","severity":"low"}`, `1`},
	} {
		r := h.ask("qa", "POST", commands(id), c.body, "If-Match", c.match)
		p := r.problem(t)
		if r.status != http.StatusConflict || p.Code != CodeStale || len(p.Changed) != 1 || p.Changed[0].Text != "Ringet til kunden." || len(p.Possible) == 0 {
			t.Errorf("%+v: %d %+v", c, r.status, p)
		}
	}
	if r := h.ask("qa", "POST", commands(id), `{"command":"classify","severity":"low"}`, "If-Match", "two"); r.status != http.StatusBadRequest {
		t.Error("an If-Match that is none:", r.status)
	}
	h.do("qa", id, `{"command":"classify","severity":"low","expected_event":2}`)
}

// A refusal names its kind and what would do; an order that cannot be read names
// the field.
func TestRefusalsForPrograms(t *testing.T) {
	h := newHouse(t, nil)
	id := h.open("portal", "Kan ikke logge ind", "Fejl 502 hver gang.")
	for _, c := range []struct {
		body string
		want Problem
	}{
		{`{"command":"pass","verified":"x"}`, Problem{Code: "role", Possible: []string{"classify", "ask", "resolve", "merge", "close"}}},
		{`{"command":"reopen"}`, Problem{Code: "state", Possible: []string{"classify", "ask", "resolve", "merge", "close"}}},
		{`{"command":"assign","to":"nobody@ours.example"}`, Problem{Code: "input", Possible: []string{"classify", "ask", "resolve", "merge", "close"}}},
		{`{"command":"classfy","severity":"low"}`, Problem{Code: "unknown", Field: "command", Suggest: "classify"}},
		{`{"command":"classify","severity":"criticl"}`, Problem{Code: "value", Field: "severity", Possible: []string{"critical", "high", "normal", "low"}, Suggest: "critical"}},
		{`{"command":"close","sprint":"2026-25"}`, Problem{Code: "extra", Field: "sprint"}},
		{`{"command":"reply"}`, Problem{Code: "missing", Field: "text"}},
	} {
		p := h.ask("support", "POST", commands(id), c.body).problem(t)
		got := Problem{Code: p.Code, Field: p.Field, Possible: p.Possible, Suggest: p.Suggest}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s\n%s", c.body, p.Detail, diff)
		}
	}
}

// The log tells through which door a command came; only the operator's own
// commands come by the command line.
func TestDoor(t *testing.T) {
	h := newHouse(t, nil)
	id := h.open("portal", "Kan ikke logge ind", "Fejl 502 hver gang.")
	for _, c := range []struct {
		token string
		want  ticket.Door
	}{{"admin", ticket.DoorCLI}, {"support", ticket.DoorAPI}} {
		got := answer[CommandResult](h, c.token, "POST", commands(id), `{"command":"note","text":"x"}`, "Supportd-Door", "cli")
		if len(got.Done) != 1 || got.Done[0].By.Door != c.want {
			t.Errorf("%s: %+v", c.token, got.Done)
		}
	}
}
