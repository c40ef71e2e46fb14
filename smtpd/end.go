package smtpd

import (
	"crypto/tls"
	"errors"
	"io"
	"os"
	"time"

	"github.com/pires/go-proxyproto"
)

// lingerTime and lingerBytes bound how long we listen to a client who has been
// told goodbye. Closing at once could destroy the reply on its way (RFC 1122
// section 4.2.2.13).
const (
	lingerTime  = time.Second
	lingerBytes = 1 << 20
)

// refuse says no, and counts and logs it.
func (c *conn) refuse(r reply) {
	c.count(r, path{})
	c.say([]byte(r.line()))
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
