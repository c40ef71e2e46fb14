package smtpd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/store/journal"
)

func TestMessages(t *testing.T) {
	received := func(n int) string { return strings.Repeat("Received: from a by b;\r\n\tnow\r\n", n) }
	for _, tt := range []struct {
		name, body, want string
	}{
		{"bad-input 29: a line of 10 kB", "\r\n" + strings.Repeat("x", 10_000) + "\r\n", "250 "},
		{"bad-input 30: a line of 2 MB", "\r\n" + strings.Repeat("x", 2_000_000) + "\r\n", "250 "},
		{"as long as the buffer", strings.Repeat("x", inputSize) + "\r\n", "250 "},
		{"CR where the buffer ends", strings.Repeat("x", inputSize-1) + "\r\n", "250 "},
		{"bare CR where the buffer ends", strings.Repeat("x", inputSize-1) + "\rx\r\n", "554 5.6.0"},
		{"NUL and more than the head", "\r\n" + strings.Repeat("0123456789abcde\x00\r\n", 10_000), "250 "},
		{"exactly the head", strings.Repeat("0123456789abcd\r\n", headSize/16), "250 "},
		{"one line more than the head", strings.Repeat("0123456789abcd\r\n", headSize/16) + "\r\n", "250 "},
		{"a fault behind the head", strings.Repeat("0123456789abcd\r\n", headSize/16) + "\r\r\n\r\n", "554 5.6.0"},
		{"bad-input 41: over the limit, far behind the head", strings.Repeat("0123456789abcd\r\n", 256<<10), "552 5.3.4"},
		{"50 Received", received(50) + "\r\n", "250 "},
		{"bad-input 87: 51 Received", received(51) + "\r\n", "554 5.4.6"},
		{"bad-input 87: in any case", strings.Repeat("RECEIVED : x\r\n", 51) + "\r\n", "554 5.4.6"},
		{"bad-input 87: with bare LF", strings.Repeat("received:\tx\n", 51) + "\r\n", "554 5.4.6"},
		{"Received in the body", "\r\n" + received(60), "250 "},
		{"fields that only begin so", strings.Repeat("Received-SPF: x\r\n", 60) + "\r\n", "250 "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg, in := testConfig(), &memoryInbox{}
			cfg.MaxMessageBytes = 3 << 20
			s := start(t, cfg, in)
			c := s.dial()
			c.greet()
			c.data()
			c.send(tt.body + ".\r\n")
			c.expect(tt.want)
			mails := in.all()
			if !strings.HasPrefix(tt.want, "250") {
				if len(mails) != 0 {
					t.Errorf("%d mails were kept", len(mails))
				}
				if len(tt.body) < headSize && in.calls != 0 {
					t.Error("the inbox was bothered with a mail known to be at fault")
				}
				return
			}
			if mails[0].body != strings.ReplaceAll(tt.body, "\n.", "\n") {
				t.Errorf("the mail of %d octets came as %d octets", len(tt.body), len(mails[0].body))
			}
		})
	}
}

// What Inbox.Put returns, and what the client hears: only what is the client's
// fault is permanent.
func TestReplyOfInboxErrors(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{journal.ErrFull, "452 4.3.1"},
		{fmt.Errorf("appending: %w", journal.ErrFull), "452 4.3.1"},
		{fmt.Errorf("reading: %w", journal.ErrTooLarge), "552 5.3.4"},
		{journal.ErrClosed, "451 4.3.0"},
		{io.ErrUnexpectedEOF, "451 4.3.0"},
		{context.DeadlineExceeded, "451 4.3.0"},
		{errors.New("fsync: input/output error\r\n250 forged"), "451 4.3.0 Cannot take the message now"},
	} {
		t.Run(tt.err.Error(), func(t *testing.T) {
			in := &memoryInbox{put: func(context.Context) error { return tt.err }}
			s := start(t, testConfig(), in)
			c := s.dial()
			c.greet()
			c.data()
			c.do(".", tt.want)
			in.put = nil
			c.data()
			c.do(".", "250 ") // the session goes on
		})
	}
}

// An inbox that gives up early, with most of the mail still to come.
func TestInboxThatDoesNotRead(t *testing.T) {
	for _, early := range []error{errors.New("no segment"), journal.ErrFull} {
		s := start(t, testConfig(), &memoryInbox{early: early})
		c := s.dial()
		c.greet()
		c.data()
		c.send(strings.Repeat("0123456789abcd\r\n", 1<<18) + ".\r\n")
		c.expect("45")
		c.do("NOOP", "250 ")
	}
}

// unreadInbox claims to have kept what it has not read.
type unreadInbox struct{ discardInbox }

func (unreadInbox) Put(context.Context, journal.Envelope, io.Reader) (journal.ID, error) {
	return "00000000000000000000", nil
}

func TestInboxThatClaimsTooMuch(t *testing.T) {
	s := start(t, testConfig(), unreadInbox{})
	c := s.dial()
	c.greet()
	c.data()
	c.send(strings.Repeat("0123456789abcd\r\n", 1<<13) + ".\r\n")
	c.expect("451 4.3.0")
}

// A fault of the session's code costs this client his session, no more.
func TestInboxThatPanics(t *testing.T) {
	in := &memoryInbox{put: func(context.Context) error { panic("inbox is broken") }}
	s := start(t, testConfig(), in)
	c := s.dial()
	c.greet()
	c.data()
	c.do(".", "421 4.0.0")
	c.expectClosed()
	nextMail(t, s, in)
}

// bad-input 59: free space is checked before the data.
func TestFullDisk(t *testing.T) {
	in := &memoryInbox{}
	s := start(t, testConfig(), in)
	c := s.dial()
	c.greet()
	c.do("MAIL FROM:<anna@kunde.example>", "250 ")
	c.do("RCPT TO:<contact+support@firma.example>", "250 ")
	in.full = true
	c.do("RCPT TO:<postmaster@firma.example>", "452 4.3.1")
	c.do("DATA", "452 4.3.1")
	c.send("BDAT 6 LAST\r\nQUIT\r\n")
	c.expect("452 4.3.1")
	in.full = false
	c.do("DATA", "354 ")
	c.do(".", "250 ")
}

// The header is over where it is over, though the empty line be cut in two.
func TestHeaderEndOverTwoChunks(t *testing.T) {
	s := start(t, testConfig(), &memoryInbox{})
	c := s.dial()
	c.greet()
	c.ready()
	body := "\n" + strings.Repeat("Received: quoted\r\n", 60)
	c.send(fmt.Sprintf("BDAT 7\r\nA: b\r\n\rBDAT %d LAST\r\n%s", len(body), body))
	c.expect("250 2.0.0 Continue")
	c.expect("250 2.0.0 queued as ")
}

func TestCommitTimeout(t *testing.T) {
	cfg := testConfig()
	cfg.CommitTimeout = 1 // over as soon as it begins
	in := &memoryInbox{put: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
	s := start(t, cfg, in)
	c := s.dial()
	c.greet()
	c.data()
	c.do(".", "451 4.3.0")

	// A mail that is still arriving when Put is called has its DataTimeout.
	in.put = func(ctx context.Context) error { return ctx.Err() }
	c.data()
	c.send(strings.Repeat("0123456789abcd\r\n", 2*headSize/16) + ".\r\n")
	c.expect("250 ")
}
