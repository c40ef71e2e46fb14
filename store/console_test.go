package store_test

import (
	"slices"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// A section of the inbox lists the worst first, page after page, and of promises those
// up to a time.
func TestTicketsAt(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		var want []ticket.ID
		for n, severity := range []ticket.Severity{ticket.SeverityLow, ticket.SeverityHigh, ticket.SeverityHigh} {
			tk := aTicketOf("kunde@firma.example", n)
			tk.Claim.Severity, tk.Since, tk.AssessBy, tk.Assignee = severity, tk.Opened, tk.Opened.Add(time.Hour), "Dev@firma.example"
			want = append(want, tk.ID)
			saveTicket(t, s, tk)
		}
		want = []ticket.ID{want[1], want[2], want[0]}
		var got []ticket.ID
		for after := ""; ; {
			rows, err := s.TicketsAt(t.Context(), ticket.SectionUnclassified, "", time.Time{}, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) == 0 {
				break
			}
			for _, r := range rows {
				got, after = append(got, r.Ticket), r.Key
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("unclassified: %v, want %v", got, want)
		}
		for _, c := range []struct {
			section ticket.SectionKind
			person  string
			until   time.Time
			want    int
		}{
			{ticket.SectionOverdue, "", owed.Add(61 * time.Minute), 2},
			{ticket.SectionOverdue, "", owed, 0},
			{ticket.SectionMine, "dev@firma.example", time.Time{}, 3},
			{ticket.SectionMine, "other@firma.example", time.Time{}, 0},
			{ticket.SectionTesting, "", time.Time{}, 0},
		} {
			rows, err := s.TicketsAt(t.Context(), c.section, c.person, c.until, "", 10)
			if err != nil || len(rows) != c.want {
				t.Errorf("%+v: %d rows, error %v", c, len(rows), err)
			}
		}
	})
}

// A ticket that moves on leaves its old places.
func TestPlacesMoveOn(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		tk := aTicketOf("kunde@firma.example", 1)
		saveTicket(t, s, tk)
		tk.State = ticket.StateClosed
		saveTicket(t, s, tk)
		rows, err := s.TicketsAt(t.Context(), ticket.SectionUnclassified, "", time.Time{}, "", 10)
		if err != nil || len(rows) != 0 {
			t.Errorf("a closed ticket still stands in the inbox: %v, error %v", rows, err)
		}
	})
}

func TestSignInsAreSpentOnce(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		update(t, s, func(tx *store.Tx) error {
			return tx.PutSignIn("secret", store.SignIn{Address: "support@firma.example", Expires: owed.Add(time.Minute)})
		})
		spend := func(now time.Time) (good bool) {
			update(t, s, func(tx *store.Tx) (err error) {
				_, good, err = tx.SpendSignIn("secret", now)
				return err
			})
			return good
		}
		if !spend(owed) || spend(owed) {
			t.Error("a link works other than once")
		}
		update(t, s, func(tx *store.Tx) error {
			return tx.PutSignIn("secret", store.SignIn{Expires: owed})
		})
		if spend(owed) {
			t.Error("a link works when its time is over")
		}
	})
}

func TestSignInBudget(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		budget := store.SignInBudget{Rest: time.Minute, Most: 2, Within: time.Hour}
		for _, c := range []struct {
			after time.Duration
			want  bool
		}{{0, true}, {30 * time.Second, false}, {time.Minute, true}, {10 * time.Minute, false}, {time.Hour, true}} {
			var allowed bool
			update(t, s, func(tx *store.Tx) (err error) {
				allowed, err = tx.SignInAllowed("Support@firma.example", budget, owed.Add(c.after))
				return err
			})
			if allowed != c.want {
				t.Errorf("after %v: allowed is %v", c.after, allowed)
			}
		}
	})
}

