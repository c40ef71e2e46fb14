package desk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"aismarttalk.tech/supportd/classifier"
	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/parser"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/rediskv"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
)

// traces are headers as they stand on any mail that has come some way: half of a
// mail of 4 KB.
var traces = strings.Repeat("Received: from mail.firma.example (mail.firma.example [192.0.2.25]) by mx.aismarttalk.tech\r\n"+
	"\t(Postfix) with ESMTPS id 4Xyz12AbCdEf3Gh for <"+support+">;\r\n\tMon, 23 Nov 2026 14:05:02 +0100 (CET)\r\n", 4) +
	"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=firma.example; s=post2026;\r\n" +
	"\th=from:to:subject:date:message-id:mime-version:content-type; bh=" + strings.Repeat("x", 43) + "=;\r\n" +
	"\tb=" + strings.Repeat(strings.Repeat("y", 70)+"\r\n\t ", 10) + "==\r\n"

// rawMail is a mail of about the given number of bytes.
func rawMail(n, size int) string {
	head := fmt.Sprintf("From: Kunde %d <kunde%d@firma.example>\r\nTo: %s\r\nSubject: Chatbot svarer ikke %d\r\nMessage-ID: <%d@firma.example>\r\n"+
		"Date: Mon, 23 Nov 2026 14:05:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n", n, n, support, n, n)
	if size > 2*len(traces) {
		head = traces + head
	}
	line := "Chatbotten på hjemmesiden svarer ikke, når kunder spørger om åbningstider.\r\n"
	return head + strings.Repeat(line, max(1, (size-len(head))/len(line)))
}

func envelope(n int) journal.Envelope {
	return journal.Envelope{
		Received: time.Date(2026, 11, 23, 13, 5, 0, 0, time.UTC), From: fmt.Sprintf("kunde%d@firma.example", n),
		To: []string{support}, Peer: "127.0.0.1:40000", Protocol: "ESMTP",
	}
}

