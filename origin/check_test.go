package origin_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/foxcpp/go-mockdns"

	"aismarttalk.tech/supportd/origin"
	"aismarttalk.tech/supportd/ticket"
)

const client = "kunde@firma.example"

const (
	verified   = ticket.TrustVerified
	unverified = ticket.TrustUnverified
	failed     = ticket.TrustFailed
)

// What a mail is worth, by what its domain publishes and how it came.
func TestVerdicts(t *testing.T) {
	reject := "v=DMARC1; p=reject"
	plain := letter(client)
	signed := sign(t, plain, "firma.example")
	byList := sign(t, bytes.Replace(signed, []byte("Subject: "), []byte("Subject: [kunder] "), 1), "liste.example")
	noPolicy := func() map[string]mockdns.Zone {
		z := firma("")
		delete(z, "_dmarc.firma.example.")
		return z
	}
	bounced := facts(home, "", client)
	bounced.Helo = "firma.example"

	for _, c := range []struct {
		name    string
		zones   map[string]mockdns.Zone
		facts   origin.Facts
		raw     []byte
		results string
		trust   ticket.Trust
	}{
		{"its own host, signed", firma(reject), facts(home, client, client), signed, "spf pass, dkim pass, dmarc pass", verified},
		{"its own host, not signed", firma(reject), facts(home, client, client), plain, "spf pass, dmarc pass", verified},
		{"its own host by IPv6", firma(reject), facts(home6, client, client), plain, "spf pass, dmarc pass", verified},
		{"IPv4 in the form of IPv6", firma(reject), facts("::ffff:"+home, client, client), plain, "spf pass, dmarc pass", verified},
		{"the client's name in capitals", firma(reject), facts(home, "Kunde@FIRMA.example", "Kunde@FIRMA.example"), letter("Kunde@FIRMA.example"), "spf pass, dmarc pass", verified},
		{"a subdomain sends", with(firma(reject), "mail.firma.example", "v=spf1 ip4:"+home+" -all"), facts(home, "x@mail.firma.example", client), plain, "spf pass, dmarc pass", verified},
		{"no policy, SPF aligned", noPolicy(), facts(home, client, client), plain, "spf pass, dmarc none", verified},
		{"no policy, DKIM aligned", noPolicy(), facts(stranger, "x@liste.example", client), signed, "spf pass, dkim pass, dmarc none", verified},
		{"no policy, only the list passes", noPolicy(), facts(stranger, "x@liste.example", client), byList, "spf pass, dkim fail, dkim pass, dmarc none", unverified},
		{"no policy, SPF fails", noPolicy(), facts(stranger, client, client), plain, "spf fail, dmarc none", unverified},
		{"nothing is published", zones(), facts(home, client, client), plain, "spf none, dmarc none", unverified},

		{"forwarded: the signature holds", firma(reject), facts(stranger, client, client), signed, "spf fail, dkim pass, dmarc pass", verified},
		{"forwarded, not signed", firma(reject), facts(stranger, client, client), plain, "spf fail, dmarc fail", failed},
		{"a mailing list breaks the signature and adds its own", firma(reject), facts(stranger, "x@liste.example", client), byList, "spf pass, dkim fail, dkim pass, dmarc fail", failed},
		{"forged", firma(reject), facts(stranger, "ond@liste.example", client), plain, "spf pass, dmarc fail", failed},
		{"forged, and signed by the forger", firma(reject), facts(stranger, "ond@liste.example", client), sign(t, plain, "liste.example"), "spf pass, dkim pass, dmarc fail", failed},
		{"forged, quarantine", firma("v=DMARC1; p=quarantine"), facts(stranger, client, client), plain, "spf fail, dmarc fail", failed},
		{"a policy of none can fail too", firma("v=DMARC1; p=none"), facts(stranger, client, client), plain, "spf fail, dmarc fail", failed},
		{"pct is not asked", firma("v=DMARC1; p=reject; pct=0"), facts(stranger, client, client), plain, "spf fail, dmarc fail", failed},
		{"softfail is no pass", with(firma(reject), "firma.example", "v=spf1 ~all"), facts(home, client, client), plain, "spf softfail, dmarc fail", failed},
		{"neutral is no pass", with(firma(reject), "firma.example", "v=spf1 ?all"), facts(home, client, client), plain, "spf neutral, dmarc fail", failed},

		{"a bounce: the host's own name", firma(reject), bounced, plain, "spf pass, dmarc pass", verified},
		{"a bounce from elsewhere", firma(reject), facts(stranger, "", client), plain, "spf none, dmarc fail", failed},

		{"strict: a subdomain does not do", with(firma(reject+"; aspf=s"), "mail.firma.example", "v=spf1 ip4:"+home+" -all"), facts(home, "x@mail.firma.example", client), plain, "spf pass, dmarc fail", failed},
		{"strict: the domain itself does", firma(reject + "; aspf=s; adkim=s"), facts(home, client, client), signed, "spf pass, dkim pass, dmarc pass", verified},
		{"strict DKIM: a subdomain does not do", with(firma(reject+"; adkim=s"), "post._domainkey.mail.firma.example", published), facts(stranger, client, client), sign(t, plain, "mail.firma.example"), "spf fail, dkim pass, dmarc fail", failed},
		{"relaxed DKIM: it does", with(firma(reject), "post._domainkey.mail.firma.example", published), facts(stranger, client, client), sign(t, plain, "mail.firma.example"), "spf fail, dkim pass, dmarc pass", verified},
		{"signed for all of a public suffix", with(zones("_dmarc.firma.co.uk", reject), "post._domainkey.co.uk", published), facts(stranger, "", "a@firma.co.uk"), sign(t, letter("a@firma.co.uk"), "co.uk"), "spf none, dkim pass, dmarc fail", failed},
		{"two firms under one public suffix", with(zones("_dmarc.firma.co.uk", reject), "post._domainkey.ond.co.uk", published), facts(stranger, "", "a@firma.co.uk"), sign(t, letter("a@firma.co.uk"), "ond.co.uk"), "spf none, dkim pass, dmarc fail", failed},

		{"policy: of the organisation", firma(reject), facts(stranger, "", "a@afd.firma.example"), letter("a@afd.firma.example"), "spf none, dmarc fail", failed},
		{"policy: sp is that of subdomains", firma("v=DMARC1; p=none; sp=reject"), facts(stranger, "", "a@afd.firma.example"), letter("a@afd.firma.example"), "spf none, dmarc fail", failed},
		{"policy: several are none", with(firma(""), "_dmarc.firma.example", reject+"\n"+reject), facts(stranger, client, client), plain, "spf fail, dmarc none", unverified},
		{"policy: unreadable is none", firma("v=DMARC1; p=perhaps"), facts(stranger, client, client), plain, "spf fail, dmarc none", unverified},
		{"policy: unreadable, but reports are wanted", firma("v=DMARC1; p=perhaps; rua=mailto:d@firma.example"), facts(stranger, client, client), plain, "spf fail, dmarc fail", failed},
		{"policy: other text beside it", firma("google-site-verification=1\n" + reject), facts(stranger, client, client), plain, "spf fail, dmarc fail", failed},

		// A temporary error is not a pass (fault 24), and no fail where it leaves one open.
		{"DNS is away", broken(broken(broken(zones(), "_dmarc.firma.example"), "firma.example"), "post._domainkey.firma.example"), facts(home, client, client), signed, "spf temperror, dkim temperror, dmarc temperror", unverified},
		{"SPF is away, not signed", broken(firma(reject), "firma.example"), facts(home, client, client), plain, "spf temperror, dmarc temperror", unverified},
		{"SPF is away, signed", broken(firma(reject), "firma.example"), facts(home, client, client), signed, "spf temperror, dkim pass, dmarc pass", verified},
		{"the key is away", broken(firma(reject), "post._domainkey.firma.example"), facts(stranger, client, client), signed, "spf fail, dkim temperror, dmarc temperror", unverified},
		{"a stranger's SPF is away", broken(firma(reject), "liste.example"), facts(stranger, "ond@liste.example", client), plain, "spf temperror, dmarc fail", failed},
		{"a stranger's key is away", broken(firma(reject), "post._domainkey.liste.example"), facts(stranger, client, client), sign(t, plain, "liste.example"), "spf fail, dkim temperror, dmarc fail", failed},
		{"the policy is away, the domain itself passed", broken(firma(reject), "_dmarc.firma.example"), facts(home, client, client), plain, "spf pass, dmarc temperror", verified},
		{"the policy is away, a subdomain passed", broken(with(firma(reject), "post._domainkey.mail.firma.example", published), "_dmarc.firma.example"), facts(stranger, client, client), sign(t, plain, "mail.firma.example"), "spf fail, dkim pass, dmarc temperror", unverified},
		{"the policy is away, nothing passed", broken(firma(reject), "_dmarc.firma.example"), facts(stranger, client, client), plain, "spf fail, dmarc temperror", unverified},

		{"nobody is named", firma(reject), facts(home, client, ""), plain, "spf none, dmarc none", unverified},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := check(t, c.zones, c.facts, c.raw)
			if results(got) != c.results || got.Trust != c.trust {
				t.Errorf("%s: %s\nwant %s: %s\n%+v", got.Trust, results(got), c.trust, c.results, got)
			}
			if got.Reason == "" {
				t.Error("no reason")
			}
		})
	}
}

