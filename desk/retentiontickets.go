package desk

import (
	"context"
	"errors"
	"fmt"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

const closedRule = "retention.closed_tickets"

// tickets leaves of tickets that were closed so long ago their shell: numbers, states
// and dates. The tickets go last, so that a run which was interrupted finds them, and
// with them what else tells of them, again.
func (r *retaining) tickets(ctx context.Context) error {
	var err error
	if r.due, err = r.overdue(ctx); err != nil {
		return fmt.Errorf("reading closed tickets: %w", err)
	}
	if r.dry || len(r.due) == 0 {
		r.done.Tickets = len(r.due)
		return nil
	}
	if err := r.beside(ctx); err != nil {
		return fmt.Errorf("erasing mails beside tickets: %w", err)
	}
	// Digests and letters to staff show rows of tickets.
	if _, err := r.eraseLetters(ctx, "", r.due, nil); err != nil {
		return fmt.Errorf("erasing letters about tickets: %w", err)
	}
	var errs []error
	for id := range r.due {
		if ctx.Err() != nil {
			break
		}
		if err := r.let(&r.done.Tickets, func() error { return r.shell(ctx, id) }); err != nil {
			errs = append(errs, fmt.Errorf("ticket %s: %w", id, err))
		}
	}
	return errors.Join(errs...)
}

// overdue are the tickets that are past their time and not erased.
func (r *retaining) overdue(ctx context.Context) (map[ticket.ID]bool, error) {
	due := map[ticket.ID]bool{}
	for t, err := range r.store.AllTickets(ctx, ticket.StateClosed) {
		if err != nil {
			return nil, err
		}
		if t.Opened.Add(r.rules.ClosedTickets).After(r.now) {
			break // the others were opened later still
		}
		if !t.Erased.IsZero() && !t.Erased.Before(t.Closed) {
			continue
		}
		over, err := r.over(ctx, t.ID)
		if err != nil {
			return nil, err
		}
		if r.past(over, r.rules.ClosedTickets) {
			due[t.ID] = true
		}
	}
	return due, ctx.Err()
}

// beside erases mails that name a ticket and are no entries of it: repetitions, and
// orders of staff.
func (r *retaining) beside(ctx context.Context) error {
	for _, kind := range []ticket.OutcomeKind{ticket.OutcomeDuplicate, ticket.OutcomeCommand, ticket.OutcomeConfirmed} {
		for from := ""; ; {
			page, err := r.store.MailsByOutcome(ctx, kind, from, retentionBatch)
			if err != nil {
				return err
			}
			for _, m := range page.Items {
				if !r.due[m.Outcome.Ticket] {
					continue
				}
				if _, err := r.eraseMail(ctx, m.Outcome.Mail, closedRule); err != nil {
					return fmt.Errorf("mail %s: %w", m.Outcome.Mail, err)
				}
			}
			if from = page.Next; from == "" {
				break
			}
		}
	}
	return nil
}

// shell erases a ticket: its mails first, so that a run which was interrupted finds it
// again.
func (r *retaining) shell(ctx context.Context, id ticket.ID) error {
	events, err := r.store.Events(ctx, id)
	if err != nil {
		return err
	}
	for _, e := range events {
		if e.Entry == nil || e.Entry.Mail == "" {
			continue
		}
		if _, err := r.eraseMail(ctx, e.Entry.Mail, closedRule); err != nil {
			return fmt.Errorf("mail %s: %w", e.Entry.Mail, err)
		}
	}
	var erased []ticket.Erasure
	err = r.store.Update(ctx, func(tx *store.Tx) error {
		tickets, err := tx.Tickets(id)
		if err != nil {
			return err
		}
		before := tickets[0]
		if before.State != ticket.StateClosed {
			return nil // reopened meanwhile
		}
		erased, err = r.shellIn(tx, before)
		return err
	})
	if err != nil {
		return err
	}
	r.changed(id)
	for _, x := range erased {
		if err := r.forgetStranger(ctx, x.Address); err != nil {
			return fmt.Errorf("forgetting a contact: %w", err)
		}
	}
	return nil
}

func (r *retaining) shellIn(tx *store.Tx, before ticket.Ticket) ([]ticket.Erasure, error) {
	events, err := tx.Events(before.ID)
	if err != nil {
		return nil, err
	}
	notices, err := tx.Notices(before)
	if err != nil {
		return nil, err
	}
	events, erased := ticket.EraseAll(before, events)
	for _, n := range notices {
		for _, x := range erased {
			n = x.Notice(n)
		}
		if err := tx.PutNotice(n); err != nil {
			return nil, err
		}
	}
	events = append(events, ticket.Event{
		Number: before.Events + 1, Command: before.Events + 1, At: r.now, Kind: ticket.EventErased, By: system, Text: closedRule,
	})
	after := ticket.Ticket{}.Apply(events...)
	after.Notices = before.Notices
	return erased, tx.SaveTicket(before, after, events)
}

// forgetStranger forgets what is remembered of an address, if no other ticket is
// reported by it and it is not one of ours.
func (r *retaining) forgetStranger(ctx context.Context, address string) error {
	if _, ours := r.reader(address); ours {
		return nil
	}
	others, err := r.store.TicketsByReporter(ctx, address, "", 1)
	if err != nil || len(others.Items) > 0 {
		return err
	}
	return r.store.Update(ctx, func(tx *store.Tx) error { return tx.Forget(address) })
}
