package smtpd

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestNetwork(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.77":            "192.0.2.0/24",
		"::ffff:192.0.2.77":     "192.0.2.0/24",
		"2001:db8:1:2:3:4:5:6":  "2001:db8:1:2::/64",
		"fe80::1:2:3:4%ignored": "fe80::/64",
	} {
		if got := network(netip.MustParseAddr(addr)).String(); got != want {
			t.Errorf("network(%s) = %s, want %s", addr, got, want)
		}
	}
}

func TestGate(t *testing.T) {
	a, b, c := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2"), netip.MustParseAddr("198.51.100.1")
	trusted := netip.MustParseAddr("203.0.113.1")
	g := newGate(6, 2, []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")})
	for i, step := range []struct {
		do   string
		addr netip.Addr
		want *reply
	}{
		{"enter", a, nil},
		{"enter", b, nil},
		{"enter", a, &replyTooManyHere},
		{"enter", c, nil},
		{"leave", b, nil},
		{"enter", a, nil},
		{"enter", netip.Addr{}, nil}, // a unix socket
		{"enter", trusted, nil},
		{"enter", trusted, nil},
		{"enter", trusted, &replyTooMany},
		{"leave", trusted, nil},
		{"leave", trusted, nil},
		{"enter", trusted, nil},
		{"enter", trusted, nil},
		{"enter", c, &replyTooMany},
	} {
		var got *reply
		if step.do == "enter" {
			got = g.enter(step.addr)
		} else {
			g.leave(step.addr)
		}
		if got != step.want {
			t.Errorf("step %d, %s %s: got %v, want %v", i, step.do, step.addr, got, step.want)
		}
	}
	for _, addr := range []netip.Addr{a, a, c, {}, trusted, trusted} {
		g.leave(addr)
	}
	if g.open != 0 || len(g.from) != 0 {
		t.Errorf("after all have left: %d open, from %v", g.open, g.from)
	}
}

func TestRate(t *testing.T) {
	r := newRate(2)
	for range 2 {
		r.count("anna", noon)
	}
	if !r.exceeded("anna", noon.Add(59*time.Second)) {
		t.Error("two mails in a minute are not the limit")
	}
	if r.exceeded("bodil", noon) {
		t.Error("bodil pays for anna")
	}
	if r.exceeded("anna", noon.Add(time.Minute)) {
		t.Error("the next minute does not begin anew")
	}
	for i := range maxSenders + 10 {
		r.count(fmt.Sprint(i), noon)
	}
	if len(r.mails) != maxSenders {
		t.Errorf("%d senders are remembered", len(r.mails))
	}
}

// bad-input 139: one sender's flood is put off, others are unaffected.
func TestSenderRate(t *testing.T) {
	cfg := testConfig()
	cfg.SenderPerMinute = 3
	s := start(t, cfg, &memoryInbox{})
	c := s.dial()
	c.greet()
	send := func(from string) {
		t.Helper()
		c.do("MAIL FROM:<"+from+">", "250 ")
		c.do("RCPT TO:<contact+support@firma.example>", "250 ")
		c.do("DATA", "354 ")
		c.do(".", "250 ")
	}
	for range 3 {
		send("anna@kunde.example")
		send("") // bounces
	}
	c.do("MAIL FROM:<Anna@Kunde.example>", "451 4.7.1")
	c.do("MAIL FROM:<>", "451 4.7.1")
	send("bodil@kunde.example")
	if n := s.Stats().Refused["rate"]; n != 2 {
		t.Errorf("%d refusals for the rate, by the counter", n)
	}
}

// bad-input 31: junk without end.
func TestCommandLimit(t *testing.T) {
	for _, junk := range []string{"NOOP", "RSET", "VRFY x", "EHLO a", "HELP", "junk", ""} {
		t.Run(junk, func(t *testing.T) {
			t.Parallel()
			s := start(t, testConfig(), &memoryInbox{})
			c := s.dial()
			c.expect("220 ")
			c.send(strings.Repeat(junk+"\r\n", 100))
			for range 50 {
				if _, err := c.reply(); err != nil {
					t.Fatal(err)
				}
			}
			c.expect("421 4.7.0")
			c.expectClosed()
		})
	}
}

// An honest relay sends as many mails as it likes over one connection.
func TestCommandLimitStartsAnewWithEachMail(t *testing.T) {
	in := &memoryInbox{}
	s := start(t, testConfig(), in)
	c := s.dial()
	c.greet()
	for range 60 {
		c.data()
		c.do(".", "250 ")
		c.do("RSET", "250 ")
	}
	if n := len(in.all()); n != 60 {
		t.Errorf("%d mails were kept", n)
	}
}

// The recipients of one mail are no junk, however many.
func TestCommandLimitLeavesRecipientsOut(t *testing.T) {
	in := &memoryInbox{}
	s := start(t, testConfig(), in)
	c := s.dial()
	c.greet()
	c.do("MAIL FROM:<anna@kunde.example>", "250 ")
	for i := range 100 {
		c.do(fmt.Sprintf("RCPT TO:<contact+support+%d@firma.example>", i), "250 ")
	}
	c.do("RCPT TO:<contact+support+100@firma.example>", "452 4.5.3") // bad-input 42
	c.do("DATA", "354 ")
	c.do(".", "250 ")
	if n := len(in.all()[0].To); n != 100 {
		t.Errorf("%d recipients", n)
	}
}

// bad-input 43: a client that guesses addresses.
func TestUnknownRecipientLimit(t *testing.T) {
	s := start(t, testConfig(), &memoryInbox{})
	c := s.dial()
	c.greet()
	c.do("MAIL FROM:<anna@kunde.example>", "250 ")
	for i := range 10 {
		c.send(fmt.Sprintf("RCPT TO:<guess%d@firma.example>\r\n", i))
	}
	for range 10 {
		c.expect("550 5.1.1")
	}
	c.expect("421 4.7.0")
	c.expectClosed()
}

// bad-input 33: 500 connections from one address.
func TestConnectionsPerNetwork(t *testing.T) {
	cfg := testConfig()
	cfg.MaxConnectionsPerNetwork = 20
	s := start(t, cfg, &memoryInbox{})
	var clients []*client
	for range 500 {
		clients = append(clients, s.dial())
	}
	var in, out []*client
	for _, c := range clients {
		switch banner, err := c.reply(); {
		case err != nil:
			t.Fatal(err)
		case strings.HasPrefix(banner, "220 "):
			in = append(in, c)
		case strings.HasPrefix(banner, "421 4.7.0"):
			out = append(out, c)
		}
	}
	if len(in) != 20 || len(out) != 480 {
		t.Fatalf("%d were let in and %d turned away", len(in), len(out))
	}
	out[0].expectClosed()
	in[0].do("QUIT", "221 ")
	in[0].expectClosed()
	s.dial().expect("220 ") // its place is free
}

// bad-input 27, 28: long command lines.
func TestLongCommandLines(t *testing.T) {
	for _, tt := range []struct {
		name, command, want string
		closed              bool
	}{
		{"bad-input 27: 513", "NOOP " + strings.Repeat("x", 506), "250 ", false},
		{"bad-input 27: 2000", "NOOP " + strings.Repeat("x", 1993), "250 ", false},
		{"bad-input 28: 2001", "NOOP " + strings.Repeat("x", 1994), "500 5.5.2", true},
		{"bad-input 28: 100,000", "NOOP " + strings.Repeat("x", 100_000), "500 5.5.2", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, testConfig(), &memoryInbox{})
			c := s.dial()
			c.greet()
			c.do(tt.command, tt.want)
			if tt.closed {
				c.expectClosed()
			} else {
				c.do("QUIT", "221 ")
			}
		})
	}
}

