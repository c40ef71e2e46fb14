package smtpd

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
)

var (
	errPath      = errors.New("not a path")
	errPathParts = errors.New("local part or domain too long")
)

// path is a reverse-path or forward-path (RFC 5321 section 4.1.2) without
// brackets and source route. The local part is held unquoted: a quoted "@" or
// "%" in it can never be taken for a separator again.
type path struct {
	local  string
	domain string // "" if the client gave none
}

func (p path) null() bool { return p.local == "" && p.domain == "" }

// String returns the mailbox as the envelope keeps it: quoted where it must be.
func (p path) String() string {
	if p.null() {
		return ""
	}
	local := p.local
	if !isDotString(local) {
		local = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(local) + `"`
	}
	if p.domain == "" {
		return local
	}
	return local + "@" + p.domain
}

// ascii reports whether the path can be written without SMTPUTF8.
func (p path) ascii() bool { return !ticket.NeedsSMTPUTF8(p.local, p.domain) }

// parsePath reads the path at the start of s and returns what stands behind
// it. Brackets may be missing, and a source route is dropped, as RFC 5321
// section 3.3 and appendix C advise. s must hold no control characters and
// must be valid UTF-8.
func parsePath(s string) (p path, rest string, err error) {
	s, bracket := strings.CutPrefix(s, "<")
	if bracket {
		if rest, ok := strings.CutPrefix(s, ">"); ok {
			return path{}, rest, nil
		}
		if strings.HasPrefix(s, "@") {
			route, mailbox, ok := strings.Cut(s, ":")
			if !ok || strings.ContainsAny(route, "<> \"") {
				return path{}, "", errPath
			}
			s = mailbox
		}
	}
	if p.local, s, err = parseLocalPart(s); err != nil {
		return path{}, "", err
	}
	if after, ok := strings.CutPrefix(s, "@"); ok {
		if p.domain, s, err = parseDomain(after); err != nil {
			return path{}, "", err
		}
	}
	if bracket {
		after, ok := strings.CutPrefix(s, ">")
		if !ok {
			return path{}, "", errPath
		}
		s = after
	}
	if s != "" && s[0] != ' ' {
		return path{}, "", errPath
	}
	if len(p.local) > ticket.MaxLocalPart || len(p.domain) > ticket.MaxDomain {
		return path{}, "", errPathParts
	}
	return p, s, nil
}

// parseLocalPart reads a dot-string or quoted string. Dots may stand anywhere
// in a dot-string: there are mailboxes in use that end in one.
func parseLocalPart(s string) (local, rest string, err error) {
	if !strings.HasPrefix(s, `"`) {
		n := strings.IndexFunc(s, func(r rune) bool { return r != '.' && !isAtext(r) })
		if n < 0 {
			n = len(s)
		}
		if n == 0 {
			return "", "", errPath
		}
		return s[:n], s[n:], nil
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			if b.Len() == 0 {
				return "", "", errPath
			}
			return b.String(), s[i+1:], nil
		case '\\':
			if i++; i == len(s) {
				return "", "", errPath
			}
		}
		b.WriteByte(s[i])
	}
	return "", "", errPath
}

// parseDomain reads a domain or an address literal.
func parseDomain(s string) (domain, rest string, err error) {
	n := strings.IndexFunc(s, func(r rune) bool { return r < utf8.RuneSelf && notInHostname(r) })
	if n < 0 {
		n = len(s)
	}
	domain, rest = s[:n], s[n:]
	literal := strings.HasPrefix(domain, "[") && strings.HasSuffix(domain, "]")
	inner := strings.TrimSuffix(strings.TrimPrefix(domain, "["), "]")
	if inner == "" || strings.ContainsAny(inner, "[]") || len(inner) != len(domain) && !literal ||
		!literal && strings.Contains(domain, ":") {
		return "", "", errPath
	}
	return domain, rest, nil
}

func isDotString(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r != '.' && !isAtext(r) })
}

// isAtext reports whether r is atext of RFC 5322, widened by RFC 6531 to all
// that is not ASCII.
func isAtext(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r >= utf8.RuneSelf:
		return true
	}
	return strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

// lower folds ASCII letters only: under Unicode's rules "ſupport" would be one
// of our addresses.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}

// addressBook knows for whom mail is taken. It is not changed once made.
type addressBook struct {
	support map[string]bool // local@domain, lower case
	domains map[string]bool // lower case
	first   string          // the domain of the first address: where a bare postmaster is
}

func newAddressBook(addresses []string) (*addressBook, error) {
	b := &addressBook{support: make(map[string]bool), domains: make(map[string]bool)}
	var faults []error
	if len(addresses) == 0 {
		faults = append(faults, errors.New("addresses: at least one is needed"))
	}
	for _, a := range addresses {
		p, rest, err := parsePath(a)
		if err != nil || rest != "" || p.domain == "" || !isDotString(p.local) || strings.HasPrefix(a, "<") {
			faults = append(faults, fmt.Errorf("addresses: %q is not an address", a))
			continue
		}
		b.support[lower(a)] = true
		b.domains[lower(p.domain)] = true
		if b.first == "" {
			b.first = lower(p.domain)
		}
	}
	return b, errors.Join(faults...)
}

// ours reports whether p is a support address, with or without something
// behind a further "+".
func (b *addressBook) ours(p path) bool {
	if !isDotString(p.local) {
		return false
	}
	local, domain := lower(p.local), "@"+lower(p.domain)
	if b.support[local+domain] {
		return true
	}
	for i, r := range local {
		if r == '+' && b.support[local[:i]+domain] {
			return true
		}
	}
	return false
}

// recipient returns the mailbox that p names here, or the reply that refuses
// it. A bare postmaster, which every server must know (RFC 5321 section
// 4.5.1), is given its domain.
func (b *addressBook) recipient(p path) (path, *reply) {
	local := lower(p.local)
	role := local == "postmaster" || local == "abuse"
	switch {
	case p.domain == "" && local == "postmaster":
		return path{local: p.local, domain: b.first}, nil
	case p.domain == "":
		return path{}, &replyUnknownRecipient
	case !b.domains[lower(p.domain)]:
		return path{}, &replyRelay
	case role || b.ours(p):
		return p, nil
	}
	return path{}, &replyUnknownRecipient
}
