package journal

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// sealShare of the retention is the longest that a segment is written to, so
// that no mail is kept for much longer than the retention.
const sealShare = 7

// Sweep deletes what is older than the retention: segments that are no longer
// written, with every mail in them done. Before it believes that a mail is
// done it calls archived, which must make durable what was filed since its last
// call; if that fails nothing is deleted, and what was filed since is pending
// again. nil stands for an archive that always is durable. To be called
// regularly, say every hour, and before Close: a power failure too makes mails
// pending again that were done since the last call.
func (j *Journal) Sweep(now time.Time, archived func() error) error {
	j.upkeep.Lock()
	defer j.upkeep.Unlock()
	if j.isClosed() {
		return ErrClosed
	}
	err := j.writer.sealBefore(now.Add(-j.cfg.Retention / sealShare))
	if err != nil {
		j.log.Warn().Err(err).Msg("sealing a segment") // all its mails are durable
	}
	var errs []error
	if claims := j.claims(); len(claims) > 0 {
		if archived != nil {
			if err := archived(); err != nil {
				err = fmt.Errorf("making the archive durable: %w", err)
				return fmt.Errorf("sweeping the journal: %w", errors.Join(err, j.doubt(claims)))
			}
		}
		errs = append(errs, j.confirm(claims))
	}
	errs = append(errs, j.deleteBefore(now.Add(-j.cfg.Retention)))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("sweeping the journal: %w", err)
	}
	return nil
}

// claim is what the marks of a segment said before the archive was made
// durable, and what may therefore be believed afterwards.
type claim struct {
	seg      *segment
	marks    int64    // bytes of marks
	finished *allDone // nil if the segment has mails left
}

func (j *Journal) claims() []claim {
	j.mu.Lock()
	defer j.mu.Unlock()
	var list []claim
	for _, s := range j.segments {
		if s.settled {
			continue
		}
		size, unkept := s.marks.extent()
		switch {
		case s.finished():
			list = append(list, claim{seg: s, finished: &allDone{count: s.count, last: s.last}})
		case unkept:
			list = append(list, claim{seg: s, marks: size})
		}
	}
	return list
}

// confirm writes the claims down. Where that fails, on a full disk for one, a
// finished segment may be deleted none the less: that makes room.
func (j *Journal) confirm(claims []claim) error {
	var errs []error
	for _, c := range claims {
		if c.finished == nil {
			errs = append(errs, c.seg.marks.keep(c.marks))
			continue
		}
		errs = append(errs, c.seg.marks.settle(*c.finished))
		c.seg.marks.close()
		j.mu.Lock()
		c.seg.settled = true
		j.mu.Unlock()
	}
	return errors.Join(errs...)
}

// doubt makes the mails pending again on which the claims rest. To ask the
// archive a second time would not do: a sync that failed may succeed the next
// time though the bytes are gone.
func (j *Journal) doubt(claims []claim) error {
	var errs []error
	for _, c := range claims {
		m, err := readMarks(j.layout.marks(c.seg.name), j.deps.Boot)
		if err == nil && len(m.unkept) > 0 {
			_, err = j.again(c.seg, func(id ID) bool {
				_, unkept := m.unkept[id]
				return unkept
			})
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// deleteBefore deletes settled segments whose mails are all older than limit:
// the segment first, so that a record never names a file that is gone, and the
// marks last, by which Open finishes what was interrupted.
func (j *Journal) deleteBefore(limit time.Time) error {
	old := make(map[ID]bool)
	var names []ID
	j.mu.Lock()
	for _, s := range j.segments {
		names = append(names, s.name)
		if s.settled && s.last.Time().Before(limit) {
			old[s.name] = true
		}
	}
	j.mu.Unlock()
	if len(old) == 0 {
		return nil
	}
	for name := range old {
		if err := j.deps.disk.Remove(j.layout.segment(name)); err != nil {
			return err
		}
	}
	if err := j.deps.disk.SyncDir(j.cfg.Dir); err != nil {
		return err
	}
	j.mu.Lock()
	j.segments = slices.DeleteFunc(j.segments, func(s *segment) bool { return old[s.name] })
	j.mu.Unlock()

	large, _, err := ids(j.layout.largeDir(), largeSuffix)
	if err != nil {
		return err
	}
	for _, id := range large {
		if i := home(names, id); i >= 0 && old[names[i]] {
			if err := j.deps.disk.Remove(j.layout.large(id)); err != nil {
				return err
			}
		}
	}
	if err := j.deps.disk.SyncDir(j.layout.largeDir()); err != nil {
		return err
	}
	for name := range old {
		if err := j.deps.disk.Remove(j.layout.marks(name)); err != nil {
			return err
		}
	}
	return nil
}

// Replay makes every done mail pending again that was accepted at since or
// later, and returns how many: for a store that has lost what was filed. The
// wish survives the end of the process.
func (j *Journal) Replay(since time.Time) (int, error) {
	j.upkeep.Lock()
	defer j.upkeep.Unlock()
	if j.isClosed() {
		return 0, ErrClosed
	}
	since = since.Truncate(time.Millisecond) // as fine as an ID tells time
	j.mu.Lock()
	segments := slices.Clone(j.segments)
	segments = slices.DeleteFunc(segments, func(s *segment) bool { return s.last.Time().Before(since) })
	j.mu.Unlock()
	total := 0
	for _, s := range segments {
		n, err := j.again(s, func(id ID) bool { return !id.Time().Before(since) })
		total += n
		if err != nil {
			return total, fmt.Errorf("replaying segment %s: %w", s.name, err)
		}
	}
	return total, nil
}

// again makes the done mails of the segment pending that are wanted.
func (j *Journal) again(s *segment, wanted func(ID) bool) (int, error) {
	records, err := j.records(s, wanted)
	if err != nil {
		return 0, err
	}
	var entries []*entry
	var lines strings.Builder
	j.mu.Lock()
	for _, rec := range records {
		if j.mails[rec.id] == nil {
			entries = append(entries, &entry{record: rec, seg: s})
			lines.WriteString(retryLine(rec.id))
		}
	}
	j.mu.Unlock()
	if len(entries) == 0 {
		return 0, nil
	}
	if err := s.marks.append(lines.String()); err != nil {
		return 0, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	s.settled = false
	j.adopt(entries)
	return len(entries), nil
}

// records lists those of the segment's records whose mails are wanted.
func (j *Journal) records(s *segment, wanted func(ID) bool) ([]record, error) {
	j.mu.Lock()
	size := s.size
	j.mu.Unlock()
	f, err := os.Open(j.layout.segment(s.name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var records []record
	_, err = scan(f, size, s.name, func(rec record) bool {
		if wanted(rec.id) {
			records = append(records, rec)
		}
		return true
	})
	return records, err
}
