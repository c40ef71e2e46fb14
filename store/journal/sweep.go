package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// sealShare of the retention is the longest that a segment is written to, so
// that no mail is kept for much longer than the retention.
const sealShare = 7

// Archive is where mails go when they leave the journal.
type Archive interface {
	// Put keeps a mail whole; putting it again replaces it. Several are put at once.
	Put(ctx context.Context, id ID, r io.Reader) error
	// Sync makes durable all that was put before.
	Sync() error
}

// Sweep archives the segments that are no longer written and have every mail in
// them done, and deletes those that are older than the retention. Only when the
// archive is durable does a segment count as settled; if it fails, nothing of it
// is deleted and the whole segment is archived again the next time, since a sync
// that failed may succeed later though the bytes are gone. nil stands for no
// archive.
//
// To be called regularly, say every hour: a power failure makes mails pending
// again that were done since the last call.
func (j *Journal) Sweep(ctx context.Context, now time.Time, a Archive) error {
	j.upkeep.Lock()
	defer j.upkeep.Unlock()
	if j.isClosed() {
		return ErrClosed
	}
	if err := j.writer.sealBefore(now.Add(-j.cfg.Retention / sealShare)); err != nil {
		j.log.Warn().Err(err).Msg("sealing a segment") // all its mails are durable
	}
	claims, err := j.archive(ctx, a, j.claims())
	errs := []error{err, j.confirm(claims), j.deleteBefore(now.Add(-j.cfg.Retention))}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("sweeping the journal: %w", err)
	}
	return nil
}

// Seal ends the present segment, so that what was accepted up to now stands in files
// that are appended to no more, and returns an ID above those of all their mails and
// below those of all that come later.
func (j *Journal) Seal() (ID, error) {
	if j.isClosed() {
		return "", ErrClosed
	}
	return j.writer.sealNow()
}

// claim is what may be written down of a segment: that marks are to be believed
// even after a power failure, or that all its mails are done and archived.
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

// archive puts the finished segments into the archive and returns the claims
// that hold. A segment that is damaged keeps no other from it; an archive that is away
// is asked no more this time, since each try may take as long as patience lasts.
func (j *Journal) archive(ctx context.Context, a Archive, claims []claim) (hold []claim, err error) {
	if a == nil {
		return claims, nil
	}
	var errs []error
	archived, away := 0, false
	for _, c := range claims {
		if c.finished != nil && away {
			continue
		}
		if c.finished != nil {
			if err := j.archiveSegment(ctx, a, c.seg); err != nil {
				errs = append(errs, fmt.Errorf("archiving segment %s: %w", c.seg.name, err))
				away = away || errors.As(err, new(unwilling))
				continue
			}
			archived++
		}
		hold = append(hold, c)
	}
	if archived > 0 {
		if err := a.Sync(); err != nil {
			errs = append(errs, fmt.Errorf("making the archive durable: %w", err))
			hold = slices.DeleteFunc(hold, func(c claim) bool { return c.finished != nil })
		}
	}
	return hold, errors.Join(errs...)
}

func (j *Journal) archiveSegment(ctx context.Context, a Archive, s *segment) error {
	records, err := j.records(s, func(ID) bool { return true })
	if err != nil {
		return err
	}
	f, err := os.Open(j.layout.segment(s.name))
	if err != nil {
		return err
	}
	defer f.Close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	slots := make(chan struct{}, archivers)
	var putting sync.WaitGroup
	for _, rec := range records {
		slots <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		putting.Go(func() {
			defer func() { <-slots }()
			if err := j.archiveMail(ctx, a, f, s.name, rec); err != nil {
				cancel(err)
			}
		})
	}
	putting.Wait()
	return context.Cause(ctx)
}

// archivers is how many mails are put at once: a bucket is far away, and each mail may
// be held in memory.
const archivers = 4

// unwilling marks an error of the archive's own.
type unwilling struct{ error }

func (u unwilling) Unwrap() error { return u.error }

func (j *Journal) archiveMail(ctx context.Context, a Archive, segment io.ReaderAt, name ID, rec record) error {
	m, err := j.layout.mailFrom(segment, name, rec)
	if err != nil {
		return err
	}
	r, err := m.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	if err = a.Put(ctx, m.ID, r); err != nil && !errors.Is(err, ErrDamaged) {
		err = unwilling{err}
	}
	return err
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
