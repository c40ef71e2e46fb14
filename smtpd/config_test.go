package smtpd

import (
	"crypto/tls"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestValidateReportsAllFaults(t *testing.T) {
	err := Config{
		Hostname: "mx firma",
		Listeners: []Listener{
			{Address: "127.0.0.1", Protocol: SMTP},
			{Address: "127.0.0.1:25", Protocol: "smpt"},
			{Address: "127.0.0.1:465", Protocol: SMTPS},
			{Address: "unix:", Protocol: LMTP},
			{Address: "unix:/run/lmtp", Protocol: LMTP, ProxyFrom: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}},
		},
		Addresses:       []string{"contact+support", "Contact <a@firma.example>"},
		MaxMessageBytes: -1,
		IdleTimeout:     -time.Second,
		KeyFile:         "missing.pem",
	}.Validate()
	if err == nil {
		t.Fatal("no fault was found")
	}
	for _, want := range []string{
		`hostname: "mx firma"`,
		`listener "127.0.0.1": address 127.0.0.1: missing port`,
		`listener "127.0.0.1:25": protocol "smpt" is none of smtp, smtps, lmtp`,
		`listener "127.0.0.1:465": smtps needs a certificate`,
		`listener "unix:": the path of the socket is missing`,
		`listener "unix:/run/lmtp": no proxy can stand before a unix socket`,
		`addresses: "contact+support" is not an address`,
		`addresses: "Contact <a@firma.example>" is not an address`,
		`max message bytes: may not be negative`,
		`idle timeout: may not be negative`,
		`certificate: open`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no word of %s in:\n%v", want, err)
		}
	}
}

func TestValidate(t *testing.T) {
	if err := testConfig().Validate(); err != nil {
		t.Error(err)
	}
	empty := Config{}.Validate()
	for _, want := range []string{"hostname", "listeners: at least one", "addresses: at least one"} {
		if empty == nil || !strings.Contains(empty.Error(), want) {
			t.Errorf("no word of %s in: %v", want, empty)
		}
	}
	both := testConfig()
	both.TLS, both.CertificateFile = &tls.Config{}, "cert.pem"
	if err := both.Validate(); err == nil || !strings.Contains(err.Error(), "not both") {
		t.Errorf("got %v", err)
	}
}
