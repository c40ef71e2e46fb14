package notifier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
)

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

// house is a store with a notifier on it.
type house struct {
	t       *testing.T
	backend store.Backend
	store   *store.Store
	sender  *fakeSender
	config  Config
	log     bytes.Buffer // written through logger; read after stop
	logger  zerolog.Logger
}

func newHouse(t *testing.T) *house {
	b := memkv.New()
	h := &house{t: t, backend: b, store: openStore(t, b), sender: &fakeSender{}, config: testConfig()}
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
	n = New(c, o, h.sender, time.Now, h.logger)
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

func TestPaysWhatIsOwed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.owe(1, 1, nil) // owed while nobody ran (fault 6)
		n, stop := h.start(h.outbox())
		synctest.Wait()
		if got := h.only(); got.State != ticket.NoticeSent || got.Tries[0].Reply != "250 taken as 1" || !got.Sent.Equal(time.Now()) {
			t.Errorf("%+v", got)
		}

		h.owe(2, 1, nil)
		n.Wake()
		n.Wake() // never blocks
		synctest.Wait()
		if got := len(h.sender.taken()); got != 2 {
			t.Errorf("woken, it has sent %d letters, want 2", got)
		}

		h.owe(3, 1, nil) // by another process, which wakes nobody
		h.owe(4, 1, func(n *ticket.Notice) { n.Owed = n.Owed.Add(time.Hour) })
		time.Sleep(poll)
		synctest.Wait()
		if got := len(h.sender.taken()); got != 3 {
			t.Errorf("by itself it has sent %d letters, want 3", got)
		}
		time.Sleep(time.Hour - poll)
		synctest.Wait()
		if got := len(h.sender.taken()); got != 4 {
			t.Errorf("when the last was due it had sent %d letters, want 4", got)
		}
		stop()
	})
}

// faults 21 and 22 as the ledger shows them: a notice that cannot be delivered is
// tried for five days, ever more rarely, and then given up, in sight.
func TestBacksOffForFiveDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.sender.answer = func(context.Context, Letter) error { return &SendError{Reply: "451 4.3.0 later"} }
		h.owe(1, 1, nil)
		start := time.Now()
		_, stop := h.start(h.outbox())
		time.Sleep(10 * 24 * time.Hour)
		stop()

		tried := h.sender.tried()
		want := time.Minute
		for i := 1; i < len(tried); i++ {
			gap := tried[i].Sub(tried[i-1])
			if gap < want*9/10 || gap > want*11/10+time.Second {
				t.Errorf("attempt %d came %v after the one before, want about %v", i+1, gap, want)
			}
			want = min(2*want, time.Hour)
		}
		if last := tried[len(tried)-1].Sub(start); last > 5*24*time.Hour || last < 5*24*time.Hour-2*time.Hour {
			t.Errorf("the last attempt was made after %v, want about five days", last)
		}
		n := h.only()
		if n.State != ticket.NoticeGivenUp || n.Reason != "not taken within 120h0m0s: 451 4.3.0 later" {
			t.Errorf("%s: %q", n.State, n.Reason)
		}
		if n.Attempts != len(tried) || len(n.Tries) != ticket.MaxTriesKept {
			t.Errorf("%d attempts recorded, %d made; %d kept", n.Attempts, len(tried), len(n.Tries))
		}
	})
}

func TestRecoversAfterFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		failures := 3
		h.sender.answer = func(context.Context, Letter) error {
			if failures--; failures >= 0 {
				return errors.New("connection reset")
			}
			return nil
		}
		h.owe(1, 1, nil)
		_, stop := h.start(h.outbox())
		time.Sleep(time.Hour)
		stop()
		n := h.only()
		var replies []string
		for _, try := range n.Tries {
			replies = append(replies, try.Reply)
		}
		want := []string{"connection reset", "connection reset", "connection reset", "250 taken as 1"}
		if n.State != ticket.NoticeSent || !slices.Equal(replies, want) {
			t.Errorf("%s after %q", n.State, replies)
		}
	})
}

