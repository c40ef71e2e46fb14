package web

import (
	"slices"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// TicketRow is a ticket as lists show it.
type TicketRow struct {
	ID        ticket.ID       `json:"id"`
	State     ticket.State    `json:"state"`
	Kind      ticket.Kind     `json:"kind"`
	Subject   string          `json:"subject"`
	Reporter  string          `json:"reporter"`
	Language  string          `json:"language"`
	Claim     ticket.Claim    `json:"claim" doc:"What the reporter marked, with the evidence."`
	Confirmed ticket.Severity `json:"confirmed_severity,omitempty" doc:"What staff set; absent until then."`
	Impact    string          `json:"impact,omitempty"`
	Category  string          `json:"category"`
	Title     string          `json:"title,omitempty" doc:"What the public may read of it, written by staff."`
	Assignee  string          `json:"assignee,omitempty" doc:"Who has it; absent for nobody."`
	Sprint    string          `json:"sprint,omitempty" doc:"The sprint that it is planned for."`
	Opened    time.Time       `json:"opened"`
	Updated   time.Time       `json:"updated"`
	Mails     int             `json:"mails" doc:"How many stand on it."`
	Flags     []string        `json:"flags"`
}

func rowOf(t ticket.Ticket) TicketRow {
	reporter, _ := t.Reporter()
	return TicketRow{
		ID: t.ID, State: t.State, Kind: t.Kind, Subject: t.Subject, Reporter: reporter.Address, Language: t.Language,
		Claim: t.Claim, Confirmed: t.Severity, Impact: t.Impact, Category: t.Category.Name,
		Title: t.Title, Assignee: t.Assignee, Sprint: t.Sprint.Name,
		Opened: t.Opened, Updated: t.Updated, Mails: t.Entries, Flags: orEmpty(t.Flags),
	}
}

// Entry is one mail on a ticket.
type Entry struct {
	Mail        string              `json:"mail"`
	MessageID   string              `json:"message_id"`
	At          time.Time           `json:"at"`
	From        ticket.Address      `json:"from"`
	Subject     string              `json:"subject"`
	Text        string              `json:"text" doc:"What its writer wrote; quotes left out."`
	Attachments []ticket.Attachment `json:"attachments"`
	Flags       []string            `json:"flags"`
	Trust       ticket.Trust        `json:"trust"`
	Banner      string              `json:"banner,omitempty" doc:"A warning to staff about the sender."`
	AsksReopen  bool                `json:"asks_reopen,omitempty" doc:"It answers a finished ticket; reopening was left to staff."`
}

func entryOf(e ticket.Event) Entry {
	m := e.Entry
	return Entry{
		Mail: m.Mail, MessageID: m.MessageID, At: e.At, From: m.From, Subject: m.Subject, Text: m.Text,
		Attachments: orEmpty(m.Attachments), Flags: orEmpty(m.Flags), Trust: m.Trust, Banner: m.Banner, AsksReopen: m.AsksReopen,
	}
}

// Promise is one letter that is owed.
type Promise struct {
	Ticket   ticket.ID          `json:"ticket"`
	Number   int                `json:"number"`
	Kind     ticket.NoticeKind  `json:"kind"`
	To       string             `json:"to"`
	Language string             `json:"language"`
	State    ticket.NoticeState `json:"state"`
	Owed     time.Time          `json:"owed"`
	Sent     time.Time          `json:"sent,omitzero"`
	Attempts int                `json:"attempts"`
	Tries    []ticket.Try       `json:"tries"`
	Bounce   string             `json:"bounce,omitempty" doc:"The mail that said it did not arrive."`
	Reason   string             `json:"reason,omitempty"`
}

func promiseOf(n ticket.Notice) Promise {
	return Promise{
		Ticket: n.Ticket, Number: n.Number, Kind: n.Kind, To: n.To.Address, Language: n.Language, State: n.State,
		Owed: n.Owed, Sent: n.Sent, Attempts: n.Attempts, Tries: orEmpty(n.Tries), Bounce: n.Bounce, Reason: n.Reason,
	}
}

func promisesOf(notices []ticket.Notice) []Promise {
	all := make([]Promise, len(notices))
	for i, n := range notices {
		all[i] = promiseOf(n)
	}
	return all
}

// MailRow is what became of a mail, as lists show it.
type MailRow struct {
	ticket.Outcome
	From    ticket.Address `json:"from"`
	Subject string         `json:"subject"`
}

func mailRowOf(m store.Mail) MailRow {
	m.Outcome.Reasons, m.Outcome.Notices = orEmpty(m.Outcome.Reasons), orEmpty(m.Outcome.Notices)
	return MailRow{Outcome: m.Outcome, From: m.Message.From, Subject: m.Message.Subject}
}

// MailDetails is all that is known of a mail but its text.
type MailDetails struct {
	MailRow
	Envelope    Envelope            `json:"envelope"`
	To          []ticket.Address    `json:"to"`
	Date        time.Time           `json:"date,omitzero"`
	Size        int                 `json:"size" doc:"Bytes, as it came."`
	Flags       []string            `json:"flags" doc:"What was odd about it, at the door and in reading."`
	Automatic   ticket.Automatic    `json:"automatic"`
	Bounce      ticket.Bounce       `json:"bounce"`
	Reading     ticket.Reading      `json:"reading"`
	SenderCheck *ticket.SenderCheck `json:"sender_check,omitempty" doc:"What SPF, DKIM and DMARC said of the sender; absent where a trusted relay checks senders, or nobody does."`
	Scan        *ticket.Scan        `json:"scan,omitempty" doc:"What scanners said of it and of each attachment, in their order; absent where none is configured, and then nothing is known to be clean."`
	Clues       []ticket.Clue       `json:"clues" doc:"What in it may name a ticket, best first."`
	Attachments []ticket.Attachment `json:"attachments"`
	Promises    []Promise           `json:"promises" doc:"The letters that it caused."`
	Decision    *store.Decision     `json:"decision,omitempty" doc:"What staff decided on a mail that was held back."`
	Deleted     *store.Deletion     `json:"deleted,omitempty" doc:"Since when its raw bytes and attachments are gone, and by which rule; absent while they are kept."`
	Waiting     Waiting             `json:"waiting,omitempty" doc:"pending: accepted, and filed soon. parked: the store refuses it, the reason says why. Absent once it is filed."`
}

// Waiting says why a mail has no outcome yet.
type Waiting string

// What a mail in the journal waits for.
const (
	WaitingPending Waiting = "pending"
	WaitingParked  Waiting = "parked"
)

// Envelope is what the transport said of a mail.
type Envelope struct {
	Received time.Time `json:"received"`
	From     string    `json:"from"`
	To       []string  `json:"to"`
	Peer     string    `json:"peer"`
	Protocol string    `json:"protocol"`
	TLS      string    `json:"tls,omitempty"`
	Flags    []string  `json:"flags"`
}

func mailDetailsOf(m store.Mail, prefix string) MailDetails {
	msg, env := m.Message, m.Envelope
	msg.Automatic.Reasons, msg.Bounce.Recipients = orEmpty(msg.Automatic.Reasons), orEmpty(msg.Bounce.Recipients)
	m.Reading.Category.Evidence = orEmpty(m.Reading.Category.Evidence)
	return MailDetails{
		MailRow: mailRowOf(m),
		Envelope: Envelope{
			Received: env.Received, From: env.From, To: orEmpty(env.To), Peer: env.Peer,
			Protocol: env.Protocol, TLS: env.TLS, Flags: orEmpty(env.Flags),
		},
		To: orEmpty(msg.To), Date: msg.Date, Size: msg.Size, Flags: flagsOf(m),
		Automatic: msg.Automatic, Bounce: msg.Bounce, Reading: m.Reading, SenderCheck: m.Check, Scan: m.Scan,
		Clues: orEmpty(ticket.Clues(msg, env.To, prefix)), Attachments: orEmpty(msg.Attachments), Promises: []Promise{},
		Decision: m.Decision, Deleted: m.Deleted,
	}
}

// flagsOf is what was odd about a mail, whoever saw it, each named once.
func flagsOf(m store.Mail) []string {
	flags := slices.Concat([]string{}, m.Message.Flags, m.Envelope.Flags)
	slices.Sort(flags)
	return slices.Compact(flags)
}

// orEmpty keeps null out of the JSON.
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
