package origin

import (
	"context"
	"errors"
	"net"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// record is a DMARC policy record (RFC 7489 section 6.3), as far as it bears on
// a verdict. pct is left out: it says how many mails to punish, not which are
// forged.
type record struct {
	policy     string // none, quarantine or reject
	subdomains string // of subdomains; "" as policy
	strictSPF  bool
	strictDKIM bool
}

// isDMARC tells a policy record from whatever else stands in the same place: its
// first tag is v=DMARC1, in these letters (section 6.3).
func isDMARC(txt string) bool {
	first, _, _ := strings.Cut(txt, ";")
	name, value, ok := strings.Cut(first, "=")
	return ok && strings.Trim(name, blanks) == "v" && strings.Trim(value, blanks) == "DMARC1"
}

// parseRecord reads a record. ok is false where it is to be taken for none
// (section 6.6.3, step 6): it says nothing of what to do, and wants no reports.
func parseRecord(txt string) (r record, ok bool) {
	if !isDMARC(txt) {
		return record{}, false
	}
	tags := parseTags(txt)
	r.policy, r.subdomains = policyWord(tags["p"]), policyWord(tags["sp"])
	_, spoilt := tags["sp"]
	if r.policy == "" || spoilt && r.subdomains == "" {
		if tags["rua"] == "" {
			return record{}, false
		}
		r.policy, r.subdomains = "none", ""
	}
	r.strictSPF = strings.EqualFold(tags["aspf"], "s")
	r.strictDKIM = strings.EqualFold(tags["adkim"], "s")
	return r, true
}

func policyWord(s string) string {
	switch s = strings.ToLower(s); s {
	case "none", "quarantine", "reject":
		return s
	}
	return ""
}

// policy is the record in force for a domain, and where it was found.
type policy struct {
	record
	found  bool
	domain string
	why    string // none was found
	// unknown: DNS did not say whether there is one.
	unknown bool
}

// discover asks for the policy of a From domain: its own, else that of its
// organisation (section 6.6.3).
func discover(ctx context.Context, dns Resolver, from string) policy {
	domains := []string{from}
	if org := organisation(from); org != from {
		domains = append(domains, org)
	}
	for _, domain := range domains {
		txts, err := dns.LookupTXT(ctx, "_dmarc."+domain)
		if err != nil && !notFound(err) {
			return policy{domain: domain, unknown: true, why: short(err.Error())}
		}
		var records []string
		for _, txt := range txts {
			if isDMARC(txt) {
				records = append(records, txt)
			}
		}
		switch len(records) {
		case 0:
			continue
		case 1:
		default:
			return policy{domain: domain, why: "several policies where one may be: none counts"}
		}
		r, ok := parseRecord(records[0])
		if !ok {
			return policy{domain: domain, why: "a policy that says nothing usable"}
		}
		if domain != from && r.subdomains != "" {
			r.policy = r.subdomains
		}
		return policy{record: r, found: true, domain: domain}
	}
	return policy{why: "the domain has no policy"}
}

// temporary reports whether asking again may help.
func temporary(err error) bool {
	var d *net.DNSError
	return errors.As(err, &d) && d.Temporary()
}

func notFound(err error) bool {
	var d *net.DNSError
	return errors.As(err, &d) && d.IsNotFound
}

// result is the policy as a mail's record tells it, before it is applied.
func (p policy) result() ticket.DMARCCheck {
	c := ticket.DMARCCheck{Result: ticket.CheckNone, Domain: p.domain, Why: p.why}
	if p.found {
		c.Policy = p.policy
	}
	return c
}
