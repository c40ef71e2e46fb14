package desk_test

import (
	"slices"
	"testing"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
)

// Over a year, clocks changing twice, a reader gets one digest on each day, whatever
// his hour and however often the nodes look. Two nodes share the store.
func TestOneDigestADay(t *testing.T) {
	for _, at := range []string{"00:00", "02:30", "08:00", "23:59"} {
		t.Run(at, func(t *testing.T) {
			b := memkv.New()
			options := []func(*desk.Config){readers(t, at, "support"), func(c *desk.Config) { c.PlanAfter = -1 }}
			h, other := newHouse(t, b, options...), newHouse(t, b, options...)
			h.clockTo("2025-12-31 23:59")
			h.now = h.now.Add(time.Minute - time.Nanosecond)
			h.opened("glemt")
			end := h.now.AddDate(1, 0, 0)
			h.schedule()
			for ; h.now.Before(end); h.now = h.now.Add(110 * time.Minute) {
				other.now = h.now
				other.schedule()
				other.chores()
				h.chores()
			}
			h.now = end
			h.chores()
			letters := h.digests()
			for i, day := 0, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() == 2026; i, day = i+1, day.AddDate(0, 0, 1) {
				want := day.Format(time.DateOnly) + " support@aismarttalk.tech"
				if i >= len(letters) || letters[i] != want {
					t.Fatalf("of %d digests, number %d is not %s but %q", len(letters), i, want, letters[min(i, len(letters)-1)])
				}
			}
			if len(letters) != 365 {
				t.Errorf("%d digests in 365 days: %q", len(letters), letters[365:])
			}
		})
	}
}

// A day without anything due has no digest; the day after has one again.
func TestNoDigestWhereNothingIsDue(t *testing.T) {
	h := memory(t, readers(t, atEight, "support"))
	h.clockTo("2026-11-23 07:00")
	h.schedule()
	h.clockTo("2026-11-23 08:00")
	h.chores()
	h.wantDigests()
	h.opened("glemt")
	h.chores()
	h.wantDigests() // that day's is over
	h.clockTo("2026-11-24 07:59")
	h.chores()
	h.wantDigests()
	h.clockTo("2026-11-24 08:00")
	h.chores()
	h.wantDigests("2026-11-24 support@aismarttalk.tech")
}

// After days of downtime there is one digest: at once where the day's hour is past,
// else at its hour. A night's downtime delays it.
func TestDigestAfterDowntime(t *testing.T) {
	for _, c := range []struct {
		name, at, up string
		first, next  []string
	}{
		{"days, back in the day", "08:00", "2026-11-27 15:00", []string{"2026-11-27"}, []string{"2026-11-27", "2026-11-28"}},
		{"days, back before its hour", "08:00", "2026-11-27 06:00", nil, []string{"2026-11-27"}},
		{"hours", "08:00", "2026-11-24 23:50", []string{"2026-11-24"}, []string{"2026-11-24", "2026-11-25"}},
		{"over midnight", "23:30", "2026-11-25 03:00", []string{"2026-11-24"}, []string{"2026-11-24", "2026-11-25"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := memory(t, readers(t, c.at, "support"))
			want := func(days []string) {
				t.Helper()
				var letters []string
				for _, day := range days {
					letters = append(letters, day+" support@aismarttalk.tech")
				}
				h.wantDigests(letters...)
			}
			h.clockTo("2026-11-23 23:45")
			h.opened("glemt")
			h.schedule()
			h.clockTo(c.up)
			h.schedule()
			h.chores()
			want(c.first)
			h.now = clock(t, c.at).Next(h.now, h.desk.Policy().Location)
			h.chores()
			want(c.next)
		})
	}
}

