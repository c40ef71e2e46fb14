package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync/atomic"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// Desk is the one service that changes tickets.
type Desk interface {
	Order(ctx context.Context, id ticket.ID, o ticket.Order, by ticket.Actor) (desk.Change, error)
}

// Archive has the raw mails. One that it has not is archive.ErrNotFound.
type Archive interface {
	Open(ctx context.Context, mail journal.ID) (io.ReadCloser, error)
}

// Journal has the mails that were accepted and are not filed yet.
type Journal interface {
	Read(journal.ID) (journal.Mail, error)
	Parked() []journal.Parked
}

// Parts are what a server is made of.
type Parts struct {
	Desk    Desk
	Store   *store.Store // for reading; what is written goes through the desk
	Archive Archive
	Journal Journal
	Prefix  string         // of tracking IDs
	Replay  Replay         // nil where no daemon runs
	Keeping Keeping        // nil where no daemon runs
	Staff   []ticket.Staff // in whose names an admin may act
	Checks  []Check        // of /readyz, in order
	Version string         // of the program, in the description of the API
	Log     zerolog.Logger
}

// Server answers HTTP requests while Run runs.
type Server struct {
	cfg      Config
	parts    Parts
	log      zerolog.Logger
	draining atomic.Bool
	http     http.Server
	listener net.Listener
}

// New wires a server; it does not listen yet.
func New(cfg Config, p Parts) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg.withDefaults(), parts: p, log: p.Log}
	s.http = http.Server{
		Handler:           s.routes(),
		MaxHeaderBytes:    s.cfg.MaxHeaderBytes,
		ReadHeaderTimeout: s.cfg.HeaderTimeout,
		ReadTimeout:       s.cfg.ReadTimeout,
		WriteTimeout:      s.cfg.WriteTimeout,
		IdleTimeout:       s.cfg.IdleTimeout,
		ErrorLog:          log.New(p.Log, "", 0), // broken connections, one line each
	}
	return s, nil
}

// Listen takes the address. Requests wait until Run.
func (s *Server) Listen() error {
	l, err := net.Listen("tcp", s.cfg.Listen)
	if err != nil {
		return fmt.Errorf("listening for HTTP on %s: %w", s.cfg.Listen, err)
	}
	s.listener = l
	return nil
}

// Addr is where the server listens, the port chosen; nil before Listen.
func (s *Server) Addr() net.Addr {
	if s.listener == nil {
		return nil
	}
	return s.listener.Addr()
}

// Close gives the address back, for a server that never ran.
func (s *Server) Close() error {
	if s.listener == nil {
		return nil
	}
	if err := s.listener.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// Run serves until ctx ends, then lets the requests in hand finish for
// DrainTimeout and cuts the rest. It returns nil then.
func (s *Server) Run(ctx context.Context) error {
	served := make(chan error, 1)
	go func() { served <- s.http.Serve(s.listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serving HTTP: %w", err)
	case <-ctx.Done():
	}
	s.draining.Store(true)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.DrainTimeout)
	defer cancel()
	err := s.http.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}
	<-served
	return err
}
