package origin_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/foxcpp/go-mockdns"
	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"aismarttalk.tech/supportd/origin"
	"aismarttalk.tech/supportd/ticket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The hosts of firma.example, and one that nobody has heard of.
const (
	home     = "203.0.113.25"
	home6    = "2001:db8::25"
	stranger = "198.51.100.66"
)

// key is one for all domains of the tests; whose it is, DNS says.
var key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte("k"), ed25519.SeedSize))

var published = "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))

// zones is what DNS holds: a TXT record a name, several where they are separated
// by a line break.
func zones(records ...string) map[string]mockdns.Zone {
	z := make(map[string]mockdns.Zone)
	for i := 0; i < len(records); i += 2 {
		z[records[i]+"."] = mockdns.Zone{TXT: strings.Split(records[i+1], "\n")}
	}
	return z
}

// firma is a well-kept domain with a policy.
func firma(policy string) map[string]mockdns.Zone {
	return zones(
		"firma.example", "v=spf1 ip4:"+home+" ip6:2001:db8::/64 -all",
		"post._domainkey.firma.example", published,
		"_dmarc.firma.example", policy,
		"liste.example", "v=spf1 ip4:"+stranger+" -all",
		"post._domainkey.liste.example", published,
	)
}

// with adds records to zones.
func with(z map[string]mockdns.Zone, records ...string) map[string]mockdns.Zone {
	for name, zone := range zones(records...) {
		z[name] = zone
	}
	return z
}

// broken is a name at which DNS fails for the time being.
func broken(z map[string]mockdns.Zone, name string) map[string]mockdns.Zone {
	z[name+"."] = mockdns.Zone{Err: &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}}
	return z
}

func letter(from string) []byte {
	return []byte("From: Kunde <" + from + ">\r\nTo: <contact+support@desk.example>\r\nSubject: Login virker ikke\r\n" +
		"Date: Mon, 23 Nov 2026 14:05:00 +0100\r\nMessage-ID: <1@firma.example>\r\n\r\nHej,\r\n\r\nvi kan ikke logge ind.\r\n")
}

// sign puts a signature of a domain's on top of a mail.
func sign(t testing.TB, raw []byte, domain string, change ...func(*dkim.SignOptions)) []byte {
	t.Helper()
	o := &dkim.SignOptions{
		Domain: domain, Selector: "post", Signer: crypto.Signer(key),
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
		HeaderKeys: []string{"From", "To", "Subject", "Date", "Message-ID"},
	}
	for _, f := range change {
		f(o)
	}
	var b bytes.Buffer
	if err := dkim.Sign(&b, bytes.NewReader(raw), o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// facts are those of a mail that came straight from a host.
func facts(host, mailFrom, from string) origin.Facts {
	return origin.Facts{
		Received: time.Now(), // the DKIM library has a clock of its own
		Client:   netip.MustParseAddr(host), Helo: "mail.firma.example", MailFrom: mailFrom, From: from,
	}
}

func newChecker(t testing.TB, r origin.Resolver, change ...func(*origin.Config)) *origin.Checker {
	t.Helper()
	c := origin.DefaultConfig()
	for _, f := range change {
		f(&c)
	}
	checker, err := origin.New(c, origin.Deps{Resolver: r, Now: time.Now, Log: zerolog.New(zerolog.NewTestWriter(t))})
	if err != nil {
		t.Fatal(err)
	}
	return checker
}

func check(t testing.TB, z map[string]mockdns.Zone, f origin.Facts, raw []byte) ticket.SenderCheck {
	t.Helper()
	return newChecker(t, &mockdns.Resolver{Zones: z}).Check(context.Background(), f, raw)
}

// results are those of SPF, of each signature, and of DMARC, in a line.
func results(c ticket.SenderCheck) string {
	words := []string{"spf " + string(c.SPF.Result)}
	for _, d := range c.DKIM {
		words = append(words, "dkim "+string(d.Result))
	}
	return strings.Join(append(words, "dmarc "+string(c.DMARC.Result)), ", ")
}
