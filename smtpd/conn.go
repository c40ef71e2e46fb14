package smtpd

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/pires/go-proxyproto"
	"github.com/rs/zerolog"
)

const (
	inputSize  = 16 << 10 // of the read buffer: the longest line read in one piece
	outputSize = 4 << 10  // of replies kept back while more commands are at hand
	// lingerTime and lingerBytes bound how long we listen to a client who has been
	// told goodbye. Closing at once could destroy the reply on its way (RFC 1122
	// section 4.2.2.13).
	lingerTime  = time.Second
	lingerBytes = 1 << 20
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

func (s *Server) newConn(raw net.Conn, l *listener) *conn {
	c := &conn{srv: s, ln: l, raw: raw, top: raw, in: bufio.NewReaderSize(raw, inputSize)}
	s.stats.sessions.Add(1)
	s.stats.open.Add(1)
	s.mu.Lock()
	s.open[c] = struct{}{}
	s.mu.Unlock()
	return c
}

// begin finds out who has connected and whether he may stay. It runs before
// the greeting, in the connection's own goroutine, since the PROXY header and
// the TLS handshake wait for the client.
func (c *conn) begin() {
	c.begun = true
	c.began = time.Now()
	c.last = c.began.Add(c.srv.cfg.TotalTimeout)
	c.addr = peerAddr(c.raw.RemoteAddr()) // reads the PROXY header, if one must be there
	c.peer = "unix"
	if c.addr.IsValid() {
		c.peer = c.raw.RemoteAddr().String()
	}
	c.log = c.srv.log.With().Str("peer", c.peer).Logger()

	if p, ok := c.raw.(*proxyproto.Conn); ok && p.ProxyHeader() == nil {
		c.srv.stats.refuse(reasonProxy)
		c.log.Warn().Msg("no PROXY header")
		c.ended = true
		return
	}
	if full := c.srv.gate.enter(c.addr); full != nil {
		c.refuse(*full)
		if c.ln.Protocol != SMTPS { // to whom nothing can be said yet
			c.flush()
		}
		c.ended = true
		return
	}
	c.room = true
	c.log.Debug().Str("protocol", string(c.ln.Protocol)).Msg("session begins")
	if c.ln.Protocol == SMTPS && !c.handshake() {
		return
	}
}

// handshake puts TLS over the connection. Whatever the client sent before is
// forgotten (RFC 3207 section 4.2), be it a command smuggled in by a third.
func (c *conn) handshake() bool {
	t := tls.Server(c.raw, c.srv.tls)
	deadline := time.Now().Add(c.srv.cfg.IdleTimeout)
	c.raw.SetWriteDeadline(deadline)
	c.setReadDeadline(deadline, true)
	if err := t.Handshake(); err != nil {
		c.srv.stats.refuse(reasonTLS)
		c.log.Info().Str("error", err.Error()).Msg("TLS handshake failed")
		c.ended = true
		return false
	}
	c.top = t
	c.in.Reset(t)
	state := t.ConnectionState()
	c.tls = tls.VersionName(state.Version) + " " + tls.CipherSuiteName(state.CipherSuite)
	c.helo, c.extended, c.tx = "", false, transaction{}
	return true
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

// refuse says no, and counts and logs it.
func (c *conn) refuse(r reply) {
	c.count(r, path{})
	c.out = fmt.Appendf(c.out, "%d %d.%d.%d %s\r\n", r.code, r.enhanced[0], r.enhanced[1], r.enhanced[2], r.text)
}

// count counts and logs a refusal that go-smtp or the caller says. about is the
// address that it is about, if any.
func (c *conn) count(r reply, about path) {
	c.srv.stats.refuse(r.reason)
	event := c.log.Info().Int("code", r.code).Stringer("reason", r.reason)
	if !about.null() {
		event.Stringer("address", about)
	}
	event.Msg("refused")
}

// hangUp says a last word and takes leave.
func (c *conn) hangUp(r reply) {
	c.refuse(r)
	c.leave()
}

// leave ends the session, and sees to it that what was said last arrives.
func (c *conn) leave() {
	c.flush()
	c.ended = true
	if c.deaf {
		return
	}
	if t, ok := c.top.(*tls.Conn); ok {
		t.SetWriteDeadline(time.Now().Add(lingerTime))
		t.CloseWrite()
	}
	socket := c.raw
	if p, ok := socket.(*proxyproto.Conn); ok {
		socket = p.Raw()
	}
	if half, ok := socket.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	c.raw.SetReadDeadline(time.Now().Add(lingerTime))
	io.CopyN(io.Discard, c.raw, lingerBytes)
}

// lost ends the session of a client from whom no more commands come.
func (c *conn) lost() {
	if !errors.Is(c.err, os.ErrDeadlineExceeded) {
		c.ended = true
		return
	}
	switch {
	case c.isDraining():
		c.hangUp(replyStopping)
	case !time.Now().Before(c.last):
		c.hangUp(replyOverdue)
	default:
		c.hangUp(replyIdle)
	}
}

// Close ends the session. go-smtp may call it more than once.
func (c *conn) Close() error {
	c.srv.mu.Lock()
	_, open := c.srv.open[c]
	delete(c.srv.open, c)
	c.srv.mu.Unlock()
	if !open {
		return nil
	}
	if !c.ended {
		c.flush()
		c.ended = true
	}
	if c.room {
		c.srv.gate.leave(c.addr)
		c.log.Debug().Int("mails", c.mails).Dur("took", time.Since(c.began)).Msg("session ends")
	}
	c.srv.stats.open.Add(-1)
	if c.top != c.raw {
		c.top.SetWriteDeadline(time.Now().Add(lingerTime))
		c.top.Close() // says goodbye in TLS, and closes raw
	}
	return c.raw.Close()
}

// drain makes the session end before its next command. Safe for concurrent
// use.
func (c *conn) drain() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.draining = true
	if c.idle {
		c.raw.SetReadDeadline(time.Now())
	}
}

func (c *conn) isDraining() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.draining
}

// cut ends the session whatever it is doing. Safe for concurrent use.
func (c *conn) cut() { c.raw.Close() }

// The rest of net.Conn. go-smtp is configured without timeouts and sets none.

func (c *conn) LocalAddr() net.Addr              { return c.raw.LocalAddr() }
func (c *conn) RemoteAddr() net.Addr             { return c.raw.RemoteAddr() }
func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }
