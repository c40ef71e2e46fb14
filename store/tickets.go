package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"aismarttalk.tech/supportd/ticket"
)

// Tickets reads tickets by ID, in one round trip. An absent one has an empty
// ID. What was read is checked on commit, absent ones too.
func (tx *Tx) Tickets(ids ...ticket.ID) ([]ticket.Ticket, error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = TicketKey(id)
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
	value, err := json.Marshal(after)
	if err != nil {
		return fmt.Errorf("encoding ticket %s: %w", after.ID, err)
	}
	tx.Put(TicketKey(after.ID), value)
	for _, e := range events {
		value, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("encoding event %d of ticket %s: %w", e.Number, after.ID, err)
		}
		tx.PutBlind(EventKey(after.ID, e.Number), value) // guarded by the ticket, which was read
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
	records, err := s.Get(ctx, TicketKey(id))
	if err != nil || !records[0].Exists() {
		return ticket.Ticket{}, false, err
	}
	all, err := decodeAll[ticket.Ticket](records)
	if err != nil {
		return ticket.Ticket{}, false, err
	}
	return all[0], true, nil
}

// Events reads all events of a ticket, in order.
func (s *Store) Events(ctx context.Context, id ticket.ID) ([]ticket.Event, error) {
	prefix := Prefix(keyspaceEvent, string(id))
	var events []ticket.Event
	err := s.each(ctx, prefix, PrefixEnd(prefix), func(records []Record) error {
		page, err := decodeAll[ticket.Event](records)
		events = append(events, page...)
		return err
	})
	return events, err
}

// pageSize is how many records a range is read at a time.
const pageSize = 500

// each reads a range in pages.
func (s *Store) each(ctx context.Context, from, to string, fn func([]Record) error) error {
	for {
		records, err := s.Scan(ctx, from, to, pageSize)
		if err != nil {
			return err
		}
		if err := fn(records); err != nil {
			return err
		}
		if len(records) < pageSize {
			return nil
		}
		from = records[len(records)-1].Key + "\x00"
	}
}

// decodeAll decodes records; an absent one gives the zero value.
func decodeAll[T any](records []Record) ([]T, error) {
	out := make([]T, len(records))
	for i, r := range records {
		if !r.Exists() {
			continue
		}
		if err := json.Unmarshal(r.Value, &out[i]); err != nil {
			return nil, fmt.Errorf("decoding record %s: %w", r.Key, err)
		}
	}
	return out, nil
}
