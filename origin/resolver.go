package origin

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"
)

// Resolver asks DNS. *net.Resolver is one. Its methods are called by many
// goroutines at once, end with their context, and say by *net.DNSError whether a
// name is absent or asking failed this time.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// System is the resolver of the machine.
func System() *net.Resolver { return &net.Resolver{PreferGo: true} }

// At is a resolver that asks one server.
func At(server netip.AddrPort) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, server.String())
	}}
}

// Bounds on DNS.
const (
	// lookupTimeout is for one question, so that a dead server among many leaves
	// time for the others.
	lookupTimeout = 4 * time.Second
	// maxAnswer, in bytes of TXT. Large domains publish a few thousand.
	maxAnswer = 32 << 10
	// maxHosts of one MX or address answer that are read.
	maxHosts = 50
)

// allowance lets one part of a check ask a number of questions.
type allowance struct {
	Resolver
	left atomic.Int32
}

func allow(r Resolver, questions int) *allowance {
	a := &allowance{Resolver: r}
	a.left.Store(int32(questions))
	return a
}

// spent reports whether more was wanted than allowed.
func (a *allowance) spent() bool { return a.left.Load() < 0 }

func (a *allowance) spend(name string) error {
	if a.left.Add(-1) < 0 {
		return &net.DNSError{Err: "too many questions to DNS for one mail", Name: name}
	}
	return nil
}

func (a *allowance) LookupTXT(ctx context.Context, name string) ([]string, error) {
	if err := a.spend(name); err != nil {
		return nil, err
	}
	return a.Resolver.LookupTXT(ctx, name)
}

func (a *allowance) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	if err := a.spend(name); err != nil {
		return nil, err
	}
	return a.Resolver.LookupMX(ctx, name)
}

func (a *allowance) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	if err := a.spend(host); err != nil {
		return nil, err
	}
	return a.Resolver.LookupIPAddr(ctx, host)
}

func (a *allowance) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	if err := a.spend(addr); err != nil {
		return nil, err
	}
	return a.Resolver.LookupAddr(ctx, addr)
}

// absolute ends a name in the root, so that no search list of the machine's is
// tried behind it: "_dmarc.firma.example.intranet" is nobody's policy.
func absolute(name string) string {
	if name == "" || strings.HasSuffix(name, ".") {
		return name
	}
	return name + "."
}
