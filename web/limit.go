package web

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Limits of questions that need no token, and of reports with one.
const (
	publicPerMinute  = 30  // from one network
	publicInAll      = 600 // a minute, from all
	reportsPerMinute = 120 // with one token
	// maxKnown bounds what the limit remembers; past it all begin anew.
	maxKnown = 10_000
)

// limit is how many requests of one kind pass in a minute. It is safe for
// concurrent use.
type limit struct {
	each, all int // 0 is no limit
	now       func() time.Time

	mu     sync.Mutex
	minute time.Time      // that counts now; guarded by mu
	count  map[string]int // by name; guarded by mu
	total  int            // guarded by mu
}

func newLimit(each, all int, now func() time.Time) *limit {
	return &limit{each: each, all: all, now: now, count: map[string]int{}}
}

// pass counts a request, and reports whether it may pass.
func (l *limit) pass(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := l.now().Truncate(time.Minute); !minute.Equal(l.minute) || len(l.count) >= maxKnown {
		l.minute, l.total = minute, 0
		clear(l.count)
	}
	l.count[name]++
	l.total++
	return (l.each == 0 || l.count[name] <= l.each) && (l.all == 0 || l.total <= l.all)
}

// limited turns requests away that are too many from one network, or with one
// token.
func (s *Server) limited(api huma.API, l *limit) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		name := network(ctx.RemoteAddr())
		t, known := bearer(s.cfg.Tokens, ctx.Header("Authorization"))
		if known {
			name = "token " + t.Name
		}
		if !l.pass(name) && !(known && len(t.roles()) > 0) {
			ctx.SetHeader("Retry-After", "60")
			_ = huma.WriteErr(api, ctx, http.StatusTooManyRequests, "too many requests; try again in a minute")
			return
		}
		next(ctx)
	}
}

// network is the /24 or /64 of a peer: what one customer is given.
func network(peer string) string {
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
