package ticket_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"aismarttalk.tech/supportd/ticket"
)

var (
	noon   = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	policy = ticket.Policy{ReopenWindow: 14 * 24 * time.Hour, QuietDays: 5, Location: time.UTC}
	client = ticket.Actor{Address: "kunde@firma.example", Roles: []ticket.Role{ticket.RoleReporter}}
)

func entry(text string) ticket.Entry {
	return ticket.Entry{Mail: "m", From: ticket.Address{Address: client.Address}, Text: text}
}

// at returns a ticket in a state, by the shortest way there.
func at(t testing.TB, state ticket.State) ticket.Ticket {
	t.Helper()
	open := ticket.Open{Entry: entry("Den svarer ikke"), Opening: ticket.Opening{
		ID: ticket.DeriveID("AIS", secret, "mail", 0), Subject: "Emne",
		Participants: []ticket.Participant{{Address: client.Address, Reporter: true}},
		Reading:      ticket.Reading{Kind: ticket.KindBug, Claim: ticket.Claim{Severity: ticket.SeverityNormal, Where: ticket.WhereNone}},
	}}
	tk := obey(t, ticket.Ticket{}, open, client, noon)
	if state == ticket.StateResolved || state == ticket.StateClosed {
		tk = obey(t, tk, ticket.Resolve{Result: ticket.ResultFixed, Verified: "login", Policy: policy}, staff(ticket.RoleQA), noon)
	}
	if state == ticket.StateClosed {
		tk = obey(t, tk, ticket.Close{Closing: ticket.ClosingQuiet, Policy: policy}, staff(ticket.RoleSystem), noon.AddDate(0, 0, 5))
	}
	if tk.State != state {
		t.Fatalf("made a ticket in state %s, want %s", tk.State, state)
	}
	return tk
}

func staff(roles ...ticket.Role) ticket.Actor {
	return ticket.Actor{Address: "first-line@aismarttalk.tech", Roles: roles}
}

func obey(t testing.TB, tk ticket.Ticket, c ticket.Command, by ticket.Actor, now time.Time) ticket.Ticket {
	t.Helper()
	events, err := tk.Decide(c, by, now)
	if err != nil {
		t.Fatalf("%T in state %q: %v", c, tk.State, err)
	}
	return tk.Apply(events...)
}

