package desk

import (
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

const relayName = "mx.aismarttalk.tech"

// TestJudge reads headers as OpenDKIM, OpenDMARC, rspamd and policyd-spf write
// them, and as a forger would have them written (bad-input 89), for a mail from
// firma.example. Trust "" is a header that is not the relay's, or not readable.
func TestJudge(t *testing.T) {
	for _, tt := range []struct {
		name, header string
		want         ticket.Trust
	}{
		{"OpenDMARC", `mx.aismarttalk.tech; dmarc=pass (p=reject dis=none) header.from=firma.example`, ticket.TrustVerified},
		{"OpenDMARC, failed", `mx.aismarttalk.tech; dmarc=fail (p=reject dis=none) header.from=firma.example`, ticket.TrustFailed},
		{"OpenDKIM: a semicolon in a comment", `mx.aismarttalk.tech; dkim=pass (2048-bit key; unprotected) header.d=firma.example header.i=@firma.example header.b="a/+b="; dkim-atps=neutral`, ticket.TrustVerified},
		{"rspamd", `mx.aismarttalk.tech; dkim=pass header.d=firma.example header.s=s1 header.b=abc; spf=pass (mx.aismarttalk.tech: domain of a@firma.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@firma.example; dmarc=pass (policy=none) header.from=firma.example`, ticket.TrustVerified},
		{"policyd-spf", `mx.aismarttalk.tech; spf=pass (mailfrom) smtp.mailfrom=mail.firma.example (client-ip=192.0.2.1; helo=mail.firma.example)`, ticket.TrustVerified},
		{"a domain without policy, SPF of another", `mx.aismarttalk.tech; spf=pass smtp.mailfrom=a@ond.example; dmarc=none header.from=firma.example`, ticket.TrustUnverified},
		{"DMARC of another domain", `mx.aismarttalk.tech; dmarc=pass header.from=ond.example`, ticket.TrustUnverified},
		{"nothing was checked", `mx.aismarttalk.tech; none`, ticket.TrustUnverified},
		{"the name in other letters", `MX.aismarttalk.tech; dmarc=pass header.from=firma.example`, ticket.TrustVerified},

		{"a result in the sender's name", `mx.aismarttalk.tech; spf=pass smtp.mailfrom="x; dmarc=pass header.from=firma.example"@ond.example; dmarc=none header.from=firma.example`, ticket.TrustUnverified},
		{"… with quotes in the name", `mx.aismarttalk.tech; spf=pass smtp.mailfrom="x\"; dkim=pass header.d=firma.example"@ond.example`, ticket.TrustUnverified},
		{"… in a comment", `mx.aismarttalk.tech; spf=pass (domain of "x; dkim=pass header.d=firma.example"@ond.example) smtp.mailfrom=ond.example`, ticket.TrustUnverified},
		{"… in a comment within a comment", `mx.aismarttalk.tech; spf=pass (a (b\)) ; dkim=pass header.d=firma.example) smtp.mailfrom=ond.example`, ticket.TrustUnverified},
		{"two verdicts: the worst counts", `mx.aismarttalk.tech; dmarc=pass header.from=firma.example; dmarc=fail header.from=firma.example`, ticket.TrustFailed},
		{"an open comment", `mx.aismarttalk.tech; dmarc=pass header.from=firma.example (`, ""},
		{"an open string", `mx.aismarttalk.tech; dmarc=pass header.from=firma.example "`, ""},
		{"a quoted name", `"mx.aismarttalk.tech"; dmarc=pass header.from=firma.example`, ""},
		{"a name with a comment in it", `mx.()aismarttalk.tech; dmarc=pass header.from=firma.example`, ""},
		{"a name with a long s", `mx.aiſmarttalk.tech; dmarc=pass header.from=firma.example`, ""},
		{"a name in an encoded word", `=?utf-8?q?mx=2Eaismarttalk=2Etech?=; dmarc=pass header.from=firma.example`, ""},
	} {
		var got ticket.Trust
		if id, results, err := parseAuthResults(tt.header); err == nil && sameName(id, relayName) {
			got, _ = judge(results, "firma.example")
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q\n%s", tt.name, got, tt.want, tt.header)
		}
	}
}

// A relay strips forged headers by its name in the clear, so that only such a
// name may be read as the relay's.
func FuzzParseAuthResults(f *testing.F) {
	for _, seed := range []string{
		relayName + "; dmarc=pass (p=none) header.from=firma.example", `"mx\.aismarttalk.tech" 1; none`, "mx.(a)aismarttalk.tech; none", "(a(b)\\)) " + relayName + "; spf=pass",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		id, _, err := parseAuthResults(value)
		if err == nil && sameName(id, relayName) && !strings.Contains(lowerASCII(value), relayName) {
			t.Errorf("%q is read as the relay's", value)
		}
	})
}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}
