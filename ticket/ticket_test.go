package ticket_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"aismarttalk.tech/supportd/ticket"
)

var (
	noon   = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	policy = ticket.Policy{ReopenWindow: 14 * 24 * time.Hour, QuietDays: 5, Location: time.UTC, RemindDays: []int{3, 7}}
	client = ticket.Actor{Address: "kunde@firma.example", Roles: []ticket.Role{ticket.RoleReporter}}
)

func entry(text string) ticket.Entry {
	return ticket.Entry{Mail: "m", From: ticket.Address{Address: client.Address}, Text: text}
}

var (
	known    = []string{"login", "billing", ticket.CategoryOther}
	slot     = ticket.Slot{Name: "2026-24", Start: noon, End: noon.AddDate(0, 0, 13)}
	later    = ticket.Slot{Name: "2026-25", Start: noon.AddDate(0, 0, 14), End: noon.AddDate(0, 0, 27)}
	classify = ticket.Classify{Severity: ticket.SeverityHigh, Category: "login", Kind: ticket.KindBug, Categories: known, Policy: policy}
	wish     = ticket.Classify{Severity: ticket.SeverityLow, Category: "other", Kind: ticket.KindFeatureRequest, Categories: known, Policy: policy}
	asks     = ticket.Classify{Severity: ticket.SeverityLow, Category: "other", Kind: ticket.KindQuestion, Categories: known, Policy: policy}
	plan     = ticket.Plan{Sprint: slot}
	start    = ticket.Start{}
	handOver = ticket.Test{Text: "Sessionen fornyes", How: "Log ind to gange"}
	pass     = ticket.Pass{Verified: "login", Policy: policy}
	ask      = ticket.Ask{Questions: []string{"Hvilken browser?"}, Policy: policy}
)

// at returns a bug in a state, by the straight way there. It waits from
// classified.
func at(t testing.TB, state ticket.State) ticket.Ticket {
	t.Helper()
	tk := opened(t)
	for _, step := range []struct {
		command ticket.Command
		by      ticket.Role
		at      time.Time
	}{
		{classify, ticket.RoleSupport, noon}, {plan, ticket.RoleOwner, noon}, {start, ticket.RoleDev, noon},
		{handOver, ticket.RoleDev, noon}, {pass, ticket.RoleQA, noon},
		{ticket.Close{Closing: ticket.ClosingQuiet, Policy: policy}, ticket.RoleSystem, noon.AddDate(0, 0, 5)},
	} {
		if tk.State == ticket.StateClassified && state == ticket.StateWaiting {
			step.command, step.by = ask, ticket.RoleSupport
		}
		if tk.State == state {
			break
		}
		tk = obey(t, tk, step.command, staff(step.by), step.at)
	}
	if tk.State != state {
		t.Fatalf("made a ticket in state %s, want %s", tk.State, state)
	}
	return tk
}

