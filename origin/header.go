package origin

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/mail"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// Bounds on what signatures are checked over. Picking the signed fields costs
// signed names times fields.
const (
	maxHeader    = 256 << 10
	maxLines     = 3000 // of the header; joining folded ones costs lines times bytes
	maxSignature = 16 << 10
	maxSigned    = 300      // names in a signature's h=
	maxBlank     = 64 << 10 // bytes of line ends in a row; canonicalising keeps them all in mind
)

// header is that of a mail, as DKIM sees it: fields with their line ends, folded
// lines joined on as they came.
type header struct {
	fields []string
	body   []byte
}

// Why a mail is not fit for DKIM.
var (
	errHeaderSize  = errors.New("the header is too large to check signatures over")
	errHeaderForm  = errors.New("the header holds a NUL or a lone carriage return: who reads it where cannot be told")
	errHeaderEnd   = errors.New("the header has no end")
	errBlankLines  = errors.New("too many blank lines in a row to check signatures over")
	errFromDiffers = errors.New("the From that a signature covers is not the one that people see")
)

// splitHeader takes a mail apart where the DKIM library will.
func splitHeader(raw []byte) (header, error) {
	var h header
	rest := raw
	for lines := 0; ; lines++ {
		end := bytes.IndexByte(rest, '\n')
		read := len(raw) - len(rest)
		switch {
		case end < 0 && read+len(rest) <= maxHeader:
			return h, errHeaderEnd
		case end < 0 || read+end >= maxHeader || lines == maxLines:
			return h, errHeaderSize
		}
		line := strings.TrimSuffix(string(rest[:end]), "\r")
		rest = rest[end+1:]
		if strings.ContainsAny(line, "\r\x00") {
			return h, errHeaderForm
		}
		if line == "" {
			h.body = rest
			if tooBlank(rest) {
				return h, errBlankLines
			}
			return h, nil
		}
		line += "\r\n"
		if n := len(h.fields); n > 0 && (line[0] == ' ' || line[0] == '\t') {
			h.fields[n-1] += line
			continue
		}
		h.fields = append(h.fields, line)
	}
}

// tooBlank reports whether so many line ends follow each other that canonicalising
// would take the square of their number.
func tooBlank(body []byte) bool {
	run := 0
	for _, c := range body {
		switch {
		case c != '\r' && c != '\n':
			run = 0
		case run == maxBlank:
			return true
		default:
			run++
		}
	}
	return false
}

// named are the positions of the fields that the library takes to have a name: it
// is generous with blanks around it, those of Unicode among them.
func (h header) named(name string) []int {
	var at []int
	for i, f := range h.fields {
		key, _, _ := strings.Cut(f, ":")
		if strings.EqualFold(strings.TrimSpace(key), name) {
			at = append(at, i)
		}
	}
	return at
}

// checkFrom reports whether the From that signatures cover is the address that the
// mail was read as coming from. Where one reader sees a field and another does
// not, an honest signature over one From would vouch for another.
func (h header) checkFrom(from string) error {
	at := h.named("From")
	if len(at) != 1 {
		return errFromDiffers
	}
	_, value, _ := strings.Cut(h.fields[at[0]], ":")
	value = strings.ToValidUTF8(strings.NewReplacer("\r\n", "").Replace(value), "?")
	words := &mime.WordDecoder{CharsetReader: func(_ string, r io.Reader) (io.Reader, error) { return r, nil }}
	list, err := (&mail.AddressParser{WordDecoder: words}).ParseList(strings.TrimSpace(value))
	if err != nil || len(list) != 1 || !sameMailbox(list[0].Address, from) {
		return errFromDiffers
	}
	return nil
}

func sameMailbox(a, b string) bool {
	da, okA := asciiName(ticket.Domain(a))
	db, okB := asciiName(ticket.Domain(b))
	la, lb := a[:max(strings.LastIndexByte(a, '@'), 0)], b[:max(strings.LastIndexByte(b, '@'), 0)]
	return okA && okB && da == db && strings.EqualFold(la, lb)
}

// withFirst is the mail with one field moved to the top. DKIM picks fields of a
// name from the bottom up, so that this changes the meaning of nothing but which
// signature comes first.
func (h header) withFirst(i int) io.Reader {
	var b strings.Builder
	b.WriteString(h.fields[i])
	for j, f := range h.fields {
		if j != i {
			b.WriteString(f)
		}
	}
	b.WriteString("\r\n")
	return io.MultiReader(strings.NewReader(b.String()), plainReader{bytes.NewReader(h.body)})
}

// plainReader hides that a body could be written in one go: canonicalising copies
// what it is given, and a mail may be large.
type plainReader struct{ io.Reader }