// fault 22: a relay that refuses for good is asked once.
func TestRefusedForGood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.sender.answer = func(context.Context, Letter) error {
			return &SendError{Permanent: true, Reply: "550 5.1.1 no such user"}
		}
		h.owe(1, 1, nil)
		_, stop := h.start(h.outbox())
		time.Sleep(24 * time.Hour)
		stop()
		n := h.only()
		if n.State != ticket.NoticeGivenUp || n.Attempts != 1 || n.Reason != "refused: 550 5.1.1 no such user" {
			t.Errorf("%+v", n)
		}
		if got := len(h.sender.tried()); got != 1 {
			t.Errorf("%d attempts", got)
		}
	})
}

// A notice that was owed while supportd was down gets a fair number of attempts,
// however old it is: many relays defer the first.
func TestOldNoticeGetsItsAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.sender.answer = func(context.Context, Letter) error { return &SendError{Reply: "451 4.7.1 greylisted"} }
		h.owe(1, 1, func(n *ticket.Notice) { n.Owed = n.Owed.Add(-30 * 24 * time.Hour) })
		_, stop := h.start(h.outbox())
		time.Sleep(24 * time.Hour)
		stop()
		if n := h.only(); n.State != ticket.NoticeGivenUp || n.Attempts != minTries {
			t.Errorf("%s after %d attempts", n.State, n.Attempts)
		}
	})
}

// What cannot be written can never be sent: it is given up at once and shown.
func TestLetterThatCannotBeWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.owe(1, 1, func(n *ticket.Notice) { n.To.Address = "kunde" })
		h.owe(2, 1, func(n *ticket.Notice) { n.Kind = "postcard" })
		_, stop := h.start(h.outbox())
		synctest.Wait()
		stop()
		for _, n := range h.notices() {
			if n.State != ticket.NoticeGivenUp || !strings.HasPrefix(n.Reason, "the letter cannot be written: ") {
				t.Errorf("%s: %q", n.State, n.Reason)
			}
		}
		if got := len(h.sender.tried()); got != 0 {
			t.Errorf("%d attempts", got)
		}
	})
}

func TestBoundedConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.config.Workers = 3
		h.config.Reporters = store.Budget{}
		h.sender.answer = func(context.Context, Letter) error { time.Sleep(time.Second); return nil }
		h.owe(1, 10, nil)
		start := time.Now()
		_, stop := h.start(h.outbox())
		time.Sleep(time.Minute)
		stop()
		if h.sender.most != 3 {
			t.Errorf("%d letters were on their way at once, want 3", h.sender.most)
		}
		tried := h.sender.tried()
		if len(tried) != 10 || tried[9].Sub(start) != 3*time.Second {
			t.Errorf("attempts at %v: a worker that is free should take the next at once", tried)
		}
	})
}

// A relay that hangs never gets a letter twice at a time: the attempt ends before
// the lease does.
func TestHangingRelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.sender.answer = func(ctx context.Context, _ Letter) error { <-ctx.Done(); return ctx.Err() }
		h.owe(1, 1, nil)
		_, stop := h.start(h.outbox())
		time.Sleep(time.Hour)
		stop()
		tried := h.sender.tried()
		if h.sender.most != 1 || len(tried) < 3 {
			t.Errorf("%d attempts, %d at once", len(tried), h.sender.most)
		}
		if gap := tried[1].Sub(tried[0]); gap < h.config.SendTimeout {
			t.Errorf("tried again after %v, while the first attempt went on", gap)
		}
		if n := h.only(); n.State != ticket.NoticeQueued || n.Tries[0].Reply != context.DeadlineExceeded.Error() {
			t.Errorf("%+v", n)
		}
	})
}

// Two daemons on one store share the work and double nothing.
func TestTwoNotifiers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.config.Reporters = store.Budget{}
		h.sender.answer = func(context.Context, Letter) error { time.Sleep(time.Second); return nil }
		h.owe(1, 50, nil)
		_, stopOne := h.start(h.outbox())
		_, stopTwo := h.start(h.outbox())
		time.Sleep(time.Hour)
		stopOne()
		stopTwo()
		if h.sender.most <= h.config.Workers {
			t.Errorf("only %d letters at once: one notifier did all", h.sender.most)
		}
		wantEachOnce(t, h, 50)
	})
}

