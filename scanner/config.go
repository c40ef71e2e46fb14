package scanner

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// Config says which scanners there are. Without any, nobody is asked.
type Config struct {
	// Clamd is where clamd listens: unix:/path, or host:port. "": there is none.
	Clamd string
	// Rspamd is the address of rspamd's worker, http://host:port. "": there is none.
	Rspamd string
	// Password is rspamd's, where it wants one.
	Password string
	// Timeout bounds the scan of one mail by both together. Filing waits for it, the
	// SMTP client does not.
	Timeout time.Duration
}

// maxTimeout is how long scanners may delay filing.
const maxTimeout = time.Minute

// Validate reports all that is wrong with the configuration.
func (c Config) Validate() error {
	var faults []error
	if c.Clamd != "" {
		if _, _, err := clamdAddress(c.Clamd); err != nil {
			faults = append(faults, fmt.Errorf("scanners.clamd: %w", err))
		}
	}
	if c.Rspamd != "" {
		u, err := url.Parse(c.Rspamd)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" {
			faults = append(faults, fmt.Errorf("scanners.rspamd: want an address such as http://127.0.0.1:11333; got %q", c.Rspamd))
		}
	}
	if c.Timeout <= 0 || c.Timeout > maxTimeout {
		faults = append(faults, fmt.Errorf("scanners.timeout: must be over 0 and at most %v", maxTimeout))
	}
	return errors.Join(faults...)
}

// Any reports whether there is a scanner to ask.
func (c Config) Any() bool { return c.Clamd != "" || c.Rspamd != "" }

// clamdAddress is what to dial.
func clamdAddress(s string) (network, address string, err error) {
	if path, ok := strings.CutPrefix(s, "unix:"); ok {
		if !strings.HasPrefix(path, "/") {
			return "", "", fmt.Errorf("want unix: and an absolute path; got %q", s)
		}
		return "unix", path, nil
	}
	if host, port, err := net.SplitHostPort(s); err != nil || host == "" || port == "" {
		return "", "", fmt.Errorf("want unix:/run/clamav/clamd.ctl or host:port; got %q", s)
	}
	return "tcp", s, nil
}
