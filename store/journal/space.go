package journal

import (
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// spaceAge is how long an answer about free space is believed.
const spaceAge = time.Second

// space watches the free space of the disk. Safe for concurrent use.
type space struct {
	now   func() time.Time
	free  func(dir string) (int64, error)
	dir   string
	floor int64 // bytes; 0 is none
	log   zerolog.Logger

	mu    sync.Mutex
	asked time.Time
	below bool
}

// full does not stop mail when the disk won't say how much is free: a write
// will tell.
func (s *space) full() bool {
	if s.floor == 0 {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if age := now.Sub(s.asked); !s.asked.IsZero() && age >= 0 && age < spaceAge {
		return s.below
	}
	free, err := s.free(s.dir)
	if err != nil {
		s.log.Warn().Err(err).Msg("free disk space is unknown")
	}
	below := err == nil && free < s.floor
	if below != s.below {
		s.log.Warn().Int64("free", free).Int64("floor", s.floor).Bool("full", below).Msg("free disk space crossed the floor")
	}
	s.asked, s.below = now, below
	return below
}