func wantEachOnce(t *testing.T, h *house, count int) {
	t.Helper()
	times := map[string]int{}
	for _, l := range h.sender.taken() {
		times[l.MessageID]++
	}
	for id, n := range times {
		if n != 1 {
			t.Errorf("%s was sent %d times", id, n)
		}
	}
	if len(times) != count {
		t.Errorf("%d letters were sent, want %d", len(times), count)
	}
}

// Stopping takes nothing new and lets what is on its way arrive.
func TestStopWaitsForLetters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.config.Workers = 1
		h.sender.answer = func(context.Context, Letter) error { time.Sleep(h.config.Grace / 2); return nil }
		h.owe(1, 3, nil)
		_, stop := h.start(h.outbox())
		synctest.Wait()
		stop()
		states := map[ticket.NoticeState]int{}
		for _, n := range h.notices() {
			states[n.State]++
		}
		if states[ticket.NoticeSent] != 1 || states[ticket.NoticeQueued] != 2 {
			t.Errorf("%v, want the one on its way sent, the others left", states)
		}
	})
}

// … but not for ever: what hangs is cut off and tried again by the next start.
func TestStopEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.sender.answer = func(ctx context.Context, _ Letter) error { <-ctx.Done(); return ctx.Err() }
		h.owe(1, 1, nil)
		_, stop := h.start(h.outbox())
		synctest.Wait()
		start := time.Now()
		stop()
		if took := time.Since(start); took != h.config.Grace {
			t.Errorf("stopped after %v, want %v", took, h.config.Grace)
		}
		h.sender.answer = nil
		_, stop = h.start(h.outbox())
		time.Sleep(2 * time.Minute)
		stop()
		if n := h.only(); n.State != ticket.NoticeSent || n.Attempts != 2 {
			t.Errorf("%+v", n)
		}
	})
}

// fault 7: the relay took the letter and the process died before it was recorded.
// The letter is sent once more, the same to the byte.
func TestCrashBetweenSendingAndRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.owe(1, 1, nil)
		_, stop := h.start(amnesic{h.outbox()})
		synctest.Wait()
		stop()
		if n := h.only(); n.State != ticket.NoticeQueued || n.Attempts != 0 {
			t.Fatalf("the record was not lost: %+v", n)
		}
		time.Sleep(h.config.Lease)
		_, stop = h.start(h.outbox())
		synctest.Wait()
		stop()
		letters := h.sender.taken()
		if len(letters) != 2 || !bytes.Equal(letters[0].Data, letters[1].Data) || letters[0].MessageID != letters[1].MessageID {
			t.Fatalf("%d letters, want two that are the same", len(letters))
		}
		if n := h.only(); n.State != ticket.NoticeSent {
			t.Errorf("%+v", n)
		}
	})
}

// amnesic is an outbox whose process dies before it can record a sending.
type amnesic struct{ *store.Outbox }

func (amnesic) Sent(context.Context, store.Leased, time.Time, string) error {
	return errors.New("killed")
}

// A store that is away for some minutes does not make a letter go out twice.
func TestRecordOutlastsAFailingStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		o := &absent{Outbox: h.outbox(), back: time.Now().Add(3 * time.Minute)}
		h.owe(1, 1, nil)
		_, stop := h.start(o)
		time.Sleep(time.Hour)
		stop()
		wantEachOnce(t, h, 1)
		if n := h.only(); n.State != ticket.NoticeSent || n.Attempts != 1 {
			t.Errorf("%+v", n)
		}
	})
}

// absent is an outbox that takes no records for a while.
type absent struct {
	*store.Outbox
	back time.Time
}

func (o *absent) Sent(ctx context.Context, l store.Leased, at time.Time, reply string) error {
	if time.Now().Before(o.back) {
		return errors.New("store is away")
	}
	return o.Outbox.Sent(ctx, l, at, reply)
}

