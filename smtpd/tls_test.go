package smtpd

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// secure is a server with a certificate, and how clients come to trust it.
func secure(t *testing.T, p Protocol) (*running, *memoryInbox, *tls.Config) {
	t.Helper()
	cfg, in := testConfig(), &memoryInbox{}
	var trust *tls.Config
	cfg.TLS, trust = certificate(t)
	cfg.Listeners[0].Protocol = p
	return start(t, cfg, in), in, trust
}

// upgrade does the client's part of STARTTLS.
func (c *client) upgrade(trust *tls.Config) *client {
	c.t.Helper()
	c.do("STARTTLS", "220 2.0.0")
	return newClient(c.t, tls.Client(c.Conn, trust))
}

func TestStartTLS(t *testing.T) {
	s, in, trust := secure(t, SMTP)
	c := s.dial()
	c.expect("220 ")
	if offers := c.do("EHLO client.example", "250 "); !strings.Contains(offers, "250-STARTTLS\n") {
		t.Errorf("STARTTLS is not offered: %s", offers)
	}
	c = c.upgrade(trust)
	c.do("MAIL FROM:<anna@kunde.example>", "503 5.5.1") // RFC 3207: greet again
	if offers := c.do("EHLO client.example", "250 "); strings.Contains(offers, "STARTTLS") {
		t.Errorf("STARTTLS is offered within TLS: %s", offers)
	}
	c.do("STARTTLS", "502 5.5.1")
	c.data()
	c.send(simpleMail + ".\r\n")
	c.expect("250 ")
	c.do("QUIT", "221 ")
	c.expectClosed()

	m := in.all()[0]
	if m.Protocol != "ESMTPS" || !strings.HasPrefix(m.TLS, "TLS 1.3 TLS_") {
		t.Errorf("got protocol %q over %q", m.Protocol, m.TLS)
	}
	if !strings.Contains(m.trace, " with ESMTPS (TLS 1.3 TLS_") {
		t.Errorf("got trace %q", m.trace)
	}
}

func TestStartTLSForgetsTheTransaction(t *testing.T) {
	s, _, trust := secure(t, LMTP)
	c := s.dial()
	c.expect("220 ")
	c.do("LHLO client.example", "250 ")
	c.ready()
	c = c.upgrade(trust)
	c.do("LHLO client.example", "250 ")
	c.do("DATA", "503 5.5.1")
	c.do("RCPT TO:<contact+support@firma.example>", "503 5.5.1")
	c.do("MAIL FROM:<anna@kunde.example>", "250 ")
	c.do("RCPT TO:<postmaster@firma.example>", "250 ")
	c.do("DATA", "354 ")
	c.do(".", "250 2.0.0 <postmaster@firma.example>") // and no reply for another
	c.do("QUIT", "221 ")
}

// bad-input 20: what was sent in clear behind STARTTLS never counts.
func TestStartTLSDiscardsPipelinedPlaintext(t *testing.T) {
	s, in, trust := secure(t, SMTP)
	c := s.dial()
	c.greet()
	c.send("STARTTLS\r\nEHLO mallory.example\r\nMAIL FROM:<mallory@ond.example>\r\nRCPT TO:<contact+support@firma.example>\r\n")
	c.expect("220 2.0.0")
	c = newClient(t, tls.Client(c.Conn, trust))
	c.do("DATA", "503 5.5.1")
	c.do("MAIL FROM:<anna@kunde.example>", "503 5.5.1")
	c.do("EHLO client.example", "250 ")
	c.data()
	c.send(simpleMail + ".\r\n")
	c.expect("250 ")
	if m := in.all(); len(m) != 1 || m[0].From != "anna@kunde.example" {
		t.Errorf("got %+v", m)
	}
}

