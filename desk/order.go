package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Order carries out what one of ours asks for at any door. It returns a
// *ticket.OrderError if the order cannot be read, a *ticket.Refused, with the ticket as
// it now stands, if that does not obey, and ErrNoTicket if there is none. An order that finds done what it
// asks for changes nothing and is no error. An error of the store leaves open
// whether it was carried out.
func (d *Desk) Order(ctx context.Context, id ticket.ID, o ticket.Order, by ticket.Actor) (Change, error) {
	return d.OrderSeen(ctx, id, o, by, 0)
}

// OrderSeen is Order for somebody who has seen the ticket up to an event, by its
// number: if more has happened since, it returns a *Stale and does nothing. Who
// names no event, by 0, still learns by a *Stale if somebody else's decision came
// in at the same moment and was first.
func (d *Desk) OrderSeen(ctx context.Context, id ticket.ID, o ticket.Order, by ticket.Actor, seen int) (Change, error) {
	o, err := o.Read(d.Terms())
	if err != nil {
		return Change{}, err
	}
	arrived := seen
	if seen == 0 {
		t, found, err := d.store.Ticket(ctx, id)
		if err != nil {
			return Change{}, err
		}
		if !found {
			return Change{}, ErrNoTicket
		}
		arrived = t.Events
	}
	now := d.now()
	var done Change
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		late, err := since(tx, id, arrived)
		if err != nil {
			return err
		}
		if seen > 0 && late != nil {
			return late
		}
		if done, err = d.orderOn(tx, id, o, by, now); err != nil {
			return err // the ticket's own reason says more
		}
		if late != nil && slices.ContainsFunc(late.Since, decides) {
			return late
		}
		return nil
	})
	if refused := (*ticket.Refused)(nil); errors.As(err, &refused) {
		return done, err
	}
	if err != nil {
		return Change{}, err
	}
	d.log.Info().Str("ticket", string(id)).Str("by", by.Address).Str("door", string(by.Door)).Str("command", string(o.Verb)).
		Str("state", string(done.After.State)).Msg("command done")
	d.owed()
	return done, nil
}

// Stale says what happened to a ticket after the event up to which somebody knew
// it.
type Stale struct {
	Now   ticket.Ticket
	Since []ticket.Event
}

func (s *Stale) Error() string {
	return fmt.Sprintf("ticket %s has moved on: its latest event is %d", s.Now.ID, s.Now.Events)
}

// decides reports whether one of ours has decided something about a ticket, beyond
// noting, writing, or saying whose it is.
func decides(e ticket.Event) bool {
	switch e.Kind {
	case ticket.EventNoted, ticket.EventReplied, ticket.EventAssigned, ticket.EventTitled, ticket.EventLinked:
		return false
	}
	return e.By.Has(ticket.StaffRoles...)
}

// since is what has happened to a ticket after the event that somebody knew it by;
// nil if nothing has.
func since(tx *store.Tx, id ticket.ID, seen int) (*Stale, error) {
	tickets, err := tx.Tickets(id)
	if err != nil || tickets[0].Events <= seen {
		return nil, err
	}
	events, err := tx.Events(id)
	if err != nil {
		return nil, err
	}
	return &Stale{Now: tickets[0], Since: events[min(seen, len(events)):]}, nil
}

// Preview tells what an order would do, with the letters that it would send, and
// does nothing. Its errors are those of Order.
func (d *Desk) Preview(ctx context.Context, id ticket.ID, o ticket.Order, by ticket.Actor) (Change, error) {
	o, err := o.Read(d.Terms())
	if err != nil {
		return Change{}, err
	}
	now := d.now()
	var would Change
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		if would, err = d.orderOn(tx, id, o, by, now); err != nil {
			return err
		}
		return errPreview
	})
	if errors.Is(err, errPreview) {
		return would, nil
	}
	return Change{}, err
}

// errPreview ends a transaction that is not to be committed.
var errPreview = errors.New("desk: only a preview")

// ErrNoTicket is returned for a tracking ID that names no ticket.
var ErrNoTicket = errors.New("desk: no such ticket")

// Terms are what reading an order must know of the desk.
func (d *Desk) Terms() ticket.OrderTerms {
	terms := ticket.OrderTerms{Prefix: d.config.Prefix}
	for _, c := range d.config.Categories {
		terms.Categories = append(terms.Categories, ticket.Term{Name: c, Words: d.config.CategoryWords[c]})
	}
	return terms
}

func (d *Desk) orderOn(tx *store.Tx, id ticket.ID, o ticket.Order, by ticket.Actor, now time.Time) (Change, error) {
	tickets, err := tx.Tickets(id)
	if err != nil {
		return Change{}, err
	}
	if tickets[0].ID == "" {
		return Change{}, ErrNoTicket
	}
	done, err := d.order(tx, tickets[0], asked{Order: o, occasion: occasion{by: by, at: now}})
	if err != nil {
		return Change{Before: tickets[0], After: tickets[0]}, err
	}
	return done, nil
}

// asked is an order with all that belongs to it.
type asked struct {
	ticket.Order
	occasion
	attachments []ticket.AttachmentRef // that came with it
}

