package backup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"aismarttalk.tech/supportd/store"
)

// maxManifest bounds what is read as a manifest.
const maxManifest = 1 << 20

// Verify reads a backup to its end and compares every sum and count. ErrIncomplete
// if anything differs, store.ErrNewer if a newer program wrote it.
func Verify(s Source) (Manifest, error) {
	v := verification{sums: map[string]string{}, records: store.NewDigest()}
	if err := s.each(v.member); err != nil {
		return Manifest{}, err
	}
	return v.manifest, v.compare()
}

type verification struct {
	manifest Manifest
	sums     map[string]string // of what is there
	listed   []byte            // SHA256SUMS
	records  *store.Digest
}

func (v *verification) member(name string, r io.Reader) error {
	sum := sha256.New()
	r = io.TeeReader(r, sum)
	switch name {
	case manifestName:
		text, err := io.ReadAll(io.LimitReader(r, maxManifest))
		if err != nil {
			return fmt.Errorf("%w: reading the manifest: %w", ErrIncomplete, err)
		}
		if err := json.Unmarshal(text, &v.manifest); err != nil {
			return fmt.Errorf("%w: reading the manifest: %w", ErrIncomplete, err)
		}
		return nil
	case sumsName:
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			return fmt.Errorf("%w: reading %s: %w", ErrIncomplete, name, err)
		}
		v.listed = b.Bytes()
		return nil
	case recordsName:
		err := readRecords(r, func(batch []store.Record) error {
			for _, one := range batch {
				v.records.Add(one.Key, one.Value)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return fmt.Errorf("%w: reading %s: %w", ErrIncomplete, name, err)
	}
	v.sums[name] = hex.EncodeToString(sum.Sum(nil))
	return nil
}

func (v *verification) compare() error {
	if err := v.manifest.check(); err != nil {
		return err
	}
	listed := sha256.Sum256(v.listed)
	if hex.EncodeToString(listed[:]) != v.manifest.SumsSHA256 {
		return fmt.Errorf("%w: %s is not what the manifest says", ErrIncomplete, sumsName)
	}
	lines := bufio.NewScanner(bytes.NewReader(v.listed))
	n := 0
	for lines.Scan() {
		sum, name, _ := strings.Cut(lines.Text(), "  ")
		if v.sums[name] != sum {
			return fmt.Errorf("%w: %s is missing or changed", ErrIncomplete, name)
		}
		n++
	}
	switch {
	case n != v.manifest.Files || n != len(v.sums):
		return fmt.Errorf("%w: %d files, the manifest says %d", ErrIncomplete, len(v.sums), v.manifest.Files)
	case v.records.Count != v.manifest.Records || v.records.Sum() != v.manifest.RecordsSHA256:
		return fmt.Errorf("%w: %d records, the manifest says %d, or others", ErrIncomplete, v.records.Count, v.manifest.Records)
	}
	return nil
}
