package smtpd

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store/journal"
)

func TestReceivedHeader(t *testing.T) {
	const date = "\r\n\tMon, 02 Mar 2026 12:00:00 +0000\r\n"
	for name, tt := range map[string]struct {
		c    *conn
		want string
	}{
		"ESMTP to one": {
			&conn{addr: netip.MustParseAddr("192.0.2.7"), helo: "client.example", extended: true,
				tx: transaction{to: []string{"a@firma.example"}}},
			"Received: from client.example ([192.0.2.7])\r\n\tby mx.firma.example with ESMTP\r\n\tfor <a@firma.example>;" + date,
		},
		"SMTP to two, who need not know of each other": {
			&conn{addr: netip.MustParseAddr("192.0.2.7"), helo: "client.example",
				tx: transaction{to: []string{"a@firma.example", "b@firma.example"}}},
			"Received: from client.example ([192.0.2.7])\r\n\tby mx.firma.example with SMTP;" + date,
		},
		"IPv6, TLS, UTF-8": {
			&conn{addr: netip.MustParseAddr("2001:db8::7"), helo: "[IPv6:2001:db8::7]", extended: true,
				tls: "TLS 1.3 TLS_AES_128_GCM_SHA256", tx: transaction{utf8: true, to: []string{"ø@firma.example"}}},
			"Received: from [IPv6:2001:db8::7] ([IPv6:2001:db8::7])\r\n\tby mx.firma.example with UTF8SMTPS (TLS 1.3 TLS_AES_128_GCM_SHA256)\r\n\tfor <ø@firma.example>;" + date,
		},
		"LMTP, and a name made to look like more": {
			&conn{helo: "a;(b)\"<c>", extended: true, ln: &listener{Protocol: LMTP}},
			"Received: from a??b???c? (unix)\r\n\tby mx.firma.example with LMTP;" + date,
		},
	} {
		t.Run(name, func(t *testing.T) {
			tt.c.srv = &Server{cfg: testConfig()}
			if tt.c.ln == nil {
				tt.c.ln = &listener{Protocol: SMTP}
			}
			if got := tt.c.received(noon); got != tt.want {
				t.Errorf("got\n%q, want\n%q", got, tt.want)
			}
		})
	}
}

func TestEnvelope(t *testing.T) {
	in := &memoryInbox{}
	s := start(t, testConfig(), in)
	c := s.dial()
	c.greet()
	c.do("MAIL FROM:<Anna@Kunde.example>", "250 ")
	c.do("RCPT TO:<contact+support+tok@firma.example>", "250 ")
	c.do("RCPT TO:<postmaster>", "250 ")
	c.do("DATA", "354 ")
	c.send("Subject: x\n\n\x00\r\n.\r\n")
	c.expect("250 ")
	got := in.all()[0].Envelope
	want := journal.Envelope{
		Received: noon,
		From:     "Anna@Kunde.example",
		To:       []string{"contact+support+tok@firma.example", "postmaster@firma.example"},
		Peer:     c.LocalAddr().String(),
		Helo:     "client.example",
		Protocol: "ESMTP",
		Flags:    []string{"nul", "barelf"},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got\n%+v, want\n%+v", got, want)
	}
}

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

// syncBuffer is a log.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// bad-input 50: what a client sends cannot forge a log line or a reply.
func TestLogAndRepliesHoldNoRawBytes(t *testing.T) {
	var log syncBuffer
	s := startLogging(t, testConfig(), &memoryInbox{}, zerolog.New(&log))
	c := s.dial()
	c.expect("220 ")
	var said strings.Builder
	for _, line := range []string{
		"EHLO a\x1b[31mb", "EHLO client.example", "MAIL FROM:<\x00@kunde.example>", "MAIL FROM:<\"a\x07b\"@kunde.example>",
		"MAIL FROM:<\u0085@kunde.example> SMTPUTF8", "MAIL FROM:<\"a\\\"b\u2028\"@kunde.example> SMTPUTF8", "\x1b\x1b\x1b",
		"RCPT TO:<\"\u202e\"@firma.example>", "RCPT TO:<\x7f@firma.example>", "VRFY \x1b",
	} {
		c.send(line + "\r\n")
		reply, err := c.reply()
		if err != nil {
			t.Fatal(err)
		}
		said.WriteString(reply)
	}
	c.do("QUIT", "221 ")
	c.expectClosed()
	s.stop()
	for what, text := range map[string]string{"log": log.b.String(), "reply": said.String()} {
		if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && isControl(r) }); i >= 0 {
			t.Errorf("the %s holds %q", what, text[i:min(i+20, len(text))])
		}
	}
	if !strings.Contains(log.b.String(), `"reason":"recipient"`) {
		t.Errorf("the log says nothing of the refused recipient:\n%s", log.b.String())
	}
}

func TestLogOfAMail(t *testing.T) {
	var log syncBuffer
	s := startLogging(t, testConfig(), &memoryInbox{}, zerolog.New(&log).Level(zerolog.InfoLevel))
	c := s.dial()
	c.greet()
	c.data()
	c.send(simpleMail + ".\r\n")
	c.expect("250 ")
	c.do("QUIT", "221 ")
	c.expectClosed()
	s.stop()
	lines := strings.Split(strings.TrimSpace(log.b.String()), "\n")
	want := fmt.Sprintf(`{"level":"info","peer":%q,"mail":"00000000000000000001","from":"anna@kunde.example",`+
		`"to":["contact+support@firma.example"],"size":%d,"flags":[],"message":"mail accepted"}`, c.LocalAddr(), len(simpleMail))
	if got := lines[len(lines)-1]; got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

func TestStats(t *testing.T) {
	in := &memoryInbox{}
	s := start(t, testConfig(), in)
	c := s.dial()
	c.greet()
	c.data()
	c.send(simpleMail + ".\r\n")
	c.expect("250 ")
	in.put = func(context.Context) error { return journal.ErrFull }
	c.data()
	c.do(".", "452 ")
	if got := s.Stats(); got.Open != 1 || got.Refused["full"] != 1 {
		t.Errorf("within the session: %+v", got)
	}
	c.do("QUIT", "221 ")
	c.expectClosed()
	s.stop()
	got := s.Stats()
	if got.Sessions != 1 || got.Open != 0 || got.Mails != 1 || got.Bytes != int64(len(simpleMail)) {
		t.Errorf("got %+v", got)
	}
	for r := reasonNone + 1; r < reasons; r++ {
		if _, ok := got.Refused[r.String()]; !ok || r.String() == "" {
			t.Errorf("reason %d, %q, is missing", r, r)
		}
	}
}
