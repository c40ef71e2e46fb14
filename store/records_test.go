package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/rediskv"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
)

// onEachBackend runs a test of records over an empty store of each kind.
func onEachBackend(t *testing.T, test func(t *testing.T, s *store.Store)) {
	for name, backend := range map[string]func(t *testing.T) (store.Backend, error){
		"memory": func(*testing.T) (store.Backend, error) { return memkv.New(), nil },
		"bolt": func(t *testing.T) (store.Backend, error) {
			return boltkv.Open(boltkv.Config{Path: filepath.Join(t.TempDir(), "store.bolt")})
		},
		"redis": func(t *testing.T) (store.Backend, error) {
			return rediskv.New(rediskv.Config{URL: storetest.Redis(t).URL(), Desk: "records"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := backend(t)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = b.Close() })
			test(t, with(t, b))
		})
	}
}

func update(t *testing.T, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// aTicketOf is the n-th ticket of a reporter, opened n minutes after noon.
func aTicketOf(reporter string, n int) ticket.Ticket {
	return ticket.Ticket{
		ID: ticket.DeriveID("AIS", []byte("secret"), reporter, n), State: ticket.StateReported,
		Claim: ticket.Claim{Severity: ticket.SeverityNormal}, Opened: owed.Add(time.Duration(n) * time.Minute),
		Participants: []ticket.Participant{{Address: reporter, Reporter: true}},
	}
}

// saveTicket replaces the ticket as it stands, whatever stood before.
func saveTicket(t *testing.T, s *store.Store, after ticket.Ticket, events ...ticket.Event) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		before, err := tx.Tickets(after.ID)
		if err != nil {
			return err
		}
		return tx.SaveTicket(before[0], after, events)
	})
}

func ids(t *testing.T) func(store.Page[ticket.Ticket], error) []ticket.ID {
	return func(p store.Page[ticket.Ticket], err error) (list []ticket.ID) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, tk := range p.Items {
			list = append(list, tk.ID)
		}
		return list
	}
}

func TestTicketsComeBackAsSaved(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		if _, ok, err := s.Ticket(t.Context(), aTicket); ok || err != nil {
			t.Errorf("an absent ticket is there: %v, %v", ok, err)
		}
		want := aTicketOf("kunde@firma.example", 1)
		want.Flags = []string{"nul"}
		events := []ticket.Event{{Number: 1, Kind: ticket.EventOpened, At: owed}, {Number: 2, Kind: ticket.EventAppended, At: owed}}
		saveTicket(t, s, want, events[0])
		saveTicket(t, s, want, events[1])

		got, ok, err := s.Ticket(t.Context(), want.ID)
		if diff := cmp.Diff(want, got); diff != "" || !ok || err != nil {
			t.Errorf("%v, %v\n%s", ok, err, diff)
		}
		history, err := s.Events(t.Context(), want.ID)
		if diff := cmp.Diff(events, history); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
		update(t, s, func(tx *store.Tx) error {
			both, err := tx.Tickets(want.ID, aTicket)
			if err != nil || both[0].ID != want.ID || both[1].ID != "" {
				t.Errorf("Tickets = %v, %v, want one and an absent one", both, err)
			}
			return nil
		})
	})
}

// Events are read in pages.
func TestEventsOfALongLife(t *testing.T) {
	s, _ := open(t)
	const many = 1203
	tk := aTicketOf("kunde@firma.example", 1)
	var events []ticket.Event
	for n := range many {
		events = append(events, ticket.Event{Number: n + 1, Kind: ticket.EventAppended})
	}
	saveTicket(t, s, tk, events...)
	history, err := s.Events(t.Context(), tk.ID)
	if err != nil || len(history) != many {
		t.Fatalf("%d events, %v, want %d", len(history), err, many)
	}
	for i, e := range history {
		if e.Number != i+1 {
			t.Fatalf("event %d stands at place %d", e.Number, i+1)
		}
	}
}

// A ticket stands in the lists that its present state names, and in no other.
func TestListsFollowTheTicket(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		ids, ctx := ids(t), t.Context()
		tk := aTicketOf("Kunde@Firma.example", 1)
		saveTicket(t, s, tk)
		here := []ticket.ID{tk.ID}
		if got := ids(s.TicketsByReporter(ctx, "kunde@firma.EXAMPLE", "", 10)); !slices.Equal(got, here) {
			t.Errorf("by reporter: %v", got)
		}
		if got := ids(s.TicketsByReporter(ctx, "kunde@firma", "", 10)); got != nil {
			t.Errorf("by the beginning of an address: %v", got)
		}

		tk.State, tk.Severity = ticket.StateResolved, ticket.SeverityHigh
		saveTicket(t, s, tk)
		for state, want := range map[ticket.State][]ticket.ID{ticket.StateReported: nil, ticket.StateResolved: here} {
			if got := ids(s.TicketsByStatus(ctx, state, "", 10)); !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", state, got, want)
			}
		}
		for level, want := range map[ticket.Severity][]ticket.ID{ticket.SeverityNormal: nil, ticket.SeverityHigh: here} {
			if got := ids(s.TicketsBySeverity(ctx, level, "", 10)); !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", level, got, want)
			}
		}
	})
}