func opened(t testing.TB) ticket.Ticket {
	t.Helper()
	return obey(t, ticket.Ticket{}, ticket.Open{Entry: entry("Den svarer ikke"), Opening: ticket.Opening{
		ID: ticket.DeriveID("AIS", secret, "mail", 0), Subject: "Emne",
		Participants: []ticket.Participant{{Address: client.Address, Reporter: true}},
		Reading: ticket.Reading{
			Kind: ticket.KindBug, Claim: ticket.Claim{Severity: ticket.SeverityNormal, Where: ticket.WhereNone},
			Category: ticket.Category{Name: "login"},
		},
	}}, client, noon)
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
	answer := ticket.Answer{Text: "Sådan:", Policy: policy}
	byHand := ticket.Close{Closing: ticket.ClosingStaff, Reason: "spam", Policy: policy}
	quiet := ticket.Close{Closing: ticket.ClosingQuiet, Policy: policy}
	works := ticket.Close{Closing: ticket.ClosingConfirmed, Policy: policy}
	fail := ticket.Fail{Text: "Fejler på telefonen"}
	reopen := ticket.Reopen{Policy: policy}
	again := ticket.Append{Entry: entry("Den er gal igen"), MayReopen: true, Policy: policy}
	confirms := ticket.Append{Entry: entry("Det virker nu, mange tak"), MayReopen: true, Policy: policy}
	quietly := ticket.Append{Entry: entry("Accepteret: møde"), Quiet: true, Policy: policy}
	unsure := ticket.Append{Entry: entry("Den er gal igen"), Policy: policy}
	thanks := ticket.Append{Entry: entry("Tak!"), MayReopen: true, Policy: policy}
	follow := ticket.Follow{Other: "AIS-X"}
	remind := ticket.Remind{Policy: policy}
	late := noon.AddDate(0, 1, 0)
	const (
		reported, classified, planned, investigating = ticket.StateReported, ticket.StateClassified, ticket.StatePlanned, ticket.StateInvestigating
		inTest, resolved, closed, waiting            = ticket.StateTesting, ticket.StateResolved, ticket.StateClosed, ticket.StateWaiting
		reporter, support, dev, qa, owner, system    = ticket.RoleReporter, ticket.RoleSupport, ticket.RoleDev, ticket.RoleQA, ticket.RoleOwner, ticket.RoleSystem
	)

	for _, c := range []struct {
		state   ticket.State
		name    string
		command ticket.Command
		role    ticket.Role
		now     time.Time
		want    string // the state after, or ! and the code of the refusal
	}{
		{reported, "again", again, reporter, noon, "reported"},
		{reported, "classify", classify, support, noon, "classified"},
		{reported, "classify", classify, qa, noon, "classified"},
		{reported, "classify", classify, owner, noon, "classified"},
		{reported, "classify", classify, dev, noon, "!role"},
		{reported, "classify", classify, reporter, noon, "!role"},
		{reported, "classify, no such category", ticket.Classify{Category: "moon", Categories: known}, support, noon, "!input"},
		{reported, "classify, no such severity", ticket.Classify{Severity: "dire", Categories: known}, support, noon, "!input"},
		{reported, "plan", plan, owner, noon, "!state"},
		{reported, "start", start, dev, noon, "!state"},
		{reported, "hand over", handOver, dev, noon, "!state"},
		{reported, "pass", pass, qa, noon, "!state"},
		{reported, "fail", fail, qa, noon, "!state"},
		{reported, "ask", ask, support, noon, "waiting"},
		{reported, "ask", ask, owner, noon, "!role"},
		{reported, "ask nothing", ticket.Ask{Questions: []string{" "}, Policy: policy}, support, noon, "!input"},
		{reported, "answer", answer, support, noon, "resolved"},
		{reported, "answer", answer, qa, noon, "!role"},
		{reported, "answer without words", ticket.Answer{Policy: policy}, support, noon, "!input"},
		{reported, "by hand", byHand, support, noon, "closed"},
		{reported, "by hand", byHand, reporter, noon, "!role"},
		{reported, "by hand without a reason", ticket.Close{Closing: ticket.ClosingStaff, Policy: policy}, support, noon, "!input"},
		{reported, "quiet", quiet, system, late, "!state"},
		{reported, "works", works, reporter, noon, "!state"},
		{reported, "follow", follow, reporter, noon, "!state"},
		{reported, "reopen", reopen, support, noon, "!state"},
		{reported, "decide", ticket.Decide{Decision: ticket.DecisionAccepted}, owner, noon, "!state"},

		{classified, "classify again", classify, support, noon, "classified"},
		{classified, "plan", plan, owner, noon, "planned"},
		{classified, "plan by the rules", plan, system, noon, "planned"},
		{classified, "plan", plan, support, noon, "!role"},
		{classified, "plan", plan, dev, noon, "!role"},
		{classified, "plan without room", ticket.Plan{Full: true}, owner, noon, "!state"},
		{classified, "start", start, dev, noon, "!state"},
		{classified, "answer a bug", answer, support, noon, "!state"},
		{classified, "pass", pass, qa, noon, "!state"},
		{classified, "ask", ask, dev, noon, "waiting"},

		{planned, "move", ticket.Plan{Sprint: later}, owner, noon, "planned"},
		{planned, "to the backlog", ticket.Plan{}, owner, noon, "classified"},
		{planned, "start", start, dev, noon, "investigating"},
		{planned, "start", start, support, noon, "!role"},
		{planned, "pass", pass, qa, noon, "!state"},
		{planned, "it is a question", asks, support, noon, "classified"},

		{investigating, "hand over", handOver, dev, noon, "testing"},
		{investigating, "hand over", handOver, qa, noon, "!role"},
		{investigating, "hand over nothing", ticket.Test{}, dev, noon, "!input"},
		{investigating, "hand over an answer", ticket.Test{Result: ticket.ResultAnswer, Text: "x"}, dev, noon, "!input"},
		{investigating, "move", ticket.Plan{Sprint: later}, owner, noon, "investigating"},
		{investigating, "to the backlog", ticket.Plan{}, owner, noon, "!state"},
		{investigating, "it is a question", asks, support, noon, "!state"},
		{investigating, "pass", pass, qa, noon, "!state"},
		{investigating, "answer", answer, support, noon, "!state"},

		{inTest, "pass", pass, qa, noon, "resolved"},
		{inTest, "pass", pass, dev, noon, "!role"},
		{inTest, "pass", pass, support, noon, "!role"},
		{inTest, "pass", pass, owner, noon, "!role"},
		{inTest, "pass without a test", ticket.Pass{Policy: policy}, qa, noon, "!input"},
		{inTest, "a workaround without words", ticket.Pass{Result: ticket.ResultWorkaround, Verified: "x", Policy: policy}, qa, noon, "resolved"}, // dev's own
		{inTest, "fail", fail, qa, noon, "investigating"},
		{inTest, "fail", fail, dev, noon, "!role"},
		{inTest, "fail without words", ticket.Fail{}, qa, noon, "!input"},
		{inTest, "answer", answer, support, noon, "!state"},
		{inTest, "by hand", byHand, support, noon, "closed"},

		{waiting, "again", again, reporter, noon, "classified"},
		{waiting, "unsure", unsure, reporter, noon, "waiting"},
		{waiting, "quietly", quietly, reporter, noon, "waiting"},
		{waiting, "thanks", thanks, reporter, noon, "waiting"},
		{waiting, "remind too early", ticket.Remind{Policy: policy}, system, noon, "!state"},
		{waiting, "remind", remind, system, noon.AddDate(0, 0, 3), "waiting"},
		{waiting, "remind", remind, support, noon.AddDate(0, 0, 3), "!role"},
		{waiting, "plan", plan, owner, noon, "waiting"},

		{resolved, "again", again, reporter, noon, "reported"},
		{resolved, "confirms", confirms, reporter, noon, "closed"},
		{resolved, "thanks", thanks, reporter, noon, "resolved"},
		{resolved, "unsure", unsure, reporter, noon, "resolved"},
		{resolved, "quietly", quietly, reporter, noon, "resolved"},
		{resolved, "pass", pass, qa, noon, "!state"},
		{resolved, "classify", classify, support, noon, "!state"},
		{resolved, "works", works, reporter, noon, "closed"},
		{resolved, "works", works, dev, noon, "!role"},
		{resolved, "quiet too early", quiet, system, noon.AddDate(0, 0, 5).Add(-time.Second), "!state"},
		{resolved, "quiet", quiet, system, noon.AddDate(0, 0, 5), "closed"},
		{resolved, "quiet by hand", quiet, support, late, "!role"},
		{resolved, "by hand", byHand, support, noon, "closed"},
		{resolved, "reopen", reopen, support, noon, "reported"},
		{resolved, "reopen", reopen, dev, noon, "!role"},

		{closed, "again on the last day", again, reporter, time.Date(2026, 12, 12, 23, 59, 59, 0, time.UTC), "reported"},
		{closed, "again the day after", again, reporter, time.Date(2026, 12, 13, 0, 0, 0, 0, time.UTC), "!window"},
		{closed, "unsure, late", unsure, reporter, late, "!window"},
		{closed, "thanks, late", thanks, reporter, late, "closed"},
		{closed, "confirms, late", confirms, reporter, late, "closed"},
		{closed, "quietly, late", quietly, reporter, late, "closed"},
		{closed, "follow", follow, reporter, late, "closed"},
		{closed, "by hand", byHand, support, noon, "!state"},
		{closed, "reopen", reopen, support, noon.AddDate(0, 0, 6), "reported"},
		{closed, "reopen, late", reopen, support, late, "!window"},
		{closed, "pass", pass, qa, noon, "!state"},
	} {
		t.Run(fmt.Sprintf("%s/%s by %s", c.state, c.name, c.role), func(t *testing.T) {
			tk := at(t, c.state)
			events, err := tk.Decide(c.command, ticket.Actor{Roles: []ticket.Role{c.role}}, c.now)
			got := string(tk.Apply(events...).State)
			var refused *ticket.Refused
			if errors.As(err, &refused) {
				got = "!" + string(refused.Code)
				if refused.Reason == "" || refused.Danish == "" || strings.Contains(refused.Reason+refused.Danish, "%!") || len(events) > 0 {
					t.Errorf("refused with reason %q, in Danish %q, and %d events", refused.Reason, refused.Danish, len(events))
				}
			}
			if got != c.want {
				t.Errorf("leads to %s (%v), want %s", got, err, c.want)
			}
		})
	}
}

