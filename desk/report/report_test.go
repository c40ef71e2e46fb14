package report

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/ticket"
)

// letterbox is a journal that files what it takes at once, as one ticket each.
type letterbox struct {
	store *store.Store
	err   error

	mu    sync.Mutex
	mails []string // guarded by mu
	envs  []journal.Envelope
}

func (l *letterbox) Put(ctx context.Context, e journal.Envelope, r io.Reader) (journal.ID, error) {
	if l.err != nil {
		return "", l.err
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return "", err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mails, l.envs = append(l.mails, string(raw)), append(l.envs, e)
	id := journal.ID("mail-" + string(rune('a'+len(l.mails))))
	_, after, _ := strings.Cut(string(raw), "Message-ID: <")
	messageID, _, _ := strings.Cut(after, ">")
	return id, l.store.Update(ctx, func(tx *store.Tx) error {
		if _, _, err := tx.Mail(string(id)); err != nil {
			return err
		}
		return tx.SaveMail(store.Mail{}, store.Mail{Envelope: e, Outcome: ticket.Outcome{
			Mail: string(id), MessageID: messageID, Received: e.Received, Outcome: ticket.OutcomeOpened, Ticket: "AIS-7K3Q-M2XQ",
		}})
	})
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func newBox(t *testing.T) (*Box, *letterbox) {
	t.Helper()
	s, err := store.New(memkv.New(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	l := &letterbox{store: s}
	return NewBox(Parts{
		Journal: l, Store: s, To: "support@firma.example", Now: func() time.Time { return noon },
		Random: bytes.NewReader(bytes.Repeat([]byte{7}, 1000)),
	}), l
}

func sample() Report {
	return Report{Address: "kunde@butik.example", Subject: "Fejl\r\nBcc: x@y.example", Text: "Intet virker.", Claim: ticket.SeverityHigh}
}

// Pressed twice at once, a form is one report; with other words, or under another
// key, it is another.
func TestOnce(t *testing.T) {
	box, l := newBox(t)
	form := Source{Name: "form", Page: true}
	var pressing sync.WaitGroup
	for range 5 {
		pressing.Go(func() {
			f, err := box.Once(t.Context(), sample(), form, "key")
			if err != nil || f.Ticket != "AIS-7K3Q-M2XQ" || !f.Done() {
				t.Errorf("%+v %v", f, err)
			}
		})
	}
	pressing.Wait()
	if len(l.mails) != 1 {
		t.Fatalf("%d mails", len(l.mails))
	}
	other := sample()
	other.Text = "Noget andet."
	for n, again := range []func() (Filed, error){
		func() (Filed, error) { return box.Once(t.Context(), other, form, "key") },
		func() (Filed, error) { return box.Once(t.Context(), sample(), form, "key 2") },
		func() (Filed, error) { return box.Once(t.Context(), sample(), Source{Name: "chat", Page: true}, "key") },
	} {
		if _, err := again(); err != nil || len(l.mails) != n+2 {
			t.Errorf("%d mails after another report: %v", len(l.mails), err)
		}
	}
	if e := l.envs[0]; e.Peer != journal.PeerPage || e.Protocol != journal.ProtocolAPI || e.Token != "form" || e.Severity != "high" || len(e.Flags) != 0 {
		t.Errorf("the envelope: %+v", e)
	}
	if strings.Contains(l.mails[0], "\nBcc:") {
		t.Errorf("a field added to the header:\n%s", l.mails[0])
	}
}

// What could not be kept may be sent again under the same key.
func TestOnceAfterAFailure(t *testing.T) {
	box, l := newBox(t)
	l.err = journal.ErrTooLarge
	if _, err := box.Once(t.Context(), sample(), Source{Name: "form"}, "key"); !errors.Is(err, journal.ErrTooLarge) {
		t.Fatal(err)
	}
	l.err = nil
	if f, err := box.Once(t.Context(), sample(), Source{Name: "form"}, "key"); err != nil || !f.Done() {
		t.Errorf("%+v %v", f, err)
	}
}

// A report whose answer got lost is found again by its key, for a day.
func TestPutAgain(t *testing.T) {
	box, l := newBox(t)
	for range 2 {
		if f, err := box.Put(t.Context(), sample(), Source{Name: "portal"}, "key"); err != nil || f.Mail != "mail-b" {
			t.Errorf("%+v %v", f, err)
		}
	}
	if len(l.mails) != 1 {
		t.Errorf("%d mails", len(l.mails))
	}
}
