package notifier

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// dialTimeout bounds the wait for a host that does not even refuse.
const dialTimeout = 30 * time.Second

func (r *Relay) dial(ctx context.Context) (net.Conn, error) {
	plain := &net.Dialer{Timeout: dialTimeout}
	if r.config.TLS == TLSImplicit {
		return (&tls.Dialer{NetDialer: plain, Config: r.tls}).DialContext(ctx, "tcp", r.address())
	}
	return plain.DialContext(ctx, "tcp", r.address())
}

// open greets the relay, starts TLS and authenticates, as configured. What fails
// here is not about a letter, so that every error is temporary.
func (r *Relay) open(conn net.Conn) (*smtp.Client, error) {
	c, err := smtp.NewClient(conn, r.config.Host)
	if err != nil {
		return nil, unreachable("waiting for the relay's greeting", err)
	}
	if err := c.Hello(r.config.Hello); err != nil {
		return nil, unreachable("greeting the relay", err)
	}
	if err := r.startTLS(c); err != nil {
		return nil, unreachable("starting TLS with the relay", err)
	}
	if err := r.authenticate(c); err != nil {
		return nil, unreachable("authenticating to the relay", err)
	}
	return c, nil
}

func (r *Relay) startTLS(c *smtp.Client) error {
	if r.config.TLS != TLSMandatory && r.config.TLS != TLSOpportunistic {
		return nil
	}
	if offered, _ := c.Extension("STARTTLS"); !offered {
		if r.config.TLS == TLSMandatory {
			return errors.New("the relay does not offer STARTTLS, and the configuration demands it")
		}
		return nil
	}
	return c.StartTLS(r.tls.Clone())
}

func (r *Relay) authenticate(c *smtp.Client) error {
	if r.config.Username == "" {
		return nil
	}
	password, err := r.password()
	if err != nil {
		return err
	}
	_, offered := c.Extension("AUTH")
	mechanisms := strings.Fields(strings.ToUpper(offered))
	// Under TLS the plain ones are the surest: relays offer others that the store
	// of their passwords cannot serve.
	for _, m := range []struct {
		name string
		auth smtp.Auth
	}{
		{"PLAIN", smtp.PlainAuth("", r.config.Username, password, r.config.Host, false)},
		{"LOGIN", smtp.LoginAuth(r.config.Username, password, r.config.Host, false)},
		{"SCRAM-SHA-256", smtp.ScramSHA256Auth(r.config.Username, password)},
	} {
		if slices.Contains(mechanisms, m.name) {
			return c.Auth(m.auth)
		}
	}
	return fmt.Errorf("the relay offers %q, we know PLAIN, LOGIN and SCRAM-SHA-256", offered)
}

func (r *Relay) password() (string, error) {
	if r.config.PasswordFile == "" {
		return "", nil
	}
	text, err := os.ReadFile(r.config.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("reading the relay's password: %w", err)
	}
	password := strings.TrimRight(string(text), " \t\r\n")
	if password == "" {
		return "", fmt.Errorf("reading the relay's password: %s is empty", r.config.PasswordFile)
	}
	return password, nil
}