func TestAnsweringABugMakesItAQuestion(t *testing.T) {
	tk := obey(t, at(t, ticket.StateReported), ticket.Answer{Text: "Sådan:", Policy: policy}, staff(ticket.RoleSupport), noon)
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
				classify, wish, asks, plan, ticket.Plan{Sprint: later}, ticket.Plan{}, start, handOver, pass, ask,
				ticket.Append{Entry: entry("Det virker nu, tak"), MayReopen: true, Policy: policy},
				ticket.Fail{Text: "f"}, ticket.Remind{Policy: policy}, ticket.Reopen{Policy: policy},
				ticket.Answer{Text: "t", Policy: policy},
				ticket.Note{Text: "n", Public: true}, ticket.Reply{Text: "r"}, ticket.Titled{Title: "T"},
				ticket.Assign{To: "dev@x", Staff: []ticket.Staff{{Address: "dev@x"}}},
				ticket.Invite{Participant: ticket.Participant{Address: "kollega@firma.example"}}, ticket.Dismiss{Address: "kollega@firma.example"},
				ticket.Decide{Decision: ticket.DecisionAccepted, Quarter: "2027-Q1"},
				ticket.Decide{Decision: ticket.DecisionDeclined, Reason: "r", Policy: policy},
				ticket.Merge{Into: ticket.Ticket{ID: "AIS-Y"}}, ticket.Absorb{From: ticket.Ticket{ID: "AIS-Z"}}, ticket.Link{Other: "AIS-L"},
				ticket.Close{Closing: ticket.ClosingQuiet, Policy: policy},
				ticket.Close{Closing: ticket.ClosingStaff, Reason: "r", Policy: policy},
				ticket.Follow{Other: "AIS-X"},
			}).Draw(rt, "command"), staff(append([]ticket.Role{ticket.RoleSystem}, ticket.StaffRoles...)...), now)
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
	more := ticket.Correspondence{Languages: []string{"da", "de", "en", "nb", "nl", "sv"}, Default: "de"}
	for want, got := range map[string]string{
		"": "de", "sv": "sv", "sv-FI": "sv", "nb": "nb", "nb-NO": "nb", "nn": "nb", "no": "nb", "is": "da", "fo": "da",
		"de-AT": "de", "nl-BE": "nl", "pl": "en", "fi": "en",
	} {
		if l := more.LetterLanguage(want); l != got {
			t.Errorf("with more languages, letters to a reader of %q are in %q, want %q", want, l, got)
		}
	}
	if l := (ticket.Correspondence{Languages: []string{"da"}, Default: "da"}).LetterLanguage("de"); l != "da" {
		t.Errorf("without English the default holds, got %q", l)
	}
}

