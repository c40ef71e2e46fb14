package smtpd

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// message reads one mail from the wire, after DATA or BDAT. It undoes the
// dot-stuffing, makes bare LF into CR LF, and watches what a mail must not have.
//
// Where a message ends, the rules on CR and LF must be those of RFC 5321
// section 2.3.8 to the letter: servers that differ there can be made to see two
// mails in one ("SMTP smuggling"). So the data end with CR LF . CR LF and nothing
// else, and a mail that another server could end elsewhere is refused whole:
// any CR without LF, and any line of a lone dot with a bare LF on either side.
// CR CR LF . CR LF does end the data, but servers exist that pass it on as text:
// what follows it on the connection may have been text too, and is not read.
//
// Read returns io.EOF only at the true end of a mail that may be kept. A message
// is used by the goroutine of its connection.
type message struct {
	c        *conn
	deadline time.Time

	chunked bool  // BDAT
	left    int64 // octets of this chunk still to come
	last    bool  // this chunk is the last

	span []byte // what Read hands out next, in c's buffer
	crlf bool   // a CR LF follows span

	start  lineStart // what stands before the next octet
	heldCR bool      // a CR ended the chunk before
	body   bool      // the header is over
	hops   int       // Received fields so far
	size   int64     // octets so far, as kept
	nul    bool
	bareLF bool
	indent bool // the first line begins with a blank
	mbox   bool // the first line is an mbox "From " line
	doubt  bool // the line before ended in CR CR LF

	done    bool   // the end has been read
	fault   *reply // why the mail cannot be kept
	aborted bool   // by a command between chunks: nobody waits for a reply
}

type lineStart uint8

const (
	afterCRLF lineStart = iota // where the message begins, too
	afterLF
	withinLine
)

// errMessage is what Read returns for a message with a fault. Inbox.Put keeps
// nothing of it; the client hears of the fault itself.
var errMessage = errors.New("smtpd: message refused")

// errDoubtfulEnd ends a session after CR CR LF . CR LF.
var errDoubtfulEnd = errors.New("smtpd: data ended in a way that servers disagree on")

var lineEnd = []byte("\r\n")

// Read fills p as far as it can, waiting for the client as need be.
func (m *message) Read(p []byte) (n int, err error) {
	for n < len(p) {
		switch {
		case m.fault != nil || m.aborted:
			return n, errMessage
		case len(m.span) > 0:
			k := copy(p[n:], m.span)
			m.span = m.span[k:]
			n += k
		case m.crlf:
			m.span, m.crlf = lineEnd, false
		case m.done:
			return n, io.EOF
		default:
			m.advance()
		}
	}
	return n, nil
}

// finish reads what is left of a message that was given up, so that the
// client comes to hear why. It returns the fault of the message, or nil.
func (m *message) finish() *reply {
	for !m.done && !m.aborted && m.c.err == nil {
		if m.chunked { // each chunk is answered for itself
			m.c.discard(m.left, m.deadline)
			break
		}
		m.advance()
	}
	return m.fault
}

// blame records the first fault found.
func (m *message) blame(r *reply) {
	if m.fault == nil {
		m.fault = r
	}
}

// Flags returns what was odd so far, in ticket's words.
func (m *message) Flags() []string {
	var flags []string
	if m.nul {
		flags = append(flags, ticket.FlagNUL)
	}
	if m.bareLF {
		flags = append(flags, ticket.FlagBareLF)
	}
	if m.indent || m.mbox {
		flags = append(flags, ticket.FlagBadHeader, ticket.FlagRaw)
	}
	return flags
}

// advance takes the next line from the wire, or as much of it as fits the
// buffer, and leaves what is to be kept of it in span and crlf.
func (m *message) advance() {
	b, whole := m.window()
	if len(b) == 0 {
		return
	}
	m.c.in.Discard(len(b))
	if m.chunked {
		m.left -= int64(len(b))
	} else {
		var end bool
		if b, end = m.undot(b); end {
			m.done = true
			if m.doubt {
				m.c.fail(errDoubtfulEnd)
			}
			return
		}
	}
	m.keep(b, whole)
}

// window returns the next line with its LF, or if whole is false a part of it
// that does not end in a CR, except at the end of a chunk. It returns nothing
// after a chunk, and when there is no more to come.
func (m *message) window() (b []byte, whole bool) {
	for {
		b = m.c.buffered()
		if m.chunked {
			if m.left == 0 {
				m.nextChunk()
				return nil, false
			}
			b = b[:min(int64(len(b)), m.left)]
		}
		if end := bytes.IndexByte(b, '\n'); end >= 0 {
			return b[:end+1], true
		}
		switch {
		case m.chunked && int64(len(b)) == m.left:
			return b, false
		case len(b) == inputSize:
			return bytes.TrimSuffix(b, []byte("\r")), false
		}
		silence := time.Now().Add(m.c.srv.cfg.IdleTimeout)
		if m.deadline.Before(silence) {
			silence = m.deadline
		}
		if m.c.fill(silence, false) != nil {
			m.blame(&replyTruncated)
			return nil, false
		}
	}
}