func newReader(tb testing.TB) desk.Reader {
	tb.Helper()
	p, err := parser.New(parser.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	c, err := classifier.New(classifier.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	return desk.Reader{Parse: p.Parse, Classify: c.Classify}
}

func openJournal(tb testing.TB, dir string) *journal.Journal {
	tb.Helper()
	j, err := journal.Open(journal.Config{Dir: dir}, journal.Deps{})
	if err != nil {
		tb.Fatal(err)
	}
	return j
}

// counted tells when a number of mails is done, parked or released.
type counted struct {
	desk.Intake
	left     atomic.Int64
	empty    chan struct{}
	mu       sync.Mutex
	parked   []journal.ID
	released int
}

func count(in desk.Intake, mails int) *counted {
	c := &counted{Intake: in, empty: make(chan struct{})}
	c.left.Store(int64(mails))
	return c
}

func (c *counted) gone() {
	if c.left.Add(-1) == 0 {
		close(c.empty)
	}
}

func (c *counted) Done(id journal.ID) error {
	err := c.Intake.Done(id)
	c.gone()
	return err
}

func (c *counted) Park(id journal.ID, reason string) error {
	err := c.Intake.Park(id, reason)
	c.mu.Lock()
	c.parked = append(c.parked, id)
	c.mu.Unlock()
	c.gone()
	return err
}

// Release hands the mail back at once: tests do not wait.
func (c *counted) Release(id journal.ID, _ time.Time) {
	c.mu.Lock()
	c.released++
	c.mu.Unlock()
	c.Intake.Release(id, time.Time{})
}

// run files the mails of the intake until gone is closed.
func (h *house) run(in desk.Intake, gone <-chan struct{}, r desk.Reader) {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.desk.Run(ctx, in, r, 4) }()
	select {
	case <-gone:
	case <-time.After(time.Minute):
		h.t.Error("mails are left after a minute")
	}
	cancel()
	if err := <-ended; err != nil {
		h.t.Error(err)
	}
}

func TestRunFiles(t *testing.T) {
	h, j := memory(t), openJournal(t, t.TempDir())
	defer j.Close()
	raw := map[journal.ID]string{}
	for n := range 20 {
		m := rawMail(n, 2000)
		id, err := j.Put(context.Background(), envelope(n), strings.NewReader(m))
		if err != nil {
			t.Fatal(err)
		}
		raw[id] = m
	}
	in := count(j, len(raw))
	h.run(in, in.empty, newReader(t))
	for id, want := range raw {
		m, ok, err := h.store.Mail(context.Background(), string(id))
		if err != nil || !ok || m.Outcome.Outcome != ticket.OutcomeOpened {
			t.Fatalf("mail %s: outcome %q, on record %v, error %v", id, m.Outcome.Outcome, ok, err)
		}
		kept, err := j.Read(id)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := kept.Bytes(); err != nil || string(got) != want {
			t.Fatalf("mail %s is kept with %d bytes (%v), was %d", id, len(got), err, len(want))
		}
	}
	if s := j.Stats(); s.Pending != 0 {
		t.Errorf("%d mails are still pending", s.Pending)
	}
}

// A store that is away, or whose answers get lost, delays mail and loses none.
func TestRunOutlivesAFailingStore(t *testing.T) { // fault 14, 16
	h := newHouse(t, storetest.Failing(memkv.New(), storetest.Random(3, 0.6)))
	j := openJournal(t, t.TempDir())
	defer j.Close()
	for n := range 30 {
		if _, err := j.Put(context.Background(), envelope(n), strings.NewReader(rawMail(n, 500))); err != nil {
			t.Fatal(err)
		}
	}
	in := count(j, 30)
	h.run(in, in.empty, newReader(t))
	if in.released == 0 || len(in.parked) > 0 {
		t.Errorf("%d mails were put back and %d parked: want some and none", in.released, len(in.parked))
	}
	page, err := h.store.MailsByOutcome(context.Background(), ticket.OutcomeOpened, "", 100)
	if err != nil || len(page.Items) != 30 {
		t.Errorf("%d mails opened tickets (%v), want 30", len(page.Items), err)
	}
}

func TestAMailThatBreaksTheReaderStillBecomesATicket(t *testing.T) {
	h, j := memory(t), openJournal(t, t.TempDir())
	defer j.Close()
	id, err := j.Put(context.Background(), envelope(1), strings.NewReader(rawMail(1, 500)))
	if err != nil {
		t.Fatal(err)
	}
	broken := newReader(t)
	broken.Parse = func([]byte) ticket.Message { panic("a bug") }
	in := count(j, 1)
	h.run(in, in.empty, broken)
	m, _, err := h.store.Mail(context.Background(), string(id))
	if err != nil || m.Outcome.Outcome != ticket.OutcomeOpened || !m.Message.Flag(ticket.FlagRaw) {
		t.Errorf("outcome %q with flags %v, error %v", m.Outcome.Outcome, m.Message.Flags, err)
	}
}

// A parser that does not end keeps one mail's text back, and no other mail.
func TestAMailThatIsNeverReadStillBecomesATicket(t *testing.T) { // fault 30
	synctest.Test(t, func(t *testing.T) {
		h, j := memory(t), openJournal(t, t.TempDir())
		defer j.Close()
		const mails = 10
		var ids []journal.ID
		for n := range mails {
			id, err := j.Put(context.Background(), envelope(n), strings.NewReader(rawMail(n, 500)))
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
		stuck, sound := newReader(t), newReader(t)
		ever := make(chan struct{})
		stuck.Parse = func(raw []byte) ticket.Message {
			m := sound.Parse(raw)
			if m.MessageID == "3@firma.example" {
				<-ever
			}
			return m
		}
		in := count(j, mails)
		h.run(in, in.empty, stuck)
		for n, id := range ids {
			m, _, err := h.store.Mail(context.Background(), string(id))
			if err != nil || m.Outcome.Outcome != ticket.OutcomeOpened || m.Message.Flag(ticket.FlagRaw) != (n == 3) {
				t.Errorf("mail %d: outcome %q with flags %v, error %v", n, m.Outcome.Outcome, m.Message.Flags, err)
			}
		}
		close(ever)
	})
}

// unreadable fails each third time that a mail is taken, as a journal does that
// may open no more files.
type unreadable struct {
	*counted
	asked, failed atomic.Int64
}

func (u *unreadable) Next(ctx context.Context) (journal.Mail, error) {
	if u.asked.Add(1)%3 == 0 {
		u.failed.Add(1)
		return journal.Mail{}, errors.New("too many open files")
	}
	return u.counted.Next(ctx)
}

// An error of the journal about one mail ended the worker that met it, and after
// as many errors as there were workers nothing was filed any more.
func TestRunOutlivesAMailThatCannotBeRead(t *testing.T) { // fault 12
	h, j := memory(t), openJournal(t, t.TempDir())
	defer j.Close()
	const mails = 20
	for n := range mails {
		if _, err := j.Put(context.Background(), envelope(n), strings.NewReader(rawMail(n, 500))); err != nil {
			t.Fatal(err)
		}
	}
	in := &unreadable{counted: count(j, mails)}
	h.run(in, in.empty, newReader(t))
	if in.failed.Load() < 4 {
		t.Errorf("the journal failed %d times, want more than there are workers", in.failed.Load())
	}
}

type refusing struct{ store.Backend }

func (refusing) Apply(_ context.Context, b store.Batch) error {
	for _, p := range b.Put {
		if strings.HasPrefix(p.Key, "mail/") {
			return fmt.Errorf("too big: %w", store.ErrInvalid)
		}
	}
	return nil
}

func TestAMailThatTheStoreRefusesIsParked(t *testing.T) {
	h, j := newHouse(t, refusing{memkv.New()}), openJournal(t, t.TempDir())
	defer j.Close()
	id, err := j.Put(context.Background(), envelope(1), strings.NewReader(rawMail(1, 500)))
	if err != nil {
		t.Fatal(err)
	}
	in := count(j, 1)
	h.run(in, in.empty, newReader(t))
	if len(in.parked) != 1 || in.parked[0] != id {
		t.Errorf("parked: %v, want %s", in.parked, id)
	}
	if _, err := j.Read(id); err != nil {
		t.Errorf("the parked mail cannot be read: %v", err)
	}
}

// BenchmarkFile measures a mail's way from the journal to its ticket, its
// acknowledgement queued: mails of 4 KB, half of it headers, 32 in flight.
func BenchmarkFile(b *testing.B) {
	for _, k := range []struct {
		name string
		open func(b *testing.B) store.Backend
	}{
		{"memory", func(*testing.B) store.Backend { return memkv.New() }},
		{"bolt", func(b *testing.B) store.Backend {
			s, err := boltkv.Open(boltkv.Config{Path: b.TempDir() + "/supportd.bolt"})
			if err != nil {
				b.Fatal(err)
			}
			return s
		}},
		{"redis", func(b *testing.B) store.Backend {
			server := storetest.Redis(b, "--appendonly", "yes", "--appendfsync", "everysec")
			s, err := rediskv.New(rediskv.Config{URL: server.URL(), Desk: "bench"})
			if err != nil {
				b.Fatal(err)
			}
			return s
		}},
	} {
		b.Run(k.name, func(b *testing.B) {
			backend := k.open(b)
			defer backend.Close()
			fileAll(b, backend)
		})
	}
}

func fileAll(b *testing.B, backend store.Backend) {
	h := newHouse(b, backend)
	j := openJournal(b, b.TempDir())
	defer j.Close()
	var group sync.WaitGroup
	var next atomic.Int64
	for range 32 { // the journal commits what waits together
		group.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				if _, err := j.Put(context.Background(), envelope(int(n)), strings.NewReader(rawMail(int(n), 4096))); err != nil {
					b.Error(err)
				}
			}
		})
	}
	group.Wait()
	in, r := count(j, b.N), newReader(b)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error, 1)
	b.ResetTimer()
	go func() { ended <- h.desk.Run(ctx, in, r, 32) }()
	<-in.empty
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
	cancel()
	if err := <-ended; err != nil {
		b.Error(err)
	}
	page, err := h.store.MailsByOutcome(context.Background(), ticket.OutcomeOpened, "", b.N+1)
	if err != nil || len(page.Items) != b.N {
		b.Errorf("%d of %d mails opened a ticket (%v)", len(page.Items), b.N, err)
	}
}
