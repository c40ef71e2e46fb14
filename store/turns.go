package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// TurnRow is a row of the inbox before its ticket is read.
type TurnRow struct {
	Key    string // where a list goes on behind it
	Ticket ticket.ID
}

// TicketsAt lists the tickets of a section of the inbox, the most urgent first, behind
// a row's key: the whole section, or what one person has in it. Until, unless zero,
// leaves out those that are of rank 0 and of a later time, for the promises that are
// not broken yet. Only index rows are read.
func (s *Store) TicketsAt(ctx context.Context, section ticket.SectionKind, person string, until time.Time, after string, limit int) ([]TurnRow, error) {
	prefix := turnPrefix(section, person)
	from, to := prefix, PrefixEnd(prefix)
	if strings.HasPrefix(after, prefix) {
		from = behind(after)
	}
	if !until.IsZero() {
		to = PrefixEnd(prefix + "0-" + sortTime(until))
	}
	if from >= to {
		return nil, nil
	}
	records, err := s.Scan(ctx, from, to, limit)
	if err != nil {
		return nil, err
	}
	rows := make([]TurnRow, len(records))
	for i, r := range records {
		rows[i] = TurnRow{Key: r.Key, Ticket: ticket.ID(rowID(r.Key))}
	}
	return rows, nil
}

// indexedTurns is what indexedKey holds once all tickets have their rows of the inbox.
const indexedTurns = "turns"

// IndexTurns gives the tickets their rows of the inbox that were saved before there was
// one, and tells how many. Done once, it does nothing.
func (s *Store) IndexTurns(ctx context.Context) (int, error) {
	have, err := s.Get(ctx, indexedKey)
	if err != nil || string(have[0].Value) == indexedTurns {
		return 0, err
	}
	n := 0
	err = s.EachTicket(ctx, func(t ticket.Ticket) error {
		if len(turnRows(t)) == 0 {
			return nil
		}
		n++
		return s.Update(ctx, func(tx *Tx) error {
			tickets, err := tx.Tickets(t.ID) // as it is now: it may have moved on
			if err != nil || tickets[0].ID == "" {
				return err
			}
			for _, row := range turnRows(tickets[0]) {
				tx.PutBlind(row, nil)
			}
			return nil
		})
	})
	if err != nil {
		return n, fmt.Errorf("indexing the inbox: %w", err)
	}
	return n, s.Update(ctx, func(tx *Tx) error {
		tx.PutBlind(indexedKey, []byte(indexedTurns))
		return nil
	})
}
