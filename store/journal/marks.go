package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Beside each segment stands a file of marks, one a line, that tell what became
// of its mails:
//
//	boot <name>                the marks below are made in this run of the machine
//	done <id>                  filed
//	park <id> <time> "reason"  to be looked at by a person
//	retry <id>                 pending again, whatever was said before
//	kept <offset>              what the done marks before this offset rest on is safe
//	all <count> <id>           sealed, all its mails done and safe; the newest is id
//
// A done mark is not synced. Should it be lost, its mail is filed again, which
// changes nothing. The reverse is what would hurt: a power failure after which
// the mark is there and what was filed is not, in a store that syncs late as
// Redis may. So done marks of an earlier run of the machine are void, unless a
// kept or all after them in that same run tells that a Sweep came later.
//
// Lines that make no sense, such as the torn last one after a crash, are
// skipped.

// marks is what such a file says.
type marks struct {
	done   map[ID]bool
	parked map[ID]Parked
	all    *allDone     // nil unless nothing was said after it
	unkept map[ID]int64 // done marks that no kept follows, by their offset
	size   int64
}

type allDone struct {
	count int
	last  ID
}

// readMarks reads the file of marks; an absent one says nothing.
func readMarks(name, boot string) (marks, error) {
	b, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return marks{}, fmt.Errorf("reading marks: %w", err)
	}
	return parseMarks(b, boot), nil
}

func parseMarks(b []byte, boot string) marks {
	m := marks{
		done:   make(map[ID]bool),
		parked: make(map[ID]Parked),
		unkept: make(map[ID]int64),
		size:   int64(len(b)),
	}
	run := ""
	var offset int64
	for line := range bytes.Lines(b) {
		verb, rest, _ := strings.Cut(strings.TrimSuffix(string(line), "\n"), " ")
		switch verb {
		case "boot":
			m.enter(rest, run)
			run = rest
		case "kept":
			m.keep(rest)
		case "all":
			if all, ok := parseAll(rest); ok {
				m.all = &all
				clear(m.unkept)
			}
		default:
			m.mark(verb, rest, offset)
		}
		offset += int64(len(line))
	}
	m.enter(boot, run)
	return m
}

// enter voids what an earlier run of the machine had not made safe. A run
// without a name is like no other.
func (m *marks) enter(run, before string) {
	if run == before && run != "" {
		return
	}
	for id := range m.unkept {
		delete(m.done, id)
	}
	clear(m.unkept)
}

func (m *marks) keep(offset string) {
	upTo, err := strconv.ParseInt(offset, 10, 64)
	if err != nil {
		return
	}
	maps.DeleteFunc(m.unkept, func(_ ID, at int64) bool { return at < upTo })
}

// mark takes a line about one mail, which begins at the offset.
func (m *marks) mark(verb, rest string, offset int64) {
	word, detail, _ := strings.Cut(rest, " ")
	id, err := ParseID(word)
	if err != nil {
		return
	}
	switch verb {
	case "done":
		delete(m.parked, id)
		m.done[id] = true
		m.unkept[id] = offset
		return
	case "park":
		p, ok := parsePark(id, detail)
		if !ok {
			return
		}
		m.parked[id] = p
	case "retry":
		delete(m.parked, id)
	default:
		return
	}
	delete(m.done, id)
	delete(m.unkept, id)
	m.all = nil
}

func parseAll(s string) (allDone, bool) {
	count, last, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(count)
	id, idErr := ParseID(last)
	return allDone{count: n, last: id}, err == nil && idErr == nil
}

func parsePark(id ID, s string) (Parked, bool) {
	when, quoted, _ := strings.Cut(s, " ")
	at, err := time.Parse(time.RFC3339, when)
	reason, quoteErr := strconv.Unquote(quoted)
	return Parked{ID: id, Reason: reason, At: at}, err == nil && quoteErr == nil
}

func doneLine(id ID) string  { return "done " + string(id) + "\n" }
func retryLine(id ID) string { return "retry " + string(id) + "\n" }
func keptLine(upTo int64) string {
	return "kept " + strconv.FormatInt(upTo, 10) + "\n"
}

func parkLine(p Parked) string {
	return fmt.Sprintf("park %s %s %s\n", p.ID, p.At.UTC().Format(time.RFC3339), strconv.QuoteToASCII(p.Reason))
}

func (a allDone) line() string { return fmt.Sprintf("all %d %s\n", a.count, a.last) }

// markFile appends to a file of marks, which it opens when there is something
// to write. Safe for concurrent use.
type markFile struct {
	disk disk
	name string
	boot string

	mu     sync.Mutex
	f      file // nil while closed
	size   int64
	unkept bool // done marks stand after the last kept
	ended  bool // the journal is closed
}

// done appends the mark without making it durable.
func (m *markFile) done(id ID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unkept = true
	return m.write(doneLine(id))
}

// append writes lines that must not be lost, and syncs them.
func (m *markFile) append(lines string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.write(lines); err != nil {
		return err
	}
	if err := errors.Join(m.f.Sync(), m.disk.SyncDir(filepath.Dir(m.name))); err != nil {
		return fmt.Errorf("syncing marks: %w", err)
	}
	return nil
}

// write is called with mu held. After a failure the file is closed, so that the
// next mark begins on a line of its own.
func (m *markFile) write(lines string) error {
	if m.ended {
		return ErrClosed
	}
	if err := m.openFile(); err != nil {
		return fmt.Errorf("opening marks: %w", err)
	}
	n, err := m.f.Write([]byte(lines))
	m.size += int64(n)
	if err != nil {
		m.closeFile()
		return fmt.Errorf("writing mark: %w", err)
	}
	return nil
}

// openFile opens the file if it is not, and enters this run of the machine. That
// is synced if there are marks already: it may void some of them, and a kept
// that outlived it would make them good.
func (m *markFile) openFile() error {
	if m.f != nil {
		return nil
	}
	f, err := m.disk.Append(m.name)
	if err != nil {
		return err
	}
	n, err := f.Write([]byte("\nboot " + m.boot + "\n"))
	if err == nil && m.size > 0 {
		err = f.Sync()
	}
	m.size += int64(n)
	if err != nil {
		f.Close()
		return err
	}
	m.f = f
	return nil
}

// extent returns up to where the marks stand now, and whether any of them still
// waits for a kept.
func (m *markFile) extent() (size int64, unkept bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.size, m.unkept
}

// keep notes that what the marks up to size rest on is safe.
func (m *markFile) keep(size int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.size == size {
		m.unkept = false
	}
	return m.write(keptLine(size))
}

// settle notes that all is done and safe.
func (m *markFile) settle(all allDone) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unkept = false
	return m.write(all.line())
}

// close lets go of the file; a later mark opens it again.
func (m *markFile) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closeFile()
}

// end closes the file for good.
func (m *markFile) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended = true
	m.closeFile()
}

func (m *markFile) closeFile() {
	if m.f != nil {
		m.f.Close() // nothing rests on it: marks that matter were synced
		m.f = nil
	}
}
