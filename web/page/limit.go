package page

import (
	"net/netip"
	"sync"
	"time"
)

// maxKnown bounds the names that a limit remembers; past it they begin anew, and what
// passes in all goes on being counted.
const maxKnown = 10_000

// Limit is how many requests of one kind pass in a minute. It is safe for
// concurrent use.
type Limit struct {
	each, all int // 0 is no limit
	now       func() time.Time

	mu     sync.Mutex
	minute time.Time      // that counts now; guarded by mu
	count  map[string]int // by name; guarded by mu
	total  int            // guarded by mu
}

// NewLimit lets so many requests a minute pass of each name, and of all; 0 is no
// limit.
func NewLimit(each, all int, now func() time.Time) *Limit {
	return &Limit{each: each, all: all, now: now, count: map[string]int{}}
}

// Pass counts a request, and reports whether it may pass.
func (l *Limit) Pass(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	minute := l.now().Truncate(time.Minute)
	if !minute.Equal(l.minute) {
		l.minute, l.total = minute, 0
		clear(l.count)
	}
	if len(l.count) >= maxKnown {
		clear(l.count)
	}
	l.count[name]++
	l.total++
	return (l.each == 0 || l.count[name] <= l.each) && (l.all == 0 || l.total <= l.all)
}

// Network is the /24 or /64 of a peer, host:port: what one customer is given. Two
// requests from one network count as one name for a Limit.
func Network(peer string) string {
	ap, err := netip.ParseAddrPort(peer)
	if err != nil {
		return peer
	}
	bits := 64
	if ap.Addr().Unmap().Is4() {
		bits = 24
	}
	p, err := ap.Addr().Unmap().WithZone("").Prefix(bits)
	if err != nil {
		return peer
	}
	return p.String()
}
