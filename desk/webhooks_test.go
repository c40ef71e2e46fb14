package desk_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// What happens to a ticket is owed to each webhook in the commit in which it does:
// only of what it asked for, and without a word of a mail.
func TestWebhooksAreOwed(t *testing.T) {
	h := memory(t, func(c *desk.Config) {
		c.Webhooks = []desk.Webhook{
			{URL: "https://firma.example/all"},
			{URL: "https://firma.example/some", Events: []ticket.EventKind{ticket.EventResolved}},
		}
	})
	out := h.receive(h.mail("kunde@firma.example", "Hemmelig sag", "Ordene i mailen."))
	h.resolve(out.Ticket)
	// What was refused is owed to nobody.
	if err := h.order(out.Ticket, ticket.Order{Verb: ticket.VerbStart}, ticket.RoleDev); err == nil {
		t.Fatal("not refused")
	}
	owed, err := h.store.DeliveriesIn(context.Background(), store.DeliveryQueued, 10)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, d := range owed {
		var b desk.WebhookBody
		if err := json.Unmarshal(d.Body, &b); err != nil || b.Data.Ticket != out.Ticket || b.Type != "ticket."+string(b.Data.Kind) {
			t.Errorf("%s %v", d.Body, err)
		}
		got[d.Hook] += " " + b.Type
		for _, word := range []string{"Hemmelig", "Ordene", "kunde@", "Indstillinger"} {
			if strings.Contains(string(d.Body), word) {
				t.Errorf("%s tells %q", d.Body, word)
			}
		}
	}
	if got["https://firma.example/all"] != " ticket.opened ticket.resolved" || got["https://firma.example/some"] != " ticket.resolved" {
		t.Errorf("%q", got)
	}
}

// A letter that the loop breaker held, that was given up or has bounced is sent
// again or dropped by staff; none that goes its way, and by nobody else.
func TestLettersThatWaitForPeople(t *testing.T) {
	staff := ticket.Actor{Address: "first-line@aismarttalk.tech", Roles: []ticket.Role{ticket.RoleSupport}}
	for _, state := range []ticket.NoticeState{ticket.NoticeHeld, ticket.NoticeGivenUp, ticket.NoticeBounced} {
		h := memory(t)
		id := h.receive(h.mail("kunde@firma.example", "Faktura", "Linje 3 mangler.")).Ticket
		ctx := context.Background()
		if _, err := h.desk.RetryLetter(ctx, id, 1, staff); !refusedFor(err, ticket.RefusedState) {
			t.Errorf("a queued letter: %v", err)
		}
		box := store.NewOutbox(h.store)
		leased, err := box.Lease(ctx, h.now, choreTime, 10)
		if err != nil || len(leased) == 0 {
			t.Fatal(leased, err)
		}
		for _, l := range leased {
			if err := box.GiveUp(ctx, l, h.now, "550 no", "refused: 550 no"); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.store.Update(ctx, func(tx *store.Tx) error {
			n, _, err := tx.Notice(id, 1)
			if err != nil {
				return err
			}
			n.State = state
			return tx.PutNotice(n)
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.RetryLetter(ctx, id, 1, ticket.Actor{Roles: []ticket.Role{ticket.RoleReporter}}); !refusedFor(err, ticket.RefusedRole) {
			t.Errorf("not of the staff: %v", err)
		}
		n, err := h.desk.RetryLetter(ctx, id, 1, staff)
		if err != nil || n.State != ticket.NoticeQueued || n.Attempts != 0 || !n.Since().Equal(h.now) {
			t.Errorf("%s: %+v %v", state, n, err)
		}
		// No budget holds it a second time.
		if leased, err = box.Lease(ctx, h.now, choreTime, 10); err != nil || len(leased) != 1 {
			t.Fatal(leased, err)
		}
		if v, err := box.Spend(ctx, leased[0], h.now, store.Budget{TenMinutes: 1, Day: 1}, 1); err != nil || !v.Granted {
			t.Errorf("%s: %+v %v", state, v, err)
		}
	}
	h := memory(t)
	if _, err := h.desk.DropLetter(context.Background(), "AIS-0000-0000", 1, staff); err != desk.ErrNoLetter {
		t.Error(err)
	}
}

const choreTime = time.Minute

func refusedFor(err error, code ticket.RefusalCode) bool {
	var r *ticket.Refused
	return errors.As(err, &r) && r.Code == code
}
