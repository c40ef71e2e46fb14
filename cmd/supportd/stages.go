package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// stage is one part of the daemon that runs until its context ends.
type stage struct {
	name string
	run  func(context.Context) error
}

// errStuck is returned when a stage does not stop in its time.
var errStuck = errors.New("did not stop in time")

// runStages runs all stages until ctx ends or one of them returns, and then
// stops them one after the other, the last one first: doors stand behind what
// they hand mail to, so that they close while it still works. Each has patience
// to stop. It returns what went wrong, nil after an orderly stop.
func runStages(ctx context.Context, patience time.Duration, stages ...stage) error {
	type running struct {
		stage
		cancel context.CancelFunc
		ended  chan struct{}
		err    error // set before ended is closed
	}
	base := context.WithoutCancel(ctx)
	all := make([]*running, len(stages))
	failed := make(chan struct{})
	var once sync.Once
	for i, s := range stages {
		ctx, cancel := context.WithCancel(base)
		r := &running{stage: s, cancel: cancel, ended: make(chan struct{})}
		all[i] = r
		go func() {
			defer close(r.ended)
			r.err = r.run(ctx)
			if ctx.Err() == nil { // it was not told to
				r.err = errors.Join(errors.New("ended by itself"), r.err)
				once.Do(func() { close(failed) })
			}
		}()
	}
	select {
	case <-ctx.Done():
	case <-failed:
	}
	var errs []error
	for i := len(all) - 1; i >= 0; i-- {
		r := all[i]
		r.cancel()
		timer := time.NewTimer(patience)
		select {
		case <-r.ended:
			if r.err != nil && !errors.Is(r.err, context.Canceled) {
				errs = append(errs, fmt.Errorf("%s: %w", r.name, r.err))
			}
		case <-timer.C:
			errs = append(errs, fmt.Errorf("%s: %w", r.name, errStuck))
		}
		timer.Stop()
	}
	return errors.Join(errs...)
}

// undo collects what must be given back when a start fails half way, and in the
// same order, the last first, at the end of a run.
type undo []func() error

func (u *undo) add(f func() error) { *u = append(*u, f) }

func (u *undo) all() error {
	var errs []error
	for i := len(*u) - 1; i >= 0; i-- {
		errs = append(errs, (*u)[i]())
	}
	*u = nil
	return errors.Join(errs...)
}
