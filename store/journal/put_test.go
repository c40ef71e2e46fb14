package journal

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What fails before the write leaves nothing behind: no record, no file.
func TestPutThatFailsLeavesNothing(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		from interface{ Read([]byte) (int, error) }
		want error
	}{
		"the client vanishes":                {t.Context(), vanishing(100), errVanished},
		"… inside a large mail":              {t.Context(), vanishing(3000), errVanished},
		"bad-input 39: over the limit":       {t.Context(), strings.NewReader(strings.Repeat("x", 10_001)), ErrTooLarge},
		"ended before a large mail is there": {cancelled, strings.NewReader(strings.Repeat("x", 9000)), context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			j := mustOpen(t, Config{Dir: dir, LargeBytes: 1000, MaxBytes: 10_000}, Deps{})
			if id, err := j.Put(c.ctx, Envelope{}, c.from); !errors.Is(err, c.want) || id != "" {
				t.Errorf("Put: %q, %v, want %v", id, err, c.want)
			}
			if left := files(t, dir); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
			mustPut(t, j, strings.Repeat("x", 10_000)) // exactly the limit is taken
		})
	}
}

// A Put whose ctx ends while it waits is withdrawn; the mail is not recorded.
func TestPutWithdrawn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		held, release := make(chan struct{}), make(chan struct{})
		var once sync.Once
		disk := faultyDisk{fail: func(op, name string) error {
			if op == "sync" && strings.HasSuffix(name, segmentSuffix) {
				once.Do(func() { close(held); <-release })
			}
			return nil
		}}
		j := mustOpen(t, Config{Dir: t.TempDir()}, Deps{disk: disk})
		first, second := make(chan error, 1), make(chan error, 1)
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			_, err := j.Put(ctx, Envelope{}, strings.NewReader("being written"))
			first <- err
		}()
		<-held
		go func() {
			_, err := j.Put(ctx, Envelope{}, strings.NewReader("waiting"))
			second <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-second; !errors.Is(err, context.Canceled) {
			t.Errorf("the waiting Put: %v, want context.Canceled", err)
		}
		close(release)
		if err := <-first; err != nil {
			t.Errorf("the Put being written: %v, want its outcome whatever ctx says", err)
		}
		if diff := cmp.Diff([]string{"being written"}, pendingBodies(t, j)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFullDisk(t *testing.T) {
	clk := newClock()
	free, asked := int64(500), 0
	var askErr error
	j := mustOpen(t, Config{Dir: t.TempDir(), FreeFloor: 1000}, Deps{
		Now:  clk.now,
		Free: func(string) (int64, error) { asked++; return free, askErr },
	})
	// bad-input 59: the door can ask before it takes the mail.
	for range 10 {
		if !j.Full() {
			t.Error("500 bytes free, floor 1000: not Full")
		}
	}
	if _, err := j.Put(t.Context(), Envelope{}, strings.NewReader("")); !errors.Is(err, ErrFull) {
		t.Errorf("Put: %v, want ErrFull", err)
	}
	if asked != 1 {
		t.Errorf("asked the disk %d times within a second, want once", asked)
	}
	free = 1000
	clk.advance(time.Second)
	mustPut(t, j, "room again")

	askErr = errors.New("no answer")
	clk.advance(time.Second)
	if j.Full() {
		t.Error("a disk that won't say stops mail")
	}
	clk.advance(-time.Hour) // fault 23: an answer from the future is not believed for an hour
	free, askErr = 0, nil
	if !j.Full() {
		t.Error("after the clock was set back: the old answer is still believed")
	}
}

// talker is a door's reader, which knows what it saw only at the end.
type talker struct{ io.Reader }

func (talker) Flags() []string { return []string{"barelf"} }

func TestPutAsksTheDoorForFlags(t *testing.T) {
	j := mustOpen(t, Config{Dir: t.TempDir(), LargeBytes: 100}, Deps{})
	for _, mail := range []string{"hej", strings.Repeat("large", 100)} {
		id, err := j.Put(t.Context(), envelope("anna@kunde.example"), talker{strings.NewReader(mail)})
		if err != nil {
			t.Fatal(err)
		}
		m, err := j.Read(id)
		if err != nil || !slices.Equal(m.Envelope.Flags, []string{"barelf"}) {
			t.Errorf("a mail of %d bytes has flags %v (%v)", len(mail), m.Envelope.Flags, err)
		}
	}
}
