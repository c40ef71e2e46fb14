package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/smtpd"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// gauged are the parts whose own numbers are read when somebody asks.
type gauged struct {
	smtp     interface{ Stats() smtpd.Stats }
	journal  interface{ Stats() journal.Stats }
	store    interface{ Stats() store.Stats }
	sweeping interface{ fault(context.Context) error }
	counts   *counting
	now      func() time.Time
}

// reading is one metric that is read from a part.
type reading struct {
	*prometheus.Desc
	kind prometheus.ValueType
}

func counter(name, help string, labels ...string) reading {
	return reading{prometheus.NewDesc("supportd_"+name, help, labels, nil), prometheus.CounterValue}
}

func gauge(name, help string, labels ...string) reading {
	return reading{prometheus.NewDesc("supportd_"+name, help, labels, nil), prometheus.GaugeValue}
}

func (r reading) of(v float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(r.Desc, r.kind, v, labels...)
}

// reader makes metrics of them.
type reader struct {
	gauged
	sessions, open, accepted, acceptedBytes, refused reading
	depth, parked, oldest, bytes, damaged            reading
	sweepFailing                                     reading
	commits, conflicts                               reading
	outbox, outboxOldest, tickets                    reading
}

func newReader(g gauged) *reader {
	return &reader{
		gauged:        g,
		sessions:      counter("smtp_sessions_total", "SMTP and LMTP connections, refused ones too."),
		open:          gauge("smtp_sessions_open", "SMTP and LMTP connections that are open."),
		accepted:      counter("smtp_mails_accepted_total", "Mails that were answered 250."),
		acceptedBytes: counter("smtp_accepted_bytes_total", "Bytes of these mails."),
		refused:       counter("smtp_refusals_total", "What was refused to SMTP clients, by reason.", "reason"),
		depth:         gauge("journal_pending_mails", "Mails that are accepted and not filed."),
		parked:        gauge("journal_parked_mails", "Mails that could not be filed, and wait for a person."),
		oldest:        gauge("journal_oldest_pending_seconds", "How long the oldest mail waits that is accepted and not filed; 0 if none does."),
		bytes:         gauge("journal_bytes", "Bytes of all mail in the journal."),
		damaged:       gauge("journal_damaged_files", "Files of the journal that were set aside, and wait for a person."),
		sweepFailing:  gauge("journal_sweep_failing", "1 if filed mail could not leave the journal the last time, for want of the archive most often; else 0."),
		commits:       counter("store_commits_total", "Batches that were written to the store."),
		conflicts:     counter("store_conflicts_total", "Batches that another writer was faster than, and that were tried again."),
		outbox:        gauge("outbox_notices", "Letters that are not settled, by state.", "state"),
		outboxOldest:  gauge("outbox_oldest_seconds", "How long the oldest letter of a state is owed; 0 if there is none.", "state"),
		tickets:       gauge("tickets", "Tickets by state and severity: confirmed, else claimed.", "state", "severity"),
	}
}

// Describe names the metrics.
func (r *reader) Describe(to chan<- *prometheus.Desc) {
	for _, one := range []reading{
		r.sessions, r.open, r.accepted, r.acceptedBytes, r.refused, r.depth, r.parked, r.oldest, r.bytes, r.damaged, r.sweepFailing,
		r.commits, r.conflicts, r.outbox, r.outboxOldest, r.tickets,
	} {
		to <- one.Desc
	}
}

// Collect reads them. It touches no disk and no store.
func (r *reader) Collect(to chan<- prometheus.Metric) {
	now := r.now()
	age := func(since time.Time) float64 {
		if since.IsZero() {
			return 0
		}
		return max(0, now.Sub(since).Seconds())
	}
	smtp := r.smtp.Stats()
	to <- r.sessions.of(float64(smtp.Sessions))
	to <- r.open.of(float64(smtp.Open))
	to <- r.accepted.of(float64(smtp.Mails))
	to <- r.acceptedBytes.of(float64(smtp.Bytes))
	for reason, n := range smtp.Refused {
		to <- r.refused.of(float64(n), reason)
	}
	j := r.journal.Stats()
	to <- r.depth.of(float64(j.Pending))
	to <- r.parked.of(float64(j.Parked))
	to <- r.oldest.of(age(j.Oldest))
	to <- r.bytes.of(float64(j.Bytes))
	to <- r.damaged.of(float64(j.Damaged))
	failing := 0.0
	if r.sweeping.fault(context.Background()) != nil {
		failing = 1
	}
	to <- r.sweepFailing.of(failing)
	s := r.store.Stats()
	to <- r.commits.of(float64(s.Commits))
	to <- r.conflicts.of(float64(s.Conflicts))
	c := r.counts.latest()
	for state, n := range c.notices {
		to <- r.outbox.of(float64(n.count), string(state))
		to <- r.outboxOldest.of(age(n.oldest), string(state))
	}
	for standing, n := range c.tickets {
		to <- r.tickets.of(float64(n), string(standing.State), string(standing.Severity))
	}
}

// How old the counts of the store may be. Tickets are many and change little.
const (
	countNoticesEvery = 15 * time.Second
	countTicketsEvery = 5 * time.Minute
	countTimeout      = time.Minute
)

// unsettled are the states of notices that somebody should look at when they grow.
var unsettled = [...]ticket.NoticeState{ticket.NoticeQueued, ticket.NoticeHeld, ticket.NoticeBounced, ticket.NoticeGivenUp}

// counting counts what is in the store in the background, so that nobody who asks for
// metrics makes it scan. Safe for concurrent use.
type counting struct {
	store *store.Store
	log   zerolog.Logger

	mu   sync.Mutex
	last counts
}

type counts struct {
	notices map[ticket.NoticeState]owed
	tickets map[store.Standing]int // whole, and never changed
}

type owed struct {
	count  int
	oldest time.Time
}

func (c *counting) latest() counts {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

// Run counts until ctx ends.
func (c *counting) Run(ctx context.Context) error {
	notices, tickets := time.NewTicker(countNoticesEvery), time.NewTicker(countTicketsEvery)
	defer notices.Stop()
	defer tickets.Stop()
	c.told(ctx, errors.Join(c.countNotices(ctx), c.countTickets(ctx)))
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-notices.C:
			c.told(ctx, c.countNotices(ctx))
		case <-tickets.C:
			c.told(ctx, c.countTickets(ctx))
		}
	}
}

func (c *counting) told(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		c.log.Warn().Err(err).Msg("counting for metrics failed; they stay as they were")
	}
}

func (c *counting) countNotices(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, countTimeout)
	defer cancel()
	counted := map[ticket.NoticeState]owed{}
	for _, state := range unsettled {
		n, oldest, err := c.store.CountNotices(ctx, state)
		if err != nil {
			return err
		}
		counted[state] = owed{n, oldest}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last.notices = counted
	return nil
}

func (c *counting) countTickets(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, countTimeout)
	defer cancel()
	counted, err := c.store.CountTickets(ctx)
	if err != nil {
		return err
	}
	for _, state := range ticket.States() {
		for _, level := range [...]ticket.Severity{ticket.SeverityCritical, ticket.SeverityHigh, ticket.SeverityNormal, ticket.SeverityLow} {
			counted[store.Standing{State: state, Severity: level}] += 0 // there though there are none
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last.tickets = counted
	return nil
}
