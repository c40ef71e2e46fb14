package rediskv

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Config says which Redis holds the records.
type Config struct {
	// URL is redis://, rediss:// or unix://, with user, password and database as
	// go-redis reads them.
	URL string
	// Cluster says that the URL names a node of a Redis Cluster; further nodes
	// stand in it as addr= parameters.
	Cluster bool
	// Desk names whose records these are: 1 to 64 of a-z, 0-9, hyphen, underscore
	// and dot. Desks share a server without seeing each other.
	Desk string
	// Timeout bounds dialling, each write and each read; 0 means 5 seconds.
	Timeout time.Duration
	// Rev draws the revisions of records, never 0, and is called by many
	// goroutines; nil means the runtime's generator. Being drawn and not counted,
	// revisions stay unique when a server comes back with older data.
	Rev func() uint64
}

// Validate reports what is wrong with the configuration, without showing the
// password in its URL.
func (c Config) Validate() error {
	if !deskName(c.Desk) {
		return fmt.Errorf("rediskv: desk is %q, must be 1 to 64 of a-z, 0-9, hyphen, underscore, dot", c.Desk)
	}
	if c.Timeout < 0 {
		return fmt.Errorf("rediskv: timeout is %v, must not be negative", c.Timeout)
	}
	var err error
	if c.Cluster {
		_, err = redis.ParseClusterURL(c.URL)
	} else {
		_, err = redis.ParseURL(c.URL)
	}
	return urlError(err)
}

// urlError leaves out the URL, which may hold a password.
func urlError(err error) error {
	if err == nil {
		return nil
	}
	var parse *url.Error
	if errors.As(err, &parse) {
		err = parse.Err
	}
	return fmt.Errorf("rediskv: the URL cannot be used: %w", err)
}

func deskName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return 1 <= len(s) && len(s) <= 64
}

func (c Config) withDefaults() Config {
	if c.Timeout == 0 {
		c.Timeout = 5 * time.Second
	}
	if c.Rev == nil {
		c.Rev = func() uint64 { return 1 + rand.Uint64N(math.MaxUint64) }
	}
	return c
}

// client makes the client of a valid configuration. It connects on first use, and
// repeats no command by itself: Redis may have done it, and only the caller knows
// what to make of that.
func (c Config) client() (redis.UniversalClient, error) {
	maint := &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	if c.Cluster {
		o, err := redis.ParseClusterURL(c.URL)
		if err != nil {
			return nil, urlError(err)
		}
		o.MaxRetries, o.DialerRetries = -1, 1
		o.DialTimeout, o.ReadTimeout, o.WriteTimeout = c.Timeout, c.Timeout, c.Timeout
		o.ContextTimeoutEnabled, o.DisableIdentity, o.MaintNotificationsConfig = true, true, maint
		o.ReadOnly, o.RouteByLatency, o.RouteRandomly = false, false, false // replicas lag
		o.DisableRoutingPolicies = true                                     // one desk is one slot
		return redis.NewClusterClient(o), nil
	}
	o, err := redis.ParseURL(c.URL)
	if err != nil {
		return nil, urlError(err)
	}
	o.MaxRetries, o.DialerRetries = -1, 1
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = c.Timeout, c.Timeout, c.Timeout
	o.ContextTimeoutEnabled, o.DisableIdentity, o.MaintNotificationsConfig = true, true, maint
	return redis.NewClient(o), nil
}
