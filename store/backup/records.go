package backup

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"aismarttalk.tech/supportd/store"
)

// line is a record as store.jsonl has it. Values are JSON or words and so are
// readable there; one that is not UTF-8 goes as base64.
type line struct {
	Key    string  `json:"key"`
	Text   *string `json:"text,omitempty"`
	Binary []byte  `json:"binary,omitempty"`
}

func lineOf(r store.Record) line {
	if utf8.Valid(r.Value) {
		text := string(r.Value)
		return line{Key: r.Key, Text: &text}
	}
	return line{Key: r.Key, Binary: r.Value}
}

func (l line) value() []byte {
	if l.Text != nil {
		return []byte(*l.Text)
	}
	return l.Binary
}

// copyTries bounds how often a store is copied that cannot show one moment.
const copyTries = 4

// copied is what writeRecords found.
type copied struct {
	records   int
	digest    string // of keys and values
	oneMoment bool
}

// writeRecords writes all records to a file. A store that cannot show one moment
// is read again until two readings give the same revisions: then nothing was written
// between them. On a store that is never quiet the last reading stands.
func writeRecords(ctx context.Context, b store.Backend, f *spool) (copied, error) {
	_, snapshots := b.(store.Snapshotter)
	before := ""
	var c copied
	for try := 1; ; try++ {
		if err := f.reset(); err != nil {
			return copied{}, err
		}
		out := json.NewEncoder(f)
		out.SetEscapeHTML(false)
		values, revisions := store.NewDigest(), store.NewDigest()
		err := store.Export(ctx, b, func(r store.Record) error {
			values.Add(r.Key, r.Value)
			revisions.Add(r.Key, fmt.Append(nil, r.Rev))
			return out.Encode(lineOf(r))
		})
		if err != nil {
			return copied{}, fmt.Errorf("copying the records: %w", err)
		}
		c = copied{records: values.Count, digest: values.Sum(), oneMoment: snapshots || revisions.Sum() == before}
		if c.oneMoment || try == copyTries {
			return c, f.flush()
		}
		before = revisions.Sum()
	}
}

// Batches in which records are written back.
const (
	batchRecords = 500
	batchBytes   = 4 << 20
)

// readRecords hands the records to put, batch by batch.
func readRecords(r io.Reader, put func([]store.Record) error) error {
	var batch []store.Record
	size := 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := put(batch)
		batch, size = nil, 0
		return err
	}
	in := json.NewDecoder(bufio.NewReaderSize(r, 1<<20))
	for {
		var l line
		err := in.Decode(&l)
		if errors.Is(err, io.EOF) {
			return flush()
		}
		if err != nil {
			return fmt.Errorf("%w: reading a record: %w", ErrIncomplete, err)
		}
		value := l.value()
		batch = append(batch, store.Record{Key: l.Key, Value: value})
		if size += len(l.Key) + len(value); size >= batchBytes || len(batch) == batchRecords {
			if err := flush(); err != nil {
				return err
			}
		}
	}
}

// putRecords writes the records into an empty backend, and reads them all back.
func putRecords(ctx context.Context, b store.Backend, r io.Reader, m Manifest) error {
	err := readRecords(r, func(batch []store.Record) error { return b.Apply(ctx, store.Batch{Put: batch}) })
	if err != nil {
		return fmt.Errorf("writing the records: %w", err)
	}
	there := store.NewDigest()
	err = store.Export(ctx, b, func(r store.Record) error {
		there.Add(r.Key, r.Value)
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading back the records: %w", err)
	}
	if there.Count != m.Records || there.Sum() != m.RecordsSHA256 {
		return fmt.Errorf("the store now holds %d records that are not the %d of the backup; does somebody else write to it?", there.Count, m.Records)
	}
	return nil
}
