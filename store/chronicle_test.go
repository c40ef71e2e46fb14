package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/ticket"
)

// Whatever the times of opening, a list by time is all tickets in order, in both
// directions, walked by pages of any size.
func TestChronicle(t *testing.T) {
	start := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		s, err := store.New(memkv.New(), store.Config{})
		if err != nil {
			t.Fatal(err)
		}
		gaps := rapid.SliceOfN(rapid.OneOf(
			rapid.Just(time.Duration(0)), rapid.Just(time.Millisecond), rapid.Custom(func(t *rapid.T) time.Duration {
				return time.Duration(rapid.Int64Range(0, int64(400*24*time.Hour)).Draw(t, "gap"))
			})), 0, 60).Draw(t, "gaps")
		at := start
		var want []string
		for i, gap := range gaps {
			at = at.Add(gap)
			id := ticket.DeriveID("AIS", make([]byte, 32), fmt.Sprint(i), 0)
			state := rapid.SampledFrom(ticket.States()).Draw(t, "state")
			want = append(want, at.UTC().Format("20060102T150405.000")+string(id))
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				before, err := tx.Tickets(id)
				if err != nil {
					return err
				}
				return tx.SaveTicket(before[0], ticket.Ticket{ID: id, State: state, Opened: at}, nil)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		slices.Sort(want)
		newest, limit := rapid.Bool().Draw(t, "newest"), rapid.IntRange(1, 20).Draw(t, "limit")
		if newest {
			slices.Reverse(want)
		}
		var got []string
		for after, pages := "", 0; ; pages++ {
			page, err := s.Chronicle(t.Context(), store.TicketFilter{}, newest, at, after, limit)
			if err != nil || pages > len(want)+1 {
				t.Fatal(pages, err)
			}
			for _, one := range page.Items {
				got = append(got, one.Opened.UTC().Format("20060102T150405.000")+string(one.ID))
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if !slices.Equal(want, got) {
			t.Fatalf("want %v\ngot  %v", want, got)
		}
	})
}
