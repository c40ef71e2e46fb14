package journal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// Put reads a mail to its end and returns once it and its envelope are durable.
// After an error nothing of it is kept. The error of r, ErrTooLarge, ErrFull,
// ErrClosed and ctx's can be told apart; all else is the disk's fault. Once the
// mail has been read and its write begun, Put waits for the outcome though ctx
// may end.
//
// A reader with a method Flags() []string is asked at the end of the mail for
// what the door saw in it; its flags replace those of the envelope.
func (j *Journal) Put(ctx context.Context, e Envelope, r io.Reader) (ID, error) {
	if j.isClosed() {
		return "", ErrClosed
	}
	if j.Full() {
		return "", ErrFull
	}
	door, _ := r.(flagger)
	if j.cfg.MaxBytes > 0 {
		r = &capped{r: r, left: j.cfg.MaxBytes}
	}
	buf := j.buffers.Get().(*bytes.Buffer)
	defer j.buffers.Put(buf)
	buf.Reset()
	if _, err := buf.ReadFrom(io.LimitReader(r, j.cfg.LargeBytes+1)); err != nil {
		return "", fmt.Errorf("reading mail: %w", err)
	}
	if int64(buf.Len()) > j.cfg.LargeBytes {
		return j.putLarge(ctx, e, io.MultiReader(buf, r), door)
	}
	line, err := meta{Envelope: flagged(e, door), Size: int64(buf.Len())}.line()
	if err != nil {
		return "", err
	}
	return j.writer.put(ctx, &request{kind: kindMail, meta: line, body: buf.Bytes()})
}

type flagger interface{ Flags() []string }

func flagged(e Envelope, door flagger) Envelope {
	if door != nil {
		e.Flags = door.Flags()
	}
	return e
}

// putLarge streams the mail to a file; the writer gives it its name and
// records it.
func (j *Journal) putLarge(ctx context.Context, e Envelope, r io.Reader, door flagger) (_ ID, err error) {
	name, err := j.mint.mail()
	if err != nil {
		return "", err
	}
	temp := j.layout.temp(name)
	defer func() {
		if err != nil {
			j.deps.disk.Remove(temp) // Open sweeps what remains
		}
	}()
	size, sum, err := j.spool(ctx, temp, r)
	if err != nil {
		return "", err
	}
	line, err := meta{Envelope: flagged(e, door), Size: size, SHA256: sum}.line()
	if err != nil {
		return "", err
	}
	return j.writer.put(ctx, &request{kind: kindFile, meta: line, temp: temp, size: size})
}

// spool copies r to a new, synced file and returns its size and SHA-256.
func (j *Journal) spool(ctx context.Context, name string, r io.Reader) (int64, string, error) {
	f, err := j.deps.disk.Create(name)
	if err != nil {
		return 0, "", fmt.Errorf("making a file for a large mail: %w", err)
	}
	sum := sha256.New()
	source := &failing{r: r}
	size, err := io.Copy(io.MultiWriter(f, sum), source)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if source.err != nil {
		return 0, "", fmt.Errorf("reading mail: %w", source.err)
	}
	if err != nil {
		return 0, "", fmt.Errorf("writing a large mail: %w", err)
	}
	return size, hex.EncodeToString(sum.Sum(nil)), nil
}

// failing remembers the error of its reader, so that it can be told from the
// writer's.
type failing struct {
	r   io.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

// capped reads up to left bytes and is ErrTooLarge if there are more.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	if int64(n) > c.left {
		return int(c.left), ErrTooLarge
	}
	c.left -= int64(n)
	return n, err
}
