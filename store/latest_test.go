package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Mails of an outcome are paged to their end, the newest first and each once, and are
// counted no further than asked for.
func TestLatestMails(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		at := time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)
		var want []string
		for i := range 10 {
			m := store.Mail{Outcome: ticket.Outcome{Mail: fmt.Sprintf("01kap%015d", i), Outcome: ticket.OutcomeAuto, Received: at.Add(time.Duration(i*i) * time.Hour)}}
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				if _, _, err := tx.Mail(m.Outcome.Mail); err != nil {
					return err
				}
				return tx.SaveMail(store.Mail{}, m)
			})
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, m.Outcome.Mail)
		}
		slices.Reverse(want)
		var got []string
		for after := ""; ; {
			page, err := s.LatestMails(t.Context(), ticket.OutcomeAuto, at.Add(24*time.Hour), after, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range page.Items {
				got = append(got, m.Outcome.Mail)
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("listed %q, want %q", got, want)
		}
		if _, err := s.LatestMails(t.Context(), ticket.OutcomeAuto, at, "nowhere", 3); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("a cursor that is none: %v", err)
		}
		for limit, want := range map[int]int{4: 4, 100: 10} {
			if n, err := s.MailsUpTo(t.Context(), ticket.OutcomeAuto, limit); n != want || err != nil {
				t.Errorf("counted up to %d: %d, error %v", limit, n, err)
			}
		}
	})
}
