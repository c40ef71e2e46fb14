package notifier

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/sent"
	"aismarttalk.tech/supportd/ticket"
)

// attempt is one try to deliver one notice.
type attempt struct {
	*Notifier
	notice ticket.Notice
	log    zerolog.Logger

	mu     sync.Mutex   // held while the outbox is asked about the lease
	leased store.Leased // renewed
	until  time.Time    // when the lease ends
}

func (n *Notifier) attempt(l store.Leased, until time.Time) *attempt {
	return &attempt{Notifier: n, notice: l.Notice, leased: l, until: until, log: n.log.With().
		Str("ticket", string(l.Notice.Ticket)).Int("notice", l.Notice.Number).
		Str("kind", string(l.Notice.Kind)).Int("try", l.Notice.Attempts+1).Logger()}
}

// run delivers the notice. A relay may take minutes to answer, a notifier that was
// killed never does: so leases are short, and renewed as long as the attempt runs.
func (a *attempt) run(ctx context.Context) {
	renewal, end := context.WithCancel(context.WithoutCancel(ctx))
	var renewing sync.WaitGroup
	renewing.Go(func() { a.renew(renewal) })
	defer renewing.Wait()
	defer end()
	a.deliver(ctx)
}

// deliver writes the letter, asks the loop breaker, sends, and records what came
// of it. To an address that a server has called unknown nothing is sent: further
// bounces teach nothing, and cost the sender its name.
func (a *attempt) deliver(ctx context.Context) {
	if left, ok := a.sent.Find(a.notice.Sending()); ok { // and the store was not told, or has forgotten
		a.log.Info().Time("sent", left.At).Msg("notice was sent before")
		a.settle(ctx, left)
		return
	}
	if why := a.leased.Undeliverable; why != "" {
		reason := "the address is known to be undeliverable: " + oneLine(why)
		a.giveUp(ctx, a.now(), reason, reason)
		return
	}
	files, err := a.attachments(ctx)
	if err != nil {
		a.failed(ctx, err)
		return
	}
	letter, err := a.composer.Compose(a.notice, files...)
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
	left := sent.Letter{Key: a.notice.Sending(), Ticket: a.notice.Ticket, Number: a.notice.Number, At: a.now(), Reply: receipt.Reply}
	if left.Key != "" { // else it was owed by an older version
		if err := a.sent.Add(left); err != nil {
			a.log.Error().Err(err).Msg("should the store lose its records, this letter is sent again")
		}
	}
	a.settle(ctx, left)
}

// settle records that the letter left.
func (a *attempt) settle(ctx context.Context, left sent.Letter) {
	a.record(ctx, func(ctx context.Context, l store.Leased) error { return a.outbox.Sent(ctx, l, left.At, left.Reply) })
}

// attachments are the files that go with the letter.
func (a *attempt) attachments(ctx context.Context) ([]ticket.Attachment, error) {
	if len(a.notice.Facts.Attachments) == 0 {
		return nil, nil
	}
	files, err := a.files(ctx, a.notice.Facts.Attachments)
	if err != nil {
		return nil, fmt.Errorf("reading what goes with the letter: %w", err)
	}
	return files, nil
}

// granted asks the loop breaker, which holds the notice if it is not. Without an
// answer the notice comes again when its lease ends.
//
// A critical alert is not asked about and costs nothing: however many letters a
// flood has caused, the owner must hear of the claim that is true. Nor can alerts
// make a loop, since no letter answers a letter of staff's.
func (a *attempt) granted(ctx context.Context) bool {
	if a.notice.Kind == ticket.NoticeStaffCritical {
		return true
	}
	budget := a.config.Reporters
	if a.notice.Kind.ForStaff() {
		budget = a.config.Staff
	}
	a.mu.Lock()
	v, err := a.outbox.Spend(ctx, a.leased, a.now(), budget, a.config.Daily)
	a.mu.Unlock()
	switch {
	case errors.Is(err, store.ErrLost):
		// Another worker has it, or it was held by a commit whose reply got lost.
	case err != nil:
		a.log.Error().Err(err).Msg("asking for the budget of a notice")
	case v.Granted:
		return true
	case v.First:
		a.log.Warn().Str("to", a.notice.To.Address).Str("reason", v.Reason).
			Msg("notice held, and so will be further ones: is this a loop?")
	default:
		a.log.Info().Str("reason", v.Reason).Msg("notice held")
	}
	return false
}

func (a *attempt) send(ctx context.Context, l Letter) (Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, a.config.SendTimeout)
	defer cancel()
	return a.sender.Send(ctx, l)
}

// renew prolongs the lease until ctx ends. A renewal that failed is tried again;
// one that took place though its reply got lost costs a second letter, which
// bears the same Message-ID.
func (a *attempt) renew(ctx context.Context) {
	tick := time.NewTicker(a.config.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if errors.Is(a.extend(ctx), store.ErrLost) {
			a.log.Warn().Msg("the lease of a notice on its way was lost")
			return
		}
	}
}

func (a *attempt) extend(ctx context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if ctx.Err() != nil {
		return nil // the attempt is over: there may be no lease left
	}
	until := a.now().Add(a.config.Lease)
	try, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	leased, err := a.outbox.Extend(try, a.leased, until)
	if err == nil {
		a.leased, a.until = leased, until
	}
	return err
}

// failed decides whether there will be another attempt, and when.
func (a *attempt) failed(ctx context.Context, err error) {
	reply, permanent := oneLine(err.Error()), false
	if refused := (*SendError)(nil); errors.As(err, &refused) {
		reply, permanent = refused.Reply, refused.Permanent
	}
	at := a.now()
	due := at.Add(delay(a.notice, a.notice.Attempts+1))
	switch {
	case permanent:
		a.giveUp(ctx, at, reply, "refused: "+reply)
	case exhausted(a.notice, due, a.config.MaxAge):
		a.giveUp(ctx, at, reply, fmt.Sprintf("not taken within %v: %s", a.config.MaxAge, reply))
	default:
		a.log.Warn().Str("reply", reply).Time("due", due).Msg("notice not taken, it will be tried again")
		a.record(ctx, func(ctx context.Context, l store.Leased) error { return a.outbox.Retry(ctx, l, at, due, reply) })
	}
}

func (a *attempt) giveUp(ctx context.Context, at time.Time, reply, reason string) {
	a.log.Error().Str("reason", reason).Msg("notice given up")
	a.record(ctx, func(ctx context.Context, l store.Leased) error { return a.outbox.GiveUp(ctx, l, at, reply, reason) })
}

const (
	// recordTimeout is what one try to record may take; leases are longer.
	recordTimeout = 10 * time.Second
	recordPause   = time.Second
)

// record writes down what became of the attempt. What is not recorded is done
// again, so it tries as long as the notice is leased, and once more when the
// notifier is told to stop.
func (a *attempt) record(ctx context.Context, write func(context.Context, store.Leased) error) {
	for {
		stopping := ctx.Err() != nil
		over, err := a.try(ctx, write)
		// ErrLost after a commit whose reply got lost means that it took place.
		if err == nil || errors.Is(err, store.ErrLost) {
			return
		}
		if stopping || over {
			a.log.Error().Err(err).Msg("recording what became of a notice: it will be sent again")
			return
		}
		select {
		case <-time.After(recordPause):
		case <-ctx.Done():
		}
	}
}

// try records once, and tells whether the lease has run out.
func (a *attempt) try(ctx context.Context, write func(context.Context, store.Leased) error) (over bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	err = write(ctx, a.leased)
	return a.now().After(a.until), err
}
