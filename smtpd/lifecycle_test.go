package smtpd

import (
	"context"
	"net"
	"testing"
	"time"
)

// stopping begins to stop the server and returns once it takes no more
// connections; the channel tells when it has stopped.
func (s *running) stopping() <-chan error {
	a := s.Addrs()[0]
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop() }()
	for {
		c, err := net.Dial(a.Network(), a.String())
		if err != nil {
			return stopped
		}
		c.Close()
	}
}

// fault 27: SIGTERM under load.
func TestDrain(t *testing.T) {
	arrived, commit := make(chan bool), make(chan bool)
	in := &memoryInbox{put: func(context.Context) error {
		arrived <- true
		<-commit
		return nil
	}}
	s := start(t, testConfig(), in)

	idle := s.dial()
	idle.greet()
	open := s.dial() // between MAIL and DATA: nothing is lost by starting again
	open.greet()
	open.ready()
	writing := s.dial() // within a message
	writing.greet()
	writing.data()
	writing.send("Subject: half\r\n")
	putting := s.dial() // in Inbox.Put, with the next mail already on its way
	putting.greet()
	putting.data()
	putting.send(simpleMail + ".\r\nMAIL FROM:<anna@kunde.example>\r\n")
	<-arrived

	stopped := s.stopping()
	for _, c := range []*client{idle, open} {
		c.expect("421 4.3.2")
		c.expectClosed()
	}
	commit <- true
	putting.expect("250 ")
	putting.expect("421 4.3.2")
	putting.expectClosed()
	writing.send("\r\ndone\r\n.\r\n")
	<-arrived
	commit <- true
	writing.expect("250 ")
	writing.expect("421 4.3.2")
	writing.expectClosed()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if n := len(in.all()); n != 2 {
		t.Errorf("%d mails were kept", n)
	}
}

// fault 27: what does not end in time is cut off, and never becomes a mail.
func TestDrainDeadline(t *testing.T) {
	arrived := make(chan bool)
	in := &memoryInbox{put: func(ctx context.Context) error {
		arrived <- true
		<-ctx.Done()
		return ctx.Err()
	}}
	cfg := testConfig()
	cfg.DrainTimeout = 50 * time.Millisecond
	s := start(t, cfg, in)
	writing := s.dial()
	writing.greet()
	writing.data()
	writing.send("Subject: half\r\n\r\nstalled\r\n")
	chunks := s.dial()
	chunks.greet()
	chunks.ready()
	chunks.send("BDAT 1000 LAST\r\nSubject: half\r\n")
	putting := s.dial()
	putting.greet()
	putting.data()
	putting.send(simpleMail + ".\r\n")
	<-arrived
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	if n := len(in.all()); n != 0 {
		t.Errorf("%d mails were kept", n)
	}
	if n := s.Stats().Open; n != 0 {
		t.Errorf("%d connections are open", n)
	}
}

// A message in chunks may stop between two of them.
func TestDrainBetweenChunks(t *testing.T) {
	in := &memoryInbox{}
	s := start(t, testConfig(), in)
	c := s.dial()
	c.greet()
	c.ready()
	c.send("BDAT 4\r\ntext")
	c.expect("250 2.0.0 Continue")
	stopped := s.stopping()
	c.expect("421 4.3.2")
	c.expectClosed()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if n := len(in.all()); n != 0 {
		t.Errorf("%d mails were kept", n)
	}
}

// A client that only connected holds nothing up, in clear or in TLS.
func TestDrainOfSilentClients(t *testing.T) {
	for _, p := range []Protocol{SMTP, SMTPS} {
		s, _, _ := secure(t, p)
		s.dial()
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	}
}

// deadlineConn remembers its read deadline.
type deadlineConn struct {
	inputConn
	deadline time.Time
}

func (c *deadlineConn) SetReadDeadline(t time.Time) error { c.deadline = t; return nil }

// A session told to end just before it begins to wait does not wait.
func TestDrainBeforeWaiting(t *testing.T) {
	raw := &deadlineConn{}
	c := &conn{raw: raw, began: noon, last: noon.Add(time.Hour)}
	c.drain()
	c.setReadDeadline(noon.Add(time.Minute), true)
	if raw.deadline.After(noon) {
		t.Error("an idle session waits")
	}
	c.setReadDeadline(noon.Add(time.Minute), false)
	if !raw.deadline.Equal(noon.Add(time.Minute)) {
		t.Error("a message is cut short")
	}
}
