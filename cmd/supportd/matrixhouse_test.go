package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// matrixNoon is when the matrix is played: on a Monday within business hours.
var matrixNoon = time.Date(2026, time.November, 23, 11, 0, 0, 0, time.UTC)

// house is a daemon that cases of bad input are sent to. Its clock stands still.
type house struct {
	*demonstration
	wants houseSettings
	clock *stoppedClock
	log   *logBook
	flags []string // with which commands find it
	stop  func()   // waits for an orderly end
}

// houseSettings are what a house is made of.
type houseSettings struct {
	settings
	plan  func(*plan) // changes what settings do not reach; may be nil
	trust *tls.Config // of clients that know its certificate
}

// matrixSettings make a daemon that checks nobody, whose limits are out of the way
// of cases that are not about them.
func matrixSettings(t *testing.T) houseSettings {
	s := testSettings(t.TempDir())
	s.SMTP.Hostname = "mx.aismarttalk.tech"
	s.Limits.NoticesInAllPerDay = 100_000
	return houseSettings{settings: s}
}

// startHouse runs a daemon until stop is called or the test ends.
func startHouse(t *testing.T, wants houseSettings) *house {
	t.Helper()
	cfg := planned(t, wants.settings)
	if wants.plan != nil {
		wants.plan(&cfg.planned)
	}
	h := &house{wants: wants, clock: &stoppedClock{at: matrixNoon}, log: &logBook{}}
	d, stop := runDaemon(t, cfg, world{now: h.clock.now, random: rand.Reader, log: zerolog.New(h.log)})
	h.demonstration = newDemonstration(d, cfg.DataDir, host{out: io.Discard, now: h.clock.now}, matrixNoon)
	h.flags, h.stop = []string{"--set=data_dir=" + cfg.DataDir}, stop
	return h
}

// logBook keeps the log of a daemon. Safe for concurrent use.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBook) size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Len()
}

// since is what was logged behind an earlier size.
func (l *logBook) since(size int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text.Bytes()[min(size, l.text.Len()):])
}

// checkLog looks at lines of the log: each is one record, nothing in it acts on a
// terminal, and none tells of a panic (bad-input 50, 122, 123).
func checkLog(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line, whole := strings.CutSuffix(line, "\n")
		if !whole || !json.Valid([]byte(line)) || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Errorf("a line of the log is not one record: %q", line)
		}
		if strings.Contains(line, "panic") {
			t.Errorf("the daemon panicked: %s", line)
		}
	}
}

// withTLS gives the daemon a certificate, and clients the trust in it.
func withTLS(t *testing.T, s *houseSettings) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"mx.aismarttalk.tech"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, data []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	s.SMTP.TLS = tlsSettings{CertFile: write("cert.pem", "CERTIFICATE", der), KeyFile: write("key.pem", "PRIVATE KEY", secret)}
	s.trust = &tls.Config{RootCAs: pool, ServerName: "mx.aismarttalk.tech"}
}
