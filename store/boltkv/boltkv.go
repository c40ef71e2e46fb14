// Package boltkv is the store backend for one machine: a single file, no other
// service.
//
// It stands on floor 1, below store. Its one rule: one goroutine writes. It puts
// all batches that wait into one commit of the file, so that many writers share
// one fdatasync; Apply returns after it.
package boltkv

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"aismarttalk.tech/supportd/store"
)

// ErrLocked is returned by Open when another process holds the file.
var ErrLocked = errors.New("another supportd is running")

// Config says where the records are.
type Config struct {
	Path string // of the file; its folder exists
	// LockWait is how long Open waits for another process to let go of the file;
	// 0 means one second.
	LockWait time.Duration
}

// Validate reports what is wrong with the configuration.
func (c Config) Validate() error {
	if c.Path == "" {
		return errors.New("boltkv: no path of the file")
	}
	if c.LockWait < 0 {
		return fmt.Errorf("boltkv: lock wait is %v, must not be negative", c.LockWait)
	}
	return nil
}

// Backend is an open file of records.
type Backend struct {
	path    string
	db      atomic.Pointer[bbolt.DB] // another after Compact
	waiting chan *request            // unbuffered: a batch that waits is one whose caller still may leave
	compact chan chan error
	closing chan struct{}
	closed  func() error
}

var (
	_ store.Backend     = (*Backend)(nil)
	_ store.Snapshotter = (*Backend)(nil)
)

// Open opens the file, or makes it with mode 0600. It returns ErrLocked if another
// process has it open.
func Open(c Config) (*Backend, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if c.LockWait == 0 {
		c.LockWait = time.Second
	}
	db, err := openFile(c)
	if err != nil {
		return nil, err
	}
	b := &Backend{path: c.Path, waiting: make(chan *request), compact: make(chan chan error), closing: make(chan struct{})}
	b.db.Store(db)
	stopped := make(chan struct{})
	b.closed = sync.OnceValue(func() error {
		close(b.closing)
		<-stopped
		return b.db.Load().Close()
	})
	go func() {
		defer close(stopped)
		b.commitAll()
	}()
	return b, nil
}

func openFile(c Config) (*bbolt.DB, error) {
	_, statErr := os.Stat(c.Path)
	db, err := bbolt.Open(c.Path, 0o600, &bbolt.Options{
		Timeout:      c.LockWait,
		FreelistType: bbolt.FreelistMapType, // the other kind slows down as the file grows
	})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("opening %s: %w and holds it", c.Path, ErrLocked)
	}
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", c.Path, err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(bucketName())
		return err
	})
	if err == nil && errors.Is(statErr, os.ErrNotExist) {
		err = syncFolder(filepath.Dir(c.Path)) // else a power failure may take the new file's name
	}
	if err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("preparing %s: %w", c.Path, err)
	}
	return db, nil
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

func bucketName() []byte { return []byte("records") }

// Get returns the records of the keys.
func (b *Backend) Get(ctx context.Context, keys ...string) ([]store.Record, error) {
	for _, key := range keys {
		if err := store.CheckKey(key); err != nil {
			return nil, err
		}
	}
	records := make([]store.Record, len(keys))
	err := b.view(ctx, func(bucket *bbolt.Bucket) {
		for i, key := range keys {
			records[i] = decode(key, bucket.Get([]byte(key)))
		}
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// Scan returns the first records of a range.
func (b *Backend) Scan(ctx context.Context, from, to string, limit int) ([]store.Record, error) {
	if err := store.CheckRange(from, to, limit); err != nil {
		return nil, err
	}
	var records []store.Record
	err := b.view(ctx, func(bucket *bbolt.Bucket) {
		cursor := bucket.Cursor()
		for k, v := cursor.Seek([]byte(from)); k != nil && string(k) < to && len(records) < limit; k, v = cursor.Next() {
			records = append(records, decode(string(k), v))
		}
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

func (b *Backend) view(ctx context.Context, read func(*bbolt.Bucket)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for {
		db := b.db.Load()
		err := db.View(func(tx *bbolt.Tx) error {
			read(tx.Bucket(bucketName()))
			return nil
		})
		if !errors.Is(err, bolterrors.ErrDatabaseNotOpen) {
			return err
		}
		if b.db.Load() == db { // else Compact has put another in its place
			return store.ErrClosed
		}
	}
}

// Snapshot hands all records of one moment to visit. The file grows a little while
// it lasts, since nothing that it may show is overwritten.
func (b *Backend) Snapshot(ctx context.Context, visit func(store.Record) error) error {
	var failed error
	err := b.view(ctx, func(bucket *bbolt.Bucket) {
		cursor := bucket.Cursor()
		for k, v := cursor.First(); k != nil && failed == nil; k, v = cursor.Next() {
			if failed = ctx.Err(); failed == nil {
				failed = visit(decode(string(k), v))
			}
		}
	})
	return errors.Join(err, failed)
}

// Close waits for the commit in progress, refuses the batches that wait with
// ErrClosed, and lets go of the file.
func (b *Backend) Close() error { return b.closed() }

// A stored value is the record's revision, eight bytes, big-endian, and its value.
const revSize = 8

func encode(rev uint64, value []byte) []byte {
	stored := make([]byte, 0, revSize+len(value))
	return append(binary.BigEndian.AppendUint64(stored, rev), value...)
}

// decode copies what belongs to bolt only during its transaction.
func decode(key string, stored []byte) store.Record {
	if len(stored) < revSize {
		return store.Record{Key: key}
	}
	return store.Record{
		Key:   key,
		Value: append([]byte{}, stored[revSize:]...),
		Rev:   binary.BigEndian.Uint64(stored),
	}
}
