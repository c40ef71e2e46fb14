package smtpd

import (
	"fmt"
	"strings"
	"time"
)

// MaxTraceBytes is how many octets the Received header adds to a mail at most.
const MaxTraceBytes = 2 << 10

// protocol returns the "with" word of RFC 3848 and RFC 6531 section 4.3.
func (c *conn) protocol() string {
	p := "SMTP"
	switch {
	case c.ln.Protocol == LMTP:
		p = "LMTP"
	case c.extended && !c.tx.utf8:
		p = "ESMTP"
	}
	if c.tx.utf8 {
		p = "UTF8" + p
	}
	if c.tls != "" && c.extended {
		p += "S"
	}
	return p
}

// received returns the trace header of RFC 5321 section 4.4. What the client
// calls itself goes in only as far as it looks like a name. The recipient is named
// only if there is no other whom that could tell of it.
func (c *conn) received(now time.Time) string {
	helo := strings.Map(func(r rune) rune {
		if notInHostname(r) {
			return '?'
		}
		return r
	}, c.helo)
	from := "unix"
	if a := c.addr; a.Is4() {
		from = "[" + a.String() + "]"
	} else if a.IsValid() {
		from = "[IPv6:" + a.WithZone("").String() + "]"
	}
	with := c.protocol()
	if c.tls != "" {
		with += " (" + c.tls + ")"
	}
	var to string
	if len(c.tx.to) == 1 {
		to = "\r\n\tfor <" + c.tx.to[0] + ">"
	}
	return fmt.Sprintf("Received: from %s (%s)\r\n\tby %s with %s%s;\r\n\t%s\r\n",
		helo, from, c.srv.cfg.Hostname, with, to, now.Format(time.RFC1123Z))
}
