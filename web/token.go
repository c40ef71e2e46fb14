package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// Scope is what a token opens.
type Scope string

// Scopes. Those of staff carry a role behind the colon: staff:support.
const (
	ScopeReport Scope = "report" // open tickets for others
	ScopeStatus Scope = "status" // ask for the state of those
	// ScopeVerified: with report, say that the reporter has proved his address.
	ScopeVerified Scope = "report:verified"
	ScopeAdmin    Scope = "admin" // all, in the name of any of the staff
	scopeStaff          = "staff:"
)

// minToken is the length in bytes below which a token is refused: 128 bits in
// base64 are 22.
const minToken = 22

// Token is a bearer token as the server keeps it: named, hashed, with scopes.
type Token struct {
	Name   string
	Hash   [sha256.Size]byte
	Scopes []Scope
}

// NewToken hashes a secret. Blanks and line ends around it, as files have them,
// do not count.
func NewToken(name, secret string, scopes ...Scope) (Token, error) {
	secret = strings.TrimSpace(secret)
	if len(secret) < minToken {
		return Token{}, fmt.Errorf("the token is shorter than %d characters; make one with: openssl rand -base64 32", minToken)
	}
	return Token{Name: name, Hash: sha256.Sum256([]byte(secret)), Scopes: scopes}, nil
}

func (t Token) validate() error {
	var errs []error
	if len(t.Scopes) == 0 {
		errs = append(errs, errors.New("it has no scope"))
	}
	for _, s := range t.Scopes {
		if _, ok := s.role(); !ok && !slices.Contains(plainScopes, s) {
			errs = append(errs, fmt.Errorf("there is no scope %q: report, report:verified, status, staff:support, staff:dev, staff:qa, staff:owner and admin are", s))
		}
	}
	return errors.Join(errs...)
}

var plainScopes = []Scope{ScopeReport, ScopeVerified, ScopeStatus, ScopeAdmin}

// role is the staff role that a scope carries.
func (s Scope) role() (ticket.Role, bool) {
	name, ok := strings.CutPrefix(string(s), scopeStaff)
	role := ticket.Role(name)
	return role, ok && slices.Contains(staffRoles, role)
}

var staffRoles = []ticket.Role{ticket.RoleSupport, ticket.RoleDev, ticket.RoleQA, ticket.RoleOwner}

// admin reports whether the token opens everything.
func (t Token) admin() bool { return t.has(ScopeAdmin) }

// has reports whether the token bears a scope.
func (t Token) has(s Scope) bool { return slices.Contains(t.Scopes, s) }

// roles are those in which the token's holder acts.
func (t Token) roles() []ticket.Role {
	if t.admin() {
		return staffRoles
	}
	var roles []ticket.Role
	for _, s := range t.Scopes {
		if r, ok := s.role(); ok {
			roles = append(roles, r)
		}
	}
	return roles
}

// bearer finds the token of an Authorization header (RFC 6750 section 2.1).
// All hashes are compared, each in constant time, so that the time tells
// neither which token was near nor how near.
func bearer(tokens []Token, header string) (Token, bool) {
	scheme, secret, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return Token{}, false
	}
	hash := sha256.Sum256([]byte(strings.TrimSpace(secret)))
	var found Token
	ok := 0
	for _, t := range tokens {
		if same := subtle.ConstantTimeCompare(hash[:], t.Hash[:]); same == 1 {
			found, ok = t, 1
		}
	}
	return found, ok == 1
}