// TestDecide is the table of state × command × role: what each leads to, or by
// which code it is refused.
func TestDecide(t *testing.T) {
	fixed := ticket.Resolve{Result: ticket.ResultFixed, Verified: "login", Policy: policy}
	answer := ticket.Resolve{Result: ticket.ResultAnswer, Text: "Sådan:", Policy: policy}
	byHand := ticket.Close{Closing: ticket.ClosingStaff, Reason: "spam", Policy: policy}
	quiet := ticket.Close{Closing: ticket.ClosingQuiet, Policy: policy}
	works := ticket.Close{Closing: ticket.ClosingConfirmed, Policy: policy}
	again := ticket.Append{Entry: entry("Den er gal igen"), MayReopen: true}
	quietly := ticket.Append{Entry: entry("Accepteret: møde"), Quiet: true}
	unsure := ticket.Append{Entry: entry("Den er gal igen")}
	thanks := ticket.Append{Entry: entry("Tak!"), MayReopen: true}
	follow := ticket.Follow{Other: "AIS-X"}
	late := noon.AddDate(0, 1, 0)

	for _, c := range []struct {
		state   ticket.State
		name    string
		command ticket.Command
		role    ticket.Role
		now     time.Time
		want    string // the state after, or ! and the code of the refusal
	}{
		{ticket.StateReported, "again", again, ticket.RoleReporter, noon, "reported"},
		{ticket.StateReported, "fixed", fixed, ticket.RoleQA, noon, "resolved"},
		{ticket.StateReported, "fixed", fixed, ticket.RoleSupport, noon, "!role"},
		{ticket.StateReported, "fixed", fixed, ticket.RoleDev, noon, "!role"},
		{ticket.StateReported, "fixed", fixed, ticket.RoleReporter, noon, "!role"},
		{ticket.StateReported, "answer", answer, ticket.RoleSupport, noon, "resolved"},
		{ticket.StateReported, "answer", answer, ticket.RoleQA, noon, "!role"},
		{ticket.StateReported, "by hand", byHand, ticket.RoleSupport, noon, "closed"},
		{ticket.StateReported, "by hand", byHand, ticket.RoleReporter, noon, "!role"},
		{ticket.StateReported, "quiet", quiet, ticket.RoleSystem, late, "!state"},
		{ticket.StateReported, "works", works, ticket.RoleReporter, noon, "!state"},
		{ticket.StateReported, "follow", follow, ticket.RoleReporter, noon, "!state"},
		{ticket.StateReported, "classify", ticket.Later{Verb: "classify"}, ticket.RoleSupport, noon, "!verb"},
		{ticket.StateReported, "no verb", ticket.Later{Verb: "explode"}, ticket.RoleSupport, noon, "!verb"},

		{ticket.StateResolved, "again", again, ticket.RoleReporter, noon, "reported"},
		{ticket.StateResolved, "thanks", thanks, ticket.RoleReporter, noon, "resolved"},
		{ticket.StateResolved, "unsure", unsure, ticket.RoleReporter, noon, "resolved"},
		{ticket.StateResolved, "quietly", quietly, ticket.RoleReporter, noon, "resolved"},
		{ticket.StateResolved, "fixed", fixed, ticket.RoleQA, noon, "!state"},
		{ticket.StateResolved, "works", works, ticket.RoleReporter, noon, "closed"},
		{ticket.StateResolved, "works", works, ticket.RoleDev, noon, "!role"},
		{ticket.StateResolved, "quiet too early", quiet, ticket.RoleSystem, noon.AddDate(0, 0, 5).Add(-time.Second), "!state"},
		{ticket.StateResolved, "quiet", quiet, ticket.RoleSystem, noon.AddDate(0, 0, 5), "closed"},
		{ticket.StateResolved, "quiet by hand", quiet, ticket.RoleSupport, late, "!role"},
		{ticket.StateResolved, "by hand", byHand, ticket.RoleSupport, noon, "closed"},

		{ticket.StateClosed, "again on the last day", again, ticket.RoleReporter, time.Date(2026, 12, 12, 23, 59, 59, 0, time.UTC), "reported"},
		{ticket.StateClosed, "again the day after", again, ticket.RoleReporter, time.Date(2026, 12, 13, 0, 0, 0, 0, time.UTC), "!window"},
		{ticket.StateClosed, "unsure, late", unsure, ticket.RoleReporter, late, "!window"},
		{ticket.StateClosed, "thanks, late", thanks, ticket.RoleReporter, late, "closed"},
		{ticket.StateClosed, "quietly, late", quietly, ticket.RoleReporter, late, "closed"},
		{ticket.StateClosed, "follow", follow, ticket.RoleReporter, late, "closed"},
		{ticket.StateClosed, "by hand", byHand, ticket.RoleSupport, noon, "!state"},
		{ticket.StateClosed, "fixed", fixed, ticket.RoleQA, noon, "!state"},
	} {
		t.Run(fmt.Sprintf("%s/%s by %s", c.state, c.name, c.role), func(t *testing.T) {
			tk := at(t, c.state)
			events, err := tk.Decide(c.command, ticket.Actor{Roles: []ticket.Role{c.role}}, c.now)
			got := string(tk.Apply(events...).State)
			var refused *ticket.Refused
			if errors.As(err, &refused) {
				got = "!" + string(refused.Code)
				if refused.Reason == "" || len(events) > 0 {
					t.Errorf("refused with reason %q and %d events", refused.Reason, len(events))
				}
			}
			if got != c.want {
				t.Errorf("leads to %s (%v), want %s", got, err, c.want)
			}
		})
	}
}

func TestAnsweringABugMakesItAQuestion(t *testing.T) {
	tk := obey(t, at(t, ticket.StateReported), ticket.Resolve{Result: ticket.ResultAnswer, Text: "Sådan:", Policy: policy}, staff(ticket.RoleSupport), noon)
	if tk.Kind != ticket.KindQuestion {
		t.Errorf("kind is %s", tk.Kind)
	}
	if tk := at(t, ticket.StateResolved); tk.Kind != ticket.KindBug {
		t.Errorf("kind after a fix is %s", tk.Kind)
	}
}

