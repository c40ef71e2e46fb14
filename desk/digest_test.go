package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
)

func (h *house) digest(roles string) ticket.Digest {
	h.t.Helper()
	d, err := h.desk.Digest(context.Background(), staffAddress(roles), time.Time{})
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

// digests are the letters that are owed, "day to", in the order of their owing.
func (h *house) digests() (letters []string) {
	h.t.Helper()
	for n, err := range h.store.AllNoticesIn(context.Background(), ticket.NoticeQueued, time.Time{}) {
		if err != nil {
			h.t.Fatal(err)
		}
		if n.Kind == ticket.NoticeDigest {
			letters = append(letters, n.Facts.Digest.Day.In(h.desk.Policy().Location).Format(time.DateOnly)+" "+n.To.Address)
		}
	}
	return letters
}

func (h *house) wantDigests(want ...string) {
	h.t.Helper()
	if got := h.digests(); !slices.Equal(got, want) {
		h.t.Errorf("digests are owed: %q, want %q", got, want)
	}
}

// sections is a digest in short: each section with what its rows name.
func sections(d ticket.Digest) string {
	var lines []string
	for _, s := range d.Sections {
		line := string(s.Kind) + ":"
		for _, r := range s.Rows {
			line += " " + firstWord(r)
		}
		if s.More > 0 {
			line += fmt.Sprintf(" +%d", s.More)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func firstWord(r ticket.DigestRow) string {
	if r.Title != "" {
		return r.Title
	}
	return r.Person
}

func (h *house) wantSections(roles string, want ...string) {
	h.t.Helper()
	if got := sections(h.digest(roles)); got != strings.Join(want, "\n") {
		h.t.Errorf("the digest of %s is\n%s\nwant\n%s", roles, got, strings.Join(want, "\n"))
	}
}

// Each role reads what is its own; of a ticket that belongs in several sections,
// one row in each.
func TestDigestOfEachRole(t *testing.T) {
	h := memory(t, readers(t, atEight, "support", "dev", "qa", "owner", "support.dev.qa.owner"), promising)
	h.clockTo("2026-11-16 09:00") // a Monday

	h.opened("glemt") // nobody assesses it
	asked := h.opened("spurgt")
	h.must(asked, "support", ticket.Order{Verb: ticket.VerbAsk, Text: "Hvilken browser?"})
	urgent := h.opened("kritisk", claims(ticket.SeverityCritical))
	h.wantSections("support", "critical: kritisk", "unclassified: kritisk glemt")
	h.classified(urgent, ticket.SeverityCritical)
	failing := h.classified(h.opened("fejlet"), ticket.SeverityHigh)
	full := h.classified(h.opened("pladsløs"), ticket.SeverityLow)
	h.classified(h.opened("ønske", wishes), ticket.SeverityLow)
	h.must(failing, "owner", ticket.Order{Verb: ticket.VerbPlan})
	h.must(failing, "dev", ticket.Order{Verb: ticket.VerbStart})
	h.must(failing, "dev", ticket.Order{Verb: ticket.VerbTest, Text: "Rettet"})
	h.wantSections("qa", "testing: fejlet")
	h.must(failing, "qa", ticket.Order{Verb: ticket.VerbFail, Text: "Nej"})
	h.wantSections("dev", "failed: fejlet", "mine: fejlet", "planned: kritisk")
	for i := range 4 { // two fill the next sprint
		h.now = h.now.Add(time.Minute)
		h.classified(h.opened(fmt.Sprintf("fyld%d", i)), ticket.SeverityHigh)
	}
	h.clockTo("2026-11-17 10:00")
	h.chores()

	done := h.opened("igen")
	h.resolve(done)
	re := func(id ticket.ID) string { return "Re: [" + string(id) + "]" }
	h.now = h.now.Add(time.Hour)
	h.receive(h.mail(client, re(done), "Det virker stadig ikke"))
	h.receive(h.mail(client, re(full), "Hvornår kommer den?"))
	h.receive(h.mail(stranger, "Emne", "?", answering(h.keys.MessageID(done, 1, "aismarttalk.tech"))))
	h.bounce(urgent, 1)

	h.clockTo("2026-11-18 09:00")
	support := []string{
		"overdue: spurgt glemt", // its assessment was promised first
		"critical: kritisk",
		"unclassified: glemt igen",
		"answered: igen pladsløs",
		"held: " + stranger,
		"bounced: kritisk",
		"reopened: igen",
	}
	h.wantSections("support", support...)
	h.wantSections("owner") // not on a Wednesday
	h.wantSections("support.dev.qa.owner", append(support, "planned: kritisk")...)

	h.clockTo("2026-11-23 08:00")
	h.chores() // a sprint begins
	h.wantSections("owner",
		"overdue: spurgt glemt",
		"critical: kritisk",
		"slipped: kritisk fejlet fyld0 fyld1",
		"backlog: fyld2 fyld3 pladsløs",
		"requests: ønske",
	)
	weekly := h.digest("owner")
	if s := weekly.Sprint; !weekly.Weekly || s == nil || s.Sprint != "2026-24" || s.Taken != 2 || s.Capacity != 2 {
		t.Errorf("the owner's digest has not the load of the sprint: %+v", weekly.Sprint)
	}
	h.clockTo("2026-11-24 09:00")
	if got := sections(h.digest("support")); !strings.Contains(got, "\nwaiting: spurgt") || strings.Contains(got, "reopened") {
		t.Errorf("after eight days the digest of support is\n%s", got)
	}
}

// bounce has a letter of a ticket not arrive.
func (h *house) bounce(id ticket.ID, number int) {
	h.t.Helper()
	n := h.notice(id, number)
	n.State, n.Reason = ticket.NoticeBounced, "5.1.1"
	if err := h.store.Update(context.Background(), func(tx *store.Tx) error {
		if _, _, err := tx.Notice(id, number); err != nil {
			return err
		}
		return tx.PutNotice(n)
	}); err != nil {
		h.t.Fatal(err)
	}
}

// Ten rows are shown, the others counted; what a forger wrote is not repeated.
func TestDigestIsShortAndEchoesNothing(t *testing.T) {
	h := memory(t, readers(t, atEight, "support"), relayed)
	for i := range 13 {
		h.opened(fmt.Sprintf("Køb nu %d", i))
	}
	s := h.digest("support").Sections[0]
	if s.Kind != ticket.SectionUnclassified || len(s.Rows) != ticket.MaxDigestRows || s.More != 3 {
		t.Fatalf("%s with %d rows and %d more, want 10 and 3", s.Kind, len(s.Rows), s.More)
	}
	for _, r := range s.Rows {
		if r.Title != "" {
			t.Errorf("the digest repeats %q, of a sender who was not verified", r.Title)
		}
	}
}

// The letter has the worst in its subject, in the reader's language.
func TestDigestLetter(t *testing.T) {
	h := memory(t, readers(t, atEight, "support"), promising)
	h.clockTo("2026-11-23 09:00")
	h.schedule()
	id := h.opened("Faktura mangler linje")
	h.clockTo("2026-11-25 08:00") // after eight hours of business of the sixteen
	h.chores()
	h.clockTo("2026-11-26 08:00")
	h.chores()
	texts, err := templates.New(templates.Config{DeskName: "Support", Timezone: "Europe/Copenhagen", DefaultLanguage: "da"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Dagens support 25. november: 1 ikke vurderet", "Dagens support 26. november: 1 løfte over tid"}
	for n, err := range h.store.AllNoticesIn(t.Context(), ticket.NoticeQueued, time.Time{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n.Kind != ticket.NoticeDigest {
			continue
		}
		letter, err := texts.Letter(n)
		if err != nil || len(want) == 0 || letter.Subject != want[0] || !strings.Contains(letter.Text, string(id)+" Faktura mangler linje") {
			t.Fatalf("%v, subject %q, want %q\n%s", err, letter.Subject, want, letter.Text)
		}
		want = want[1:]
	}
	if len(want) > 0 {
		t.Errorf("not written: %q", want)
	}
}

func TestNobodyElseGetsADigest(t *testing.T) {
	h := memory(t, readers(t, atEight, "support"))
	if _, err := h.desk.Digest(t.Context(), client, time.Time{}); !errors.Is(err, desk.ErrNoStaff) {
		t.Errorf("a client asked for a digest: %v", err)
	}
	if _, _, err := h.desk.SendDigest(t.Context(), client, time.Time{}); !errors.Is(err, desk.ErrNoStaff) {
		t.Errorf("a digest was sent to a client: %v", err)
	}
}

// Sent by hand it is not sent again by itself, nor by hand.
func TestSendDigestOnceADay(t *testing.T) {
	h := memory(t, readers(t, atEight, "support"))
	h.clockTo("2026-11-23 07:30")
	h.schedule()
	if _, found, err := h.desk.SendDigest(t.Context(), staffAddress("support"), time.Time{}); found || err != nil {
		t.Errorf("with nothing due a letter was owed, %v", err)
	}
	h.opened("glemt")
	first, found, err := h.desk.SendDigest(t.Context(), staffAddress("support"), time.Time{})
	if !found || err != nil || first.Kind != ticket.NoticeDigest || first.Language != "da" {
		t.Fatalf("letter %+v, %v, %v", first, found, err)
	}
	h.now = h.now.Add(time.Minute)
	again, found, err := h.desk.SendDigest(t.Context(), staffAddress("SUPPORT"), h.now)
	if !found || err != nil || again.Ticket != first.Ticket || !again.Owed.Equal(first.Owed) {
		t.Errorf("sent again as %+v, %v, %v", again, found, err)
	}
	h.clockTo("2026-11-23 08:00")
	h.chores()
	h.wantDigests("2026-11-23 support@aismarttalk.tech")
}
