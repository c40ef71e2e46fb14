package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// oldMail is one mail of a mailbox, or why it cannot be read.
type oldMail struct {
	name     string // the file, or the place within it
	raw      []byte
	received time.Time // as the mailbox has it; zero if it does not say
	err      error
}

// errTooLong is the fault of a mail over the limit.
var errTooLong = errors.New("it is larger than smtp.max_message_bytes")

// mailFiles reads a mail from each file.
func mailFiles(names []string, limit int64) iter.Seq[oldMail] {
	return func(yield func(oldMail) bool) {
		for _, name := range names {
			m := oldMail{name: name}
			m.raw, m.received, m.err = readOldMail(name, limit)
			if !yield(m) {
				return
			}
		}
	}
}

func readOldMail(name string, limit int64) ([]byte, time.Time, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, time.Time{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, time.Time{}, err
	}
	if !info.Mode().IsRegular() {
		return nil, time.Time{}, errors.New("it is no file")
	}
	raw, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(raw)) > limit {
		return nil, time.Time{}, errTooLong
	}
	return raw, info.ModTime(), err
}

// maildirFiles lists the mails of a maildir, oldest first: the names begin with the
// time of delivery.
func maildirFiles(path string) ([]string, error) {
	var names []string
	for _, sub := range []string{"cur", "new"} {
		entries, err := os.ReadDir(filepath.Join(path, sub))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s is no maildir: it has no folder %s", path, sub)
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !strings.HasPrefix(e.Name(), ".") {
				names = append(names, filepath.Join(path, sub, e.Name()))
			}
		}
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(filepath.Base(a), filepath.Base(b)) })
	return names, nil
}

// mbox reads the mails of an mbox file (RFC 4155): each begins behind a line
// "From …" that ends in a year and stands first or behind an empty line. A ">"
// before From in a mail's text is taken away once, as programs put it there.
func mbox(name string, r io.Reader, limit int64) iter.Seq[oldMail] {
	return func(yield func(oldMail) bool) {
		in := bufio.NewReaderSize(r, 64<<10)
		box := mboxReader{name: name, limit: limit}
		for {
			line, err := readLine(in, limit)
			if m, whole := box.line(line); whole && !yield(m) {
				return
			}
			if err == nil {
				continue
			}
			if !errors.Is(err, io.EOF) {
				yield(oldMail{name: box.place(), err: err})
				return
			}
			if m, whole := box.end(); whole {
				yield(m)
			}
			return
		}
	}
}

// readLine reads a line with its end. Of one that is longer than any mail may be no
// more is kept than tells so.
func readLine(in *bufio.Reader, limit int64) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if int64(len(line)) <= limit {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

type mboxReader struct {
	name   string
	limit  int64
	number int // of the mail, from 1
	mail   []byte
	start  time.Time // from its From line
	open   bool      // a From line has come
	blank  bool      // the last line was empty
}

func (b *mboxReader) place() string { return fmt.Sprintf("%s, mail %d", b.name, b.number) }

// line takes the next line, and returns the mail that ended before it.
func (b *mboxReader) line(line []byte) (oldMail, bool) {
	text := bytes.TrimRight(line, "\r\n")
	received, from := fromLine(text)
	if from && (b.blank || !b.open && len(b.mail) == 0) {
		m, whole := b.end()
		b.number++
		b.open, b.start, b.blank = true, received, false
		return m, whole
	}
	b.blank = len(text) == 0 && len(line) > 0
	if quoted := bytes.TrimLeft(line, ">"); len(quoted) < len(line) && bytes.HasPrefix(quoted, []byte("From ")) {
		line = line[1:]
	}
	if int64(len(b.mail)) <= b.limit {
		b.mail = append(b.mail, line...)
	}
	return oldMail{}, false
}

// end returns the mail that was read, without the empty line that parts it from the
// next.
func (b *mboxReader) end() (oldMail, bool) {
	raw, open := b.mail, b.open
	b.mail, b.open = nil, false
	if !open {
		if len(bytes.TrimSpace(raw)) == 0 {
			return oldMail{}, false
		}
		b.number++
		return oldMail{name: b.place(), err: errors.New(`no line "From …" stands before it: this is no mbox`)}, true
	}
	m := oldMail{name: b.place(), raw: raw, received: b.start}
	if int64(len(raw)) > b.limit {
		m.raw, m.err = nil, errTooLong
	}
	if cut, ok := bytes.CutSuffix(m.raw, []byte("\n\n")); ok {
		m.raw = append(cut, '\n')
	} else if cut, ok := bytes.CutSuffix(m.raw, []byte("\r\n\r\n")); ok {
		m.raw = append(cut, '\r', '\n')
	}
	return m, true
}

// fromLine reads the line before a mail: "From sender date", the date as asctime
// writes it, a zone before or behind the year.
func fromLine(line []byte) (time.Time, bool) {
	rest, ok := bytes.CutPrefix(line, []byte("From "))
	if !ok {
		return time.Time{}, false
	}
	words := strings.Fields(string(rest))
	for from := range words { // the sender may hold blanks
		date := strings.Join(words[from:], " ")
		for _, layout := range []string{"Mon Jan 2 15:04:05 2006", "Mon Jan 2 15:04:05 2006 -0700", "Mon Jan 2 15:04:05 MST 2006", "Mon Jan 2 15:04:05 -0700 2006", "Mon Jan 2 15:04 2006"} {
			if t, err := time.Parse(layout, date); err == nil {
				return t, true
			}
		}
	}
	return time.Time{}, false
}
