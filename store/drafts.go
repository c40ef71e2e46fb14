package store

import (
	"context"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// Draft is what one of ours has begun to write on a ticket, for one command, and has
// not sent. It ends by itself.
type Draft struct {
	Fields  map[string]string `json:"fields"`
	Saved   time.Time         `json:"saved"`
	Expires time.Time         `json:"expires"`
}

// DraftName names a draft: each person has one for each command of a ticket.
type DraftName struct {
	Ticket  ticket.ID
	Address string
	Command string
}

func (n DraftName) key() string {
	return Key(keyspaceDraft, string(n.Ticket), ticket.FoldAddress(n.Address), n.Command)
}

// SaveDraft keeps a draft in place of the one before; one without fields is deleted.
func (s *Store) SaveDraft(ctx context.Context, n DraftName, d Draft) error {
	return s.Update(ctx, func(tx *Tx) error {
		if len(d.Fields) == 0 {
			tx.DeleteBlind(n.key())
			return nil
		}
		tx.expire(n.key(), d.Expires)
		return tx.putBlindJSON(n.key(), d) // the latest counts
	})
}

// Drafts are what one person has begun to write on a ticket, by command.
func (s *Store) Drafts(ctx context.Context, id ticket.ID, address string) (map[string]Draft, error) {
	drafts := map[string]Draft{}
	prefix := Prefix(keyspaceDraft, string(id), ticket.FoldAddress(address))
	err := s.each(ctx, prefix, func(records []Record) error {
		found, err := decodeAll[Draft](records)
		for i, d := range found {
			drafts[rowID(records[i].Key)] = d
		}
		return err
	})
	return drafts, err
}

// DropDrafts deletes all that anybody has begun to write on a ticket, in the commit
// that erases somebody from it.
func (tx *Tx) DropDrafts(id ticket.ID) error {
	prefix := Prefix(keyspaceDraft, string(id))
	records, err := tx.Scan(prefix, PrefixEnd(prefix), pageSize)
	for _, r := range records {
		tx.DeleteBlind(r.Key)
	}
	return err
}
