package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/ticket"
)

// BenchmarkAcknowledged sends mails of 4 KB over 32 connections. It reports how
// many a second are accepted, filed on a ticket, and answered with a written
// acknowledgement, all counted from the same start.
func BenchmarkAcknowledged(b *testing.B) {
	s := defaultSettings()
	s.DataDir = b.TempDir()
	s.SMTP.Listeners = []listenerSettings{{Address: "127.0.0.1:0", Protocol: "smtp"}}
	s.HTTP.Listen = "127.0.0.1:0"
	s.Limits.MailsPerMinute, s.Limits.NoticesInAllPerDay = 1<<30, 0
	cfg := configuration{settings: s}
	cfg.planned, _ = cfg.plan()
	d, err := newDaemon(cfg, world{now: time.Now, random: rand.Reader, log: zerolog.Nop()})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	defer func() { cancel(); <-ended }()

	b.ResetTimer()
	start := time.Now()
	sendMany(b, d.smtp.Addrs()[0].String(), b.N)
	accepted := time.Since(start)
	for filed := false; ; time.Sleep(5 * time.Millisecond) { // a poll
		owed, err := d.records.store.NoticesIn(ctx, ticket.NoticeQueued, 1)
		if err != nil {
			b.Fatal(err)
		}
		if !filed && d.journal.Stats().Pending == 0 {
			filed = true
			b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "filed/s")
			continue // look again: what was filed last owes a letter
		}
		if filed && len(owed) == 0 {
			break
		}
	}
	b.ReportMetric(float64(b.N)/accepted.Seconds(), "accepted/s")
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "acknowledged/s")
}

func sendMany(b *testing.B, address string, n int) {
	var next atomic.Int64
	var senders sync.WaitGroup
	text := strings.Repeat("Der sker ikke noget, når man trykker på knappen.\r\n", 78) // 4 KB
	for range 32 {
		senders.Go(func() {
			c, err := smtp.Dial(address)
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				from := fmt.Sprintf("kunde%d@firma%d.example", i, i)
				raw := rawMailText(from, "contact+support@aismarttalk.tech", fmt.Sprint("Fejl ", i), fmt.Sprintf("b%d@firma.example", i), text)
				if err := c.SendMail(from, []string{"contact+support@aismarttalk.tech"}, bytes.NewReader(raw)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	senders.Wait()
}
