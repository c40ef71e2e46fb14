package notifier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
)

// fault 7: the relay took the letter and the process died before it was noted
// anywhere. The letter is sent once more, the same to the byte.
func TestCrashBetweenSendingAndRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.sent.fail = errors.New("killed")
		h.owe(1, 1, identified)
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

func identified(n *ticket.Notice) { n.Identity = fmt.Sprint("letter", n.Number) }

// What was noted is not sent again, though the process died before the store was
// told, or the store has forgotten: it is recorded as it was.
func TestWhatWasSentIsOnlyRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.owe(1, 1, identified)
		sent := time.Now()
		_, stop := h.start(amnesic{h.outbox()})
		synctest.Wait()
		stop()
		time.Sleep(h.config.Lease)
		_, stop = h.start(h.outbox())
		synctest.Wait()
		stop()
		if n := h.only(); len(h.sender.taken()) != 1 || n.State != ticket.NoticeSent || !n.Sent.Equal(sent) || n.Tries[0].Reply != "250 taken as 1" {
			t.Errorf("%d letters for %+v", len(h.sender.taken()), n)
		}
	})
}

// Who has a letter sent again that bounced wants it sent.
func TestALetterThatSomebodyRetriesLeavesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.owe(1, 1, identified)
		_, stop := h.start(h.outbox())
		synctest.Wait()
		bounce := h.only()
		bounce.State = ticket.NoticeBounced
		if err := h.store.Update(t.Context(), func(tx *store.Tx) error {
			if _, _, err := tx.Notice(bounce.Ticket, bounce.Number); err != nil {
				return err
			}
			return tx.PutNotice(bounce)
		}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if err := h.store.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Requeue(bounce.Ticket, bounce.Number, time.Now())
			return err
		}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(poll)
		synctest.Wait()
		stop()
		if n := h.only(); len(h.sender.taken()) != 2 || n.State != ticket.NoticeSent || !n.Sent.After(bounce.Sent) {
			t.Errorf("%d letters; %+v", len(h.sender.taken()), n)
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
