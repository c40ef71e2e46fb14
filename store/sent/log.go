package sent

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/ticket"
)

const (
	suffix = ".log"
	// A file this long, or this old, is ended and another one begun, so that what
	// is old can be dropped.
	fileBytes = 4 << 20
	fileAge   = 24 * time.Hour
)

// Log is the letters that have left by this node's hands, and those of the nodes
// whose files lie in the same folder. It is safe for concurrent use.
type Log struct {
	dir    string
	now    func() time.Time
	random io.Reader
	log    zerolog.Logger
	create func(name string) (file, error)

	mu      sync.RWMutex // guards all below
	letters map[string]Letter
	highest map[ticket.ID]int
	files   map[string]time.Time // that were read or are written → their newest letter
	out     *output              // nil until there is something to write
}

// Deps are what a log takes from outside.
type Deps struct {
	Now    func() time.Time
	Random io.Reader // for the names of files
	Log    zerolog.Logger
}

// Open reads the folder, which need not exist. ErrFormat if a newer version wrote
// to it. Nothing is written before the first Add; who adds must be the only one who
// does so in this folder.
func Open(dir string, d Deps) (*Log, error) {
	l := &Log{
		dir: dir, now: d.Now, random: d.Random, log: d.Log, create: createFile,
		letters: map[string]Letter{}, highest: map[ticket.ID]int{}, files: map[string]time.Time{},
	}
	_, err := l.Reload()
	return l, err
}

// Reload reads the folder again, into which files of another node may have been
// copied. It returns how many letters are known now.
func (l *Log) Reload() (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries, err := os.ReadDir(l.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("reading which letters were sent: %w", err)
	}
	for _, e := range entries {
		name := e.Name()
		ours := l.out != nil && l.out.name == name
		if ours || !strings.HasSuffix(name, suffix) || strings.HasPrefix(name, ".") {
			continue
		}
		if err := l.read(name); err != nil {
			return 0, fmt.Errorf("reading which letters were sent: %s: %w", name, err)
		}
	}
	return len(l.letters), nil
}

// read is called with mu held.
func (l *Log) read(name string) error {
	f, err := os.Open(filepath.Join(l.dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	var newest time.Time
	torn, err := readLetters(f, func(letter Letter) {
		l.remember(letter)
		newest = later(newest, letter.At)
	})
	if err != nil {
		return err
	}
	if torn > 1 { // one is what a crash leaves
		l.log.Warn().Str("file", name).Int("lines", torn).Msg("damaged lines in the log of sent letters are skipped")
	}
	if newest.IsZero() {
		newest = l.now() // an empty file is dropped in time
	}
	l.files[name] = newest
	return nil
}

// remember is called with mu held. The first sending of a letter counts.
func (l *Log) remember(letter Letter) {
	if _, known := l.letters[letter.Key]; !known {
		l.letters[letter.Key] = letter
	}
	l.highest[letter.Ticket] = max(l.highest[letter.Ticket], letter.Number)
}

// Find returns the letter that left under a key, if one did.
func (l *Log) Find(key string) (Letter, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	letter, ok := l.letters[key]
	return letter, ok
}

// Highest is the greatest number under which a letter of a ticket left; 0 if none
// did.
func (l *Log) Highest(id ticket.ID) int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.highest[id]
}

// Add notes that a letter left. After nil that is on stable storage; after an error
// this process knows of it all the same.
func (l *Log) Add(letter Letter) error {
	letter.At, letter.Reply = letter.At.UTC().Truncate(time.Millisecond), impersonal(letter.Reply)
	if !letter.writable() {
		return fmt.Errorf("noting that a letter was sent: %q of %q is none", letter.Key, letter.Ticket)
	}
	l.mu.Lock()
	l.remember(letter)
	out, upTo, err := l.write(letter)
	l.mu.Unlock()
	if err == nil {
		err = out.sync(upTo)
	}
	if err != nil {
		l.abandon(out)
		return fmt.Errorf("noting that a letter was sent: %w", err)
	}
	return nil
}

// write is called with mu held. It returns how much of the file is to be synced.
func (l *Log) write(letter Letter) (*output, int64, error) {
	now := l.now()
	if o := l.out; o != nil && (o.written.Load() > fileBytes || now.Sub(o.begun) > fileAge) {
		l.out = nil
		if err := o.end(); err != nil {
			l.log.Error().Err(err).Msg("ending a file of sent letters")
		}
	}
	if l.out == nil {
		if err := l.begin(now); err != nil {
			return nil, 0, err
		}
	}
	l.files[l.out.name] = later(l.files[l.out.name], letter.At)
	upTo, err := l.out.write(letter.line())
	return l.out, upTo, err
}

// begin starts a file whose name no node ever chose before.
func (l *Log) begin(now time.Time) error {
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return err
	}
	var chance [6]byte
	if _, err := io.ReadFull(l.random, chance[:]); err != nil {
		return fmt.Errorf("drawing a name: %w", err)
	}
	name := now.UTC().Format("20060102T150405") + "-" + hex.EncodeToString(chance[:]) + suffix
	f, err := l.create(filepath.Join(l.dir, name))
	if err != nil {
		return err
	}
	o := &output{f: f, name: name, begun: now}
	if _, err := o.write([]byte(formatLine)); err != nil {
		return errors.Join(err, f.Close())
	}
	l.files[name] = now
	l.out = o
	return nil
}

// abandon lets go of a file that could not be written or synced: a sync that is
// tried again may succeed though the bytes are gone.
func (l *Log) abandon(o *output) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if o != nil && l.out == o {
		l.out = nil
		o.close()
	}
}

// Prune forgets the letters that left before limit, and deletes the files that
// hold no others.
func (l *Log) Prune(limit time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var errs []error
	for name, newest := range l.files {
		if !newest.Before(limit) || l.out != nil && l.out.name == name {
			continue
		}
		if err := os.Remove(filepath.Join(l.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("dropping old notes of sent letters: %w", err))
			continue
		}
		delete(l.files, name)
	}
	clear(l.highest)
	for key, letter := range l.letters {
		if letter.At.Before(limit) {
			delete(l.letters, key)
			continue
		}
		l.highest[letter.Ticket] = max(l.highest[letter.Ticket], letter.Number)
	}
	return errors.Join(errs...)
}

// Close ends the file that is written. Add must not be called after it.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	o := l.out
	l.out = nil
	if o == nil {
		return nil
	}
	return o.end()
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
