package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// books hold what the senders and the relay know against the records of a desk.
type books struct {
	t       *testing.T
	mails   int // numbered from 0
	mailers *mailers
	relay   *postOffice
	store   *store.Store
	raw     func(journal.ID) (journal.Mail, error)
}

// check holds them against each other and returns the ticket of each mail:
// every mail has one ticket, one entry and one acknowledgement (I1 to I4), and its
// bytes are those that were sent (I5); nothing was refused (I6).
func (b books) check() map[string]ticket.ID {
	b.t.Helper()
	if refused := b.mailers.refused; len(refused) > 0 {
		b.t.Errorf("%d mails were refused for good, such as: %s", len(refused), refused[0])
	}
	for id, n := range b.mailers.taken {
		b.kept(id, n)
	}
	tickets := map[string]ticket.ID{}
	for n := range b.mails {
		b.opened(n, tickets)
	}
	distinct := map[ticket.ID]bool{}
	for _, id := range tickets {
		distinct[id] = true
	}
	if len(distinct) != b.mails {
		b.t.Errorf("%d mails have %d tracking IDs", b.mails, len(distinct))
	}
	return tickets
}

// kept: a mail that was answered 250 has an outcome, and its bytes are there.
func (b books) kept(id string, n int) {
	b.t.Helper()
	m, ok, err := b.store.Mail(context.Background(), id)
	if err != nil || !ok || m.Outcome.MessageID != loadID(n) {
		b.t.Errorf("mail %s, answered 250, is on record: %v (%v)", id, ok, err)
		return
	}
	raw, err := b.raw(journal.ID(id))
	if err != nil {
		b.t.Errorf("mail %s cannot be read: %v", id, err)
		return
	}
	data, err := raw.Bytes()
	traced, body, found := bytes.Cut(data, []byte("From: Kunde "))
	if err != nil || !found || "From: Kunde "+string(body) != loadMail(n) || !bytes.HasPrefix(traced, []byte("Received: ")) {
		b.t.Errorf("mail %s has other bytes than were sent (%v)", id, err)
	}
}

// opened: one of the mails of a Message-ID opened a ticket, which has one entry and one
// acknowledgement, that was sent; the others are duplicates.
func (b books) opened(n int, tickets map[string]ticket.ID) {
	b.t.Helper()
	ctx := context.Background()
	page, err := b.store.MailsByMessageID(ctx, loadID(n), "", 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	opened := 0
	for _, m := range page.Items {
		switch m.Outcome.Outcome {
		case ticket.OutcomeOpened:
			opened++
			tickets[loadID(n)] = m.Outcome.Ticket
		case ticket.OutcomeDuplicate:
		default:
			b.t.Errorf("mail %s became %s", m.Outcome.Mail, m.Outcome.Outcome)
		}
	}
	if opened != 1 {
		b.t.Errorf("%s opened %d tickets", loadID(n), opened)
		return
	}
	id := tickets[loadID(n)]
	tk, ok, err := b.store.Ticket(ctx, id)
	notices, listErr := b.store.Notices(ctx, id)
	if err != nil || listErr != nil || !ok || tk.Entries != 1 || len(notices) != 1 {
		b.t.Errorf("ticket %s (there: %v; %v, %v) has %d entries and %d letters", id, ok, err, listErr, tk.Entries, len(notices))
		return
	}
	if l := notices[0]; l.Kind != ticket.NoticeAcknowledgement || l.State != ticket.NoticeSent {
		b.t.Errorf("the %s of ticket %s is %s: %s", l.Kind, id, l.State, l.Reason)
	}
}

// acknowledged holds the letters of the relay against the mails: each reporter got one,
// under one Message-ID. It returns how many came more than once under that: what I4
// allows where the daemon died between the relay's answer and the note of it.
func (b books) acknowledged() (repeats int) {
	b.t.Helper()
	got := map[string]map[string]int{} // by recipient: Message-ID → how often
	for _, l := range b.relay.letters() {
		m, err := netmail.ReadMessage(bytes.NewReader(l.data))
		if err != nil || len(l.to) != 1 {
			b.t.Errorf("a letter to %q cannot be read: %v", l.to, err)
			continue
		}
		if got[l.to[0]] == nil {
			got[l.to[0]] = map[string]int{}
		}
		got[l.to[0]][m.Header.Get("Message-ID")]++
	}
	for n := range b.mails {
		letters := got[loadSender(n)]
		if len(letters) != 1 {
			b.t.Errorf("%s got %d different letters, want one: %q", loadSender(n), len(letters), slices.Collect(maps.Keys(letters)))
		}
		for _, times := range letters {
			repeats += times - 1
		}
	}
	if len(got) != b.mails {
		b.t.Errorf("%d people got letters, want %d", len(got), b.mails)
	}
	return repeats
}

// figures are the lines of a table.
type figures [][2]string

func (f *figures) add(what string, value any) {
	if d, ok := value.(time.Duration); ok {
		value = d.Round(10 * time.Millisecond)
	}
	*f = append(*f, [2]string{what, fmt.Sprint(value)})
}

func (f figures) String() string {
	var b strings.Builder
	for _, line := range f {
		fmt.Fprintf(&b, "\n  %-46s %s", line[0], line[1])
	}
	return b.String()
}
