package notifier

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

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

// However full the budgets are, critical alerts go out, and they take nothing from
// what is left to others.
func TestCriticalAlertsAreNeverHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.config.Staff, h.config.Daily = store.Budget{TenMinutes: 2, Day: 2}, 3
		staff := func(kind ticket.NoticeKind) func(*ticket.Notice) {
			return func(n *ticket.Notice) { n.Kind, n.To.Address = kind, "support@firma.example" }
		}
		h.owe(1, 5, staff(ticket.NoticeStaffCritical))
		h.owe(6, 3, staff(ticket.NoticeStaffNew))
		h.owe(9, 3, nil)
		h.owe(12, 5, staff(ticket.NoticeStaffCritical))
		_, stop := h.start(h.outbox())
		synctest.Wait()
		stop()
		count := map[string]int{}
		for _, n := range h.notices() {
			who := "others"
			if n.Kind == ticket.NoticeStaffCritical {
				who = "critical"
			}
			count[who+" "+string(n.State)]++
		}
		want := map[string]int{"critical sent": 10, "others sent": 3, "others held": 3}
		if !maps.Equal(count, want) {
			t.Errorf("%v, want %v", count, want)
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

// To an address that a server has called unknown nothing is sent: the letter is
// given up in sight, and others go out.
func TestUndeliverableAddressesGetNoLetters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		gone := "gone@kunde.example"
		if err := h.store.Update(t.Context(), func(tx *store.Tx) error {
			if _, err := tx.Contact(gone); err != nil {
				return err
			}
			return tx.PutContact(gone, store.Contact{Undeliverable: "5.1.1 no such user"})
		}); err != nil {
			t.Fatal(err)
		}
		h.owe(1, 1, func(n *ticket.Notice) { n.To.Address = gone })
		h.owe(2, 1, nil)
		_, stop := h.start(h.outbox())
		synctest.Wait()
		stop()
		notices := h.notices()
		if len(h.sender.taken()) != 1 || notices[1].State != ticket.NoticeSent {
			t.Errorf("%d letters were sent; the other is %s", len(h.sender.taken()), notices[1].State)
		}
		if n := notices[0]; n.State != ticket.NoticeGivenUp || n.Reason != "the address is known to be undeliverable: 5.1.1 no such user" {
			t.Errorf("the letter is %s: %q", n.State, n.Reason)
		}
	})
}
