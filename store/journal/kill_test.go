package journal

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// killDir, set in the environment, makes the test binary the child.
const killDir = "JOURNAL_TEST_KILL_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killDir); dir != "" {
		fmt.Fprintln(os.Stderr, putUntilKilled(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func killConfig(dir string) Config {
	return Config{Dir: dir, SegmentBytes: 100_000, LargeBytes: 4000}
}

// putUntilKilled puts and files mails from several sides and prints a line for
// each Put that returned.
func putUntilKilled(dir string) error {
	j, err := Open(killConfig(dir), Deps{})
	if err != nil {
		return err
	}
	failed := make(chan error)
	for range 6 {
		go func() {
			for {
				text := fmt.Sprintf("%x\r\n%s", rand.Uint64(), strings.Repeat("x", rand.IntN(6000)))
				id, err := j.Put(context.Background(), envelope("anna@kunde.example"), strings.NewReader(text))
				if err != nil {
					failed <- err
					return
				}
				sum := sha256.Sum256([]byte(text))
				fmt.Printf("%s %x\n", id, sum) // one write, so one line
			}
		}()
	}
	go func() {
		for {
			m, err := j.Next(context.Background())
			if err == nil {
				err = j.Done(m.ID)
			}
			if err != nil {
				failed <- err
				return
			}
		}
	}()
	return <-failed
}

// Faults 1 to 4 and 8: a process is killed while it takes mail, again and again
// on the same folder. Every mail whose Put had returned is there, byte for byte.
func TestKilledProcess(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	printed := map[ID]string{}
	rounds := 8
	if testing.Short() {
		rounds = 2
	}
	for round := range rounds {
		child := exec.CommandContext(t.Context(), exe)
		child.Env = append(os.Environ(), killDir+"="+dir)
		var stderr strings.Builder
		child.Stderr = &stderr
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		var once sync.Once
		for n, limit := 0, rand.IntN(300); lines.Scan(); n++ {
			id, sum, _ := strings.Cut(lines.Text(), " ")
			if len(sum) == 2*sha256.Size { // the last line may be torn
				printed[ID(id)] = sum
			}
			if n >= limit {
				once.Do(func() { child.Process.Kill() })
			}
		}
		var exit *exec.ExitError
		if err := child.Wait(); !errors.As(err, &exit) || stderr.Len() > 0 {
			t.Fatalf("round %d: the child ended by itself: %v\n%s", round, err, stderr.String())
		}
		checkPrinted(t, dir, printed)
	}
	if len(printed) < rounds {
		t.Errorf("only %d mails in %d rounds", len(printed), rounds)
	}
}

func checkPrinted(t *testing.T, dir string, printed map[ID]string) {
	t.Helper()
	j, err := Open(killConfig(dir), Deps{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	found := map[ID]string{}
	r := &Reader{layout: j.layout}
	for item, err := range r.All() {
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(body(t, item.Mail)))
		found[item.ID] = hex.EncodeToString(sum[:])
	}
	for id, sum := range printed {
		if found[id] != sum {
			t.Fatalf("mail %s: found %q, want %s; %d of %d there", id, found[id], sum, len(found), len(printed))
		}
	}
}
