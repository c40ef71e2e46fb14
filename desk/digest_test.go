package desk_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
)

// at eight is when the staff of these tests read their digests.
const atEight = "08:00"

func clock(t testing.TB, s string) ticket.Clock {
	t.Helper()
	c, err := ticket.ParseClock(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// readers gives the desk staff who get a digest, each named by his roles:
// support@…, dev@…, support.qa@….
func readers(t testing.TB, at string, roles ...string) func(*desk.Config) {
	return func(c *desk.Config) {
		for _, r := range roles {
			s := ticket.Staff{Address: staffAddress(r), Language: "da", Digest: clock(t, at)}
			for one := range strings.SplitSeq(r, ".") {
				s.Roles = append(s.Roles, ticket.Role(one))
			}
			c.Correspondence.Staff = append(c.Correspondence.Staff, s)
		}
	}
}

func staffAddress(roles string) string { return roles + "@aismarttalk.tech" }

func (h *house) by(roles string) ticket.Actor {
	a := ticket.Actor{Address: staffAddress(roles)}
	for one := range strings.SplitSeq(roles, ".") {
		a.Roles = append(a.Roles, ticket.Role(one))
	}
	return a
}

// must gives an order in somebody's name.
func (h *house) must(id ticket.ID, roles string, o ticket.Order) {
	h.t.Helper()
	if _, err := h.desk.Order(context.Background(), id, o, h.by(roles)); err != nil {
		h.t.Fatalf("%s of %s: %v", o.Verb, id, err)
	}
}

// opened is a new ticket with a subject; the claim is normal.
func (h *house) opened(subject string, options ...func(*desk.Incoming)) ticket.ID {
	h.t.Helper()
	return h.receive(h.mail(client, subject, subject, options...)).Ticket
}

func claims(s ticket.Severity) func(*desk.Incoming) {
	return func(in *desk.Incoming) { in.Reading.Claim = ticket.Claim{Severity: s, Where: ticket.WhereBody} }
}

func wishes(in *desk.Incoming) { in.Reading.Kind = ticket.KindFeatureRequest }

func (h *house) classified(id ticket.ID, s ticket.Severity) ticket.ID {
	h.t.Helper()
	h.must(id, "support", ticket.Order{Verb: ticket.VerbClassify, Severity: s, Category: "login"})
	return id
}

func (h *house) clockTo(wall string) {
	h.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", wall, h.desk.Policy().Location)
	if err != nil {
		h.t.Fatal(err)
	}
	h.now = at
}

func (h *house) chores() {
	h.t.Helper()
	if _, err := h.desk.DoChores(context.Background()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) schedule() {
	h.t.Helper()
	if err := h.desk.ScheduleDigests(context.Background()); err != nil {
		h.t.Fatal(err)
	}
}

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

func TestDigestOfEachRole(t *testing.T) {
	h := memory(t, readers(t, atEight, "support", "dev", "qa", "owner", "support.dev.qa.owner"), promising)
	h.clockTo("2026-11-16 09:00") // a Monday

	h.opened("glemt") // nobody assesses it
	asked := h.opened("spurgt")
	h.must(asked, "support", ticket.Order{Verb: ticket.VerbAsk, Text: "Hvilken browser?"})
	urgent := h.opened("kritisk", claims(ticket.SeverityCritical))
	h.classified(urgent, ticket.SeverityCritical)
	failing := h.classified(h.opened("fejlet"), ticket.SeverityHigh)
	full := h.classified(h.opened("pladsløs"), ticket.SeverityLow)
	wish := h.opened("ønske", wishes)
	h.classified(wish, ticket.SeverityLow)
	h.must(failing, "owner", ticket.Order{Verb: ticket.VerbPlan})
	h.must(failing, "dev", ticket.Order{Verb: ticket.VerbStart})
	h.must(failing, "dev", ticket.Order{Verb: ticket.VerbTest, Text: "Rettet"})
	h.wantSections("qa", "testing: fejlet")
	h.must(failing, "qa", ticket.Order{Verb: ticket.VerbFail, Text: "Nej"})
	h.wantSections("dev", "failed: fejlet", "mine: fejlet", "planned: kritisk")
	for i := range 4 { // fill this sprint and the next
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
	bounced := h.notice(urgent, 1)
	bounced.State, bounced.Reason = ticket.NoticeBounced, "5.1.1"
	if err := h.store.Update(t.Context(), func(tx *store.Tx) error { return tx.PutNotice(bounced) }); err != nil {
		t.Fatal(err)
	}

	h.clockTo("2026-11-18 09:00")
	h.wantSections("support",
		"overdue: glemt",
		"critical: kritisk",
		"unclassified: glemt igen",
		"answered: pladsløs igen",
		"held: "+stranger,
		"bounced: kritisk",
		"reopened: igen",
	)
	h.wantSections("owner") // not on a Wednesday

	h.clockTo("2026-11-24 09:00")
	if d := h.digest("support"); !strings.Contains(sections(d), "\nwaiting: spurgt") || strings.Contains(sections(d), "reopened") {
		t.Errorf("after eight days the digest of support is\n%s", sections(d))
	}

	h.clockTo("2026-11-23 07:00") // still in the sprint before
	weekly := h.digest("owner")
	if !weekly.Weekly || weekly.Sprint == nil || weekly.Sprint.Taken != 2 {
		t.Errorf("the owner's digest has no load of the sprint: %+v", weekly.Sprint)
	}
}

var _ = errors.Is
var _ = filepath.Join
var _ = boltkv.Open
var _ = memkv.New
var _ = storetest.Failing
func promising(c *desk.Config) {
	c.Policy.Promises = ticket.Promises{
		Hours: ticket.Hours{
			Open: 8 * time.Hour, Close: 16 * time.Hour, Location: c.Policy.Location,
			Weekdays: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
		},
		Targets: map[ticket.Severity]ticket.Target{
			ticket.SeverityCritical: {Assess: 2 * time.Hour, Answer: 8 * time.Hour},
			ticket.SeverityNormal:   {Assess: 16 * time.Hour, Answer: 40 * time.Hour},
		},
	}
}
