package desk_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/ticket"
)

// crowd puts many open tickets into the store, as they are after a life of some
// mails: in all states, every tenth with a broken promise.
func (h *house) crowd(n int) {
	h.t.Helper()
	states := []ticket.State{ticket.StateReported, ticket.StateClassified, ticket.StatePlanned, ticket.StateInvestigating, ticket.StateTesting}
	const batch = 100
	for first := 0; first < n; first += batch {
		err := h.store.Update(context.Background(), func(tx *store.Tx) error {
			for i := first; i < min(n, first+batch); i++ {
				if err := h.stand(tx, i, states[i%len(states)]); err != nil {
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

func (h *house) stand(tx *store.Tx, i int, state ticket.State) error {
	id := ticket.DeriveID("AIS", secrets.Tickets, fmt.Sprint("crowd", i), 0)
	if _, err := tx.Tickets(id); err != nil {
		return err
	}
	opened := h.now.Add(-time.Duration(i) * time.Minute)
	t := ticket.Ticket{
		ID: id, State: state, Kind: ticket.KindBug, Subject: fmt.Sprintf("Chatbotten svarer ikke på side %d", i), Language: "da",
		Participants: []ticket.Participant{
			{Address: fmt.Sprintf("kunde%d@firma.example", i), Name: "Kunde", Reporter: true, Since: opened},
			{Address: "kollega@firma.example", Since: opened},
		},
		Claim:    ticket.Claim{Severity: ticket.SeverityHigh, Evidence: "haster", Where: ticket.WhereBody, Rule: "high"},
		Category: ticket.Category{Name: "login", Evidence: []string{"log ind"}},
		Opened:   opened, Updated: opened, Since: opened, Assignee: staffAddress("support.dev.qa.owner"),
		Thread: ticket.Thread{MessageID: "mail@firma.example", References: []string{"a@firma.example", "b@firma.example"}},
		Events: 5, Entries: 3, Notices: 4,
	}
	if state != ticket.StateReported {
		t.Severity, t.Classified = ticket.SeverityHigh, opened.Add(time.Hour)
	}
	if i%10 == 0 {
		t.AnswerBy = opened.Add(30 * time.Second)
	}
	return tx.SaveTicket(ticket.Ticket{}, t, nil)
}

// Of ten thousand open tickets a digest shows the worst, and counts all.
func TestDigestOfTenThousandTickets(t *testing.T) {
	h := memory(t, readers(t, atEight, "support.dev.qa.owner"))
	h.crowd(10_000)
	h.now = h.now.Add(time.Minute)
	d := h.digest("support.dev.qa.owner")
	counts := map[ticket.SectionKind]int{}
	for _, s := range d.Sections {
		if len(s.Rows) != ticket.MaxDigestRows {
			t.Errorf("%s has %d rows, want 10", s.Kind, len(s.Rows))
		}
		counts[s.Kind] = len(s.Rows) + s.More
	}
	if counts[ticket.SectionOverdue] != 1000 || counts[ticket.SectionUnclassified] != 2000 || counts[ticket.SectionMine] != 10_000 {
		t.Errorf("sections count %v", counts)
	}
	if first := d.Sections[0]; first.Kind != ticket.SectionOverdue || !first.Rows[0].By.Before(first.Rows[9].By) {
		t.Errorf("the digest begins with %+v", first)
	}
}

// BenchmarkDigest makes the digest of somebody with all roles, of ten thousand open
// tickets. B/op is all that it ever allocates: what it holds at a time is a page of
// tickets and the rows.
func BenchmarkDigest(b *testing.B) {
	file := filepath.Join(b.TempDir(), "bolt")
	bolt, err := boltkv.Open(boltkv.Config{Path: file})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = bolt.Close() })
	for name, backend := range map[string]store.Backend{"memkv": memkv.New(), "bolt": bolt} {
		h := newHouse(b, backend, readers(b, atEight, "support.dev.qa.owner"), func(c *desk.Config) { c.PlanAfter = -1 })
		h.crowd(10_000)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				h.digest("support.dev.qa.owner")
			}
		})
	}
}
