package smtpd

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
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

func TestReceivedHeaderIsBounded(t *testing.T) {
	cfg := testConfig()
	cfg.Hostname = strings.Repeat("h", ticket.MaxDomain)
	c := &conn{
		srv:  &Server{cfg: cfg},
		ln:   &listener{Protocol: SMTP},
		addr: netip.MustParseAddr("2001:db8:1111:1111:1111:1111:1111:1111"),
		helo: strings.Repeat("c", ticket.MaxDomain), extended: true,
		tls: "TLS 1.2 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
		tx: transaction{utf8: true, to: []string{
			path{strings.Repeat(`"`, ticket.MaxLocalPart), strings.Repeat("d", ticket.MaxDomain)}.String(),
		}},
	}
	if n := len(c.received(noon)); n > MaxTraceBytes {
		t.Errorf("%d octets", n)
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

// bad-input 84, 85: a blank before the first field makes it part of our own Received
// header, and behind that the first line of an mbox is one broken line among others:
// the door is the last to see either.
func TestABrokenFirstLineIsFlagged(t *testing.T) {
	for body, want := range map[string][]string{
		" Subject: x\r\n\r\n":              {"badheader", "raw"},
		"\tSubject: x\r\n\r\n":             {"badheader", "raw"},
		"From anna Mon Nov 23\r\nA: b\r\n": {"badheader", "raw"},
		"From : anna@kunde.example\r\n":    nil, // a field still
		"Subject: x\r\n y\r\n\r\n z\r\n":   nil,
		"\r\n x\r\n":                       nil,
	} {
		in := &memoryInbox{}
		c := start(t, testConfig(), in).dial()
		c.greet()
		c.data()
		c.send(body + ".\r\n")
		c.expect("250 ")
		if got := in.all()[0].Envelope.Flags; !slices.Equal(got, want) {
			t.Errorf("%q is flagged %q, want %q", body, got, want)
		}
	}
}
