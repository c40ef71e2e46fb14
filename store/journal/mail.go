package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
)

// Mail is one accepted mail as read from the journal.
type Mail struct {
	ID       ID
	Envelope Envelope
	Size     int64 // bytes of the raw mail
	Tries    int   // how often Next has given it out in this run, this time included

	raw  []byte
	path string // of a large mail, whose raw is nil
	sum  string // its SHA-256, hex
}

// Bytes returns the raw mail, byte for byte as it was put; the caller must not
// change it. ErrDamaged if it is no longer that.
func (m Mail) Bytes() ([]byte, error) {
	if m.path == "" {
		return m.raw, nil
	}
	r, err := m.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var b bytes.Buffer
	b.Grow(int(m.Size) + bytes.MinRead)
	_, err = b.ReadFrom(r)
	return b.Bytes(), err
}

// Open returns a reader of the raw mail. At the end of a damaged mail it
// returns ErrDamaged instead of io.EOF.
func (m Mail) Open() (io.ReadCloser, error) {
	if m.path == "" {
		return io.NopCloser(bytes.NewReader(m.raw)), nil
	}
	f, err := os.Open(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("opening mail %s: %w: %w", m.ID, ErrDamaged, err)
	}
	if err != nil {
		return nil, fmt.Errorf("opening mail %s: %w", m.ID, err)
	}
	return &verifier{f: f, mail: m, sum: sha256.New()}, nil
}

// verifier reads a file and compares it with its sum at the end.
type verifier struct {
	f    *os.File
	mail Mail
	sum  hash.Hash
}

func (v *verifier) Read(p []byte) (int, error) {
	n, err := v.f.Read(p)
	v.sum.Write(p[:n])
	if err == io.EOF && hex.EncodeToString(v.sum.Sum(nil)) != v.mail.sum {
		err = fmt.Errorf("reading mail %s: %w", v.mail.ID, ErrDamaged)
	}
	return n, err
}

func (v *verifier) Close() error { return v.f.Close() }

// readMail reads the mail that a record of the segment holds or names.
func (l layout) readMail(segment ID, rec record) (Mail, error) {
	f, err := os.Open(l.segment(segment))
	if err != nil {
		return Mail{}, fmt.Errorf("reading mail %s: %w", rec.id, err)
	}
	defer f.Close()
	return l.mailFrom(f, segment, rec)
}

func (l layout) mailFrom(r io.ReaderAt, segment ID, rec record) (Mail, error) {
	m, body, err := readRecord(r, segment, rec)
	if err != nil {
		return Mail{}, err
	}
	mail := Mail{ID: rec.id, Envelope: m.Envelope, Size: m.Size, raw: body}
	if rec.kind == kindFile {
		mail.raw, mail.path, mail.sum = nil, l.large(rec.id), m.SHA256
	}
	return mail, nil
}
