package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

const (
	segmentSuffix = ".seg"
	marksSuffix   = ".done"
	largeSuffix   = ".eml"
)

// layout knows where in the journal's folder each thing stands.
type layout string

func (l layout) lock() string           { return filepath.Join(string(l), "lock") }
func (l layout) segment(name ID) string { return filepath.Join(string(l), string(name)+segmentSuffix) }
func (l layout) marks(segment ID) string {
	return filepath.Join(string(l), string(segment)+marksSuffix)
}
func (l layout) largeDir() string           { return filepath.Join(string(l), "large") }
func (l layout) large(mail ID) string       { return filepath.Join(l.largeDir(), string(mail)+largeSuffix) }
func (l layout) tempDir() string            { return filepath.Join(string(l), "tmp") }
func (l layout) temp(name ID) string        { return filepath.Join(l.tempDir(), string(name)) }
func (l layout) corruptDir() string         { return filepath.Join(string(l), "corrupt") }
func (l layout) corrupt(what string) string { return filepath.Join(l.corruptDir(), what) }

// make creates the folders that are absent.
func (l layout) make(d disk) error {
	for _, dir := range []string{string(l), l.largeDir(), l.tempDir(), l.corruptDir()} {
		if err := makeDir(d, dir); err != nil {
			return fmt.Errorf("making the journal's folder: %w", err)
		}
	}
	return nil
}

// makeDir makes the folder and those above it, and makes them durable.
func makeDir(d disk, dir string) error {
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeDir(d, filepath.Dir(dir)); err != nil {
			return err
		}
		err = os.Mkdir(dir, 0o700)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.SyncDir(filepath.Dir(dir))
}

// ids lists the plain files of dir that are named by an ID and the suffix, in
// order, and apart the names of all else.
func ids(dir, suffix string) (named []ID, strays []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		base, ok := strings.CutSuffix(e.Name(), suffix)
		id, idErr := ParseID(base)
		if ok && idErr == nil && e.Type().IsRegular() {
			named = append(named, id)
		} else {
			strays = append(strays, e.Name())
		}
	}
	return named, strays, nil
}

// home returns the index of the segment that holds the mail, if any does:
// the last one minted before it. -1 if the mail is older than all.
func home(segments []ID, mail ID) int {
	return sort.Search(len(segments), func(i int) bool {
		return segments[i].stamp() > mail.stamp()
	}) - 1
}