// Commits that fail, or succeed and say otherwise, and a relay that often does not
// answer: every notice is sent, and recorded as sent (faults 7, 16 and 21, I4).
func TestUnderFaults(t *testing.T) {
	for seed := range uint64(5) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				h.config.Reporters = store.Budget{Day: 20}
				h.owe(1, 20, nil)
				coin := storetest.Random(seed+100, 0.4)
				var mu sync.Mutex
				h.sender.answer = func(context.Context, Letter) error {
					mu.Lock()
					defer mu.Unlock()
					if coin() != storetest.None {
						return &SendError{Reply: "451 4.3.0 later"}
					}
					return nil
				}
				faulty := openStore(t, storetest.Failing(h.backend, storetest.Random(seed, 0.3)))
				_, stop := h.start(store.NewOutbox(faulty))
				time.Sleep(2 * 24 * time.Hour)
				stop()
				for _, n := range h.notices() {
					if n.State != ticket.NoticeSent {
						t.Errorf("notice %d is %s: %s", n.Number, n.State, n.Reason)
					}
				}
				ids := map[string]bool{}
				for _, l := range h.sender.taken() {
					ids[l.MessageID] = true
				}
				if len(ids) != 20 {
					t.Errorf("%d different letters, want 20", len(ids))
				}
			})
		})
	}
}

// The loop breaker (bad-input 136 and 137): what is over is held, and said once.
func TestLoopBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.owe(1, 14, func(n *ticket.Notice) { n.Kind = ticket.NoticeAcknowledgement })
		h.owe(15, 3, func(n *ticket.Notice) { n.To.Address = "anden@kunde.example" })
		h.owe(18, 12, func(n *ticket.Notice) {
			n.Kind, n.To.Address = ticket.NoticeStaffNew, "support@firma.example" // staff hear of every ticket
		})
		_, stop := h.start(h.outbox())
		time.Sleep(24 * time.Hour)
		stop()
		count := map[string]int{}
		for _, n := range h.notices() {
			count[n.To.Address+" "+string(n.State)]++
			if n.State == ticket.NoticeHeld && n.Reason != "more than 10 letters to this address within ten minutes" {
				t.Errorf("held: %q", n.Reason)
			}
		}
		want := map[string]int{
			"kunde@kunde.example sent": 10, "kunde@kunde.example held": 4,
			"anden@kunde.example sent": 3, "support@firma.example sent": 12,
		}
		if fmt.Sprint(count) != fmt.Sprint(want) {
			t.Errorf("%v, want %v", count, want)
		}
		if warnings := strings.Count(h.log.String(), `"level":"warn"`); warnings != 1 {
			t.Errorf("%d warnings, want one:\n%s", warnings, h.log.String())
		}
	})
}

// Logs name the notice and never what it says.
func TestLogHoldsNoWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.owe(1, 1, nil)
		_, stop := h.start(h.outbox())
		synctest.Wait()
		stop()
		log := h.log.String()
		if !strings.Contains(log, `"ticket":"AIS-7K3Q-M2XQ","notice":1,"kind":"resolved","try":1,"reply":"250 taken as 1","message":"notice sent"`) {
			t.Errorf("log:\n%s", log)
		}
		for _, word := range []string{"hjemmesiden", "kunde@", "Venlig"} {
			if strings.Contains(log, word) {
				t.Errorf("%q in the log:\n%s", word, log)
			}
		}
	})
}

// An outbox that does not answer is asked again.
func TestOutboxDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.owe(1, 1, nil)
		b := &switched{Backend: h.backend, down: time.Now().Add(10 * time.Minute)}
		_, stop := h.start(store.NewOutbox(openStore(t, b)))
		time.Sleep(11 * time.Minute)
		stop()
		if n := h.only(); n.State != ticket.NoticeSent {
			t.Errorf("%+v", n)
		}
		if lines := strings.Count(h.log.String(), "\n"); lines > 100 {
			t.Errorf("%d lines in the log in ten minutes", lines)
		}
	})
}

// switched is a backend that is down for a while.
type switched struct {
	store.Backend
	down time.Time
}

func (s *switched) err() error {
	if time.Now().Before(s.down) {
		return errors.New("connection refused")
	}
	return nil
}

func (s *switched) Get(ctx context.Context, keys ...string) ([]store.Record, error) {
	if err := s.err(); err != nil {
		return nil, err
	}
	return s.Backend.Get(ctx, keys...)
}

func (s *switched) Scan(ctx context.Context, from, to string, limit int) ([]store.Record, error) {
	if err := s.err(); err != nil {
		return nil, err
	}
	return s.Backend.Scan(ctx, from, to, limit)
}
