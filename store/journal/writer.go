package journal

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// batchBytes bounds what one write takes, and so the writer's memory.
const batchBytes = 4 << 20

// request is a mail on its way into a segment.
type request struct {
	kind string
	meta []byte // the envelope's line
	body []byte // kindMail
	temp string // kindFile: where the mail is, synced
	size int64  // kindFile: how long it is

	crc  uint32
	id   ID
	err  error
	done chan struct{} // closed when id or err is there
}

// writer is the one goroutine that writes segments. All that waits while it
// syncs goes into its next write: the busier the journal, the more mails share
// an fdatasync, and a lone mail waits for nobody.
type writer struct {
	j    *Journal
	done chan struct{}

	disk sync.Mutex // held while a batch is written; guards out and buf
	out  *output    // the segment being written; nil if there is none
	buf  []byte

	mu      sync.Mutex
	some    sync.Cond // waiting is not empty, or closed
	waiting []*request
	closed  bool
}

func startWriter(j *Journal) *writer {
	w := &writer{j: j, done: make(chan struct{})}
	w.some.L = &w.mu
	go w.run()
	return w
}

// put queues the request and returns once it is durable or has failed.
func (w *writer) put(ctx context.Context, r *request) (ID, error) {
	r.crc = payloadCRC(r.meta, r.body)
	r.done = make(chan struct{})
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return "", ErrClosed
	}
	w.waiting = append(w.waiting, r)
	w.some.Signal()
	w.mu.Unlock()

	select {
	case <-r.done:
	case <-ctx.Done():
		if w.withdraw(r) {
			return "", ctx.Err()
		}
		<-r.done // its bytes may be on the disk already: only the outcome is the truth
	}
	return r.id, r.err
}

// withdraw takes the request back unless its write has begun.
func (w *writer) withdraw(r *request) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.Index(w.waiting, r)
	if i < 0 {
		return false
	}
	w.waiting = slices.Delete(w.waiting, i, i+1)
	return true
}

// close commits what is waiting and ends the goroutine.
func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	w.some.Signal()
	w.mu.Unlock()
	<-w.done
	w.disk.Lock()
	defer w.disk.Unlock()
	return w.seal()
}

// sealBefore ends the present segment if it was begun before t, so that on a
// quiet desk too a segment ages and can be swept.
func (w *writer) sealBefore(t time.Time) error {
	w.disk.Lock()
	defer w.disk.Unlock()
	if w.out == nil || !w.out.seg.name.Time().Before(t) {
		return nil
	}
	return w.seal()
}

// sealNow ends the present segment and draws an ID behind it.
func (w *writer) sealNow() (ID, error) {
	w.disk.Lock()
	defer w.disk.Unlock()
	if err := w.seal(); err != nil {
		return "", fmt.Errorf("sealing a segment: %w", err)
	}
	return w.j.mint.segment()
}

func (w *writer) run() {
	defer close(w.done)
	for batch := w.collect(); batch != nil; batch = w.collect() {
		err := w.commit(batch)
		for _, r := range batch {
			if r.err == nil {
				r.err = err
			}
			if r.err != nil {
				r.id = ""
			}
			close(r.done)
		}
	}
}

// collect waits for requests and takes them, oldest first, up to batchBytes.
// nil after close.
func (w *writer) collect() []*request {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.waiting) == 0 {
		if w.closed {
			return nil
		}
		w.some.Wait()
	}
	n, size := 0, 0
	for n < len(w.waiting) && (n == 0 || size < batchBytes) {
		size += headLen + len(w.waiting[n].meta) + len(w.waiting[n].body)
		n++
	}
	batch := slices.Clone(w.waiting[:n])
	w.waiting = slices.Delete(w.waiting, 0, n)
	return batch
}

