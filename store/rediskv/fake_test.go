package rediskv_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// fakeRedis answers commands as a test wants, where a real server cannot be brought to.
type fakeRedis struct {
	addr string

	mu    sync.Mutex // guards all below
	reply func(words []string) string
	calls map[string]int // by command, in lower case
}

// startFake starts a fake whose answer to each command is reply's, in the protocol of
// Redis; "" closes the connection. What a client says at the beginning of a connection
// is answered without asking.
func startFake(t *testing.T, reply func(words []string) string) *fakeRedis {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &fakeRedis{addr: l.Addr().String(), reply: reply, calls: map[string]int{}}
	var conns sync.WaitGroup
	var open sync.Map
	conns.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Store(c, nil)
			conns.Go(func() {
				defer c.Close()
				f.serve(c)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		open.Range(func(c, _ any) bool { _ = c.(net.Conn).Close(); return true })
		conns.Wait()
	})
	return f
}

func (f *fakeRedis) url() string { return "redis://" + f.addr }

func (f *fakeRedis) answer(reply func(words []string) string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reply = reply
}

func (f *fakeRedis) count(command string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[command]
}

func (f *fakeRedis) serve(c net.Conn) {
	in := bufio.NewReader(c)
	for {
		words, err := readCommand(in)
		if err != nil {
			return
		}
		text := f.respond(words)
		if text == "" {
			return
		}
		if _, err := io.WriteString(c, text); err != nil {
			return
		}
	}
}

func (f *fakeRedis) respond(words []string) string {
	command := strings.ToLower(words[0])
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls[command]++
	switch command {
	case "hello", "command":
		return "-ERR unknown command\r\n"
	case "client":
		return "+OK\r\n"
	case "cluster": // one node has all slots
		host, port, _ := net.SplitHostPort(f.addr)
		return fmt.Sprintf("*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$%d\r\n%s\r\n:%s\r\n", len(host), host, port)
	}
	return f.reply(words)
}

// readCommand reads an array of bulk strings.
func readCommand(in *bufio.Reader) ([]string, error) {
	n, err := readLength(in, '*')
	if err != nil {
		return nil, err
	}
	words := make([]string, n)
	for i := range words {
		size, err := readLength(in, '$')
		if err != nil {
			return nil, err
		}
		word := make([]byte, size+2)
		if _, err := io.ReadFull(in, word); err != nil {
			return nil, err
		}
		words[i] = string(word[:size])
	}
	return words, nil
}

func readLength(in *bufio.Reader, kind byte) (int, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return 0, err
	}
	if line[0] != kind {
		return 0, fmt.Errorf("%q, want %c", line, kind)
	}
	return strconv.Atoi(strings.TrimSpace(line[1:]))
}

func always(text string) func([]string) string {
	return func([]string) string { return text }
}
