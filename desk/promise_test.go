package desk_test

import (
	"slices"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
)

// events are those of a kind on a ticket.
func (h *house) events(id ticket.ID, kind ticket.EventKind) (found []ticket.Event) {
	h.t.Helper()
	all, err := h.store.Events(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range all {
		if e.Kind == kind {
			found = append(found, e)
		}
	}
	return found
}

// at moves the clock on and does what is due then.
func (h *house) at(wall string) {
	h.t.Helper()
	h.clockTo(wall)
	h.chores()
}

func (h *house) wantBroken(id ticket.ID, want ...ticket.PromiseKind) {
	h.t.Helper()
	var got []ticket.PromiseKind
	for _, e := range h.events(id, ticket.EventOverdue) {
		got = append(got, e.Promise)
	}
	if !slices.Equal(got, want) {
		h.t.Errorf("at %s the promises broken are %v, want %v", h.now, got, want)
	}
}

// The acknowledgement names by when: 16 hours of business from Friday afternoon.
func TestAcknowledgementNamesThePromise(t *testing.T) {
	h := memory(t, readers(t, atEight, "support"), promising)
	h.clockTo("2026-11-20 14:05")
	id := h.opened("Faktura mangler linje")
	texts, err := templates.New(templates.Config{DeskName: "Support", Timezone: "Europe/Copenhagen", DefaultLanguage: "da"})
	if err != nil {
		t.Fatal(err)
	}
	letter, err := texts.Letter(h.notice(id, 1))
	if err != nil || !strings.Contains(strings.Join(strings.Fields(letter.Text), " "), "senest 24. november") {
		t.Errorf("%v, the acknowledgement says\n%s", err, letter.Text)
	}
	machine := h.opened("Disk full", func(in *desk.Incoming) {
		in.Message.Automatic = ticket.Automatic{Is: true, Kind: ticket.AutomaticNotification}
	})
	if got := h.ticket(machine); !got.AssessBy.IsZero() || !got.AnswerBy.IsZero() {
		t.Errorf("a machine is promised something: %s, %s", got.AssessBy, got.AnswerBy)
	}
}

// A promise that is broken is told once, to support, and to the owner where the
// ticket is critical; it stays broken until it is kept.
func TestBrokenPromisesAreToldOnce(t *testing.T) {
	h := memory(t, readers(t, atEight, "support", "owner", "dev"), promising)
	h.clockTo("2026-11-23 09:00")
	id := h.opened("Alt er nede", claims(ticket.SeverityCritical))
	h.at("2026-11-23 10:59")
	h.wantBroken(id)
	h.at("2026-11-23 11:00")
	h.at("2026-11-23 11:01")
	h.wantBroken(id, ticket.PromiseAssess)
	overdue := slices.DeleteFunc(h.notices(id), func(k ticket.NoticeKind) bool { return k != ticket.NoticeStaffOverdue })
	if len(overdue) != 2 {
		t.Errorf("%d letters tell of it, want one to support and one to the owner", len(overdue))
	}
	h.wantSections("support", "overdue: Alt er nede", "critical: Alt er nede", "unclassified: Alt er nede")
	h.at("2026-11-24 09:00")
	h.wantBroken(id, ticket.PromiseAssess, ticket.PromiseAnswer)
	h.must(id, "support", ticket.Order{Verb: ticket.VerbReply, Text: "Vi er på sagen."})
	h.classified(id, ticket.SeverityCritical)
	h.at("2026-12-23 09:00")
	h.wantBroken(id, ticket.PromiseAssess, ticket.PromiseAnswer)
	if got := h.ticket(id); !got.AnswerBy.IsZero() || !got.AssessBy.IsZero() {
		t.Errorf("kept promises still stand: %s, %s", got.AssessBy, got.AnswerBy)
	}
}

// While we wait for the reporter no answer is owed to him, whatever happens to the
// ticket; with his own answer the time begins anew. Reminders change nothing.
func TestWaitingBreaksNoAnswer(t *testing.T) {
	h := memory(t, readers(t, atEight, "support"), promising)
	h.clockTo("2026-11-23 09:00")
	id := h.opened("Faktura mangler linje")
	h.must(id, "support", ticket.Order{Verb: ticket.VerbAsk, Text: "Hvilken faktura?"})
	h.classified(id, ticket.SeverityHigh)
	if by := h.ticket(id).AnswerBy; !by.IsZero() {
		t.Errorf("the question was our answer, and yet one is promised by %s", by)
	}
	h.at("2026-11-26 10:00")
	if got := h.ticket(id); got.Waiting.Reminders != 1 || !got.AnswerBy.IsZero() {
		t.Errorf("after %d reminders an answer is promised by %s", got.Waiting.Reminders, got.AnswerBy)
	}
	h.at("2026-12-10 10:00")
	h.wantBroken(id)

	h.receive(h.mail(client, "Re: ["+string(id)+"]", "Nummer 7, fra oktober."))
	if got, want := h.ticket(id).AnswerBy, h.now.AddDate(0, 0, 7); !got.Equal(want) { // 40 hours of business
		t.Errorf("with his answer we promise one by %s, want %s", got, want)
	}
	h.at("2026-12-17 09:59")
	h.wantBroken(id)
	h.at("2026-12-17 10:00")
	h.wantBroken(id, ticket.PromiseAnswer)
}

// What a stranger to DMARC writes does not end the waiting, but the promise that it
// starts must not be broken while we wait, nor be lost with the true answer.
func TestPromiseMadeWhileWaiting(t *testing.T) {
	h := memory(t, readers(t, atEight, "support"), promising, relayed)
	h.clockTo("2026-11-23 09:00")
	verified := results("mx.aismarttalk.tech; dmarc=pass header.from=firma.example")
	id := h.opened("Faktura mangler linje", verified)
	h.must(id, "support", ticket.Order{Verb: ticket.VerbAsk, Text: "Hvilken faktura?"})
	re := "Re: [" + string(id) + "]"
	h.receive(h.mail(client, re, "Nummer 7.", answering(h.keys.MessageID(id, 1, "aismarttalk.tech"))))
	if got := h.ticket(id); got.State != ticket.StateWaiting || got.AnswerBy.IsZero() {
		t.Fatalf("an unverified answer made it %s, an answer promised by %s", got.State, got.AnswerBy)
	}
	h.at("2026-12-10 10:00")
	h.wantBroken(id, ticket.PromiseAssess)
	h.receive(h.mail(client, re, "Nummer 7, altså.", verified))
	h.at("2026-12-17 09:59")
	h.wantBroken(id, ticket.PromiseAssess)
	h.at("2026-12-17 10:00")
	h.wantBroken(id, ticket.PromiseAssess, ticket.PromiseAnswer)
}

// Support reopens on the reporter's behalf: that promises an answer too.
func TestReopeningPromisesAnAnswer(t *testing.T) {
	h := memory(t, readers(t, atEight, "support"), promising)
	h.clockTo("2026-11-23 09:00")
	id := h.opened("Faktura mangler linje")
	h.resolve(id)
	h.clockTo("2026-11-24 09:00")
	h.must(id, "support", ticket.Order{Verb: ticket.VerbReopen, Reason: "Kunden ringede."})
	want := h.now.AddDate(0, 0, 7)
	if got := h.ticket(id).AnswerBy; !got.Equal(want) {
		t.Errorf("an answer is promised by %s, want %s", got, want)
	}
	h.classified(id, ticket.SeverityNormal)
	if got := h.ticket(id).AnswerBy; !got.Equal(want) {
		t.Errorf("classified, it is promised by %s, want %s", got, want)
	}
}
