package smtpd

import (
	"bufio"
	"crypto/tls"
	"net"
	"time"

	"github.com/pires/go-proxyproto"
)

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
	if c.ln.Protocol == SMTPS {
		c.handshake()
	}
}

// handshake puts TLS over the connection. Whatever the client sent before is
// forgotten (RFC 3207 section 4.2), be it a command smuggled in by a third.
func (c *conn) handshake() {
	t := tls.Server(c.raw, c.srv.tls)
	deadline := time.Now().Add(c.srv.cfg.IdleTimeout)
	c.raw.SetWriteDeadline(deadline)
	c.setReadDeadline(deadline, true)
	if err := t.Handshake(); err != nil {
		c.srv.stats.refuse(reasonTLS)
		c.log.Info().Str("error", err.Error()).Msg("TLS handshake failed")
		c.ended = true
		return
	}
	c.top = t
	c.in.Reset(t)
	state := t.ConnectionState()
	c.tls = tls.VersionName(state.Version) + " " + tls.CipherSuiteName(state.CipherSuite)
	c.helo, c.extended, c.tx = "", false, transaction{}
}
