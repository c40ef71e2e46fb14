package desk_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/rediskv"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
)

const day = 24 * time.Hour

func retaining(c *desk.Config) {
	c.Retention = desk.Retention{Mail: 30 * day, Auto: 10 * day, Held: 20 * day, ClosedTickets: 90 * day, Letters: 60 * day}
}

// backends are one of each kind, empty.
func backends(t *testing.T) map[string]store.Backend {
	t.Helper()
	bolt, err := boltkv.Open(boltkv.Config{Path: filepath.Join(t.TempDir(), "store.bolt")})
	if err != nil {
		t.Fatal(err)
	}
	redis, err := rediskv.New(rediskv.Config{URL: storetest.Redis(t).URL(), Desk: "retention"})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]store.Backend{"memory": memkv.New(), "bolt": bolt, "redis": redis}
	for _, b := range all {
		t.Cleanup(func() { b.Close() })
	}
	return all
}

// retain runs retention dry and in earnest, which must agree, and again, which must
// find nothing left to do.
func (h *house) retain(after time.Duration, want desk.Retained) {
	h.t.Helper()
	start := time.Date(2026, 11, 23, 13, 5, 0, 0, time.UTC)
	h.now = start.Add(after)
	for _, run := range []struct {
		name string
		dry  bool
		want desk.Retained
	}{{"dry", true, want}, {"in earnest", false, want}, {"again", false, desk.Retained{}}} {
		got, err := h.desk.Retain(h.t.Context(), run.dry)
		if err != nil {
			h.t.Fatal(err)
		}
		if diff := cmp.Diff(run.want, got); diff != "" {
			h.t.Errorf("after %v, %s (-want +got):\n%s", after, run.name, diff)
		}
	}
}

func (h *house) deletedBy(mail string) string {
	h.t.Helper()
	m, found, err := h.store.Mail(h.t.Context(), mail)
	if err != nil || !found {
		h.t.Fatal(found, err)
	}
	if m.Deleted == nil {
		return ""
	}
	return m.Deleted.Rule
}

// Each kind goes when its own time is over and not before, and nothing goes that an
// open ticket needs.
func TestRetentionByKind(t *testing.T) {
	for name, b := range backends(t) {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, b, staffed, checked, retaining)
			pass := dmarc("pass", client)
			closed := h.receive(h.mail(client, "Lukket sag", "hemmelig tekst", pass)) // mail1
			open := h.receive(h.mail(client, "Åben sag", "åben tekst", pass))         // mail2
			merged := h.receive(h.mail(client, "Samme sag", "samme tekst", pass))     // mail3
			h.must(merged.Ticket, "support", ticket.Order{Verb: ticket.VerbMerge, Into: open.Ticket})
			auto := h.mail(stranger, "Nyhedsbrev", "hemmeligt tilbud", dmarc("pass", stranger), func(in *desk.Incoming) {
				in.Message.Automatic = ticket.Automatic{Is: true, Kind: ticket.AutomaticBulk}
			})
			h.want(h.receive(auto), ticket.OutcomeAuto, "")
			answer := func(text string) string {
				in := h.mail(client, "Re: Åben sag", text, answering("mail2@firma.example"), dmarc("fail", client))
				h.want(h.receive(in), ticket.OutcomeHeld, open.Ticket)
				return in.Mail
			}
			waiting := answer("venter på jer")
			again := h.mail(client, "Lukket sag", "hemmelig tekst", pass)
			again.Message.MessageID, again.Message.ContentHash = "mail1@firma.example", "hash of mail1"
			h.want(h.receive(again), ticket.OutcomeDuplicate, closed.Ticket)
			h.resolve(closed.Ticket)
			h.must(closed.Ticket, "support", ticket.Order{Verb: ticket.VerbClose})
			before := h.ticket(closed.Ticket)

			h.retain(10*day-time.Second, desk.Retained{})
			h.retain(10*day, desk.Retained{Auto: 1})
			h.retain(30*day-time.Second, desk.Retained{})
			h.retain(30*day, desk.Retained{Mail: 2})
			for mail, want := range map[string]string{"mail1": "retention.mail", "mail2": "", "mail3": "", auto.Mail: "retention.auto", waiting: "", again.Mail: "retention.mail"} {
				if got := h.deletedBy(mail); got != want {
					t.Errorf("%s is deleted by %q, want %q", mail, got, want)
				}
			}
			if h.ticket(closed.Ticket).Subject == "" {
				t.Error("retention.mail took the ticket's words")
			}
			h.retain(90*day, desk.Retained{Tickets: 1, Letters: len(h.letters())})
			after := h.ticket(closed.Ticket)
			if after.ID != before.ID || after.State != ticket.StateClosed || !after.Opened.Equal(before.Opened) || !after.Closed.Equal(before.Closed) || after.Entries != before.Entries {
				t.Errorf("the shell lost more than words: %+v", after)
			}
			if got := h.ticket(open.Ticket); got.Subject != "Åben sag" {
				t.Errorf("an open ticket was touched: %+v", got)
			}
			if left := h.records("hemmelig"); len(left) > 0 {
				t.Errorf("words are left in %v", left)
			}
			if got := h.receive(again); got.Outcome != ticket.OutcomeDuplicate {
				t.Errorf("a replay makes it %s", got.Outcome)
			}
			if h.deletedBy(waiting) != "" {
				t.Error("what nobody decided on was deleted")
			}
		})
	}
}

