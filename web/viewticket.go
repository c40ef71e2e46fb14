package web

import (
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// TicketDetails is a ticket with all that happened to it.
type TicketDetails struct {
	TicketRow
	Event            int                  `json:"event" doc:"The number of its latest event: what If-Match and expected_event of a command name."`
	Possible         []string             `json:"possible" doc:"The commands that change its state as it stands. Notes, replies and the like are possible always."`
	Track            []ticket.Step        `json:"track" doc:"The stages of the process, and when it reached each."`
	Since            time.Time            `json:"since,omitzero" doc:"When it came into its state."`
	CategoryEvidence []string             `json:"category_evidence"`
	Participants     []ticket.Participant `json:"participants"`
	SprintDays       *ticket.Slot         `json:"sprint_days,omitempty" doc:"Its sprint, with the first day and the last."`
	FirstSprint      string               `json:"first_sprint,omitempty" doc:"The sprint that was promised first: a later one is late."`
	Hotfix           bool                 `json:"hotfix,omitempty"`
	Fix              *ticket.Handover     `json:"fix,omitempty" doc:"What QA tests, or tested."`
	FailedTests      int                  `json:"failed_tests,omitempty"`
	Waiting          *ticket.Waiting      `json:"waiting,omitempty" doc:"What it waits for the reporter to answer."`
	Decision         ticket.Decision      `json:"decision,omitempty" doc:"The owner's, on a wish."`
	Quarter          string               `json:"quarter,omitempty" doc:"The quarter that an accepted wish is planned for."`
	Review           time.Time            `json:"review,omitzero" doc:"When a deferred wish is looked at again."`
	AssessBy         time.Time            `json:"assess_by,omitzero" doc:"By when it is promised to be assessed; absent once it is, or where nothing is promised."`
	AnswerBy         time.Time            `json:"answer_by,omitzero" doc:"By when the reporter is promised to hear of us."`
	Answered         time.Time            `json:"reporter_wrote,omitzero" doc:"Since when the reporter waits for an answer."`
	Reopened         time.Time            `json:"reopened,omitzero" doc:"When it was reopened last."`
	Result           ticket.Result        `json:"result,omitempty"`
	Resolved         time.Time            `json:"resolved,omitzero"`
	ClosesOn         time.Time            `json:"closes_on,omitzero" doc:"When it closes if nothing is heard."`
	Closed           time.Time            `json:"closed,omitzero"`
	ReopensUntil     time.Time            `json:"reopens_until,omitzero" doc:"Until when an answer reopens it."`
	Follows          ticket.ID            `json:"follows,omitempty"`
	FollowedBy       []ticket.ID          `json:"followed_by,omitempty"`
	Links            []ticket.ID          `json:"links,omitempty"`
	MergedInto       ticket.ID            `json:"merged_into,omitempty" doc:"The ticket that it goes on in."`
	Duplicates       []ticket.ID          `json:"duplicates,omitempty" doc:"The tickets that were merged into it."`
	Silent           bool                 `json:"silent,omitempty" doc:"Nobody reads its letters: a machine wrote it, or nobody who can be named."`
	Unproven         bool                 `json:"unproven,omitempty" doc:"The reporter's address is not proved: letters to it repeat nothing of his."`
	Events           []Event              `json:"events"`
	Entries          []Entry              `json:"entries" doc:"The mails on it, in order."`
	Promises         []Promise            `json:"promises" doc:"The letters owed for it, and how far each has come."`
}

func detailsOf(t ticket.Ticket, events []ticket.Event, notices []ticket.Notice) TicketDetails {
	d := TicketDetails{
		TicketRow: rowOf(t), Event: t.Events, Possible: orEmpty(t.Possible()), Track: ticket.Track(t, events), Since: t.Since,
		CategoryEvidence: orEmpty(t.Category.Evidence), Participants: orEmpty(t.Participants),
		SprintDays: slotOf(t.Sprint), FirstSprint: t.First, Hotfix: t.Hotfix, FailedTests: t.Failed,
		Decision: t.Decision, Quarter: t.Quarter, Review: t.Review,
		AssessBy: t.AssessBy, AnswerBy: t.AnswerBy, Answered: t.Answered, Reopened: t.Reopened,
		Result: t.Result, Resolved: t.Resolved, ClosesOn: t.CloseOn, Closed: t.Closed, ReopensUntil: t.ReopenBy,
		Follows: t.Follows, FollowedBy: t.FollowedBy, Links: t.Links, MergedInto: t.MergedInto,
		Silent: t.Silent, Unproven: t.Neutral,
		Events: eventsOf(events), Entries: []Entry{}, Promises: promisesOf(notices),
	}
	if t.Fix != (ticket.Handover{}) {
		d.Fix = &t.Fix
	}
	if t.State == ticket.StateWaiting {
		d.Waiting = &t.Waiting
	}
	for _, j := range t.Joined {
		d.Duplicates = append(d.Duplicates, j.ID)
	}
	for _, e := range events {
		if e.Entry != nil {
			d.Entries = append(d.Entries, entryOf(e))
		}
	}
	return d
}

func slotOf(s ticket.Slot) *ticket.Slot {
	if s.Name == "" {
		return nil
	}
	return &s
}

// Event is one thing that happened.
type Event struct {
	Number  int              `json:"number"`
	Command int              `json:"command,omitempty" doc:"The number of the first event of the same command."`
	At      time.Time        `json:"at"`
	Kind    ticket.EventKind `json:"kind"`
	By      ticket.Actor     `json:"by"`
	Mail    string           `json:"mail,omitempty" doc:"The mail that caused it."`

	Severity   ticket.Severity `json:"severity,omitempty"`
	Category   string          `json:"category,omitempty"`
	TicketKind ticket.Kind     `json:"ticket_kind,omitempty"`
	Backlog    bool            `json:"backlog,omitempty" doc:"This sprint and the next are full."`

	Title  string         `json:"title,omitempty"`
	Sprint string         `json:"sprint,omitempty"`
	From   string         `json:"from,omitempty" doc:"The sprint that it was moved out of."`
	Hotfix bool           `json:"hotfix,omitempty"`
	Again  bool           `json:"again,omitempty" doc:"Started by another developer."`
	Pushed []ticket.Moved `json:"pushed,omitempty" doc:"What a hotfix pushed out."`

	Result   ticket.Result `json:"result,omitempty"`
	Text     string        `json:"text,omitempty"`
	How      string        `json:"how,omitempty"`
	Public   bool          `json:"public,omitempty"`
	Verified string        `json:"verified,omitempty"`
	Limits   string        `json:"limits,omitempty"`
	ClosesOn time.Time     `json:"closes_on,omitzero"`

	Questions []string  `json:"questions,omitempty"`
	RemindOn  time.Time `json:"remind_on,omitzero"`

	Closing   ticket.Closing  `json:"closing,omitempty"`
	QuietDays int             `json:"quiet_days,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	ReopenBy  time.Time       `json:"reopens_until,omitzero"`
	Decision  ticket.Decision `json:"decision,omitempty"`
	Quarter   string          `json:"quarter,omitempty"`
	Review    time.Time       `json:"review,omitzero"`

	Other       ticket.ID              `json:"other,omitempty"`
	Assignee    string                 `json:"assignee,omitempty"`
	Participant *ticket.Participant    `json:"participant,omitempty"`
	Attachments []ticket.AttachmentRef `json:"attachments,omitempty"`
	Promise     ticket.PromiseKind     `json:"promise,omitempty" doc:"The promise that was broken."`
	AnswerBy    time.Time              `json:"answer_by,omitzero"`
	Letter      int                    `json:"letter,omitempty" doc:"The number of the letter that bounced …"`
	Status      string                 `json:"status,omitempty" doc:"… with code and words."`
	Undoes      []int                  `json:"undoes,omitempty" doc:"The events that no longer count."`
}

func eventOf(e ticket.Event) Event {
	v := Event{
		Number: e.Number, Command: e.Command, At: e.At, Kind: e.Kind, By: e.By,
		Severity: e.Severity, Category: e.Category, TicketKind: e.TicketKind, Backlog: e.Backlog,
		Title: e.Title, Sprint: e.Sprint.Name, From: e.From, Hotfix: e.Hotfix, Again: e.Again, Pushed: e.Pushed,
		Result: e.Result, Text: e.Text, How: e.How, Public: e.Public, Verified: e.Verified, Limits: e.Limits, ClosesOn: e.CloseOn,
		Questions: e.Questions, RemindOn: e.RemindOn,
		Closing: e.Closing, QuietDays: e.Quiet, Reason: e.Reason, ReopenBy: e.ReopenBy,
		Decision: e.Decision, Quarter: e.Quarter, Review: e.Review,
		Other: e.Other, Assignee: e.Assignee, Participant: e.Participant, Attachments: e.Attachments,
		Promise: e.Promise, AnswerBy: e.AnswerBy, Letter: e.Notice, Status: e.Status, Undoes: e.Undoes,
	}
	if e.Entry != nil {
		v.Mail = e.Entry.Mail
	}
	return v
}

func eventsOf(events []ticket.Event) []Event {
	all := make([]Event, len(events))
	for i, e := range events {
		all[i] = eventOf(e)
	}
	return all
}
