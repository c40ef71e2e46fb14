package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Keys are the fingerprints of the keys that a desk signs and derives with, by name.
// The store remembers them: a daemon with other keys would know neither the reply
// addresses in its letters nor the senders of its links, and derive other IDs.
type Keys map[string]string

// ErrOtherKeys says that the records were written with other keys.
var ErrOtherKeys = errors.New("the records were written with other keys")

// differing are the names that stand in both for different keys. One side may have
// keys that the other has not: a rotation adds some, and drops some.
func (k Keys) differing(other Keys) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(k)) {
		if have, ok := other[name]; ok && have != k[name] {
			names = append(names, name)
		}
	}
	return names
}

// Admit takes keys into use that this Store was not given when it was made: after a
// rotation. It returns ErrOtherKeys, and goes on with those it had, if another daemon
// has given their names to other keys.
func (s *Store) Admit(ctx context.Context, k Keys) error {
	if err := s.ensureReady(ctx); err != nil {
		return err
	}
	if err := s.admit(ctx, k); err != nil {
		return err
	}
	s.keys.Store(&k)
	return nil
}

func (s *Store) admit(ctx context.Context, k Keys) error {
	return s.run(ctx, func(tx *Tx) error {
		have, err := tx.storedKeys()
		if err != nil {
			return err
		}
		if other := k.differing(have); len(other) > 0 {
			return fmt.Errorf("%w (%s)", ErrOtherKeys, strings.Join(other, ", "))
		}
		all := maps.Clone(have)
		if all == nil {
			all = Keys{}
		}
		maps.Copy(all, k)
		if len(all) == len(have) {
			return nil
		}
		return tx.putJSON(keysKey, all)
	})
}

// Adopt has the store forget all keys but these: for an operator who has lost those
// that its records were written with.
func (s *Store) Adopt(ctx context.Context, k Keys) error {
	return s.Update(ctx, func(tx *Tx) error {
		if _, err := tx.storedKeys(); err != nil {
			return err
		}
		return tx.putJSON(keysKey, k)
	})
}

func (tx *Tx) storedKeys() (Keys, error) {
	records, err := tx.Get(keysKey)
	if err != nil {
		return nil, err
	}
	k, _, err := decode[Keys](records[0])
	return k, err
}

// OtherKeys names the keys that the records of a backend were written with others
// of. It changes nothing.
func OtherKeys(ctx context.Context, b Backend, k Keys) ([]string, error) {
	records, err := b.Get(ctx, keysKey)
	if err != nil {
		return nil, fmt.Errorf("reading the fingerprints of the keys: %w", err)
	}
	have, _, err := decode[Keys](records[0])
	return k.differing(have), err
}
