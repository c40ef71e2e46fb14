package ticket

import (
	"slices"
	"strconv"
	"strings"
)

// Erasure takes one person out of a ticket. What remains is copied field by field,
// so that a field which somebody adds later is erased until he says otherwise here.
//
// A ticket that he reported loses every word of his and every word that staff wrote
// about it, and is silent from then on; numbers, states, dates and what staff chose
// (severity, category, sprint, public title) stay. In a ticket that he merely takes
// part in only his own mails and his name go. Mails of others are not touched.
type Erasure struct {
	Address  string // his
	Reporter bool   // he reported the ticket
	As       string // the address that stands in his place
}

// ReasonErased stands in a letter that lost its words.
const ReasonErased = "erased"

const erasedDomain = "erased.invalid" // RFC 2606: nobody's

// EraseFrom makes the erasure of an address from a ticket; false if he takes no part
// in it.
func EraseFrom(t Ticket, events []Event, address string) (Erasure, bool) {
	x := Erasure{Address: FoldAddress(address)}
	erased := 1
	for _, p := range t.Participants {
		if Domain(p.Address) == erasedDomain {
			erased++
		}
	}
	x.As = "erased-" + strconv.Itoa(erased) + "@" + erasedDomain
	there := false
	for _, e := range events {
		there = there || x.in(e)
		if e.Opening != nil {
			for _, p := range e.Opening.Participants {
				x.Reporter = x.Reporter || p.Reporter && x.is(p.Address)
			}
			// A mail without identity opens a ticket that nobody reported.
			x.Reporter = x.Reporter || len(e.Opening.Participants) == 0 && e.Entry != nil && x.is(e.Entry.From.Address)
		}
	}
	return x, there
}

func (x Erasure) is(address string) bool { return FoldAddress(address) == x.Address }

func (x Erasure) in(e Event) bool {
	if x.is(e.By.Address) || e.Entry != nil && (x.is(e.Entry.From.Address) || x.among(e.Entry.Joins)) ||
		e.Opening != nil && x.among(e.Opening.Participants) || e.Participant != nil && x.is(e.Participant.Address) {
		return true
	}
	return slices.ContainsFunc(e.Joined, func(j Joined) bool { return x.is(j.Address) })
}

func (x Erasure) among(list []Participant) bool {
	return slices.ContainsFunc(list, func(p Participant) bool { return x.is(p.Address) })
}

// Events are the events without him. Folding them gives the ticket without him.
func (x Erasure) Events(events []Event) []Event {
	out := make([]Event, len(events))
	for i, e := range events {
		out[i] = x.event(e)
	}
	return out
}

func (x Erasure) event(e Event) Event {
	kept := Event{
		Number: e.Number, Command: e.Command, At: e.At, Kind: e.Kind, By: x.actor(e.By),
		Severity: e.Severity, Category: e.Category, TicketKind: e.TicketKind, Backlog: e.Backlog,
		Title: e.Title, Sprint: e.Sprint, From: e.From, Hotfix: e.Hotfix, Again: e.Again, Pushed: withoutTitles(e.Pushed),
		Result: e.Result, Public: e.Public, CloseOn: e.CloseOn, RemindOn: e.RemindOn,
		Closing: e.Closing, Quiet: e.Quiet, ReopenBy: e.ReopenBy, Decision: e.Decision, Quarter: e.Quarter, Review: e.Review,
		Other: e.Other, Assignee: e.Assignee, Promise: e.Promise, AnswerBy: e.AnswerBy, Wants: e.Wants, Notice: e.Notice, Undoes: e.Undoes,
	}
	if !x.Reporter {
		kept.Text, kept.How, kept.Verified, kept.Limits = e.Text, e.How, e.Verified, e.Limits
		kept.Questions, kept.Reason, kept.Attachments = e.Questions, e.Reason, e.Attachments
	}
	kept.Joined = x.joined(e.Joined)
	if e.Participant != nil {
		p := x.participant(*e.Participant)
		kept.Participant = &p
		if !x.Reporter && !x.is(e.Participant.Address) {
			kept.Status = e.Status
		}
	}
	if e.Entry != nil {
		entry := x.entry(*e.Entry)
		kept.Entry = &entry
	}
	if e.Opening != nil {
		opening := x.opening(*e.Opening)
		kept.Opening = &opening
	}
	if e.Restored != nil {
		restored := x.ticket(*e.Restored)
		kept.Restored = &restored
	}
	return kept
}

