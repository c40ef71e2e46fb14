package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// tally is what an audit counted.
type tally struct {
	Mails      int // different ones, by Message-ID
	Attempts   int
	Taken      int // answers of 250
	Tickets    int
	Letters    int // different ones, by Message-ID
	Repeated   int // letters that the relay was given once more, which it may have had
	Refused    int // answers of 4xx
	Unanswered int
}

// check stops the daemon, if one runs, and fails the test for each promise that was
// broken.
func (b *bed) check() tally {
	b.t.Helper()
	if b.running() {
		b.stop()
	}
	a := b.audit()
	for _, text := range a.broken {
		b.t.Error(text)
	}
	return a.tally
}

// noted leaves the numbers in the test's log.
func noted(t *testing.T, f tally) {
	t.Helper()
	t.Logf("%+v", f)
}

// audit is what comes of holding the records against what the senders know and what
// the relay has: the six promises that hold whatever the fault.
//
//	I1  every mail answered 250 is there exactly once
//	I2  a mail never answered 250 is there once at most
//	I3  tracking IDs are unique, and no ticket is without its mail
//	I4  each letter owed was sent once, and again only where the relay's answer was lost
//	I5  the raw mail is what was sent
//	I6  no fault of ours was answered 5xx
type audit struct {
	tally
	bed     *bed
	store   *store.Store
	journal *journal.Journal
	opened  map[ticket.ID]string // → Message-ID
	broken  []string
}

func (a *audit) breaks(format string, args ...any) {
	a.broken = append(a.broken, fmt.Sprintf(format, args...))
}

// audit looks into the folder of a daemon that is stopped.
func (b *bed) audit() *audit {
	b.t.Helper()
	backend, err := b.backend()
	if err != nil {
		b.t.Fatal(err)
	}
	defer backend.Close()
	s, err := store.New(backend, store.Config{})
	if err != nil {
		b.t.Fatal(err)
	}
	j, err := journal.Open(journal.Config{Dir: dataFolder(b.data).journal()}, journal.Deps{})
	if err != nil {
		b.t.Fatal(err)
	}
	defer j.Close()
	a := &audit{bed: b, store: s, journal: j, opened: map[ticket.ID]string{}}
	if n := j.Stats().Pending; n != 0 {
		a.breaks("I1: %d mails are pending", n)
	}
	for _, m := range b.mails() {
		a.mail(m)
	}
	page, err := s.TicketIDs(b.t.Context(), "", 10_000)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, id := range page.Items {
		if _, ok := a.opened[id]; !ok {
			a.breaks("I3: ticket %s has no mail that was sent", id)
		}
	}
	a.Tickets = len(a.opened)
	a.letters()
	if a.Letters != a.Tickets {
		a.breaks("I4: %d different letters for %d tickets", a.Letters, a.Tickets)
	}
	return a
}

// mail looks what became of one.
func (a *audit) mail(m *sentMail) {
	a.Mails++
	for _, code := range m.answers {
		a.count(code)
		if code >= 500 {
			a.breaks("I6: %s was answered %d", m.id, code)
		}
	}
	for _, id := range m.queued {
		a.kept(m, id)
	}
	tickets := a.openedBy(m)
	for _, id := range tickets {
		if other, twice := a.opened[id]; twice {
			a.breaks("I3: %s is the ticket of %s and of %s", id, other, m.id)
		}
		a.opened[id] = m.id
		a.acknowledged(id)
	}
	switch n := len(tickets); {
	case len(m.queued) > 0 && n != 1:
		a.breaks("I1: %s, answered 250 %d times, opened %d tickets", m.id, len(m.queued), n)
	case n > 1:
		a.breaks("I2: %s, never answered 250, opened %d tickets", m.id, n)
	}
}

func (n *tally) count(code int) {
	n.Attempts++
	switch {
	case code == 250:
		n.Taken++
	case code == noAnswer:
		n.Unanswered++
	default:
		n.Refused++
	}
}

// kept: a mail is on record under the ID that was answered, and its bytes are there.
func (a *audit) kept(m *sentMail, id string) {
	record, ok, err := a.store.Mail(a.bed.t.Context(), id)
	if err != nil || !ok || record.Outcome.MessageID != m.id {
		a.breaks("I1: %s, answered 250 as %s, is on record: %v (%v)", m.id, id, ok, err)
		return
	}
	raw, err := a.journal.Read(journal.ID(id))
	if err != nil {
		a.breaks("I5: %s cannot be read: %v", id, err)
		return
	}
	if data, err := raw.Bytes(); err != nil || !bytes.HasSuffix(data, []byte(m.raw)) {
		a.breaks("I5: %s has other bytes than were sent (%v)", id, err)
	}
}

