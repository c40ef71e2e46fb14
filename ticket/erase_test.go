package ticket_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/ticket"
)

// life is a ticket's whole life with two participants, and what each must leave.
func life(t *testing.T) []ticket.Event {
	t.Helper()
	karen := ticket.Actor{Address: "karen@firma.example", Name: "Karen Hemmelig", Roles: []ticket.Role{ticket.RoleReporter}}
	boss := ticket.Actor{Address: "chef@firma.example", Name: "Chef Chefsen"}
	var tk ticket.Ticket
	var all []ticket.Event
	do := func(c ticket.Command, by ticket.Actor) {
		t.Helper()
		events, err := tk.Decide(c, by, noon)
		if err != nil {
			t.Fatal(err)
		}
		all, tk = append(all, events...), tk.Apply(events...)
	}
	do(ticket.Open{
		Entry: ticket.Entry{
			Mail: "m1", MessageID: "hemmelig-1@firma.example", From: ticket.Address{Name: "Karen Hemmelig", Address: karen.Address}, Subject: "Hemmelig sag", Text: "Hemmelig tekst",
			Attachments: []ticket.Attachment{{Filename: "hemmelig.pdf"}}, Joins: []ticket.Participant{{Address: "kollega@firma.example"}},
			Thread: ticket.Thread{MessageID: "hemmelig-1@firma.example", Topic: "Hemmelig sag"},
		},
		Opening: ticket.Opening{
			ID: ticket.DeriveID("AIS", secret, "mail", 0), Subject: "Hemmelig sag", Language: "da",
			Participants: []ticket.Participant{{Address: karen.Address, Name: "Karen Hemmelig", Reporter: true}, {Address: boss.Address, Name: boss.Name}},
			Reading: ticket.Reading{
				Kind: ticket.KindBug, Claim: ticket.Claim{Severity: ticket.SeverityHigh, Evidence: "hemmelig haster", Where: "subject", Rule: "r"},
				Category: ticket.Category{Name: "login", Evidence: []string{"hemmelig"}},
			},
		}, Policy: policy,
	}, karen)
	do(ticket.Append{Entry: ticket.Entry{Mail: "m2", From: ticket.Address{Name: boss.Name, Address: boss.Address}, Text: "Chefens tekst"}, Policy: policy}, boss)
	do(classify, staff(ticket.RoleSupport))
	do(ticket.Ask{Questions: []string{"Hemmelig hvad?"}, Policy: policy}, staff(ticket.RoleSupport))
	do(ticket.Append{Entry: ticket.Entry{Mail: "m3", From: ticket.Address{Address: karen.Address}, Text: "Hemmeligt svar"}, MayReopen: true, Policy: policy}, karen)
	do(plan, staff(ticket.RoleOwner))
	do(start, staff(ticket.RoleDev))
	do(ticket.Test{Text: "Hemmelig rettelse", How: "hemmelig prøve"}, staff(ticket.RoleDev))
	do(ticket.Pass{Verified: "hemmelig", Policy: policy}, staff(ticket.RoleQA))
	return all
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ToLower(string(b))
}

// The reporter's erasure takes every word of the ticket but those that others wrote,
// and leaves its number, states and dates.
func TestEraseReporter(t *testing.T) {
	events := life(t)
	before := ticket.Ticket{}.Apply(events...)
	x, there := ticket.EraseFrom(before, events, "Karen@Firma.example")
	if !there || !x.Reporter {
		t.Fatalf("%+v %v", x, there)
	}
	erased := x.Events(events)
	after := ticket.Ticket{}.Apply(erased...)
	for _, word := range []string{"hemmelig", "karen"} {
		if text := asJSON(t, []any{erased, after}); strings.Contains(text, word) {
			t.Errorf("%q is left in %s", word, text)
		}
	}
	if text := asJSON(t, erased); !strings.Contains(text, "chefens tekst") || !strings.Contains(text, "kollega@firma.example") {
		t.Error("another's mail or name was cut")
	}
	type facts struct {
		ID       ticket.ID
		State    ticket.State
		Severity ticket.Severity
		Sprint   ticket.Slot
		Times    [5]string
		Entries  int
	}
	of := func(k ticket.Ticket) facts {
		return facts{k.ID, k.State, k.Severity, k.Sprint, [5]string{k.Opened.String(), k.Updated.String(), k.Classified.String(), k.Resolved.String(), k.CloseOn.String()}, k.Entries}
	}
	if diff := cmp.Diff(of(before), of(after)); diff != "" {
		t.Error(diff)
	}
	if !after.Silent {
		t.Error("somebody who was erased would be written to")
	}
	if _, there := ticket.EraseFrom(after, erased, "karen@firma.example"); there {
		t.Error("he is found again")
	}
}

// A participant's erasure takes his mails and his name, and nothing of the
// reporter's.
func TestEraseParticipant(t *testing.T) {
	events := life(t)
	before := ticket.Ticket{}.Apply(events...)
	x, there := ticket.EraseFrom(before, events, "chef@firma.example")
	if !there || x.Reporter {
		t.Fatalf("%+v %v", x, there)
	}
	erased := x.Events(events)
	after := ticket.Ticket{}.Apply(erased...)
	if text := asJSON(t, []any{erased, after}); strings.Contains(text, "chef@") || strings.Contains(text, "chefsen") || strings.Contains(text, "chefens") {
		t.Errorf("he is left in %s", text)
	}
	if after.Subject != before.Subject || after.Silent || after.Fix != before.Fix {
		t.Errorf("the reporter's ticket changed: %+v", after)
	}
	if _, there := ticket.EraseFrom(before, events, "fremmed@firma.example"); there {
		t.Error("a stranger is found")
	}
}

// A letter loses its words; one that waits does not leave.
func TestEraseLetter(t *testing.T) {
	n := ticket.Notice{
		Ticket: "AIS-1", Number: 3, Kind: ticket.NoticeReply, To: ticket.Address{Name: "Karen", Address: "karen@firma.example"}, State: ticket.NoticeQueued, Owed: noon,
		Facts: ticket.Facts{Subject: "Hemmelig sag", Text: "Hemmelig"}, Tries: []ticket.Try{{Reply: "450 karen@firma.example"}},
	}
	x := ticket.Erasure{Address: "karen@firma.example", As: "erased-1@erased.invalid"}
	got := x.Notice(n)
	if text := asJSON(t, got); strings.Contains(text, "karen") || strings.Contains(text, "hemmelig") {
		t.Errorf("left: %s", text)
	}
	if got.State != ticket.NoticeWithdrawn || got.Number != 3 || !got.Owed.Equal(noon) {
		t.Errorf("%+v", got)
	}
}
