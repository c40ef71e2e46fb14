package store

import (
	"context"

	"aismarttalk.tech/supportd/ticket"
)

// What is kept of one person is spread over the records by ticket and by mail. To
// find it all of them are read; it is asked for seldom.

// EachTicket hands every ticket to visit, by ID, a page at a time. It ends with the
// first error.
func (s *Store) EachTicket(ctx context.Context, visit func(ticket.Ticket) error) error {
	return eachRecord(ctx, s, keyspaceTicket, visit)
}

// EachMail hands every mail's record to visit, oldest first.
func (s *Store) EachMail(ctx context.Context, visit func(Mail) error) error {
	return eachRecord(ctx, s, keyspaceMail, visit)
}

// EachNotice hands every letter to visit, ticket by ticket.
func (s *Store) EachNotice(ctx context.Context, visit func(ticket.Notice) error) error {
	return eachRecord(ctx, s, keyspaceNotice, visit)
}

func eachRecord[T any](ctx context.Context, s *Store, space string, visit func(T) error) error {
	return s.each(ctx, space+"/", func(records []Record) error {
		items, err := decodeAll[T](records)
		if err != nil {
			return err
		}
		for _, item := range items {
			if err := visit(item); err != nil {
				return err
			}
		}
		return nil
	})
}

// Contact reads what is remembered of an address; false if nothing is.
func (s *Store) Contact(ctx context.Context, address string) (Contact, bool, error) {
	return readOne[Contact](ctx, s, contactKey(address))
}

// Forget deletes what is remembered of an address: its contact, and what the loop
// breaker counts.
func (tx *Tx) Forget(address string) error {
	keys := []string{contactKey(address), budgetKey(address)}
	if _, err := tx.Get(keys...); err != nil {
		return err
	}
	for _, key := range keys {
		tx.Delete(key)
	}
	return nil
}

// ForgetAnswers deletes the answers that are remembered for repeated requests, if they
// mention somebody, and tells how many.
func (s *Store) ForgetAnswers(ctx context.Context, mentions func([]byte) bool) (int, error) {
	var keys []string
	err := s.each(ctx, keyspaceClaim+"/", func(records []Record) error {
		claims, err := decodeAll[claimRecord](records)
		for i, c := range claims {
			if c.Answer != nil && mentions(c.Answer.Body) {
				keys = append(keys, records[i].Key)
			}
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, key := range keys {
		err := s.Update(ctx, func(tx *Tx) error { tx.DeleteBlind(key); return nil })
		if err != nil {
			return 0, err
		}
	}
	return len(keys), nil
}

// ForgetClues deletes those of some clues that lead to a mail, or that only this
// mail's ticket mentions, and tells how many.
func (tx *Tx) ForgetClues(mail string, on ticket.ID, keys []string) (int, error) {
	records, err := tx.Get(keys...)
	if err != nil {
		return 0, err
	}
	clues, err := decodeAll[Clue](records)
	if err != nil {
		return 0, err
	}
	n := 0
	for i, c := range clues {
		if c.Mail == mail || c.Mentioned && c.Ticket == on && on != "" {
			tx.Delete(keys[i])
			n++
		}
	}
	return n, nil
}

// Notices reads the letters of a ticket that this Tx has read, by number: all that
// it counts.
func (tx *Tx) Notices(t ticket.Ticket) ([]ticket.Notice, error) {
	if t.Notices == 0 {
		return nil, nil
	}
	keys := make([]string, t.Notices)
	for i := range keys {
		keys[i] = noticeKey(t.ID, i+1)
	}
	records, err := tx.Get(keys...)
	if err != nil {
		return nil, err
	}
	all, err := decodeAll[ticket.Notice](records)
	if err != nil {
		return nil, err
	}
	there := all[:0]
	for _, n := range all {
		if n.Number != 0 {
			there = append(there, n)
		}
	}
	return there, nil
}
