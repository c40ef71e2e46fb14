package origin_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/foxcpp/go-mockdns"

	"aismarttalk.tech/supportd/origin"
	"aismarttalk.tech/supportd/ticket"
)

func ending(at time.Time) func(*dkim.SignOptions) {
	return func(o *dkim.SignOptions) { o.Expiration = at }
}

// byRSA signs as most of the world does; the record is that of its key.
func byRSA(t *testing.T, bits int) (func(*dkim.SignOptions), string) {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return func(o *dkim.SignOptions) { o.Signer = crypto.Signer(k) }, rsaRecord(t, &k.PublicKey)
}

func rsaRecord(t *testing.T, k *rsa.PublicKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
}

// tagged changes the text of the signature on top.
func tagged(raw []byte, old, now string) []byte {
	return bytes.Replace(raw, []byte(old), []byte(now), 1)
}

// What a signature has to be, to count.
func TestSignatures(t *testing.T) {
	now := time.Now()
	plain := letter(client)
	rsaKey, rsaPublished := byRSA(t, 1024)
	weak := rsaRecord(t, &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(15), 511, 1), E: 65537})
	huge := rsaRecord(t, &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(15), 40000, 1), E: 65537})
	signed := sign(t, plain, "firma.example")

	for _, c := range []struct {
		name     string
		key      string
		raw      []byte
		received time.Time
		result   ticket.CheckResult
		why      string // part of it
	}{
		{"Ed25519", published, signed, now, ticket.CheckPass, ""},
		{"RSA", rsaPublished, sign(t, plain, "firma.example", rsaKey), now, ticket.CheckPass, ""},
		{"simple canonicalisation", published, sign(t, plain, "firma.example", func(o *dkim.SignOptions) {
			o.HeaderCanonicalization, o.BodyCanonicalization = dkim.CanonicalizationSimple, dkim.CanonicalizationSimple
		}), now, ticket.CheckPass, ""},
		{"the body was changed", published, append(slices.Clone(signed), "PS: send penge\r\n"...), now, ticket.CheckFail, "body hash"},
		{"the subject was changed", published, tagged(signed, "Login", "Logind"), now, ticket.CheckFail, "did not verify"},
		{"blanks were changed", published, tagged(signed, "Subject: Login", "Subject:   Login"), now, ticket.CheckPass, ""},
		{"a weak key", weak, sign(t, plain, "firma.example", rsaKey), now, ticket.CheckPermError, "too short"},
		{"a key that takes long to compute with", huge, sign(t, plain, "firma.example", rsaKey), now, ticket.CheckPermError, "longer than"},
		{"a revoked key", "v=DKIM1; p=", signed, now, ticket.CheckPermError, "revoked"},
		{"two keys", published + "\n" + published, signed, now, ticket.CheckPermError, "multiple"},
		{"no key", "", signed, now, ticket.CheckPermError, ""},
		{"rubbish for a key", "v=DKIM1; p=\x00\xff!", signed, now, ticket.CheckPermError, "syntax"},
		{"SHA-1", rsaPublished, tagged(sign(t, plain, "firma.example", rsaKey), "rsa-sha256", "rsa-sha1"), now, ticket.CheckPermError, "weak"},
		{"a part of the body only", published, tagged(signed, " d=firma", " l=0; d=firma"), now, ticket.CheckFail, "body length"},
		{"expired when it came", published, sign(t, plain, "firma.example", ending(now.Add(-time.Hour))), now, ticket.CheckPermError, "expired"},
		{"expired since it came", published, sign(t, plain, "firma.example", ending(now.Add(-time.Hour))), now.Add(-48 * time.Hour), ticket.CheckTempError, "since the mail came"},
		{"made to expire while it is checked", published, sign(t, plain, "firma.example", ending(now.Add(-time.Second))), now.Add(-2 * time.Second), ticket.CheckPermError, "expired"},
		{"not yet expired", published, sign(t, plain, "firma.example", ending(now.Add(time.Hour))), now, ticket.CheckPass, ""},
		{"not expired, but it had when the mail came", published, sign(t, plain, "firma.example", ending(now.Add(time.Hour))), now.Add(2 * time.Hour), ticket.CheckPermError, "had expired"},
		{"no From signed", published, tagged(signed, "h=From:", "h=Reply-To:"), now, ticket.CheckPermError, "From"},
		{"a tag twice", published, tagged(signed, " d=firma.example", " d=firma.example; d=firma.example"), now, ticket.CheckPermError, "duplicate"},
		{"for another's name", published, tagged(signed, " d=firma.example", " i=@ond.example; d=firma.example"), now, ticket.CheckPermError, "mismatch"},
		{"no blank line ends the header", published, bytes.Split(signed, []byte("\r\n\r\n"))[0], now, ticket.CheckPermError, "no end"},
		{"a header of many short lines", published, tagged(signed, "Subject: ", "X: "+strings.Repeat("\r\n ", 80_000)+"\r\nSubject: "), now, ticket.CheckPermError, "too large"},
		{"many blank lines", published, sign(t, append(slices.Clone(plain), strings.Repeat("\n\r\n", 40_000)+"x\r\n"...), "firma.example"), now, ticket.CheckPermError, "blank lines"},
		{"a lone carriage return", published, tagged(signed, "Subject: ", "X: a\rSubject: "), now, ticket.CheckPermError, "lone carriage return"},
	} {
		t.Run(c.name, func(t *testing.T) {
			z := firma("v=DMARC1; p=reject")
			if c.key != "" {
				with(z, "post._domainkey.firma.example", c.key)
			} else {
				delete(z, "post._domainkey.firma.example.")
			}
			f := facts(stranger, client, client)
			f.Received = c.received
			got := check(t, z, f, c.raw)
			if len(got.DKIM) != 1 || got.DKIM[0].Result != c.result || !strings.Contains(got.DKIM[0].Why, c.why) {
				t.Fatalf("%+v, want %s because %q", got.DKIM, c.result, c.why)
			}
			if pass := got.Trust == verified; pass != (c.result == ticket.CheckPass) {
				t.Errorf("%s by %s", got.Trust, results(got))
			}
		})
	}
}