// Pages join without gap or repetition, oldest first, whatever is filed meanwhile.
func TestListsGoOnByNext(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		var want []ticket.ID
		for n := range 7 {
			tk := aTicketOf("kunde@firma.example", n)
			want = append(want, tk.ID)
			saveTicket(t, s, tk)
		}
		saveTicket(t, s, aTicketOf("anden@firma.example", 3))
		for limit := 1; limit <= 8; limit++ {
			var got []ticket.ID
			after, pages := "", 0
			for more := true; more; more = after != "" {
				page, err := s.TicketsByReporter(t.Context(), "kunde@firma.example", after, limit)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, ids(t)(page, nil)...)
				after = page.Next
				if pages++; pages > len(want)+1 {
					t.Fatalf("limit %d: the list has no end", limit)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("limit %d: %v, want %v", limit, got, want)
			}
		}
		stray, err := s.TicketsByReporter(t.Context(), "kunde@firma.example", "mail/x", 10)
		if err != nil || len(stray.Items) != len(want) {
			t.Errorf("behind a place that is in no list: %d tickets, %v, want all", len(stray.Items), err)
		}
	})
}

// A ticket stands once among the changes, with its last one.
func TestTicketsAreListedByTheirLastChange(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		change := func(n, minute, events int) store.Change {
			tk := aTicketOf("kunde@firma.example", n)
			tk.Updated, tk.Events = owed.Add(time.Duration(minute)*time.Minute), events
			saveTicket(t, s, tk)
			return store.Change{Ticket: tk.ID, Updated: tk.Updated, Events: events}
		}
		change(1, 1, 1)
		second := change(2, 2, 1)
		third := change(3, 2, 12)
		change(4, 9, 1)
		first := change(1, 5, 2)       // moves behind
		fourth := change(4, 9, 2)      // in the same moment
		backward := change(5, -600, 1) // filed late
		for _, c := range []struct {
			since int
			want  []store.Change
		}{
			{-9999, []store.Change{backward, second, third, first, fourth}},
			{2, []store.Change{second, third, first, fourth}},
			{3, []store.Change{first, fourth}},
			{10, nil},
		} {
			for limit := 1; limit <= 6; limit++ {
				var got []store.Change
				for after, more := "", true; more; more = after != "" {
					page, err := s.TicketsUpdated(t.Context(), owed.Add(time.Duration(c.since)*time.Minute), after, limit)
					if err != nil {
						t.Fatal(err)
					}
					got, after = append(got, page.Items...), page.Next
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("since minute %d, pages of %d:\n%s", c.since, limit, diff)
				}
			}
		}
		all, err := s.TicketsUpdated(t.Context(), time.Time{}, "", 10)
		if err != nil || len(all.Items) != 5 {
			t.Errorf("since the zero time: %v, %v", all, err)
		}
	})
}

func TestAllTicketsAreListedByID(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		var want []ticket.ID
		for n, state := range []ticket.State{ticket.StateReported, ticket.StateResolved, ticket.StateClosed, ticket.StateReported} {
			tk := aTicketOf("kunde@firma.example", n)
			tk.State = state
			saveTicket(t, s, tk)
			want = append(want, tk.ID)
		}
		for limit := 1; limit <= 5; limit++ {
			var got []ticket.ID
			for after, more := "", true; more; more = after != "" {
				page, err := s.TicketIDs(t.Context(), after, limit)
				if err != nil {
					t.Fatal(err)
				}
				got, after = append(got, page.Items...), page.Next
			}
			slices.Sort(got)
			if slices.Sort(want); !slices.Equal(got, want) {
				t.Errorf("pages of %d: %v, want %v", limit, got, want)
			}
		}
	})
}

// aMail is the record of a mail received n minutes after noon.
func aMail(n int, messageID string, outcome ticket.OutcomeKind) store.Mail {
	received := owed.Add(time.Duration(n) * time.Minute)
	return store.Mail{
		Outcome: ticket.Outcome{
			Mail: fmt.Sprintf("mail%d", n), MessageID: messageID, Received: received, Outcome: outcome,
			Reasons: []string{"because"}, Notices: []int{1},
		},
		Envelope: journal.Envelope{Received: received, From: "kunde@firma.example"},
		Message:  ticket.Message{MessageID: messageID, Text: "æøå\r\n\x00", Reply: "æøå"},
	}
}

