package main

import (
	"bytes"
	"context"
	"path/filepath"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// figures are what a check counted.
type figures struct {
	Mails      int // different ones, by Message-ID
	Attempts   int
	Taken      int // answers of 250
	Tickets    int
	Letters    int // different ones, by Message-ID
	Repeated   int // letters that the relay was given once more, which it may have had
	Refused    int // answers of 4xx
	Unanswered int
}

// check stops the daemon, if one runs, and holds what is on record against what the
// senders know and what the relay has: the six promises of every fault.
//
//	I1  every mail answered 250 is there exactly once
//	I2  a mail never answered 250 is there once at most
//	I3  tracking IDs are unique, and no ticket is without its mail
//	I4  each letter owed was sent once, and again only where the relay's answer was lost
//	I5  the raw mail is what was sent
//	I6  no fault of ours was answered 5xx
func (b *bed) check() figures {
	b.t.Helper()
	if b.running() {
		b.stop()
	}
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
	if n := j.Stats().Pending; n != 0 {
		b.t.Errorf("%d mails are pending", n)
	}

	f := figures{}
	opened := map[ticket.ID]string{} // → Message-ID
	for _, m := range b.mails() {
		f.Mails++
		for _, code := range m.answers {
			f.count(code)
			if code >= 500 {
				b.t.Errorf("I6: %s was answered %d", m.id, code)
			}
		}
		for _, id := range m.queued {
			b.kept(s, j, m, id)
		}
		times := 0
		for _, id := range b.openedBy(s, m) {
			times++
			if other, twice := opened[id]; twice {
				b.t.Errorf("I3: %s is the ticket of %s and of %s", id, other, m.id)
			}
			opened[id] = m.id
			b.acknowledged(s, id)
		}
		switch {
		case len(m.queued) > 0 && times != 1:
			b.t.Errorf("I1: %s, answered 250 %d times, opened %d tickets", m.id, len(m.queued), times)
		case times > 1:
			b.t.Errorf("I2: %s, never answered 250, opened %d tickets", m.id, times)
		}
	}
	page, err := s.TicketIDs(context.Background(), "", 10_000)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, id := range page.Items {
		if _, ok := opened[id]; !ok {
			b.t.Errorf("I3: ticket %s has no mail that was sent", id)
		}
	}
	f.Tickets = len(opened)
	b.letters(&f)
	if f.Letters != f.Tickets {
		b.t.Errorf("I4: %d different letters for %d tickets", f.Letters, f.Tickets)
	}
	return f
}

func (f *figures) count(code int) {
	f.Attempts++
	switch {
	case code == 250:
		f.Taken++
	case code == noAnswer:
		f.Unanswered++
	default:
		f.Refused++
	}
}

// kept: a mail is on record under the ID that was answered, and its bytes are there.
func (b *bed) kept(s *store.Store, j *journal.Journal, m *sentMail, id string) {
	b.t.Helper()
	record, ok, err := s.Mail(context.Background(), id)
	if err != nil || !ok || record.Outcome.MessageID != m.id {
		b.t.Errorf("I1: %s, answered 250 as %s, is on record: %v (%v)", m.id, id, ok, err)
		return
	}
	raw, err := j.Read(journal.ID(id))
	if err != nil {
		b.t.Errorf("I5: %s cannot be read: %v", id, err)
		return
	}
	if data, err := raw.Bytes(); err != nil || !bytes.HasSuffix(data, []byte(m.raw)) {
		b.t.Errorf("I5: %s has other bytes than were sent (%v)", id, err)
	}
}

// openedBy are the tickets that a mail opened; every further copy is a duplicate.
func (b *bed) openedBy(s *store.Store, m *sentMail) (ids []ticket.ID) {
	b.t.Helper()
	page, err := s.MailsByMessageID(context.Background(), m.id, "", 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, r := range page.Items {
		switch r.Outcome.Outcome {
		case ticket.OutcomeOpened:
			ids = append(ids, r.Outcome.Ticket)
		case ticket.OutcomeDuplicate:
		default:
			b.t.Errorf("%s became %s", m.id, r.Outcome.Outcome)
		}
	}
	return ids
}

// acknowledged: the ticket has one entry and owes one letter, which was sent.
func (b *bed) acknowledged(s *store.Store, id ticket.ID) {
	b.t.Helper()
	tk, ok, err := s.Ticket(context.Background(), id)
	if err != nil || !ok || tk.Entries != 1 {
		b.t.Errorf("I3: ticket %s (there: %v, %v) has %d entries", id, ok, err, tk.Entries)
		return
	}
	notices, err := s.Notices(context.Background(), id)
	if err != nil || len(notices) != 1 || notices[0].Kind != ticket.NoticeAcknowledgement || notices[0].State != ticket.NoticeSent {
		b.t.Errorf("I4: ticket %s owes %+v (%v), want one acknowledgement that was sent", id, notices, err)
	}
}

// letters counts what has arrived. In a folder a letter that is written again has the
// same name; a relay must have each once, and once more for each lost answer.
func (b *bed) letters(f *figures) {
	b.t.Helper()
	if b.relay == nil {
		files, err := filepath.Glob(filepath.Join(dataFolder(b.data).outgoing(), "*.eml"))
		if err != nil {
			b.t.Fatal(err)
		}
		f.Letters = len(files)
		return
	}
	for id, l := range b.relay.letters() {
		f.Letters++
		f.Repeated += l.copies - 1
		if l.copies > 1+l.ambiguous {
			b.t.Errorf("I4: the letter %s arrived %d times, with %d answers lost", id, l.copies, l.ambiguous)
		}
	}
}
