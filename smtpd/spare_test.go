package smtpd

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/rs/zerolog"
)

// exhausted is a listener that has no descriptor for a connection unless the spare one
// was given up.
type exhausted struct {
	net.Listener
	clients chan net.Conn // who waits to be accepted
	spare   *spare
	err     error
}

func (e *exhausted) Accept() (net.Conn, error) {
	if e.spare.f != nil {
		return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", e.err)}
	}
	c, ok := <-e.clients
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

// fault 12: whoever comes when there is no descriptor left is told so at once.
func TestNoDescriptorIsLeft(t *testing.T) {
	for _, c := range []struct {
		err      error
		protocol Protocol
		want     string
	}{
		{syscall.EMFILE, SMTP, "421 4.3.2 Too many connections, try again later\r\n"},
		{syscall.ENFILE, LMTP, "421 4.3.2 Too many connections, try again later\r\n"},
		{syscall.EMFILE, SMTPS, ""},
	} {
		s, err := New(testConfig(), &memoryInbox{}, zerolog.Nop(), nil)
		if err != nil {
			t.Fatal(err)
		}
		l := &listener{Protocol: c.protocol, srv: s}
		e := &exhausted{clients: make(chan net.Conn, 2), spare: &l.spare, err: c.err}
		l.Listener = e
		said := make(chan string, 2)
		for range 2 {
			near, far := net.Pipe()
			e.clients <- far
			go func() {
				text, _ := io.ReadAll(near)
				said <- string(text)
			}()
		}
		close(e.clients)
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Accept: %v", err)
		}
		for range 2 {
			if got := <-said; got != c.want {
				t.Errorf("%s: the client heard %q, want %q", c.protocol, got, c.want)
			}
		}
		if st := s.Stats(); st.Sessions != 2 || st.Open != 0 || st.Refused["connections"] != 2 {
			t.Errorf("%+v", st)
		}
		if l.spare.f != nil {
			t.Error("the spare descriptor outlives the listener")
		}
	}
}

// What else goes wrong in accepting is not answered by giving descriptors up.
func TestAcceptFails(t *testing.T) {
	s, err := New(testConfig(), &memoryInbox{}, zerolog.Nop(), nil)
	if err != nil {
		t.Fatal(err)
	}
	l := &listener{srv: s}
	l.Listener = &exhausted{spare: &l.spare, err: syscall.ECONNABORTED}
	if _, err := l.Accept(); !errors.Is(err, syscall.ECONNABORTED) {
		t.Errorf("Accept: %v", err)
	}
}
