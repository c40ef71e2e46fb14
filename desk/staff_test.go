package desk_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

// atEight is when the staff of these tests read their digests.
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

// promising has the desk promise, in hours from 8 to 16 on working days.
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

// relayed has mail come through a relay that checks senders.
func relayed(c *desk.Config) {
	c.TrustedRelays = []desk.TrustedRelay{{Network: prefix("127.0.0.0/8"), AuthservID: "mx.aismarttalk.tech"}}
}
