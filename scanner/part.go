package scanner

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
)

// pingTimeout bounds the question whether a scanner is back.
const pingTimeout = time.Second

// part is one scanner, as it was met last.
//
// With one that hangs, every mail would wait its whole time, and filing would come
// to a halt behind it. So once it failed it is asked first whether it is there, for
// a shorter time. A mail that is slow to scan does not let those behind it pass
// unscanned so: the scanner is there, and looks at them.
type part struct {
	name  string
	ping  func(context.Context) error
	log   zerolog.Logger
	doubt atomic.Bool // it failed when it was asked last
}

// ask puts one question. What a scanner cannot say of one mail, such as of one that
// is too large for it, is no failure.
func (p *part) ask(ctx context.Context, question func() error) error {
	if p.doubt.Load() {
		if err := p.there(ctx); err != nil {
			return fmt.Errorf("still away: %w", err)
		}
	}
	err := question()
	failed := err != nil && !errors.Is(err, errTooLarge)
	if ctx.Err() != nil && !errors.Is(context.Cause(ctx), errSlow) {
		return err // the daemon stops, which says nothing of the scanner
	}
	if was := p.doubt.Swap(failed); failed && !was {
		p.log.Warn().Str("scanner", p.name).Err(err).Msg("a scanner gave no verdict; mail is unscanned until it answers")
	} else if was && !failed {
		p.log.Info().Str("scanner", p.name).Msg("the scanner answers again")
	}
	return err
}

func (p *part) there(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, pingTimeout, errSlow)
	defer cancel()
	return p.ping(ctx)
}
