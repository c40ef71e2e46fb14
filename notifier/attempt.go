package notifier

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
)

// attempt is one try to deliver one notice.
type attempt struct {
	*Notifier
	leased store.Leased
	until  time.Time // when the lease ends
	log    zerolog.Logger
}

func (n *Notifier) attempt(l store.Leased, until time.Time) attempt {
	return attempt{n, l, until, n.log.With().
		Str("ticket", string(l.Notice.Ticket)).Int("notice", l.Notice.Number).
		Str("kind", string(l.Notice.Kind)).Int("try", l.Notice.Attempts+1).Logger()}
}

// run writes the letter, asks the loop breaker, sends, and records what came of it.
func (a attempt) run(ctx context.Context) {
	letter, err := a.composer.Compose(a.leased.Notice)
	if err != nil {
		reason := "the letter cannot be written: " + oneLine(err.Error())
		a.giveUp(ctx, a.now(), reason, reason)
		return
	}
	if !a.granted(ctx) {
		return
	}
	receipt, err := a.send(ctx, letter)
	if err != nil {
		a.failed(ctx, err)
		return
	}
	a.log.Info().Str("reply", receipt.Reply).Msg("notice sent")
	at := a.now()
	a.record(ctx, func(ctx context.Context) error { return a.outbox.Sent(ctx, a.leased, at, receipt.Reply) })
}

// granted asks the loop breaker, which holds the notice if it is not. Without an
// answer the notice comes again when its lease ends.
func (a attempt) granted(ctx context.Context) bool {
	budget := a.config.Reporters
	if a.leased.Notice.Kind.ForStaff() {
		budget = a.config.Staff
	}
	v, err := a.outbox.Spend(ctx, a.leased, a.now(), budget, a.config.Daily)
	switch {
	case errors.Is(err, store.ErrLost):
		// Another worker has it, or it was held by a commit whose reply got lost.
	case err != nil:
		a.log.Error().Err(err).Msg("asking for the budget of a notice")
	case v.Granted:
		return true
	case v.First:
		a.log.Warn().Str("to", a.leased.Notice.To.Address).Str("reason", v.Reason).
			Msg("notice held, and so will be further ones: is this a loop?")
	default:
		a.log.Info().Str("reason", v.Reason).Msg("notice held")
	}
	return false
}

func (a attempt) send(ctx context.Context, l Letter) (Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, a.config.SendTimeout)
	defer cancel()
	return a.sender.Send(ctx, l)
}

// failed decides whether there will be another attempt, and when.
func (a attempt) failed(ctx context.Context, err error) {
	reply, permanent := oneLine(err.Error()), false
	if refused := (*SendError)(nil); errors.As(err, &refused) {
		reply, permanent = refused.Reply, refused.Permanent
	}
	at := a.now()
	due := at.Add(delay(a.leased.Notice, a.leased.Notice.Attempts+1))
	switch {
	case permanent:
		a.giveUp(ctx, at, reply, "refused: "+reply)
	case exhausted(a.leased.Notice, due, a.config.MaxAge):
		a.giveUp(ctx, at, reply, fmt.Sprintf("not taken within %v: %s", a.config.MaxAge, reply))
	default:
		a.log.Warn().Str("reply", reply).Time("due", due).Msg("notice not taken, it will be tried again")
		a.record(ctx, func(ctx context.Context) error { return a.outbox.Retry(ctx, a.leased, at, due, reply) })
	}
}

func (a attempt) giveUp(ctx context.Context, at time.Time, reply, reason string) {
	a.log.Error().Str("reason", reason).Msg("notice given up")
	a.record(ctx, func(ctx context.Context) error { return a.outbox.GiveUp(ctx, a.leased, at, reply, reason) })
}

const (
	// recordTimeout is what one try to record may take; leases are longer by it.
	recordTimeout = 10 * time.Second
	recordPause   = time.Second
)

// record writes down what became of the attempt. What is not recorded is done
// again, so it tries as long as the notice is leased, and once more when the
// notifier is told to stop.
func (a attempt) record(ctx context.Context, write func(context.Context) error) {
	for {
		stopping := ctx.Err() != nil
		try, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
		err := write(try)
		cancel()
		// ErrLost after a commit whose reply got lost means that it took place.
		if err == nil || errors.Is(err, store.ErrLost) {
			return
		}
		if stopping || a.now().After(a.until) {
			a.log.Error().Err(err).Msg("recording what became of a notice: it will be sent again")
			return
		}
		select {
		case <-time.After(recordPause):
		case <-ctx.Done():
		}
	}
}
