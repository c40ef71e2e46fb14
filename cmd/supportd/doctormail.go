package main

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/smtp"
	"strconv"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// resolver is what the doctor asks of DNS; net.Resolver is one.
type resolver interface {
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// relay greets the relay as a letter would, and sends none.
func (d *doctor) relay(ctx context.Context) {
	r := d.cfg.Relay
	if r.Host == "" {
		d.found("relay", doubtful, "none is configured: letters are written to %s and not sent", dataFolder(d.cfg.DataDir).outgoing())
		return
	}
	address := net.JoinHostPort(r.Host, strconv.Itoa(r.Port))
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		d.found("relay", bad, "%s does not answer: %s", address, reason(err))
		return
	}
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if r.TLS == "implicit" {
		conn = tls.Client(conn, &tls.Config{ServerName: r.Host, InsecureSkipVerify: true}) // whether the certificate is right, a letter finds out
	}
	c, err := smtp.NewClient(conn, r.Host)
	if err == nil {
		defer c.Close()
		err = c.Hello(d.cfg.planned.smtp.Hostname)
	}
	if err != nil {
		d.found("relay", bad, "%s does not greet as a mail server: %s", address, reason(err))
		return
	}
	starttls, _ := c.Extension("STARTTLS")
	auth, _ := c.Extension("AUTH")
	_ = c.Quit()
	switch {
	case r.TLS == "mandatory" && !starttls:
		d.found("relay", bad, "%s offers no STARTTLS, and relay.tls is mandatory: no letter leaves", address)
	case r.Username != "" && !auth && !starttls:
		d.found("relay", doubtful, "%s offers no AUTH in clear", address)
	default:
		d.found("relay", wellDone, "%s greets; STARTTLS %s", address, map[bool]string{true: "offered", false: "not offered"}[starttls])
	}
}

// domain looks whether DNS lets mail come in and letters be believed.
func (d *doctor) domain(ctx context.Context) {
	for _, domain := range ownDomains(d.cfg.Desk.Addresses) {
		d.mx(ctx, domain)
		d.policy(ctx, "SPF", domain, "v=spf1", "letters from here may be taken for forged")
		d.policy(ctx, "DMARC", "_dmarc."+domain, "v=DMARC1", "others can send mail in its name, and large providers refuse letters")
	}
}

func (d *doctor) mx(ctx context.Context, domain string) {
	list, err := d.resolver.LookupMX(ctx, domain)
	switch {
	case notThere(err), err == nil && len(list) == 0:
		d.found("MX", bad, "%s has none: no mail arrives", domain)
	case err != nil:
		d.found("MX", doubtful, "%s cannot be looked up: %s", domain, reason(err))
	case len(list) == 1 && list[0].Host == ".": // RFC 7505
		d.found("MX", bad, "%s says that it takes no mail", domain)
	default:
		hosts := make([]string, len(list))
		for i, mx := range list {
			hosts[i] = ticket.Domain(mx.Host)
		}
		d.found("MX", wellDone, "%s: %s", domain, strings.Join(hosts, ", "))
	}
}

// policy looks for exactly one text record of a kind (RFC 7208 section 4.5, RFC 7489
// section 6.6.3).
func (d *doctor) policy(ctx context.Context, part, name, version, without string) {
	texts, err := d.resolver.LookupTXT(ctx, name)
	if err != nil && !notThere(err) {
		d.found(part, doubtful, "%s cannot be looked up: %s", name, reason(err))
		return
	}
	var found []string
	for _, t := range texts {
		if t == version || strings.HasPrefix(t, version+" ") || strings.HasPrefix(t, version+";") {
			found = append(found, t)
		}
	}
	switch len(found) {
	case 0:
		d.found(part, doubtful, "%s has none: %s", name, without)
	case 1:
		d.found(part, wellDone, "%s: %s", name, found[0])
	default:
		d.found(part, bad, "%s has %d of them, so that none counts; leave one", name, len(found))
	}
}

func notThere(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}
