package ticket

import (
	"fmt"
	"strings"
)

// allow lets only holders of a role pass, and supportd itself.
func allow(by Actor, what string, roles ...Role) error {
	if by.Has(roles...) {
		return nil
	}
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = roleNames[r]
	}
	return refuse(RefusedRole, "only %s may %s", strings.Join(names, " or "), what)
}

var roleNames = map[Role]string{
	RoleReporter: "the reporter", RoleSupport: "support", RoleDev: "a developer", RoleQA: "QA",
	RoleOwner: "the product owner", RoleSystem: "supportd itself",
}

// StaffRoles are the roles of our own people: any of them may do what needs no
// one role.
var StaffRoles = []Role{RoleSupport, RoleDev, RoleQA, RoleOwner}

// notNow refuses what the state does not allow, and says what it does allow.
func (t Ticket) notNow(what, hint string) error {
	text := fmt.Sprintf("ticket %s is %s and cannot %s", t.ID, t.State, what)
	if hint != "" {
		text += ": " + hint
	}
	if next := t.Possible(); len(next) > 0 {
		text += "; possible now: " + strings.Join(next, ", ")
	}
	return &Refused{Code: RefusedState, Reason: text}
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
