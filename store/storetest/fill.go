package storetest

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// FilledID is the i-th ticket of those that Fill makes.
func FilledID(i int) ticket.ID {
	return ticket.DeriveID("AIS", []byte("bench"), strconv.Itoa(i), 0)
}

// Fill makes n tickets as a desk has them after years: of twenty, seven are open in all
// states, and the rest is closed. The latest was opened a minute before now.
func Fill(t testing.TB, s *store.Store, n int, now time.Time) {
	t.Helper()
	states := []ticket.State{
		ticket.StateReported, ticket.StateReported, ticket.StateClassified, ticket.StatePlanned, ticket.StateInvestigating, ticket.StateTesting, ticket.StateWaiting,
	}
	levels := []ticket.Severity{ticket.SeverityCritical, ticket.SeverityHigh, ticket.SeverityNormal, ticket.SeverityLow}
	const batch = 500
	for from := 0; from < n; from += batch {
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			for i := from; i < min(n, from+batch); i++ {
				one := ticket.Ticket{
					ID: FilledID(i), State: ticket.StateClosed, Kind: ticket.KindBug,
					Subject: fmt.Sprintf("Billet nummer %d om noget, der ikke virker", i), Language: "da", Events: 3,
					Participants: []ticket.Participant{{Address: fmt.Sprintf("kunde%d@kunde.example", i%1000), Reporter: true}},
					Claim:        ticket.Claim{Severity: levels[i%4], Where: ticket.WhereBody, Evidence: "haster"},
					Category:     ticket.Category{Name: "login"}, Opened: now.Add(-time.Duration(n-i) * time.Minute),
				}
				one.Since, one.Updated = one.Opened, one.Opened
				if i%20 < len(states) {
					one.State = states[i%20]
				}
				switch {
				case i%20 == 1:
					one.AssessBy = now.Add(time.Duration(i%7-3) * time.Hour)
				case one.State == ticket.StatePlanned:
					one.Sprint, one.Assignee = ticket.Slot{Name: "2026-24", Start: now}, "dev@firma.example"
				}
				if _, err := tx.Tickets(one.ID); err != nil {
					return err
				}
				if err := tx.SaveTicket(ticket.Ticket{}, one, nil); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
