package notifier

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/sent"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// These tests run in a bubble of testing/synctest: its clock jumps ahead when all
// wait, so that five days of retries pass at once.

// fakeSender answers as told and keeps what it was given.
type fakeSender struct {
	answer func(ctx context.Context, l Letter) error // nil takes everything

	mu       sync.Mutex // guards what follows
	letters  []Letter   // that were taken
	attempts []time.Time
	flying   int
	most     int // letters on their way at the same time
}

func (s *fakeSender) Send(ctx context.Context, l Letter) (Receipt, error) {
	s.mu.Lock()
	s.attempts = append(s.attempts, time.Now())
	s.flying++
	s.most = max(s.most, s.flying)
	s.mu.Unlock()
	var err error
	if s.answer != nil {
		err = s.answer(ctx, l)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flying--
	if err != nil {
		return Receipt{}, err
	}
	s.letters = append(s.letters, l)
	return Receipt{Reply: fmt.Sprint("250 taken as ", len(s.letters))}, nil
}

func (s *fakeSender) taken() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.letters)
}

func (s *fakeSender) tried() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.attempts)
}

// sentLetters is a Sent in memory.
type sentLetters struct {
	mu      sync.Mutex
	letters map[string]sent.Letter
	fail    error // what Add returns, having done nothing
}

func (s *sentLetters) Find(key string) (sent.Letter, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.letters[key]
	return l, ok
}

func (s *sentLetters) Add(l sent.Letter) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail == nil {
		if s.letters == nil {
			s.letters = map[string]sent.Letter{}
		}
		s.letters[l.Key] = l
	}
	return s.fail
}

// house is a store with a notifier on it.
type house struct {
	t       *testing.T
	backend store.Backend
	store   *store.Store
	sender  *fakeSender
	config  Config
	log     bytes.Buffer // written through logger; read after stop
	logger  zerolog.Logger
	files   Files // nil where no letter has any
	sent    *sentLetters
}

func newHouse(t *testing.T) *house {
	b := memkv.New()
	h := &house{t: t, backend: b, store: openStore(t, b), sender: &fakeSender{}, sent: &sentLetters{}, config: testConfig()}
	h.logger = zerolog.New(zerolog.SyncWriter(&h.log))
	return h
}

func openStore(t *testing.T, b store.Backend) *store.Store {
	t.Helper()
	s, err := store.New(b, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// start runs a notifier on the outbox and returns it with what stops it.
func (h *house) start(o Outbox) (n *Notifier, stop func()) {
	h.t.Helper()
	texts, err := templates.New(templates.Config{DeskName: "Firma support", Timezone: "Europe/Copenhagen", DefaultLanguage: "da"})
	if err != nil {
		h.t.Fatal(err)
	}
	c, err := NewComposer(h.config, texts, testKeys())
	if err != nil {
		h.t.Fatal(err)
	}
	n = New(c, o, h.sent, h.sender, h.files, time.Now, h.logger)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- n.Run(ctx) }()
	return n, func() {
		h.t.Helper()
		cancel()
		if err := <-done; err != nil {
			h.t.Errorf("Run returned %v", err)
		}
	}
}

func (h *house) outbox() *store.Outbox { return store.NewOutbox(h.store) }

// owe commits notices that are due now, numbered from first.
func (h *house) owe(first, count int, change func(*ticket.Notice)) {
	h.t.Helper()
	err := h.store.Update(context.Background(), func(tx *store.Tx) error {
		for i := range count {
			n := sample(h.t, "da", "resolved")
			n.Number, n.Owed = first+i, time.Now()
			if change != nil {
				change(&n)
			}
			if err := tx.Owe(n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) notices() []ticket.Notice {
	h.t.Helper()
	notices, err := h.store.Notices(context.Background(), "AIS-7K3Q-M2XQ")
	if err != nil {
		h.t.Fatal(err)
	}
	return notices
}

func (h *house) only() ticket.Notice {
	h.t.Helper()
	notices := h.notices()
	if len(notices) != 1 {
		h.t.Fatalf("%d notices, want one", len(notices))
	}
	return notices[0]
}
