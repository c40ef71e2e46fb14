package backup

import (
	"errors"
	"fmt"
	"time"

	"aismarttalk.tech/supportd/store"
)

// Format is the version of what is described in this package, and the newest that
// is read.
const Format = 1

// Members of a backup.
const (
	recordsName  = "store.jsonl"
	sumsName     = "SHA256SUMS"
	manifestName = "manifest.json"
)

// Manifest says what is in a backup.
type Manifest struct {
	Format  int       `json:"format"`
	Schema  int       `json:"schema"`  // version of the records
	Program string    `json:"program"` // version of the supportd that wrote it
	Began   time.Time `json:"began"`   // when the copy of the store was begun
	Ended   time.Time `json:"ended"`
	Records int       `json:"records"`
	// RecordsSHA256 is the store.Digest of keys and values.
	RecordsSHA256 string `json:"records_sha256"`
	// OneMoment: all records are as they were at one moment. Otherwise the store
	// could not show one, and others wrote to it during each of several tries.
	OneMoment bool `json:"one_moment"`
	// Elsewhere tells of what is kept outside the data folder and so is not here.
	Elsewhere  []string `json:"elsewhere,omitempty"`
	Files      int      `json:"files"` // beside SHA256SUMS and the manifest
	Bytes      int64    `json:"bytes"` // of these files
	SumsSHA256 string   `json:"sums_sha256"`
}

var (
	// ErrIncomplete is returned for what is no whole backup: cut off, damaged or
	// something else.
	ErrIncomplete = errors.New("backup: not whole")
	// ErrOccupied is returned by Restore where something is kept already.
	ErrOccupied = errors.New("backup: there is something already")
)

// check refuses what a newer program wrote.
func (m Manifest) check() error {
	switch {
	case m.Format < 1:
		return fmt.Errorf("%w: its manifest cannot be read", ErrIncomplete)
	case m.Format > Format:
		return fmt.Errorf("%w: the backup has format %d, this supportd knows %d at most", store.ErrNewer, m.Format, Format)
	case m.Schema > store.SchemaVersion:
		return fmt.Errorf("%w: the backup has schema version %d, this supportd knows %d at most", store.ErrNewer, m.Schema, store.SchemaVersion)
	}
	return nil
}
