package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// Faults that need a clock in the test's hands: their daemon runs in the process of the
// test.

// relayedBench is one whose letters go to a relay.
func relayedBench(t *testing.T, relay *scriptedRelay, tls string) (*bench, *stoppedClock) {
	t.Helper()
	clock := &stoppedClock{at: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
	s := testSettings(t.TempDir())
	s.Staff = nil
	s.Relay = relaySettings{Host: "127.0.0.1", Port: relay.port(), TLS: tls}
	return startDaemonAt(t, s, clock.now), clock
}

// owed posts a mail and returns its acknowledgement once it has been tried.
func (b *bench) owed() ticket.ID {
	b.t.Helper()
	m := newMail(smallMail)
	if err := b.post(b.t.Context(), []byte(m.raw), m.from, bedAddress); err != nil {
		b.t.Fatal(err)
	}
	var list web.MailList
	err := b.until(b.t.Context(), func() (bool, error) {
		_, err := b.api.get(b.t.Context(), web.APIPath+"/mails", map[string][]string{"message_id": {m.id}}, &list)
		return len(list.Mails) == 1, err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return list.Mails[0].Ticket
}

// tried waits until the only letter of a ticket has been tried so often, and returns it.
func (b *bench) tried(id ticket.ID, times int) ticket.Notice {
	b.t.Helper()
	var n ticket.Notice
	err := b.until(b.t.Context(), func() (bool, error) {
		notices, err := b.daemon.records.store.Notices(b.t.Context(), id)
		if err != nil || len(notices) != 1 {
			b.t.Fatalf("%d letters are owed: %v", len(notices), err)
		}
		n = notices[0]
		return n.Attempts == times, nil
	})
	if err != nil {
		b.t.Fatalf("%v: %+v", err, n)
	}
	return n
}

func lastReply(n ticket.Notice) string { return n.Tries[len(n.Tries)-1].Reply }

// after sets the clock on, and has the notifier look.
func (b *bench) after(clock *stoppedClock, d time.Duration) {
	clock.set(clock.now().Add(d))
	b.daemon.notifier.Wake()
}

// Fault 21: whatever a relay does, the letter is tried again later; it arrives once, and
// once more for the answer that was lost, under one Message-ID.
func relayInTrouble(t *testing.T) {
	relay := startScriptedRelay(t)
	relay.be(defers)
	b, clock := relayedBench(t, relay, "none")
	id := b.owed()
	called := func(times int) func() bool { return func() bool { return relay.heard("") == times } }
	for i, step := range []struct {
		mood   mood
		hangUp func() bool // when the relay does, which would not by itself
	}{
		{dropsAfterDot, nil}, {saysNothing, called(3)}, {stallsAfterDot, func() bool { return relay.has() == 2 }}, {defers, nil}, {takes, nil},
	} {
		if n := b.tried(id, i+1); n.State != ticket.NoticeQueued {
			t.Fatalf("after %d attempts the letter is %s: %s", i+1, n.State, n.Reason)
		}
		relay.be(step.mood)
		b.after(clock, 2*time.Hour) // longer than any wait between two tries
		if step.hangUp != nil {
			if err := b.until(t.Context(), func() (bool, error) { return step.hangUp(), nil }); err != nil {
				t.Fatal(err)
			}
			relay.hangUp()
		}
	}
	if n := b.tried(id, 6); n.State != ticket.NoticeSent {
		t.Errorf("in the end the letter is %s: %s", n.State, n.Reason)
	}
	letters := relay.letters()
	if len(letters) != 1 {
		t.Errorf("%d Message-IDs, want one", len(letters))
	}
	for _, l := range letters {
		if l.copies != 3 || l.ambiguous != 2 {
			t.Errorf("%+v, want one copy, and one more for each of two lost answers", l)
		}
	}
}

// Fault 21: TLS that fails puts a letter off; nothing of it is said in the clear.
func relayWithoutTLS(t *testing.T) {
	for _, c := range []struct {
		tls  string
		mood mood
	}{{"mandatory", takes}, {"mandatory", breaksTLS}, {"opportunistic", breaksTLS}} {
		relay := startScriptedRelay(t)
		relay.be(c.mood)
		b, _ := relayedBench(t, relay, c.tls)
		if n := b.tried(b.owed(), 1); n.State != ticket.NoticeQueued || !strings.Contains(lastReply(n), "TLS") {
			t.Errorf("%s: the letter is %s: %s", c.tls, n.State, lastReply(n))
		}
		if relay.heard("MAIL") > 0 || relay.has() > 0 {
			t.Errorf("%s: a letter was begun in the clear", c.tls)
		}
	}
}

// Fault 22: who is refused for good is asked once, and nobody is written to about it.
func relayRefuses(t *testing.T) {
	relay := startScriptedRelay(t)
	relay.be(refuses)
	b, clock := relayedBench(t, relay, "none")
	id := b.owed()
	n := b.tried(id, 1)
	if n.State != ticket.NoticeGivenUp || !strings.Contains(lastReply(n), "550 5.7.1 not from you") {
		t.Errorf("the letter is %s: %s", n.State, n.Reason)
	}
	b.after(clock, 48*time.Hour)
	other := b.owed() // by the time that this was tried, the first would have been
	b.tried(other, 1)
	b.tried(id, 1)
	if got := relay.heard("RCPT"); got != 2 {
		t.Errorf("the relay was asked %d times for two letters", got)
	}
	var box web.Outbox
	if _, err := b.api.get(t.Context(), web.APIPath+"/outbox", map[string][]string{"state": {web.OutboxUnsent}}, &box); err != nil || len(box.Letters) != 2 {
		t.Errorf("the outbox shows %d letters (%v), want the two given up", len(box.Letters), err)
	}
}

// Fault 23: the clock jumps a day on and two back under a running daemon. Mail is filed,
// letters leave, tokens hold, and no ID comes twice or before an older one.
func clockJumps(t *testing.T) {
	clock := &stoppedClock{at: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
	s := testSettings(t.TempDir())
	s.Staff = nil
	b := startDaemonAt(t, s, clock.now)
	client := "kunde@firma.example"
	first := b.write(client, b.support(), "Fejl", "Feltet er tomt.")
	ack := b.letterOf(first, ticket.NoticeAcknowledgement)
	ids := []string{first.Mail}
	tickets := map[ticket.ID]bool{first.Ticket: true}
	for i, jump := range []time.Duration{24 * time.Hour, -48 * time.Hour, 24 * time.Hour} {
		clock.set(clock.now().Add(jump))
		answer := b.write(client, ack.replyTo, "SV: "+ack.subject, "Det gælder stadig.")
		b.expect(answer, ticket.OutcomeAppended, first.Ticket)
		m := b.write(string(rune('a'+i))+"-"+client, b.support(), "Andet", "Noget andet end før, nummer "+string(rune('a'+i)))
		b.expect(m, ticket.OutcomeOpened, m.Ticket)
		b.letterOf(m, ticket.NoticeAcknowledgement)
		ids = append(ids, answer.Mail, m.Mail)
		tickets[m.Ticket] = true
	}
	if !slices.IsSortedFunc(ids, func(a, b string) int { return journal.ID(a).Time().Compare(journal.ID(b).Time()) }) {
		t.Errorf("IDs run backwards: %v", ids)
	}
	if len(tickets) != 4 {
		t.Errorf("4 tickets have %d IDs", len(tickets))
	}
}

// Fault 23: the hour is skipped in spring and comes twice in autumn.
func summerTime(t *testing.T) {
	for _, change := range []time.Time{
		time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC), // 02:00 becomes 03:00 in Copenhagen
		time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC),
	} {
		clock := &stoppedClock{at: change.Add(-90 * time.Minute)}
		s := testSettings(t.TempDir())
		b := startDaemonAt(t, s, clock.now)
		var ids []string
		for i := range 7 {
			m := b.write(string(rune('a'+i))+"@firma.example", b.support(), "Fejl", "Felt "+string(rune('a'+i))+" er tomt.")
			b.expect(m, ticket.OutcomeOpened, m.Ticket)
			b.letterOf(m, ticket.NoticeAcknowledgement)
			if _, err := b.daemon.records.desk.DoChores(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got, want := m.Received.UTC(), clock.now(); !got.Equal(want) {
				t.Errorf("received at %v, want %v", got, want)
			}
			ids = append(ids, m.Mail)
			clock.set(clock.now().Add(30 * time.Minute))
		}
		if !slices.IsSorted(ids) {
			t.Errorf("IDs run backwards: %v", ids)
		}
	}
}