// letters are those on no ticket that have words.
func (h *house) letters() (found []ticket.Notice) {
	h.t.Helper()
	err := h.store.EachLetter(h.t.Context(), func(n ticket.Notice) error {
		if n.State != ticket.NoticeQueued && n.Reason != ticket.ReasonErased {
			found = append(found, n)
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return found
}

// records are the keys under which a word stands.
func (h *house) records(word string) (keys []string) {
	h.t.Helper()
	for _, space := range store.Keyspaces() {
		found, err := h.store.Scan(h.t.Context(), space+"/", store.PrefixEnd(space+"/"), 10_000)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, r := range found {
			if strings.Contains(strings.ToLower(string(r.Value)+r.Key), word) {
				keys = append(keys, r.Key)
			}
		}
	}
	return keys
}

// What staff dropped goes when its time is over since they did, and a letter that was
// sent long ago loses its words.
func TestRetentionOfWhatWasDropped(t *testing.T) {
	h := memory(t, staffed, checked, retaining)
	mail, _ := h.held(client, "Køb nu")
	h.now = h.now.Add(5 * day)
	if _, err := h.desk.Drop(t.Context(), mail, byAnne, "Spam"); err != nil {
		t.Fatal(err)
	}
	h.retain(25*day-time.Second, desk.Retained{})
	if got := h.deletedBy(mail); got != "" {
		t.Errorf("deleted by %q, and its ticket is open", got)
	}
	id := h.ticket(mustMail(h, mail).Outcome.Ticket).ID
	h.resolve(id)
	h.must(id, "support", ticket.Order{Verb: ticket.VerbClose})
	h.retain(25*day, desk.Retained{Held: 1})
	if m := mustMail(h, mail); !m.Decision.Dropped || m.Decision.Was != ticket.OutcomeHeld || m.Message.Text != "" {
		t.Errorf("what is left of it: %+v", m)
	}
}

func mustMail(h *house, mail string) store.Mail {
	h.t.Helper()
	m, found, err := h.store.Mail(h.t.Context(), mail)
	if err != nil || !found {
		h.t.Fatal(found, err)
	}
	return m
}

// Several nodes on one store run it once a day between them, and one that was down at
// night does it when it starts.
func TestRetentionRunsOnceADay(t *testing.T) {
	b := memkv.New()
	defer b.Close()
	one, two := newHouse(t, b, staffed, retaining), newHouse(t, b, staffed, retaining)
	runs := func(wall string) (n int) {
		t.Helper()
		for _, h := range []*house{one, two, one} {
			h.clockTo(wall)
			ran, err := h.desk.RetainDue(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if ran {
				n++
			}
		}
		return n
	}
	for _, c := range []struct {
		wall string
		want int
	}{
		{"2026-11-23 14:00", 0}, {"2026-11-24 03:09", 0}, {"2026-11-24 03:10", 1}, {"2026-11-24 23:00", 0}, {"2026-11-25 03:10", 1},
		{"2026-11-27 12:00", 1}, {"2026-11-27 12:01", 0}, {"2026-11-28 03:10", 1},
	} {
		if got := runs(c.wall); got != c.want {
			t.Errorf("%s: it ran %d times, want %d", c.wall, got, c.want)
		}
	}
	never := memory(t, staffed)
	if ran, err := never.desk.RetainDue(t.Context()); ran || err != nil {
		t.Errorf("without any retention: %v %v", ran, err)
	}
}

// A store that fails now and then loses nothing of it: the run is repeated until it
// has done all.
func TestRetentionIsRepeatedSafely(t *testing.T) {
	b := memkv.New()
	defer b.Close()
	sound := newHouse(t, b, staffed, checked, retaining)
	for range 5 {
		id := sound.receive(sound.mail(client, "Hemmelig", "hemmelig", dmarc("pass", client))).Ticket
		sound.resolve(id)
		sound.must(id, "support", ticket.Order{Verb: ticket.VerbClose})
		sound.now = sound.now.Add(time.Hour)
	}
	shaky := newHouse(t, storetest.Failing(b, storetest.Random(11, 0.05)), staffed, checked, retaining)
	shaky.now = sound.now.Add(200 * day)
	failed := 0
	for range 500 {
		done, err := shaky.desk.Retain(t.Context(), false)
		if err == nil && done.Sum() == 0 {
			break
		}
		if err != nil {
			failed++
		}
	}
	if left := sound.records("hemmelig"); len(left) > 0 || failed == 0 {
		t.Errorf("after %d failed runs words are left in %v", failed, left)
	}
}

func TestRetentionValidate(t *testing.T) {
	for _, c := range []struct {
		r    desk.Retention
		want string
	}{
		{desk.Retention{}, ""},
		{desk.Retention{Mail: 7 * day, Letters: day}, ""},
		{desk.Retention{Mail: 6 * day}, "retention.mail: must not be shorter than retention.journal"},
		{desk.Retention{ClosedTickets: -day}, "retention.closed_tickets: must not be negative"},
	} {
		err := c.r.Validate(7 * day)
		if (err == nil) != (c.want == "") || err != nil && !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.r, err, c.want)
		}
	}
}

// Folding the shell's events gives the ticket as it is kept, like any other's.
func TestShellFolds(t *testing.T) {
	h := memory(t, staffed, checked, retaining)
	id := h.receive(h.mail(client, "Hemmelig", "hemmelig", dmarc("pass", client))).Ticket
	h.resolve(id)
	h.must(id, "support", ticket.Order{Verb: ticket.VerbClose})
	h.retain(100*day, desk.Retained{Tickets: 1})
	events, err := h.store.Events(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	folded := ticket.Ticket{}.Apply(events...)
	folded.Notices = h.ticket(id).Notices
	want, _ := json.Marshal(h.ticket(id))
	got, _ := json.Marshal(folded)
	if !slices.Equal(want, got) {
		t.Errorf("folded %s\nkept   %s", got, want)
	}
}
