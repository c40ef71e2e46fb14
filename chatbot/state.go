package chatbot

import (
	"aismarttalk.tech/supportd/faq"
	"aismarttalk.tech/supportd/ticket"
)

// Step is what the conversation waits for.
type Step string

// Steps. Behind StepWhat stand those of a report, in order.
const (
	StepOpen     Step = "open"     // anything
	StepAnswered Step = "answered" // whether an answer helped
	StepOffered  Step = "offered"  // whether what was written is to be a ticket
	StepWhat     Step = "what"
	StepImpact   Step = "impact"
	StepWhere    Step = "where"
	StepAddress  Step = "address"
	StepCheck    Step = "check"   // the press that sends the report
	StepCorrect  Step = "correct" // which part is to be changed
	StepOpening  Step = "opening" // the report is on its way

	StepStatusID      Step = "status-id"
	StepStatusAddress Step = "status-address"

	StepOver Step = "over" // it was too long
)

// State is a conversation between two turns. The zero value is a new one in Danish.
type State struct {
	Language string    `json:"language"`
	Step     Step      `json:"step"`
	Draft    Draft     `json:"draft,omitzero"`
	Ticket   ticket.ID `json:"ticket,omitempty"` // whose status is asked for
	Turns    int       `json:"turns"`
	Reports  int       `json:"reports"`            // that were opened
	Changing bool      `json:"changing,omitempty"` // one part of the draft is said anew
}

// Draft is a report that is being gathered.
type Draft struct {
	What     string          `json:"what,omitempty"`
	Impact   string          `json:"impact,omitempty"`
	Severity ticket.Severity `json:"severity,omitempty"` // if it was chosen and not written
	Where    string          `json:"where,omitempty"`
	Address  string          `json:"address,omitempty"`
}

// Bounds of a conversation.
const (
	MaxText    = 4000 // characters, of one turn
	maxTurns   = 100
	maxReports = 3
)

// Input is one turn of whoever talks with us: words, or a button.
type Input struct {
	Text  string
	Press Press // goes before Text
}

// Press names a button. That of a question is PressAsk and the entry's id.
type Press string

// Presses.
const (
	PressReport  Press = "report" // begin one
	PressStatus  Press = "status"
	PressHelped  Press = "helped"
	PressSkip    Press = "skip"
	PressSend    Press = "send" // what was shown
	PressCorrect Press = "correct"
	PressCancel  Press = "cancel"
	PressRestart Press = "restart"

	PressCritical Press = "critical"
	PressHigh     Press = "high"
	PressNormal   Press = "normal"
	PressLow      Press = "low"

	PressWhat    Press = "change-what"
	PressImpact  Press = "change-impact"
	PressWhere   Press = "change-where"
	PressAddress Press = "change-address"

	PressAsk Press = "ask-"
)

// Reply is what we say in one turn.
type Reply struct {
	Say     []Saying
	Summary []Fact   // of a report, to be looked at before it is sent
	Buttons []Button // that may be pressed now
	Expect  Expect
	Do      Effect // nil: nothing
}

// Saying is one bubble.
type Saying struct {
	Blocks []faq.Block
	FAQ    string // the entry that it is, if it is one
}

// Fact is one line of a summary.
type Fact struct{ Label, Text string }

// Button is a choice.
type Button struct {
	Press   Press
	Label   string
	Primary bool // the one that leads on
}

// Expect is what a turn is to be written as, for keyboards and for those who fill
// in by themselves.
type Expect string

// What is expected.
const (
	ExpectText    Expect = "text"
	ExpectLong    Expect = "long" // some lines
	ExpectAddress Expect = "address"
	ExpectTicket  Expect = "ticket" // a tracking ID
	ExpectPress   Expect = "press"  // a button; words are no use
)

// Effect is what a turn wants done.
type Effect interface{ effect() }

// OpenTicket hands in a report. Whoever does it calls Opened or NotOpened then.
type OpenTicket struct {
	Number   int // of the report in its conversation: a name for doing it once
	Address  string
	Language string
	Subject  string
	Text     string
	Severity ticket.Severity // "" if it was not chosen
}

// AskStatus has a letter on a ticket's status sent to its reporter, if the address
// is his. What the reply says holds in either case.
type AskStatus struct {
	Ticket  ticket.ID
	Address string
}

func (OpenTicket) effect() {}
func (AskStatus) effect()  {}
