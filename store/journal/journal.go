package journal

import (
	"bytes"
	"errors"
	"os"
	"sync"

	"github.com/rs/zerolog"
)

// ErrNotFound is returned for an ID that the journal does not hold.
var ErrNotFound = errors.New("journal: no such mail")

// Journal holds accepted mail until it is filed. All its methods may be called
// by many goroutines at once.
type Journal struct {
	cfg    Config
	deps   Deps
	layout layout
	log    zerolog.Logger
	lock   *os.File
	mint   *mint
	writer *writer
	space  *space

	buffers sync.Pool  // *bytes.Buffer, each at most about LargeBytes
	upkeep  sync.Mutex // one Sweep or Replay at a time

	mu       sync.Mutex // guards all below
	closed   bool
	changed  chan struct{}       // closed, and made anew, when Next should look again
	segments []*segment          // by name
	mails    map[ID]*entry       // those that are not done
	ready    *queue              // may be handed out, oldest first
	delayed  *queue              // released with a time, soonest first
	handed   map[*entry]struct{} // given out by Next
	damaged  int
	tried    *trial // the latest of Ready; nil before the first
}

func newJournal(cfg Config, deps Deps) *Journal {
	j := &Journal{
		cfg:     cfg,
		deps:    deps,
		layout:  layout(cfg.Dir),
		log:     deps.Log,
		mint:    &mint{now: deps.Now, random: deps.Random},
		space:   &space{now: deps.Now, free: deps.Free, dir: cfg.Dir, floor: cfg.FreeFloor, log: deps.Log},
		changed: make(chan struct{}),
		mails:   make(map[ID]*entry),
		ready:   &queue{less: older},
		delayed: &queue{less: sooner},
		handed:  make(map[*entry]struct{}),
	}
	j.buffers.New = func() any { return new(bytes.Buffer) }
	return j
}

// Close commits what is waiting, ends Next and lets go of the lock. Every later
// call but Read, Parked, Stats and Full returns ErrClosed.
func (j *Journal) Close() error {
	j.upkeep.Lock()
	defer j.upkeep.Unlock()
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return nil
	}
	j.closed = true
	j.wake()
	tried := j.tried
	j.mu.Unlock()

	if tried != nil {
		<-tried.done
	}
	err := j.writer.close()

	j.mu.Lock()
	defer j.mu.Unlock()
	for _, s := range j.segments {
		s.marks.end()
	}
	return errors.Join(err, j.lock.Close())
}

func (j *Journal) isClosed() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.closed
}
