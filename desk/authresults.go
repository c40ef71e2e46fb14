package desk

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-msgauth/authres"

	"aismarttalk.tech/supportd/origin"
	"aismarttalk.tech/supportd/ticket"
)

// errAuthResults is a header that cannot be read in one way alone.
var errAuthResults = errors.New("Authentication-Results with an open comment or string")

// parseAuthResults reads an Authentication-Results header (RFC 8601 section
// 2.2). authres knows neither comments nor quoted strings: to it, "(2048-bit
// key; unprotected)" ends a result, and a sender who calls himself
// "x; dmarc=pass"@ond.example has passed. It is given neither.
func parseAuthResults(value string) (id string, results []authres.Result, err error) {
	plain, ok := plainAuthResults(value)
	if !ok {
		return "", nil, errAuthResults
	}
	return authres.Parse(plain)
}

// plainAuthResults puts a blank for each comment and an underscore for each
// separator within a quoted string. The quotes stay, and no two words become
// one: a name that a relay would not have known for its own, and so left in a
// forged header, must not become its name here. ok is false where a comment or
// string has no end.
func plainAuthResults(value string) (plain string, ok bool) {
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == '\\' && (quoted || depth > 0):
			_, n := utf8.DecodeRuneInString(value[i+1:])
			i += n // the character behind it means nothing
			if quoted {
				b.WriteByte('_')
			}
		case quoted && c != '"':
			if strings.IndexByte("; \t=", c) >= 0 {
				c = '_'
			}
			b.WriteByte(c)
		case depth == 0 && c == '"':
			quoted = !quoted
			b.WriteByte(c)
		case c == '(':
			depth++
			b.WriteByte(' ')
		case c == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteByte(c)
		}
	}
	return b.String(), depth == 0 && !quoted
}

// sameName compares authserv-ids without regard to the case of ASCII letters. To
// Unicode, "ſ" is an s too; what differs so differs in length.
func sameName(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }

// judge applies DMARC's rule of alignment (RFC 7489 section 3.1) to results. A
// DMARC verdict decides, the worst if there are several; for a domain without
// policy an aligned SPF or DKIM pass does.
func judge(results []authres.Result, from string) (ticket.Trust, string) {
	passed, aligned := false, ""
	for _, r := range results {
		switch r := r.(type) {
		case *authres.DMARCResult:
			if r.From != "" && !origin.SameOrganisation(ticket.Domain(r.From), from) {
				continue
			}
			switch r.Value {
			case authres.ResultPass:
				passed = true
			case authres.ResultFail:
				return ticket.TrustFailed, "DMARC failed"
			}
		case *authres.SPFResult:
			if r.Value == authres.ResultPass && origin.SameOrganisation(ticket.Domain(r.From), from) {
				aligned = "SPF passed for the domain of From"
			}
		case *authres.DKIMResult:
			if r.Value == authres.ResultPass && origin.SameOrganisation(ticket.Domain(r.Domain), from) {
				aligned = "DKIM passed for the domain of From"
			}
		}
	}
	switch {
	case passed:
		return ticket.TrustVerified, "DMARC passed"
	case aligned != "":
		return ticket.TrustVerified, aligned
	}
	return ticket.TrustUnverified, "no aligned SPF, DKIM or DMARC result"
}
