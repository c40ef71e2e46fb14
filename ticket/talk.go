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
	if err := allow(by, Wording{"skrive en note", "write a note"}, StaffRoles...); err != nil {
		return nil, err
	}
	switch {
	case blank(c.Text):
		return nil, Refuse(RefusedInput, "a note needs words", "en note skal have tekst")
	case c.Public && t.Finished():
		return nil, t.notNow(Wording{"få en offentlig note", "have news"}, Wording{"skriv en intern note, eller svar rapportøren", "write an internal note, or reply to the reporter"})
	}
	return []Event{{Kind: EventNoted, Text: trim(c.Text), Public: c.Public, Attachments: c.Attachments}}, nil
}

// Reply writes to the reporter and moves nothing.
type Reply struct {
	Text        string
	Attachments []AttachmentRef
}

func (c Reply) decide(_ Ticket, by Actor, _ time.Time) ([]Event, error) {
	if err := allow(by, Wording{"skrive til rapportøren", "write to the reporter"}, RoleSupport, RoleDev, RoleOwner); err != nil {
		return nil, err
	}
	if blank(c.Text) {
		return nil, Refuse(RefusedInput, "a reply needs words", "et svar skal have tekst")
	}
	return []Event{{Kind: EventReplied, Text: trim(c.Text), Attachments: c.Attachments}}, nil
}

// Ask asks the reporter, and has the ticket wait for the answer.
type Ask struct {
	Questions []string
	Policy    Policy
}

func (c Ask) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if err := allow(by, Wording{"spørge rapportøren", "ask the reporter"}, RoleSupport, RoleDev, RoleQA); err != nil {
		return nil, err
	}
	if t.Finished() {
		return nil, t.notNow(Wording{"afvente rapportøren", "wait for the reporter"}, Wording{"svar ham, eller genåbn den først", "reply to him, or reopen it first"})
	}
	if t.Silent {
		return nil, Refuse(RefusedState,
			"nobody reads the letters of ticket %s: a machine wrote it, or nobody who can be named",
			"ingen læser breve fra billet %s: En maskine har skrevet den, eller afsenderen kan ikke fastslås", t.ID)
	}
	var questions []string
	for _, q := range c.Questions {
		if !blank(q) {
			questions = append(questions, trim(q))
		}
	}
	if len(questions) == 0 {
		return nil, Refuse(RefusedInput, "say what you ask the reporter", "skriv, hvad du spørger rapportøren om")
	}
	return []Event{{Kind: EventAsked, Questions: questions, RemindOn: c.Policy.remindOn(now, 0)}}, nil
}

// Remind tells the reporter that we still wait for him.
type Remind struct{ Policy Policy }

func (c Remind) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	switch {
	case !by.Has(RoleSystem):
		return nil, Refuse(RefusedRole, "reminders go out by themselves", "påmindelser går ud af sig selv")
	case t.State != StateWaiting, t.Waiting.RemindOn.IsZero():
		return nil, Refuse(RefusedState, "ticket %s waits for no reminder", "billet %s venter ikke på en påmindelse", t.ID)
	case now.Before(t.Waiting.RemindOn):
		return nil, Refuse(RefusedState, "the reminder of ticket %s is due on %s", "påmindelsen for billet %s skal først sendes %s", t.ID, Date(t.Waiting.RemindOn))
	}
	return []Event{{Kind: EventReminded, Questions: t.Waiting.Questions, RemindOn: c.Policy.remindAgain(t.Waiting, now)}}, nil
}

// Overdue notes that a promise to the reporter is past its time.
type Overdue struct{ Promise PromiseKind }

func (c Overdue) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	_, broken := t.broken(c.Promise, now)
	switch {
	case !by.Has(RoleSystem):
		return nil, Refuse(RefusedRole, "the clock alone breaks promises", "det er alene uret, der afgør, om et løfte er over tid")
	case !broken:
		return nil, Refuse(RefusedState, "no such promise of ticket %s is overdue", "billet %s har intet sådant løfte over tid", t.ID)
	}
	return []Event{{Kind: EventOverdue, Promise: c.Promise}}, nil
}

// promised is by when a promise is to be kept; false where it is not open. Who waits
// for the reporter's answer owes him none.
func (t Ticket) promised(p PromiseKind) (by time.Time, open bool) {
	by = t.AssessBy
	if p == PromiseAnswer {
		by = t.AnswerBy
	}
	if by.IsZero() || t.Finished() || t.State == StateWaiting && p == PromiseAnswer {
		return time.Time{}, false
	}
	return by, true
}

// broken reports whether a promise is past its time, and what that was.
func (t Ticket) broken(p PromiseKind, now time.Time) (by time.Time, broken bool) {
	by, open := t.promised(p)
	if !open || now.Before(by) {
		return time.Time{}, false
	}
	return by, true
}

// NextPromise is the open promise to the reporter that is to be kept first, past its
// time or not; false if none is open.
func (t Ticket) NextPromise() (p PromiseKind, by time.Time, ok bool) {
	for _, kind := range []PromiseKind{PromiseAssess, PromiseAnswer} {
		if at, open := t.promised(kind); open && (!ok || at.Before(by)) {
			p, by, ok = kind, at, true
		}
	}
	return p, by, ok
}

// Broken is the promise that has been past its time the longest; false if none is.
func (t Ticket) Broken(now time.Time) (p PromiseKind, by time.Time, ok bool) {
	p, by, ok = t.NextPromise()
	if !ok || now.Before(by) {
		return "", time.Time{}, false
	}
	return p, by, true
}

// Assign gives the ticket to one of ours.
type Assign struct {
	To    string  // address; "" for nobody
	Staff []Staff // that there are
}

func (c Assign) decide(t Ticket, by Actor, _ time.Time) ([]Event, error) {
	if err := allow(by, Wording{"tildele en billet", "give a ticket to somebody"}, StaffRoles...); err != nil {
		return nil, err
	}
	if t.State == StateClosed {
		return nil, t.notNow(Wording{"tildeles", "be assigned"}, Wording{})
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
		return nil, Refuse(RefusedInput,
			"nobody of the staff has the address %s: %s are",
			"ingen af medarbejderne har adressen %s. Vælg en af dem: %s", c.To, strings.Join(addresses, ", "))
	}
	return []Event{{Kind: EventAssigned, Assignee: c.Staff[i].Address}}, nil
}

// Invite makes somebody a participant: what he writes with the ticket's address
// or ID is filed with it.
type Invite struct{ Participant Participant }

func (c Invite) decide(t Ticket, by Actor, now time.Time) ([]Event, error) {
	if err := allow(by, Wording{"ændre, hvem der deltager", "change who takes part"}, RoleSupport); err != nil {
		return nil, err
	}
	p := c.Participant
	if !ValidAddress(p.Address) {
		return nil, Refuse(RefusedInput, "%q is not a mail address", "%q er ikke en mailadresse", p.Address)
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
	if err := allow(by, Wording{"ændre, hvem der deltager", "change who takes part"}, RoleSupport); err != nil {
		return nil, err
	}
	p, ok := t.Participant(c.Address)
	switch {
	case !ok:
		return nil, Refuse(RefusedInput, "%s does not take part in ticket %s", "%s deltager ikke i billet %s", c.Address, t.ID)
	case p.Reporter:
		return nil, Refuse(RefusedInput, "%s reported ticket %s and stays", "%s har meldt billet %s og bliver", p.Address, t.ID)
	}
	return []Event{{Kind: EventDismissed, Participant: &p}}, nil
}
