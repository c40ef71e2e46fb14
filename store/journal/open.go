package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Open takes the journal for this process, repairs what a crash or the disk
// left, and makes every mail pending that is not done. ErrLocked if another
// process holds it, ErrFormat if a newer version wrote it. Damaged, empty and
// stray files don't keep it from opening.
func Open(cfg Config, deps Deps) (_ *Journal, err error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	j := newJournal(cfg.withDefaults(), deps.withDefaults())
	if err := j.layout.make(j.deps.disk); err != nil {
		return nil, err
	}
	if j.lock, err = lock(j.layout.lock()); err != nil {
		return nil, err
	}
	if err := j.recover(); err != nil {
		j.lock.Close()
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	j.writer = startWriter(j)
	return j, nil
}

// recover reads the folder. Nobody else has j yet.
func (j *Journal) recover() error {
	names, strays, err := ids(j.cfg.Dir, segmentSuffix)
	if err != nil {
		return err
	}
	if err := j.layout.checkFormat(names); err != nil {
		return err
	}
	if err := j.sweepTemp(); err != nil {
		return err
	}
	j.sweepStrays(names, strays)
	large, _, err := ids(j.layout.largeDir(), largeSuffix)
	if err != nil {
		return err
	}
	set, err := os.ReadDir(j.layout.corruptDir())
	if err != nil {
		return err
	}
	j.damaged = len(set)

	files := make([][]ID, len(names)) // large mails by the segment that should name them
	for _, id := range large {
		if i := home(names, id); i >= 0 {
			files[i] = append(files[i], id)
		} else {
			j.setAsideFile(id)
		}
	}
	for i, name := range names {
		s, err := j.load(name, files[i])
		if err != nil {
			return fmt.Errorf("segment %s: %w", name, err)
		}
		if s != nil {
			j.segments = append(j.segments, s)
			j.mint.seen(s.last)
		}
	}
	return nil
}

// checkFormat looks at every segment before any is touched.
func (l layout) checkFormat(names []ID) error {
	for _, name := range names {
		f, err := os.Open(l.segment(name))
		if err != nil {
			return err
		}
		first := make([]byte, 64)
		n, _ := f.Read(first)
		f.Close()
		if newerFormat(first[:n]) {
			return fmt.Errorf("%w: segment %s", ErrFormat, name)
		}
	}
	return nil
}

// sweepTemp removes large mails that never arrived whole.
func (j *Journal) sweepTemp() error {
	entries, err := os.ReadDir(j.layout.tempDir())
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := j.deps.disk.Remove(filepath.Join(j.layout.tempDir(), e.Name())); err != nil {
			j.log.Warn().Err(err).Msg("sweeping the journal's temporary files")
		}
	}
	return nil
}

// sweepStrays removes marks that a sweep left without their segment and reports
// what else has no place here.
func (j *Journal) sweepStrays(segments []ID, strays []string) {
	ours := []string{"lock", "large", "tmp", "corrupt"}
	for _, name := range strays {
		base, isMarks := strings.CutSuffix(name, marksSuffix)
		id, err := ParseID(base)
		switch {
		case slices.Contains(ours, name):
		case isMarks && err == nil && slices.Contains(segments, id):
		case isMarks && err == nil:
			if err := j.deps.disk.Remove(j.layout.marks(id)); err != nil {
				j.log.Warn().Err(err).Str("file", name).Msg("removing marks without segment")
			}
		default:
			j.log.Warn().Str("file", name).Msg("stray file in the journal's folder, left alone")
		}
	}
}

// load takes up a segment of an earlier run. Without any mail in it the segment
// is removed, and load returns nil.
func (j *Journal) load(name ID, files []ID) (*segment, error) {
	m, err := readMarks(j.layout.marks(name), j.deps.Boot)
	if err != nil {
		j.log.Error().Err(err).Str("segment", string(name)).Msg("its mails will be filed again")
	}
	s := j.newSegment(name)
	s.sealed = true
	s.marks.size, s.marks.unkept = m.size, len(m.unkept) > 0
	for _, id := range files {
		if info, err := os.Stat(j.layout.large(id)); err == nil {
			s.large += info.Size()
		}
	}
	if m.all != nil {
		return s, j.loadSettled(s, *m.all)
	}
	return j.loadOpen(s, m, files)
}

// loadSettled does not read the segment: all in it is done.
func (j *Journal) loadSettled(s *segment, all allDone) error {
	info, err := os.Stat(j.layout.segment(s.name))
	if err != nil {
		return err
	}
	s.size, s.count, s.last, s.settled = info.Size(), all.count, all.last, true
	return nil
}

func (j *Journal) loadOpen(s *segment, m marks, files []ID) (*segment, error) {
	f, err := os.Open(j.layout.segment(s.name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	var entries []*entry
	orphans := make(map[ID]bool, len(files))
	for _, id := range files {
		orphans[id] = true
	}
	found, err := scan(f, info.Size(), s.name, func(rec record) bool {
		s.count++
		s.last = max(s.last, rec.id)
		delete(orphans, rec.id)
		if !m.done[rec.id] {
			e := &entry{record: rec, seg: s}
			if p, ok := m.parked[rec.id]; ok {
				e.parked = &p
			}
			entries = append(entries, e)
		}
		return true
	})
	s.size = found.end
	if err != nil {
		j.log.Error().Err(err).Str("segment", string(s.name)).Int64("offset", found.end).Msg("journal segment can't be read further")
		s.suspect = true
		j.adopt(entries)
		return s, nil
	}
	for id := range orphans {
		j.setAsideFile(id)
	}
	if !j.repair(s, f, info.Size(), found) {
		s.suspect = true
	}
	if s.count == 0 && !s.suspect {
		return nil, errors.Join(
			j.deps.disk.Remove(j.layout.segment(s.name)),
			j.deps.disk.Remove(j.layout.marks(s.name)))
	}
	j.adopt(entries)
	return s, nil
}

// repair sets aside what is damaged and cuts off what a crash left behind the
// last record. It reports whether every damaged byte is now in corrupt/.
func (j *Journal) repair(s *segment, f *os.File, size int64, found survey) bool {
	for _, d := range found.damaged {
		if !j.setAside(f, s.name, d, "damaged records in the journal, the mails after them proceed") {
			return false
		}
	}
	if found.tail.to > found.tail.from &&
		!j.setAside(f, s.name, found.tail, "torn end of a journal segment cut off") {
		return false
	}
	if size > found.end {
		if err := j.deps.disk.Truncate(j.layout.segment(s.name), found.end); err != nil {
			j.log.Warn().Err(err).Str("segment", string(s.name)).Msg("cutting off the end of a segment")
		}
	}
	return true
}

// exists reports whether there is such a file.
func exists(name string) bool {
	_, err := os.Stat(name)
	return !errors.Is(err, fs.ErrNotExist)
}