// Any history folds to the same ticket in one go, step by step, and through
// JSON, and events are numbered without gaps.
func TestFoldingEventsGivesTheTicket(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		tk := at(t, ticket.StateReported)
		events, err := ticket.Ticket{}.Decide(ticket.Open{Opening: ticket.Opening{ID: tk.ID, Participants: tk.Participants}, Entry: entry("x")}, client, noon)
		if err != nil {
			rt.Fatal(err)
		}
		tk = ticket.Ticket{}.Apply(events...)
		now := noon
		for range rapid.IntRange(0, 20).Draw(rt, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20*24).Draw(rt, "hours")) * time.Hour)
			more, err := tk.Decide(rapid.SampledFrom([]ticket.Command{
				ticket.Append{Entry: entry("igen"), MayReopen: true},
				ticket.Append{Entry: entry("igen")},
				ticket.Append{Entry: entry("Tak!")},
				ticket.Resolve{Result: ticket.ResultFixed, Verified: "v", Policy: policy},
				ticket.Resolve{Result: ticket.ResultAnswer, Text: "t", Policy: policy},
				ticket.Close{Closing: ticket.ClosingQuiet, Policy: policy},
				ticket.Close{Closing: ticket.ClosingStaff, Reason: "r", Policy: policy},
				ticket.Follow{Other: "AIS-X"},
			}).Draw(rt, "command"), staff(ticket.RoleSupport, ticket.RoleQA, ticket.RoleSystem), now)
			if err == nil {
				tk = tk.Apply(more...)
				events = append(events, more...)
			}
		}
		for i, e := range events {
			if e.Number != i+1 {
				rt.Fatalf("event %d is numbered %d", i+1, e.Number)
			}
		}
		stored, err := json.Marshal(events)
		if err != nil {
			rt.Fatal(err)
		}
		var read []ticket.Event
		if err := json.Unmarshal(stored, &read); err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(tk, ticket.Ticket{}.Apply(events...)); diff != "" {
			rt.Fatalf("folded at once (-stepwise +at once):\n%s", diff)
		}
		if diff := cmp.Diff(tk, ticket.Ticket{}.Apply(read...)); diff != "" {
			rt.Fatalf("folded from JSON (-stepwise +JSON):\n%s", diff)
		}
		if tk.Finished() != (tk.State == ticket.StateResolved || tk.State == ticket.StateClosed) || tk.State == ticket.StateReported && !tk.CloseOn.IsZero() {
			rt.Fatalf("ticket contradicts itself: %+v", tk)
		}
	})
}

func TestApplyLeavesTheOldTicketAlone(t *testing.T) {
	before := at(t, ticket.StateClosed)
	events, err := before.Decide(ticket.Follow{Other: "AIS-X"}, client, noon)
	if err != nil {
		t.Fatal(err)
	}
	one, two := before.Apply(events...), before.Apply(events...)
	if len(before.FollowedBy) != 0 || len(one.FollowedBy) != 1 || len(two.FollowedBy) != 1 {
		t.Errorf("applying to one ticket changed another: %v %v %v", before.FollowedBy, one.FollowedBy, two.FollowedBy)
	}
}

