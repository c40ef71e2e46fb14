package origin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"aismarttalk.tech/supportd/ticket"
)

// expiryGrace: a signature that ends sooner after the mail came ended by the
// sender's choice, and not because filing was late.
const expiryGrace = 15 * time.Minute

// signature is a DKIM-Signature field, read only as far as to choose which to check.
type signature struct {
	field    int
	domain   string
	selector string
	signed   []string // names of fields
	testing  bool
	fault    string // why it is not checked at all
}

func readSignature(h header, field int) signature {
	s := signature{field: field}
	_, value, _ := strings.Cut(h.fields[field], ":")
	if len(value) > maxSignature {
		s.fault = "the signature is longer than any in use"
		return s
	}
	tags := parseTags(value)
	s.domain, _ = asciiName(unfolded(tags["d"]))
	s.selector = short(unfolded(tags["s"]))
	for name := range strings.SplitSeq(tags["h"], ":") {
		s.signed = append(s.signed, strings.ToLower(unfolded(name)))
	}
	if len(s.signed) > maxSigned {
		s.fault = "the signature covers more fields than any in use"
	}
	return s
}

// unfolded takes out the white space that may stand anywhere in a value.
func unfolded(s string) string { return strings.Join(strings.Fields(s), "") }

// checkDKIM checks the signatures of a mail one by one, those for the From domain
// first: the others explain, but decide nothing. left is how many were too many.
func (c *Checker) checkDKIM(ctx context.Context, dns Resolver, f Facts, raw []byte) (checks []ticket.DKIMCheck, left int) {
	h, err := splitHeader(raw)
	fields := h.named("DKIM-Signature")
	if len(fields) == 0 {
		return nil, 0
	}
	if err == nil {
		err = h.checkFrom(f.From)
	}
	var all []signature
	for _, i := range fields {
		all = append(all, readSignature(h, i))
	}
	from, _ := asciiName(ticket.Domain(f.From))
	slices.SortStableFunc(all, func(a, b signature) int { return distance(a.domain, from) - distance(b.domain, from) })
	if left = len(all) - c.config.MaxVerifications; left > 0 {
		all = all[:c.config.MaxVerifications]
	}
	for _, s := range all {
		check := ticket.DKIMCheck{Result: ticket.CheckPermError, Domain: s.domain, Selector: s.selector, Why: s.fault}
		switch {
		case err != nil:
			check.Why = err.Error()
		case s.fault == "":
			check = verify(ctx, dns, f.Received, h, s)
		}
		checks = append(checks, check)
	}
	return checks, max(left, 0)
}

// distance orders domains by how much they could say for From.
func distance(domain, from string) int {
	switch {
	case domain == from:
		return 0
	case SameOrganisation(domain, from):
		return 1
	}
	return 2
}

// verify checks one signature. The library verifies several on goroutines of its
// own; given one, it works on ours, where a fault of it is caught.
func verify(ctx context.Context, dns Resolver, received time.Time, h header, s signature) ticket.DKIMCheck {
	c := ticket.DKIMCheck{Domain: s.domain, Selector: s.selector}
	// More than one is there where others were left alone; that is no error to us.
	found, err := dkim.VerifyWithOptions(h.withFirst(s.field), &dkim.VerifyOptions{
		MaxVerifications: 1,
		LookupTXT: func(name string) ([]string, error) {
			txts, err := dns.LookupTXT(ctx, name)
			for _, t := range txts {
				if len(t) > maxKeyRecord { // a key of its size would take long to verify by
					return nil, fmt.Errorf("the key's record is longer than %d bytes", maxKeyRecord)
				}
				s.testing = s.testing || slices.Contains(strings.Split(unfolded(parseTags(t)["t"]), ":"), "y")
			}
			return txts, err
		},
	})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) || len(found) != 1 {
		c.Result, c.Why = ticket.CheckPermError, short(fmt.Sprint(err))
		return c
	}
	v := found[0]
	c.Domain, _ = asciiName(v.Domain)
	c.Result, c.Why = signatureResult(v, received)
	c.Notes = s.notes()
	return c
}

// maxKeyRecord has room for an RSA key of 16384 bits.
const maxKeyRecord = 4 << 10

func signatureResult(v *dkim.Verification, received time.Time) (ticket.CheckResult, string) {
	ended := !v.Expiration.IsZero() && received.After(v.Expiration)
	switch {
	case v.Err == nil && ended:
		return ticket.CheckPermError, "the signature had expired when the mail came"
	case v.Err == nil:
		return ticket.CheckPass, ""
	case dkim.IsTempFail(v.Err):
		return ticket.CheckTempError, reason(v.Err)
	case strings.HasSuffix(v.Err.Error(), errExpired) && v.Expiration.Sub(received) > expiryGrace:
		// Expiry is judged by when a mail came (RFC 6376 section 3.5, x=), the library
		// judges by now; it has not looked at the signature.
		return ticket.CheckTempError, "the signature has expired since the mail came"
	case dkim.IsPermFail(v.Err):
		return ticket.CheckPermError, reason(v.Err)
	}
	return ticket.CheckFail, reason(v.Err)
}

// errExpired is how the library's error ends; it has no name for it.
const errExpired = "signature has expired"

func reason(err error) string { return short(strings.TrimPrefix(err.Error(), "dkim: ")) }

// notes are what a postmaster would like to know of a signature.
func (s signature) notes() []string {
	var notes []string
	count := func(name string) (n int) {
		for _, f := range s.signed {
			if f == name {
				n++
			}
		}
		return n
	}
	if count("from") > 1 {
		notes = append(notes, "From is oversigned: a second one would break the signature")
	}
	if count("subject") == 0 {
		notes = append(notes, "the subject is not signed")
	}
	if s.testing {
		notes = append(notes, "the key is marked as being tested (t=y)")
	}
	return notes
}
