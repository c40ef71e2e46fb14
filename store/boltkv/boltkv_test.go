package boltkv_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/storetest"
)

func open(t testing.TB, path string) *boltkv.Backend {
	t.Helper()
	b, err := boltkv.Open(boltkv.Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func TestBackend(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Backend {
		return open(t, filepath.Join(t.TempDir(), "store.bolt"))
	})
}

func TestDurable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.bolt")
	storetest.RunDurable(t, func(t *testing.T) store.Backend { return open(t, path) })
}

func BenchmarkCommits(b *testing.B) {
	storetest.Commits(b, open(b, filepath.Join(b.TempDir(), "store.bolt")))
}

func TestFileIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.bolt")
	open(t, path)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("the file has mode %o, want 600", mode)
	}
}

func TestOpenRefuses(t *testing.T) {
	folder := t.TempDir()
	other := filepath.Join(folder, "other.txt")
	if err := os.WriteFile(other, []byte(strings.Repeat("no bolt file\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]boltkv.Config{
		"no path":        {},
		"negative wait":  {Path: filepath.Join(folder, "store.bolt"), LockWait: -1},
		"missing folder": {Path: filepath.Join(folder, "none", "store.bolt")},
		"other file":     {Path: other},
	} {
		t.Run(name, func(t *testing.T) {
			if b, err := boltkv.Open(c); err == nil {
				_ = b.Close()
				t.Error("Open found nothing wrong")
			}
		})
	}
}

// fault 25: a second supportd on the same file says so and leaves it alone.
func TestSecondOpenIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.bolt")
	first := open(t, path)
	_, err := boltkv.Open(boltkv.Config{Path: path, LockWait: 1})
	if !errors.Is(err, boltkv.ErrLocked) || !strings.Contains(err.Error(), "another supportd is running") {
		t.Errorf("the second Open = %v, want ErrLocked", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path)
}

func TestCloseEndsTheCommitter(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	b := open(t, filepath.Join(t.TempDir(), "store.bolt"))
	for range 2 {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Whatever Apply answers while its context ends or the backend closes under it is
// true: nil is written, an error is not.
func TestAnswersAreTrue(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.bolt")
	b := open(t, path)
	const writers = 64
	ctx, cancel := context.WithCancel(t.Context())
	answers := make([]error, writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			own := t.Context()
			if w%2 == 0 {
				own = ctx
			}
			answers[w] = b.Apply(own, store.Batch{Put: []store.Record{{Key: fmt.Sprintf("ticket/%d", w)}}})
			switch w {
			case writers / 3:
				cancel()
			case writers / 2:
				if err := b.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	cancel()
	b = open(t, path)
	for w, err := range answers {
		r, getErr := b.Get(t.Context(), fmt.Sprintf("ticket/%d", w))
		if getErr != nil {
			t.Fatal(getErr)
		}
		if r[0].Exists() != (err == nil) {
			t.Errorf("writer %d: Apply = %v, written: %v", w, err, r[0].Exists())
		}
		if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, store.ErrClosed) {
			t.Errorf("writer %d: Apply = %v", w, err)
		}
	}
}

// What Apply has confirmed survives kill -9 in the middle of further commits. The
// test runs itself as the process that is killed.
func TestKilled(t *testing.T) {
	const env = "BOLTKV_TEST_KILLED"
	if path := os.Getenv(env); path != "" {
		writeUntilKilled(open(t, path))
		return
	}
	path := filepath.Join(t.TempDir(), "store.bolt")
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), env+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	confirmed := -1
	for confirmed < 200 {
		if _, err := fmt.Fscanln(out, &confirmed); err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()

	b := open(t, path)
	for i := range confirmed + 1 {
		r, err := b.Get(t.Context(), fmt.Sprintf("ticket/%d", i), fmt.Sprintf("event/%d", i))
		if err != nil || !r[0].Exists() || !r[1].Exists() {
			t.Fatalf("of %d confirmed batches, number %d is %v, %v", confirmed+1, i, r, err)
		}
	}
}

func writeUntilKilled(b *boltkv.Backend) {
	for i := 0; ; i++ {
		err := b.Apply(context.Background(), store.Batch{Put: []store.Record{
			{Key: fmt.Sprintf("ticket/%d", i)}, {Key: fmt.Sprintf("event/%d", i)},
		}})
		if err != nil {
			panic(err)
		}
		fmt.Println(i)
	}
}
