package store

import (
	"context"
	"encoding/json"
	"fmt"
)

// Records of our own are JSON.

// putJSON is Put with a value to encode.
func (tx *Tx) putJSON(key string, v any) error {
	value, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encoding record %s: %w", key, err)
	}
	tx.Put(key, value)
	return nil
}

// putBlindJSON is PutBlind with a value to encode.
func (tx *Tx) putBlindJSON(key string, v any) error {
	value, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encoding record %s: %w", key, err)
	}
	tx.PutBlind(key, value)
	return nil
}

// decode decodes a record; false if it is absent. Its errors are ErrUnreadable.
func decode[T any](r Record) (T, bool, error) {
	var v T
	if !r.Exists() {
		return v, false, nil
	}
	if err := json.Unmarshal(r.Value, &v); err != nil {
		var zero T
		return zero, false, fmt.Errorf("%w: decoding record %s: %w", ErrUnreadable, r.Key, err)
	}
	return v, true, nil
}

// decodeAll decodes records; an absent one gives the zero value.
func decodeAll[T any](records []Record) ([]T, error) {
	all := make([]T, len(records))
	for i, r := range records {
		var err error
		if all[i], _, err = decode[T](r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// readOne reads one record outside a transaction; false if there is none.
func readOne[T any](ctx context.Context, s *Store, key string) (T, bool, error) {
	records, err := s.Get(ctx, key)
	if err != nil {
		var zero T
		return zero, false, err
	}
	return decode[T](records[0])
}

// listAll reads all records of a prefix, in key order.
func listAll[T any](ctx context.Context, s *Store, prefix string) ([]T, error) {
	var all []T
	err := s.each(ctx, prefix, func(records []Record) error {
		page, err := decodeAll[T](records)
		all = append(all, page...)
		return err
	})
	return all, err
}

// pageSize is how many records are read at a time where all are wanted.
const pageSize = 500

// each hands all records of a prefix to fn, page by page.
func (s *Store) each(ctx context.Context, prefix string, fn func([]Record) error) error {
	for from := prefix; ; {
		records, err := s.Scan(ctx, from, PrefixEnd(prefix), pageSize)
		if err != nil {
			return err
		}
		if err := fn(records); err != nil {
			return err
		}
		if len(records) < pageSize {
			return nil
		}
		from = behind(records[len(records)-1].Key)
	}
}

// behind is where a scan goes on behind a key.
func behind(key string) string { return key + "\x00" }
