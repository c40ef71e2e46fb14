package notifier

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// script is how a relay behaves; the zero value takes everything.
type script struct {
	mail, rcpt, data error

	smtputf8           bool
	starttls, implicit bool
	authority          authority // signs the relay's certificate

	user, password, mechanism string // demanded if user is set
}

// received is a letter that a relay took.
type received struct {
	from  string
	to    []string
	data  []byte
	user  string
	utf8  bool
	inTLS bool
}

// fakeRelay is an SMTP server on loopback.
type fakeRelay struct {
	script
	addr net.Addr

	mu  sync.Mutex // guards got
	got []received
}

func startRelay(t testing.TB, s script) *fakeRelay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	relay := &fakeRelay{script: s, addr: l.Addr()}
	server := smtp.NewServer(relay)
	server.Domain = "relay.firma.example"
	server.EnableSMTPUTF8 = s.smtputf8
	server.ErrorLog = log.New(io.Discard, "", 0)
	if s.starttls || s.implicit {
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{s.authority.certificate(t)}}
	}
	if s.implicit {
		l = tls.NewListener(l, server.TLSConfig)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		server.Serve(l)
	}()
	t.Cleanup(func() {
		server.Close()
		<-done
	})
	return relay
}

func (r *fakeRelay) config(mode TLS) RelayConfig { return configFor(r.addr, mode) }

func configFor(addr net.Addr, mode TLS) RelayConfig {
	a := addr.(*net.TCPAddr)
	return RelayConfig{Host: a.IP.String(), Port: a.Port, TLS: mode, Hello: "desk.firma.example"}
}

func (r *fakeRelay) letters() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func (r *fakeRelay) only(t *testing.T) received {
	t.Helper()
	got := r.letters()
	if len(got) != 1 {
		t.Fatalf("the relay has %d letters, want one", len(got))
	}
	return got[0]
}

func (r *fakeRelay) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, inTLS := c.TLSConnectionState()
	return &relaySession{relay: r, letter: received{inTLS: inTLS}}, nil
}

type relaySession struct {
	relay  *fakeRelay
	letter received
}

func (s *relaySession) AuthMechanisms() []string {
	if s.relay.user == "" {
		return nil
	}
	return []string{s.relay.mechanism}
}

func (s *relaySession) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != s.relay.user || password != s.relay.password {
			return smtp.ErrAuthFailed
		}
		s.letter.user = user
		return nil
	}
	if mechanism == "LOGIN" {
		return &loginServer{check: check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
}

func (s *relaySession) Mail(from string, options *smtp.MailOptions) error {
	if s.relay.user != "" && s.letter.user == "" {
		return smtp.ErrAuthRequired
	}
	s.letter.from, s.letter.utf8 = from, options.UTF8
	return s.relay.mail
}

func (s *relaySession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.letter.to = append(s.letter.to, to)
	return s.relay.rcpt
}

func (s *relaySession) Data(r io.Reader) error {
	var err error
	if s.letter.data, err = io.ReadAll(r); err != nil {
		return err
	}
	if s.relay.data != nil {
		return s.relay.data
	}
	s.relay.mu.Lock()
	defer s.relay.mu.Unlock()
	s.relay.got = append(s.relay.got, s.letter)
	return nil
}

func (s *relaySession) Reset()        {}
func (s *relaySession) Logout() error { return nil }

// loginServer asks for a name and a password, as the LOGIN mechanism does.
type loginServer struct {
	check func(user, password string) error
	said  []string
}

func (s *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if response != nil {
		s.said = append(s.said, string(response))
	}
	switch len(s.said) {
	case 0:
		return []byte("Username:"), false, nil
	case 1:
		return []byte("Password:"), false, nil
	case 2:
		return nil, true, s.check(s.said[0], s.said[1])
	}
	return nil, false, errors.New("too many answers")
}

// startScripted runs talk on each connection and closes it afterwards.
func startScripted(t *testing.T, talk func(net.Conn)) RelayConfig {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() {
				defer c.Close()
				c.SetDeadline(time.Now().Add(guard))
				talk(c)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		conns.Wait()
	})
	return configFor(l.Addr(), TLSNone)
}

// converse is a relay that takes everything until hear returns false. hear is told
// "" before the greeting, then each command, and "." at the end of a letter.
func converse(c net.Conn, hear func(line string) bool) {
	if !hear("") {
		return
	}
	fmt.Fprint(c, "220 relay.firma.example\r\n")
	data := false
	for lines := bufio.NewScanner(c); lines.Scan(); {
		line := lines.Text()
		if data && line != "." {
			continue
		}
		if !hear(line) {
			return
		}
		switch {
		case data:
			data = false
			fmt.Fprint(c, "250 2.0.0 kept\r\n")
		case line == "DATA":
			data = true
			fmt.Fprint(c, "354 go on\r\n")
		case strings.HasPrefix(line, "QUIT"):
			fmt.Fprint(c, "221 bye\r\n")
			return
		default:
			fmt.Fprint(c, "250 fine\r\n")
		}
	}
}

// authority signs certificates for relays on loopback.
type authority struct {
	file string // PEM
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Firma test CA"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	writeFile(t, file, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	return authority{file: file, cert: cert, key: key}
}

func (a authority) certificate(t testing.TB) tls.Certificate {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "relay"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
