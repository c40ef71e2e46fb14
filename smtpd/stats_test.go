package smtpd

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store/journal"
)

// syncBuffer is a log.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// bad-input 50: what a client sends cannot forge a log line or a reply.
func TestLogAndRepliesHoldNoRawBytes(t *testing.T) {
	var log syncBuffer
	s := startLogging(t, testConfig(), &memoryInbox{}, zerolog.New(&log))
	c := s.dial()
	c.expect("220 ")
	var said strings.Builder
	for _, line := range []string{
		"EHLO a\x1b[31mb", "EHLO client.example", "MAIL FROM:<\x00@kunde.example>", "MAIL FROM:<\"a\x07b\"@kunde.example>",
		"MAIL FROM:<\u0085@kunde.example> SMTPUTF8", "MAIL FROM:<\"a\\\"b\u2028\"@kunde.example> SMTPUTF8", "\x1b\x1b\x1b",
		"RCPT TO:<\"\u202e\"@firma.example>", "RCPT TO:<\x7f@firma.example>", "VRFY \x1b",
	} {
		c.send(line + "\r\n")
		reply, err := c.reply()
		if err != nil {
			t.Fatal(err)
		}
		said.WriteString(reply)
	}
	c.do("QUIT", "221 ")
	c.expectClosed()
	s.stop()
	for what, text := range map[string]string{"log": log.b.String(), "reply": said.String()} {
		if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && isControl(r) }); i >= 0 {
			t.Errorf("the %s holds %q", what, text[i:min(i+20, len(text))])
		}
	}
	if !strings.Contains(log.b.String(), `"reason":"recipient"`) {
		t.Errorf("the log says nothing of the refused recipient:\n%s", log.b.String())
	}
}

func TestLogOfAMail(t *testing.T) {
	var log syncBuffer
	s := startLogging(t, testConfig(), &memoryInbox{}, zerolog.New(&log).Level(zerolog.InfoLevel))
	c := s.dial()
	c.greet()
	c.data()
	c.send(simpleMail + ".\r\n")
	c.expect("250 ")
	c.do("QUIT", "221 ")
	c.expectClosed()
	s.stop()
	lines := strings.Split(strings.TrimSpace(log.b.String()), "\n")
	want := fmt.Sprintf(`{"level":"info","peer":%q,"mail":"00000000000000000001","from":"anna@kunde.example",`+
		`"to":["contact+support@firma.example"],"size":%d,"flags":[],"message":"mail accepted"}`, c.LocalAddr(), len(simpleMail))
	if got := lines[len(lines)-1]; got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

func TestStats(t *testing.T) {
	in := &memoryInbox{}
	s := start(t, testConfig(), in)
	c := s.dial()
	c.greet()
	c.data()
	c.send(simpleMail + ".\r\n")
	c.expect("250 ")
	in.put = func(context.Context) error { return journal.ErrFull }
	c.data()
	c.do(".", "452 ")
	if got := s.Stats(); got.Open != 1 || got.Refused["full"] != 1 {
		t.Errorf("within the session: %+v", got)
	}
	c.do("QUIT", "221 ")
	c.expectClosed()
	s.stop()
	got := s.Stats()
	if got.Sessions != 1 || got.Open != 0 || got.Mails != 1 || got.Bytes != int64(len(simpleMail)) {
		t.Errorf("got %+v", got)
	}
	for r := reasonNone + 1; r < reasons; r++ {
		if _, ok := got.Refused[r.String()]; !ok || r.String() == "" {
			t.Errorf("reason %d, %q, is missing", r, r)
		}
	}
}
