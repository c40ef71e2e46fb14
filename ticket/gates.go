package ticket

import (
	"fmt"
	"strings"
)

// allow lets only holders of a role pass, and supportd itself.
func allow(by Actor, what Wording, roles ...Role) error {
	if by.Has(roles...) {
		return nil
	}
	var danish, english []string
	for _, r := range roles {
		if r == RoleSystem { // which nobody can turn to
			continue
		}
		danish, english = append(danish, roleNames[r].Danish), append(english, roleNames[r].English)
	}
	who := Wording{strings.Join(danish, " eller "), strings.Join(english, " or ")}
	return Refuse(RefusedRole, "only %s may %s", "kun %s kan %s", who, what)
}

var roleNames = map[Role]Wording{
	RoleReporter: {"rapportøren", "the reporter"}, RoleSupport: {"support", "support"}, RoleDev: {"en udvikler", "a developer"},
	RoleQA: {"QA", "QA"}, RoleOwner: {"den produktansvarlige", "the product owner"},
}

// StaffRoles are the roles of our own people: any of them may do what needs no
// one role.
var StaffRoles = []Role{RoleSupport, RoleDev, RoleQA, RoleOwner}

// notNow refuses what the state does not allow, and says what it does allow.
func (t Ticket) notNow(what, hint Wording) error {
	english := fmt.Sprintf("ticket %s is %s and cannot %s", t.ID, t.State, what.English)
	danish := fmt.Sprintf("billet %s har tilstanden %s og kan ikke %s", t.ID, t.State.In("da"), what.Danish)
	if hint != (Wording{}) {
		english, danish = english+": "+hint.English, danish+": "+upperFirst(hint.Danish)
	}
	if next := t.Possible(); len(next) > 0 {
		english += "; possible now: " + strings.Join(next, ", ")
		danish += ". Muligt nu: " + strings.Join(inDanish(next), ", ")
	}
	return &Refused{Code: RefusedState, Reason: english, Danish: danish}
}

// inDanish names commands by their Danish words.
func inDanish(commands []string) []string {
	names := make([]string, len(commands))
	for i, c := range commands {
		w, _ := findVerb(c)
		names[i] = w.Danish
	}
	return names
}

// Possible are the commands that change the state of the ticket as it stands,
// in order of the process. Notes, replies and the like are possible always.
func (t Ticket) Possible() []string {
	if t.MergedInto != "" {
		return nil
	}
	switch t.Stage() {
	case StateReported:
		return []string{"classify", "ask", "resolve", "merge", "close"}
	case StateClassified:
		switch t.Kind {
		case KindQuestion:
			return []string{"resolve", "ask", "classify", "merge", "close"}
		case KindFeatureRequest:
			return []string{"accept", "defer", "decline", "resolve", "ask", "classify", "merge", "close"}
		}
		return []string{"plan", "ask", "classify", "merge", "close"}
	case StatePlanned:
		return []string{"start", "plan", "ask", "classify", "close"}
	case StateInvestigating:
		return []string{"test", "plan", "ask", "close"}
	case StateTesting:
		return []string{"pass", "fail", "close"}
	case StateResolved:
		return []string{"close", "reopen"}
	case StateClosed:
		return []string{"reopen"}
	}
	return nil
}
