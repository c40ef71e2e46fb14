package origin

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"time"
)

// How long answers are remembered. The resolver does not tell their time to live,
// and a caching one usually stands behind it: this only keeps the mails of a
// minute from asking the same again.
const (
	keepAnswer  = time.Minute
	keepTrouble = 5 * time.Second // of DNS; long enough for one mail's own repetitions
	maxKept     = 1024            // answers
	maxKeptTXT  = 4 << 10         // bytes of TXT in one of them
)

// cache asks a resolver within lookupTimeout, bounds its answers and remembers
// them. It may be used by many goroutines at once; two that ask the same at the
// same time both ask.
type cache struct {
	resolver Resolver
	now      func() time.Time

	mu   sync.Mutex // guards kept
	kept map[question]answer
}

type question struct{ kind, name string }

type answer struct {
	value any
	err   error
	until time.Time
}

func newCache(r Resolver, now func() time.Time) *cache {
	return &cache{resolver: r, now: now, kept: make(map[question]answer)}
}

func (c *cache) LookupTXT(ctx context.Context, name string) ([]string, error) {
	return ask(ctx, c, "TXT", name, func(ctx context.Context, name string) ([]string, error) {
		txts, err := c.resolver.LookupTXT(ctx, name)
		if size(txts) > maxAnswer {
			return nil, errTooLarge
		}
		return txts, err
	})
}

func (c *cache) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	return ask(ctx, c, "MX", name, func(ctx context.Context, name string) ([]*net.MX, error) {
		hosts, err := c.resolver.LookupMX(ctx, name)
		return hosts[:min(len(hosts), maxHosts)], err
	})
}

func (c *cache) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	return ask(ctx, c, "A", host, func(ctx context.Context, host string) ([]net.IPAddr, error) {
		addrs, err := c.resolver.LookupIPAddr(ctx, host)
		return addrs[:min(len(addrs), maxHosts)], err
	})
}

func (c *cache) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	return ask(ctx, c, "PTR", addr, func(ctx context.Context, _ string) ([]string, error) {
		names, err := c.resolver.LookupAddr(ctx, addr) // an address, no name
		return names[:min(len(names), maxHosts)], err
	})
}

var errTooLarge = errors.New("the answer is larger than any in use")

// ask answers from the cache, or asks.
func ask[T any](ctx context.Context, c *cache, kind, name string, do func(context.Context, string) (T, error)) (T, error) {
	q := question{kind, strings.ToLower(name)}
	if a, ok := c.look(q); ok {
		value, _ := a.value.(T)
		return value, a.err
	}
	within, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	value, err := do(within, absolute(name))
	err = asDNSError(err, name)
	if ctx.Err() == nil { // what was broken off says nothing of DNS
		c.keep(q, answer{value: value, err: err})
	}
	return value, err
}

// asDNSError is what both libraries tell temporary errors by. All is temporary but
// that a name is absent (RFC 7208 section 4.4), and what stays too large.
func asDNSError(err error, name string) error {
	if err == nil {
		return nil
	}
	out := &net.DNSError{Err: err.Error(), Name: name, IsTemporary: !errors.Is(err, errTooLarge)}
	var d *net.DNSError
	if errors.As(err, &d) {
		out.Err, out.IsNotFound, out.IsTimeout, out.IsTemporary = d.Err, d.IsNotFound, d.IsTimeout, !d.IsNotFound
	}
	return out
}

func (c *cache) look(q question) (answer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.kept[q]
	return a, ok && c.now().Before(a.until)
}

func (c *cache) keep(q question, a answer) {
	if txts, ok := a.value.([]string); ok && size(txts) > maxKeptTXT {
		return
	}
	life := keepAnswer
	if temporary(a.err) {
		life = keepTrouble
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) >= maxKept {
		clear(c.kept) // rare, and they are young anyway
	}
	a.until = c.now().Add(life)
	c.kept[q] = a
}

func size(txts []string) int {
	n := 0
	for _, t := range txts {
		n += len(t)
	}
	return n
}
