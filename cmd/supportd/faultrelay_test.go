package main

import (
	"bufio"
	"fmt"
	"maps"
	"net"
	"strings"
	"sync"
	"testing"
)

// mood is how a relay behaves until it is told otherwise.
type mood int

const (
	takes          mood = iota
	defers              // 451 to each recipient
	refuses             // 550 to each recipient
	saysNothing         // takes the connection and never greets
	stallsAfterDot      // has the letter and does not answer
	dropsAfterDot       // has the letter and hangs up
	breaksTLS           // offers STARTTLS, agrees, and hangs up
)

// scriptedRelay is a relay on loopback whose mood a test sets.
type scriptedRelay struct {
	listener net.Listener

	mu   sync.Mutex // guards all below
	mood mood
	said []string // by clients, data left out
	got  map[string]relayed
	open map[net.Conn]bool
}

// relayed is a letter as the relay has it.
type relayed struct {
	copies    int
	ambiguous int // copies whose sender was not told 250
}

func startScriptedRelay(t *testing.T) *scriptedRelay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &scriptedRelay{listener: l, got: map[string]relayed{}, open: map[net.Conn]bool{}}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r.mu.Lock()
			r.open[c] = true
			r.mu.Unlock()
			conns.Go(func() {
				r.serve(c)
				r.mu.Lock()
				defer r.mu.Unlock()
				delete(r.open, c)
				c.Close()
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		r.hangUp()
		conns.Wait()
	})
	return r
}

func (r *scriptedRelay) port() int { return r.listener.Addr().(*net.TCPAddr).Port }

// be sets the mood, of conversations under way too.
func (r *scriptedRelay) be(m mood) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mood = m
}

func (r *scriptedRelay) now() mood {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.mood
}

// letters are those that arrived, by Message-ID.
func (r *scriptedRelay) letters() map[string]relayed {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.got)
}

// has counts the copies of letters that arrived.
func (r *scriptedRelay) has() int {
	n := 0
	for _, l := range r.letters() {
		n += l.copies
	}
	return n
}

// hangUp ends all conversations.
func (r *scriptedRelay) hangUp() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.open {
		c.Close()
	}
}

// heard counts the lines that began so; "" is a connection.
func (r *scriptedRelay) heard(word string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, line := range r.said {
		if line == word || word != "" && strings.HasPrefix(line, word) {
			n++
		}
	}
	return n
}

func (r *scriptedRelay) hear(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, line)
}

// keep notes a letter and returns its Message-ID.
func (r *scriptedRelay) keep(data []string) string {
	id := ""
	for _, line := range data {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.EqualFold(name, "Message-ID") {
			id = strings.TrimSpace(value)
		}
		if line == "" {
			break
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.got[id]
	l.copies++
	l.ambiguous++ // until the answer is out
	r.got[id] = l
	return id
}

func (r *scriptedRelay) answered(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.got[id]
	l.ambiguous--
	r.got[id] = l
}

// serve is one conversation. It returns when the connection is to be closed.
func (r *scriptedRelay) serve(c net.Conn) {
	r.hear("")
	in := bufio.NewScanner(c)
	if r.now() == saysNothing {
		in.Scan() // until the client hangs up
		return
	}
	fmt.Fprint(c, "220 relay.firma.example\r\n")
	for in.Scan() {
		line := in.Text()
		r.hear(line)
		verb, _, _ := strings.Cut(line, " ")
		switch verb {
		case "EHLO":
			fmt.Fprint(c, "250-relay.firma.example\r\n")
			if r.now() == breaksTLS {
				fmt.Fprint(c, "250-STARTTLS\r\n")
			}
			fmt.Fprint(c, "250 8BITMIME\r\n")
		case "STARTTLS":
			fmt.Fprint(c, "220 go ahead\r\n")
			return
		case "RCPT":
			switch r.now() {
			case defers:
				fmt.Fprint(c, "451 4.3.0 not now\r\n")
			case refuses:
				fmt.Fprint(c, "550 5.7.1 not from you\r\n")
			default:
				fmt.Fprint(c, "250 2.1.5 fine\r\n")
			}
		case "DATA":
			fmt.Fprint(c, "354 go on\r\n")
			if !r.letter(c, in) {
				return
			}
		case "QUIT":
			fmt.Fprint(c, "221 bye\r\n")
			return
		default:
			fmt.Fprint(c, "250 fine\r\n")
		}
	}
}

// letter reads one; false if the connection is to be closed.
func (r *scriptedRelay) letter(c net.Conn, in *bufio.Scanner) bool {
	var data []string
	for in.Scan() && in.Text() != "." {
		data = append(data, in.Text())
	}
	if in.Text() != "." {
		return false
	}
	id := r.keep(data)
	switch r.now() {
	case stallsAfterDot:
		in.Scan() // until the client hangs up
		return false
	case dropsAfterDot:
		return false
	}
	if _, err := fmt.Fprint(c, "250 2.0.0 kept\r\n"); err != nil {
		return false
	}
	r.answered(id)
	return true
}
