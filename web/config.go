package web

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// Config is where and how patiently the server listens. Zero times and sizes
// mean their defaults.
type Config struct {
	Listen string // host:port; port 0 takes a free one

	MaxBodyBytes   int64         // of a request; 0 means 1 MiB
	MaxImportBytes int64         // of a mail that is imported; 0 means 32 MiB
	MaxHeaderBytes int           // 0 means 32 KiB
	HeaderTimeout  time.Duration // to send the request's header; 0 means 5 s
	ReadTimeout    time.Duration // to send all of the request; 0 means 15 s
	WriteTimeout   time.Duration // to take the answer; 0 means 60 s
	IdleTimeout    time.Duration // between requests; 0 means 2 minutes
	DrainTimeout   time.Duration // for requests in hand at the end; 0 means 5 s

	MaxReportBytes int64 // of a report with its attachments; 0 means 16 MiB

	Tokens []Token

	// TrustedProxies are the networks of reverse proxies whose X-Forwarded-For says
	// who asks.
	TrustedProxies []netip.Prefix
}

// Validate reports all that is wrong.
func (c Config) Validate() error {
	var errs []error
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		errs = append(errs, fmt.Errorf("listen: want host:port, such as 127.0.0.1:8080; got %q", c.Listen))
	}
	if c.MaxBodyBytes < 0 || c.MaxReportBytes < 0 || c.MaxImportBytes < 0 || c.MaxHeaderBytes < 0 ||
		min(c.HeaderTimeout, c.ReadTimeout, c.WriteTimeout, c.IdleTimeout, c.DrainTimeout) < 0 {
		errs = append(errs, errors.New("sizes and times must not be negative"))
	}
	for _, t := range c.Tokens {
		if err := t.validate(); err != nil {
			errs = append(errs, fmt.Errorf("token %q: %w", t.Name, err))
		}
	}
	return errors.Join(errs...)
}

func (c Config) withDefaults() Config {
	orDefault(&c.MaxBodyBytes, 1<<20)
	orDefault(&c.MaxImportBytes, 32<<20)
	orDefault(&c.MaxReportBytes, 16<<20)
	orDefault(&c.MaxHeaderBytes, 32<<10)
	orDefault(&c.HeaderTimeout, 5*time.Second)
	orDefault(&c.ReadTimeout, 15*time.Second)
	orDefault(&c.WriteTimeout, time.Minute)
	orDefault(&c.IdleTimeout, 2*time.Minute)
	orDefault(&c.DrainTimeout, 5*time.Second)
	return c
}

func orDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}
