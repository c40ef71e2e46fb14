package storetest

import (
	"bufio"
	"io"
	"net"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// RedisServer is a Redis that lives as long as a test.
type RedisServer struct {
	Addr string // host:port on loopback
	Real bool   // a redis-server; else a stand-in within the test's process

	tb   testing.TB
	path string
	args []string
	cmd  *exec.Cmd
}

// Redis starts a redis-server on a free port of loopback, with its files in a
// folder of the test; args are further options, such as "--appendonly", "yes".
// Where none is installed it starts a miniredis, which knows no options, keeps
// nothing and cannot be killed.
func Redis(tb testing.TB, args ...string) *RedisServer {
	tb.Helper()
	path, ok := Need(tb, "redis")
	if !ok {
		return Miniredis(tb)
	}
	s := &RedisServer{Addr: freeAddr(tb), Real: true, tb: tb, path: path}
	_, port, _ := net.SplitHostPort(s.Addr)
	s.args = append([]string{
		"--bind", "127.0.0.1", "--port", port, "--dir", tb.TempDir(), "--logfile", "", "--save", "",
	}, args...)
	tb.Cleanup(s.Kill)
	s.Start()
	return s
}

// Miniredis starts the stand-in, wherever a real one may be.
func Miniredis(tb testing.TB) *RedisServer {
	tb.Helper()
	mini := miniredis.NewMiniRedis()
	if err := mini.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(mini.Close)
	return &RedisServer{Addr: mini.Addr(), tb: tb}
}

// URL is what a configuration would say.
func (s *RedisServer) URL() string { return "redis://" + s.Addr }

// Start starts a killed server again on its port and files. It returns when the
// server says that it accepts connections.
func (s *RedisServer) Start() {
	s.tb.Helper()
	s.cmd = exec.Command(s.path, s.args...)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.tb.Fatal(err)
	}
	s.cmd.Stderr = s.cmd.Stdout
	if err := s.cmd.Start(); err != nil {
		s.tb.Fatal(err)
	}
	hang := time.AfterFunc(30*time.Second, func() { _ = s.cmd.Process.Kill() })
	defer hang.Stop()
	var said strings.Builder
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "eady to accept connections") {
			go io.Copy(io.Discard, out) // ends with the process
			return
		}
		said.WriteString(lines.Text() + "\n")
	}
	s.tb.Fatalf("redis-server did not start:\n%s", said.String())
}

// Kill ends a real server as kill -9 does.
func (s *RedisServer) Kill() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}

// Freeze makes a real server fall silent with its connections open, until Thaw.
func (s *RedisServer) Freeze() { s.signal(syscall.SIGSTOP) }

// Thaw has a frozen server go on.
func (s *RedisServer) Thaw() { s.signal(syscall.SIGCONT) }

func (s *RedisServer) signal(sig syscall.Signal) {
	s.tb.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.tb.Fatal(err)
	}
}

func freeAddr(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
