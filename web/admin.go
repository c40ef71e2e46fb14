package web

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/pprof"
	"time"
)

// Admin answers the machines that watch the daemon, on an address of its own: anybody
// who reaches it may ask.
type Admin struct {
	server   http.Server
	address  string
	listener net.Listener
}

// Admin makes that server, which shares the health of this one: /healthz, /readyz,
// /metrics, and with profiles /debug/pprof/.
func (s *Server) Admin(address string, metrics http.Handler, profiles bool) *Admin {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.alive)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", metrics)
	if profiles {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	}
	a := &Admin{address: address}
	a.server = http.Server{
		Handler: withHeaders(mux), MaxHeaderBytes: s.cfg.MaxHeaderBytes,
		ReadHeaderTimeout: s.cfg.HeaderTimeout, ReadTimeout: s.cfg.ReadTimeout, IdleTimeout: s.cfg.IdleTimeout,
		WriteTimeout: 2 * time.Minute, // a profile takes 30 s
		ErrorLog:     log.New(s.log, "", 0),
	}
	return a
}

// Listen takes the address. Requests wait until Run.
func (a *Admin) Listen() error {
	l, err := net.Listen("tcp", a.address)
	if err != nil {
		return fmt.Errorf("listening for HTTP on %s: %w", a.address, err)
	}
	a.listener = l
	return nil
}

// Addr is where it listens, the port chosen; nil before Listen.
func (a *Admin) Addr() net.Addr {
	if a.listener == nil {
		return nil
	}
	return a.listener.Addr()
}

// Close gives the address back.
func (a *Admin) Close() error {
	if a.listener == nil {
		return nil
	}
	if err := a.listener.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// Run serves until ctx ends and then cuts what is asked for: it can be asked again.
func (a *Admin) Run(ctx context.Context) error {
	served := make(chan error, 1)
	go func() { served <- a.server.Serve(a.listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serving HTTP: %w", err)
	case <-ctx.Done():
	}
	err := a.server.Close()
	<-served
	return err
}
