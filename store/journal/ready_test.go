package journal

import (
	"context"
	"errors"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// Faults 10, 11, 13: a disk that takes no mail is not ready, though none comes to find
// out; and it is again as soon as it works. What is tried leaves nothing behind.
func TestReady(t *testing.T) {
	for _, c := range []struct {
		op  string
		err error
	}{{"create", syscall.EROFS}, {"write", syscall.ENOSPC}, {"sync", syscall.EIO}, {"syncdir", syscall.EIO}, {"remove", syscall.EIO}} {
		t.Run(c.op, func(t *testing.T) {
			var on atomic.Bool
			clk, cfg := newClock(), Config{Dir: t.TempDir()}
			j := mustOpen(t, cfg, Deps{Now: clk.now, disk: failingDisk(&on, c.op, cfg.Dir, "tmp", c.err)})
			ask := func(want error) {
				t.Helper()
				if err := j.Ready(t.Context()); !errors.Is(err, want) {
					t.Errorf("Ready: %v, want %v", err, want)
				}
			}
			ask(nil)
			on.Store(true)
			ask(nil) // believed for a second
			clk.advance(time.Second)
			ask(c.err)
			on.Store(false)
			ask(c.err)
			clk.advance(-time.Hour) // fault 23: an answer from the future is not believed
			ask(nil)
			if left := matching(files(t, cfg.Dir), "tmp/"); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			ask(ErrClosed)
		})
	}
}

// A disk that hangs holds nobody longer than he waits, and is tried once for all.
func TestReadyOnADiskThatHangs(t *testing.T) {
	answer := make(chan struct{})
	var tries atomic.Int64
	j := mustOpen(t, Config{Dir: t.TempDir()}, Deps{disk: faultyDisk{fail: func(op, _ string) error {
		if op == "create" {
			tries.Add(1)
			<-answer
		}
		return nil
	}}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 {
		if err := j.Ready(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Ready: %v", err)
		}
	}
	close(answer)
	if err := j.Ready(t.Context()); err != nil {
		t.Errorf("Ready: %v when it answers", err)
	}
	if n := tries.Load(); n != 1 {
		t.Errorf("tried %d times", n)
	}
}

// Below the floor the disk is not asked for more.
func TestReadyBelowTheFloor(t *testing.T) {
	j := mustOpen(t, Config{Dir: t.TempDir(), FreeFloor: 10}, Deps{Free: func(string) (int64, error) { return 9, nil }})
	if err := j.Ready(t.Context()); !errors.Is(err, ErrFull) {
		t.Errorf("Ready: %v", err)
	}
}
