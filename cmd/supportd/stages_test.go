package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// recorder notes in which order stages stop.
type recorder struct{ stopped []string }

func (r *recorder) stage(name string) stage {
	return stage{name, func(ctx context.Context) error {
		<-ctx.Done()
		r.stopped = append(r.stopped, name) // stages stop one after the other
		return nil
	}}
}

func TestStagesStopLastFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := runStages(ctx, time.Minute, r.stage("outbox"), r.stage("desk"), r.stage("smtp"))
		if err != nil || !slices.Equal(r.stopped, []string{"smtp", "desk", "outbox"}) {
			t.Error(r.stopped, err)
		}
	})
}

// One stage that ends by itself stops the others; its error is told.
func TestStageFailureStopsAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		broken := stage{"smtp", func(context.Context) error { return errors.New("socket gone") }}
		err := runStages(t.Context(), time.Minute, r.stage("outbox"), broken, r.stage("http"))
		if !slices.Equal(r.stopped, []string{"http", "outbox"}) {
			t.Error(r.stopped)
		}
		if err == nil || !strings.Contains(err.Error(), "socket gone") || !strings.Contains(err.Error(), "smtp: ") {
			t.Error(err)
		}
	})
}

// A stage that hangs is left behind, and the next ones still stop.
func TestStuckStageIsLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		hang := make(chan struct{})
		stuck := stage{"smtp", func(context.Context) error { <-hang; return nil }}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := runStages(ctx, time.Minute, r.stage("outbox"), stuck)
		if !errors.Is(err, errStuck) || !slices.Equal(r.stopped, []string{"outbox"}) {
			t.Error(r.stopped, err)
		}
		close(hang)
	})
}

func TestUndoRunsLastFirst(t *testing.T) {
	var u undo
	var order []string
	for _, name := range []string{"journal", "store"} {
		u.add(func() error { order = append(order, name); return errors.New(name) })
	}
	err := u.all()
	if !slices.Equal(order, []string{"store", "journal"}) || err == nil {
		t.Error(order, err)
	}
	if err := u.all(); err != nil {
		t.Error("undone twice:", err)
	}
}
