package journal

import "fmt"

// fillAhead is how many zeros are written behind the last record at a time.
// fdatasync on bytes that already exist need not write metadata: on ext4 it then
// takes half the time, which fallocate alone does not achieve.
const fillAhead = 1 << 20

// output is the segment that the writer appends to.
type output struct {
	seg   *segment
	f     file
	limit int64 // no zeros are written beyond
	size  int64 // where the next record goes: up to here all is durable
	zeros int64 // up to here the file has been filled
	fill  bool
}

// begin makes a new segment, durable and without mails.
func (j *Journal) begin() (*output, error) {
	name, err := j.mint.segment()
	if err != nil {
		return nil, err
	}
	path := j.layout.segment(name)
	f, err := j.deps.disk.Create(path)
	if err != nil {
		return nil, fmt.Errorf("making a journal segment: %w", err)
	}
	out := &output{seg: j.newSegment(name), f: f, limit: j.cfg.SegmentBytes, fill: true}
	err = out.write([]byte(formatLine))
	if err == nil {
		err = j.deps.disk.SyncDir(j.cfg.Dir)
	}
	if err != nil {
		f.Close()
		j.deps.disk.Remove(path) // Open removes a segment without mails
		return nil, fmt.Errorf("making a journal segment: %w", err)
	}
	out.seg.size = out.size
	j.mu.Lock()
	defer j.mu.Unlock()
	j.segments = append(j.segments, out.seg)
	return out, nil
}

func (j *Journal) newSegment(name ID) *segment {
	return &segment{
		name:  name,
		last:  name,
		marks: &markFile{disk: j.deps.disk, name: j.layout.marks(name), boot: j.deps.Boot},
	}
}

// write appends b and makes it durable. After an error only close may follow.
func (o *output) write(b []byte) error {
	if _, err := o.f.WriteAt(b, o.size); err != nil {
		return err
	}
	end := o.size + int64(len(b))
	if end > o.zeros {
		o.extend(end)
	}
	if err := o.f.Sync(); err != nil {
		return err
	}
	o.size = end
	return nil
}

// extend writes zeros from end on. It is there for speed alone: on a disk that
// is full, say, the journal does without.
func (o *output) extend(end int64) {
	o.zeros = end
	n := min(fillAhead, o.limit-end)
	if !o.fill || n <= 0 {
		return
	}
	if _, err := o.f.WriteAt(make([]byte, n), end); err != nil {
		o.fill = false
		return
	}
	o.zeros = end + n
}

// close cuts off what stands behind the last durable record.
func (o *output) close() error {
	err := o.f.Truncate(o.size)
	if closeErr := o.f.Close(); err == nil {
		err = closeErr
	}
	return err
}
