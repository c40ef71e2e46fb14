package smtpd

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store/journal"
)

// Inbox keeps what the sessions take in. It must be safe for concurrent use.
type Inbox interface {
	// Put reads the mail to its end and keeps it, with its envelope; once it has
	// returned without an error the mail is promised. An error of r means that
	// the mail must not be kept. Put should return soon after ctx is done: Run
	// waits for it.
	//
	// r has a method Flags() []string. After r's io.EOF it returns what the door
	// saw in the whole mail; e.Flags holds what was known before Put was called,
	// which is all of it for mails of up to 64 KiB.
	Put(ctx context.Context, e journal.Envelope, r io.Reader) (journal.ID, error)
	// Full reports whether free space is below the floor: then no mail is begun.
	// It is asked with every command of a mail's envelope.
	Full() bool
}

// Server takes mail at its listeners. Make it with New.
type Server struct {
	cfg   Config
	inbox Inbox
	log   zerolog.Logger
	now   func() time.Time // for what is recorded; deadlines of the network go by the real clock

	book        *addressBook
	gate        *gate
	senders     *rate
	stats       counters
	tls         *tls.Config // nil: none
	certificate atomic.Pointer[tls.Certificate]
	heads       sync.Pool // *[headSize]byte, see session.receive

	listeners []*listener

	put  context.Context // given to Inbox.Put; ends when sessions are cut off
	cut  context.CancelFunc
	mu   sync.Mutex
	open map[*conn]struct{} // guarded by mu
}

// New makes a server, with nothing opened yet. now is the clock of the mails'
// times of receipt.
func New(cfg Config, inbox Inbox, log zerolog.Logger, now func() time.Time) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("smtpd configuration: %w", err)
	}
	cfg = cfg.withDefaults()
	book, err := newAddressBook(cfg.Addresses)
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg:     cfg,
		inbox:   inbox,
		log:     log,
		now:     now,
		book:    book,
		gate:    newGate(cfg.MaxConnections, cfg.MaxConnectionsPerNetwork, cfg.Trusted),
		senders: newRate(cfg.SenderPerMinute),
		open:    make(map[*conn]struct{}),
		heads:   sync.Pool{New: func() any { return new([headSize]byte) }},
	}
	s.put, s.cut = context.WithCancel(context.Background())
	switch {
	case cfg.TLS != nil:
		s.tls = cfg.TLS
	case cfg.CertificateFile != "":
		if err := s.ReloadCertificate(); err != nil {
			return nil, err
		}
		s.tls = &tls.Config{
			MinVersion: tls.VersionTLS12,
			GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
				return s.certificate.Load(), nil
			},
		}
	}
	return s, nil
}

// ReloadCertificate reads the certificate files again, for the handshakes to
// come. On error the old certificate stays. Safe for concurrent use.
func (s *Server) ReloadCertificate() error {
	if s.cfg.CertificateFile == "" {
		return nil
	}
	c, err := tls.LoadX509KeyPair(s.cfg.CertificateFile, s.cfg.KeyFile)
	if err != nil {
		return fmt.Errorf("loading certificate: %w", err)
	}
	s.certificate.Store(&c)
	return nil
}

// Stats returns the counters. Safe for concurrent use.
func (s *Server) Stats() Stats { return s.stats.snapshot() }

// Listen opens all listeners, or none. From then on clients can connect; they
// are served once Run is called.
func (s *Server) Listen() error {
	for _, l := range s.cfg.Listeners {
		opened, err := s.listen(l)
		if err != nil {
			err = errors.Join(err, s.closeListeners())
			s.listeners = nil
			return fmt.Errorf("listening at %s: %w", l.Address, err)
		}
		s.listeners = append(s.listeners, opened)
	}
	return nil
}

// Addrs returns the addresses that Listen opened, in the order of the
// configuration.
func (s *Server) Addrs() []net.Addr {
	addrs := make([]net.Addr, 0, len(s.listeners))
	for _, l := range s.listeners {
		addrs = append(addrs, l.Addr())
	}
	return addrs
}

// Run serves until ctx ends or a listener fails. Then it closes the listeners,
// answers 421 to every session between messages, gives messages under way the
// DrainTimeout, and cuts off what is left. It returns nil if ctx ended it, and
// only after the last session has. It calls Listen unless that has been done,
// and may be called once.
func (s *Server) Run(ctx context.Context) error {
	if len(s.listeners) == 0 {
		if err := s.Listen(); err != nil {
			return err
		}
	}
	defer s.cut()
	failed := make(chan error, len(s.listeners))
	var accepting sync.WaitGroup
	for _, l := range s.listeners {
		s.log.Info().Stringer("address", l.Addr()).Str("protocol", string(l.Protocol)).Msg("taking mail")
		accepting.Go(func() {
			if err := l.server.Serve(l); !errors.Is(err, net.ErrClosed) {
				failed <- fmt.Errorf("accepting at %s: %w", l.Address, err)
			}
		})
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	err = errors.Join(err, s.closeListeners())
	accepting.Wait() // from here on no session begins
	s.stop()
	return err
}

// Close gives the addresses back, for a server that listened and never ran.
// After Run it does nothing.
func (s *Server) Close() error {
	s.cut()
	return s.closeListeners()
}

// closeListeners closes those that are open.
func (s *Server) closeListeners() error {
	var errs []error
	for _, l := range s.listeners {
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, fmt.Errorf("closing %s: %w", l.Address, err))
		}
	}
	return errors.Join(errs...)
}

// stop ends all sessions: in peace, and after DrainTimeout by force.
//
// The sessions are ended here and not by go-smtp's Close, which does nothing
// once Shutdown has been called.
func (s *Server) stop() {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for _, l := range s.listeners {
			l.server.Shutdown(context.Background()) // its error is of closing l, which was closed before
		}
	}()
	s.each((*conn).drain)
	deadline := time.NewTimer(s.cfg.DrainTimeout)
	defer deadline.Stop()
	select {
	case <-ended:
		return
	case <-deadline.C:
	}
	s.cut()
	s.each((*conn).cut)
	<-ended
}

func (s *Server) each(do func(*conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		do(c)
	}
}

// newProtocolServer configures go-smtp for one listener. Timeouts, line
// lengths, message sizes and TLS are conn's business; MaxMessageBytes is set for
// the SIZE that EHLO shows.
func (s *Server) newProtocolServer(l Listener) *smtp.Server {
	p := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return session{c.Conn().(*conn)}, nil
	}))
	p.LMTP = l.Protocol == LMTP
	p.Domain = s.cfg.Hostname
	p.MaxRecipients = s.cfg.MaxRecipients
	p.MaxMessageBytes = s.cfg.MaxMessageBytes
	p.MaxLineLength = 0
	p.EnableSMTPUTF8 = true
	p.ErrorLog = errorLog{s.log}
	return p
}

// errorLog lets go-smtp report panics and failures to accept.
type errorLog struct{ log zerolog.Logger }

func (l errorLog) Printf(format string, v ...any) { l.log.Error().Msgf(format, v...) }
func (l errorLog) Println(v ...any)               { l.log.Error().Msg(fmt.Sprint(v...)) }

// peerAddr returns the IP address of a, or the zero Addr for what has none.
func peerAddr(a net.Addr) netip.Addr {
	if t, ok := a.(*net.TCPAddr); ok {
		return t.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
