package journal

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

const (
	idAlphabet = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's base32, lower case
	idLen      = 20
	stampLen   = 10 // characters of the time; 5 bits each
)

// ParseID checks that s has the form of an ID. Only the exact form passes, so
// a parsed ID is safe in a file name.
func ParseID(s string) (ID, error) {
	if len(s) != idLen {
		return "", fmt.Errorf("mail ID %.40q: want %d characters", s, idLen)
	}
	for i := range len(s) {
		if strings.IndexByte(idAlphabet, s[i]) < 0 {
			return "", fmt.Errorf("mail ID %q: character %d is not lower-case Crockford base32", s, i+1)
		}
	}
	return ID(s), nil
}

// Time is when the mail was accepted, to the millisecond; zero if id is not of
// the form that ParseID takes.
func (id ID) Time() time.Time {
	if _, err := ParseID(string(id)); err != nil {
		return time.Time{}
	}
	var ms uint64
	for i := range stampLen {
		ms = ms<<5 | uint64(strings.IndexByte(idAlphabet, id[i]))
	}
	return time.UnixMilli(int64(ms))
}

// stamp is the part of an ID by which mails and segments are matched.
func (id ID) stamp() string { return string(id[:stampLen]) }

// mint hands out IDs whose times never run backwards, whatever the clock does.
// Safe for concurrent use.
type mint struct {
	now func() time.Time

	mu     sync.Mutex
	random io.Reader
	last   int64 // milliseconds of the newest ID, ours or found on disk
}

// seen tells the mint of an ID from an earlier run.
func (m *mint) seen(id ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = max(m.last, id.Time().UnixMilli())
}

// mail returns an ID not older than any before it.
func (m *mint) mail() (ID, error) { return m.next(0) }

// segment returns an ID whose time is later than that of any before it, so
// that the segments' names part the mails cleanly.
func (m *mint) segment() (ID, error) { return m.next(1) }

func (m *mint) next(step int64) (ID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var chance [8]byte
	if _, err := io.ReadFull(m.random, chance[:]); err != nil {
		return "", fmt.Errorf("drawing a mail ID: %w", err)
	}
	m.last = max(m.last+step, m.now().UnixMilli(), 0)

	var id [idLen]byte
	encode32(id[:stampLen], uint64(m.last))
	encode32(id[stampLen:], binary.BigEndian.Uint64(chance[:]))
	return ID(id[:]), nil
}

// encode32 fills dst with the low bits of v, five to a character.
func encode32(dst []byte, v uint64) {
	for i := len(dst) - 1; i >= 0; i-- {
		dst[i] = idAlphabet[v&31]
		v >>= 5
	}
}
