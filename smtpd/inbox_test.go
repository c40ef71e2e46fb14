package smtpd

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"aismarttalk.tech/supportd/store/journal"
)

// kept is a mail in a memoryInbox.
type kept struct {
	journal.Envelope
	trace string // our Received header
	body  string // what the client sent
}

// memoryInbox keeps mails in memory and fails as scripted.
type memoryInbox struct {
	full  bool
	put   func(context.Context) error // called after the mail has been read
	early error                       // returned without reading the mail

	mu    sync.Mutex
	calls int // of Put
	mails []kept
}

func (in *memoryInbox) Full() bool { return in.full }

func (in *memoryInbox) Put(ctx context.Context, e journal.Envelope, r io.Reader) (journal.ID, error) {
	in.mu.Lock()
	in.calls++
	in.mu.Unlock()
	if in.early != nil {
		return "", in.early
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return "", fmt.Errorf("reading the mail: %w", err)
	}
	if in.put != nil {
		if err := in.put(ctx); err != nil {
			return "", err
		}
	}
	e.Flags = r.(interface{ Flags() []string }).Flags()
	trace, body := splitTrace(string(raw))
	in.mu.Lock()
	defer in.mu.Unlock()
	in.mails = append(in.mails, kept{e, trace, body})
	return journal.ID(fmt.Sprintf("%020d", len(in.mails))), nil
}

func (in *memoryInbox) all() []kept {
	in.mu.Lock()
	defer in.mu.Unlock()
	return append([]kept(nil), in.mails...)
}

// splitTrace cuts a mail behind its first header field.
func splitTrace(raw string) (trace, body string) {
	end := 0
	for {
		i := strings.Index(raw[end:], "\r\n")
		if i < 0 {
			return "", raw
		}
		if end += i + 2; !strings.HasPrefix(raw[end:], "\t") {
			return raw[:end], raw[end:]
		}
	}
}

// discardInbox reads and forgets.
type discardInbox struct{}

func (discardInbox) Full() bool { return false }

func (discardInbox) Put(_ context.Context, _ journal.Envelope, r io.Reader) (journal.ID, error) {
	_, err := io.Copy(io.Discard, r)
	return "00000000000000000000", err
}

func TestSplitTrace(t *testing.T) {
	trace, body := splitTrace("Received: from a\r\n\tby b;\r\nSubject: x\r\n\r\n\ty\r\n")
	if trace != "Received: from a\r\n\tby b;\r\n" || body != "Subject: x\r\n\r\n\ty\r\n" {
		t.Errorf("got %q and %q", trace, body)
	}
}
