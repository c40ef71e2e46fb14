package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
)

// A segment begins with a line that names the format; then follow records:
//
//	<LF><segment> 1 <kind> <mail ID> <meta> <body> <crc> <crc><LF>
//	{"received":…,"from":…,…}<LF>
//	the mail, byte for byte
//
// meta and body are lengths in bytes, as eight hexadecimal digits like the two
// CRC-32C: the first of meta and body, the second of the line before it. The
// kind is "mail", or "file" for a mail in large/, whose record has no body and
// whose meta bears size and SHA-256, or "gone" for a mail that was erased. After the last record stand zeros or
// nothing.
//
// Every record begins with the name of its own segment, half of which is
// random and nowhere told. So a mail that contains records, even a whole
// segment, can't pass for one when the search for the next good record leads
// through it, and neither can old blocks of another file.
const (
	formatPrefix = "supportd-journal "
	formatLine   = formatPrefix + "1\n"

	kindMail = "mail"
	kindFile = "file"
	kindGone = "gone"

	boundaryLen = 1 + idLen + 3                             // LF, name, " 1 "
	headLen     = boundaryLen + 4 + 1 + idLen + 4*(1+8) + 1 // kind, ID, four numbers, LF
)

var (
	// ErrDamaged is returned for a mail whose bytes are not those that were
	// put: the disk has lost or changed them.
	ErrDamaged = errors.New("journal: mail is damaged on disk")
	// ErrFormat is returned by Open for a journal written by a newer version.
	ErrFormat = errors.New("journal: written by a newer version of supportd")
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// head is the line before each mail.
type head struct {
	kind string
	id   ID
	meta int64 // length of the envelope's line
	body int64 // length of the mail, 0 for kindFile
	crc  uint32
}

// record is a head and where it stands.
type record struct {
	head
	offset int64
}

func (r record) end() int64 { return r.offset + headLen + r.meta + r.body }

// meta is the line of JSON between head and mail.
type meta struct {
	Envelope
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256,omitempty"` // hex, of the file that holds the mail
}

// line renders m; strings that are not UTF-8 are made so.
func (m meta) line() ([]byte, error) {
	b, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("writing envelope: %w", err)
	}
	return append(b, '\n'), nil
}

func payloadCRC(meta, body []byte) uint32 {
	return crc32.Update(crc32.Checksum(meta, castagnoli), castagnoli, body)
}

func boundary(segment ID) []byte {
	return []byte("\n" + string(segment) + " 1 ")
}

func appendHead(dst []byte, segment ID, h head) []byte {
	start := len(dst)
	dst = append(dst, boundary(segment)...)
	dst = fmt.Appendf(dst, "%s %s %08x %08x %08x", h.kind, h.id, h.meta, h.body, h.crc)
	return fmt.Appendf(dst, " %08x\n", crc32.Checksum(dst[start:], castagnoli))
}

// parseHead reads what appendHead wrote and takes nothing else: the lengths of a
// head that passes may be trusted.
func parseHead(b []byte, segment ID) (head, bool) {
	if len(b) < headLen || !bytes.HasPrefix(b, boundary(segment)) {
		return head{}, false
	}
	b = b[:headLen]
	f := bytes.Fields(b[boundaryLen:])
	if len(f) != 6 {
		return head{}, false
	}
	id, err := ParseID(string(f[1]))
	h := head{kind: string(f[0]), id: id, meta: hexField(f[2]), body: hexField(f[3]), crc: uint32(hexField(f[4]))}
	if err != nil || h.meta < 0 || h.body < 0 || (h.kind != kindMail && h.kind != kindFile && h.kind != kindGone) {
		return head{}, false
	}
	return h, bytes.Equal(b, appendHead(nil, segment, h))
}

// hexField returns -1 for what is not a hexadecimal number of 32 bits.
func hexField(b []byte) int64 {
	n, err := strconv.ParseUint(string(b), 16, 32)
	if err != nil {
		return -1
	}
	return int64(n)
}

// readRecord reads one record whole and checks it: ErrDamaged if it is not
// what was written.
func readRecord(r io.ReaderAt, segment ID, rec record) (meta, []byte, error) {
	b := make([]byte, rec.end()-rec.offset)
	if _, err := r.ReadAt(b, rec.offset); err != nil && err != io.EOF {
		return meta{}, nil, fmt.Errorf("reading mail %s: %w", rec.id, err)
	}
	h, ok := parseHead(b, segment)
	if !ok || h != rec.head || crc32.Checksum(b[headLen:], castagnoli) != h.crc {
		return meta{}, nil, fmt.Errorf("reading mail %s: %w", rec.id, ErrDamaged)
	}
	line, body := b[headLen:headLen+h.meta], b[headLen+h.meta:]
	var m meta
	if err := json.Unmarshal(line, &m); err != nil {
		return meta{}, nil, fmt.Errorf("reading envelope of mail %s: %w: %w", rec.id, ErrDamaged, err)
	}
	return m, body, nil
}

// newerFormat reports whether a segment's first bytes announce a format that
// this version can't read. A damaged first line announces nothing.
func newerFormat(first []byte) bool {
	line, _, found := bytes.Cut(first, []byte("\n"))
	version, ok := bytes.CutPrefix(line, []byte(formatPrefix))
	if !found || !ok {
		return false
	}
	n, err := strconv.Atoi(string(version))
	return err == nil && n > 1
}
