package notifier

import (
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

func TestConfigValidate(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*Config)
		want   string // part of the error, "" for none
	}{
		{"good", func(*Config) {}, ""},
		{"no name", func(c *Config) { c.DeskName = "" }, "the desk's name"},
		{"a name with a line break", func(c *Config) { c.DeskName = "Firma\r\nBcc: x" }, "the desk's name"},
		{"no address", func(c *Config) { c.Address = "" }, "is no address"},
		{"no domain", func(c *Config) { c.Address = "contact+support" }, "is no address"},
		{"two addresses", func(c *Config) { c.Address = "a@firma.example, b@firma.example" }, "is no address"},
		{"not ASCII", func(c *Config) { c.Address = "støtte@firma.example" }, "is no address"},
		{"the longest address", func(c *Config) { c.Address = strings.Repeat("x", 23) + "@firma.example" }, ""},
		{"an address too long", func(c *Config) { c.Address = strings.Repeat("x", 24) + "@firma.example" }, "would have 65 octets, 64 are allowed"},
		{"a prefix too long for it", func(c *Config) { c.Address, c.Prefix = strings.Repeat("x", 23)+"@firma.example", "AISX" }, "a shorter prefix"},
		{"no workers", func(c *Config) { c.Workers = 0 }, "0 workers"},
		{"no timeout", func(c *Config) { c.SendTimeout = 0 }, "the send timeout is 0s"},
		{"a lease too short to record in", func(c *Config) { c.Lease = time.Second }, "letters twice"},
		{"no age", func(c *Config) { c.MaxAge = -time.Hour }, "the greatest age"},
		{"a negative limit", func(c *Config) { c.Daily = -1 }, "the limit of letters in a day is -1"},
		{"no limits", func(c *Config) { c.Daily, c.Reporters.Day, c.Reporters.TenMinutes = 0, 0, 0 }, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := testConfig()
			tc.change(&c)
			checkError(t, c.Validate(), tc.want)
		})
	}
}

func TestRelayConfigValidate(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*RelayConfig)
		want   string
	}{
		{"good", func(*RelayConfig) {}, ""},
		{"no host", func(c *RelayConfig) { c.Host = "" }, "is no host"},
		{"a URL", func(c *RelayConfig) { c.Host = "smtp://relay.firma.example" }, "is no host"},
		{"no port", func(c *RelayConfig) { c.Port = 0 }, "port 0"},
		{"no mode", func(c *RelayConfig) { c.TLS = "" }, `tls "" is unknown`},
		{"another mode", func(c *RelayConfig) { c.TLS = "starttls" }, "choose none, opportunistic, mandatory or implicit"},
		{"no name", func(c *RelayConfig) { c.Hello = "a b" }, "no name to greet"},
		{"a user without password", func(c *RelayConfig) { c.Username = "support" }, "belong together"},
		{"a password without user", func(c *RelayConfig) { c.PasswordFile = "relay.password" }, "belong together"},
		{
			"a password in the clear",
			func(c *RelayConfig) {
				c.Username, c.PasswordFile, c.TLS = "support", "relay.password", TLSOpportunistic
			},
			"the password could be read on the way",
		},
		{
			"a password under TLS",
			func(c *RelayConfig) { c.Username, c.PasswordFile, c.TLS = "support", "relay.password", TLSImplicit },
			"",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := RelayConfig{Host: "relay.firma.example", Port: 25, TLS: TLSMandatory, Hello: "desk.firma.example"}
			tc.change(&c)
			checkError(t, c.Validate(), tc.want)
		})
	}
}

func checkError(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Error(err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("error %v, want one that says %q", err, want)
	}
}

// Six digits of notices fit, as the length was reckoned with.
func TestLongestName(t *testing.T) {
	for _, prefix := range []string{"AI", "AIS", "AISXY"} {
		id := sample(t, "da", "resolved").Ticket[3:]
		name := testKeys().NoticeName(ticket.ID(prefix)+id, 999_999)
		if got := len("+" + name); got != longestName(prefix) {
			t.Errorf("%s: %q has %d octets, reckoned with %d", prefix, name, got, longestName(prefix))
		}
		token := testKeys().ReplyToken(ticket.ID(prefix)+id, "kunde@kunde.example")
		if got := len("+" + token); got > longestName(prefix) {
			t.Errorf("%s: reply token %q has %d octets, reckoned with %d", prefix, token, got, longestName(prefix))
		}
	}
}
