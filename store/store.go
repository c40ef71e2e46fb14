package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync/atomic"
	"time"
)

// SchemaVersion is the version of the data that this program writes, and the
// newest that it reads.
const SchemaVersion = 1

// Config tunes a Store. The zero value is good.
type Config struct {
	// Tries is how often Update and Lease run before they give up with
	// ErrConflict; 0 means 64.
	Tries int
	// Wait pauses before try+1, try counting from 1, and returns the context's
	// error if that ends first; nil means Backoff(1 ms, 50 ms).
	Wait func(ctx context.Context, try int) error
	// Keys are those that all is written with; none are checked where they are nil.
	Keys Keys
}

// Validate reports what is wrong with the configuration.
func (c Config) Validate() error {
	if c.Tries < 0 {
		return fmt.Errorf("store: tries is %d, must not be negative", c.Tries)
	}
	return nil
}

// Backoff returns a Config.Wait that pauses for a random part of a time that
// starts at first and doubles with each try up to longest. The function chance
// returns numbers in [0, 1) and is called by many goroutines.
func Backoff(first, longest time.Duration, chance func() float64) func(context.Context, int) error {
	return func(ctx context.Context, try int) error {
		ceiling := longest
		if shift := try - 1; shift < 32 && first<<shift < longest {
			ceiling = first << shift
		}
		timer := time.NewTimer(time.Duration(chance() * float64(ceiling)))
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Store runs transactions and the job queue on a backend. It is safe for
// concurrent use.
type Store struct {
	backend Backend
	config  Config
	ready   atomic.Bool // the schema version was seen and is ours
	doubted atomic.Bool // the last commit failed, and not for a conflict
	keys    atomic.Pointer[Keys]

	commits, conflicts atomic.Uint64
}

// Stats counts since New: batches written, and batches refused for a conflict
// (and then tried again).
type Stats struct{ Commits, Conflicts uint64 }

// New wires a Store. It does not touch the backend, which may be down: the
// schema version is checked before the first use, or by Ready. The caller keeps
// the backend and closes it after the Store's last use.
func New(b Backend, c Config) (*Store, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if c.Tries == 0 {
		c.Tries = 64
	}
	if c.Wait == nil {
		c.Wait = Backoff(time.Millisecond, 50*time.Millisecond, rand.Float64)
	}
	s := &Store{backend: b, config: c}
	s.keys.Store(&c.Keys)
	return s, nil
}

// ErrEmptied says that the records were there before and are not now.
var ErrEmptied = errors.New("the store has lost its records while in use; look whether others write to it, " +
	"then restore a backup, or have the mails filed again with: supportd replay")

// Ready checks that the backend answers and that its data is not newer than this
// program (ErrNewer) nor written with other keys (ErrOtherKeys); in an empty store it
// sets the schema version, unless this Store has seen one before (ErrEmptied). Every other method does so itself until
// it has succeeded once. A backend can read where it cannot write, for want of
// space or as a replica, so after a commit that failed Ready tries one of its own.
func (s *Store) Ready(ctx context.Context) error {
	seen := s.ready.Load()
	records, err := s.backend.Get(ctx, schemaKey)
	if err != nil {
		return fmt.Errorf("reading the schema version: %w", err)
	}
	if !records[0].Exists() && seen {
		return ErrEmptied
	}
	if !records[0].Exists() {
		err := s.backend.Apply(ctx, Batch{
			Check: []Check{{Key: schemaKey}},
			Put:   []Record{{Key: schemaKey, Value: strconv.AppendInt(nil, SchemaVersion, 10)}},
		})
		if errors.Is(err, ErrConflict) { // another node was first: see what it wrote
			return s.Ready(ctx)
		}
		if err != nil {
			return fmt.Errorf("setting the schema version: %w", err)
		}
		return s.begin(ctx)
	}
	version, err := strconv.Atoi(string(records[0].Value))
	if err != nil {
		return fmt.Errorf("schema version %.40q is no number: this is not supportd's data", records[0].Value)
	}
	if version > SchemaVersion {
		return fmt.Errorf("%w: its schema version is %d, this supportd knows %d at most; run the newer supportd again, or restore a backup made before the upgrade",
			ErrNewer, version, SchemaVersion)
	}
	if !seen {
		return s.begin(ctx)
	}
	if s.doubted.Load() {
		return s.tryToWrite(ctx, records[0])
	}
	return nil
}

// begin takes a store into use whose schema is known, if its keys are ours.
func (s *Store) begin(ctx context.Context) error {
	if err := s.admit(ctx, *s.keys.Load()); err != nil {
		return fmt.Errorf("looking at the fingerprints of the keys: %w", err)
	}
	s.ready.Store(true)
	return nil
}

// tryToWrite writes what it read. A conflict will do: another node has written.
func (s *Store) tryToWrite(ctx context.Context, r Record) error {
	err := s.apply(ctx, Batch{Check: []Check{{Key: r.Key, Rev: r.Rev}}, Put: []Record{r}})
	if errors.Is(err, ErrConflict) {
		s.doubted.Store(false)
		return nil
	}
	return err
}

// Refound takes an emptied store into use again as a new one, for an operator who
// knows of the loss: Ready no longer returns ErrEmptied. It leaves any other store
// as it is.
func (s *Store) Refound(ctx context.Context) error {
	err := s.Ready(ctx)
	if !errors.Is(err, ErrEmptied) {
		return err
	}
	s.ready.Store(false)
	return s.Ready(ctx)
}

func (s *Store) ensureReady(ctx context.Context) error {
	if s.ready.Load() {
		return nil
	}
	return s.Ready(ctx)
}

// Stats returns the counts since New.
func (s *Store) Stats() Stats {
	return Stats{Commits: s.commits.Load(), Conflicts: s.conflicts.Load()}
}

// Get reads records outside a transaction, all at one moment.
func (s *Store) Get(ctx context.Context, keys ...string) ([]Record, error) {
	if err := s.ensureReady(ctx); err != nil {
		return nil, err
	}
	records, err := s.backend.Get(ctx, keys...)
	if err != nil {
		return nil, fmt.Errorf("reading records: %w", err)
	}
	return records, nil
}

// Scan reads a range outside a transaction; see Backend.Scan.
func (s *Store) Scan(ctx context.Context, from, to string, limit int) ([]Record, error) {
	if err := s.ensureReady(ctx); err != nil {
		return nil, err
	}
	records, err := s.backend.Scan(ctx, from, to, limit)
	if err != nil {
		return nil, fmt.Errorf("scanning records: %w", err)
	}
	return records, nil
}

// Update runs fn and writes what it put, all or nothing, provided that what it
// read has not changed meanwhile; otherwise it runs fn again from the start. So
// fn may run many times and touches nothing but its Tx. An error of fn ends Update
// and is returned as it is; nothing is written then.
//
// An error that comes from the commit leaves open whether it was written, as
// Backend.Apply says; ErrConflict after the last try means it was not.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	if err := s.ensureReady(ctx); err != nil {
		return err
	}
	return s.run(ctx, fn)
}