func withoutTitles(pushed []Moved) []Moved {
	pushed = slices.Clone(pushed)
	for i := range pushed {
		pushed[i].Title = ""
	}
	return pushed
}

func (x Erasure) actor(a Actor) Actor {
	if x.is(a.Address) {
		a.Address, a.Name = x.As, ""
	}
	return a
}

func (x Erasure) participant(p Participant) Participant {
	if x.is(p.Address) {
		return Participant{Address: x.As, Reporter: p.Reporter, Since: p.Since}
	}
	return p
}

func (x Erasure) participants(list []Participant) []Participant {
	list = slices.Clone(list)
	for i := range list {
		list[i] = x.participant(list[i])
	}
	return list
}

// joined leaves him out: nothing is to be written to him.
func (x Erasure) joined(list []Joined) []Joined {
	return slices.DeleteFunc(slices.Clone(list), func(j Joined) bool { return x.is(j.Address) })
}

func (x Erasure) entry(e Entry) Entry {
	joins := x.participants(e.Joins)
	if x.is(e.From.Address) {
		return Entry{
			Mail: e.Mail, From: Address{Address: x.As}, Trust: e.Trust, AsksReopen: e.AsksReopen, Joins: joins,
			Flags: []string{FlagErased},
		}
	}
	e.Joins = joins
	if strings.Contains(FoldAddress(e.Banner), x.Address) { // it says whose colleague wrote
		e.Banner = x.As
	}
	if x.Reporter { // what his mail program needs to find its thread
		e.Thread = Thread{}
	}
	return e
}

func (x Erasure) opening(o Opening) Opening {
	o.Participants = x.participants(o.Participants)
	if x.Reporter {
		o.Subject, o.Silent = "", true
		o.Reading = x.reading(o.Reading)
	}
	return o
}

func (x Erasure) reading(r Reading) Reading {
	return Reading{
		Language: r.Language, LanguageSure: r.LanguageSure, Impact: r.Impact, Kind: r.Kind,
		Claim:    Claim{Severity: r.Claim.Severity, Where: r.Claim.Where, Rule: r.Claim.Rule},
		Category: Category{Name: r.Category.Name},
	}
}

// ticket is a ticket that an event holds whole.
func (x Erasure) ticket(t Ticket) Ticket {
	t.Participants, t.Joined = x.participants(t.Participants), x.joined(t.Joined)
	t.Thread = Thread{}
	if x.Reporter {
		t.Subject, t.Excerpt, t.Silent = "", "", true
		t.Claim.Evidence, t.Category.Evidence = "", nil
		t.Fix = Handover{Result: t.Fix.Result}
		t.Waiting.Questions = nil
	}
	return t
}

// Notice is a letter without its words and, if it was his, without its recipient.
// One that has not left is withdrawn.
func (x Erasure) Notice(n Notice) Notice {
	kept := Notice{
		Ticket: n.Ticket, Number: n.Number, Event: n.Event, Kind: n.Kind, To: n.To, Language: n.Language, Owed: n.Owed, NotBefore: n.NotBefore, Key: n.Key,
		State: n.State, Attempts: n.Attempts, Sent: n.Sent, Retried: n.Retried, Bounce: n.Bounce, Facts: Facts{Neutral: true}, Reason: ReasonErased,
	}
	if x.is(n.To.Address) {
		kept.To = Address{Address: x.As}
	}
	if n.State == NoticeQueued || n.State == NoticeHeld {
		kept.State = NoticeWithdrawn
	}
	return kept
}

// Names reports whether the letter is to him, or tells of a ticket that he reported.
func (x Erasure) Names(n Notice) bool { return x.Reporter || x.is(n.To.Address) }
