package ticket_test

import (
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

var desk = ticket.Correspondence{
	Staff: []ticket.Staff{
		{Address: "support@firma.example", Name: "Support", Roles: []ticket.Role{ticket.RoleSupport}},
		{Address: "vagt@firma.example", Name: "Vagt", Roles: []ticket.Role{ticket.RoleSupport}},
		{Address: "owner@firma.example", Name: "Ejer", Roles: []ticket.Role{ticket.RoleOwner}},
	},
	Languages: []string{"da"}, Default: "da",
}

// owes gives a command and returns the letters of it, by recipient, with the
// ticket after it.
func owes(t testing.TB, tk ticket.Ticket, c ticket.Command, by ticket.Actor) (ticket.Ticket, map[string]ticket.Notice) {
	t.Helper()
	events, err := tk.Decide(c, by, noon)
	if err != nil {
		t.Fatal(err)
	}
	tk = tk.Apply(events...)
	owed := map[string]ticket.Notice{}
	for _, n := range desk.Notices(tk, events) {
		owed[n.To.Address] = n
	}
	return tk, owed
}

// mailFrom is a verified mail.
func mailFrom(address, id, text string) ticket.Entry {
	return ticket.Entry{
		Mail: id, MessageID: id, From: ticket.Address{Address: address}, Text: text, Trust: ticket.TrustVerified,
		Thread: ticket.Thread{MessageID: id},
	}
}

func reportedBy(t testing.TB, mail ticket.Entry) ticket.Ticket {
	t.Helper()
	by := ticket.Actor{Address: mail.From.Address, Roles: []ticket.Role{ticket.RoleReporter}}
	return obey(t, ticket.Ticket{}, ticket.Open{Entry: mail, Opening: ticket.Opening{
		ID: ticket.DeriveID("AIS", secret, mail.Mail, 0), Subject: "Emne",
		Participants: []ticket.Participant{{Address: mail.From.Address, Reporter: true}},
		Reading:      ticket.Reading{Kind: ticket.KindBug, Category: ticket.Category{Name: "login"}},
	}}, by, noon)
}

// Whoever must act hears what it is about, though no mail caused the letter. An
// owner was once asked to decide on a wish that his letter did not name.
func TestStaffReadTheReport(t *testing.T) {
	mail := mailFrom(client.Address, "1@firma.example", "Kan vi få et mørkt tema?")
	_, owed := owes(t, reportedBy(t, mail), wish, staff(ticket.RoleSupport))
	if f := owed["owner@firma.example"].Facts; f.Subject != "Emne" || f.Excerpt != mail.Text || f.Verdict != ticket.TrustVerified {
		t.Errorf("the owner reads subject %q, text %q, verdict %q", f.Subject, f.Excerpt, f.Verdict)
	}
	mail.Trust = ticket.TrustUnverified
	_, owed = owes(t, reportedBy(t, mail), wish, staff(ticket.RoleSupport))
	if f := owed["owner@firma.example"].Facts; f.Excerpt != "" || f.Verdict != ticket.TrustUnverified {
		t.Errorf("of a sender who was not verified he reads %q, verdict %q", f.Excerpt, f.Verdict)
	}
}

// A letter answers its reader's own latest mail, and tells staff who wrote. The
// reporter's letters once followed the mail of another, which he never got.
func TestDuplicateReporterWrites(t *testing.T) {
	const second = "shop@butik.example"
	tk := reportedBy(t, mailFrom(client.Address, "1@firma.example", "Hvid kasse"))
	duplicate := reportedBy(t, mailFrom(second, "2@butik.example", "White box"))
	tk = obey(t, tk, ticket.Absorb{From: duplicate}, staff(ticket.RoleSupport), noon)

	tk, owed := owes(t, tk, ticket.Append{Entry: mailFrom(second, "3@butik.example", "Only on phones")}, ticket.Actor{Address: second})
	if f := owed["support@firma.example"].Facts; f.Reporter.Address != second || f.Excerpt != "Only on phones" {
		t.Errorf("support reads %q from %s", f.Excerpt, f.Reporter.Address)
	}
	_, owed = owes(t, tk, ticket.Note{Text: "Vi er i gang", Public: true}, staff(ticket.RoleSupport))
	for to, want := range map[string]string{client.Address: "1@firma.example", second: "3@butik.example"} {
		if got := owed[to].Facts.InReplyTo; got != want {
			t.Errorf("the letter to %s answers %s, want %s", to, got, want)
		}
	}
}

// Who reopens a ticket need not be told of it; his colleagues hear that it was he.
func TestReopenedByStaff(t *testing.T) {
	by := ticket.Actor{Address: "support@firma.example", Name: "Support", Roles: []ticket.Role{ticket.RoleSupport}}
	_, owed := owes(t, at(t, ticket.StateResolved), ticket.Reopen{Policy: policy}, by)
	if _, told := owed[by.Address]; told {
		t.Error("support is told what support did")
	}
	if f := owed["vagt@firma.example"].Facts; f.By.Address != by.Address {
		t.Errorf("the colleague hears of %q", f.By.Address)
	}
	_, owed = owes(t, at(t, ticket.StateResolved), ticket.Append{Entry: entry("Det virker stadig ikke"), MayReopen: true, Policy: policy}, client)
	if f := owed["support@firma.example"].Facts; f.By.Address != "" {
		t.Errorf("%q is named as one of ours", f.By.Address)
	}
}

// The days of reminders count from the question.
func TestReminders(t *testing.T) {
	remind := ticket.Remind{Policy: policy}
	clock := ticket.Actor{Roles: []ticket.Role{ticket.RoleSystem}}
	waits := at(t, ticket.StateWaiting)
	for _, c := range []struct {
		name          string
		first, second time.Time
	}{
		{"on time", noon.AddDate(0, 0, 3), noon.AddDate(0, 0, 7)},
		{"an hour late", noon.AddDate(0, 0, 3).Add(time.Hour), noon.AddDate(0, 0, 7)},
		{"later than the second", noon.AddDate(0, 0, 9), noon.AddDate(0, 0, 13)},
	} {
		t.Run(c.name, func(t *testing.T) {
			tk := obey(t, waits, remind, clock, c.first)
			if !tk.Waiting.RemindOn.Equal(c.second) {
				t.Errorf("the second reminder is due on %v, want %v", tk.Waiting.RemindOn, c.second)
			}
			if tk = obey(t, tk, remind, clock, c.second); !tk.Waiting.RemindOn.IsZero() {
				t.Errorf("a third reminder is due on %v", tk.Waiting.RemindOn)
			}
		})
	}
}