// run is Update on a store that may not be ready.
func (s *Store) run(ctx context.Context, fn func(*Tx) error) error {
	return s.retry(ctx, func() error {
		tx := &Tx{ctx: ctx, backend: s.backend, seen: map[string]Record{}, writes: map[string]write{}}
		err := fn(tx)
		if err == nil {
			err = tx.err
		}
		tx.fail(errors.New("store: transaction used after its end"))
		if err != nil || len(tx.writes) == 0 {
			return err
		}
		if err := s.apply(ctx, tx.batch()); err != nil {
			return err
		}
		for _, f := range tx.after {
			f()
		}
		return nil
	})
}

// conflict is how apply tells retry that a batch met ErrConflict: an error of fn
// that happens to wrap ErrConflict must not start it again.
type conflict struct{ error }

func (c conflict) Unwrap() error { return c.error }

func (s *Store) apply(ctx context.Context, b Batch) error {
	err := s.backend.Apply(ctx, b)
	switch {
	case err == nil:
		s.commits.Add(1)
		s.doubted.Store(false)
		return nil
	case errors.Is(err, ErrConflict):
		s.conflicts.Add(1)
		return conflict{err}
	default:
		s.doubted.Store(true)
		return fmt.Errorf("committing: %w", err)
	}
}

// retry runs step until it meets no conflict.
func (s *Store) retry(ctx context.Context, step func() error) error {
	for try := 1; ; try++ {
		err := step()
		c, again := err.(conflict)
		if !again {
			return err
		}
		if try == s.config.Tries {
			return fmt.Errorf("committing: %d tries: %w", try, c.error)
		}
		if err := s.config.Wait(ctx, try); err != nil {
			return fmt.Errorf("committing: after %d conflicts: %w", try, err)
		}
	}
}
