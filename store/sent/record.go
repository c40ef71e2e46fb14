package sent

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// Letter is one that has left.
type Letter struct {
	Key    string    // ticket.Notice.Sending
	Ticket ticket.ID // under which name it left: its ticket, or its letter ID …
	Number int       // … and its number there
	At     time.Time // when the relay took it, to the millisecond
	Reply  string    // in the relay's words; words with an @ are left out
}

// A file begins with a line that names the format; each line after it is a letter:
//
//	<crc> <key> <milliseconds since 1970> <ticket> <number> <reply, quoted>
//
// The CRC-32C, in eight hexadecimal digits, is of what follows it and the blank.
// Lines that are not right, such as the torn last one after a crash, are skipped.
const (
	formatPrefix = "supportd-sent "
	formatLine   = formatPrefix + "1\n"
	crcLen       = 8
	maxLine      = 16 << 10
)

// ErrFormat is returned for a file that a newer version wrote.
var ErrFormat = errors.New("sent: written by a newer version of supportd")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// writable reports whether a letter can stand on a line.
func (l Letter) writable() bool {
	return l.Key != "" && !strings.ContainsAny(l.Key, " \n") && l.Ticket.Valid() && l.Number > 0
}

func (l Letter) line() []byte {
	rest := fmt.Sprintf("%s %d %s %d %s", l.Key, l.At.UnixMilli(), l.Ticket, l.Number, strconv.QuoteToASCII(l.Reply))
	return fmt.Appendf(nil, "%08x %s\n", crc32.Checksum([]byte(rest), castagnoli), rest)
}

func parseLine(line []byte) (Letter, bool) {
	if len(line) < crcLen+1 || line[crcLen] != ' ' {
		return Letter{}, false
	}
	sum, err := strconv.ParseUint(string(line[:crcLen]), 16, 32)
	rest := line[crcLen+1:]
	if err != nil || uint32(sum) != crc32.Checksum(rest, castagnoli) {
		return Letter{}, false
	}
	f := strings.SplitN(string(rest), " ", 5)
	if len(f) != 5 {
		return Letter{}, false
	}
	ms, msErr := strconv.ParseInt(f[1], 10, 64)
	number, numberErr := strconv.Atoi(f[3])
	reply, replyErr := strconv.Unquote(f[4])
	l := Letter{Key: f[0], Ticket: ticket.ID(f[2]), Number: number, At: time.UnixMilli(ms).UTC(), Reply: reply}
	return l, errors.Join(msErr, numberErr, replyErr) == nil && l.writable()
}

// readLetters hands the letters of a file to visit and counts the lines that are
// not right. A file whose first line was never written whole has no letters.
func readLetters(r io.Reader, visit func(Letter)) (torn int, err error) {
	in := bufio.NewReaderSize(r, maxLine)
	for first := true; ; first = false {
		line, err := in.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull): // no line of ours is so long
			torn++
			if err := skipLine(in); err != nil {
				return torn, ended(err)
			}
			continue
		case err != nil:
			if len(line) > 0 {
				torn++
			}
			return torn, ended(err)
		case first && bytes.HasPrefix(line, []byte(formatPrefix)):
			if string(line) != formatLine {
				return torn, fmt.Errorf("%w: %.40q", ErrFormat, line)
			}
			continue
		}
		if l, ok := parseLine(bytes.TrimSuffix(line, []byte("\n"))); ok {
			visit(l)
		} else {
			torn++
		}
	}
}

func skipLine(in *bufio.Reader) error {
	for {
		if _, err := in.ReadSlice('\n'); !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

func ended(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// impersonal leaves out of a relay's words those that hold an address: the log
// outlives the erasure of a person.
func impersonal(reply string) string {
	words := strings.Fields(reply)
	kept := words[:0]
	for _, w := range words {
		if !strings.Contains(w, "@") {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}
