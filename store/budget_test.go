package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// spender owes and spends one letter after another.
type spender struct {
	t      *testing.T
	store  *store.Store
	outbox *store.Outbox
	number int
	budget store.Budget
	daily  int
}

func newSpender(t *testing.T, b store.Budget, daily int) *spender {
	s, _ := open(t)
	return &spender{t: t, store: s, outbox: store.NewOutbox(s), budget: b, daily: daily}
}

func (s *spender) spend(to string, now time.Time) store.Verdict {
	s.t.Helper()
	s.number++
	n := aNotice(s.number)
	n.To.Address, n.Owed = to, now
	owe(s.t, s.store, n)
	l := leaseOne(s.t, s.outbox, now)
	v, err := s.outbox.Spend(s.t.Context(), l, now, s.budget, s.daily)
	if err != nil {
		s.t.Fatal(err)
	}
	if v.Granted {
		if err := s.outbox.Sent(s.t.Context(), l, now, "250"); err != nil {
			s.t.Fatal(err)
		}
	}
	return v
}

// bad-input 136 and 137: whatever makes us write, one address gets no more than
// its budget, and the rest is held, with one warning.
func TestBudgetOfAnAddress(t *testing.T) {
	s := newSpender(t, store.Budget{TenMinutes: 3, Day: 5}, 0)
	for i, step := range []struct {
		after   time.Duration
		granted bool
		first   bool
	}{
		{0, true, false},
		{0, true, false},
		{time.Minute, true, false},
		{time.Minute, false, true},      // a fourth within ten minutes
		{2 * time.Minute, false, false}, // warned already
		{10 * time.Minute, true, false}, // the first two are ten minutes old
		{10 * time.Minute, true, false},
		{23 * time.Hour, false, false}, // a sixth within the day; warned already
		{24*time.Hour - time.Millisecond, false, false},
		{24 * time.Hour, true, false}, // the first two are a day old
		{24 * time.Hour, true, false},
		{24 * time.Hour, false, false},
		{24*time.Hour + time.Minute, true, false},
		{24*time.Hour + time.Minute, false, true}, // the warning is a day old
	} {
		v := s.spend("kunde@kunde.example", owed.Add(step.after))
		if v.Granted != step.granted || v.First != step.first {
			t.Errorf("step %d, after %v: %+v, want granted %v, first %v", i, step.after, v, step.granted, step.first)
		}
		if !v.Granted && !strings.Contains(v.Reason, "letters to this address within") {
			t.Errorf("step %d: reason %q", i, v.Reason)
		}
	}
	if v := s.spend("anden@kunde.example", owed.Add(24*time.Hour+time.Minute)); !v.Granted {
		t.Errorf("another address pays for it: %+v", v)
	}
	if v := s.spend(" KUNDE@kunde.example", owed.Add(24*time.Hour+time.Minute)); v.Granted {
		t.Error("upper case is another address")
	}
	held := noticesIn(t, s.store, ticket.NoticeHeld)
	if len(held) != 7 {
		t.Errorf("%d notices are held: %v", len(held), held)
	}
}

func TestDailyBudget(t *testing.T) {
	s := newSpender(t, store.Budget{}, 3)
	for i := range 6 {
		v := s.spend(fmt.Sprintf("kunde%d@kunde.example", i), owed)
		if v.Granted != (i < 3) || v.First != (i == 3) {
			t.Errorf("letter %d: %+v", i+1, v)
		}
	}
	if v := s.spend("kunde@kunde.example", owed.Add(24*time.Hour)); !v.Granted {
		t.Errorf("the next day: %+v", v)
	}
}

func TestNoBudgetIsNoLimit(t *testing.T) {
	s := newSpender(t, store.Budget{}, 0)
	for range 60 {
		if v := s.spend("kunde@kunde.example", owed); !v.Granted {
			t.Fatalf("%+v", v)
		}
	}
}

// A retry costs nothing, and neither does a spending whose record got lost in a
// crash before the letter was sent.
func TestSpendIsIdempotent(t *testing.T) {
	s, _ := open(t)
	o := store.NewOutbox(s)
	budget := store.Budget{Day: 1}
	owe(t, s, aNotice(1))
	now := owed
	spend := func(l store.Leased) {
		t.Helper()
		if v, err := o.Spend(t.Context(), l, now, budget, 1); err != nil || !v.Granted {
			t.Fatalf("at %v: %+v, %v", now, v, err)
		}
	}
	spend(leaseOne(t, o, now)) // and crash
	now = now.Add(leaseTime + time.Second)
	l := leaseOne(t, o, now)
	spend(l)
	if err := o.Retry(t.Context(), l, now, now.Add(time.Minute), "451"); err != nil {
		t.Fatal(err)
	}
	now = now.Add(48 * time.Hour) // long out of the window, others have used the budget
	owe(t, s, func() ticket.Notice { n := aNotice(2); n.Owed = now.Add(-time.Minute); return n }())
	leased, err := o.Lease(t.Context(), now, leaseTime, 10)
	if err != nil || len(leased) != 2 {
		t.Fatal(leased, err)
	}
	spend(leased[1])
	spend(leased[0])
}

// Addresses are forgotten when they no longer count.
func TestSweep(t *testing.T) {
	s := newSpender(t, store.Budget{Day: 1}, 100)
	s.spend("tidlig@kunde.example", owed)
	s.spend("sen@kunde.example", owed.Add(12*time.Hour))
	count := func() int {
		records, err := s.store.Scan(t.Context(), "budget/", "budget0", 100)
		if err != nil {
			t.Fatal(err)
		}
		return len(records)
	}
	before := count()
	for _, step := range []struct {
		after time.Duration
		left  int
	}{
		{12 * time.Hour, before - 1}, // the day before
		{24 * time.Hour, before - 2}, // the first address
		{36 * time.Hour, 0},
	} {
		if err := s.outbox.Sweep(t.Context(), owed.Add(step.after)); err != nil {
			t.Fatal(err)
		}
		if got := count(); got != step.left {
			t.Errorf("after %v %d budgets are left, want %d", step.after, got, step.left)
		}
	}
}
