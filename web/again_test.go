package web

import (
	"context"
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// A caller who goes away once his command is done does not turn it into a failure:
// asked again with the same Idempotency-Key it would be done twice.
func TestCommandThatIsDoneNeverFails(t *testing.T) {
	h := newHouse(t, nil)
	id := h.open("chatbot", "Faktura", "Linje 3 mangler.")
	by := ticket.Actor{Address: "token:support", Roles: []ticket.Role{ticket.RoleSupport}}
	done, err := h.desk.Order(t.Context(), id, ticket.Order{Verb: ticket.VerbNote, Text: "Ringet."}, by)
	if err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	got, err := h.web.commandResult(gone, id, done, false)
	if err != nil || got.Body.Event != done.After.Events || len(got.Body.Done) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := h.web.commandResult(gone, id, done, true); err == nil {
		t.Error("a preview that cannot be read is shown")
	}
}

// An Idempotency-Key counts for a day: used again after it, it is for another report.
func TestReportWithAKeyOfYesterday(t *testing.T) {
	h := newHouse(t, nil)
	const first = `{"reporter":{"address":"kunde@firma.example"},"subject":"Faktura","text":"Linje 3 mangler."}`
	const second = `{"reporter":{"address":"anden@firma.example"},"subject":"Login","text":"Koden virker ikke."}`
	a := answer[Reported](h, "chatbot", "POST", "/api/v1/tickets", first, "Idempotency-Key", "daily")
	h.clock.advance(25 * time.Hour)
	for range 2 {
		b := answer[Reported](h, "chatbot", "POST", "/api/v1/tickets", second, "Idempotency-Key", "daily")
		if b.Ticket == a.Ticket || b.Outcome != ticket.OutcomeOpened {
			t.Errorf("the second day's report is %+v, the first day's %+v", b, a)
		}
	}
	if all := answer[MailList](h, "support", "GET", "/api/v1/mails?outcome=opened", ""); len(all.Mails) != 2 {
		t.Errorf("%d tickets were opened by two reports", len(all.Mails))
	}
}
