package journal

import (
	"bytes"
	"errors"
	"hash/crc32"
	"io"
)

// stretch is a range of bytes in a segment.
type stretch struct{ from, to int64 }

// survey is what a scan found beside the records.
type survey struct {
	end     int64     // where the last good record ends: all after it is tail
	damaged []stretch // between good records
	tail    stretch   // after the last, without trailing zeros; empty if clean
}

// scan reads a segment of the given size from its start and calls visit for
// each good record but those of erased mails, until visit returns false. Where a record should stand and
// none is good, it goes on at the next one that is. Its time is linear in size,
// whatever the bytes.
func scan(r io.ReaderAt, size int64, segment ID, visit func(record) bool) (survey, error) {
	s := scanner{r: r, size: size, segment: segment, buf: make([]byte, 64<<10)}
	pos, err := s.skipFormat()
	if err != nil {
		return survey{}, err
	}
	found := survey{end: pos}
	for pos < size {
		rec, next, err := s.at(pos)
		if err != nil {
			return found, err
		}
		if next > 0 {
			pos = next
			continue
		}
		if pos > found.end {
			found.damaged = append(found.damaged, stretch{found.end, pos})
		}
		pos = rec.end()
		found.end = pos
		if rec.kind != kindGone && !visit(rec) {
			return found, nil
		}
	}
	found.tail = stretch{found.end, size}
	found.tail.to, err = s.trimZeros(found.tail)
	return found, err
}

type scanner struct {
	r       io.ReaderAt
	size    int64
	segment ID
	buf     []byte
}

// skipFormat returns where the first record is to be: after the format line,
// or at the start if that is not there.
func (s *scanner) skipFormat() (int64, error) {
	b, err := s.read(0, int64(len(formatLine)))
	if err != nil || string(b) != formatLine {
		return 0, err
	}
	return int64(len(formatLine)), nil
}

// at returns the record at pos or, where none is good, the next position to
// try, which is beyond pos.
func (s *scanner) at(pos int64) (rec record, next int64, err error) {
	b, err := s.read(pos, headLen)
	if err != nil {
		return record{}, 0, err
	}
	h, ok := parseHead(b, s.segment)
	rec = record{head: h, offset: pos}
	if !ok || rec.end() > s.size {
		next, err = s.search(pos + 1)
		return record{}, next, err
	}
	crc, err := s.checksum(pos+headLen, rec.end())
	if err != nil {
		return record{}, 0, err
	}
	if crc != h.crc {
		next, err = s.search(rec.end()) // the head is good, so is the length
		return record{}, next, err
	}
	return rec, 0, nil
}

// search returns where the next boundary begins, or size.
func (s *scanner) search(from int64) (int64, error) {
	want := boundary(s.segment)
	for from < s.size {
		b, err := s.read(from, int64(len(s.buf)))
		if err != nil {
			return 0, err
		}
		if i := bytes.Index(b, want); i >= 0 {
			return from + int64(i), nil
		}
		if len(b) < len(s.buf) {
			break
		}
		from += int64(len(b) - len(want) + 1)
	}
	return s.size, nil
}

func (s *scanner) checksum(from, to int64) (uint32, error) {
	var crc uint32
	for from < to {
		b, err := s.read(from, to-from)
		if err != nil {
			return 0, err
		}
		crc = crc32.Update(crc, castagnoli, b)
		from += int64(len(b))
	}
	return crc, nil
}

// trimZeros returns the end of t without the zeros at its end.
func (s *scanner) trimZeros(t stretch) (int64, error) {
	to := t.from
	for pos := t.from; pos < t.to; {
		b, err := s.read(pos, t.to-pos)
		if err != nil {
			return 0, err
		}
		if kept := bytes.TrimRight(b, "\x00"); len(kept) > 0 {
			to = pos + int64(len(kept))
		}
		pos += int64(len(b))
	}
	return to, nil
}

// read returns up to n bytes at pos, fewer at the end of the segment or of the
// buffer; they hold until the next call. A file that has become shorter than
// it was reads as an error, not as an endless loop.
func (s *scanner) read(pos, n int64) ([]byte, error) {
	n = min(n, s.size-pos, int64(len(s.buf)))
	got, err := s.r.ReadAt(s.buf[:n], pos)
	if int64(got) == n {
		return s.buf[:n], nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return nil, err
}
