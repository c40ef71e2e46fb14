package desk

import (
	"context"
	"errors"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// RetryLetter sends a letter again that was held, given up or has bounced.
// ErrNoLetter if there is none, a *ticket.Refused if it does not wait for anybody
// or the actor is not of the staff.
func (d *Desk) RetryLetter(ctx context.Context, id ticket.ID, number int, by ticket.Actor) (ticket.Notice, error) {
	n, err := d.settleLetter(ctx, id, number, by, "sent again", func(tx *store.Tx) (ticket.Notice, error) {
		return tx.Requeue(id, number, d.now())
	})
	if err == nil {
		d.owed()
	}
	return n, err
}

// DropLetter settles that such a letter is never sent. Its errors are those of
// RetryLetter.
func (d *Desk) DropLetter(ctx context.Context, id ticket.ID, number int, by ticket.Actor) (ticket.Notice, error) {
	return d.settleLetter(ctx, id, number, by, "dropped", func(tx *store.Tx) (ticket.Notice, error) {
		return tx.Drop(id, number, "dropped by "+by.Address)
	})
}

// RetryWebhook has a delivery made again that was given up.
func (d *Desk) RetryWebhook(ctx context.Context, delivery string) error {
	return d.store.Update(ctx, func(tx *store.Tx) error { return tx.RequeueDelivery(delivery, d.now()) })
}

// ErrNoLetter is returned for a letter that is not on record.
var ErrNoLetter = errors.New("desk: no such letter")

func (d *Desk) settleLetter(ctx context.Context, id ticket.ID, number int, by ticket.Actor, done string,
	settle func(*store.Tx) (ticket.Notice, error),
) (n ticket.Notice, err error) {
	if !by.Has(ticket.StaffRoles...) {
		return n, ticket.Refuse(ticket.RefusedRole, "only staff decide about letters", "kun medarbejdere kan afgøre, hvad der sker med breve")
	}
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		n, err = settle(tx)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return n, ErrNoLetter
	case errors.Is(err, store.ErrNotWaiting):
		return n, ticket.Refuse(ticket.RefusedState, "letter %d of %s is %s: only letters that are held, given up or bounced are sent again or dropped",
			"brev %d om %s er %s: Kun breve, der er holdt tilbage, opgivet eller afvist, kan sendes igen eller droppes", number, id, n.State)
	case err == nil:
		d.log.Info().Str("ticket", string(id)).Int("notice", number).Str("by", by.Address).Msg("letter " + done)
	}
	return n, err
}
