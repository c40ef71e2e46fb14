package ticket

import (
	"slices"
	"strings"
	"time"
)

// Note keeps words of staff on the ticket; public ones go to the reporter as
// news of it.
type Note struct {
	Text        string
	Public      bool
	Attachments []AttachmentRef
}

func (c Note) decide(t Ticket, by Actor, _ time.Time) ([]Event, error) {
	if err := allow(by, "write a note", StaffRoles...); err != nil {
		return nil, err
	}
	switch {
	case blank(c.Text):
		return nil, refuse(RefusedInput, "a note needs words")
	case c.Public && t.Finished():
		return nil, t.notNow("have news", "write an internal note, or reply to the reporter")
	}
	return []Event{{Kind: EventNoted, Text: trim(c.Text), Public: c.Public, Attachments: c.Attachments}}, nil
}

// Reply writes to the reporter and moves nothing.
type Reply struct {
	Text        string
	Attachments []AttachmentRef
}

func (c Reply) decide(_ Ticket, by Actor, _ time.Time) ([]Event, error) {
	if err := allow(by, "write to the reporter", RoleSupport, RoleDev, RoleOwner); err != nil {
		return nil, err
	}
	if blank(c.Text) {
		return nil, refuse(RefusedInput, "a reply needs words")
	}
	return []Event{{Kind: EventReplied, Text: trim(c.Text), Attachments: c.Attachments}}, nil
}

// Ask asks the reporter, and has the ticket wait for the answer.
type Ask struct {
	Questions []string
	Policy    Policy
}

func (c Ask) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if err := allow(by, "ask the reporter", RoleSupport, RoleDev, RoleQA); err != nil {
		return nil, err
	}
	if t.Finished() {
		return nil, t.notNow("wait for the reporter", "reply to him, or reopen it first")
	}
	if t.Silent {
		return nil, refuse(RefusedState, "nobody reads the letters of ticket %s: a machine wrote it, or nobody who can be named", t.ID)
	}
	var questions []string
	for _, q := range c.Questions {
		if !blank(q) {
			questions = append(questions, trim(q))
		}
	}
	if len(questions) == 0 {
		return nil, refuse(RefusedInput, "say what you ask the reporter")
	}
	return []Event{{Kind: EventAsked, Questions: questions, RemindOn: c.Policy.remindOn(now, 0)}}, nil
}

// Remind tells the reporter that we still wait for him.
type Remind struct{ Policy Policy }

func (c Remind) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	switch {
	case !by.Has(RoleSystem):
		return nil, refuse(RefusedRole, "reminders go out by themselves")
	case t.State != StateWaiting, t.Waiting.RemindOn.IsZero():
		return nil, refuse(RefusedState, "ticket %s waits for no reminder", t.ID)
	case now.Before(t.Waiting.RemindOn):
		return nil, refuse(RefusedState, "the reminder of ticket %s is due on %s", t.ID, t.Waiting.RemindOn.Format(time.DateOnly))
	}
	return []Event{{Kind: EventReminded, Questions: t.Waiting.Questions, RemindOn: c.Policy.remindOn(now, t.Waiting.Reminders+1)}}, nil
}

// Overdue notes that a promise to the reporter is past its time.
type Overdue struct{ Promise PromiseKind }

func (c Overdue) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	_, broken := t.broken(c.Promise, now)
	switch {
	case !by.Has(RoleSystem):
		return nil, refuse(RefusedRole, "the clock alone breaks promises")
	case !broken:
		return nil, refuse(RefusedState, "no such promise of ticket %s is overdue", t.ID)
	}
	return []Event{{Kind: EventOverdue, Promise: c.Promise}}, nil
}

// broken reports whether a promise is past its time, and what that was. Who waits
// for the reporter's answer owes him none.
func (t Ticket) broken(p PromiseKind, now time.Time) (by time.Time, broken bool) {
	by = t.AssessBy
	if p == PromiseAnswer {
		by = t.AnswerBy
	}
	if by.IsZero() || now.Before(by) || t.Finished() || t.State == StateWaiting && p == PromiseAnswer {
		return time.Time{}, false
	}
	return by, true
}

// Broken is the promise that has been past its time the longest; false if none is.
func (t Ticket) Broken(now time.Time) (p PromiseKind, by time.Time, ok bool) {
	for _, kind := range []PromiseKind{PromiseAssess, PromiseAnswer} {
		if at, broken := t.broken(kind, now); broken && (!ok || at.Before(by)) {
			p, by, ok = kind, at, true
		}
	}
	return p, by, ok
}

// Assign gives the ticket to one of ours.
type Assign struct {
	To    string  // address; "" for nobody
	Staff []Staff // that there are
}

func (c Assign) decide(t Ticket, by Actor, _ time.Time) ([]Event, error) {
	if err := allow(by, "give a ticket to somebody", StaffRoles...); err != nil {
		return nil, err
	}
	if t.State == StateClosed {
		return nil, t.notNow("be assigned", "")
	}
	to := FoldAddress(c.To)
	if to == FoldAddress(t.Assignee) {
		return nil, nil
	}
	if to == "" {
		return []Event{{Kind: EventAssigned}}, nil
	}
	i := slices.IndexFunc(c.Staff, func(s Staff) bool { return FoldAddress(s.Address) == to })
	if i < 0 {
		addresses := make([]string, len(c.Staff))
		for i, s := range c.Staff {
			addresses[i] = s.Address
		}
		return nil, refuse(RefusedInput, "nobody of the staff has the address %s: %s are", c.To, strings.Join(addresses, ", "))
	}
	return []Event{{Kind: EventAssigned, Assignee: c.Staff[i].Address}}, nil
}

// Invite makes somebody a participant: what he writes with the ticket's address
// or ID is filed with it.
type Invite struct{ Participant Participant }

func (c Invite) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if err := allow(by, "change who takes part", RoleSupport); err != nil {
		return nil, err
	}
	p := c.Participant
	if !ValidAddress(p.Address) {
		return nil, refuse(RefusedInput, "%q is not a mail address", p.Address)
	}
	if _, ok := t.Participant(p.Address); ok {
		return nil, nil
	}
	p.Since, p.Reporter = now, false
	return []Event{{Kind: EventInvited, Participant: &p}}, nil
}

// Dismiss ends somebody's part in the ticket. The reporter stays.
type Dismiss struct{ Address string }

func (c Dismiss) decide(t Ticket, by Actor, _ time.Time) ([]Event, error) {
	if err := allow(by, "change who takes part", RoleSupport); err != nil {
		return nil, err
	}
	p, ok := t.Participant(c.Address)
	switch {
	case !ok:
		return nil, refuse(RefusedInput, "%s does not take part in ticket %s", c.Address, t.ID)
	case p.Reporter:
		return nil, refuse(RefusedInput, "%s reported ticket %s and stays", p.Address, t.ID)
	}
	return []Event{{Kind: EventDismissed, Participant: &p}}, nil
}
