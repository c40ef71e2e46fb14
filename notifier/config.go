package notifier

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Config says who writes the letters, and how hard the notifier tries to get
// them delivered.
type Config struct {
	DeskName string // the From of every letter
	Address  string // … and its address, contact+support@firma.example
	Prefix   string // of tracking IDs

	Workers     int           // letters on their way at the same time
	SendTimeout time.Duration // of one attempt, connecting included
	Lease       time.Duration // how long a notice is one worker's who may be dead; renewed while he sends
	MaxAge      time.Duration // from when it was owed until a notice is given up
	Grace       time.Duration // that letters on their way get when the notifier is stopped

	// Reporters and Staff bound the letters to one recipient, Daily all letters
	// of a day (UTC); see store.Budget. They stop loops, not business: staff hear
	// of every ticket and get more, and of critical ones without any bound.
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
		Lease:       20 * time.Second,
		MaxAge:      5 * 24 * time.Hour,
		Grace:       10 * time.Second,
		Reporters:   store.Budget{TenMinutes: 10, Day: 40},
		Staff:       store.Budget{TenMinutes: 60, Day: 400},
		Daily:       1000,
	}
}

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
	if a, err := mail.ParseAddress("<" + c.Address + ">"); err != nil || a.Address != c.Address || ticket.NeedsSMTPUTF8(c.Address) {
		fault("%q is no address: write it like contact+support@firma.example", c.Address)
	} else if len(domain) > ticket.MaxDomain {
		fault("the domain of %q is longer than %d octets", c.Address, ticket.MaxDomain)
	} else if n := len(local) + longestName(c.Prefix); n > ticket.MaxLocalPart {
		fault("%q leaves no room for the tokens behind it: with them the part before the @ would have %d octets, "+
			"%d are allowed; a shorter address or a shorter prefix of tracking IDs helps", c.Address, n, ticket.MaxLocalPart)
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

// domain is that of Message-IDs and of the loop mark.
func (c Config) domain() string { return ticket.Domain(c.Address) }

func isDomain(s string) bool {
	a, err := mail.ParseAddress("<x@" + s + ">")
	return err == nil && a.Address == "x@"+s && !ticket.NeedsSMTPUTF8(s) && len(s) <= ticket.MaxDomain
}
