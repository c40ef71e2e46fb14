package journal

import (
	"container/heap"
	"time"
)

// segment is what is known of one segment file. The journal's mutex guards all
// but name and marks.
type segment struct {
	name  ID
	marks *markFile

	size    int64 // bytes of whole records; the file may have zeros behind them
	large   int64 // bytes of its mails in files of their own
	count   int   // mails recorded
	open    int   // of these, pending or parked
	last    ID    // newest mail
	sealed  bool  // nothing is appended any more
	settled bool  // finished, and what its mails became is safe
	suspect bool  // holds bytes that could neither be read nor set aside: kept
}

// finished reports whether nothing is left to do for any mail of the segment.
func (s *segment) finished() bool { return s.sealed && s.open == 0 && !s.suspect }

// entry is a mail that is not done. The journal's mutex guards it.
type entry struct {
	record
	seg       *segment
	parked    *Parked   // nil unless parked
	notBefore time.Time // while delayed
	tries     int       // how often Next gave it out

	in *queue // nil while handed out or parked
	at int    // its place there
}

// queue is a heap of entries, each of which knows its place.
type queue struct {
	less    func(a, b *entry) bool
	entries []*entry
}

// older orders by place in the journal.
func older(a, b *entry) bool {
	if a.seg != b.seg {
		return a.seg.name < b.seg.name
	}
	return a.offset < b.offset
}

func sooner(a, b *entry) bool { return a.notBefore.Before(b.notBefore) }

func (q *queue) add(e *entry)    { heap.Push(q, e) }
func (q *queue) remove(e *entry) { heap.Remove(q, e.at) }

// first is nil if the queue is empty.
func (q *queue) first() *entry {
	if len(q.entries) == 0 {
		return nil
	}
	return q.entries[0]
}

// The methods of heap.Interface.

func (q *queue) Len() int           { return len(q.entries) }
func (q *queue) Less(i, j int) bool { return q.less(q.entries[i], q.entries[j]) }

func (q *queue) Swap(i, j int) {
	q.entries[i], q.entries[j] = q.entries[j], q.entries[i]
	q.entries[i].at, q.entries[j].at = i, j
}

func (q *queue) Push(x any) {
	e := x.(*entry)
	e.in, e.at = q, len(q.entries)
	q.entries = append(q.entries, e)
}

func (q *queue) Pop() any {
	last := len(q.entries) - 1
	e := q.entries[last]
	q.entries[last] = nil
	q.entries = q.entries[:last]
	e.in = nil
	return e
}
