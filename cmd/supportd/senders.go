package main

import (
	"net/netip"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/origin"
)

// senders is how it is found out who sent a mail.
type senders struct {
	check  bool
	server netip.AddrPort // which DNS is asked; not valid: the machine's own
}

// senders settles whether we check ourselves. Where a relay does, it has seen the
// host that a mail came from, and we have not.
func (p *planner) senders() senders {
	s := p.c.SMTP
	out := senders{check: s.CheckSenders == "on" || s.CheckSenders == "auto" && len(s.TrustedRelays) == 0}
	if s.Resolver == "" {
		return out
	}
	const dnsPort = 53
	if addr, err := netip.ParseAddr(s.Resolver); err == nil {
		out.server = netip.AddrPortFrom(addr, dnsPort)
	} else if out.server, err = netip.ParseAddrPort(s.Resolver); err != nil {
		p.report("smtp.resolver", "want the address of a DNS server, such as 127.0.0.1 or 192.0.2.53:5353; got %q", s.Resolver)
	}
	return out
}

// checker is nil where nobody is to check.
func (s senders) checker(w world) (desk.SenderChecker, error) {
	if !s.check {
		return nil, nil
	}
	resolver := origin.System()
	if s.server.IsValid() {
		resolver = origin.At(s.server)
	}
	c, err := origin.New(origin.DefaultConfig(), origin.Deps{Resolver: resolver, Now: w.now, Log: w.log})
	if err != nil {
		return nil, err
	}
	return c, nil
}
