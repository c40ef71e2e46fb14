package journal

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// retryAfter is how long a mail rests that could not be read for a reason that
// may pass, such as too many open files.
const retryAfter = time.Second

// Next waits for a mail that is neither done nor parked and hands it out, the
// oldest first. Each goes to one caller only, who answers with Done, Park or
// Release; what is unanswered when the process ends comes again in the next.
// An error that is neither ctx's nor ErrClosed concerns one mail, which will
// come again.
func (j *Journal) Next(ctx context.Context) (Mail, error) {
	for {
		if err := ctx.Err(); err != nil {
			return Mail{}, err
		}
		t, err := j.take()
		if err != nil {
			return Mail{}, err
		}
		e := t.entry
		if e == nil {
			t.wait(ctx)
			continue
		}
		m, err := j.layout.readMail(e.seg.name, e.record)
		if errors.Is(err, ErrDamaged) {
			j.giveUp(e, err)
			continue
		}
		if err != nil {
			j.Release(e.id, j.deps.Now().Add(retryAfter))
			return Mail{}, err
		}
		m.Tries = t.tries
		return m, nil
	}
}

// turn is what a look at the queues gave: a mail or what to wait for.
type turn struct {
	entry *entry // nil if none is ready
	tries int

	pause   time.Duration // until the next delayed mail is; 0 if there is none
	changed <-chan struct{}
}

// wait returns when a mail may be ready, or ctx has ended.
func (t turn) wait(ctx context.Context) {
	var over <-chan time.Time
	if t.pause > 0 {
		timer := time.NewTimer(t.pause)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-ctx.Done():
	case <-t.changed:
	case <-over:
	}
}

// take hands out the oldest ready mail, if there is one.
func (j *Journal) take() (turn, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return turn{}, ErrClosed
	}
	now := j.deps.Now()
	d := j.delayed.first()
	for ; d != nil && !d.notBefore.After(now); d = j.delayed.first() {
		j.place(d, j.ready)
	}
	e := j.ready.first()
	if e == nil {
		t := turn{changed: j.changed}
		if d != nil {
			t.pause = d.notBefore.Sub(now)
		}
		return t, nil
	}
	j.place(e, nil)
	j.handed[e] = struct{}{}
	e.tries++
	return turn{entry: e, tries: e.tries}, nil
}

// place moves the entry to a queue, or out of all with nil. mu is held.
func (j *Journal) place(e *entry, to *queue) {
	if e.in != nil {
		e.in.remove(e)
	}
	delete(j.handed, e)
	if to != nil {
		to.add(e)
	}
}

// wake makes every waiting Next look again. mu is held.
func (j *Journal) wake() {
	close(j.changed)
	j.changed = make(chan struct{})
}

// adopt takes up mails that are not done. mu is held.
func (j *Journal) adopt(entries []*entry) {
	for _, e := range entries {
		j.mails[e.id] = e
		e.seg.open++
		if e.parked == nil {
			j.ready.add(e)
		}
	}
	j.wake()
}

// forget drops the entry: done, or beyond help. mu is held.
func (j *Journal) forget(e *entry) {
	j.place(e, nil)
	delete(j.mails, e.id)
	e.seg.open--
}

// find returns the entry of a mail that is not done. mu is held.
func (j *Journal) find(id ID) (*entry, error) {
	if j.closed {
		return nil, ErrClosed
	}
	e := j.mails[id]
	if e == nil {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, id)
	}
	return e, nil
}

// Done tells that the mail is filed: it is not handed out again, but kept for
// Replay. A mail that is done or unknown is left as it is. After an error the
// mail is done for this process and may come again in the next.
func (j *Journal) Done(id ID) error {
	j.mu.Lock()
	e, err := j.find(id)
	if err != nil {
		j.mu.Unlock()
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	}
	j.mu.Unlock()

	// The mark first: a segment without open mails has all its marks, on which
	// Sweep relies.
	err = e.seg.marks.done(id)

	j.mu.Lock()
	if j.mails[id] == e {
		j.forget(e)
	}
	last := e.seg.finished()
	j.mu.Unlock()
	if last {
		e.seg.marks.close()
	}
	return err
}

// Parked is a mail that is not handed out until Retry.
type Parked struct {
	ID     ID
	Reason string
	At     time.Time
}

// Park sets a mail aside that fails again and again: it is listed, never
// deleted, and not handed out until Retry.
func (j *Journal) Park(id ID, reason string) error {
	p := Parked{ID: id, Reason: reason, At: j.deps.Now()}
	j.mu.Lock()
	e, err := j.find(id)
	if err != nil {
		j.mu.Unlock()
		return err
	}
	j.place(e, nil)
	e.parked = &p
	j.mu.Unlock()
	return e.seg.marks.append(parkLine(p))
}

// Retry makes a parked mail pending again.
func (j *Journal) Retry(id ID) error {
	j.mu.Lock()
	e, err := j.find(id)
	if err == nil && e.parked == nil {
		err = fmt.Errorf("%w parked: %s", ErrNotFound, id)
	}
	if err != nil {
		j.mu.Unlock()
		return err
	}
	e.parked = nil
	e.tries = 0
	j.place(e, j.ready)
	j.wake()
	j.mu.Unlock()
	return e.seg.marks.append(retryLine(id))
}

// Release gives a mail back that Next handed out, because it can't be filed for
// now. It comes again, but not before the given time; the zero time is at once.
// The time is forgotten when the process ends. A mail that is not handed out is
// left as it is.
func (j *Journal) Release(id ID, notBefore time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e := j.mails[id]
	if _, out := j.handed[e]; !out {
		return
	}
	e.notBefore = notBefore
	if notBefore.After(j.deps.Now()) {
		j.place(e, j.delayed)
	} else {
		j.place(e, j.ready)
	}
	j.wake()
}
