package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// closedJournal leaves a journal with one segment that holds the mails.
func closedJournal(t testing.TB, cfg Config, mails ...string) {
	t.Helper()
	j, err := Open(cfg, Deps{disk: rapidDisk{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range mails {
		mustPut(t, j, s)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

// recordsOf lists the records of a segment.
func recordsOf(t testing.TB, name string) []record {
	t.Helper()
	b := readFile(t, name)
	var list []record
	if _, err := scan(bytes.NewReader(b), int64(len(b)), segmentOf(name), func(r record) bool {
		list = append(list, r)
		return true
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

func segmentOf(name string) ID {
	return ID(strings.TrimSuffix(filepath.Base(name), segmentSuffix))
}

func corrupt(t testing.TB, dir string) []string {
	t.Helper()
	return matching(files(t, dir), "corrupt/")
}

// A crash may leave any part of the last write on the disk. Whatever it is, the
// mails before it are there, the mail that was never answered is not, and its
// bytes are set aside.
func TestTornTail(t *testing.T) {
	source := Config{Dir: t.TempDir()}
	mails := numbered(3)
	closedJournal(t, source, mails...)
	name := onlySegment(t, source.Dir)
	whole := readFile(t, name)
	last := recordsOf(t, name)[2]

	for _, tail := range []struct {
		name  string
		zeros int
	}{{"file ends", 0}, {"zeros follow", 4000}} {
		for cut := last.offset; cut < last.end(); cut++ {
			dir := t.TempDir()
			writeFile(t, filepath.Join(dir, filepath.Base(name)), append(whole[:cut:cut], make([]byte, tail.zeros)...))
			j, err := Open(Config{Dir: dir}, Deps{disk: rapidDisk{}})
			if err != nil {
				t.Fatalf("%s, cut at %d: Open: %v", tail.name, cut, err)
			}
			if diff := cmp.Diff(mails[:2], pendingBodies(t, j)); diff != "" {
				t.Fatalf("%s, cut at %d: mails (-want +got):\n%s", tail.name, cut, diff)
			}
			var aside []byte
			for _, copied := range corrupt(t, dir) {
				aside = append(aside, readFile(t, filepath.Join(dir, copied))...)
			}
			if !bytes.Equal(aside, whole[last.offset:cut]) {
				t.Fatalf("%s, cut at %d: set aside %q, want %q", tail.name, cut, aside, whole[last.offset:cut])
			}
			if got := readFile(t, onlySegment(t, dir)); !bytes.Equal(got, whole[:last.offset]) {
				t.Fatalf("%s, cut at %d: the segment has %d bytes, want %d", tail.name, cut, len(got), last.offset)
			}
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Fault 29: a byte flipped anywhere in a segment costs at most the one mail it
// stands in, and that one is set aside.
func TestFlippedByte(t *testing.T) {
	source := Config{Dir: t.TempDir()}
	mails := numbered(3)
	closedJournal(t, source, mails...)
	name := onlySegment(t, source.Dir)
	whole := readFile(t, name)
	records := recordsOf(t, name)

	for at := range whole {
		dir := t.TempDir()
		damaged := bytes.Clone(whole)
		damaged[at] ^= 0x20
		writeFile(t, filepath.Join(dir, filepath.Base(name)), damaged)

		var want []string
		for i, r := range records {
			if int64(at) < r.offset || int64(at) >= r.end() {
				want = append(want, mails[i])
			}
		}
		for run := range 2 { // the second finds the damage again, and no more
			j, err := Open(Config{Dir: dir}, Deps{disk: rapidDisk{}})
			if err != nil {
				t.Fatalf("byte %d: Open: %v", at, err)
			}
			if diff := cmp.Diff(want, pendingBodies(t, j)); diff != "" {
				t.Fatalf("byte %d, run %d: mails (-want +got):\n%s", at, run, diff)
			}
			if n := len(corrupt(t, dir)); n != 1 || j.Stats().Damaged != 1 {
				t.Fatalf("byte %d, run %d: %d files set aside, %d counted, want 1", at, run, n, j.Stats().Damaged)
			}
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A mail may contain whole records. They must not come to life when the record
// around them is damaged, for anyone could write such a mail.
func TestRecordsInsideAMailStayThere(t *testing.T) {
	elsewhere := Config{Dir: t.TempDir()}
	closedJournal(t, elsewhere, "forged", "forged too")
	forged := string(readFile(t, onlySegment(t, elsewhere.Dir)))

	cfg := Config{Dir: t.TempDir()}
	closedJournal(t, cfg, "first", forged, "last")
	name := onlySegment(t, cfg.Dir)
	b := readFile(t, name)
	b[recordsOf(t, name)[1].offset+30] ^= 1 // the head of the middle record
	writeFile(t, name, b)

	j := mustOpen(t, cfg, Deps{})
	if diff := cmp.Diff([]string{"first", "last"}, pendingBodies(t, j)); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
}

// Fault 29: the journal starts whatever else lies in its folder.
func TestStrayFiles(t *testing.T) {
	cfg := Config{Dir: t.TempDir(), LargeBytes: 100}
	closedJournal(t, cfg, "a good mail", strings.Repeat("a large mail", 100))
	spare := mint{now: newClock().now, random: newChance(7)}
	name := func() string {
		id, err := spare.segment() // each a millisecond later
		if err != nil {
			t.Fatal(err)
		}
		return string(id)
	}
	put := func(text string, elems ...string) {
		writeFile(t, filepath.Join(append([]string{cfg.Dir}, elems...)...), []byte(text))
	}
	put("", name()+segmentSuffix)                           // a crash before its first line
	put(strings.Repeat("\x00", 5000), name()+segmentSuffix) // or before that line was on the disk
	put(formatLine, name()+segmentSuffix)                   // or before its first mail
	put("garbage from start to end", name()+segmentSuffix)
	put("a whole mail", "large", name()+largeSuffix) // fault 3: its Put was interrupted after the rename
	swept, its := name(), name()
	put("all 1 "+its+"\n", swept+marksSuffix) // a sweep was interrupted
	put("a mail that was done", "large", its+largeSuffix)
	put("half a mail", "tmp", name()) // fault 2: … or before
	put("notes", "README")
	put("notes", "notes"+segmentSuffix)
	put("notes", "large", "notes")
	if err := os.Mkdir(filepath.Join(cfg.Dir, name()+segmentSuffix), 0o700); err != nil {
		t.Fatal(err)
	}

	j := mustOpen(t, cfg, Deps{})
	if diff := cmp.Diff([]string{"a good mail", strings.Repeat("a large mail", 100)}, pendingBodies(t, j)); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
	var got []string
	for _, name := range files(t, cfg.Dir) {
		got = append(got, fmt.Sprintf("%s: %.12s", path.Dir(name), readFile(t, filepath.Join(cfg.Dir, name))))
	}
	slices.Sort(got)
	want := []string{
		".: notes", ".: notes", ".: supportd-jou",
		"corrupt: a whole mail", "corrupt: garbage from",
		"large: a large mail", "large: notes",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files and how they begin (-want +got):\n%s", diff)
	}
}

// The file of a large mail whose record is damaged is the mail itself.
func TestLargeMailOutlivesItsRecord(t *testing.T) {
	cfg := Config{Dir: t.TempDir(), LargeBytes: 100}
	large := strings.Repeat("a large mail", 100)
	closedJournal(t, cfg, large, "small")
	name := onlySegment(t, cfg.Dir)
	b := readFile(t, name)
	b[recordsOf(t, name)[0].end()-3] ^= 1
	writeFile(t, name, b)

	j := mustOpen(t, cfg, Deps{})
	if diff := cmp.Diff([]string{"small"}, pendingBodies(t, j)); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
	aside := matching(corrupt(t, cfg.Dir), largeSuffix)
	if len(aside) != 1 || string(readFile(t, filepath.Join(cfg.Dir, aside[0]))) != large {
		t.Errorf("set aside: %v, want the mail", aside)
	}
}

// Damage that happens while the journal is open is found when the mail is read.
func TestDamageAfterOpen(t *testing.T) {
	cfg := Config{Dir: t.TempDir(), LargeBytes: 100}
	large := strings.Repeat("a large mail", 100)
	closedJournal(t, cfg, "damaged", large, "good")
	j := mustOpen(t, cfg, Deps{})

	name := onlySegment(t, cfg.Dir)
	b := readFile(t, name)
	b[recordsOf(t, name)[0].end()-1] ^= 1
	writeFile(t, name, b)
	file := filepath.Join(cfg.Dir, matching(files(t, cfg.Dir), "large/")[0])
	writeFile(t, file, append(readFile(t, file)[:500], "something else"...))

	m := mustNext(t, j) // the first is passed over
	if _, err := m.Bytes(); !errors.Is(err, ErrDamaged) {
		t.Errorf("Bytes of a changed file: %v, want ErrDamaged", err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Bytes(); !errors.Is(err, ErrDamaged) {
		t.Errorf("Bytes of a lost file: %v, want ErrDamaged", err)
	}
	if got := body(t, mustNext(t, j)); got != "good" {
		t.Errorf("got %q", got)
	}
	if st := j.Stats(); st.Damaged != 1 || st.Pending != 2 || len(corrupt(t, cfg.Dir)) != 1 {
		t.Errorf("%+v, set aside %v", st, corrupt(t, cfg.Dir))
	}
}

// Fault 28: an older supportd refuses a newer journal and leaves it as it is.
func TestNewerFormatIsRefused(t *testing.T) {
	cfg := Config{Dir: t.TempDir()}
	closedJournal(t, cfg, "hej")
	name := onlySegment(t, cfg.Dir)
	newer := bytes.Replace(readFile(t, name), []byte(formatLine), []byte("supportd-journal 2\n"), 1)
	newer = bytes.ReplaceAll(newer, boundary(segmentOf(name)), []byte("something new"))
	writeFile(t, name, newer)
	if _, err := Open(cfg, Deps{}); !errors.Is(err, ErrFormat) {
		t.Errorf("Open: %v, want ErrFormat", err)
	}
	if got := readFile(t, name); !bytes.Equal(got, newer) {
		t.Error("the newer segment was changed")
	}
	writeFile(t, name, bytes.Replace(newer, []byte("journal 2"), []byte("journal x"), 1)) // damage, not a version
	mustOpen(t, cfg, Deps{})
}

func TestTornMarksAreSkipped(t *testing.T) {
	cfg := Config{Dir: t.TempDir()}
	j := mustOpen(t, cfg, Deps{Boot: "a"})
	var ids []ID
	for _, s := range numbered(4) {
		ids = append(ids, mustPut(t, j, s))
	}
	if err := errors.Join(j.Done(ids[0]), j.Done(ids[1]), j.Close()); err != nil {
		t.Fatal(err)
	}
	marks := strings.TrimSuffix(onlySegment(t, cfg.Dir), segmentSuffix) + marksSuffix
	b := readFile(t, marks)
	writeFile(t, marks, b[:len(b)-5]) // the second mark is torn

	j = mustOpen(t, cfg, Deps{Boot: "a"})
	if err := j.Done(ids[3]); err != nil { // must not be glued to the torn one
		t.Fatal(err)
	}
	j = reopen(t, j, cfg, Deps{Boot: "a"})
	if diff := cmp.Diff(numbered(4)[1:3], pendingBodies(t, j)); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
}
