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

// recordsOf lists the records of a segment file.
func recordsOf(t testing.TB, name string) []record {
	t.Helper()
	list, _ := surveyOf(t, readFile(t, name), segmentOf(name))
	return list
}

func segmentOf(name string) ID {
	return ID(strings.TrimSuffix(filepath.Base(name), segmentSuffix))
}

func corrupt(t testing.TB, dir string) []string {
	t.Helper()
	return matching(files(t, dir), "corrupt/")
}

// surveyOf scans the bytes of a segment.
func surveyOf(t testing.TB, b []byte, segment ID) (list []record, found survey) {
	t.Helper()
	found, err := scan(bytes.NewReader(b), int64(len(b)), segment, func(r record) bool {
		list = append(list, r)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return list, found
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
	records, _ := surveyOf(t, whole, segmentOf(name))
	last := records[2]

	for _, zeros := range []int{0, 4000} {
		for cut := last.offset; cut < last.end(); cut++ {
			torn := append(whole[:cut:cut], make([]byte, zeros)...)
			got, found := surveyOf(t, torn, segmentOf(name))
			if diff := cmp.Diff(records[:2], got, cmp.AllowUnexported(record{}, head{})); diff != "" {
				t.Fatalf("cut at %d, %d zeros: records (-want +got):\n%s", cut, zeros, diff)
			}
			if want := (stretch{last.offset, cut}); found.tail != want {
				t.Fatalf("cut at %d, %d zeros: tail %v, want %v", cut, zeros, found.tail, want)
			}
			if (cut-last.offset)%20 == 0 {
				openTorn(t, filepath.Base(name), torn, mails[:2], whole[:last.offset], whole[last.offset:cut])
			}
		}
	}
}

// openTorn opens a journal that consists of a torn segment.
func openTorn(t *testing.T, name string, torn []byte, mails []string, kept, tail []byte) {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, name), torn)
	j := mustOpen(t, Config{Dir: dir}, Deps{disk: rapidDisk{}})
	if diff := cmp.Diff(mails, pendingBodies(t, j)); diff != "" {
		t.Fatalf("cut at %d: mails (-want +got):\n%s", len(torn), diff)
	}
	var aside []byte
	for _, name := range corrupt(t, dir) {
		aside = append(aside, readFile(t, filepath.Join(dir, name))...)
	}
	if !bytes.Equal(aside, tail) {
		t.Fatalf("cut at %d: set aside %q, want %q", len(torn), aside, tail)
	}
	if got := readFile(t, onlySegment(t, dir)); !bytes.Equal(got, kept) {
		t.Fatalf("cut at %d: the segment has %d bytes, want %d", len(torn), len(got), len(kept))
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
	records, _ := surveyOf(t, whole, segmentOf(name))

	for at := range whole {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 0x20
		var left []record
		var want []string
		lost := stretch{0, records[0].offset} // the format line
		for i, r := range records {
			if int64(at) >= r.offset && int64(at) < r.end() {
				lost = stretch{r.offset, r.end()}
				continue
			}
			left = append(left, r)
			want = append(want, mails[i])
		}
		got, found := surveyOf(t, damaged, segmentOf(name))
		if diff := cmp.Diff(left, got, cmp.AllowUnexported(record{}, head{})); diff != "" {
			t.Fatalf("byte %d: records (-want +got):\n%s", at, diff)
		}
		if all := append(found.damaged, found.tail); all[0] != lost {
			t.Fatalf("byte %d: damaged %v, want %v", at, all, lost)
		}
		if at%20 == 0 {
			openDamaged(t, filepath.Base(name), damaged, want)
		}
	}
}

// openDamaged opens a journal that consists of a damaged segment, twice: the
// second time the damage is found again, and no more.
func openDamaged(t *testing.T, name string, damaged []byte, mails []string) {
	t.Helper()
	cfg, deps := Config{Dir: t.TempDir()}, Deps{disk: rapidDisk{}}
	writeFile(t, filepath.Join(cfg.Dir, name), damaged)
	j := mustOpen(t, cfg, deps)
	for run := range 2 {
		if diff := cmp.Diff(mails, pendingBodies(t, j)); diff != "" {
			t.Fatalf("run %d: mails (-want +got):\n%s", run, diff)
		}
		if n := len(corrupt(t, cfg.Dir)); n != 1 || j.Stats().Damaged != 1 {
			t.Fatalf("run %d: %d files set aside, %d counted, want 1", run, n, j.Stats().Damaged)
		}
		j = reopen(t, j, cfg, deps)
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
