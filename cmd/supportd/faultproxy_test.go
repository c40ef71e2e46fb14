package main

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// trouble is what a proxy does to what passes. The zero value is none.
type trouble struct {
	delay    time.Duration // each reply comes so much later
	loses    string        // a reply with this text is lost, and the connection with it
	losesTo  string        // the same for the reply to a request with this text, in lower case
	odds     float64       // of losesTo, 0 to 1
	cutAfter int           // bytes of replies after which a connection breaks; 0: never
	says     string        // Redis: the reply to each command, which is not passed on
}

// proxy stands between a client and a server on loopback.
type proxy struct {
	listener net.Listener
	target   string

	mu      sync.Mutex // guards all below
	trouble trouble
	chance  *rand.Rand
	lost    int // connections broken on purpose
	said    int // replies of its own
	delayed int // replies held back
	open    map[net.Conn]bool
}

func startProxy(t *testing.T, target string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, target: target, chance: rand.New(rand.NewPCG(1, 2)), open: map[net.Conn]bool{}}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() { p.join(c) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		p.mu.Lock()
		for c := range p.open {
			c.Close()
		}
		p.mu.Unlock()
		conns.Wait()
	})
	return p
}

func (p *proxy) address() string { return p.listener.Addr().String() }

// make sets the trouble, for connections that are open too.
func (p *proxy) make(tr trouble) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trouble = tr
}

// done returns how much trouble was made.
func (p *proxy) done() (lost, said, delayed int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost, p.said, p.delayed
}

// join passes bytes between a client and the server until either hangs up.
func (p *proxy) join(client net.Conn) {
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		client.Close()
		return
	}
	p.mu.Lock()
	p.open[client], p.open[server] = true, true
	p.mu.Unlock()
	pass := &passage{p: p, client: client, server: server}
	var both sync.WaitGroup
	both.Go(func() { pass.requests() })
	both.Go(func() { pass.replies() })
	both.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, client)
	delete(p.open, server)
}

// passage is one connection through a proxy.
type passage struct {
	p              *proxy
	client, server net.Conn
	doomed         bool // the next reply is lost; guarded by p.mu
	bytes          int  // of replies passed
}

func (x *passage) close() {
	x.client.Close()
	x.server.Close()
}

func (x *passage) requests() {
	defer x.close()
	buf := make([]byte, 64<<10)
	for {
		n, err := x.client.Read(buf)
		if n > 0 {
			if answer := x.p.instead(x, buf[:n]); answer != "" {
				if _, err := io.WriteString(x.client, answer); err != nil {
					return
				}
			} else if _, err := x.server.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (x *passage) replies() {
	defer x.close()
	buf := make([]byte, 64<<10)
	for {
		n, err := x.server.Read(buf)
		if n > 0 {
			part, wait := x.p.passes(x, buf[:n])
			time.Sleep(wait) // the trouble itself
			if _, err := x.client.Write(part); err != nil || len(part) < n {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// redisCommands finds the beginning of each command of Redis' protocol.
var redisCommands = regexp.MustCompile(`\*\d+\r\n\$`)

// instead returns what is answered without asking the server, "" for nothing.
func (p *proxy) instead(x *passage, request []byte) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	lower := bytes.ToLower(request)
	if to := p.trouble.losesTo; to != "" && bytes.Contains(lower, []byte(to)) && p.chance.Float64() < p.trouble.odds {
		x.doomed = true
	}
	// A server that refuses commands still takes greetings.
	if p.trouble.says == "" || bytes.Contains(lower, []byte("\r\nhello\r\n")) {
		return ""
	}
	n := len(redisCommands.FindAllIndex(request, -1))
	p.said += n
	return strings.Repeat("-"+p.trouble.says+"\r\n", n)
}

// passes returns how much of a reply passes, and when.
func (p *proxy) passes(x *passage, reply []byte) (part []byte, wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	tr := p.trouble
	keep := len(reply)
	if x.doomed || tr.loses != "" && bytes.Contains(reply, []byte(tr.loses)) {
		keep = 0
	}
	if tr.cutAfter > 0 && x.bytes+keep > tr.cutAfter {
		keep = max(0, tr.cutAfter-x.bytes)
	}
	x.bytes += keep
	if keep < len(reply) {
		p.lost++
	}
	if tr.delay > 0 {
		p.delayed++
	}
	return reply[:keep], tr.delay
}
