package journal

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// trialName is the file that Ready writes; what a crash leaves of it Open sweeps.
const trialName = "trial"

// trial is one look at whether the disk takes what a mail would want of it.
type trial struct {
	began time.Time
	done  chan struct{} // closed when err is there
	err   error
}

// Ready tells whether a mail could be kept now: ErrFull below the floor of free
// space, and otherwise what the disk says when a small file is written, synced and
// removed. A disk that does not answer until ctx ends is not ready either. An answer
// is believed for a second, so that those who ask often do not keep the disk busy.
func (j *Journal) Ready(ctx context.Context) error {
	if j.Full() {
		return ErrFull
	}
	t, err := j.latestTrial()
	if err != nil {
		return err
	}
	select {
	case <-t.done:
		return t.err
	case <-ctx.Done():
		return fmt.Errorf("the journal's disk does not answer: %w", ctx.Err())
	}
}

// latestTrial returns the one under way or just over, or begins one.
func (j *Journal) latestTrial() (*trial, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return nil, ErrClosed
	}
	now := j.deps.Now()
	if t := j.tried; t != nil {
		select {
		case <-t.done:
			if age := now.Sub(t.began); age >= 0 && age < spaceAge {
				return t, nil
			}
		default:
			return t, nil
		}
	}
	t := &trial{began: now, done: make(chan struct{})}
	j.tried = t
	go func() {
		defer close(t.done)
		if err := j.try(); err != nil {
			t.err = fmt.Errorf("trying the journal's disk: %w", err)
		}
	}()
	return t, nil
}

// try does to the disk what a mail would want of it.
func (j *Journal) try() error {
	disk, name := j.deps.disk, filepath.Join(j.layout.tempDir(), trialName)
	if err := disk.Remove(name); err != nil { // of a trial that could not
		return err
	}
	f, err := disk.Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write([]byte("Can this be kept?\n"))
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = disk.SyncDir(j.layout.tempDir())
	}
	return errors.Join(err, disk.Remove(name))
}
