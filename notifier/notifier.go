package notifier

import (
	"context"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/sent"
)

// Outbox is where notices are owed. store.Outbox is one; its methods are described
// there.
type Outbox interface {
	Lease(ctx context.Context, now time.Time, ttl time.Duration, n int) ([]store.Leased, error)
	Spend(ctx context.Context, l store.Leased, now time.Time, b store.Budget, daily int) (store.Verdict, error)
	Extend(ctx context.Context, l store.Leased, until time.Time) (store.Leased, error)
	Sent(ctx context.Context, l store.Leased, at time.Time, reply string) error
	Retry(ctx context.Context, l store.Leased, at, due time.Time, reply string) error
	GiveUp(ctx context.Context, l store.Leased, at time.Time, reply, reason string) error
	NextDue(ctx context.Context) (time.Time, bool, error)
	Sweep(ctx context.Context, now time.Time) error
}

// Sent remembers which letters left, beside the store; sent.Log is one, whose
// methods say more.
type Sent interface {
	Find(key string) (sent.Letter, bool)
	Add(l sent.Letter) error
}

// Notifier pays what is owed.
type Notifier struct {
	config   Config
	outbox   Outbox
	sent     Sent
	composer *Composer
	sender   Sender
	files    Files
	now      func() time.Time
	log      zerolog.Logger
	wake     chan struct{}
}

// New wires a notifier; Run starts it. The clock tells what is due and when an
// attempt was made.
func New(c *Composer, o Outbox, left Sent, s Sender, files Files, now func() time.Time, log zerolog.Logger) *Notifier {
	return &Notifier{
		config: c.config, outbox: o, sent: left, composer: c, sender: s, files: files, now: now, log: log,
		wake: make(chan struct{}, 1),
	}
}

// Wake says that something may be due now. Whoever commits a notice calls it; it
// never blocks, and nothing is lost without it but a little time.
func (n *Notifier) Wake() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

const (
	// poll bounds the wait: notices that another process commits wake nobody here.
	poll = 15 * time.Second
	// rest is the least wait, should something be due that cannot be leased.
	rest = 100 * time.Millisecond
	// sweepEvery is how often what the loop breaker remembers is cleared out.
	sweepEvery = time.Hour
)

// Run sends what is due until ctx ends; then it takes nothing more, gives the
// letters on their way Config.Grace to arrive and returns nil. Whatever else
// happens it goes on: an outbox that does not answer is asked again.
func (n *Notifier) Run(ctx context.Context) error {
	// A letter on its way outlives ctx, so that stopping doubles none.
	sending, abort := context.WithCancel(context.WithoutCancel(ctx))
	defer abort()
	var workers sync.WaitGroup
	slots := make(chan struct{}, n.config.Workers)
	var swept time.Time

	for ctx.Err() == nil {
		if now := n.now(); now.Sub(swept) >= sweepEvery {
			swept = now
			if err := n.outbox.Sweep(ctx, now); err != nil && ctx.Err() == nil {
				n.log.Warn().Err(err).Msg("clearing out old budgets")
			}
		}
		free := acquire(ctx, slots)
		until := n.now().Add(n.config.Lease)
		leased := n.lease(ctx, free)
		for _, l := range leased {
			workers.Go(func() {
				defer func() { <-slots }()
				n.attempt(l, until).run(sending)
			})
		}
		for range free - len(leased) {
			<-slots
		}
		if len(leased) < free { // nothing more is due
			n.wait(ctx)
		}
	}

	stop := time.AfterFunc(n.config.Grace, abort)
	defer stop.Stop()
	workers.Wait()
	return nil
}

// acquire takes all free slots and waits for the first; 0 when ctx ends.
func acquire(ctx context.Context, slots chan struct{}) int {
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return 0
	}
	for free := 1; ; free++ {
		select {
		case slots <- struct{}{}:
		default:
			return free
		}
	}
}

// lease takes no more than can be sent at once, so that no lease runs while its
// notice waits.
func (n *Notifier) lease(ctx context.Context, free int) []store.Leased {
	if free == 0 {
		return nil
	}
	leased, err := n.outbox.Lease(ctx, n.now(), n.config.Lease, free)
	if err != nil && ctx.Err() == nil {
		n.log.Error().Err(err).Msg("taking due notices from the outbox")
	}
	return leased
}

// wait returns when something may be due.
func (n *Notifier) wait(ctx context.Context) {
	pause := poll
	due, some, err := n.outbox.NextDue(ctx)
	if err == nil && some {
		pause = min(poll, max(rest, due.Sub(n.now())))
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-n.wake:
	case <-timer.C:
	}
}