// Where a policy was found, and what it asks.
func TestPolicies(t *testing.T) {
	for _, c := range []struct{ name, record, from, domain, policy string }{
		{"its own", "v=DMARC1; p=reject; sp=none", client, "firma.example", "reject"},
		{"a subdomain's, by sp", "v=DMARC1; p=reject; sp=quarantine", "a@afd.firma.example", "firma.example", "quarantine"},
		{"a subdomain's, without sp", "v=DMARC1;p=quarantine", "a@afd.firma.example", "firma.example", "quarantine"},
		{"in any letters", "v = DMARC1 ; P=none; p = Reject", client, "firma.example", "reject"},
		{"in no order", "v=DMARC1; rua=mailto:d@firma.example; p=reject", client, "firma.example", "reject"},
		{"another version", "v=DMARC2; p=reject", client, "", ""},
		{"the version in other letters", "v=dmarc1; p=reject", client, "", ""},
		{"the version not first", "p=reject; v=DMARC1", client, "", ""},
		{"an unusable sp", "v=DMARC1; p=reject; sp=perhaps", client, "firma.example", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := check(t, firma(c.record), facts(stranger, "", c.from), letter(c.from)).DMARC
			if got.Domain != c.domain || got.Policy != c.policy {
				t.Errorf("%+v, want p=%s at %s", got, c.policy, c.domain)
			}
		})
	}
}

