package store

import (
	"context"
	"slices"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// What retention asks of the store: which records are old, and which mails are to be
// deleted. It reads index rows first, so that what was settled long ago costs little.

// OldMails lists the mails under an outcome (or Dropped) that were received before a
// time and whose bytes are not deleted yet, oldest first. A page may be empty and have
// a Next.
func (s *Store) OldMails(ctx context.Context, kind ticket.OutcomeKind, before time.Time, after string, limit int) (Page[Mail], error) {
	prefix := Prefix(keyspaceIndex, byOutcome, string(kind))
	from := prefix
	if after != "" {
		from = behind(after)
	}
	rows, err := s.Scan(ctx, from, prefix+sortTime(before), limit)
	if err != nil || len(rows) == 0 {
		return Page[Mail]{}, err
	}
	keys := make([]string, 0, 2*len(rows))
	for _, r := range rows {
		keys = append(keys, deletedKey(rowID(r.Key)))
	}
	marks, err := s.Get(ctx, keys...)
	if err != nil {
		return Page[Mail]{}, err
	}
	keys = keys[:0]
	for i, r := range rows {
		if !marks[i].Exists() {
			keys = append(keys, mailKey(rowID(r.Key)))
		}
	}
	page := Page[Mail]{Next: next(rows, limit)}
	if len(keys) == 0 {
		return page, nil
	}
	records, err := s.Get(ctx, keys...)
	if err != nil {
		return Page[Mail]{}, err
	}
	records = slices.DeleteFunc(records, func(r Record) bool { return !r.Exists() })
	page.Items, err = decodeAll[Mail](records)
	return page, err
}

// DeletedMails tells which of some mails, in order, are not to be kept any longer, in
// that order. Whoever has an archive deletes them there, as often as they come back: a
// replay has the journal hand them over again.
func (s *Store) DeletedMails(ctx context.Context, mails []string) ([]string, error) {
	if len(mails) == 0 {
		return nil, nil
	}
	first, last := deletedKey(mails[0]), behind(deletedKey(mails[len(mails)-1]))
	var gone []string
	for from := first; ; {
		rows, err := s.Scan(ctx, from, last, pageSize)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if _, asked := slices.BinarySearch(mails, rowID(r.Key)); asked {
				gone = append(gone, rowID(r.Key))
			}
		}
		if len(rows) < pageSize {
			return gone, nil
		}
		from = behind(rows[len(rows)-1].Key)
	}
}

// EachLetter hands every letter that is about no one ticket to visit.
func (s *Store) EachLetter(ctx context.Context, visit func(ticket.Notice) error) error {
	return s.each(ctx, keyspaceNotice+"/"+ticket.LetterPrefix+"-", func(records []Record) error {
		letters, err := decodeAll[ticket.Notice](records)
		if err != nil {
			return err
		}
		for _, n := range letters {
			if err := visit(n); err != nil {
				return err
			}
		}
		return nil
	})
}
