package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
)

const aTicket = ticket.ID("AIS-7K3Q-M2XQ")

var (
	owed      = time.Date(2026, time.November, 23, 13, 5, 0, 0, time.UTC)
	leaseTime = 5 * time.Minute
)

func aNotice(number int) ticket.Notice {
	return ticket.Notice{
		Ticket: aTicket, Number: number, Kind: ticket.NoticeAcknowledgement,
		To: ticket.Address{Address: "kunde@kunde.example"}, Language: "da", Owed: owed,
	}
}

func owe(t *testing.T, s *store.Store, notices ...ticket.Notice) {
	t.Helper()
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		for _, n := range notices {
			if err := tx.Owe(n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// leaseOne takes the one notice that is due.
func leaseOne(t *testing.T, o *store.Outbox, now time.Time) store.Leased {
	t.Helper()
	leased, err := o.Lease(t.Context(), now, leaseTime, 10)
	if err != nil || len(leased) != 1 {
		t.Fatalf("leased %d notices, %v, want one", len(leased), err)
	}
	return leased[0]
}

func noticesIn(t *testing.T, s *store.Store, state ticket.NoticeState) []string {
	t.Helper()
	notices, err := s.NoticesIn(t.Context(), state, 100)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, n := range notices {
		names = append(names, fmt.Sprintf("%s.%d", n.Ticket, n.Number))
	}
	return names
}

func only(t *testing.T, s *store.Store) ticket.Notice {
	t.Helper()
	notices, err := s.Notices(t.Context(), aTicket)
	if err != nil || len(notices) != 1 {
		t.Fatalf("%d notices, %v, want one", len(notices), err)
	}
	return notices[0]
}

func TestNoticesAreListedByNumberAndByState(t *testing.T) {
	s, _ := open(t)
	later := aNotice(10)
	later.Owed = owed.Add(time.Hour)
	owe(t, s, later, aNotice(2), aNotice(1))

	notices, err := s.Notices(t.Context(), aTicket)
	if err != nil {
		t.Fatal(err)
	}
	var numbers []int
	for _, n := range notices {
		numbers = append(numbers, n.Number)
		if n.State != ticket.NoticeQueued {
			t.Errorf("notice %d is %s", n.Number, n.State)
		}
	}
	if diff := cmp.Diff([]int{1, 2, 10}, numbers); diff != "" {
		t.Error(diff)
	}
	want := []string{"AIS-7K3Q-M2XQ.1", "AIS-7K3Q-M2XQ.2", "AIS-7K3Q-M2XQ.10"}
	if diff := cmp.Diff(want, noticesIn(t, s, ticket.NoticeQueued)); diff != "" {
		t.Error(diff)
	}
	if got := noticesIn(t, s, ticket.NoticeSent); got != nil {
		t.Errorf("%v were sent already", got)
	}
}

// The walk begins with what was owed at that time, and goes on past pages.
func TestNoticesSince(t *testing.T) {
	s, _ := open(t)
	const n = 450
	for i := range n {
		notice := aNotice(i + 1)
		notice.Owed = owed.Add(time.Duration(i) * time.Minute)
		owe(t, s, notice)
	}
	for skip, since := range map[int]time.Time{0: {}, 30: owed.Add(30 * time.Minute), 31: owed.Add(30*time.Minute + time.Millisecond), n: owed.AddDate(1, 0, 0)} {
		next := skip + 1
		for got, err := range s.AllNoticesIn(t.Context(), ticket.NoticeQueued, since) {
			if err != nil || got.Number != next {
				t.Fatalf("since %s: notice %d, %v, want %d", since, got.Number, err, next)
			}
			next++
		}
		if next != n+1 {
			t.Errorf("since %s: %d notices, want %d", since, next-1-skip, n-skip)
		}
	}
}

func TestOweRefusesWhatIsNoNotice(t *testing.T) {
	s, _ := open(t)
	for name, change := range map[string]func(*ticket.Notice){
		"ticket": func(n *ticket.Notice) { n.Ticket = "AIS-7K3Q-M2XX" },
		"number": func(n *ticket.Notice) { n.Number = 0 },
		"huge":   func(n *ticket.Notice) { n.Number = 1_000_000 },
		"owed":   func(n *ticket.Notice) { n.Owed = time.Time{} },
	} {
		n := aNotice(1)
		change(&n)
		err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.Owe(n) })
		if !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: error %v, want ErrInvalid", name, err)
		}
	}
}