// A signature vouches for the From that it covers. A mail must not show another to
// us than to the library (an honest user of a domain could write as any other).
func TestSignedFromIsTheOneWeRead(t *testing.T) {
	signed := sign(t, letter("ond@firma.example"), "firma.example")
	for name, raw := range map[string][]byte{
		"a second From":                append([]byte("From: <"+client+">\r\n"), signed...),
		"a From that only one sees":    append([]byte("From: <"+client+">\r\n"), tagged(signed, "From: ", "From\u00a0: ")...),
		"a name with an address in it": sign(t, letter(client+"\" <ond@firma.example"), "firma.example"),
		"another mailbox":              signed,
	} {
		got := check(t, firma("v=DMARC1; p=reject"), facts(stranger, client, client), raw)
		if got.Trust != failed || got.DKIM[0].Result != ticket.CheckPermError {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// The name of a sender may hold any letters, and be folded.
func TestSignedFromInAnyForm(t *testing.T) {
	for _, from := range []string{
		client,
		"<" + client + ">",
		`"Kunde, Åse" <` + client + ">",
		"=?iso-8859-1?Q?K=F8bmand?= <" + client + ">",
		"=?x-unknown?Q?K=F8bmand?= <" + client + ">",
		"K\xf8bmand <" + client + ">",
		"Kunde\r\n\t<" + client + ">",
		"Kunde <KUNDE@Firma.example>",
		client + " (Kunde)",
	} {
		raw := append([]byte("From: "+from+"\r\n"), bytes.SplitN(letter(client), []byte("\r\n"), 2)[1]...)
		got := check(t, firma("v=DMARC1; p=reject"), facts(stranger, client, client), sign(t, raw, "firma.example"))
		if got.Trust != verified {
			t.Errorf("%q: %+v", from, got)
		}
	}
}

func TestNotes(t *testing.T) {
	z := with(firma("v=DMARC1; p=reject"), "post._domainkey.firma.example", published+"; t=y:s")
	got := check(t, z, facts(stranger, client, client), sign(t, letter(client), "firma.example", oversigned)).DKIM[0]
	want := []string{
		"From is oversigned: a second one would break the signature", "the subject is not signed", "the key is marked as being tested (t=y)",
	}
	if got.Result != ticket.CheckPass || got.Selector != "post" || !slices.Equal(got.Notes, want) {
		t.Errorf("%+v", got)
	}
}

// Of many signatures those are checked that could say something of From.
func TestManySignatures(t *testing.T) {
	raw := sign(t, letter(client), "firma.example")
	for range 49 {
		raw = sign(t, raw, "liste.example")
	}
	r := &counting{Resolver: mockdns.Resolver{Zones: firma("v=DMARC1; p=reject")}}
	limit := func(c *origin.Config) { c.MaxVerifications = 3 }
	got := newChecker(t, r, limit).Check(context.Background(), facts(stranger, "x@nowhere.example", client), raw)
	if got.Trust != verified || len(got.DKIM) != 3 || got.Unchecked != 47 || got.DKIM[0].Domain != "firma.example" {
		t.Errorf("%+v", got)
	}
}

// A signature that covers others stays whole when it is checked by itself.
func TestSignatureOverSignatures(t *testing.T) {
	raw := sign(t, letter(client), "liste.example")
	raw = sign(t, raw, "firma.example", func(o *dkim.SignOptions) { o.HeaderKeys = []string{"From", "DKIM-Signature"} })
	got := check(t, firma("v=DMARC1; p=reject"), facts(stranger, client, client), raw)
	if results(got) != "spf fail, dkim pass, dkim pass, dmarc pass" {
		t.Errorf("%+v", got)
	}
}

// What is too large to check passes for nothing, and at once.
func TestTortureSignatures(t *testing.T) {
	head := "From: <" + client + ">\r\n"
	body := "\r\nHej\r\n"
	signature := func(tags string) string { return "DKIM-Signature: v=1; d=firma.example; s=post; " + tags + "\r\n" }
	var many strings.Builder
	for i := range 50 {
		many.WriteString(signature(fmt.Sprintf("a=ed25519-sha256; h=from; bh=AA==; b=%04d", i)))
	}
	for name, raw := range map[string]string{
		"10,000 tags":              signature(strings.Repeat("x=1; ", 10_000)) + head + body,
		"1,000 different tags":     signature(numbered("t%d=1; ", 1000)) + head + body,
		"5,000 signed fields":      signature("a=ed25519-sha256; bh=AA==; b=AA==; h=from"+strings.Repeat(":x", 5000)) + head + body,
		"50 signatures":            many.String() + head + body,
		"a header of a megabyte":   signature("h=from") + head + strings.Repeat("X: y\r\n", 200_000) + body,
		"a line of a megabyte":     signature("h=from") + head + "X: " + strings.Repeat("y", 1<<20) + "\r\n" + body,
		"2,000 fields":             signature("h=from") + head + strings.Repeat("X: y\r\n", 2000) + body,
		"no end":                   signature("h=from") + head,
		"a tag list of separators": signature(strings.Repeat(";", 10_000)) + head + body,
	} {
		got := check(t, firma("v=DMARC1; p=reject"), facts(stranger, client, client), []byte(raw))
		if got.Trust != failed || len(got.DKIM) > origin.DefaultConfig().MaxVerifications {
			t.Errorf("%s: %s, %+v", name, got.Trust, got.DKIM)
		}
	}
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}
