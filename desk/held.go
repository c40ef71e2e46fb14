package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// ErrNoMail is returned for an ID under which no mail was filed.
var ErrNoMail = errors.New("desk: no such mail")

// Release says where a mail goes that stood on no ticket.
type Release struct {
	Ticket ticket.ID // "": the one that it was held for
	New    bool      // to a ticket of its own
}

// Release files a held, automatic or bounced mail after all, as support or the
// owner decides: on the ticket that it was held for, on another, or on a new one.
// It then counts as any mail, and may be answered as one. The mail's record says
// who decided and when. Deciding the same again changes nothing; deciding
// otherwise is refused, as is a mail that is filed already (*ticket.Refused).
func (d *Desk) Release(ctx context.Context, mail string, how Release, by ticket.Actor) (ticket.Outcome, error) {
	return d.settleMail(ctx, mail, by, func(tx *store.Tx, m store.Mail, now time.Time) (store.Mail, error) {
		return d.releaseAs(tx, m, how, by, now)
	})
}

// releaseAs releases a mail as somebody decided, in the given Tx.
func (d *Desk) releaseAs(tx *store.Tx, m store.Mail, how Release, by ticket.Actor, now time.Time) (store.Mail, error) {
	target := how.Ticket
	if target == "" && !how.New {
		target = suspected(m)
	}
	switch {
	case how.New && how.Ticket != "":
		return m, ticket.Refuse(ticket.RefusedInput, "say a ticket or a new one, not both", "vælg en billet eller en ny, ikke begge")
	case m.Decision != nil && !m.Decision.Dropped && m.Decision.Asked == target:
		return m, nil
	case !how.New && target == "":
		return m, ticket.Refuse(ticket.RefusedInput, "mail %s was held for no ticket: name one, or make it a new one",
			"mail %s er ikke holdt tilbage for en billet: Vælg en, eller opret en ny", m.Outcome.Mail)
	}
	if err := undecided(m); err != nil {
		return m, err
	}
	return d.release(tx, m, target, by, now)
}

// dropAs drops a mail as somebody decided, in the given Tx.
func (d *Desk) dropAs(tx *store.Tx, m store.Mail, reason string, by ticket.Actor, now time.Time) error {
	if m.Decision != nil && m.Decision.Dropped {
		return nil
	}
	if err := undecided(m); err != nil {
		return err
	}
	return d.drop(tx, m, by, reason, now)
}

// Drop settles that a held, automatic or bounced mail stays off the tickets. It is
// kept as long as any mail, and is no longer listed as waiting. Who may, and what
// is refused, is as for Release.
func (d *Desk) Drop(ctx context.Context, mail string, by ticket.Actor, reason string) (ticket.Outcome, error) {
	return d.settleMail(ctx, mail, by, func(tx *store.Tx, m store.Mail, now time.Time) (store.Mail, error) {
		return m, d.dropAs(tx, m, reason, by, now)
	})
}

// drop notes on the mail's record that it stays where it is.
func (d *Desk) drop(tx *store.Tx, m store.Mail, by ticket.Actor, reason string, now time.Time) error {
	after := m
	after.Decision = &store.Decision{At: now, By: by, Was: m.Outcome.Outcome, Dropped: true, Reason: reason, Suspected: m.Outcome.Ticket}
	return tx.SaveMail(m, after)
}

// suspected is the ticket that a mail was held for.
func suspected(m store.Mail) ticket.ID {
	if m.Decision != nil {
		return m.Decision.Suspected
	}
	return m.Outcome.Ticket
}

// undecided refuses what is not for staff to decide, or was decided.
func undecided(m store.Mail) error {
	if was := m.Decision; was != nil {
		if was.Dropped {
			return ticket.Refuse(ticket.RefusedState, "%s dropped mail %s on %s", "%s lagde mail %s til side %s", was.By.Address, m.Outcome.Mail, ticket.Date(was.At))
		}
		return ticket.Refuse(ticket.RefusedState, "%s released mail %s on %s; it is on ticket %s", "%s frigav mail %s %s; den er på billet %s",
			was.By.Address, m.Outcome.Mail, ticket.Date(was.At), m.Outcome.Ticket)
	}
	switch m.Outcome.Outcome {
	case ticket.OutcomeHeld, ticket.OutcomeAuto, ticket.OutcomeBounce:
		return nil
	}
	return ticket.Refuse(ticket.RefusedState, "mail %s became %s: only what is held, automatic or bounced is decided on",
		"mail %s blev %s: Kun det, der er holdt tilbage, automatisk eller ikke leveret, kan afgøres", m.Outcome.Mail, string(m.Outcome.Outcome))
}

