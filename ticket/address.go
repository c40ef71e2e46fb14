package ticket

import (
	"net/mail"
	"strings"
	"unicode/utf8"
)

// Limits of an address in octets (RFC 5321 section 4.5.3.1).
const (
	MaxLocalPart = 64
	MaxDomain    = 255
)

// Address is one mailbox: the display name as decoded, which may say anything,
// and the address itself (addr-spec, RFC 5322 section 3.4.1).
type Address struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// String renders the mailbox as a header would, quoting the name where needed.
func (a Address) String() string {
	m := mail.Address{Name: a.Name, Address: a.Address}
	return m.String()
}

// FoldAddress is the form in which addresses are compared: lower case, as
// mail systems treat local parts in practice, without surrounding blanks.
func FoldAddress(address string) string {
	return strings.ToLower(strings.TrimSpace(address))
}

// Domain is the domain of an address as domains are compared: in lower case and
// without the dot of the root. What has no @ is a domain already.
func Domain(address string) string {
	_, domain, ok := cutLast(address, "@")
	if !ok {
		domain = address
	}
	return strings.ToLower(strings.TrimSuffix(domain, "."))
}

// Tagged is an address with a tag behind a further "+" of its local part
// (RFC 5233): mail to it reaches the same mailbox.
func Tagged(address, tag string) string {
	local, domain, _ := cutLast(address, "@")
	return local + "+" + tag + "@" + domain
}

// tagOf is what stands behind the last "+" of an address's local part.
func tagOf(address string) (string, bool) {
	local, _, ok := cutLast(address, "@")
	if !ok {
		return "", false
	}
	_, tag, ok := cutLast(local, "+")
	return tag, ok
}

// Reaches reports whether mail to an address reaches a mailbox: it is the
// mailbox's own, in any case, with or without tags behind it.
func Reaches(address, mailbox string) bool {
	local, domain, _ := cutLast(FoldAddress(mailbox), "@")
	to, ok := strings.CutSuffix(FoldAddress(address), "@"+domain)
	return ok && (to == local || strings.HasPrefix(to, local+"+"))
}

// NeedsSMTPUTF8 reports whether any of the addresses, or parts of them, cannot
// be written in ASCII, so that only servers of RFC 6531 take it.
func NeedsSMTPUTF8(parts ...string) bool {
	for _, p := range parts {
		for i := range len(p) {
			if p[i] >= utf8.RuneSelf {
				return true
			}
		}
	}
	return false
}

// MaskAddress shows the first letter of an address's local part, and its domain: its
// owner knows it again, and who looks on does not learn it.
func MaskAddress(address string) string {
	local, domain, ok := cutLast(address, "@")
	if !ok || local == "" {
		return address
	}
	_, n := utf8.DecodeRuneInString(local)
	return local[:n] + "…@" + domain
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// ValidAddress reports whether this is one bare mail address (addr-spec) within
// the limits of RFC 5321.
func ValidAddress(address string) bool {
	a, err := mail.ParseAddress(address)
	if err != nil || a.Name != "" || a.Address != address {
		return false
	}
	local, domain, ok := cutLast(address, "@")
	return ok && len(local) <= MaxLocalPart && len(domain) <= MaxDomain && !strings.ContainsAny(address, " \t\r\n<>\"")
}