// A line without end is answered long before the deadline.
func TestLongCommandLineWithoutEnd(t *testing.T) {
	s := start(t, testConfig(), &memoryInbox{})
	c := s.dial()
	c.greet()
	c.send(strings.Repeat("x", maxLine))
	c.expect("500 5.5.2")
}

// bad-input 32: a client that sends an octet now and then gains no time by it.
func TestDrip(t *testing.T) {
	for _, tt := range []struct {
		name  string
		limit func(*Config, time.Duration)
		begin func(*client)
		want  string
	}{
		{"within a command", func(c *Config, d time.Duration) { c.IdleTimeout = d }, func(c *client) {}, "421 4.4.2 Idle"},
		{"within a session", func(c *Config, d time.Duration) { c.TotalTimeout = d }, func(c *client) {}, "421 4.4.2 Session"},
		{"within a message", func(c *Config, d time.Duration) { c.DataTimeout = d }, (*client).data, "451 4.4.2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg, in := testConfig(), &memoryInbox{}
			tt.limit(&cfg, 300*time.Millisecond)
			s := start(t, cfg, in)
			c := s.dial()
			c.greet()
			tt.begin(c)
			go func() {
				drip := time.NewTicker(10 * time.Millisecond)
				defer drip.Stop()
				for range drip.C {
					if _, err := c.Write([]byte("x")); err != nil {
						return
					}
				}
			}()
			c.expect(tt.want)
			c.expectClosed()
			c.Close()
			if n := len(in.all()); n != 0 {
				t.Errorf("%d mails were kept", n)
			}
		})
	}
}

// Who is told goodbye in the middle of a flood can send it to its end and read
// why: the connection is not reset under him.
func TestLastWordArrives(t *testing.T) {
	s := start(t, testConfig(), &memoryInbox{})
	c := s.dial()
	c.expect("220 ")
	if _, err := c.Write([]byte("GET / HTTP/1.1\r\n" + strings.Repeat("x", lingerBytes/2))); err != nil {
		t.Error(err)
	}
	if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Error(err)
	}
	c.expect("421 4.7.0")
	c.expectClosed()
}

// bad-input 34: a client that never reads is let go.
func TestClientThatNeverReads(t *testing.T) {
	cfg := testConfig()
	cfg.MaxCommands = 1 << 30
	cfg.WriteTimeout = 200 * time.Millisecond
	s := start(t, cfg, &memoryInbox{})
	c := s.dial()
	c.Conn.(*net.TCPConn).SetReadBuffer(4096)
	noops := []byte(strings.Repeat("NOOP\r\n", 10_000))
	for {
		if _, err := c.Write(noops); err != nil {
			if e, ok := err.(net.Error); ok && e.Timeout() {
				t.Fatal("the server neither reads nor closes")
			}
			return
		}
	}
}
