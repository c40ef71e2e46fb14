package journal

import (
	"cmp"
	"slices"
	"time"
)

// Parked lists the parked mails, the oldest first.
func (j *Journal) Parked() []Parked {
	j.mu.Lock()
	defer j.mu.Unlock()
	var list []Parked
	for _, e := range j.mails {
		if e.parked != nil {
			list = append(list, *e.parked)
		}
	}
	slices.SortFunc(list, func(a, b Parked) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// Stats is the state of the journal at one moment.
type Stats struct {
	Pending  int       // mails neither done nor parked
	Oldest   time.Time // when the oldest of these was accepted; zero if there are none
	Parked   int
	Segments int
	Bytes    int64 // on disk, of all mail that is kept
	Damaged  int   // files in corrupt/, which wait for a person
}

// Stats counts without touching the disk.
func (j *Journal) Stats() Stats {
	j.mu.Lock()
	defer j.mu.Unlock()
	st := Stats{
		Pending:  j.ready.Len() + j.delayed.Len() + len(j.handed),
		Segments: len(j.segments),
		Damaged:  j.damaged,
	}
	st.Parked = len(j.mails) - st.Pending
	for _, s := range j.segments {
		st.Bytes += s.size + s.large
	}
	oldest := j.ready.first()
	for _, e := range j.delayed.entries {
		oldest = olderOf(oldest, e)
	}
	for e := range j.handed {
		oldest = olderOf(oldest, e)
	}
	if oldest != nil {
		st.Oldest = oldest.id.Time()
	}
	return st
}

func olderOf(a, b *entry) *entry {
	if a == nil || older(b, a) {
		return b
	}
	return a
}

// Since is no later than when the oldest mail was accepted that is kept; the zero time
// if none is.
func (j *Journal) Since() time.Time {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.segments) == 0 {
		return time.Time{}
	}
	return j.segments[0].name.Time() // older than all its mails
}

// Full reports whether free disk space is below the floor, so that a door can
// refuse before it takes the mail. It asks the disk at most once a second.
func (j *Journal) Full() bool { return j.space.full() }
