package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"
)

// Records that live for a time have a job that deletes them when it is over.

const (
	expiryQueue = "expiry"
	expiryLease = time.Minute
	expiryBatch = 200
)

type expiryJob struct {
	Key string `json:"key"`
}

// expire has a record deleted at a time. A record that is written anew under the
// same key gets a job more, and must say itself when it ends.
func (tx *Tx) expire(key string, at time.Time) {
	payload, err := json.Marshal(expiryJob{Key: key})
	if err != nil {
		tx.fail(err)
		return
	}
	tx.Enqueue(Job{Queue: expiryQueue, ID: hashed(key), Due: at, Payload: payload})
}

// mortal is what a record that ends says of its end.
type mortal struct {
	Expires time.Time `json:"expires"`
}

// Expire deletes the records whose time is over, and tells how many.
func (s *Store) Expire(ctx context.Context, now time.Time) (int, error) {
	gone := 0
	for {
		jobs, err := s.Lease(ctx, expiryQueue, now, expiryLease, expiryBatch)
		if err != nil {
			return gone, err
		}
		for _, j := range jobs {
			deleted, err := s.expireOne(ctx, j, now)
			if err != nil {
				return gone, err
			}
			if deleted {
				gone++
			}
		}
		if len(jobs) < expiryBatch {
			return gone, nil
		}
	}
}

func (s *Store) expireOne(ctx context.Context, j Job, now time.Time) (deleted bool, err error) {
	var named expiryJob
	unread := json.Unmarshal(j.Payload, &named) != nil || named.Key == ""
	err = s.Update(ctx, func(tx *Tx) error {
		deleted = false
		if err := tx.Settle(j); err != nil || unread {
			return err
		}
		records, err := tx.Get(named.Key)
		if err != nil || !records[0].Exists() {
			return err
		}
		var m mortal
		if json.Unmarshal(records[0].Value, &m) == nil && m.Expires.After(now) {
			return nil // it was written anew
		}
		tx.Delete(named.Key)
		deleted = true
		return nil
	})
	if errors.Is(err, ErrLost) {
		return false, nil // another node has it
	}
	return deleted, err
}

// hashed is a secret, or a text of any length, as a key may hold it.
func hashed(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
