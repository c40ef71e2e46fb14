package parser

import (
	"bytes"
	"errors"
	"slices"
	"strings"
)

// part is one node of a mail's MIME tree. Its body is a slice of the raw mail,
// still in its transfer encoding.
type part struct {
	header      header
	ctype       string // media type, lower case; "text/plain" if none was said
	params      map[string]string
	disposition string
	dispParams  map[string]string
	body        []byte
	children    []*part
}

var (
	errTooDeep  = errors.New("multiparts too deep")
	errTooMany  = errors.New("too many parts")
	errNoParts  = errors.New("multipart without parts")
	errBoundary = errors.New("multipart without boundary")
	errNested   = errors.New("multipart with the boundary of one around it")
	errMails    = errors.New("attached mails too deep")
)

// walker reads the tree. It cuts each body at its boundaries once and hands
// slices down, so that a mail costs its size times its depth and no more: an
// inner part that never ends still ends where its parent does.
//
// Guard and reader are one on purpose. A library behind a guard of another
// make sees another structure than the guard did, for they repair broken
// headers differently, and then the limits hold for the wrong tree.
type walker struct {
	cfg   Config
	parts int
	open  []string // boundaries of the multiparts around the part that is read
	err   error    // the first limit that was passed, or nil
}

func (w *walker) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// read builds the part that h and body make.
func (w *walker) read(h header, body []byte, fallback string, depth int) *part {
	w.parts++
	p := &part{header: h, ctype: fallback, body: body}
	ct, err := parseContent(h.get("content-type"), w.cfg.ContentBytes, w.cfg.ContentParams)
	if err != nil {
		w.fail(err)
	}
	if strings.Contains(ct.value, "/") {
		p.ctype = ct.value
	} else if ct.value == "text" || ct.value == "html" {
		p.ctype = map[string]string{"text": "text/plain", "html": "text/html"}[ct.value]
	}
	p.params = ct.params
	cd, err := parseContent(h.get("content-disposition"), w.cfg.ContentBytes, w.cfg.ContentParams)
	if err != nil {
		w.fail(err)
	}
	p.disposition, p.dispParams = cd.value, cd.params
	if isMail(p.ctype) && w.tooDeep(body) {
		w.fail(errMails)
	}
	if strings.HasPrefix(p.ctype, "multipart/") {
		w.readChildren(p, depth)
	}
	return p
}

func isMail(ctype string) bool { return ctype == "message/rfc822" || ctype == "message/global" }

// tooDeep reports whether a mail holds a mail that holds a mail, and so on past the
// limit (bad-input 93). They stay files, of which the outermost alone is read; but
// nobody sends a mail on so often.
func (w *walker) tooDeep(mail []byte) bool {
	for range w.cfg.Depth {
		h, body, _, err := splitHeader(mail, w.cfg.PartHeaderBytes, w.cfg.HeaderFields)
		ct, contentErr := parseContent(h.get("content-type"), w.cfg.ContentBytes, w.cfg.ContentParams)
		if err != nil || contentErr != nil || !isMail(ct.value) {
			return false
		}
		mail = body
	}
	return true
}

// readChildren reads the parts of a multipart. One that cannot be taken apart
// stays without children, and its body is salvaged as text.
func (w *walker) readChildren(p *part, depth int) {
	if depth >= w.cfg.Depth {
		w.fail(errTooDeep)
		return
	}
	boundary := p.params["boundary"]
	if boundary == "" {
		if boundary = guessBoundary(p.body); boundary == "" {
			w.fail(errBoundary)
			return
		}
	}
	if slices.Contains(w.open, boundary) {
		w.fail(errNested) // whose parts these are, each reader decides for himself (bad-input 98)
	}
	w.open = append(w.open, boundary)
	defer func() { w.open = w.open[:len(w.open)-1] }()
	if cte := p.header.token("content-transfer-encoding"); cte == "base64" || cte == "quoted-printable" {
		// RFC 2045 forbids it; some gateways do it all the same.
		if !bytes.Contains(p.body, []byte("--"+boundary)) {
			p.body = decodeTransfer(p.body, cte)
		}
	}
	fallback := "text/plain"
	if p.ctype == "multipart/digest" {
		fallback = "message/rfc822"
	}
	w.splitParts(p.body, boundary, func(raw []byte) bool {
		if w.parts >= w.cfg.Parts {
			w.fail(errTooMany)
			return false
		}
		h, body, _, err := splitHeader(raw, w.cfg.PartHeaderBytes, w.cfg.HeaderFields)
		if err != nil {
			w.fail(err)
		}
		if len(h) == 0 && fallback == "text/plain" && (len(raw) == 0 || raw[0] != '\n' && raw[0] != '\r') {
			body = raw // no header and no blank line: all of it is text
		}
		p.children = append(p.children, w.read(h, body, fallback, depth+1))
		return true
	})
	if len(p.children) == 0 && len(trimSpace(p.body)) > 0 {
		w.fail(errNoParts)
	}
}

// splitParts calls fn with each part between the boundary lines (RFC 2046
// section 5.1.1) until it returns false. A missing last boundary ends the last
// part at the end of the body.
func (w *walker) splitParts(body []byte, boundary string, fn func(raw []byte) bool) {
	delimiter := []byte("--" + boundary)
	start := -1 // of the part being looked at
	for pos := 0; ; {
		i := bytes.Index(body[pos:], delimiter)
		if i < 0 {
			break
		}
		at := pos + i
		next, last, ok := boundaryLine(body, at, len(delimiter))
		if !ok {
			pos = at + len(delimiter)
			continue
		}
		if start >= 0 && !fn(trimLineEnd(body[start:max(at, start)])) {
			return
		}
		if start = next; last {
			return
		}
		pos = next
	}
	if start >= 0 && start < len(body) {
		fn(body[start:])
	}
}

// boundaryLine reports whether the delimiter found at index at is a line of
// its own, whether that line closes the multipart, and where the next begins.
func boundaryLine(body []byte, at, length int) (next int, last, ok bool) {
	if at > 0 && body[at-1] != '\n' {
		return 0, false, false
	}
	rest := body[at+length:]
	end := bytes.IndexByte(rest, '\n')
	next = at + length + end + 1
	if end < 0 {
		end, next = len(rest), len(body)
	}
	tail := rest[:end]
	if bytes.HasPrefix(tail, []byte("--")) {
		last, tail = true, tail[2:]
	}
	return next, last, len(trimSpace(tail)) == 0
}

// trimLineEnd takes off the line end that belongs to the boundary.
func trimLineEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}

// guessBoundary takes the first line that looks like a boundary.
func guessBoundary(body []byte) string {
	const lookAt = 8 << 10
	rest := body[:min(len(body), lookAt)]
	for len(rest) > 0 {
		var line []byte
		line, rest = cutLine(rest)
		if line = bytes.TrimRight(line, " \t"); len(line) > 2 && bytes.HasPrefix(line, []byte("--")) {
			return string(line[2:])
		}
	}
	return ""
}

// decoded returns the part's body without its transfer encoding.
func (p *part) decoded() []byte {
	return decodeTransfer(p.body, p.header.token("content-transfer-encoding"))
}
