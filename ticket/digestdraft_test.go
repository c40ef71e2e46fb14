package ticket_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"aismarttalk.tech/supportd/ticket"
)

// anyTicket is one of those that a desk may hold, in whatever state.
func anyTicket(t *rapid.T, i int) ticket.Ticket {
	at := func(name string) time.Time {
		if rapid.Bool().Draw(t, name+" set") {
			return noon.Add(time.Duration(rapid.IntRange(-1000, 1000).Draw(t, name)) * time.Minute)
		}
		return time.Time{}
	}
	states := []ticket.State{
		ticket.StateReported, ticket.StateClassified, ticket.StatePlanned, ticket.StateInvestigating, ticket.StateTesting,
		ticket.StateWaiting, ticket.StateResolved, ticket.StateClosed,
	}
	severities := []ticket.Severity{ticket.SeverityCritical, ticket.SeverityHigh, ticket.SeverityNormal, ticket.SeverityLow}
	return ticket.Ticket{
		ID:       ticket.DeriveID("AIS", []byte("secret"), fmt.Sprint(i), 0),
		State:    rapid.SampledFrom(states).Draw(t, "state"),
		Kind:     rapid.SampledFrom([]ticket.Kind{ticket.KindBug, ticket.KindQuestion, ticket.KindFeatureRequest}).Draw(t, "kind"),
		Severity: rapid.SampledFrom(severities).Draw(t, "severity"), Subject: fmt.Sprint("Emne ", i),
		Opened: noon.Add(-time.Hour), AssessBy: at("assess"), AnswerBy: at("answer"), Answered: at("answered"), Reopened: at("reopened"), Slipped: at("slipped"),
	}
}

// overdue is what the clock would say of a ticket, by the command that it gives.
func overdue(t ticket.Ticket, now time.Time) bool {
	system := ticket.Actor{Roles: []ticket.Role{ticket.RoleSystem}}
	for _, p := range []ticket.PromiseKind{ticket.PromiseAssess, ticket.PromiseAnswer} {
		if _, err := t.Decide(ticket.Overdue{Promise: p}, system, now); err == nil {
			return true
		}
	}
	return false
}

// Every broken promise is at the head of support's digest, its ticket once; each
// section holds each ticket once; and the order in which tickets come never matters.
func TestBrokenPromisesHeadTheDigest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tickets := make([]ticket.Ticket, rapid.IntRange(0, 40).Draw(t, "tickets"))
		broken := map[ticket.ID]bool{}
		for i := range tickets {
			tickets[i] = anyTicket(t, i)
			if overdue(tickets[i], noon) {
				broken[tickets[i].ID] = true
			}
		}
		terms := ticket.DigestTerms{
			Reader: ticket.Staff{Address: "alle@firma.example", Roles: ticket.StaffRoles},
			Day:    noon, Now: noon, Since: noon.AddDate(0, 0, -1), Weekly: true, Zone: time.UTC,
		}
		made := func() ticket.Digest {
			d := ticket.NewDigestDraft(terms)
			for _, one := range tickets {
				d.Ticket(one)
			}
			return d.Digest()
		}
		digest := made()
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(tickets), func(i, j int) { tickets[i], tickets[j] = tickets[j], tickets[i] })
		if again := made(); !reflect.DeepEqual(digest, again) {
			t.Fatalf("in another order the digest is\n%+v\nand not\n%+v", again, digest)
		}
		head, found := 0, 0
		for i, s := range digest.Sections {
			seen := map[ticket.ID]bool{}
			for _, r := range s.Rows {
				if seen[r.Ticket] {
					t.Fatalf("%s stands in %s twice", r.Ticket, s.Kind)
				}
				seen[r.Ticket] = true
				if s.Kind == ticket.SectionOverdue && (!broken[r.Ticket] || r.Promise == "" || r.By.After(noon)) {
					t.Fatalf("row %+v is no broken promise", r)
				}
			}
			if s.Kind == ticket.SectionOverdue {
				head, found = i, len(s.Rows)+s.More
			}
			if len(s.Rows) > ticket.MaxDigestRows || s.More > 0 && len(s.Rows) < ticket.MaxDigestRows {
				t.Fatalf("%s has %d rows and %d more", s.Kind, len(s.Rows), s.More)
			}
		}
		if head != 0 || found != len(broken) {
			t.Fatalf("of %d tickets with broken promises %d stand in section %d", len(broken), found, head)
		}
	})
}

// Of letters about one ticket that did not arrive, the latest stands for all.
func TestUndeliveredOncePerTicket(t *testing.T) {
	d := ticket.NewDigestDraft(ticket.DigestTerms{Reader: ticket.Staff{Roles: []ticket.Role{ticket.RoleSupport}}, Day: noon, Now: noon, Zone: time.UTC})
	id, letter := ticket.DeriveID("AIS", []byte("s"), "1", 0), ticket.LetterID([]byte("s"), "1", 0)
	for i, n := range []ticket.Notice{
		{Ticket: id, Reason: "5.1.1"}, {Ticket: id, Reason: "5.2.2"}, {Ticket: letter, Reason: "5.7.1"}, {Ticket: ticket.LetterID([]byte("s"), "2", 0), Reason: "5.7.2"},
	} {
		n.Owed, n.To.Address = noon.Add(time.Duration(i)*time.Minute), "kunde@firma.example"
		d.Undelivered(n)
	}
	rows := d.Digest().Sections[0].Rows
	if len(rows) != 2 || rows[0].Reason != "5.7.2" || rows[0].Ticket != "" || rows[1].Reason != "5.2.2" || rows[1].Ticket != id {
		t.Errorf("rows %+v", rows)
	}
}
