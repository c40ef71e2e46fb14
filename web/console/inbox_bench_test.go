package console_test

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/ticket"
)

// fill makes n tickets as a desk has them after years: of twenty, seven are open in all
// states, and the rest is closed.
func (h *house) fill(n int) {
	h.t.Helper()
	states := []ticket.State{
		ticket.StateReported, ticket.StateReported, ticket.StateClassified, ticket.StatePlanned, ticket.StateInvestigating, ticket.StateTesting, ticket.StateWaiting,
	}
	levels := []ticket.Severity{ticket.SeverityCritical, ticket.SeverityHigh, ticket.SeverityNormal, ticket.SeverityLow}
	const batch = 500
	for from := 0; from < n; from += batch {
		err := h.store.Update(h.t.Context(), func(tx *store.Tx) error {
			for i := from; i < min(n, from+batch); i++ {
				t := ticket.Ticket{
					ID: ticket.DeriveID("AIS", []byte("bench"), strconv.Itoa(i), 0), State: ticket.StateClosed, Kind: ticket.KindBug,
					Subject: fmt.Sprintf("Billet nummer %d om noget, der ikke virker", i), Language: "da", Events: 3,
					Participants: []ticket.Participant{{Address: fmt.Sprintf("kunde%d@kunde.example", i%1000), Reporter: true}},
					Claim:        ticket.Claim{Severity: levels[i%4], Where: ticket.WhereBody, Evidence: "haster"},
					Category:     ticket.Category{Name: "login"}, Opened: h.now.Add(-time.Duration(n-i) * time.Minute),
				}
				t.Since, t.Updated = t.Opened, t.Opened
				if i%20 < len(states) {
					t.State = states[i%20]
				}
				switch {
				case i%20 == 1:
					t.AssessBy = h.now.Add(time.Duration(i%7-3) * time.Hour)
				case t.State == ticket.StatePlanned:
					t.Sprint, t.Assignee = ticket.Slot{Name: "2026-24", Start: h.now}, devAddress
				}
				if _, err := tx.Tickets(t.ID); err != nil {
					return err
				}
				if err := tx.SaveTicket(ticket.Ticket{}, t, nil); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			h.t.Fatal(err)
		}
	}
}

func boltHouse(t testing.TB, tickets int) *house {
	b, err := boltkv.Open(boltkv.Config{Path: filepath.Join(t.TempDir(), "store.bolt")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	h := newHouseOn(t, b)
	h.fill(tickets)
	return h
}

// BenchmarkInbox asks for pages by real HTTP, from one client after the other, and tells
// the 95th percentile of the time to the first byte.
func BenchmarkInbox(b *testing.B) {
	if testing.Short() {
		b.Skip("it fills a store with 100,000 tickets")
	}
	h := boltHouse(b, 100_000)
	for _, one := range []struct{ name, who, path string }{
		{"support", supportAddress, "/console"},
		{"dev", devAddress, "/console"},
		{"owner", "owner@firma.example", "/console"},
		{"ticket", supportAddress, "/console/tickets/" + string(ticket.DeriveID("AIS", []byte("bench"), "60000", 0))},
	} {
		b.Run(one.name, func(b *testing.B) {
			browser := h.signedIn(one.who)
			var times []time.Duration
			weight := int64(0)
			for b.Loop() {
				began := time.Now()
				r, err := browser.http.Do(browser.request(http.MethodGet, one.path, nil))
				if err != nil || r.StatusCode != http.StatusOK {
					b.Fatal(r, err)
				}
				times = append(times, time.Since(began))
				weight, _ = io.Copy(io.Discard, r.Body)
				r.Body.Close()
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(float64(weight), "page-B")
		})
	}
}

// An inbox of 10,000 tickets is paged through to its end: each ticket once, the
// worst first, and no page heavier than others.
func TestInboxIsPaged(t *testing.T) {
	const tickets = 10_000
	h := newHouse(t)
	h.fill(tickets)
	b := h.signedIn(supportAddress)
	seen := map[string]bool{}
	for path := "/console?group=ours"; path != ""; {
		doc := b.page(t, path, http.StatusOK)
		path = ""
		for _, n := range findClass(doc, "row") {
			id := attr(n, "data-ticket")
			if seen[id] {
				t.Fatalf("%s is shown twice", id)
			}
			seen[id] = true
		}
		for _, n := range findClass(doc, "more") {
			path = "/console" + attr(n, "href")[len("/console"):]
		}
	}
	if want := tickets / 10; len(seen) != want { // those that are reported
		t.Errorf("%d tickets are our turn, want %d", len(seen), want)
	}
}