// A reopened ticket goes through the whole process again, though it is classified
// as it was before. It used to stay reported for ever then.
func TestReopenedIsClassifiedAgain(t *testing.T) {
	tk := obey(t, at(t, ticket.StateResolved), ticket.Reopen{Policy: policy}, staff(ticket.RoleSupport), noon)
	tk = obey(t, tk, classify, staff(ticket.RoleSupport), noon)
	if tk.State != ticket.StateClassified {
		t.Fatalf("classified as before it is %s", tk.State)
	}
	events, err := tk.Decide(classify, staff(ticket.RoleSupport), noon)
	if err != nil || len(events) > 0 {
		t.Errorf("classified the same once more, it changes: %+v %v", events, err)
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
	events, err := tk.Decide(ticket.Answer{Text: "Sådan:", Policy: policy}, staff(ticket.RoleSupport), noon)
	if err != nil {
		t.Fatal(err)
	}
	n := ticket.Correspondence{Languages: []string{"da"}, Default: "da"}.Notices(tk.Apply(events...), events)
	want := []string{"0@x", "1@x", "2@x", "3@x", "25@x", "26@x", "27@x", "28@x", "29@x", "last@x"}
	if got := n[0].Facts.References; !slices.Equal(got, want) || n[0].Facts.InReplyTo != "last@x" {
		t.Errorf("References: %v, In-Reply-To: %s", got, n[0].Facts.InReplyTo)
	}
}
