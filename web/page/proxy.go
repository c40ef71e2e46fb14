package page

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// BehindProxies has requests that a proxy of ours passed on bear the address of
// whoever asked it, as X-Forwarded-For says, so that limits count him and not the
// proxy. From anybody else the header is not believed.
func BehindProxies(proxies []netip.Prefix, next http.Handler) http.Handler {
	if len(proxies) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err == nil {
			if client := forwarded(proxies, peer.Addr(), r.Header.Values("X-Forwarded-For")); client != peer.Addr() {
				copied := *r
				copied.RemoteAddr = netip.AddrPortFrom(client, 0).String()
				r = &copied
			}
		}
		next.ServeHTTP(w, r)
	})
}

// forwarded walks from our proxy towards the client, as long as each step was named
// by one whom we trust: what stands further left anybody may have written.
func forwarded(proxies []netip.Prefix, peer netip.Addr, headers []string) netip.Addr {
	steps := strings.Split(strings.Join(headers, ","), ",")
	at := peer
	for _, step := range slices.Backward(steps) {
		if !trusted(proxies, at) {
			break
		}
		named, ok := address(strings.TrimSpace(step))
		if !ok {
			break
		}
		at = named
	}
	return at
}

func trusted(proxies []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a.Unmap().WithZone("")) })
}

// address reads one step, which some proxies write with a port.
func address(s string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return a.Unmap(), true
	}
	ap, err := netip.ParseAddrPort(s)
	return ap.Addr().Unmap(), err == nil
}