func saveMail(t *testing.T, s *store.Store, after store.Mail) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		before, _, err := tx.Mail(after.Outcome.Mail)
		if err != nil {
			return err
		}
		return tx.SaveMail(before, after)
	})
}

func TestMailsAreFoundByOutcomeAndMessageID(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		names := func(p store.Page[store.Mail], err error) (list []string) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range p.Items {
				list = append(list, m.Outcome.Mail)
			}
			return list
		}
		ctx := t.Context()
		saveMail(t, s, aMail(2, "A@Firma.example", ticket.OutcomeDuplicate))
		saveMail(t, s, aMail(1, "a@firma.example", ticket.OutcomeHeld))
		saveMail(t, s, aMail(3, "", ticket.OutcomeHeld))

		got, ok, err := s.Mail(ctx, "mail1")
		if diff := cmp.Diff(aMail(1, "a@firma.example", ticket.OutcomeHeld), got); diff != "" || !ok || err != nil {
			t.Errorf("%v, %v\n%s", ok, err, diff)
		}
		if _, ok, err := s.Mail(ctx, "mail9"); ok || err != nil {
			t.Errorf("an absent mail is there: %v, %v", ok, err)
		}
		if got := names(s.MailsByMessageID(ctx, "a@FIRMA.example", "", 10)); !slices.Equal(got, []string{"mail1", "mail2"}) {
			t.Errorf("by Message-ID: %v", got)
		}
		if got := names(s.MailsByMessageID(ctx, "", "", 10)); got != nil {
			t.Errorf("mails without a Message-ID are found by the empty one: %v", got)
		}

		saveMail(t, s, aMail(1, "a@firma.example", ticket.OutcomeAppended)) // released
		for outcome, want := range map[ticket.OutcomeKind][]string{
			ticket.OutcomeHeld: {"mail3"}, ticket.OutcomeAppended: {"mail1"}, ticket.OutcomeDuplicate: {"mail2"}, ticket.OutcomeAuto: nil,
		} {
			if got := names(s.MailsByOutcome(ctx, outcome, "", 10)); !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", outcome, got, want)
			}
			if n, err := s.CountMails(ctx, outcome); n != len(want) || err != nil {
				t.Errorf("%s: %d mails, %v, want %d", outcome, n, err, len(want))
			}
		}
	})
}

func TestCluesAndContacts(t *testing.T) {
	onEachBackend(t, func(t *testing.T, s *store.Store) {
		key := store.MessageClue("A@firma.example")
		want := store.Clue{Mail: "mail1", Hash: "hash", Ticket: aTicket, At: owed}
		update(t, s, func(tx *store.Tx) error {
			m, clues, err := tx.Received("mail1", "", []string{key, store.WordsClue("none")})
			if err != nil || m.Outcome.Outcome != "" || clues[0] != (store.Clue{}) || clues[1] != (store.Clue{}) {
				t.Errorf("Received = %v, %v, %v, want nothing", m, clues, err)
			}
			if c, err := tx.Contact("kunde@firma.example"); err != nil || c != (store.Contact{}) {
				t.Errorf("Contact = %v, %v, want nothing", c, err)
			}
			if err := tx.PutContact("Kunde@Firma.example", store.Contact{Language: "da"}); err != nil {
				return err
			}
			return tx.SaveClue(key, want)
		})
		update(t, s, func(tx *store.Tx) error {
			_, clues, err := tx.Received("mail1", "", []string{store.MessageClue("a@FIRMA.example")})
			if err != nil || clues[0] != want {
				t.Errorf("Received = %v, %v, want %v", clues, err, want)
			}
			if c, err := tx.Contact("kunde@firma.example"); err != nil || c.Language != "da" {
				t.Errorf("Contact = %v, %v", c, err)
			}
			return nil
		})
	})
}

// A record that cannot be read is an error that tells so, not a crash.
func TestRecordsOfSomebodyElse(t *testing.T) {
	s, b := open(t)
	for _, key := range []string{"ticket/" + string(aTicket), "mail/mail1", "contact/kunde@firma.example"} {
		put(t, b, key, "no JSON")
	}
	for name, read := range map[string]func() error{
		"ticket": func() error { _, _, err := s.Ticket(t.Context(), aTicket); return err },
		"mail":   func() error { _, _, err := s.Mail(t.Context(), "mail1"); return err },
		"contact": func() error {
			return s.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.Contact("kunde@firma.example"); return err })
		},
	} {
		if err := read(); !errors.Is(err, store.ErrUnreadable) {
			t.Errorf("%s: %v, want ErrUnreadable", name, err)
		}
	}
}