// undot takes away the dot that the client put before a dot (RFC 5321 section
// 4.5.2), and recognizes the end of the data.
func (m *message) undot(b []byte) (rest []byte, end bool) {
	if m.start == withinLine || b[0] != '.' {
		return b, false
	}
	switch string(b) {
	case ".\r\n":
		if m.start == afterCRLF {
			return nil, true
		}
		m.blame(&replyLineEnds)
	case ".\n":
		m.blame(&replyLineEnds)
	}
	if m.start == afterCRLF {
		b = b[1:]
	}
	return b, false
}

// keep takes b, a line or a part of one, into the mail.
func (m *message) keep(b []byte, whole bool) {
	text, hold := b, false
	bare := false // the line ends in a bare LF
	if whole {
		text = b[:len(b)-1]
	}
	switch trimmed, cr := bytes.CutSuffix(text, []byte("\r")); {
	case cr:
		text, hold = trimmed, !whole
	case whole && m.heldCR && len(text) == 0:
		m.heldCR = false // here comes its LF
	case whole:
		bare = true
		m.bareLF = true
	}
	if m.heldCR || bytes.IndexByte(text, '\r') >= 0 {
		m.blame(&replyLineEnds)
	}
	m.heldCR = hold
	m.doubt = whole && bytes.HasSuffix(text, []byte("\r"))
	if !m.nul && bytes.IndexByte(text, 0) >= 0 {
		m.nul = true
	}
	if !m.body {
		m.watchHeader(text, whole)
	}

	switch {
	case bare:
		m.start = afterLF
	case whole:
		m.start = afterCRLF
	case len(text) > 0:
		m.start = withinLine
	}
	m.span, m.crlf = text, whole
	m.size += int64(len(text))
	if whole {
		m.size += int64(len(lineEnd))
	}
	if m.size > m.c.srv.cfg.MaxMessageBytes {
		m.blame(&replyTooLarge)
	}
}

// nextChunk goes on to the chunk behind the one that has been read. Between
// chunks the client may send other commands; those that would end a
// transaction end the message.
func (m *message) nextChunk() {
	if m.last {
		if m.heldCR {
			m.blame(&replyLineEnds)
		}
		m.done = true
		return
	}
	c := m.c
	c.say([]byte("250 2.0.0 Continue\r\n"))
	for c.commands < c.srv.cfg.MaxCommands {
		line, ok := c.readLine()
		if !ok {
			m.aborted = true
			return
		}
		c.commands++
		verb, arg, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "BDAT":
			var ok bool
			if m.left, m.last, ok = parseChunk(strings.Trim(arg, " ")); !ok {
				c.hangUp(replyBadChunk)
				m.aborted = true
			} else if m.left > 0 {
				c.commands--
			}
			return
		case "NOOP":
			c.say([]byte("250 2.0.0 OK\r\n"))
		case "RSET", "QUIT", "EHLO", "HELO", "LHLO", "STARTTLS":
			m.aborted = true
			c.again, c.muted = line, true
			return
		default:
			c.refuse(replyInTransfer)
		}
	}
	m.aborted = true // next will say why
}

// watchHeader counts Received fields until the header is over. It also looks at
// where the header begins, since behind our own Received header nobody can tell
// any more: a blank there continues that header, and the first line of an mbox is
// one broken line among others.
func (m *message) watchHeader(text []byte, whole bool) {
	if m.start == withinLine {
		return
	}
	if m.size == 0 && len(text) > 0 {
		m.indent = text[0] == ' ' || text[0] == '\t'
		m.mbox = bytes.HasPrefix(text, []byte("From ")) && !bytes.HasPrefix(bytes.TrimLeft(text[len("From "):], " \t"), []byte(":"))
	}
	if len(text) == 0 && whole {
		m.body = true
		return
	}
	const name = "Received"
	if len(text) > len(name) && bytes.EqualFold(text[:len(name)], []byte(name)) && bytes.IndexByte([]byte(": \t"), text[len(name)]) >= 0 {
		if m.hops++; m.hops > m.c.srv.cfg.MaxHops {
			m.blame(&replyHops)
		}
	}
}