func TestNothingIsDueBeforeItsTime(t *testing.T) {
	s, _ := open(t)
	o := store.NewOutbox(s)
	owe(t, s, aNotice(1))
	if due, ok, err := o.NextDue(t.Context()); err != nil || !ok || !due.Equal(owed) {
		t.Errorf("next due %v, %v, %v, want %v", due, ok, err, owed)
	}
	if leased, err := o.Lease(t.Context(), owed.Add(-time.Millisecond), leaseTime, 10); err != nil || len(leased) != 0 {
		t.Errorf("%d notices were leased early, %v", len(leased), err)
	}
	leaseOne(t, o, owed)
}

func TestSent(t *testing.T) {
	s, b := open(t)
	o := store.NewOutbox(s)
	owe(t, s, aNotice(1))
	l := leaseOne(t, o, owed)
	at := owed.Add(time.Second)
	if err := o.Sent(t.Context(), l, at, "250 2.0.0 queued as 4F1"); err != nil {
		t.Fatal(err)
	}
	got := only(t, s)
	want := aNotice(1)
	want.State, want.Attempts, want.Sent = ticket.NoticeSent, 1, at
	want.Tries = []ticket.Try{{At: at, Reply: "250 2.0.0 queued as 4F1"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, ok, _ := o.NextDue(t.Context()); ok {
		t.Error("a job is left")
	}
	checkIndex(t, b)
}

func TestRetryAndGiveUpNotice(t *testing.T) {
	s, b := open(t)
	o := store.NewOutbox(s)
	owe(t, s, aNotice(1))
	now := owed
	for try := 1; try <= 12; try++ {
		due := now.Add(time.Minute)
		if err := o.Retry(t.Context(), leaseOne(t, o, now), now, due, fmt.Sprint("451 try ", try)); err != nil {
			t.Fatal(err)
		}
		if next, _, _ := o.NextDue(t.Context()); !next.Equal(due) {
			t.Fatalf("due again at %v, want %v", next, due)
		}
		now = due
	}
	if err := o.GiveUp(t.Context(), leaseOne(t, o, now), now, "550 no", "refused"); err != nil {
		t.Fatal(err)
	}
	n := only(t, s)
	if n.State != ticket.NoticeGivenUp || n.Reason != "refused" || n.Attempts != 13 || len(n.Tries) != ticket.MaxTriesKept {
		t.Errorf("%+v", n)
	}
	if first, last := n.Tries[0].Reply, n.Tries[len(n.Tries)-1].Reply; first != "451 try 4" || last != "550 no" {
		t.Errorf("kept the tries from %q to %q, want the latest", first, last)
	}
	checkIndex(t, b)
}

// A worker that hung past its lease must not undo what another has recorded.
func TestNoticeOfALostLease(t *testing.T) {
	s, b := open(t)
	o := store.NewOutbox(s)
	owe(t, s, aNotice(1))
	slow := leaseOne(t, o, owed)
	quick := leaseOne(t, o, owed.Add(leaseTime+time.Millisecond))
	if err := o.Sent(t.Context(), quick, owed.Add(leaseTime), "250 quick"); err != nil {
		t.Fatal(err)
	}
	late := owed.Add(2 * leaseTime)
	for name, err := range map[string]error{
		"sent":    o.Sent(t.Context(), slow, late, "250 slow"),
		"retry":   o.Retry(t.Context(), slow, late, late, "451 slow"),
		"give up": o.GiveUp(t.Context(), slow, late, "550 slow", "refused"),
	} {
		if !errors.Is(err, store.ErrLost) {
			t.Errorf("%s: error %v, want ErrLost", name, err)
		}
	}
	if n := only(t, s); n.State != ticket.NoticeSent || n.Attempts != 1 {
		t.Errorf("%+v", n)
	}
	checkIndex(t, b)
}

// A bounce that came in before the record of the sending stays.
func TestBounceBeforeSent(t *testing.T) {
	s, b := open(t)
	o := store.NewOutbox(s)
	owe(t, s, aNotice(1))
	l := leaseOne(t, o, owed)
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		n, _, err := tx.Notice(aTicket, 1)
		if err != nil {
			return err
		}
		n.State, n.Bounce = ticket.NoticeBounced, "mail-1"
		return tx.PutNotice(n)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Sent(t.Context(), l, owed, "250"); err != nil {
		t.Fatal(err)
	}
	if n := only(t, s); n.State != ticket.NoticeBounced || n.Bounce != "mail-1" || n.Sent.IsZero() {
		t.Errorf("%+v", n)
	}
	checkIndex(t, b)
}

// A job that names nothing to send is removed and reported; the others are leased.
func TestLeaseRemovesStaleJobs(t *testing.T) {
	s, b := open(t)
	o := store.NewOutbox(s)
	owe(t, s, aNotice(1))
	put(t, b, store.JobKey("notice", owed, "damaged"), "no JSON")
	put(t, b, store.JobKey("notice", owed, "absent"), `{"try":0,"payload":{"ticket":"AIS-7K3Q-M2XQ","number":9}}`)
	leased, err := o.Lease(t.Context(), owed, leaseTime, 10)
	if err == nil || len(leased) != 1 {
		t.Fatalf("leased %d, %v, want one and an error", len(leased), err)
	}
	if err := o.Sent(t.Context(), leased[0], owed, "250"); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := o.NextDue(t.Context()); ok {
		t.Error("a stale job is left")
	}
}

// Commits that fail, or succeed and say otherwise, lose no notice and count no
// letter twice (faults 6 and 7; the sending itself is tried by the notifier).
func TestOutboxUnderFaults(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			b := memkv.New()
			sound := with(t, b)
			const letters = 5
			for i := range letters {
				owe(t, sound, aNotice(i+1))
			}
			o := store.NewOutbox(with(t, storetest.Failing(b, storetest.Random(seed, 0.5))))
			now := owed
			for range 200 {
				leased, _ := o.Lease(t.Context(), now, leaseTime, 3)
				for _, l := range leased {
					if v, err := o.Spend(t.Context(), l, now, store.Budget{Day: letters}, letters); err != nil || !v.Granted {
						if err == nil {
							t.Fatalf("held although %d are allowed: %+v", letters, v)
						}
						continue
					}
					_ = o.Sent(t.Context(), l, now, "250") // an error: it comes again
				}
				now = now.Add(leaseTime + time.Second)
			}
			if sent := noticesIn(t, sound, ticket.NoticeSent); len(sent) != letters {
				t.Errorf("sent %v, want all %d", sent, letters)
			}
			if _, ok, _ := o.NextDue(t.Context()); ok {
				t.Error("a job is left")
			}
			checkIndex(t, b)
		})
	}
}

// checkIndex says whether each notice has exactly the rows of its state.
func checkIndex(t *testing.T, b store.Backend) {
	t.Helper()
	all := func(prefix string) []store.Record {
		records, err := b.Scan(context.Background(), prefix, store.PrefixEnd(prefix), 10_000)
		if err != nil {
			t.Fatal(err)
		}
		return records
	}
	s := with(t, b)
	indexed := 0
	for _, state := range []ticket.NoticeState{
		ticket.NoticeQueued, ticket.NoticeSent, ticket.NoticeBounced, ticket.NoticeGivenUp, ticket.NoticeHeld,
	} {
		indexed += len(noticesIn(t, s, state))
	}
	rows, notices := len(all("index/notice/")), len(all("notice/"))
	if rows != notices || indexed != notices {
		t.Errorf("%d index rows lead to %d of %d notices", rows, indexed, notices)
	}
}
