package origin

import (
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// Bounds of RFC 1035 section 2.3.4.
const (
	maxName  = 253
	maxLabel = 63
)

// asciiName is a domain name as DNS has it: lower case, A-labels (RFC 5890), no
// dot at the end. ok is false for what is none, an address literal say, and for
// a name of one label, which nobody's mail comes from.
func asciiName(name string) (ascii string, ok bool) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if len(name) > maxName {
		return "", false
	}
	if !plain(name) {
		a, err := idna.Lookup.ToASCII(name)
		if err != nil || len(a) > maxName || !plain(a) {
			return "", false
		}
		name = a
	}
	labels := strings.Split(name, ".")
	for _, l := range labels {
		if l == "" || len(l) > maxLabel {
			return "", false
		}
	}
	last := labels[len(labels)-1]
	return name, len(labels) > 1 && strings.Trim(last, "0123456789") != ""
}

// plain reports whether a name has only letters of host names in it, and the
// underscore that some put into them.
func plain(name string) bool {
	for i := range len(name) {
		c := name[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// organisation is the organisational domain (RFC 7489 section 3.2) by the public
// suffix list; a public suffix itself is its own.
func organisation(domain string) string {
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return org
	}
	return domain
}

// SameOrganisation reports whether two domains, in lower case, have the same
// organisational domain: what alignment means where it is relaxed. A public suffix
// shares one with itself only, so that nobody signs for all of .com.
func SameOrganisation(a, b string) bool {
	return a != "" && b != "" && organisation(a) == organisation(b)
}

// aligned is alignment (RFC 7489 section 3.1).
func aligned(domain, from string, strict bool) bool {
	if strict {
		return domain != "" && domain == from
	}
	return SameOrganisation(domain, from)
}
