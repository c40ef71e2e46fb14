package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// For each person of staff who gets a digest there is one job in the queue digest,
// for the next day's. Whoever does it enqueues the one after it in the same commit.
// What is sent follows from the clock and not from the job, so that a job that is
// doubled or late doubles and delays nothing.

const digestQueue = "digest"

// digestPatience is how long after its time a digest is still sent on another day:
// after a night's downtime the evening's list is worth reading, and a day old one is
// not, since the next is near.
const digestPatience = 12 * time.Hour

// digestJob is the payload of a job in the queue digest.
type digestJob struct {
	Reader string `json:"reader"` // address
	// Since is the time of the list before; zero for the first.
	Since time.Time `json:"since,omitzero"`
}

// nextDigest is the job for the list that follows a time, which was the last one
// looked at.
func (d *Desk) nextDigest(reader ticket.Staff, now, since time.Time) (store.Job, error) {
	due := reader.Digest.Next(now, d.zone())
	payload, err := json.Marshal(digestJob{Reader: reader.Address, Since: since})
	if err != nil {
		return store.Job{}, fmt.Errorf("encoding the job of a digest: %w", err)
	}
	sum := sha256.Sum256([]byte(ticket.FoldAddress(reader.Address)))
	id := hex.EncodeToString(sum[:8]) + "." + dayName(due.In(d.zone()))
	return store.Job{Queue: digestQueue, ID: id, Due: due, Payload: payload}, nil
}

// ScheduleDigests makes sure that there is a job for the next digest of everybody
// who gets one. Several nodes may do so at once, and again.
func (d *Desk) ScheduleDigests(ctx context.Context) error {
	now := d.now()
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		for _, reader := range d.config.Correspondence.Staff {
			if reader.Digest.IsZero() {
				continue
			}
			job, err := d.nextDigest(reader, now, time.Time{})
			if err != nil {
				return err
			}
			if err := tx.EnqueueOnce(job); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("scheduling digests: %w", err)
	}
	return nil
}

// sendDigests makes the digests that are due.
func (d *Desk) sendDigests(ctx context.Context) error {
	for {
		now := d.now()
		jobs, err := d.store.Lease(ctx, digestQueue, now, choreLease, choreBatch)
		if err != nil || len(jobs) == 0 {
			return err
		}
		if err := d.doDigests(ctx, now, jobs); err != nil {
			return err
		}
	}
}

// dueDigest is a job with the edition that is to be sent, if one is. It has no
// reader if that is no longer one of ours.
type dueDigest struct {
	edition
	job  store.Job
	send bool
}

func (d *Desk) doDigests(ctx context.Context, now time.Time, jobs []store.Job) error {
	due := make([]dueDigest, len(jobs))
	var editions []edition
	for i, job := range jobs {
		due[i] = d.dueDigest(job, now)
		if due[i].send {
			editions = append(editions, due[i].edition)
		}
	}
	var made []ticket.Digest
	if len(editions) > 0 {
		var err error
		if made, err = d.digests(ctx, now, editions...); err != nil {
			return err
		}
	}
	var errs []error
	for _, one := range due {
		var digest ticket.Digest
		if one.send {
			digest, made = made[0], made[1:]
		}
		if err := d.settleDigest(ctx, one, digest, now); err != nil {
			errs = append(errs, fmt.Errorf("digest %s: %w", one.job.ID, err))
		}
	}
	return errors.Join(errs...)
}

// dueDigest decides which list a job sends at a time: that of the last time at which
// there should have been one. An older one is left out.
func (d *Desk) dueDigest(job store.Job, now time.Time) dueDigest {
	out := dueDigest{job: job}
	var payload digestJob
	if err := json.Unmarshal(job.Payload, &payload); err != nil {
		d.log.Error().Err(err).Str("job", job.ID).Msg("the job of a digest cannot be read; it is dropped")
		return out
	}
	reader, ok := d.reader(payload.Reader)
	if !ok || reader.Digest.IsZero() {
		return out
	}
	last := reader.Digest.Last(now, d.zone())
	today := ticket.Midnight(now, d.zone())
	out.send = !last.Before(today) || now.Sub(last) < digestPatience
	out.edition = d.edition(reader, now, last)
	out.since = last.In(d.zone()).AddDate(0, 0, -1)
	if !payload.Since.IsZero() {
		out.since = payload.Since
		out.weekly = mondayWithin(payload.Since.In(d.zone()), last.In(d.zone()))
	}
	return out
}

// mondayWithin reports whether a Monday lies behind the day of one time and not
// behind that of another: the owner's list, missed on Monday, comes on Tuesday.
func mondayWithin(behind, until time.Time) bool {
	for day := until; dayName(day) > dayName(behind); day = day.AddDate(0, 0, -1) {
		if day.Weekday() == time.Monday {
			return true
		}
	}
	return false
}

// settleDigest ends a job, owes its letter and enqueues the next day's, in one commit.
func (d *Desk) settleDigest(ctx context.Context, due dueDigest, digest ticket.Digest, now time.Time) error {
	owes := false
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		owes = false
		if err := tx.Settle(due.job); err != nil {
			return err
		}
		if due.reader.Address == "" {
			return nil
		}
		since := due.since
		if due.send {
			var err error
			if _, owes, err = d.oweDigest(tx, due.edition, digest, now); err != nil {
				return err
			}
			since = due.day
		}
		next, err := d.nextDigest(due.reader, now, since)
		if err != nil {
			return err
		}
		tx.Enqueue(next)
		return nil
	})
	switch {
	case errors.Is(err, store.ErrLost):
		return nil // another node has it
	case err != nil:
		return err
	}
	if owes {
		d.log.Info().Str("job", due.job.ID).Int("sections", len(digest.Sections)).Msg("digest owed")
		d.owed()
	}
	return nil
}
