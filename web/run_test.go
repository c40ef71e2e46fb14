package web

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

func TestHealth(t *testing.T) {
	f := newFixture(t)
	var journal, scanner error
	f.parts.Checks = []Check{
		{Name: "store", Do: func(context.Context) error { return nil }},
		{Name: "journal", Do: func(context.Context) error { return journal }},
		{Name: "clamd", Do: func(context.Context) error { return scanner }, Optional: true},
	}
	ready := func(code int, body string) {
		t.Helper()
		w := f.askWith("", "GET", "/readyz", nil)
		if w.Code != code || strings.TrimSpace(w.Body.String()) != body {
			t.Errorf("%d %s, want %d %s", w.Code, w.Body, code, body)
		}
	}
	ready(200, `{"status":"ok","checks":{"clamd":"ok","journal":"ok","store":"ok"}}`)
	journal = errors.New("disk /dev/sda full of secrets")
	ready(503, `{"status":"failing","checks":{"clamd":"ok","journal":"failing","store":"ok"}}`)
	journal, scanner = nil, errors.New("no such socket")
	ready(200, `{"status":"ok","checks":{"clamd":"failing","journal":"ok","store":"ok"}}`)
	scanner = nil
	f.draining.Store(true)
	ready(503, `{"status":"stopping","checks":{"clamd":"ok","journal":"ok","store":"ok"}}`)

	if w := f.askWith("", "GET", "/healthz", nil); w.Code != 200 {
		t.Error("/healthz:", w.Code)
	}
}

// serve runs a server until the test ends.
func serve(t *testing.T, cfg Config) *Server {
	t.Helper()
	f := newFixture(t)
	s, err := New(cfg, f.parts)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error("Run:", err)
		}
	})
	return s
}

// A client that sends its request a byte at a time loses the connection
// (bad-input 143).
func TestSlowClientIsCutOff(t *testing.T) {
	s := serve(t, Config{Listen: "127.0.0.1:0", HeaderTimeout: 50 * time.Millisecond})
	conn, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")); err != nil {
		t.Fatal(err)
	}
	conn.SetReadDeadline(time.Now().Add(30 * time.Second)) // a hang guard
	if _, err := io.ReadAll(conn); err != nil {
		t.Error("not cut off:", err)
	}
}

// A body that never ends is answered 408 (bad-input 143).
func TestSlowBodyIsCutOff(t *testing.T) {
	s := serve(t, Config{Listen: "127.0.0.1:0", ReadTimeout: 200 * time.Millisecond, Tokens: tokens(t)})
	conn, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = conn.Write([]byte("POST /api/v1/tickets/AIS-0000-0000/commands HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + adminSecret +
		"\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"))
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadDeadline(time.Now().Add(30 * time.Second)) // a hang guard
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") {
		t.Errorf("%v %q", err, answer)
	}
}

// A request in hand is answered though the server is told to stop.
func TestStopFinishesRequests(t *testing.T) {
	f := newFixture(t)
	asked, answer := make(chan struct{}), make(chan struct{})
	f.parts.Checks = []Check{{Name: "store", Do: func(context.Context) error {
		close(asked)
		<-answer
		return nil
	}}}
	s, err := New(Config{Listen: "127.0.0.1:0"}, f.parts)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	got := make(chan error, 1)
	go func() {
		r, err := http.Get("http://" + s.Addr().String() + "/readyz")
		if err == nil {
			_, err = io.ReadAll(r.Body)
			r.Body.Close()
		}
		got <- err
	}()
	<-asked
	cancel()
	close(answer)
	if err := <-got; err != nil {
		t.Error("the request in hand:", err)
	}
	if err := <-ended; err != nil {
		t.Error("Run:", err)
	}
}

func TestListenTellsOfABusyPort(t *testing.T) {
	busy := httptest.NewServer(nil)
	defer busy.Close()
	addr := busy.Listener.Addr().String()
	s, err := New(Config{Listen: addr}, Parts{Now: time.Now, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(); err == nil || !strings.Contains(err.Error(), addr) {
		t.Error(err)
	}
}

func TestConfigValidate(t *testing.T) {
	err := Config{Listen: "nowhere", IdleTimeout: -1, Tokens: []Token{{Name: "a"}, {Name: "b", Scopes: []Scope{"staff:boss"}}}}.Validate()
	for _, want := range []string{"want host:port", "negative", `token "a": it has no scope`, `token "b": there is no scope "staff:boss"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("not told: %s in %v", want, err)
		}
	}
	if _, err := NewToken("short", "12345", ScopeAdmin); err == nil {
		t.Error("a short token passed")
	}
}
