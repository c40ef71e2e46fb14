package sent

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/ticket"
)

var start = time.Date(2026, 11, 23, 13, 5, 0, 0, time.UTC)

// clock is moved by hand.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func open(t *testing.T, dir string, c *clock) *Log {
	t.Helper()
	l, err := Open(dir, Deps{Now: c.now, Random: rand.Reader, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func id(t *testing.T, n int) ticket.ID {
	t.Helper()
	return ticket.DeriveID("AIS", bytes.Repeat([]byte("t"), 32), fmt.Sprint("mail", n), 0)
}

func letter(t *testing.T, n int, at time.Time) Letter {
	t.Helper()
	return Letter{Key: fmt.Sprintf("key%d", n), Ticket: id(t, n), Number: n, At: at, Reply: `250 2.0.0 Ok: "queued"`}
}

func add(t *testing.T, l *Log, letters ...Letter) {
	t.Helper()
	for _, one := range letters {
		if err := l.Add(one); err != nil {
			t.Fatal(err)
		}
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"+suffix))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// What was noted is known to the next process, and to this one at once.
func TestWhatLeftIsKnownAfterwards(t *testing.T) {
	dir, c := filepath.Join(t.TempDir(), "sent"), &clock{start}
	first := open(t, dir, c)
	if _, ok := first.Find("key1"); ok || len(files(t, dir)) != 0 {
		t.Error("an empty log knows something, or wrote")
	}
	one := letter(t, 1, start)
	other := one
	other.Key, other.Number = "another", 7
	add(t, first, one, other)
	for name, l := range map[string]*Log{"this process": first, "the next": open(t, dir, c)} {
		got, ok := l.Find("key1")
		if diff := cmp.Diff(one, got); !ok || diff != "" {
			t.Errorf("%s: %v %s", name, ok, diff)
		}
		if h := l.Highest(one.Ticket); h != 7 {
			t.Errorf("%s: the highest number is %d, want 7", name, h)
		}
	}
}

// An address in a relay's words would outlive the erasure of its person.
func TestNoAddressIsKept(t *testing.T) {
	dir, c := t.TempDir(), &clock{start}
	one := letter(t, 1, start)
	one.Reply = "250 2.1.5 <kunde@firma.example> Ok"
	add(t, open(t, dir, c), one)
	raw, err := os.ReadFile(files(t, dir)[0])
	if err != nil || bytes.Contains(raw, []byte("firma")) {
		t.Errorf("%s %v", raw, err)
	}
	if got, _ := open(t, dir, c).Find("key1"); got.Reply != "250 2.1.5 Ok" {
		t.Errorf("reply %q", got.Reply)
	}
}

// A crash leaves a line at any length; a disk may change one. The others stand.
func TestTornAndDamagedLines(t *testing.T) {
	dir, c := t.TempDir(), &clock{start}
	l := open(t, dir, c)
	add(t, l, letter(t, 1, start), letter(t, 2, start), letter(t, 3, start))
	whole, err := os.ReadFile(files(t, dir)[0])
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(whole), "\n")
	third := len(whole) - len(lines[3])
	for cut := range whole {
		torn := t.TempDir()
		if err := os.WriteFile(filepath.Join(torn, "a.log"), whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		l := open(t, torn, c)
		_, second := l.Find("key2")
		if _, third := l.Find("key3"); third || second != (cut >= secondEnds(lines)) {
			t.Errorf("cut at %d: second known: %v, third: %v", cut, second, third)
		}
	}
	for at := third; at < len(whole)-1; at++ {
		damaged, changed := t.TempDir(), bytes.Clone(whole)
		changed[at] ^= 1
		if err := os.WriteFile(filepath.Join(damaged, "a.log"), changed, 0o600); err != nil {
			t.Fatal(err)
		}
		l := open(t, damaged, c)
		_, second := l.Find("key2")
		if _, third := l.Find("key3"); third || !second {
			t.Errorf("byte %d changed: second known: %v, third: %v", at, second, third)
		}
	}
}

// secondEnds is from which length on the second letter is whole.
func secondEnds(lines []string) int { return len(lines[0]) + len(lines[1]) + len(lines[2]) }

func TestNewerFormatIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.log"), []byte("supportd-sent 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Deps{Now: time.Now, Random: rand.Reader}); !errors.Is(err, ErrFormat) {
		t.Errorf("opened: %v", err)
	}
}

// What was copied from another node counts after Reload.
func TestReloadTakesFilesOfAnotherNode(t *testing.T) {
	ours, theirs, c := t.TempDir(), t.TempDir(), &clock{start}
	here, there := open(t, ours, c), open(t, theirs, c)
	add(t, here, letter(t, 1, start))
	add(t, there, letter(t, 2, start))
	for _, f := range files(t, theirs) {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(ours, filepath.Base(f)), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	n, err := here.Reload()
	if _, ok := here.Find("key2"); !ok || n != 2 || err != nil {
		t.Errorf("known: %v, %d letters, %v", ok, n, err)
	}
	add(t, here, letter(t, 3, start)) // its own file goes on
	if got := len(files(t, ours)); got != 2 {
		t.Errorf("%d files, want 2", got)
	}
}

// Files are ended by age, and dropped once all in them is old.
func TestPrune(t *testing.T) {
	dir, c := t.TempDir(), &clock{start}
	l := open(t, dir, c)
	for day := range 4 {
		c.at = start.Add(time.Duration(day) * 25 * time.Hour)
		add(t, l, letter(t, day+1, c.at))
	}
	if got := len(files(t, dir)); got != 4 {
		t.Fatalf("%d files for four days", got)
	}
	if err := l.Prune(start.Add(26 * time.Hour)); err != nil {
		t.Fatal(err)
	}
	for name, l := range map[string]*Log{"this process": l, "the next": open(t, dir, c)} {
		_, second := l.Find("key2")
		_, third := l.Find("key3")
		if second || !third || l.Highest(id(t, 2)) != 0 || l.Highest(id(t, 3)) != 3 {
			t.Errorf("%s: second known: %v, third: %v", name, second, third)
		}
	}
	if err := l.Prune(c.at.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	add(t, l, letter(t, 5, c.at)) // the file that is written was left alone
	if _, ok := open(t, dir, c).Find("key5"); !ok {
		t.Error("what was noted after a Prune is lost")
	}
}

// countingFile counts syncs, and fails when it is told to.
type countingFile struct {
	file
	mu    sync.Mutex
	syncs int
	fail  error
	gate  chan struct{} // a sync waits for it; nil for none
}

func (f *countingFile) Sync() error {
	if f.gate != nil {
		<-f.gate
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.syncs++
	if f.fail != nil {
		return f.fail
	}
	return f.file.Sync()
}

// Those who wait while one syncs share the next sync.
func TestOneSyncForAllWhoWait(t *testing.T) {
	l := open(t, t.TempDir(), &clock{start})
	f := &countingFile{gate: make(chan struct{})}
	l.create = func(name string) (file, error) {
		real, err := createFile(name)
		f.file = real
		return f, err
	}
	const letters = 50
	var group sync.WaitGroup
	for n := range letters {
		group.Go(func() {
			if err := l.Add(letter(t, n+1, start)); err != nil {
				t.Error(err)
			}
		})
	}
	for written := int64(0); ; { // until all have written and wait
		l.mu.RLock()
		if l.out != nil {
			written = l.out.written.Load()
		}
		known := len(l.letters)
		l.mu.RUnlock()
		if known == letters && written > 0 {
			break
		}
	}
	close(f.gate)
	group.Wait()
	if f.syncs > 2 {
		t.Errorf("%d syncs for %d letters that waited together, want 2 at most", f.syncs, letters)
	}
}

// A sync that failed is never taken for one that will have succeeded: the letter
// goes into the error, and the next into a new file.
func TestAFailedSyncEndsItsFile(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir, &clock{start})
	broken := errors.New("input/output error")
	fail := broken
	l.create = func(name string) (file, error) {
		real, err := createFile(name)
		return &countingFile{file: real, fail: fail}, err
	}
	if err := l.Add(letter(t, 1, start)); !errors.Is(err, broken) {
		t.Errorf("noted on a broken disk: %v", err)
	}
	if _, ok := l.Find("key1"); !ok {
		t.Error("this process has forgotten what it sent")
	}
	fail = nil
	add(t, l, letter(t, 2, start))
	if got := len(files(t, dir)); got != 2 {
		t.Errorf("%d files, want a second one", got)
	}
}

func TestWhatIsNoLetterIsRefused(t *testing.T) {
	l := open(t, t.TempDir(), &clock{start})
	for _, change := range []func(*Letter){
		func(l *Letter) { l.Key = "" },
		func(l *Letter) { l.Key = "two words" },
		func(l *Letter) { l.Ticket = "" },
		func(l *Letter) { l.Number = 0 },
	} {
		one := letter(t, 1, start)
		change(&one)
		if err := l.Add(one); err == nil {
			t.Errorf("%+v was taken", one)
		}
	}
}

// FuzzRead: no file makes the reader fail or name a letter that cannot be written.
func FuzzRead(f *testing.F) {
	l := Letter{Key: "key", Ticket: ticket.DeriveID("AIS", bytes.Repeat([]byte("t"), 32), "mail", 0), Number: 1, At: start, Reply: "250 ok\n"}
	f.Add([]byte(formatLine + string(l.line())))
	f.Add([]byte("supportd-sent 2\n"))
	f.Add([]byte(strings.Repeat("x", 2*maxLine) + "\n" + string(l.line())))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := readLetters(bytes.NewReader(b), func(l Letter) {
			again, ok := parseLine(bytes.TrimSuffix(l.line(), []byte("\n")))
			if !ok || again != l {
				t.Errorf("%+v is read back as %+v (%v)", l, again, ok)
			}
		})
		if err != nil && !errors.Is(err, ErrFormat) {
			t.Error(err)
		}
	})
}

// BenchmarkAdd notes letters from eight senders at once, as the notifier does.
func BenchmarkAdd(b *testing.B) {
	l, err := Open(b.TempDir(), Deps{Now: time.Now, Random: rand.Reader, Log: zerolog.Nop()})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	on := ticket.DeriveID("AIS", bytes.Repeat([]byte("t"), 32), "mail", 0)
	b.SetParallelism(4)
	b.RunParallel(func(pb *testing.PB) {
		for n := 0; pb.Next(); n++ {
			if err := l.Add(Letter{Key: fmt.Sprint(n), Ticket: on, Number: 1, At: start, Reply: "250 2.0.0 Ok: queued as 4Xyz"}); err != nil {
				b.Error(err)
			}
		}
	})
}
