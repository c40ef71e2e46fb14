package notifier

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"

	"aismarttalk.tech/supportd/store"
)

// Config says who writes the letters, and how hard the notifier tries to get
// them delivered.
type Config struct {
	DeskName string // the From of every letter
	Address  string // … and its address, contact+support@firma.example
	Domain   string // of Message-IDs and the loop mark; "" means that of Address
	Prefix   string // of tracking IDs

	Workers     int           // letters on their way at the same time
	SendTimeout time.Duration // of one attempt, connecting included
	Lease       time.Duration // how long a notice is one worker's who may be dead; renewed while he sends
	MaxAge      time.Duration // from when it was owed until a notice is given up
	Grace       time.Duration // that letters on their way get when the notifier is stopped

	// Reporters and Staff bound the letters to one recipient, Daily all letters
	// of a day (UTC); see store.Budget. They stop loops, not business: staff hear
	// of every ticket and get more.
	Reporters store.Budget
	Staff     store.Budget
	Daily     int // 0 is no limit
}

// DefaultConfig is what holds where the configuration says nothing. The desk's
// name, address and prefix are still to be set.
func DefaultConfig() Config {
	return Config{
		Workers:     4,
		SendTimeout: 5 * time.Minute,
		Lease:       30 * time.Second,
		MaxAge:      5 * 24 * time.Hour,
		Grace:       10 * time.Second,
		Reporters:   store.Budget{TenMinutes: 10, Day: 40},
		Staff:       store.Budget{TenMinutes: 60, Day: 400},
		Daily:       1000,
	}
}

// Limits of addresses (RFC 5321 section 4.5.3.1).
const (
	maxLocalPart = 64
	maxDomain    = 255
)

// longestName is the length of the longest token behind the support address: the
// name of a notice, which is the ID without hyphens, up to six digits of number
// and a signature (see ticket.Keyring.NoticeName), plus one for the "+".
func longestName(prefix string) int { return 1 + len(prefix) + 8 + 1 + 6 + 1 + 21 }

// Validate reports all that is wrong with the configuration.
func (c Config) Validate() error {
	var errs []error
	fault := func(format string, args ...any) { errs = append(errs, fmt.Errorf("notifier: "+format, args...)) }

	if c.DeskName == "" || strings.ContainsFunc(c.DeskName, unicode.IsControl) {
		fault("the desk's name %q is empty or has control characters", c.DeskName)
	}
	local, domain, _ := strings.Cut(c.Address, "@")
	if a, err := mail.ParseAddress("<" + c.Address + ">"); err != nil || a.Address != c.Address || !isASCII(c.Address) {
		fault("%q is no address: write it like contact+support@firma.example", c.Address)
	} else if len(domain) > maxDomain {
		fault("the domain of %q is longer than %d octets", c.Address, maxDomain)
	} else if n := len(local) + longestName(c.Prefix); n > maxLocalPart {
		fault("%q leaves no room for the tokens behind it: with them the part before the @ would have %d octets, "+
			"%d are allowed; a shorter address or a shorter prefix of tracking IDs helps", c.Address, n, maxLocalPart)
	}
	if c.Domain != "" && !isDomain(c.Domain) {
		fault("%q is no domain", c.Domain)
	}
	if c.Workers < 1 {
		fault("%d workers, there must be at least one", c.Workers)
	}
	for name, d := range map[string]time.Duration{
		"send timeout": c.SendTimeout, "greatest age": c.MaxAge, "grace": c.Grace,
	} {
		if d <= 0 {
			fault("the %s is %v, it must be positive", name, d)
		}
	}
	if c.Lease < 2*recordTimeout {
		fault("the lease is %v, it must be at least %v, or a slow store would cost letters twice", c.Lease, 2*recordTimeout)
	}
	for name, n := range map[string]int{
		"letters to a reporter within ten minutes": c.Reporters.TenMinutes, "letters to a reporter within a day": c.Reporters.Day,
		"letters to one of staff within ten minutes": c.Staff.TenMinutes, "letters to one of staff within a day": c.Staff.Day,
		"letters in a day": c.Daily,
	} {
		if n < 0 {
			fault("the limit of %s is %d; 0 is none", name, n)
		}
	}
	return errors.Join(errs...)
}

func (c Config) domain() string {
	if c.Domain != "" {
		return c.Domain
	}
	_, domain, _ := strings.Cut(c.Address, "@")
	return domain
}

// tokenAddress is the support address with a token behind a further "+".
func (c Config) tokenAddress(token string) string {
	local, domain, _ := strings.Cut(c.Address, "@")
	return local + "+" + token + "@" + domain
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func isDomain(s string) bool {
	a, err := mail.ParseAddress("<x@" + s + ">")
	return err == nil && a.Address == "x@"+s && isASCII(s) && len(s) <= maxDomain
}
