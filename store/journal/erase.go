package journal

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"
)

// Erase overwrites mails, whatever became of them: of their bytes and envelopes
// nothing is left, and no replay brings them back. Each segment that holds one is
// written anew and takes the place of the old, so that a power failure leaves the one
// or the other. The present segment is sealed before. It returns how many mails were
// erased; those that the journal does not hold are none.
func (j *Journal) Erase(ids []ID) (int, error) {
	j.upkeep.Lock()
	defer j.upkeep.Unlock()
	if j.isClosed() {
		return 0, ErrClosed
	}
	if len(ids) == 0 {
		return 0, nil
	}
	if _, err := j.writer.sealNow(); err != nil {
		return 0, err
	}
	wanted := make(map[ID]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	j.mu.Lock()
	segments := append([]*segment(nil), j.segments...)
	j.mu.Unlock()
	total := 0
	for _, s := range segments {
		n, err := j.eraseFrom(s, wanted)
		total += n
		if err != nil {
			return total, fmt.Errorf("erasing mails of segment %s: %w", s.name, err)
		}
	}
	return total, nil
}

func (j *Journal) eraseFrom(s *segment, wanted map[ID]bool) (int, error) {
	records, err := j.records(s, func(id ID) bool { return wanted[id] })
	if err != nil || len(records) == 0 {
		return 0, err
	}
	// Nobody is to be handed a mail that is about to go.
	var lines strings.Builder
	for _, rec := range records {
		lines.WriteString(doneLine(rec.id))
	}
	j.mu.Lock()
	open := false
	for _, rec := range records {
		if e := j.mails[rec.id]; e != nil {
			j.forget(e)
			open = true
		}
	}
	j.mu.Unlock()
	if open {
		if err := s.marks.append(lines.String()); err != nil {
			return 0, err
		}
	}
	if err := j.rewrite(s, records); err != nil {
		return 0, err
	}
	for _, rec := range records {
		if rec.kind != kindFile {
			continue
		}
		if err := j.deps.disk.Remove(j.layout.large(rec.id)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return 0, err
		}
	}
	return len(records), j.deps.disk.SyncDir(j.layout.largeDir())
}

// rewrite writes the segment anew with the records overwritten. Every other record
// stays where it stood, so that what is known of their places still holds.
func (j *Journal) rewrite(s *segment, records []record) error {
	old, err := os.Open(j.layout.segment(s.name))
	if err != nil {
		return err
	}
	defer old.Close()
	name, err := j.mint.mail()
	if err != nil {
		return err
	}
	temp := j.layout.temp(name)
	f, err := j.deps.disk.Create(temp)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, old)
	for _, rec := range records {
		if err == nil {
			err = overwrite(f, s.name, rec)
		}
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = j.deps.disk.Rename(temp, j.layout.segment(s.name))
	}
	if err != nil {
		j.deps.disk.Remove(temp) // Open sweeps what remains
		return err
	}
	return j.deps.disk.SyncDir(j.cfg.Dir)
}

// overwrite puts a record of the same length in the place of another: its kind says
// that it is gone, and it holds blanks.
func overwrite(w io.WriterAt, segment ID, rec record) error {
	b := bytes.Repeat([]byte(" "), int(rec.meta+rec.body))
	b[rec.meta-1] = '\n'
	h := rec.head
	h.kind, h.crc = kindGone, crc32.Checksum(b, castagnoli)
	_, err := w.WriteAt(append(appendHead(nil, segment, h), b...), rec.offset)
	return err
}
