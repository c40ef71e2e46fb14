package ticket

import "time"

// State is where a ticket stands in its life.
type State string

// States, in order of life; waiting stands beside them.
const (
	StateReported      State = "reported"
	StateClassified    State = "classified"
	StatePlanned       State = "planned"
	StateInvestigating State = "investigating"
	StateTesting       State = "testing"
	StateResolved      State = "resolved"
	StateClosed        State = "closed"
	StateWaiting       State = "waiting"
)

// States returns all states, in the order in which lists have them: what waits for
// us first.
func States() []State {
	return []State{
		StateReported, StateClassified, StatePlanned, StateInvestigating, StateTesting, StateWaiting, StateResolved, StateClosed,
	}
}

// Role is what a person may do, as on the process page.
type Role string

// Roles.
const (
	RoleReporter Role = "reporter"
	RoleSupport  Role = "support"
	RoleDev      Role = "dev"
	RoleQA       Role = "qa"
	RoleOwner    Role = "owner"
	// RoleSystem is supportd itself: quiet days that ran out.
	RoleSystem Role = "system"
)

// Participant is somebody outside who takes part in a ticket.
type Participant struct {
	Address  string    `json:"address"`
	Name     string    `json:"name,omitempty"`
	Reporter bool      `json:"reporter,omitempty"`
	Since    time.Time `json:"since"`
}

// Staff is one of ours, as the configuration lists them.
type Staff struct {
	Address  string
	Name     string
	Roles    []Role
	Language string // da, en
	Digest   Clock  // when he gets the day's list; zero: never
}

// Actor is who gives a command. What he may do follows from his roles; whether
// he is who he says was settled before.
type Actor struct {
	Address string `json:"address"`
	Name    string `json:"name,omitempty"`
	Roles   []Role `json:"roles,omitempty"`
	// Door is where he came in: mail, api, cli, web, clock, import. Mail is the mail that
	// he gave the command by.
	Door Door   `json:"door,omitempty"`
	Mail string `json:"mail,omitempty"`
}

// Door is a way in.
type Door string

// Doors.
const (
	DoorMail  Door = "mail"
	DoorAPI   Door = "api"
	DoorCLI   Door = "cli"
	DoorWeb   Door = "web"
	DoorClock Door = "clock"
	// DoorImport is that of old mail: nobody is written to for what came by it.
	DoorImport Door = "import"
)

// Has reports whether the actor holds one of the roles.
func (a Actor) Has(roles ...Role) bool {
	for _, have := range a.Roles {
		for _, want := range roles {
			if have == want {
				return true
			}
		}
	}
	return false
}
