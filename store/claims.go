package store

import (
	"context"
	"errors"
	"time"
)

// A claim is an idempotency key that somebody used: what he asked for under it,
// and what he was answered, so that asking again does nothing twice.

// ClaimLife is how long an answer is remembered.
const ClaimLife = 24 * time.Hour

// claimWork is how long a request may be in hand. One that is not over then was
// cut off, and may be made again.
const claimWork = 2 * time.Minute

// Errors of Claim.
var (
	// ErrClaimBusy: a request with this key is in hand.
	ErrClaimBusy = errors.New("store: a request with this key is in hand")
	// ErrClaimOther: the key was used for another request.
	ErrClaimOther = errors.New("store: this key was used for another request")
)

// Claim names one use of an idempotency key.
type Claim struct {
	Owner   string // whose key it is: keys of two owners have nothing to do with each other
	Key     string // as the owner chose it
	Request string // hash of what is asked for
}

func (c Claim) storeKey() string {
	return Key(keyspaceClaim, hashed(c.Owner+"\x00"+c.Key))
}

// Answer is what was answered to a request.
type Answer struct {
	Status      int    `json:"status"`
	ContentType string `json:"content_type,omitempty"`
	Body        []byte `json:"body,omitempty"`
}

type claimRecord struct {
	Request string    `json:"request"`
	Until   time.Time `json:"until"` // in hand until then at most
	Answer  *Answer   `json:"answer,omitempty"`
	Expires time.Time `json:"expires"`
}

// Claim takes a key for a request. If it was answered before it returns that
// answer; nil means that the caller is to carry it out, and then to call Answered
// or Unclaim.
func (s *Store) Claim(ctx context.Context, c Claim, now time.Time) (*Answer, error) {
	var before *Answer
	err := s.Update(ctx, func(tx *Tx) error {
		before = nil
		records, err := tx.Get(c.storeKey())
		if err != nil {
			return err
		}
		have, found, err := decode[claimRecord](records[0])
		if err != nil {
			return err
		}
		if found && have.Expires.After(now) {
			switch {
			case have.Request != c.Request:
				return ErrClaimOther
			case have.Answer != nil:
				before = have.Answer
				return nil
			case have.Until.After(now):
				return ErrClaimBusy
			}
		}
		fresh := claimRecord{Request: c.Request, Until: now.Add(claimWork), Expires: now.Add(ClaimLife)}
		tx.expire(c.storeKey(), fresh.Expires)
		return tx.putJSON(c.storeKey(), fresh)
	})
	return before, err
}

// Answered remembers what a claimed request was answered.
func (s *Store) Answered(ctx context.Context, c Claim, a Answer) error {
	return s.Update(ctx, func(tx *Tx) error {
		records, err := tx.Get(c.storeKey())
		if err != nil {
			return err
		}
		have, found, err := decode[claimRecord](records[0])
		if err != nil || !found || have.Request != c.Request {
			return err // it took so long that it was forgotten
		}
		have.Answer = &a
		return tx.putJSON(c.storeKey(), have)
	})
}

// Unclaim gives a key back whose request did nothing. Its expiry finds nothing
// then.
func (s *Store) Unclaim(ctx context.Context, c Claim) error {
	return s.Update(ctx, func(tx *Tx) error {
		records, err := tx.Get(c.storeKey())
		if err != nil || !records[0].Exists() {
			return err
		}
		tx.Delete(c.storeKey())
		return nil
	})
}
