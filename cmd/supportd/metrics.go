package main

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/smtpd"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// metrics are what the daemon counts of itself as it happens; what its parts count for
// themselves is read when somebody asks (metricsread.go). The values of every label
// are words of the program's own, so that no mail and no client makes new ones.
type metrics struct {
	registry   *prometheus.Registry
	mails      *prometheus.CounterVec
	salvaged   prometheus.Counter
	accepting  prometheus.Histogram
	processing prometheus.Histogram
	notices    *prometheus.CounterVec
	digest     prometheus.Gauge
}

// What became of an attempt to send a notice.
const (
	noticeSent    = "sent"
	noticeDelayed = "delayed"
	noticeGivenUp = "given-up"
	noticeHeld    = "held"
)

func newMetrics(v version) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		mails: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "supportd_mails_filed_total", Help: "Mails that were filed, by outcome.",
		}, []string{"outcome"}),
		salvaged: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "supportd_mail_parse_failures_total", Help: "Mails that could not be read in full, and were filed with what could be.",
		}),
		accepting: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "supportd_mail_accept_seconds", Help: "From the last byte of a mail to its being safe on disk.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}),
		processing: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "supportd_mail_processing_seconds", Help: "From a mail's acceptance to its being filed; of a replayed mail since it was first accepted.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800},
		}),
		notices: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "supportd_notices_total", Help: "Attempts to send a letter, by kind and result: sent, delayed, given-up, held.",
		}, []string{"kind", "result"}),
		digest: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "supportd_digest_last_sent_timestamp_seconds", Help: "When a digest was last sent, in Unix time; 0 if none was since the start.",
		}),
	}
	for _, kind := range outcomes {
		m.mails.WithLabelValues(string(kind)) // there from the start, so that a rate has where to begin
	}
	build := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "supportd_build_info", Help: "1, with the version of the program.",
		ConstLabels: prometheus.Labels{"version": v.Version, "revision": v.Revision, "go": v.Go},
	}, func() float64 { return 1 })
	m.registry.MustRegister(m.mails, m.salvaged, m.accepting, m.processing, m.notices, m.digest, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

var outcomes = [...]ticket.OutcomeKind{
	ticket.OutcomeOpened, ticket.OutcomeAppended, ticket.OutcomeReopened, ticket.OutcomeFollowup, ticket.OutcomeDuplicate, ticket.OutcomeCommand,
	ticket.OutcomeConfirmed, ticket.OutcomeAuto, ticket.OutcomeBounce, ticket.OutcomeHeld, ticket.OutcomeRefusedLoop,
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

func (m *metrics) filed(f desk.Filed) {
	m.mails.WithLabelValues(string(f.Outcome)).Inc()
	m.processing.Observe(f.Waited.Seconds())
	if f.Salvaged {
		m.salvaged.Inc()
	}
}

// timedInbox is an inbox that measures how long a client waits for its answer.
type timedInbox struct {
	smtpd.Inbox
	now  func() time.Time
	took prometheus.Observer
}

// Put measures from when the mail is read to its end: how long that takes is up to the
// client.
func (t timedInbox) Put(ctx context.Context, e journal.Envelope, r io.Reader) (journal.ID, error) {
	watched := &ending{Reader: r, now: t.now}
	id, err := t.Inbox.Put(ctx, e, watched)
	if err == nil && !watched.at.IsZero() {
		t.took.Observe(t.now().Sub(watched.at).Seconds())
	}
	return id, err
}

// ending notes when a reader came to its end.
type ending struct {
	io.Reader
	now func() time.Time
	at  time.Time
}

func (e *ending) Read(p []byte) (int, error) {
	n, err := e.Reader.Read(p)
	if err == io.EOF && e.at.IsZero() {
		e.at = e.now()
	}
	return n, err
}

// Flags is what an Inbox may ask of its reader.
func (e *ending) Flags() []string {
	if f, ok := e.Reader.(interface{ Flags() []string }); ok {
		return f.Flags()
	}
	return nil
}

// countedOutbox is an outbox that counts what becomes of notices, once it is recorded.
type countedOutbox struct {
	*store.Outbox
	metrics *metrics
}

func (c countedOutbox) count(l store.Leased, result string, err error) error {
	if err == nil {
		c.metrics.notices.WithLabelValues(string(l.Notice.Kind), result).Inc()
	}
	return err
}

func (c countedOutbox) Sent(ctx context.Context, l store.Leased, at time.Time, reply string) error {
	err := c.count(l, noticeSent, c.Outbox.Sent(ctx, l, at, reply))
	if err == nil && l.Notice.Kind == ticket.NoticeDigest {
		c.metrics.digest.Set(float64(at.Unix()))
	}
	return err
}

func (c countedOutbox) Retry(ctx context.Context, l store.Leased, at, due time.Time, reply string) error {
	return c.count(l, noticeDelayed, c.Outbox.Retry(ctx, l, at, due, reply))
}

func (c countedOutbox) GiveUp(ctx context.Context, l store.Leased, at time.Time, reply, reason string) error {
	return c.count(l, noticeGivenUp, c.Outbox.GiveUp(ctx, l, at, reply, reason))
}

func (c countedOutbox) Spend(ctx context.Context, l store.Leased, now time.Time, b store.Budget, daily int) (store.Verdict, error) {
	v, err := c.Outbox.Spend(ctx, l, now, b, daily)
	if err == nil && !v.Granted {
		_ = c.count(l, noticeHeld, nil)
	}
	return v, err
}
