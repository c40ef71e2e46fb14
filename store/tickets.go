package store

import (
	"context"
	"slices"

	"aismarttalk.tech/supportd/ticket"
)

// Tickets reads tickets by ID, in one round trip. An absent one has an empty
// ID. What was read is checked on commit, absent ones too.
func (tx *Tx) Tickets(ids ...ticket.ID) ([]ticket.Ticket, error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = ticketKey(id)
	}
	records, err := tx.Get(keys...)
	if err != nil {
		return nil, err
	}
	return decodeAll[ticket.Ticket](records)
}

// SaveTicket writes a ticket as it now stands, with the events that made it so
// and its index rows. Before is the ticket as this Tx read it, the zero Ticket
// for a new one.
func (tx *Tx) SaveTicket(before, after ticket.Ticket, events []ticket.Event) error {
	if err := tx.putJSON(ticketKey(after.ID), after); err != nil {
		return err
	}
	for _, e := range events { // guarded by the ticket, which was read
		if err := tx.putBlindJSON(eventKey(after.ID, e.Number), e); err != nil {
			return err
		}
	}
	var old []string
	if before.ID != "" {
		old = ticketRows(before)
	}
	tx.replaceRows(old, ticketRows(after))
	return nil
}

// replaceRows deletes old index rows and writes new ones, touching none that
// stay. Rows are guarded by the record that they point at.
func (tx *Tx) replaceRows(old, rows []string) {
	for _, row := range old {
		if !slices.Contains(rows, row) {
			tx.DeleteBlind(row)
		}
	}
	for _, row := range rows {
		if !slices.Contains(old, row) {
			tx.PutBlind(row, nil)
		}
	}
}

// Ticket reads one ticket outside a transaction; false if there is none.
func (s *Store) Ticket(ctx context.Context, id ticket.ID) (ticket.Ticket, bool, error) {
	return readOne[ticket.Ticket](ctx, s, ticketKey(id))
}

// Events reads all events of a ticket that this Tx has read, in order. They are
// guarded by it.
func (tx *Tx) Events(id ticket.ID) ([]ticket.Event, error) {
	prefix := Prefix(keyspaceEvent, string(id))
	records, err := tx.Scan(prefix, PrefixEnd(prefix), maxNumber)
	if err != nil {
		return nil, err
	}
	return decodeAll[ticket.Event](records)
}

// Events reads all events of a ticket, in order.
func (s *Store) Events(ctx context.Context, id ticket.ID) ([]ticket.Event, error) {
	return listAll[ticket.Event](ctx, s, Prefix(keyspaceEvent, string(id)))
}

// EventsFrom reads up to n events of a ticket from a number on, in order.
func (s *Store) EventsFrom(ctx context.Context, id ticket.ID, number, n int) ([]ticket.Event, error) {
	records, err := s.Scan(ctx, eventKey(id, number), PrefixEnd(Prefix(keyspaceEvent, string(id))), n)
	if err != nil {
		return nil, err
	}
	return decodeAll[ticket.Event](records)
}

// Tickets reads tickets by ID outside a transaction, in one round trip; those that
// are not there are left out.
func (s *Store) Tickets(ctx context.Context, ids ...ticket.ID) ([]ticket.Ticket, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = ticketKey(id)
	}
	records, err := s.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	records = slices.DeleteFunc(records, func(r Record) bool { return !r.Exists() })
	return decodeAll[ticket.Ticket](records)
}
