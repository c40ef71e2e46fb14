package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
)

// Read returns any mail still kept, be it pending, done or parked; else
// ErrNotFound.
func (j *Journal) Read(id ID) (Mail, error) {
	j.mu.Lock()
	e := j.mails[id]
	j.mu.Unlock()
	if e != nil {
		return j.layout.readMail(e.seg.name, e.record)
	}
	return j.layout.find(id)
}

// find looks a mail up by its ID alone.
func (l layout) find(id ID) (Mail, error) {
	if _, err := ParseID(string(id)); err != nil {
		return Mail{}, fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	names, _, err := ids(string(l), segmentSuffix)
	if err != nil {
		return Mail{}, fmt.Errorf("looking for mail %s: %w", id, err)
	}
	i := home(names, id)
	if i < 0 {
		return Mail{}, fmt.Errorf("%w: %s", ErrNotFound, id)
	}
	mail, err := Mail{}, fmt.Errorf("%w: %s", ErrNotFound, id)
	walkErr := l.walk(names[i], func(f *os.File, rec record) bool {
		if rec.id != id {
			return true
		}
		mail, err = l.mailFrom(f, names[i], rec)
		return false
	})
	if walkErr != nil {
		return Mail{}, fmt.Errorf("looking for mail %s: %w", id, walkErr)
	}
	return mail, err
}

// walk visits the records of a segment; one that was swept meanwhile has none.
func (l layout) walk(segment ID, visit func(*os.File, record) bool) error {
	f, err := os.Open(l.segment(segment))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	_, err = scan(f, info.Size(), segment, func(rec record) bool { return visit(f, rec) })
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil // the writer has just sealed it and cut off the zeros
	}
	return err
}

// State is what became of a mail.
type State string

// The states of a mail in the journal.
const (
	StatePending State = "pending"
	StateDone    State = "done"
	StateParked  State = "parked"
)

// Item is a mail and its state, for a person to look at.
type Item struct {
	Mail
	State  State
	Parked Parked // if it is
}

// Reader looks into a journal without changing it and without its lock, whether
// or not a process is writing to it.
type Reader struct {
	layout layout
	boot   string
}

// OpenReadOnly returns a Reader of the journal in cfg.Dir, which must exist.
func OpenReadOnly(cfg Config) (*Reader, error) {
	if _, err := os.ReadDir(cfg.Dir); err != nil {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	return &Reader{layout: layout(cfg.Dir), boot: bootID()}, nil
}

// Read returns any mail still kept; else ErrNotFound.
func (r *Reader) Read(id ID) (Mail, error) { return r.layout.find(id) }

// All goes through every mail still kept, in order. An error concerns one mail
// or one segment; the next pair goes on after it.
func (r *Reader) All() iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		names, _, err := ids(string(r.layout), segmentSuffix)
		if err != nil {
			yield(Item{}, fmt.Errorf("reading the journal: %w", err))
			return
		}
		for _, name := range names {
			if !r.segment(name, yield) {
				return
			}
		}
	}
}

// segment returns whether to go on.
func (r *Reader) segment(name ID, yield func(Item, error) bool) bool {
	m, err := readMarks(r.layout.marks(name), r.boot)
	if err != nil && !yield(Item{}, err) {
		return false
	}
	more := true
	err = r.layout.walk(name, func(f *os.File, rec record) bool {
		mail, err := r.layout.mailFrom(f, name, rec)
		item := Item{Mail: mail, State: StatePending}
		if p, parked := m.parked[rec.id]; parked {
			item.State, item.Parked = StateParked, p
		} else if m.done[rec.id] || m.all != nil {
			item.State = StateDone
		}
		more = yield(item, err)
		return more
	})
	if more && err != nil {
		more = yield(Item{}, fmt.Errorf("reading segment %s: %w", name, err))
	}
	return more
}
