package store

import (
	"context"
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
