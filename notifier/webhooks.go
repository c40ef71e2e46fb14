package notifier

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
)

// Deliveries is where events are owed to webhooks. store.Deliveries is one; its
// methods are described there.
type Deliveries interface {
	Lease(ctx context.Context, now time.Time, ttl time.Duration, n int) ([]store.LeasedDelivery, error)
	Taken(ctx context.Context, l store.LeasedDelivery) error
	Retry(ctx context.Context, l store.LeasedDelivery, at, due time.Time, reply string) error
	GiveUp(ctx context.Context, l store.LeasedDelivery, at time.Time, reply string) error
	NextDue(ctx context.Context) (time.Time, bool, error)
}

// Webhooks tells webhooks what is owed to them: the same event may come twice and
// out of order, and bears the same webhook-id each time.
type Webhooks struct {
	hooks  map[string]receiver // by address
	queue  Deliveries
	now    func() time.Time
	log    zerolog.Logger
	wake   chan struct{}
	maxAge time.Duration
}

type receiver struct {
	Webhook
	client *http.Client
}

const (
	// webhooksAtOnce is how many requests are made at the same time.
	webhooksAtOnce = 8
	// webhookLease is longer than a request and its record can take together.
	webhookLease = webhookTimeout + 2*recordTimeout
	webhookAge   = 5 * 24 * time.Hour
)

// NewWebhooks wires the sender; Run starts it.
func NewWebhooks(hooks []Webhook, q Deliveries, now func() time.Time, log zerolog.Logger) (*Webhooks, error) {
	w := &Webhooks{hooks: map[string]receiver{}, queue: q, now: now, log: log, wake: make(chan struct{}, 1), maxAge: webhookAge}
	for _, h := range hooks {
		if err := h.Validate(); err != nil {
			return nil, fmt.Errorf("webhook %s: %w", h.URL, err)
		}
		w.hooks[h.URL] = receiver{h, h.client()}
	}
	return w, nil
}

// Wake says that something may be due now. It never blocks, and nothing is lost
// without it but a little time.
func (w *Webhooks) Wake() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Run tells what is due until ctx ends, and returns nil. A request that is cut off
// then is made again at the next start.
func (w *Webhooks) Run(ctx context.Context) error {
	defer func() {
		for _, r := range w.hooks {
			r.client.CloseIdleConnections()
		}
	}()
	for ctx.Err() == nil {
		leased, err := w.queue.Lease(ctx, w.now(), webhookLease, webhooksAtOnce)
		if err != nil && ctx.Err() == nil {
			w.log.Error().Err(err).Msg("taking what is owed to webhooks")
		}
		var group sync.WaitGroup
		for _, l := range leased {
			group.Go(func() { w.deliver(ctx, l) })
		}
		group.Wait()
		if len(leased) < webhooksAtOnce {
			w.wait(ctx)
		}
	}
	return nil
}

func (w *Webhooks) wait(ctx context.Context) {
	pause := poll
	due, some, err := w.queue.NextDue(ctx)
	if err == nil && some {
		pause = min(poll, max(rest, due.Sub(w.now())))
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-w.wake:
	case <-timer.C:
	}
}

// deliver makes one delivery and records what became of it. What is not recorded is
// made again when its lease ends.
func (w *Webhooks) deliver(ctx context.Context, l store.LeasedDelivery) {
	at := w.now()
	hook, known := w.hooks[l.Hook]
	err := errors.New("the configuration names this webhook no longer")
	if known {
		err = hook.post(ctx, hook.client, l.Delivery, at)
	}
	if ctx.Err() != nil && err != nil {
		return // cut off by our own end
	}
	log := w.log.With().Str("delivery", l.ID).Str("hook", l.Hook).Int("try", l.Attempts+1).Logger()
	record, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	due := at.Add(delayOf(l.ID, l.Attempts+1))
	var failed error
	switch {
	case err == nil:
		failed = w.queue.Taken(record, l)
		log.Debug().Msg("webhook told")
	case !known || errors.Is(err, errGone) || l.Attempts+1 >= minTries && due.Sub(l.Owed) > w.maxAge:
		failed = w.queue.GiveUp(record, l, at, oneLine(err.Error()))
		log.Error().Str("reply", oneLine(err.Error())).Msg("webhook given up")
	default:
		failed = w.queue.Retry(record, l, at, due, oneLine(err.Error()))
		log.Warn().Str("reply", oneLine(err.Error())).Time("due", due).Msg("webhook not told, it will be tried again")
	}
	if failed != nil && !errors.Is(failed, store.ErrLost) {
		log.Error().Err(failed).Msg("recording what became of a webhook: it will be told again")
	}
}
