package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// A delivery is a record with one index row by its state, and as long as it is
// queued a job in the queue webhook.

const webhookQueue = "webhook"

// DeliveryState is how far a delivery has come. One that was taken leaves nothing
// behind.
type DeliveryState string

// States of deliveries.
const (
	DeliveryQueued  DeliveryState = "queued"
	DeliveryGivenUp DeliveryState = "given-up"
)

// Delivery is one event that is owed to one webhook.
type Delivery struct {
	ID    string          `json:"id"`   // the same however often it is tried: receivers know a repetition by it
	Hook  string          `json:"hook"` // name of the webhook
	Owed  time.Time       `json:"owed"`
	Body  json.RawMessage `json:"body"`
	State DeliveryState   `json:"state"`

	Attempts int       `json:"attempts"`
	Tried    time.Time `json:"tried,omitzero"`
	Reply    string    `json:"reply,omitempty"` // the receiver's last, or what went wrong
}

func deliveryKey(id string) string { return Key(keyspaceDelivery, id) }

func deliveryRow(d Delivery) string {
	return Key(keyspaceIndex, byDelivery, string(d.State), sortTime(d.Owed), d.ID)
}

// OweDelivery records a delivery and its job, in the commit that owes it. Its ID
// names the event, so that the record needs no guard of its own.
func (tx *Tx) OweDelivery(d Delivery) error {
	if d.ID == "" || escape(d.ID) != d.ID || d.Owed.IsZero() {
		return fmt.Errorf("%w: delivery %q, owed %v", ErrInvalid, d.ID, d.Owed)
	}
	d.State = DeliveryQueued
	if err := tx.putBlindJSON(deliveryKey(d.ID), d); err != nil {
		return err
	}
	tx.replaceRows(nil, []string{deliveryRow(d)})
	tx.Enqueue(Job{Queue: webhookQueue, ID: d.ID, Due: d.Owed})
	return nil
}

// Deliveries is the queue of what is owed to webhooks. It is safe for concurrent
// use. Its methods that end or move a lease return ErrLost if it was lost.
type Deliveries struct{ store *Store }

// NewDeliveries is the queue of a store.
func NewDeliveries(s *Store) *Deliveries { return &Deliveries{store: s} }

// LeasedDelivery is a delivery that is one worker's until its lease ends.
type LeasedDelivery struct {
	Delivery
	job Job
}

// Lease takes up to n deliveries that are due at now; see Store.Lease.
func (q *Deliveries) Lease(ctx context.Context, now time.Time, ttl time.Duration, n int) ([]LeasedDelivery, error) {
	jobs, err := q.store.Lease(ctx, webhookQueue, now, ttl, n)
	if err != nil {
		return nil, err
	}
	var leased []LeasedDelivery
	for _, job := range jobs {
		l := LeasedDelivery{job: job}
		err := q.store.Update(ctx, func(tx *Tx) error {
			d, found, err := tx.delivery(job.ID)
			if err != nil {
				return err
			}
			if l.Delivery = d; !found || d.State != DeliveryQueued {
				l.Delivery = Delivery{}
				return tx.Settle(job)
			}
			return nil
		})
		switch {
		case errors.Is(err, ErrLost):
		case err != nil:
			return leased, err
		case l.ID != "":
			leased = append(leased, l)
		}
	}
	return leased, nil
}

func (tx *Tx) delivery(id string) (Delivery, bool, error) {
	records, err := tx.Get(deliveryKey(id))
	if err != nil {
		return Delivery{}, false, err
	}
	return decode[Delivery](records[0])
}

// Taken settles a delivery that its receiver has taken.
func (q *Deliveries) Taken(ctx context.Context, l LeasedDelivery) error {
	return q.settle(ctx, l, func(tx *Tx, d Delivery) error {
		tx.Delete(deliveryKey(d.ID))
		tx.replaceRows([]string{deliveryRow(d)}, nil)
		return nil
	})
}

// Retry records an attempt that failed, and makes the delivery due again.
func (q *Deliveries) Retry(ctx context.Context, l LeasedDelivery, at, due time.Time, reply string) error {
	return q.store.Update(ctx, func(tx *Tx) error {
		if err := tx.Reschedule(l.job, due); err != nil {
			return err
		}
		d, found, err := tx.delivery(l.ID)
		if err != nil || !found {
			return err
		}
		d.Attempts, d.Tried, d.Reply = d.Attempts+1, at, reply
		return tx.putJSON(deliveryKey(d.ID), d)
	})
}

// GiveUp records that a delivery will not be tried again.
func (q *Deliveries) GiveUp(ctx context.Context, l LeasedDelivery, at time.Time, reply string) error {
	return q.settle(ctx, l, func(tx *Tx, d Delivery) error {
		row := deliveryRow(d)
		d.Attempts, d.Tried, d.Reply, d.State = d.Attempts+1, at, reply, DeliveryGivenUp
		tx.replaceRows([]string{row}, []string{deliveryRow(d)})
		return tx.putJSON(deliveryKey(d.ID), d)
	})
}

func (q *Deliveries) settle(ctx context.Context, l LeasedDelivery, change func(*Tx, Delivery) error) error {
	return q.store.Update(ctx, func(tx *Tx) error {
		if err := tx.Settle(l.job); err != nil {
			return err
		}
		d, found, err := tx.delivery(l.ID)
		if err != nil || !found {
			return err
		}
		return change(tx, d)
	})
}

// NextDue is when the next delivery is due, or the next lease ends; false if
// nothing is owed.
func (q *Deliveries) NextDue(ctx context.Context) (time.Time, bool, error) {
	return q.store.NextDue(ctx, webhookQueue)
}

// RequeueDelivery makes a delivery due that was given up. ErrNotFound if there is
// none, ErrNotWaiting if it was not given up.
func (tx *Tx) RequeueDelivery(id string, now time.Time) error {
	d, found, err := tx.delivery(id)
	switch {
	case err != nil:
		return err
	case !found:
		return ErrNotFound
	case d.State != DeliveryGivenUp:
		return ErrNotWaiting
	}
	row := deliveryRow(d)
	d.State, d.Attempts, d.Owed = DeliveryQueued, 0, now
	tx.replaceRows([]string{row}, []string{deliveryRow(d)})
	tx.Enqueue(Job{Queue: webhookQueue, ID: d.ID, Due: now})
	return tx.putJSON(deliveryKey(d.ID), d)
}

// DeliveriesIn lists up to limit deliveries of a state, the longest owed first.
func (s *Store) DeliveriesIn(ctx context.Context, state DeliveryState, limit int) ([]Delivery, error) {
	page, err := list[Delivery](ctx, s, Prefix(keyspaceIndex, byDelivery, string(state)), "", limit, deliveryKey)
	return page.Items, err
}
