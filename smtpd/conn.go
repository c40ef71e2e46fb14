package smtpd

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

const (
	inputSize  = 16 << 10 // of the read buffer: the longest line read in one piece
	outputSize = 4 << 10  // of replies kept back while more commands are at hand
)

// errOutOfStep means that go-smtp did not do what conn had counted on.
var errOutOfStep = errors.New("smtpd: go-smtp refused a message that was due")

// conn is the connection that go-smtp sees: Read gives it one command line at
// a time, Write takes its replies. All but drain and cut is called by the one
// goroutine that serves the connection.
type conn struct {
	srv *Server
	ln  *listener
	log zerolog.Logger
	raw net.Conn      // as accepted; closing it ends every read and write
	top net.Conn      // raw, or TLS over raw
	in  *bufio.Reader // of top
	out []byte        // replies not yet sent

	addr  netip.Addr // zero if the peer has none
	peer  string     // for the envelope and the log
	began time.Time
	last  time.Time // the session ends then
	room  bool      // gate.enter let us in
	begun bool
	ended bool  // nothing is read or said any more
	err   error // the first of a read or write; sticky, nothing is read after it
	deaf  bool  // a write has failed

	tls      string // version and cipher suite, "" in clear
	helo     string // as the client named itself; "" before it greeted
	extended bool   // by EHLO or LHLO
	path     path   // of the MAIL or RCPT last handed on
	tx       transaction
	msg      *message // while it is received

	line    []byte // what go-smtp has not read yet
	again   string // a command read between chunks, to be obeyed after them
	muted   bool   // go-smtp's replies are not meant for the client
	goAhead bool   // one 354 is not meant for the client

	commands int  // since the last mail, see Config.MaxCommands
	unknown  int  // recipients refused as unknown
	refused  bool // the last DATA was refused: its message may follow regardless
	mails    int

	mu       sync.Mutex
	idle     bool // guarded by mu: waiting for a command
	draining bool // guarded by mu
}

// transaction is what MAIL and RCPT have said so far.
type transaction struct {
	open  bool
	from  path
	spoof bool // from is one of our own addresses
	utf8  bool
	to    []string // without repetition
}

// Read gives go-smtp the next command line that it may see, or the end of an
// empty message while a message is received. Having taken leave of the client
// itself, it returns io.EOF, upon which go-smtp ends in silence.
func (c *conn) Read(p []byte) (int, error) {
	if len(c.line) == 0 {
		if c.msg != nil {
			c.msg = nil
			c.line = append(c.line[:0], ".\r\n"...)
		} else if c.muted = false; !c.next() {
			return 0, io.EOF
		}
	}
	n := copy(p, c.line)
	c.line = c.line[n:]
	return n, nil
}

// Write takes one line of a reply from go-smtp. Replies are sent when there is
// nothing more to read, so that a pipelining client gets few packets.
func (c *conn) Write(p []byte) (int, error) {
	if !c.begun {
		c.begin()
	}
	switch {
	case c.ended:
		return 0, net.ErrClosed
	case c.muted:
	case c.goAhead:
		c.goAhead = false
		if string(p[:min(3, len(p))]) != "354" {
			c.say(p)
			c.fail(errOutOfStep)
		}
	case string(p) == "250-CHUNKING\r\n" && c.srv.tls != nil && c.tls == "":
		c.say(p)
		c.say([]byte("250-STARTTLS\r\n")) // go-smtp does not know that we can
	default:
		c.say(p)
	}
	return len(p), nil
}

func (c *conn) say(line []byte) {
	c.out = append(c.out, line...)
	if len(c.out) >= outputSize {
		c.flush()
	}
}

// flush sends the replies kept back. A client who does not read them within
// WriteTimeout is lost.
func (c *conn) flush() {
	if len(c.out) == 0 || c.deaf {
		return
	}
	c.top.SetWriteDeadline(time.Now().Add(c.srv.cfg.WriteTimeout))
	_, err := c.top.Write(c.out)
	c.out = c.out[:0]
	if err != nil {
		c.deaf = true
		c.fail(err)
	}
}

// fill waits for more input, until deadline at the latest. Any error is final:
// were reading to go on after a deadline within a message, the rest of the
// message would be taken for commands.
func (c *conn) fill(deadline time.Time, forCommand bool) error {
	c.flush()
	if c.err != nil {
		return c.err
	}
	c.setReadDeadline(deadline, forCommand)
	if _, err := c.in.Peek(c.in.Buffered() + 1); err != nil {
		c.fail(err)
	}
	return c.err
}

// setReadDeadline sets the deadline of the reads to come, no later than the
// end of the session. Idle reads are those that drain may end.
func (c *conn) setReadDeadline(t time.Time, idle bool) {
	if c.last.Before(t) {
		t = c.last
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = idle
	if idle && c.draining {
		t = c.began
	}
	c.raw.SetReadDeadline(t)
}

func (c *conn) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// buffered returns the input at hand. It is valid until the next fill.
func (c *conn) buffered() []byte {
	b, _ := c.in.Peek(c.in.Buffered())
	return b
}

// The rest of net.Conn. go-smtp is configured without timeouts and sets none.

func (c *conn) LocalAddr() net.Addr              { return c.raw.LocalAddr() }
func (c *conn) RemoteAddr() net.Addr             { return c.raw.RemoteAddr() }
func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }
