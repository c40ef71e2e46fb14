package main

import (
	"context"
	"time"

	"aismarttalk.tech/supportd/notifier"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Stand-ins for what has not landed yet.

type plainClassifier struct{}

func (plainClassifier) Classify(m ticket.Message) ticket.Reading {
	return ticket.Reading{
		Claim:    ticket.Claim{Severity: ticket.SeverityNormal, Where: ticket.WhereNone},
		Category: ticket.Category{Name: ticket.CategoryOther}, Kind: ticket.KindBug,
	}
}

type plainNotifier struct {
	outbox   *store.Outbox
	composer *notifier.Composer
	sender   notifier.Sender
	now      func() time.Time
	poke     chan struct{}
}

func (p *plainNotifier) Wake() {
	select {
	case p.poke <- struct{}{}:
	default:
	}
}

func (p *plainNotifier) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		leased, err := p.outbox.Lease(ctx, p.now(), time.Minute, 10)
		if err != nil && ctx.Err() != nil {
			return nil
		}
		for _, l := range leased {
			letter, err := p.composer.Compose(l.Notice)
			if err != nil {
				return err
			}
			r, err := p.sender.Send(ctx, letter)
			if err != nil {
				return err
			}
			if err := p.outbox.Sent(ctx, l, p.now(), r.Reply); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-p.poke:
		}
	}
}

func (p *plainNotifier) Ready(context.Context) error { return nil }
