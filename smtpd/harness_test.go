package smtpd

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"
)

// hang is how long a test waits for what must come. It decides nothing but
// how soon a broken test ends.
const hang = 20 * time.Second

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// noon is when all mails of the tests are received.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// testConfig is one SMTP listener for contact+support@firma.example.
func testConfig() Config {
	return Config{
		Hostname:  "mx.firma.example",
		Listeners: []Listener{{Address: "127.0.0.1:0", Protocol: SMTP}},
		Addresses: []string{"contact+support@firma.example"},
	}
}

// running is a server in the middle of a test.
type running struct {
	*Server
	t    testing.TB
	stop func() error // may be called more than once
}

// start runs a server until the test ends.
func start(t testing.TB, cfg Config, inbox Inbox) *running {
	t.Helper()
	return startLogging(t, cfg, inbox, zerolog.Nop())
}

func startLogging(t testing.TB, cfg Config, inbox Inbox, log zerolog.Logger) *running {
	t.Helper()
	s, err := New(cfg, inbox, log, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() { result <- s.Run(ctx) }()
	stop := sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-result:
			return err
		case <-time.After(hang):
			t.Error("Run does not return")
			return nil
		}
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return &running{s, t, stop}
}

// client speaks to a server line by line.
type client struct {
	net.Conn
	t testing.TB
	r *bufio.Reader
}

// dial connects to the first listener.
func (s *running) dial() *client {
	s.t.Helper()
	a := s.Addrs()[0]
	c, err := net.Dial(a.Network(), a.String())
	if err != nil {
		s.t.Fatal(err)
	}
	return newClient(s.t, c)
}

func newClient(t testing.TB, c net.Conn) *client {
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(hang))
	return &client{c, t, bufio.NewReader(c)}
}

// send writes raw octets. It does not fail where the server has closed: what
// the server said before is still to be read.
func (c *client) send(raw string) { c.Write([]byte(raw)) }

// reply reads one reply and returns its lines joined by "\n".
func (c *client) reply() (string, error) {
	var lines []string
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return strings.Join(lines, "\n"), err
		}
		line = strings.TrimSuffix(line, "\r\n")
		if lines = append(lines, line); len(line) < 4 || line[3] != '-' {
			return strings.Join(lines, "\n"), nil
		}
	}
}

// expect reads one reply, whose last line must begin with want.
func (c *client) expect(want string) string {
	c.t.Helper()
	got, err := c.reply()
	if last := got[strings.LastIndexByte(got, '\n')+1:]; err != nil || !strings.HasPrefix(last, want) {
		c.t.Fatalf("got reply %q (%v), want %q", got, err, want)
	}
	return got
}

// do sends a command and expects a reply.
func (c *client) do(command, want string) string {
	c.t.Helper()
	c.send(command + "\r\n")
	return c.expect(want)
}

// expectClosed reads to the end of the connection; nothing may come before it.
func (c *client) expectClosed() {
	c.t.Helper()
	if got, err := c.reply(); err == nil || got != "" {
		c.t.Fatalf("got %q (%v), want the connection closed", got, err)
	} else if e, ok := err.(net.Error); ok && e.Timeout() {
		c.t.Fatal("the connection is still open")
	}
}

// greet, ready and data bring a session on.
func (c *client) greet() {
	c.t.Helper()
	c.expect("220 ")
	c.do("EHLO client.example", "250 ")
}

func (c *client) ready() {
	c.t.Helper()
	c.do("MAIL FROM:<anna@kunde.example>", "250 ")
	c.do("RCPT TO:<contact+support@firma.example>", "250 ")
}

func (c *client) data() {
	c.t.Helper()
	c.ready()
	c.do("DATA", "354 ")
}

const simpleMail = "From: anna@kunde.example\r\nSubject: Hej\r\n\r\nHej.\r\n"

// certificate is a TLS configuration for mx.firma.example, and one that trusts
// it.
func certificate(t testing.TB) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		DNSNames:     []string{"mx.firma.example"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}},
		&tls.Config{RootCAs: pool, ServerName: "mx.firma.example"}
}
