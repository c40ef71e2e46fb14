package scanner

import (
	"strings"
	"testing"
	"time"
)

func TestConfig(t *testing.T) {
	for _, c := range []struct {
		config Config
		fault  string
	}{
		{Config{}, ""},
		{Config{Clamd: "unix:/run/clamav/clamd.ctl", Rspamd: "http://127.0.0.1:11333"}, ""},
		{Config{Clamd: "127.0.0.1:3310"}, ""},
		{Config{Clamd: "[::1]:3310", Rspamd: "https://filter.firma.example/"}, ""},
		{Config{Clamd: "/run/clamav/clamd.ctl"}, "scanners.clamd"},
		{Config{Clamd: "unix:clamd.ctl"}, "scanners.clamd"},
		{Config{Clamd: ":3310"}, "scanners.clamd"},
		{Config{Rspamd: "127.0.0.1:11333"}, "scanners.rspamd"},
		{Config{Rspamd: "ftp://127.0.0.1"}, "scanners.rspamd"},
		{Config{Rspamd: "http://user:word@127.0.0.1"}, "scanners.rspamd"},
		{Config{Timeout: 2 * maxTimeout}, "scanners.timeout"},
		{Config{Timeout: -time.Second}, "scanners.timeout"},
	} {
		if c.config.Timeout == 0 {
			c.config.Timeout = time.Second
		}
		err := c.config.Validate()
		if (err != nil) != (c.fault != "") || err != nil && !strings.HasPrefix(err.Error(), c.fault) {
			t.Errorf("%+v: %v, want %q", c.config, err, c.fault)
		}
	}
}