// An organisation with a name of its own letters signs by its A-label.
func TestInternationalDomain(t *testing.T) {
	z := zones("_dmarc.xn--brd-1na.example", "v=DMARC1; p=reject", "post._domainkey.xn--brd-1na.example", published)
	raw := sign(t, letter("kunde@brød.example"), "xn--brd-1na.example")
	got := check(t, z, facts(stranger, "", "kunde@xn--brd-1na.example"), raw)
	if got.Trust != verified {
		t.Errorf("%+v", got)
	}
}

// Which domain SPF was asked about, for people who look into it.
func TestSPFIdentity(t *testing.T) {
	f := facts(home, "", client)
	f.Helo = "firma.example"
	got := check(t, firma("v=DMARC1; p=none"), f, letter(client)).SPF
	if got.Identity != ticket.SPFHelo || got.Domain != "firma.example" || !got.Aligned {
		t.Errorf("%+v", got)
	}
	for _, helo := range []string{"", "localhost", "[203.0.113.25]", "203.0.113.25", "a b.example", strings.Repeat("a", 300) + ".example"} {
		f.Helo = helo
		if got := check(t, firma("v=DMARC1; p=none"), f, letter(client)).SPF; got.Result != ticket.CheckNone || got.Why == "" || got.Domain != "" {
			t.Errorf("HELO %q: %+v", helo, got)
		}
	}
}

func oversigned(o *dkim.SignOptions) { o.HeaderKeys = []string{"From", "From", "To"} }