func TestSessions(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		for _, who := range []string{"a@firma.example", "b@firma.example"} {
			update(t, s, func(tx *store.Tx) error {
				return tx.PutSession("of "+who, store.Session{Address: who, Seen: owed, Expires: owed.Add(time.Hour)})
			})
		}
		n, err := s.EndSessions(t.Context(), func(s store.Session) bool { return s.Address == "a@firma.example" })
		if err != nil || n != 1 {
			t.Fatalf("%d sessions ended, error %v", n, err)
		}
		later := owed.Add(time.Minute)
		update(t, s, func(tx *store.Tx) error { return tx.TouchSession("of a@firma.example", later) })
		update(t, s, func(tx *store.Tx) error { return tx.TouchSession("of b@firma.example", later) })
		if _, found, err := s.Session(t.Context(), "of a@firma.example"); found || err != nil {
			t.Errorf("a session that was ended is there: %v, error %v", found, err)
		}
		if b, found, err := s.Session(t.Context(), "of b@firma.example"); !found || err != nil || !b.Seen.Equal(later) {
			t.Errorf("the other's session: %+v, there %v, error %v", b, found, err)
		}
		update(t, s, func(tx *store.Tx) error { return tx.EndSession("of b@firma.example") })
		if _, found, _ := s.Session(t.Context(), "of b@firma.example"); found {
			t.Error("a session survives its end")
		}
	})
}

func TestDrafts(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		id := aTicketOf("kunde@firma.example", 1).ID
		name := store.DraftName{Ticket: id, Address: "Support@firma.example", Command: "reply"}
		save := func(text string) {
			d := store.Draft{Saved: owed, Expires: owed.Add(time.Hour)}
			if text != "" {
				d.Fields = map[string]string{"text": text}
			}
			if err := s.SaveDraft(t.Context(), name, d); err != nil {
				t.Fatal(err)
			}
		}
		read := func(who string) map[string]store.Draft {
			t.Helper()
			drafts, err := s.Drafts(t.Context(), id, who)
			if err != nil {
				t.Fatal(err)
			}
			return drafts
		}
		save("et")
		save("to")
		if got := read("support@firma.example")["reply"].Fields["text"]; got != "to" {
			t.Errorf("the draft says %q", got)
		}
		if got := read("other@firma.example"); len(got) != 0 {
			t.Errorf("a colleague sees %v", got)
		}
		save("")
		if got := read("support@firma.example"); len(got) != 0 {
			t.Errorf("after it was emptied there is %v", got)
		}
		save("tre")
		update(t, s, func(tx *store.Tx) error { return tx.DropDrafts(id) })
		if got := read("support@firma.example"); len(got) != 0 {
			t.Errorf("after an erasure there is %v", got)
		}
		save("fire")
		if gone, err := s.Expire(t.Context(), owed.Add(2*time.Hour)); err != nil || gone == 0 {
			t.Errorf("%d records expired, error %v", gone, err)
		}
		if got := read("support@firma.example"); len(got) != 0 {
			t.Errorf("after its time there is %v", got)
		}
	})
}

// Tickets of a version that had no inbox are found there after the first start.
func TestIndexTurns(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		tk := aTicketOf("kunde@firma.example", 1)
		saveTicket(t, s, tk)
		listed := func() []store.TurnRow {
			t.Helper()
			rows, err := s.TicketsAt(t.Context(), ticket.SectionUnclassified, "", time.Time{}, "", 10)
			if err != nil {
				t.Fatal(err)
			}
			return rows
		}
		update(t, s, func(tx *store.Tx) error { // as that version left it
			for _, r := range listed() {
				tx.DeleteBlind(r.Key)
			}
			return nil
		})
		if n, err := s.IndexTurns(t.Context()); n != 1 || err != nil {
			t.Fatalf("indexed %d, error %v", n, err)
		}
		if rows := listed(); len(rows) != 1 || rows[0].Ticket != tk.ID {
			t.Errorf("listed are %v", rows)
		}
		if n, err := s.IndexTurns(t.Context()); n != 0 || err != nil {
			t.Errorf("the second time: %d, error %v", n, err)
		}
	})
}