// commit makes the batch durable and pending. A request that fails alone gets
// its own error; an error returned is that of all the others.
func (w *writer) commit(batch []*request) error {
	w.disk.Lock()
	defer w.disk.Unlock()
	if err := w.roll(batch); err != nil {
		return err
	}
	if err := w.identify(batch); err != nil {
		w.discard(batch)
		return err
	}
	entries, large := w.encode(batch)
	if len(entries) == 0 {
		return nil
	}
	if err := w.out.write(w.buf); err != nil {
		w.j.log.Error().Err(err).Str("segment", string(w.out.seg.name)).Int("mails", len(entries)).Msg("journal write failed, mails refused")
		if w.abandon() {
			w.discard(batch)
		}
		return fmt.Errorf("writing to the journal: %w", err)
	}
	j, seg := w.j, w.out.seg
	j.mu.Lock()
	defer j.mu.Unlock()
	seg.size = w.out.size
	seg.large += large
	seg.count += len(entries)
	seg.last = entries[len(entries)-1].id
	j.adopt(entries)
	return nil
}

// identify gives each mail its ID and moves the large ones to their names. That
// is done before the records that name them are written, so a record never
// names a file that is not there.
func (w *writer) identify(batch []*request) error {
	moved := false
	for _, r := range batch {
		id, err := w.j.mint.mail()
		if err != nil {
			return err
		}
		r.id = id
		if r.kind != kindFile {
			continue
		}
		if err := w.j.deps.disk.Rename(r.temp, w.j.layout.large(id)); err != nil {
			r.err = fmt.Errorf("naming a large mail: %w", err)
			continue
		}
		moved = true
	}
	if !moved {
		return nil
	}
	if err := w.j.deps.disk.SyncDir(w.j.layout.largeDir()); err != nil {
		return fmt.Errorf("syncing the folder of large mails: %w", err)
	}
	return nil
}

// encode lays out the batch in w.buf as it will stand at the end of the segment.
func (w *writer) encode(batch []*request) (entries []*entry, large int64) {
	w.buf = w.buf[:0]
	for _, r := range batch {
		if r.err != nil {
			continue
		}
		h := head{kind: r.kind, id: r.id, meta: int64(len(r.meta)), body: int64(len(r.body)), crc: r.crc}
		entries = append(entries, &entry{
			record: record{head: h, offset: w.out.size + int64(len(w.buf))},
			seg:    w.out.seg,
		})
		large += r.size
		w.buf = appendHead(w.buf, w.out.seg.name, h)
		w.buf = append(w.buf, r.meta...)
		w.buf = append(w.buf, r.body...)
	}
	return entries, large
}

// discard removes the large files of a batch that failed.
func (w *writer) discard(batch []*request) {
	for _, r := range batch {
		if r.kind == kindFile && r.id != "" && r.err == nil {
			if err := w.j.deps.disk.Remove(w.j.layout.large(r.id)); err != nil {
				w.j.log.Warn().Err(err).Str("mail", string(r.id)).Msg("file of a refused mail remains")
			}
		}
	}
}

// roll sees to it that there is a segment with room for the batch.
func (w *writer) roll(batch []*request) error {
	if w.out != nil {
		size := w.out.size
		for _, r := range batch {
			size += int64(headLen + len(r.meta) + len(r.body))
		}
		if size <= w.j.cfg.SegmentBytes || w.out.seg.count == 0 {
			return nil
		}
		if err := w.seal(); err != nil {
			w.j.log.Warn().Err(err).Msg("sealing a segment") // all its mails are durable
		}
	}
	out, err := w.j.begin()
	if err != nil {
		w.j.log.Error().Err(err).Msg("no new journal segment, mails refused")
		return err
	}
	w.out = out
	return nil
}

// seal ends the segment, if there is one, after its last record. disk is held,
// as for all below.
func (w *writer) seal() error {
	if w.out == nil {
		return nil
	}
	err := w.out.close()
	w.j.mu.Lock()
	w.out.seg.sealed = true
	w.j.mu.Unlock()
	w.out = nil
	return err
}

// abandon ends the segment after a failed write. A failed sync tells that what
// was written since the last may be lost, and a second one may wrongly say that
// all is well: so nothing is ever written to that file again. Should cutting it
// fail too, abandon returns false: Open may find mails there that were refused,
// which join their senders' second try.
func (w *writer) abandon() bool {
	err := w.seal()
	if err != nil {
		w.j.log.Warn().Err(err).Msg("cutting a failed write off a segment")
	}
	return err == nil
}