func TestFailedHandshakeEndsTheSession(t *testing.T) {
	for _, tt := range []struct{ name, sent string }{
		{"bad-input 22: garbage", "\x16\x03\x01\xff\xff" + strings.Repeat("\x00garbage", 100)},
		{"bad-input 23: commands in clear", "EHLO a\r\nMAIL FROM:<m@ond.example>\r\nRCPT TO:<contact+support@firma.example>\r\nDATA\r\nx\r\n.\r\n"},
		{"nothing", ""},
	} {
		for _, p := range []Protocol{SMTP, SMTPS} {
			t.Run(string(p)+"/"+tt.name, func(t *testing.T) {
				s, in, _ := secure(t, p)
				c := s.dial()
				if p == SMTP {
					c.greet()
					c.do("STARTTLS", "220 ")
				}
				c.send(tt.sent)
				c.Conn.(*net.TCPConn).CloseWrite()
				rest, _ := io.ReadAll(c.r) // a TLS alert, perhaps
				if strings.Contains(string(rest), "250") {
					t.Errorf("got %q", rest)
				}
				if err := s.stop(); err != nil {
					t.Error(err)
				}
				if n := len(in.all()); n != 0 {
					t.Errorf("%d mails were kept", n)
				}
				if n := s.Stats().Refused["tls"]; n != 1 {
					t.Errorf("%d handshakes failed, by the counter", n)
				}
			})
		}
	}
}

func TestImplicitTLS(t *testing.T) {
	s, in, trust := secure(t, SMTPS)
	c := newClient(t, tls.Client(s.dial().Conn, trust))
	c.greet()
	c.data()
	c.send(simpleMail + ".\r\n")
	c.expect("250 ")
	if m := in.all()[0]; m.Protocol != "ESMTPS" || m.body != simpleMail {
		t.Errorf("got %+v", m)
	}
}

// bad-input 15: close_notify looks like a clean end, but not of a chunk.
func TestTruncationWithinTLS(t *testing.T) {
	for name, sent := range map[string]string{
		"bad-input 15: BDAT": "BDAT 1000 LAST\r\nSubject: short\r\n\r\nx\r\n",
		"bad-input 19: DATA": "DATA\r\nSubject: short\r\n\r\nx\r\n.\r",
	} {
		t.Run(name, func(t *testing.T) {
			s, in, trust := secure(t, SMTP)
			c := s.dial()
			c.greet()
			c = c.upgrade(trust)
			c.do("EHLO client.example", "250 ")
			c.ready()
			c.send(sent)
			c.Conn.(*tls.Conn).CloseWrite()
			if strings.HasPrefix(sent, "DATA") {
				c.expect("354 ")
			}
			c.expect("451 4.4.2")
			c.expectClosed()
			if n := len(in.all()); n != 0 {
				t.Errorf("%d mails were kept", n)
			}
		})
	}
}

func TestReloadCertificate(t *testing.T) {
	folder := t.TempDir()
	cfg := testConfig()
	cfg.CertificateFile = filepath.Join(folder, "cert.pem")
	cfg.KeyFile = filepath.Join(folder, "key.pem")
	oldTrust := writeCertificate(t, cfg.CertificateFile, cfg.KeyFile)
	s := start(t, cfg, &memoryInbox{})
	handshake := func(trust *tls.Config) error {
		c := s.dial()
		c.greet()
		return c.upgrade(trust).Conn.(*tls.Conn).Handshake()
	}
	if err := handshake(oldTrust); err != nil {
		t.Fatal(err)
	}

	newTrust := writeCertificate(t, cfg.CertificateFile, cfg.KeyFile)
	if err := s.ReloadCertificate(); err != nil {
		t.Fatal(err)
	}
	if err := handshake(newTrust); err != nil {
		t.Errorf("the new certificate is not used: %v", err)
	}

	if err := os.WriteFile(cfg.CertificateFile, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.ReloadCertificate(); err == nil {
		t.Error("a broken certificate was loaded")
	}
	if err := handshake(newTrust); err != nil {
		t.Errorf("after a failed reload: %v", err)
	}
}

// writeCertificate writes a fresh certificate and returns who trusts it.
func writeCertificate(t *testing.T, certFile, keyFile string) *tls.Config {
	t.Helper()
	server, trust := certificate(t)
	key, err := x509.MarshalPKCS8PrivateKey(server.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{
		certFile: {Type: "CERTIFICATE", Bytes: server.Certificates[0].Certificate[0]},
		keyFile:  {Type: "PRIVATE KEY", Bytes: key},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return trust
}
