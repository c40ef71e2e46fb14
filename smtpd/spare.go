package smtpd

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/pires/go-proxyproto"
)

// spare is a file descriptor held back for the moment when there is none left. It is
// given up to take one connection and tell the client to come again, who would
// otherwise wait for a greeting until he gives up.
type spare struct{ f *os.File }

// hold takes a descriptor, if there is one to be had.
func (s *spare) hold() {
	if s.f == nil {
		s.f, _ = os.Open(os.DevNull) // nil where there is none
	}
}

// release gives it up, and reports whether it was held.
func (s *spare) release() bool {
	if s.f == nil {
		return false
	}
	s.f.Close()
	s.f = nil
	return true
}

// outOfDescriptors reports whether accepting failed for want of one: this process's
// own, or the machine's.
func outOfDescriptors(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// turnAway tells a client for whom there is no descriptor to come again. It never
// waits for him: what is said fits into the kernel's buffer.
func (l *listener) turnAway(c net.Conn) {
	if p, ok := c.(*proxyproto.Conn); ok {
		c = p.Raw() // whoever it is, his header is not waited for
	}
	defer c.Close()
	s := l.srv
	s.stats.sessions.Add(1)
	s.stats.refuse(replyTooMany.reason)
	s.log.Warn().Stringer("peer", c.RemoteAddr()).Int("code", replyTooMany.code).Msg("refused: no file descriptor is left; raise the limit, or lower that of connections")
	if l.Protocol == SMTPS { // to whom nothing can be said yet
		return
	}
	c.SetWriteDeadline(time.Now().Add(lingerTime))
	fmt.Fprint(c, replyTooMany.line())
}
