package origin

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime/debug"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/ticket"
)

// Config bounds a check.
type Config struct {
	// Timeout of a whole check. Filing waits for it, the SMTP client does not.
	Timeout time.Duration
	// MaxVerifications is how many signatures of a mail are checked.
	MaxVerifications int
	// MaxLookups is how many questions SPF may ask DNS; RFC 7208 section 4.6.4 lets
	// a record cause over a hundred.
	MaxLookups int
}

// DefaultConfig is for mail from the Internet.
func DefaultConfig() Config {
	return Config{Timeout: maxTimeout, MaxVerifications: 8, MaxLookups: 60}
}

// maxTimeout is how long DNS may delay filing.
const maxTimeout = 10 * time.Second

// Validate reports all that is wrong with the configuration.
func (c Config) Validate() error {
	var faults []error
	if c.Timeout <= 0 || c.Timeout > maxTimeout {
		faults = append(faults, fmt.Errorf("origin: the timeout must be over 0 and at most %v", maxTimeout))
	}
	if c.MaxVerifications < 1 || c.MaxVerifications > 50 {
		faults = append(faults, errors.New("origin: from 1 to 50 signatures can be verified"))
	}
	if c.MaxLookups < 10 || c.MaxLookups > 200 {
		faults = append(faults, errors.New("origin: from 10 to 200 lookups can be allowed"))
	}
	return errors.Join(faults...)
}

// Deps are what a Checker works with.
type Deps struct {
	Resolver Resolver
	Now      func() time.Time
	Log      zerolog.Logger
}

// Checker checks mails, many at once.
type Checker struct {
	config Config
	dns    *cache
	log    zerolog.Logger
}

// New makes a Checker. It starts nothing.
func New(c Config, d Deps) (*Checker, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return &Checker{config: c, dns: newCache(d.Resolver, d.Now), log: d.Log}, nil
}

// Facts are what is known of a mail's way to us, and of whom it names.
type Facts struct {
	Received time.Time
	Client   netip.Addr // the host that handed the mail over
	Helo     string     // as it named itself
	MailFrom string     // envelope sender without angle brackets; "" is the null sender
	// From is the one address of the one From field, as the mail's readers see it;
	// "" where there is no such address, and nothing to verify.
	From string
}

// Check finds out who sent a mail. It never fails: whatever cannot be told is
// in the result, and is no pass. It takes no longer than the configured time, but
// for the arithmetic of signatures; where ctx ends first, the result says less than
// could be known and should not be kept.
func (c *Checker) Check(ctx context.Context, f Facts, raw []byte) ticket.SenderCheck {
	from, ok := asciiName(ticket.Domain(f.From))
	if !ok {
		return ticket.SenderCheck{
			Trust: ticket.TrustUnverified, Reason: "the mail does not name one author, so there is nobody to verify",
			SPF: ticket.SPFCheck{Result: ticket.CheckNone}, DKIM: []ticket.DKIMCheck{}, DMARC: ticket.DMARCCheck{Result: ticket.CheckNone},
		}
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	// If a part breaks, it has not told anything yet.
	p := policy{domain: from, unknown: true, why: broken}
	spf := ticket.SPFCheck{Result: ticket.CheckTempError, Domain: from, Why: broken}
	signatures := []ticket.DKIMCheck{{Result: ticket.CheckTempError, Domain: from, Why: broken}}
	left := 0
	// Each has questions of its own, so that none can use up those of another.
	c.sideBySide(
		func() { p = discover(ctx, c.dns, from) },
		func() { spf = checkSPF(ctx, allow(c.dns, c.config.MaxLookups), f) },
		func() { signatures, left = c.checkDKIM(ctx, c.dns, f, raw) },
	)
	check := judge(from, p, spf, signatures)
	check.Unchecked = left
	if check.DKIM == nil {
		check.DKIM = []ticket.DKIMCheck{}
	}
	return check
}

const broken = "a fault of ours broke the check off; the log has it"

// sideBySide runs the parts of a check at once. A panic in reading what a
// stranger wrote must not end the daemon, which would meet the mail again.
func (c *Checker) sideBySide(parts ...func()) {
	var group sync.WaitGroup
	for _, part := range parts {
		group.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					c.log.Error().Interface("panic", p).Bytes("stack", debug.Stack()).Msg("checking a sender panicked")
				}
			}()
			part()
		})
	}
	group.Wait()
}
