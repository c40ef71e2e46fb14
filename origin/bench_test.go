package origin_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/foxcpp/go-mockdns"
)

// A check without the time that DNS takes: of a usual mail, of one of 25 MB, and
// of one that carries as many signatures over as much as it may.
func BenchmarkCheck(b *testing.B) {
	small := append(letter(client), bytes.Repeat([]byte("Vi kan stadig ikke logge ind.\r\n"), 120)...)
	large := append(letter(client), bytes.Repeat([]byte("VmkgaGFyIHN0YWRpZyBpa2tlIGFkZ2FuZw==\r\n"), 690_000)...)
	many := sign(b, large, "firma.example")
	for range 9 {
		many = sign(b, many, "firma.example", func(o *dkim.SignOptions) { o.BodyCanonicalization = dkim.CanonicalizationSimple })
	}
	for _, c := range []struct {
		name string
		raw  []byte
	}{
		{"4KB", sign(b, small, "firma.example")},
		{"25MB", sign(b, large, "firma.example")},
		{"25MB-10signatures", many},
	} {
		b.Run(c.name, func(b *testing.B) {
			checker := newChecker(b, &mockdns.Resolver{Zones: firma("v=DMARC1; p=reject")})
			b.ReportAllocs()
			b.SetBytes(int64(len(c.raw)))
			for b.Loop() {
				if got := checker.Check(context.Background(), facts(stranger, client, client), c.raw); got.Trust != verified {
					b.Fatal(got)
				}
			}
		})
	}
}
