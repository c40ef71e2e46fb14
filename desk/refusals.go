package desk

import (
	"context"
	"errors"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Refusals tells which commands somebody could not give a ticket as it stands,
// whatever he wrote in them, and why: by the name of the command word. What is missing
// there would be obeyed, or refused only for what is asked. Undo is not tried: what it
// takes back must be read for it.
func (d *Desk) Refusals(ctx context.Context, id ticket.ID, by ticket.Actor) (map[string]*ticket.Refused, error) {
	now := d.now()
	refused := map[string]*ticket.Refused{}
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		clear(refused)
		for _, w := range ticket.Verbs() {
			o, tried := trial(w, id)
			if !tried {
				continue
			}
			o, err := o.Read(d.Terms())
			if err != nil {
				continue // its texts are at fault, and not the ticket
			}
			err = tx.Try(func() error {
				if _, err := d.orderOn(tx, id, o, by, now); err != nil {
					return err
				}
				return errPreview
			})
			var why *ticket.Refused
			switch {
			case errors.As(err, &why):
				if why.Code == ticket.RefusedRole || why.Code == ticket.RefusedState || why.Code == ticket.RefusedWindow {
					refused[w.Name] = why
				}
			case !errors.Is(err, errPreview):
				return err
			}
		}
		return errPreview
	})
	if !errors.Is(err, errPreview) {
		return nil, err
	}
	return refused, nil
}

// trial is an order as complete as the command needs it, to learn whether the ticket
// would take it at all; false for words that are not given to a ticket, or are short
// for another.
func trial(w ticket.CommandWord, id ticket.ID) (ticket.Order, bool) {
	const some = "…"
	o := ticket.Order{Verb: w.Verb}
	switch w.Name {
	case "classify":
		o.Severity, o.Reason = ticket.SeverityNormal, some
	case "test":
		o.Result, o.Text = ticket.ResultFixed, some
	case "pass":
		o.Verified = some
	case "resolve":
		o.Result, o.Text = ticket.ResultAnswer, some
	case "close", "reopen", "defer", "decline":
		o.Reason = some
	case "ask":
		o.Questions = []string{some}
	case "fail", "reply", "note":
		o.Text = some
	case "public":
		o.Text, o.Public = some, true
	case "assign":
		o.To = "me"
	case "merge":
		o.Into = id
	case "link":
		o.Other = id
	case "title":
		o.Title = some
	case "invite", "dismiss":
		o.Address = "nobody@invalid.example"
	case "plan", "start", "accept":
	default:
		return o, false
	}
	return o, true
}
