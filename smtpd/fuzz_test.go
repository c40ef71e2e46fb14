package smtpd

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// FuzzSession sends octets to a session, whole and cut short. Nothing may
// panic, and the mails of the shorter input must be the first ones of the
// longer: a mail is the same mail however much follows it, and none is made of
// what was cut off.
func FuzzSession(f *testing.F) {
	seedDialogues(f)
	inputs := &inputListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	in := &memoryInbox{}
	cfg := testConfig()
	cfg.Listeners = []Listener{{Address: "input", Protocol: SMTP, Socket: inputs}}
	cfg.MaxMessageBytes = 1000
	cfg.SenderPerMinute = -1
	start(f, cfg, in)

	f.Fuzz(func(t *testing.T, input []byte, cut uint16, packet uint8) {
		input = input[:min(len(input), 1<<16)]
		whole := inputs.session(t, in, input, packet)
		short := inputs.session(t, in, input[:len(input)*int(cut)/(1<<16)], 0)
		if len(short) > len(whole) {
			t.Fatalf("%d mails from the short input, %d from the whole", len(short), len(whole))
		}
		for i, m := range short {
			if m.body != whole[i].body || m.From != whole[i].From {
				t.Errorf("mail %d was cut short:\n%q\n%q", i, m.body, whole[i].body)
			}
		}
	})
}

// seedDialogues adds what the clients of the dialogues send.
func seedDialogues(f *testing.F) {
	files, err := filepath.Glob("../testdata/smtpd/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	sends := map[string]string{
		"greet": "EHLO c.example\r\n",
		"ready": "MAIL FROM:<a@kunde.example>\r\nRCPT TO:<contact+support@firma.example>\r\n",
	}
	sends["data"] = sends["ready"] + "DATA\r\n"
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, dialogue := range strings.Split(string(text), "\n=== ")[1:] {
			var input strings.Builder
			for line := range strings.Lines(dialogue) {
				word, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
				switch word {
				case "C:":
					input.WriteString(rest + "\r\n")
				case "C>":
					raw, _ := strconv.Unquote(rest)
					input.WriteString(raw)
				default:
					input.WriteString(sends[word])
				}
			}
			f.Add([]byte(input.String()), uint16(60_000), uint8(7))
		}
	}
}

// inputListener accepts what session gives it.
type inputListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *inputListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}
func (l *inputListener) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *inputListener) Addr() net.Addr { return &net.UnixAddr{Name: "input", Net: "unix"} }

// session sends all of input, ends, and returns the mails it made. No packet is
// longer than said, unless that is zero.
func (l *inputListener) session(t *testing.T, in *memoryInbox, input []byte, packet uint8) []kept {
	in.mu.Lock()
	in.mails = nil
	in.mu.Unlock()
	c := &inputConn{input: input, packet: int(packet), closed: make(chan struct{})}
	l.conns <- c
	select {
	case <-c.closed:
	case <-time.After(hang):
		t.Fatal("the session does not end")
	}
	return in.all()
}

// inputConn is a connection whose client has said all that it will say, and
// reads whatever comes.
type inputConn struct {
	input  []byte
	packet int
	closed chan struct{}
	once   sync.Once
}

func (c *inputConn) Read(p []byte) (int, error) {
	if len(c.input) == 0 {
		return 0, io.EOF
	}
	if c.packet > 0 {
		p = p[:min(c.packet, len(p))]
	}
	n := copy(p, c.input)
	c.input = c.input[n:]
	return n, nil
}

func (c *inputConn) Write(p []byte) (int, error)      { return len(p), nil }
func (c *inputConn) Close() error                     { c.once.Do(func() { close(c.closed) }); return nil }
func (c *inputConn) LocalAddr() net.Addr              { return &net.UnixAddr{Name: "input", Net: "unix"} }
func (c *inputConn) RemoteAddr() net.Addr             { return c.LocalAddr() }
func (c *inputConn) SetDeadline(time.Time) error      { return nil }
func (c *inputConn) SetReadDeadline(time.Time) error  { return nil }
func (c *inputConn) SetWriteDeadline(time.Time) error { return nil }