// openedBy are the tickets that a mail opened; every further copy is a duplicate.
func (a *audit) openedBy(m *sentMail) (ids []ticket.ID) {
	page, err := a.store.MailsByMessageID(a.bed.t.Context(), m.id, "", 1000)
	if err != nil {
		a.bed.t.Fatal(err)
	}
	for _, r := range page.Items {
		switch r.Outcome.Outcome {
		case ticket.OutcomeOpened:
			ids = append(ids, r.Outcome.Ticket)
		case ticket.OutcomeDuplicate:
		default:
			a.breaks("I1: %s became %s", m.id, r.Outcome.Outcome)
		}
	}
	return ids
}

// acknowledged: the ticket has one entry and owes one letter, which was sent.
func (a *audit) acknowledged(id ticket.ID) {
	tk, ok, err := a.store.Ticket(a.bed.t.Context(), id)
	if err != nil || !ok || tk.Entries != 1 {
		a.breaks("I3: ticket %s (there: %v, %v) has %d entries", id, ok, err, tk.Entries)
		return
	}
	notices, err := a.store.Notices(a.bed.t.Context(), id)
	if err != nil || len(notices) != 1 || notices[0].Kind != ticket.NoticeAcknowledgement || notices[0].State != ticket.NoticeSent {
		a.breaks("I4: ticket %s owes %+v (%v), want one acknowledgement that was sent", id, notices, err)
	}
}

// letters counts what has arrived. In a folder a letter that is written again has the
// same name; a relay must have each once, and once more for each lost answer.
func (a *audit) letters() {
	if a.bed.relay == nil {
		files, err := filepath.Glob(filepath.Join(dataFolder(a.bed.data).outgoing(), "*.eml"))
		if err != nil {
			a.bed.t.Fatal(err)
		}
		a.Letters = len(files)
		return
	}
	for id, l := range a.bed.relay.letters() {
		a.Letters++
		a.Repeated += l.copies - 1
		if l.copies > 1+l.ambiguous {
			a.breaks("I4: the letter %s arrived %d times, with %d answers lost", id, l.copies, l.ambiguous)
		}
	}
}

// The audit finds each promise that is broken: here what the senders or the relay
// believe is falsified behind its back.
func TestAuditFindsWhatIsBroken(t *testing.T) {
	relay := startScriptedRelay(t)
	b := newBed(t).withRelay(relay)
	b.start()
	first, second := b.take(smallMail), b.take(smallMail)
	refused := newMail(smallMail)
	b.settle()
	b.stop()
	if a := b.audit(); len(a.broken) > 0 || a.Tickets != 2 || a.Letters != 2 {
		t.Fatalf("a sound daemon: %+v", a)
	}
	for _, c := range []struct {
		falsify func() (undo func())
		want    string
	}{
		{func() func() {
			b.sent = append(b.sent, &sentMail{id: "lost@firma.example", answers: []int{250}, queued: []string{"01m8000000000000000a"}})
			return func() { b.sent = b.sent[:2] }
		}, "I1: lost@firma.example, answered 250 as"},
		{func() func() {
			b.sent = append(b.sent, first)
			return func() { b.sent = b.sent[:2] }
		}, "I3: "},
		{func() func() {
			b.sent = b.sent[:1]
			return func() { b.sent = append(b.sent, second) }
		}, "has no mail that was sent"},
		{func() func() {
			raw := first.raw
			first.raw = raw[:10] + "X" + raw[11:]
			return func() { first.raw = raw }
		}, "I5: "},
		{func() func() {
			refused.answers = []int{554}
			b.sent = append(b.sent, refused)
			return func() { b.sent = b.sent[:2] }
		}, "I6: "},
		{func() func() {
			id := relay.keep([]string{"Message-ID: <twice@aismarttalk.tech>"})
			relay.keep([]string{"Message-ID: <twice@aismarttalk.tech>"})
			relay.answered(id)
			relay.answered(id)
			return func() {}
		}, "I4: the letter <twice@aismarttalk.tech> arrived 2 times"},
	} {
		undo := c.falsify()
		a := b.audit()
		if !slices.ContainsFunc(a.broken, func(text string) bool { return strings.Contains(text, c.want) }) {
			t.Errorf("not found: %s, but %q", c.want, a.broken)
		}
		undo()
	}
}