// The owner's list, missed on its Monday, comes on the next day that there is one.
func TestWeeklyDigestIsNotLostWithItsMonday(t *testing.T) {
	h := memory(t, readers(t, atEight, "owner"))
	h.clockTo("2026-11-20 07:00")
	h.opened("kritisk", claims(ticket.SeverityCritical))
	h.schedule()
	for _, at := range []string{"2026-11-20 08:00", "2026-11-21 08:00", "2026-11-22 08:00"} {
		h.clockTo(at)
		h.chores()
	}
	h.wantDigests()
	for _, at := range []string{"2026-11-24 09:00", "2026-11-25 08:00", "2026-11-26 08:00"} {
		h.clockTo(at)
		h.chores()
	}
	h.wantDigests("2026-11-24 owner@aismarttalk.tech")

	late := memory(t, readers(t, "23:30", "owner")) // Sunday's list is looked at on Monday, after downtime
	late.clockTo("2026-11-21 12:00")
	late.opened("kritisk", claims(ticket.SeverityCritical))
	late.schedule()
	for _, at := range []string{"2026-11-21 23:30", "2026-11-23 03:00", "2026-11-23 23:30", "2026-11-24 23:30"} {
		late.clockTo(at)
		late.chores()
	}
	late.wantDigests("2026-11-23 owner@aismarttalk.tech")
}

// Who joins gets his first digest at his next hour, who leaves gets none; others
// notice neither.
func TestDigestsOfThoseWhoComeAndGo(t *testing.T) {
	b := memkv.New()
	before := newHouse(t, b, readers(t, atEight, "support", "support.dev"))
	before.clockTo("2026-11-23 09:00")
	before.opened("glemt")
	before.schedule()

	h := newHouse(t, b, readers(t, atEight, "support", "support.qa"))
	h.clockTo("2026-11-23 10:00")
	h.schedule()
	h.chores()
	h.wantDigests()
	for _, at := range []string{"2026-11-24 08:00", "2026-11-25 08:00"} {
		h.clockTo(at)
		h.chores()
	}
	got := h.digests()
	slices.Sort(got)
	want := []string{
		"2026-11-24 support.qa@aismarttalk.tech", "2026-11-24 support@aismarttalk.tech",
		"2026-11-25 support.qa@aismarttalk.tech", "2026-11-25 support@aismarttalk.tech",
	}
	if !slices.Equal(got, want) {
		t.Errorf("digests %q, want %q", got, want)
	}
}

// Another hour, set while the day's digest was sent already, sends no second one.
func TestDigestAtAnotherHour(t *testing.T) {
	b := memkv.New()
	before := newHouse(t, b, readers(t, atEight, "support"))
	before.clockTo("2026-11-23 07:00")
	before.opened("glemt")
	before.schedule()
	before.clockTo("2026-11-23 08:00")
	before.chores()

	h := newHouse(t, b, readers(t, "09:00", "support"))
	for _, at := range []string{"2026-11-23 08:30", "2026-11-23 09:00", "2026-11-24 08:00", "2026-11-24 08:30"} {
		h.clockTo(at)
		h.schedule()
		h.chores()
	}
	h.wantDigests("2026-11-23 support@aismarttalk.tech")
	h.clockTo("2026-11-24 09:00")
	h.chores()
	h.wantDigests("2026-11-23 support@aismarttalk.tech", "2026-11-24 support@aismarttalk.tech")
}

// Whether a commit fails or its reply gets lost, each day's digest is owed once and
// the next has its job.
func TestDigestsThroughFaults(t *testing.T) {
	for seed := range uint64(20) {
		b := memkv.New()
		sound := newHouse(t, b, readers(t, atEight, "support"))
		sound.clockTo("2026-11-22 07:00")
		sound.opened("glemt")
		h := newHouse(t, storetest.Failing(b, storetest.Random(seed, 0.4)), readers(t, atEight, "support"))
		h.now = sound.now
		until := func(do func() error) {
			t.Helper()
			for range 200 {
				if do() == nil {
					return
				}
				h.now = h.now.Add(2 * time.Minute) // leases run out
			}
			t.Fatal("it never succeeds")
		}
		until(func() error { return h.desk.ScheduleDigests(t.Context()) })
		for _, at := range []string{"2026-11-22 08:00", "2026-11-23 08:00", "2026-11-24 08:00"} {
			h.clockTo(at)
			until(func() error { _, err := h.desk.DoChores(t.Context()); return err })
			h.now = h.now.Add(2 * time.Minute)
			until(func() error { _, err := h.desk.DoChores(t.Context()); return err })
		}
		sound.wantDigests("2026-11-22 support@aismarttalk.tech", "2026-11-23 support@aismarttalk.tech", "2026-11-24 support@aismarttalk.tech")
	}
}
