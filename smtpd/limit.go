package smtpd

import (
	"net/netip"
	"sync"
	"time"
)

// network returns the block that shares one limit with a: its /24 in IPv4, its
// /64 in IPv6, the smallest that one customer is given.
func network(a netip.Addr) netip.Prefix {
	bits := 64
	if a = a.Unmap(); a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // no address at all
	}
	return p
}

// gate counts open connections. It is safe for concurrent use.
type gate struct {
	total, perNetwork int
	trusted           []netip.Prefix

	mu   sync.Mutex
	open int                  // guarded by mu
	from map[netip.Prefix]int // guarded by mu
}

func newGate(total, perNetwork int, trusted []netip.Prefix) *gate {
	return &gate{total: total, perNetwork: perNetwork, trusted: trusted, from: make(map[netip.Prefix]int)}
}

// enter lets a connection in, or returns the reply that turns it away. An
// invalid address, as of a unix socket, is in no network.
func (g *gate) enter(a netip.Addr) *reply {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open >= g.total {
		return &replyTooMany
	}
	if a.IsValid() {
		n := network(a)
		if g.from[n] >= g.perNetwork && !g.trusts(a) {
			return &replyTooManyHere
		}
		g.from[n]++
	}
	g.open++
	return nil
}

// leave undoes one enter of the same address.
func (g *gate) leave(a netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open--
	if !a.IsValid() {
		return
	}
	n := network(a)
	if g.from[n]--; g.from[n] == 0 {
		delete(g.from, n)
	}
}

func (g *gate) trusts(a netip.Addr) bool {
	for _, p := range g.trusted {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// maxSenders bounds the memory of a rate. Senders beyond it are not counted:
// who can forge that many is not stopped by counting them one by one.
const maxSenders = 50_000

// rate counts mails per sender in the minute that runs. Two minutes' worth may
// so pass within one minute at its border. It is safe for concurrent use.
type rate struct {
	perMinute int

	mu     sync.Mutex
	minute int64          // guarded by mu
	mails  map[string]int // guarded by mu
}

func newRate(perMinute int) *rate {
	return &rate{perMinute: perMinute, mails: make(map[string]int)}
}

// exceeded reports whether sender has used up the minute of now.
func (r *rate) exceeded(sender string, now time.Time) bool {
	if r.perMinute < 0 {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn(now)
	return r.mails[sender] >= r.perMinute
}

// count adds one mail of sender.
func (r *rate) count(sender string, now time.Time) {
	if r.perMinute < 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn(now)
	if _, known := r.mails[sender]; known || len(r.mails) < maxSenders {
		r.mails[sender]++
	}
}

// turn forgets the last minute. The caller holds mu.
func (r *rate) turn(now time.Time) {
	if minute := now.Unix() / 60; minute != r.minute {
		r.minute = minute
		clear(r.mails)
	}
}
