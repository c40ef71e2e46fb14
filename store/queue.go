package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Jobs are records whose key holds the time at which they are due:
// job/<queue>/<due>/<id>. Due jobs are thus the beginning of a range, and the
// outbox, retries, reminders and digests are one mechanism.

// ErrLost is returned by Settle and Reschedule when the job is no longer the
// caller's: its lease ran out and another worker took it, or it was settled.
var ErrLost = errors.New("store: the lease of this job was lost")

// Job is work that is owed. Queue and ID are of our own making: they must pass
// through Key unchanged. Two jobs of a queue may share an ID as long as their due
// times differ; enqueued or rescheduled to the same time they become one.
type Job struct {
	Queue string
	ID    string
	// Due is when the job may be leased, to the millisecond, rounded up. In a
	// leased job it is when the lease ends.
	Due time.Time
	// Try counts the leases so far: 1 when the job is leased for the first time.
	Try     int
	Payload json.RawMessage
}

// jobValue is a job's record; all else stands in its key.
type jobValue struct {
	Try     int             `json:"try"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// JobKey is the key of a job.
func JobKey(queue string, due time.Time, id string) string {
	return Key(keyspaceJob, queue, dueText(due), id)
}

func dueText(due time.Time) string { return sortTime(dueTime(due)) }

// dueTime is a time as a job's key holds it: in whole milliseconds, rounded up, so
// that no job is leased before its time.
func dueTime(t time.Time) time.Time {
	return t.Add(time.Millisecond - 1).UTC().Truncate(time.Millisecond)
}

func (j Job) key() string { return JobKey(j.Queue, j.Due, j.ID) }

func (j Job) validate() error {
	for _, part := range []string{j.Queue, j.ID} {
		if part == "" || escape(part) != part {
			return fmt.Errorf("%w: queue %q or ID %q of a job", ErrInvalid, j.Queue, j.ID)
		}
	}
	if len(dueText(j.Due)) != len(sortLayout) { // a year that is not of four digits
		return fmt.Errorf("%w: due time %v of job %q", ErrInvalid, j.Due, j.ID)
	}
	return nil
}

func (j Job) encode() ([]byte, error) {
	value, err := json.Marshal(jobValue{Try: j.Try, Payload: j.Payload})
	if err != nil {
		return nil, fmt.Errorf("%w: payload of job %q: %w", ErrInvalid, j.ID, err)
	}
	return value, nil
}

// decodeJob reads a job's record. A value that is none of ours becomes the
// payload of a first try: its worker will find it unreadable, give up and show
// it, where an error here would block the queue for good.
func decodeJob(r Record) (Job, error) {
	parts := strings.Split(r.Key, "/")
	if len(parts) != 4 || parts[0] != keyspaceJob {
		return Job{}, fmt.Errorf("key %q is no job's", r.Key)
	}
	due, err := time.Parse(sortLayout, parts[2])
	if err != nil {
		return Job{}, fmt.Errorf("key %q is no job's: %w", r.Key, err)
	}
	job := Job{Queue: parts[1], ID: parts[3], Due: due}
	var value jobValue
	if err := json.Unmarshal(r.Value, &value); err != nil {
		job.Payload, _ = json.Marshal(string(r.Value))
		return job, nil
	}
	job.Try, job.Payload = value.Try, value.Payload
	return job, nil
}

// Enqueue adds a job. A job of the same queue, due time and ID is replaced, so
// that a repeated Enqueue does not double it.
func (tx *Tx) Enqueue(j Job) {
	if err := j.validate(); err != nil {
		tx.fail(err)
		return
	}
	value, err := j.encode()
	if err != nil {
		tx.fail(err)
		return
	}
	tx.PutBlind(j.key(), value)
}

// EnqueueOnce adds a job unless there is one of the same queue, due time and ID,
// which then stays as it is.
func (tx *Tx) EnqueueOnce(j Job) error {
	records, err := tx.Get(j.key())
	if err != nil || records[0].Exists() {
		return err
	}
	tx.Enqueue(j)
	return nil
}

// Settle removes a leased job: its work is done, in the same commit. It returns
// ErrLost if the lease was lost; so it does after a commit that was reported as
// failed and yet had taken place.
func (tx *Tx) Settle(j Job) error {
	if err := tx.holds(j); err != nil {
		return err
	}
	tx.Delete(j.key())
	return nil
}

// Reschedule moves a leased job to another due time and keeps its Try and its
// Payload as given. It returns ErrLost as Settle does.
func (tx *Tx) Reschedule(j Job, due time.Time) error {
	if err := tx.Settle(j); err != nil {
		return err
	}
	j.Due = due
	tx.Enqueue(j)
	return nil
}

// holds makes sure that the job's record is still the one that was leased. Each
// lease moves the job to a later due time and counts up Try, so that key and Try
// together name one lease.
func (tx *Tx) holds(j Job) error {
	records, err := tx.Get(j.key())
	if err != nil {
		return err
	}
	if !records[0].Exists() {
		return ErrLost
	}
	current, err := decodeJob(records[0])
	if err != nil || current.Try != j.Try {
		return ErrLost
	}
	return nil
}

// Lease takes up to n jobs of the queue that are due at now, the longest due
// first, and moves them to now+ttl with Try counted up, in one atomic batch. No
// two callers get the same lease; a job that is not settled within ttl comes
// again, so that nothing is lost with a worker.
//
// After an error jobs may be leased to nobody; they too come again after ttl.
func (s *Store) Lease(ctx context.Context, queue string, now time.Time, ttl time.Duration, n int) ([]Job, error) {
	if ttl < time.Millisecond {
		return nil, fmt.Errorf("%w: lease of %v", ErrInvalid, ttl)
	}
	if err := s.ensureReady(ctx); err != nil {
		return nil, err
	}
	from := Prefix(keyspaceJob, queue)
	to := Prefix(keyspaceJob, queue) + sortTime(now.Add(time.Millisecond))
	until := now.Add(ttl)
	var leased []Job
	err := s.retry(ctx, func() error {
		due, err := s.backend.Scan(ctx, from, to, n)
		if err != nil {
			return err
		}
		var batch Batch
		leased, batch, err = lease(due, until)
		if err != nil || len(leased) == 0 {
			return err
		}
		until = until.Add(time.Millisecond) // for another try: the conflict may be over the new keys
		return s.apply(ctx, batch)
	})
	if err != nil {
		return nil, fmt.Errorf("leasing jobs of %s: %w", queue, err)
	}
	return leased, nil
}

// lease makes the batch that moves the jobs to the end of their lease. Where two share
// an ID, the second goes a millisecond further; the new keys must be free, lest the
// job of an earlier lease be overwritten.
func lease(due []Record, until time.Time) ([]Job, Batch, error) {
	var jobs []Job
	var b Batch
	taken := map[string]bool{}
	for _, r := range due {
		job, err := decodeJob(r)
		if err != nil {
			return nil, Batch{}, err
		}
		job.Try++
		job.Due = dueTime(until)
		for taken[job.key()] {
			job.Due = job.Due.Add(time.Millisecond)
		}
		taken[job.key()] = true
		value, err := job.encode()
		if err != nil {
			return nil, Batch{}, err
		}
		jobs = append(jobs, job)
		b.Check = append(b.Check, Check{Key: r.Key, Rev: r.Rev}, Check{Key: job.key()})
		b.Delete = append(b.Delete, r.Key)
		b.Put = append(b.Put, Record{Key: job.key(), Value: value})
	}
	return jobs, b, nil
}

// NextDue is the due time of the queue's first job, leased ones included; false
// if the queue is empty.
func (s *Store) NextDue(ctx context.Context, queue string) (time.Time, bool, error) {
	prefix := Prefix(keyspaceJob, queue)
	first, err := s.Scan(ctx, prefix, PrefixEnd(prefix), 1)
	if err != nil || len(first) == 0 {
		return time.Time{}, false, err
	}
	job, err := decodeJob(first[0])
	return job.Due, err == nil, err
}