// DecidesOnMail refuses who may not decide what becomes of held mail
// (*ticket.Refused); nil for who may.
func (d *Desk) DecidesOnMail(by ticket.Actor) error { return mayDecide(by) }

// mayDecide refuses who is neither support nor the owner.
func mayDecide(by ticket.Actor) error {
	if by.Has(ticket.RoleSupport, ticket.RoleOwner) {
		return nil
	}
	return ticket.Refuse(ticket.RefusedRole, "only support or the product owner may decide on held mail",
		"kun support eller den produktansvarlige kan afgøre tilbageholdt mail")
}

// settleMail runs a decision on a mail's record in one transaction.
func (d *Desk) settleMail(ctx context.Context, mail string, by ticket.Actor, decide func(*store.Tx, store.Mail, time.Time) (store.Mail, error)) (ticket.Outcome, error) {
	if err := mayDecide(by); err != nil {
		return ticket.Outcome{}, err
	}
	now := d.now()
	var after store.Mail
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		m, found, err := tx.Mail(mail)
		if err != nil {
			return err
		}
		if !found {
			return ErrNoMail
		}
		after, err = decide(tx, m, now)
		return err
	})
	if err != nil {
		return ticket.Outcome{}, fmt.Errorf("deciding on mail %s: %w", mail, err)
	}
	d.log.Info().Str("mail", mail).Str("by", by.Address).Str("outcome", string(after.Outcome.Outcome)).
		Str("ticket", string(after.Outcome.Ticket)).Msg("mail decided on")
	d.owed()
	return after.Outcome, nil
}

// release files the mail, on a ticket or with "" on a new one.
func (d *Desk) release(tx *store.Tx, m store.Mail, target ticket.ID, by ticket.Actor, now time.Time) (store.Mail, error) {
	r := d.reception(Incoming{Mail: m.Outcome.Mail, Envelope: m.Envelope, Message: m.Message, Reading: m.Reading, Check: m.Check, Scan: m.Scan})
	r.at = now
	if r.sender != "" && d.own(r.sender) {
		r.sender = "" // it is not ours, whatever it says, and we do not write to ourselves
	}
	_, clues, err := tx.Received(m.Outcome.Mail, r.sender, r.keys())
	if err != nil {
		return m, err
	}
	f := newFiling(d, tx, r, clues)
	f.released = &by
	f.out = m.Outcome
	f.out.Reasons, f.out.Notices, f.out.Ticket = append([]string{}, m.Outcome.Reasons...), []int{}, ""
	f.because("%s released it", by.Address)
	if target == "" {
		err = f.open("to a ticket of its own", ticket.Ticket{})
	} else {
		err = f.appendReleased(target, m.Outcome.Outcome)
	}
	if err != nil {
		return m, err
	}
	after := m
	after.Outcome = f.out
	after.Decision = &store.Decision{At: now, By: by, Was: m.Outcome.Outcome, Suspected: m.Outcome.Ticket, Asked: target}
	if err := tx.SaveMail(m, after); err != nil {
		return m, err
	}
	return after, f.remember()
}

// appendReleased adds the mail to a ticket, with a banner that says how it came
// there. Of a participant it means what his own mail would.
func (f *filing) appendReleased(id ticket.ID, was ticket.OutcomeKind) error {
	tickets, err := f.tickets([]ticket.ID{id})
	if err != nil {
		return err
	}
	if tickets[0].ID == "" {
		return ticket.Refuse(ticket.RefusedInput, "there is no ticket %s", "billet %s findes ikke", id)
	}
	c := choice{ticket: tickets[0], standing: standingGuest}
	if _, ok := c.ticket.Participant(f.sender); ok && f.sender != "" {
		c.standing = standingParticipant
	}
	c.why = fmt.Sprintf("it was %s; %s released it", was, f.released.Address)
	return f.append(c, "to the ticket that was named")
}
