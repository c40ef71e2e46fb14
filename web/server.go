package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/desk/report"
	"aismarttalk.tech/supportd/faq"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// Desk is the one service that changes anything; desk.Desk's methods say more.
type Desk interface {
	Orders
	Letters
	StatusLinks
}

// Orders are what staff ask to have done to tickets.
type Orders interface {
	OrderSeen(ctx context.Context, id ticket.ID, o ticket.Order, by ticket.Actor, seen int) (desk.Change, error)
	Preview(ctx context.Context, id ticket.ID, o ticket.Order, by ticket.Actor) (desk.Change, error)
}

// Letters are what staff decide about letters and deliveries that go no further.
type Letters interface {
	RetryLetter(ctx context.Context, id ticket.ID, number int, by ticket.Actor) (ticket.Notice, error)
	DropLetter(ctx context.Context, id ticket.ID, number int, by ticket.Actor) (ticket.Notice, error)
	RetryWebhook(ctx context.Context, delivery string) error
}

// StatusLinks show reporters where their tickets stand.
type StatusLinks interface {
	AskStatusLink(ctx context.Context, id ticket.ID, address string) error
	SpendProof(ctx context.Context, proof string) (ticket.ID, error)
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

// Parts are what a server is made of. Those that may be nil leave out the
// operations that need them.
type Parts struct {
	Desk    Desk
	Store   *store.Store // for reading; what is written goes through the desk
	Archive Archive
	Journal Journal
	Prefix  string         // of tracking IDs
	Keeping Keeping        // nil where no daemon runs
	Support string         // the address that reports go to
	Staff   []ticket.Staff // in whose names an admin may act
	Checks  []Check        // of /readyz, in order
	Version string         // of the program, in the description of the API
	Now     func() time.Time
	Random  io.Reader
	Log     zerolog.Logger

	Parse  func(raw []byte) ticket.Message               // bounded; reads attachments anew
	Letter func(ticket.Notice) (templates.Letter, error) // in its words; nil leaves previews without

	Replay   Replay         // nil where no daemon runs
	Intake   report.Journal // nil where no daemon runs: nothing is reported then
	Search   Search         // nil: words are looked for in ID, subject and reporter alone
	Planning Planning       // may be nil
	Digests  Digests        // may be nil
	Held     HeldMails      // may be nil
	FAQ      *faq.Book      // may be nil
	Chat     Chat           // nil where no daemon runs
	SignIns  SignIns        // may be nil

	// Mounts are what else answers here: pages, the chat, the console. One with the
	// pattern "/" answers for all that is not there, outside of the API.
	Mounts []page.Mount
	// Stopping is called when the server stops, to end the streams among them; may be
	// nil.
	Stopping func()
}

// Server answers HTTP requests while Run runs.
type Server struct {
	cfg      Config
	parts    Parts
	log      zerolog.Logger
	hub      *hub
	box      *report.Box // nil where nothing is reported
	draining atomic.Bool
	http     http.Server
	listener net.Listener
}

// New wires a server; it does not listen yet.
func New(cfg Config, p Parts) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg.withDefaults(), parts: p, log: p.Log, hub: newHub(p.Store, p.Now(), p.Log)}
	if p.Intake != nil {
		s.box = report.NewBox(report.Parts{Journal: p.Intake, Store: p.Store, To: p.Support, Now: p.Now, Random: p.Random})
	}
	s.http = http.Server{
		Handler:           s.routes(),
		MaxHeaderBytes:    s.cfg.MaxHeaderBytes,
		ReadHeaderTimeout: s.cfg.HeaderTimeout,
		ReadTimeout:       s.cfg.ReadTimeout,
		WriteTimeout:      s.cfg.WriteTimeout,
		IdleTimeout:       s.cfg.IdleTimeout,
		ErrorLog:          log.New(p.Log, "", 0), // broken connections, one line each
	}
	s.http.RegisterOnShutdown(s.hub.close) // or streams would keep the server from stopping
	if p.Stopping != nil {
		s.http.RegisterOnShutdown(p.Stopping)
	}
	return s, nil
}

// Changed tells those who listen to events that a ticket has changed. It never
// blocks.
func (s *Server) Changed(id ticket.ID) { s.hub.Changed(id) }

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
	var telling sync.WaitGroup
	telling.Go(func() { s.hub.Run(ctx) })
	defer telling.Wait()
	served := make(chan error, 1)
	go func() { served <- s.http.Serve(s.listener) }()
	select {
	case err := <-served:
		s.hub.close()
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
