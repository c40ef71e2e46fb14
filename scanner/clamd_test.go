package scanner

import (
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/ticket"
)

// hangGuard ends a test that would hang; nothing is to come near it.
const hangGuard = 20 * time.Second

func newScanner(t *testing.T, c Config) *Scanner {
	t.Helper()
	if c.Timeout == 0 {
		c.Timeout = hangGuard
	}
	s, err := New(c, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestClamd(t *testing.T) {
	s := newScanner(t, Config{Clamd: fakeClamd(t, honestClamd)})
	clean, ill := []byte("hej"), []byte("hej "+eicar())
	for _, c := range []struct {
		name  string
		raw   []byte
		files [][]byte
		want  ticket.Scan
	}{
		{"a clean mail", clean, nil, ticket.Scan{Result: ticket.ScanClean}},
		{"an empty mail", nil, nil, ticket.Scan{Result: ticket.ScanClean}},
		{"larger than a chunk", bytes.Repeat([]byte("a"), 3*clamdChunk+1), nil, ticket.Scan{Result: ticket.ScanClean}},
		{"a virus in the text", ill, [][]byte{clean}, ticket.Scan{
			Result: ticket.ScanInfected, Found: "Eicar-Test-Signature",
			Attachments: []ticket.FileScan{{Result: ticket.ScanClean}},
		}},
		// clamd does not decode what it does not know for a file.
		{"a virus in a file alone", clean, [][]byte{clean, ill}, ticket.Scan{
			Result: ticket.ScanInfected, Found: "Eicar-Test-Signature",
			Attachments: []ticket.FileScan{{Result: ticket.ScanClean}, {Result: ticket.ScanInfected, Found: "Eicar-Test-Signature"}},
		}},
		{"a virus across two chunks", append(bytes.Repeat([]byte("a"), clamdChunk-9), ill...), nil, ticket.Scan{
			Result: ticket.ScanInfected, Found: "Eicar-Test-Signature",
		}},
	} {
		got := s.Scan(t.Context(), Facts{Attachments: c.files}, c.raw)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// Whatever clamd does instead of giving a verdict leaves the mail unscanned, and is
// told.
func TestClamdWithoutVerdict(t *testing.T) {
	for _, c := range []struct {
		name   string
		script func(command string, body func() string, conn net.Conn)
		why    string
	}{
		{"hangs up", func(string, func() string, net.Conn) {}, "clamd"},
		{"hangs up behind the stream", func(_ string, body func() string, _ net.Conn) { body() }, "unexpected EOF"},
		{"half an answer", func(_ string, body func() string, conn net.Conn) { body(); io.WriteString(conn, "stream: OK") }, "unexpected EOF"},
		{"an error", say("stream: Can't allocate memory ERROR\x00"), "Can't allocate memory ERROR"},
		{"too large for it", say("INSTREAM size limit exceeded. ERROR\x00"), "StreamMaxLength"},
		{"words that nobody knows", say("stream: PERHAPS\x00"), `"stream: PERHAPS"`},
		{"nothing found by no name", say("stream:  FOUND\x00"), "answers"},
		{"an answer to another question", say("PONG\x00"), `"PONG"`},
		{"an answer without end", func(_ string, body func() string, conn net.Conn) {
			body()
			for range 100 {
				if _, err := io.WriteString(conn, strings.Repeat("stream: OK ", 1000)); err != nil {
					return
				}
			}
		}, "clamd"},
		{"clean before it had all", func(_ string, _ func() string, conn net.Conn) { io.WriteString(conn, "stream: OK\x00") }, "clamd"},
	} {
		s := newScanner(t, Config{Clamd: fakeClamd(t, c.script)})
		got := s.Scan(t.Context(), Facts{}, bytes.Repeat([]byte("a"), 8<<20))
		if got.Result != ticket.ScanUnscanned || !got.Incomplete() || !strings.Contains(strings.Join(got.Missed, " "), c.why) {
			t.Errorf("%s: %+v, want unscanned for %q", c.name, got, c.why)
		}
	}
}

func say(reply string) func(string, func() string, net.Conn) {
	return func(_ string, body func() string, conn net.Conn) { body(); io.WriteString(conn, reply) }
}

// What a large mail is refused for says nothing of the next.
func TestClamdLimit(t *testing.T) {
	s := newScanner(t, Config{Clamd: fakeClamd(t, func(command string, body func() string, conn net.Conn) {
		switch {
		case command == "zPING":
			t.Error("pinged after a mail that was too large")
		case len(body()) > 100:
			io.WriteString(conn, "INSTREAM size limit exceeded. ERROR\x00")
		default:
			io.WriteString(conn, "stream: OK\x00")
		}
	})})
	if got := s.Scan(t.Context(), Facts{Attachments: [][]byte{make([]byte, 50)}}, make([]byte, 200)); got.Result != ticket.ScanUnscanned || got.Of(1).Result != ticket.ScanClean {
		t.Errorf("a mail of 200 bytes with a file of 50: %+v", got)
	}
	if got := s.Scan(t.Context(), Facts{}, make([]byte, 50)); got.Result != ticket.ScanClean {
		t.Errorf("the next: %+v", got)
	}
}

// One that hangs delays a mail by the configured time and no longer, and those
// behind it by a ping; one that is slow with a single mail lets none pass by.
func TestClamdThatHangs(t *testing.T) {
	var awake atomic.Bool
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	address := fakeClamd(t, func(command string, body func() string, conn net.Conn) {
		if command == "zINSTREAM" && strings.Contains(body(), "slow") || !awake.Load() {
			<-release
			return
		}
		honestClamd(command, func() string { return "" }, conn)
	})
	s := newScanner(t, Config{Clamd: address, Timeout: 50 * time.Millisecond})
	if got := s.Scan(t.Context(), Facts{}, []byte("hej")); !strings.Contains(strings.Join(got.Missed, ""), errSlow.Error()) {
		t.Errorf("while it hangs: %+v", got)
	}
	if got := s.Scan(t.Context(), Facts{}, []byte("hej")); !strings.Contains(strings.Join(got.Missed, ""), "still away") {
		t.Errorf("the next: %+v", got)
	}
	awake.Store(true)
	s = newScanner(t, Config{Clamd: address})
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, errSlow)
	defer cancel()
	if got := s.Scan(ctx, Facts{}, []byte("slow")); !got.Incomplete() {
		t.Errorf("a mail that is slow to scan: %+v", got)
	}
	if got := s.Scan(t.Context(), Facts{}, []byte("hej")); got.Result != ticket.ScanClean {
		t.Errorf("behind it: %+v", got)
	}
}

func TestClamdThatIsDown(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	for _, where := range []string{address, "unix:" + t.TempDir() + "/clamd.ctl"} {
		s := newScanner(t, Config{Clamd: where})
		if got := s.Scan(t.Context(), Facts{}, []byte("hej")); got.Result != ticket.ScanUnscanned || !got.Incomplete() {
			t.Errorf("%s: %+v", where, got)
		}
		if err := s.Checks()[0].Do(t.Context()); err == nil {
			t.Errorf("%s: ready", where)
		}
	}
}

// A mail whose scan the daemon's end broke off says nothing of the scanner.
func TestClamdAtTheEnd(t *testing.T) {
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	var hangs atomic.Bool
	hangs.Store(true)
	s := newScanner(t, Config{Clamd: fakeClamd(t, func(command string, body func() string, conn net.Conn) {
		if command == "zPING" {
			t.Error("pinged: it was taken for away")
		}
		if hangs.Load() {
			<-release
		}
		honestClamd(command, body, conn)
	})})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.Scan(ctx, Facts{}, []byte("hej"))
	hangs.Store(false)
	if got := s.Scan(t.Context(), Facts{}, []byte("hej")); got.Result != ticket.ScanClean {
		t.Errorf("%+v", got)
	}
}

func FuzzVerdict(f *testing.F) {
	for _, s := range []string{"stream: OK", "stream: X FOUND", "INSTREAM size limit exceeded. ERROR", "stream: OK FOUND", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, reply string) {
		found, err := verdictOf(reply)
		if err == nil && found == "" && reply != "stream: OK" {
			t.Errorf("%q is taken for clean", reply)
		}
	})
}