// order carries out an order, and what it does to other tickets, in the given Tx.
func (d *Desk) order(tx *store.Tx, t ticket.Ticket, o asked) (Change, error) {
	switch o.Verb {
	case ticket.VerbClassify:
		return d.classify(tx, t, o)
	case ticket.VerbPlan:
		return d.plan(tx, t, o)
	case ticket.VerbMerge:
		return d.merge(tx, t, o)
	case ticket.VerbLink:
		return d.link(tx, t, o)
	case ticket.VerbUndo:
		return d.undo(tx, t, o)
	}
	command, err := d.command(o)
	if err != nil {
		return Change{Before: t, After: t}, err
	}
	return d.do(tx, t, command, o.occasion)
}

// command is an order that concerns its ticket alone, as the ticket takes it.
func (d *Desk) command(o asked) (ticket.Command, error) {
	policy := d.config.Policy
	switch o.Verb {
	case ticket.VerbStart:
		return ticket.Start{Text: o.Text}, nil
	case ticket.VerbTest:
		return ticket.Test{Result: o.Result, Text: o.Text, How: o.How}, nil
	case ticket.VerbPass:
		return ticket.Pass{Result: o.Result, Text: o.Text, Verified: o.Verified, Limits: o.Limits, Policy: policy}, nil
	case ticket.VerbFail:
		return ticket.Fail{Text: o.Text}, nil
	case ticket.VerbResolve:
		if o.Result == ticket.ResultAnswer {
			return ticket.Answer{Text: o.Text, Limits: o.Limits, Policy: policy}, nil
		}
		return ticket.Pass{Result: o.Result, Text: o.Text, Verified: o.Verified, Limits: o.Limits, Policy: policy}, nil
	case ticket.VerbClose:
		return ticket.Close{Closing: o.Closing, Reason: o.Reason, Policy: policy}, nil
	case ticket.VerbReopen:
		return ticket.Reopen{Reason: o.Reason, Policy: policy}, nil
	case ticket.VerbAsk:
		questions := o.Questions
		if len(questions) == 0 {
			questions = []string{o.Text}
		}
		return ticket.Ask{Questions: questions, Policy: policy}, nil
	case ticket.VerbReply:
		return ticket.Reply{Text: o.Text, Attachments: o.attachments}, nil
	case ticket.VerbNote:
		return ticket.Note{Text: o.Text, Public: o.Public, Attachments: o.attachments}, nil
	case ticket.VerbAssign:
		to := o.To
		if to == "me" {
			to = o.by.Address
		}
		return ticket.Assign{To: to, Staff: d.config.Correspondence.Staff}, nil
	case ticket.VerbAccept, ticket.VerbDefer, ticket.VerbDecline:
		return d.decision(o)
	case ticket.VerbTitle:
		return ticket.Titled{Title: o.Title}, nil
	case ticket.VerbInvite:
		return ticket.Invite{Participant: ticket.Participant{Address: o.Address, Name: o.Name}}, nil
	case ticket.VerbDismiss:
		return ticket.Dismiss{Address: o.Address}, nil
	}
	return nil, ticket.Refuse(ticket.RefusedVerb, "%q does nothing to a ticket", "%q gør ikke noget ved en billet", o.Verb)
}

func (d *Desk) decision(o asked) (ticket.Command, error) {
	c := ticket.Decide{Quarter: o.Quarter, Title: o.Title, Reason: o.Reason, Text: o.Text, Policy: d.config.Policy}
	switch o.Verb {
	case ticket.VerbAccept:
		c.Decision = ticket.DecisionAccepted
	case ticket.VerbDefer:
		c.Decision = ticket.DecisionDeferred
	default:
		c.Decision = ticket.DecisionDeclined
	}
	if o.Review != "" {
		day, err := time.ParseInLocation(time.DateOnly, o.Review, d.config.Policy.Location)
		if err != nil {
			return nil, ticket.Refuse(ticket.RefusedInput, "%q is no day; write it like 2026-12-01", "%q er ikke en dag. Skriv den som 2026-12-01", o.Review)
		}
		c.Review = day
	}
	return c, nil
}

// merge closes a duplicate and has the other ticket take its reporter over.
func (d *Desk) merge(tx *store.Tx, t ticket.Ticket, o asked) (Change, error) {
	into, err := tx.Tickets(o.Into)
	if err != nil {
		return Change{}, err
	}
	done, err := d.do(tx, t, ticket.Merge{Into: into[0], Policy: d.config.Policy}, o.occasion)
	if err != nil || len(done.Events) == 0 {
		return done, err
	}
	other, err := d.do(tx, into[0], ticket.Absorb{From: t}, o.occasion)
	done.Others = []Change{other}
	return done, err
}

// link notes on two tickets that they have to do with each other.
func (d *Desk) link(tx *store.Tx, t ticket.Ticket, o asked) (Change, error) {
	other, err := tx.Tickets(o.Other)
	if err != nil {
		return Change{}, err
	}
	if other[0].ID == "" {
		return Change{Before: t, After: t}, ticket.Refuse(ticket.RefusedInput, "there is no ticket %s to link to", "der er ingen billet %s at henvise til", o.Other)
	}
	done, err := d.do(tx, t, ticket.Link{Other: o.Other}, o.occasion)
	if err != nil || len(done.Events) == 0 {
		return done, err
	}
	linked, err := d.do(tx, other[0], ticket.Link{Other: t.ID}, o.occasion)
	done.Others = []Change{linked}
	return done, err
}
