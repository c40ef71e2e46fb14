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
	if err := j.restore(); err != nil {
		j.lock.Close()
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	j.writer = startWriter(j)
	return j, nil
}

// restore reads the folder. Nobody else has j yet.
func (j *Journal) restore() error {
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
	set, err := os.ReadDir(j.layout.corruptDir())
	if err != nil {
		return err
	}
	j.damaged = len(set)
	files, err := j.shareOut(names, j.sweptSegments(names, strays))
	if err != nil {
		return err
	}
	for _, name := range names {
		s, err := j.load(name, files[name])
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

// sweptSegments returns those of which a sweep has left the marks only, and
// reports what has no place here.
func (j *Journal) sweptSegments(names []ID, strays []string) []ID {
	var swept []ID
	for _, stray := range strays {
		base, isMarks := strings.CutSuffix(stray, marksSuffix)
		id, err := ParseID(base)
		switch {
		case slices.Contains([]string{"lock", "large", "tmp", "corrupt"}, stray):
		case isMarks && err == nil && slices.Contains(names, id):
		case isMarks && err == nil:
			swept = append(swept, id)
		default:
			j.log.Warn().Str("file", stray).Msg("stray file in the journal's folder, left alone")
		}
	}
	return swept
}

// shareOut returns the large mails of each segment. It finishes the sweep of
// those that were swept.
func (j *Journal) shareOut(names, swept []ID) (map[ID][]ID, error) {
	large, _, err := ids(j.layout.largeDir(), largeSuffix)
	if err != nil {
		return nil, err
	}
	all := slices.Sorted(slices.Values(slices.Concat(names, swept)))
	files := make(map[ID][]ID)
	for _, id := range large {
		if i := home(all, id); i >= 0 {
			files[all[i]] = append(files[all[i]], id)
		} else {
			j.setAsideFile(id)
		}
	}
	for _, name := range swept {
		m, err := readMarks(j.layout.marks(name), j.deps.Boot)
		for _, id := range files[name] {
			if err == nil && (m.all != nil || m.done[id]) {
				err = j.deps.disk.Remove(j.layout.large(id))
			} else {
				j.setAsideFile(id)
			}
		}
		if err == nil {
			err = j.deps.disk.Remove(j.layout.marks(name))
		}
		if err != nil {
			j.log.Warn().Err(err).Str("segment", string(name)).Msg("finishing the sweep of a segment")
		}
	}
	return files, nil
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
