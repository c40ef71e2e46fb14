package origin

import (
	"fmt"

	"aismarttalk.tech/supportd/ticket"
)

// judge applies the policy of the From domain to what SPF and DKIM found (RFC
// 7489 section 6.6.2), and says what the sender is worth. A fail counts as one
// under any policy: p=none asks for no punishment, and yet nobody vouches for the
// mail. A domain without policy can fail nothing.
func judge(from string, p policy, spf ticket.SPFCheck, signatures []ticket.DKIMCheck) ticket.SenderCheck {
	c := ticket.SenderCheck{SPF: spf, DKIM: signatures, DMARC: p.result()}
	// While the policy is unknown, only what passes the strictest is sure.
	c.SPF.Aligned = aligned(spf.Domain, from, p.strictSPF || p.unknown)
	passed, open := "", ""
	if c.SPF.Aligned {
		switch spf.Result {
		case ticket.CheckPass:
			passed = "SPF passed for " + spf.Domain
		case ticket.CheckTempError:
			open = "SPF"
		}
	}
	for i := range c.DKIM {
		d := &c.DKIM[i]
		if d.Aligned = aligned(d.Domain, from, p.strictDKIM || p.unknown); !d.Aligned {
			continue
		}
		switch d.Result {
		case ticket.CheckPass:
			passed = "DKIM passed for " + d.Domain
		case ticket.CheckTempError:
			open = "DKIM"
		}
	}
	c.Trust, c.Reason = ticket.TrustUnverified, ""
	switch {
	case passed != "" && p.found:
		c.Trust, c.DMARC.Result = ticket.TrustVerified, ticket.CheckPass
		c.Reason = "DMARC passed: " + passed
	case passed != "" && p.unknown:
		c.Trust, c.DMARC.Result = ticket.TrustVerified, ticket.CheckTempError
		c.Reason = passed + ", the very domain of From, whatever its policy is: that could not be asked"
	case passed != "":
		c.Trust = ticket.TrustVerified
		c.Reason = passed + "; " + p.why
	case p.unknown:
		c.DMARC.Result = ticket.CheckTempError
		c.Reason = fmt.Sprintf("DNS did not give the policy of %s: no verdict", from)
	case !p.found:
		c.Reason = fmt.Sprintf("neither SPF nor DKIM passed for %s; %s", from, p.why)
	case open != "":
		c.DMARC.Result, c.DMARC.Why = ticket.CheckTempError, open+" could not be told"
		c.Reason = fmt.Sprintf("%s for %s could not be checked this time: no verdict", open, from)
	default:
		c.Trust, c.DMARC.Result = ticket.TrustFailed, ticket.CheckFail
		c.Reason = fmt.Sprintf("DMARC failed: neither SPF nor DKIM passed for %s, whose policy is p=%s", from, p.policy)
	}
	return c
}