func TestNotices(t *testing.T) {
	c := ticket.Correspondence{
		Languages: []string{"da", "en"}, Default: "da",
		Staff: []ticket.Staff{
			{Address: "support@x", Roles: []ticket.Role{ticket.RoleSupport}, Language: "da"},
			{Address: "owner@x", Roles: []ticket.Role{ticket.RoleOwner}, Language: "en"},
			{Address: "dev@x", Roles: []ticket.Role{ticket.RoleDev}},
		},
	}
	open := func(change func(*ticket.Opening)) ([]ticket.Notice, ticket.Ticket) {
		o := ticket.Opening{
			ID: ticket.DeriveID("AIS", secret, "mail", 0), Subject: "Emne", Language: "de",
			Participants: []ticket.Participant{{Address: client.Address, Reporter: true}},
			Reading:      ticket.Reading{Claim: ticket.Claim{Severity: ticket.SeverityCritical, Evidence: "kritisk", Where: ticket.WhereSubject}},
		}
		change(&o)
		events, err := ticket.Ticket{}.Decide(ticket.Open{Opening: o, Entry: entry("x")}, client, noon)
		if err != nil {
			t.Fatal(err)
		}
		tk := ticket.Ticket{}.Apply(events...)
		return c.Notices(tk, events), tk
	}
	names := func(list []ticket.Notice) (out []string) {
		for i, n := range list {
			if n.Number != i+1 {
				t.Errorf("notice %d is numbered %d", i+1, n.Number)
			}
			out = append(out, fmt.Sprintf("%s %s %s", n.Kind, n.To.Address, n.Language))
		}
		return out
	}

	critical, _ := open(func(*ticket.Opening) {})
	want := []string{"acknowledgement kunde@firma.example en", "staff-critical support@x da", "staff-critical owner@x en"}
	if got := names(critical); !slices.Equal(got, want) {
		t.Errorf("a critical claim owes %q, want %q", got, want)
	}
	if f := critical[0].Facts; !f.OwnerTold || !f.Marked || f.Confirmed {
		t.Errorf("facts of the acknowledgement: %+v", f)
	}

	normal, _ := open(func(o *ticket.Opening) {
		o.Reading.Claim = ticket.Claim{Severity: ticket.SeverityNormal, Where: ticket.WhereNone}
	})
	if got := names(normal); !slices.Equal(got, []string{"acknowledgement kunde@firma.example en", "staff-new support@x da"}) {
		t.Errorf("a normal claim owes %q", got)
	}

	neutral, _ := open(func(o *ticket.Opening) { o.Neutral = true })
	for _, n := range neutral {
		if n.Facts.Subject != "" || n.Facts.Evidence != "" || n.Facts.Excerpt != "" || n.Kind == ticket.NoticeAcknowledgement && n.Facts.OwnerTold {
			t.Errorf("%s to %s carries words of an unauthenticated sender: %+v", n.Kind, n.To.Address, n.Facts)
		}
	}

	silent, _ := open(func(o *ticket.Opening) { o.Silent = true })
	for _, n := range silent {
		if !n.Kind.ForStaff() {
			t.Errorf("a machine is owed %s", n.Kind)
		}
	}
}

func TestLetterLanguage(t *testing.T) {
	c := ticket.Correspondence{Languages: []string{"da", "en"}, Default: "da"}
	for want, got := range map[string]string{
		"": "da", "da": "da", "da-DK": "da", "sv": "da", "nb": "da", "en": "en", "EN-gb": "en", "de": "en", "pl": "en", "fi": "en",
	} {
		if l := c.LetterLanguage(want); l != got {
			t.Errorf("letters to a reader of %q are in %q, want %q", want, l, got)
		}
	}
	if l := (ticket.Correspondence{Languages: []string{"da"}, Default: "da"}).LetterLanguage("de"); l != "da" {
		t.Errorf("without English the default holds, got %q", l)
	}
}

func TestReferencesOfALongThread(t *testing.T) {
	tk := at(t, ticket.StateReported)
	var refs []string
	for i := range 30 {
		refs = append(refs, fmt.Sprintf("%d@x", i))
	}
	e := entry("mere")
	e.Thread = ticket.Thread{MessageID: "last@x", References: refs}
	tk = obey(t, tk, ticket.Append{Entry: e}, client, noon)
	events, err := tk.Decide(ticket.Resolve{Result: ticket.ResultFixed, Verified: "v", Policy: policy}, staff(ticket.RoleQA), noon)
	if err != nil {
		t.Fatal(err)
	}
	n := ticket.Correspondence{Languages: []string{"da"}, Default: "da"}.Notices(tk.Apply(events...), events)
	want := []string{"0@x", "1@x", "2@x", "3@x", "25@x", "26@x", "27@x", "28@x", "29@x", "last@x"}
	if got := n[0].Facts.References; !slices.Equal(got, want) || n[0].Facts.InReplyTo != "last@x" {
		t.Errorf("References: %v, In-Reply-To: %s", got, n[0].Facts.InReplyTo)
	}
}
