package smtpd

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// Protocol is what a listener speaks.
type Protocol string

// The protocols of a listener.
const (
	SMTP  Protocol = "smtp"  // RFC 5321, with STARTTLS where a certificate is configured
	SMTPS Protocol = "smtps" // SMTP inside TLS from the first byte (RFC 8314)
	LMTP  Protocol = "lmtp"  // RFC 2033: one reply per recipient after the data
)

// Listener is one address to take mail at.
type Listener struct {
	// Address is host:port, or unix: and the path of a socket. Port 0 lets the
	// system choose; Server.Addrs tells what it chose.
	Address  string
	Protocol Protocol
	// ProxyFrom lists the proxies that stand before this listener. If it is not
	// empty, each connection must come from one of them and begin with a PROXY
	// header (version 1 or 2); all others are closed.
	ProxyFrom []netip.Prefix
	// Socket, if not nil, is already listening (socket activation): Address is
	// then only its name. Run closes it.
	Socket net.Listener
}

// Config says what a Server does. Zero values mean the defaults named here.
type Config struct {
	Hostname  string // our name in greetings and Received headers; required
	Listeners []Listener
	// Addresses are the support addresses. Mail is taken for them, for them with
	// anything behind a further "+", and for postmaster and abuse of their
	// domains. Case does not matter.
	Addresses []string

	MaxMessageBytes int64 // after undoing the dot-stuffing; 25 MiB
	MaxRecipients   int   // of one mail; 100
	MaxHops         int   // Received headers, RFC 5321 section 6.3; 50

	MaxConnections           int // 1000
	MaxConnectionsPerNetwork int // per IPv4 /24 and IPv6 /64; 200
	// Trusted networks (our own relays) are not held to the limit per network.
	Trusted []netip.Prefix
	// MaxCommands is how many commands a connection may send since its last
	// accepted mail; accepted recipients and message data do not count; 50.
	MaxCommands int
	// MaxUnknownRecipients is how many recipients of one connection may be
	// refused as unknown; 10.
	MaxUnknownRecipients int
	// SenderPerMinute is how many mails are taken from one envelope sender
	// within a minute, the null sender counting per network; 600, negative for
	// no limit.
	SenderPerMinute int

	IdleTimeout   time.Duration // the longest silence, RFC 5321 section 4.5.3.2.7; 5 minutes
	DataTimeout   time.Duration // the longest time one message may take to arrive; 10 minutes
	TotalTimeout  time.Duration // the longest session; 1 hour
	WriteTimeout  time.Duration // how long a client may leave replies unread; 1 minute
	CommitTimeout time.Duration // how long Inbox.Put may take once the message has arrived; 1 minute
	DrainTimeout  time.Duration // how long Run lets messages under way finish when it is to end; 20 seconds

	// TLS, or the certificate and key in PEM files. With none of them STARTTLS is
	// not offered. The files are read again by Server.ReloadCertificate.
	TLS             *tls.Config
	CertificateFile string
	KeyFile         string
}

// withDefaults returns c with every zero value replaced.
func (c Config) withDefaults() Config {
	number := func(n *int, d int) {
		if *n == 0 {
			*n = d
		}
	}
	duration := func(t *time.Duration, d time.Duration) {
		if *t == 0 {
			*t = d
		}
	}
	if c.MaxMessageBytes == 0 {
		c.MaxMessageBytes = 25 << 20
	}
	number(&c.MaxRecipients, 100)
	number(&c.MaxHops, 50)
	number(&c.MaxConnections, 1000)
	number(&c.MaxConnectionsPerNetwork, 200)
	number(&c.MaxCommands, 50)
	number(&c.MaxUnknownRecipients, 10)
	number(&c.SenderPerMinute, 600)
	duration(&c.IdleTimeout, 5*time.Minute)
	duration(&c.DataTimeout, 10*time.Minute)
	duration(&c.TotalTimeout, time.Hour)
	duration(&c.WriteTimeout, time.Minute)
	duration(&c.CommitTimeout, time.Minute)
	duration(&c.DrainTimeout, 20*time.Second)
	return c
}

// Validate reports all faults of the configuration at once, or nil. It reads
// the certificate files, if any are named.
func (c Config) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }

	if c.Hostname == "" || len(c.Hostname) > ticket.MaxDomain || strings.ContainsFunc(c.Hostname, notInHostname) {
		fault("hostname: %q is not a host name", c.Hostname)
	}
	if len(c.Listeners) == 0 {
		fault("listeners: at least one is needed")
	}
	for _, l := range c.Listeners {
		if err := l.validate(); err != nil {
			fault("listener %q: %w", l.Address, err)
		}
		if l.Protocol == SMTPS && !c.hasTLS() {
			fault("listener %q: smtps needs a certificate", l.Address)
		}
	}
	if _, err := newAddressBook(c.Addresses); err != nil {
		faults = append(faults, err)
	}
	for _, limit := range []struct {
		name  string
		value int64
	}{
		{"max message bytes", c.MaxMessageBytes},
		{"max recipients", int64(c.MaxRecipients)},
		{"max hops", int64(c.MaxHops)},
		{"max connections", int64(c.MaxConnections)},
		{"max connections per network", int64(c.MaxConnectionsPerNetwork)},
		{"max commands", int64(c.MaxCommands)},
		{"max unknown recipients", int64(c.MaxUnknownRecipients)},
		{"idle timeout", int64(c.IdleTimeout)},
		{"data timeout", int64(c.DataTimeout)},
		{"total timeout", int64(c.TotalTimeout)},
		{"write timeout", int64(c.WriteTimeout)},
		{"commit timeout", int64(c.CommitTimeout)},
		{"drain timeout", int64(c.DrainTimeout)},
	} {
		if limit.value < 0 {
			fault("%s: may not be negative", limit.name)
		}
	}
	if c.TLS != nil && c.CertificateFile != "" {
		fault("tls: either a configuration or certificate files, not both")
	}
	if c.CertificateFile != "" || c.KeyFile != "" {
		if _, err := tls.LoadX509KeyPair(c.CertificateFile, c.KeyFile); err != nil {
			fault("certificate: %w", err)
		}
	}
	return errors.Join(faults...)
}

func (c Config) hasTLS() bool { return c.TLS != nil || c.CertificateFile != "" }

// network returns what net.Listen wants to know.
func (l Listener) network() (network, address string) {
	if path, ok := strings.CutPrefix(l.Address, "unix:"); ok {
		return "unix", path
	}
	return "tcp", l.Address
}

func (l Listener) validate() error {
	var faults []error
	switch l.Protocol {
	case SMTP, SMTPS, LMTP:
	default:
		faults = append(faults, fmt.Errorf("protocol %q is none of smtp, smtps, lmtp", l.Protocol))
	}
	if l.Socket != nil {
		return errors.Join(faults...)
	}
	network, address := l.network()
	switch {
	case network == "unix" && address == "":
		faults = append(faults, errors.New("the path of the socket is missing"))
	case network == "unix" && len(l.ProxyFrom) > 0:
		faults = append(faults, errors.New("no proxy can stand before a unix socket"))
	case network == "tcp":
		if _, _, err := net.SplitHostPort(address); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// notInHostname reports whether r has no place in a host name. Address
// literals (RFC 5321 section 4.1.3) pass too.
func notInHostname(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	}
	return !strings.ContainsRune("-._:[]", r)
}
