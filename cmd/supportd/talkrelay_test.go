package main

import (
	"io"
	"log"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// postOffice is the relay of a talk: an SMTP server on loopback that takes every
// letter.
type postOffice struct {
	addr *net.TCPAddr

	mu  sync.Mutex // guards got
	got []posted
}

// posted is a letter as the relay has it.
type posted struct {
	from string
	to   []string
	data []byte
}

func openPostOffice(t *testing.T) *postOffice {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &postOffice{addr: l.Addr().(*net.TCPAddr)}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &postSession{office: o}, nil }))
	server.Domain = "relay.aismarttalk.tech"
	server.ErrorLog = log.New(io.Discard, "", 0)
	done := make(chan struct{})
	go func() {
		defer close(done)
		server.Serve(l)
	}()
	t.Cleanup(func() {
		l.Close() // the server knows it only once it serves
		server.Close()
		<-done
	})
	return o
}

func (o *postOffice) letters() []posted {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.got)
}

type postSession struct {
	office *postOffice
	letter posted
}

func (s *postSession) Mail(from string, _ *smtp.MailOptions) error {
	s.letter = posted{from: from}
	return nil
}

func (s *postSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.letter.to = append(s.letter.to, to)
	return nil
}

func (s *postSession) Data(r io.Reader) error {
	var err error
	if s.letter.data, err = io.ReadAll(r); err != nil {
		return err
	}
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	s.office.got = append(s.office.got, s.letter)
	return nil
}

func (s *postSession) Reset()        {}
func (s *postSession) Logout() error { return nil }
