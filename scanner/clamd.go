package scanner

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

const (
	// clamdChunk is how much goes into one chunk of INSTREAM.
	clamdChunk = 64 << 10
	// maxClamdReply bounds what clamd can make us read: one line.
	maxClamdReply = 4 << 10
)

// clamd speaks to one ClamAV daemon, a connection for each file (clamd(8),
// INSTREAM).
type clamd struct {
	network, address string
}

// errTooLarge is returned for what exceeds clamd's own StreamMaxLength.
var errTooLarge = errors.New("larger than clamd's StreamMaxLength")

// scan streams data to clamd and returns the name of what it found, "" for
// nothing. After an error it is not known what there is.
func (c clamd) scan(ctx context.Context, data []byte) (found string, err error) {
	whole := false
	reply, err := c.ask(ctx, func(w io.Writer) error {
		err := stream(w, data)
		whole = err == nil
		return err
	})
	if err != nil {
		return "", err
	}
	found, err = verdictOf(reply)
	if err == nil && found == "" && !whole {
		err = errors.New("clamd answered before it had all")
	}
	return found, err
}

// ping asks whether clamd is there and has its signatures loaded.
func (c clamd) ping(ctx context.Context) error {
	reply, err := c.ask(ctx, func(w io.Writer) error {
		_, err := io.WriteString(w, "zPING\x00")
		return err
	})
	if err == nil && reply != "PONG" {
		err = fmt.Errorf("clamd answers %.200q to PING", reply)
	}
	return err
}

// ask writes a question and reads the one answer. The end of ctx ends it.
func (c clamd) ask(ctx context.Context, question func(io.Writer) error) (string, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, c.network, c.address)
	if err != nil {
		return "", fmt.Errorf("connecting to clamd: %w", err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	// clamd answers and hangs up in the midst of a stream that is too large: what it
	// said is worth more than that it could not be written to.
	writeErr := question(conn)
	reply, err := readReply(conn)
	switch {
	case err == nil:
		return reply, nil
	case ctx.Err() != nil:
		return "", fmt.Errorf("waiting for clamd: %w", context.Cause(ctx))
	case writeErr != nil:
		return "", fmt.Errorf("writing to clamd: %w", writeErr)
	}
	return "", fmt.Errorf("reading clamd's answer: %w", err)
}

// readReply reads one answer, which ends with NUL.
func readReply(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, maxClamdReply)).ReadBytes(0)
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return "", err
	}
	return string(bytes.TrimRight(line, "\x00\r\n")), nil
}

// stream writes data as INSTREAM wants it: chunks behind their length, then an
// empty one.
func stream(w io.Writer, data []byte) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	chunk := make([]byte, 0, 4+clamdChunk)
	for len(data) > 0 {
		n := min(len(data), clamdChunk)
		chunk = binary.BigEndian.AppendUint32(chunk[:0], uint32(n))
		chunk = append(chunk, data[:n]...)
		if _, err := w.Write(chunk); err != nil {
			return err
		}
		data = data[n:]
	}
	_, err := w.Write([]byte{0, 0, 0, 0})
	return err
}

// verdictOf reads "stream: OK", "stream: Name FOUND", "… ERROR". What is none of
// these is an error: it is never taken for clean.
func verdictOf(reply string) (found string, err error) {
	said, ok := strings.CutPrefix(reply, "stream: ")
	if name, is := strings.CutSuffix(said, " FOUND"); ok && is && name != "" {
		return name, nil
	}
	switch {
	case ok && said == "OK":
		return "", nil
	case strings.HasPrefix(reply, "INSTREAM size limit exceeded"):
		return "", errTooLarge
	}
	return "", fmt.Errorf("clamd answers %.200q", reply)
}

// fileScan is the verdict on one stream of bytes.
func fileScan(found string, err error) ticket.FileScan {
	switch {
	case err != nil:
		return ticket.FileScan{Result: ticket.ScanUnscanned, Why: err.Error()}
	case found != "":
		return ticket.FileScan{Result: ticket.ScanInfected, Found: found}
	}
	return ticket.FileScan{Result: ticket.ScanClean}
}
