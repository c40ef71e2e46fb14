package main

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"aismarttalk.tech/supportd/web"
)

// ledger notes what was answered 250.
type ledger struct {
	mu       sync.Mutex
	promised map[string]bool // Message-ID → answered 250; false: sent, no answer
}

// feed sends mails one after the other until the daemon is gone.
func (l *ledger) feed(address string, worker int, accepted *atomic.Int64) {
	c, err := smtp.Dial(address)
	if err != nil {
		return
	}
	defer c.Close()
	for i := 0; ; i++ {
		id := fmt.Sprintf("w%d-%d@firma.example", worker, i)
		l.mu.Lock()
		l.promised[id] = false
		l.mu.Unlock()
		from := fmt.Sprintf("kunde%d-%d@firma.example", worker, i)
		raw := rawMailText(from, "contact+support@aismarttalk.tech", "Fejl "+id, id, "Noget virker ikke: "+id)
		if err := c.SendMail(from, []string{"contact+support@aismarttalk.tech"}, bytes.NewReader(raw)); err != nil {
			return
		}
		l.mu.Lock()
		l.promised[id] = true
		l.mu.Unlock()
		accepted.Add(1)
	}
}

// Stopped under load, the daemon finishes or puts off what is under way: nothing
// that was answered 250 is lost (fault 27).
func TestStopUnderLoad(t *testing.T) {
	s := testSettings(t.TempDir())
	s.Limits.MailsPerMinute = 1_000_000
	b := startDaemon(t, s)
	l := &ledger{promised: map[string]bool{}}
	var accepted atomic.Int64
	var feeding sync.WaitGroup
	for w := range 4 {
		feeding.Go(func() { l.feed(b.daemon.smtp.Addrs()[0].String(), w, &accepted) })
	}
	if err := b.until(t.Context(), func() (bool, error) { return accepted.Load() > 20, nil }); err != nil {
		t.Fatal(err)
	}
	b.stop()
	feeding.Wait()

	api, err := connect(context.Background(), planned(t, s), host{now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer api.close()
	waiting := map[string]bool{}
	for id, promised := range l.promised {
		var list web.MailList
		if _, err := api.get(t.Context(), "/api/v1/mails", map[string][]string{"message_id": {id}}, &list); err != nil {
			t.Fatal(err)
		}
		if promised && len(list.Mails) == 0 {
			waiting[id] = true // in the journal still: the next start files it
		}
	}
	api.close()
	next := startDaemon(t, s)
	for id := range waiting {
		if _, err := next.became(t.Context(), id); err != nil {
			t.Errorf("%s was answered 250 and is lost: %v", id, err)
		}
	}
	if len(l.promised) < 20 {
		t.Error("there was no load")
	}
}
