package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
)

// Keyspaces are all that supportd's keys stand in, in the order of the keys. What
// is missing here would be missing in backups too.
func Keyspaces() []string {
	return []string{
		keyspaceBudget, keyspaceChat, keyspaceClaim, keyspaceClue, keyspaceContact, keyspaceDelivery, keyspaceDraft, keyspaceEvent, keyspaceIndex, keyspaceJob, keyspaceMail, keyspaceNotice,
		Keyspace(turnedKey), keyspaceProof, Keyspace(schemaKey), keyspaceSession, keyspaceSignIn, keyspaceSprint, keyspaceTicket,
	}
}

// Snapshotter is a Backend that can show all its records as of one moment.
type Snapshotter interface {
	// Snapshot hands all records to visit, in key order, and ends with its error.
	// Writers are not kept waiting.
	Snapshot(ctx context.Context, visit func(Record) error) error
}

// Export hands all records of a backend to visit, in key order. Where the backend
// is a Snapshotter they are of one moment; otherwise each page is, and another
// Export that gives the same digest of revisions proves that all were.
func Export(ctx context.Context, b Backend, visit func(Record) error) error {
	if s, ok := b.(Snapshotter); ok {
		return s.Snapshot(ctx, visit)
	}
	for _, space := range Keyspaces() {
		from, to := space+"/", PrefixEnd(space+"/")
		for {
			records, err := b.Scan(ctx, from, to, pageSize)
			if err != nil {
				return fmt.Errorf("exporting %s: %w", space, err)
			}
			for _, r := range records {
				if err := visit(r); err != nil {
					return err
				}
			}
			if len(records) < pageSize {
				break
			}
			from = behind(records[len(records)-1].Key)
		}
	}
	return nil
}

// Empty reports whether a backend holds no records but, at most, the schema
// version.
func Empty(ctx context.Context, b Backend) (bool, error) {
	for _, space := range Keyspaces() {
		if space == Keyspace(schemaKey) {
			continue
		}
		records, err := b.Scan(ctx, space+"/", PrefixEnd(space+"/"), 1)
		if err != nil || len(records) > 0 {
			return false, err
		}
	}
	return true, nil
}

// Clear deletes all records of a backend, the schema version last, so that a clearing
// which was interrupted leaves no store that looks new.
func Clear(ctx context.Context, b Backend) error {
	spaces := append(Keyspaces(), Keyspace(schemaKey))
	for i, space := range spaces {
		for i == len(spaces)-1 || space != Keyspace(schemaKey) {
			records, err := b.Scan(ctx, space+"/", PrefixEnd(space+"/"), pageSize)
			if err != nil {
				return fmt.Errorf("clearing %s: %w", space, err)
			}
			if len(records) == 0 {
				break
			}
			var batch Batch
			for _, r := range records {
				batch.Delete = append(batch.Delete, r.Key)
			}
			if err := b.Apply(ctx, batch); err != nil {
				return fmt.Errorf("clearing %s: %w", space, err)
			}
		}
	}
	return nil
}

// Digest sums up records in the order in which they are added. Two stores whose
// digests are equal hold the same records.
type Digest struct {
	hash  hash.Hash
	Count int
}

// NewDigest is the digest of no records.
func NewDigest() *Digest { return &Digest{hash: sha256.New()} }

// Add adds a key and what stands for its value. Lengths go first, so that no two
// lists of records read alike.
func (d *Digest) Add(key string, value []byte) {
	var lengths [16]byte
	binary.BigEndian.PutUint64(lengths[:8], uint64(len(key)))
	binary.BigEndian.PutUint64(lengths[8:], uint64(len(value)))
	d.hash.Write(lengths[:])
	d.hash.Write([]byte(key))
	d.hash.Write(value)
	d.Count++
}

// Sum is the SHA-256 so far, in hexadecimal.
func (d *Digest) Sum() string { return hex.EncodeToString(d.hash.Sum(nil)) }
