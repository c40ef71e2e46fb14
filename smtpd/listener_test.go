package smtpd

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

func TestUnixSocket(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "lmtp")
	cfg, in := testConfig(), &memoryInbox{}
	cfg.Listeners = []Listener{{Address: "unix:" + socket, Protocol: LMTP}}
	cfg.MaxConnectionsPerNetwork = 1 // means nothing here
	s := start(t, cfg, in)
	s.dial().expect("220 ")
	c := s.dial()
	c.expect("220 ")
	c.do("LHLO mta.firma.example", "250 ")
	c.data()
	c.do(".", "250 2.0.0 <contact+support@firma.example> queued as ")
	if m := in.all()[0]; m.Peer != "unix" || m.Protocol != "LMTP" {
		t.Errorf("got %+v", m)
	}

	second, err := New(cfg, in, zerolog.Nop(), s.now)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Listen(); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("a second server on the socket: %v", err)
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(socket); !os.IsNotExist(err) {
		t.Errorf("the socket is left: %v", err)
	}
}

// A socket left by a killed process is taken over.
func TestStaleUnixSocket(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "lmtp")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	cfg := testConfig()
	cfg.Listeners = []Listener{{Address: "unix:" + socket, Protocol: LMTP}}
	start(t, cfg, &memoryInbox{}).dial().expect("220 ")
}

func TestProxyProtocol(t *testing.T) {
	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	const header = "PROXY TCP4 192.0.2.7 127.0.0.1 4711 25\r\n"

	t.Run("the client is who the proxy says", func(t *testing.T) {
		cfg, in := testConfig(), &memoryInbox{}
		cfg.Listeners[0].ProxyFrom = loopback
		cfg.MaxConnectionsPerNetwork = 1
		s := start(t, cfg, in)
		c := s.dial()
		c.send(header)
		c.greet()
		c.data()
		c.do(".", "250 ")
		if m := in.all()[0]; m.Peer != "192.0.2.7:4711" || !strings.Contains(m.trace, "([192.0.2.7])") {
			t.Errorf("got %+v", m)
		}
		same := s.dial()
		same.send(header)
		same.expect("421 4.7.0")
		other := s.dial()
		other.send("PROXY TCP4 198.51.100.7 127.0.0.1 4711 25\r\n")
		other.expect("220 ")
	})
	t.Run("a proxy must say it", func(t *testing.T) {
		cfg := testConfig()
		cfg.Listeners[0].ProxyFrom = loopback
		s := start(t, cfg, &memoryInbox{})
		c := s.dial()
		c.send("EHLO client.example\r\n")
		c.expectClosed()
		if n := s.Stats().Refused["proxy"]; n != 1 {
			t.Errorf("%d refused, by the counter", n)
		}
	})
	t.Run("nobody else may", func(t *testing.T) {
		cfg := testConfig()
		cfg.Listeners[0].ProxyFrom = []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}
		s := start(t, cfg, &memoryInbox{})
		c := s.dial()
		c.send(header)
		c.expectClosed()
	})
	t.Run("without a proxy the header is no command", func(t *testing.T) {
		s := start(t, testConfig(), &memoryInbox{})
		c := s.dial()
		c.send(header)
		c.expect("220 ")
		c.expect("500 5.5.1")
	})
}

func TestListenOpensAllOrNothing(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	cfg := testConfig()
	cfg.Listeners = append(cfg.Listeners, Listener{Address: busy.Addr().String(), Protocol: SMTP})
	s, err := New(cfg, &memoryInbox{}, zerolog.Nop(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(context.Background()); err == nil || !strings.Contains(err.Error(), busy.Addr().String()) {
		t.Errorf("got error %v", err)
	}
	if len(s.Addrs()) != 0 {
		t.Errorf("still open: %v", s.Addrs())
	}
}

// A socket that was opened for us is served, and its failure ends Run.
func TestGivenSocket(t *testing.T) {
	broken := errors.New("socket broken")
	cfg := testConfig()
	cfg.Listeners = []Listener{{Address: "systemd", Protocol: SMTP, Socket: brokenListener{broken}}}
	s, err := New(cfg, &memoryInbox{}, zerolog.Nop(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(context.Background()); !errors.Is(err, broken) {
		t.Errorf("got error %v", err)
	}
}

type brokenListener struct{ err error }

func (l brokenListener) Accept() (net.Conn, error) { return nil, l.err }
func (brokenListener) Close() error                { return nil }
func (brokenListener) Addr() net.Addr              { return &net.TCPAddr{} }

// A start that fails behind Listen gives the addresses back.
func TestCloseWithoutRun(t *testing.T) {
	cfg := testConfig()
	cfg.Listeners = append(cfg.Listeners, Listener{Address: "unix:" + filepath.Join(t.TempDir(), "lmtp"), Protocol: LMTP})
	s, err := New(cfg, &memoryInbox{}, zerolog.Nop(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("before Listen: %v", err)
	}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, a := range s.Addrs() {
		if c, err := net.Dial(a.Network(), a.String()); err == nil {
			c.Close()
			t.Errorf("%s still listens", a)
		}
	}
}
