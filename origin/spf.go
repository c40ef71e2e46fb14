package origin

import (
	"context"
	"strings"

	"blitiri.com.ar/go/spf"

	"aismarttalk.tech/supportd/ticket"
)

// checkSPF asks whether the host may send for the domain of the envelope sender,
// or where that is null, for the name that it greeted with (RFC 7208 section 2.4).
func checkSPF(ctx context.Context, dns *allowance, f Facts) ticket.SPFCheck {
	c := ticket.SPFCheck{Result: ticket.CheckNone, Identity: ticket.SPFMailFrom}
	name := ticket.Domain(f.MailFrom)
	if f.MailFrom == "" {
		c.Identity, name = ticket.SPFHelo, f.Helo
	}
	domain, ok := asciiName(name)
	if !ok {
		c.Why = short("\"" + name + "\" is no name of a domain")
		return c
	}
	c.Domain = domain
	result, err := spf.CheckHostWithSender(f.Client.AsSlice(), f.Helo, localPart(f.MailFrom)+"@"+domain,
		spf.WithContext(ctx), spf.WithResolver(dns))
	c.Result = ticket.CheckResult(result)
	if err != nil {
		c.Why = short(err.Error()) // of a pass too: what matched
	}
	if dns.spent() { // asking again would not help (RFC 7208 section 4.6.4)
		c.Result, c.Why = ticket.CheckPermError, "the record wants too many questions to DNS"
	}
	return c
}

// localPart is that of an address, for macros. The library looks for the first @,
// and a quoted local part can hold one.
func localPart(address string) string {
	local, _, _ := strings.Cut(address, "@")
	if i := strings.LastIndexByte(address, '@'); local == "" || i != len(local) {
		return "postmaster"
	}
	return local
}
