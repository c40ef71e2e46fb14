package smtpd

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
)

// maxLine bounds a command line, its end included. RFC 5321 section 4.5.3.1.4
// asks for 512 octets, and extensions add to that.
const maxLine = 2000

// next reads commands until there is one for go-smtp, which it leaves in
// c.line. It reports false once the session is over.
func (c *conn) next() bool {
	for !c.ended {
		switch {
		case c.err != nil: // in the message before
			c.leave()
		case c.unknown >= c.srv.cfg.MaxUnknownRecipients:
			c.hangUp(replyTooManyUnknown)
		case c.commands >= c.srv.cfg.MaxCommands:
			c.hangUp(replyTooManyCommands)
		case c.isDraining():
			c.hangUp(replyStopping)
		default:
			line, ok := c.again, c.again != ""
			if c.again = ""; !ok {
				line, ok = c.readLine()
			}
			if ok && c.obey(line) {
				return true
			}
		}
	}
	return false
}

// readLine returns the next command line without its end. Ends of a bare LF
// pass: for commands they are harmless. If ok is false there was no line, or
// one that has been answered.
func (c *conn) readLine() (line string, ok bool) {
	deadline := time.Now().Add(c.srv.cfg.IdleTimeout) // for the whole line, however it drips in
	for {
		b := c.buffered()
		end := bytes.IndexByte(b, '\n')
		if end >= maxLine || end < 0 && len(b) >= maxLine {
			c.hangUp(replyLongLine)
			return "", false
		}
		if end >= 0 {
			b = b[:end]
			if end > 0 && b[end-1] == '\r' {
				b = b[:end-1]
			}
			line = string(b)
			c.in.Discard(end + 1)
			return line, true
		}
		if c.fill(deadline, true) != nil {
			c.lost()
			return "", false
		}
	}
}

// obey answers a command, or leaves it in c.line for go-smtp and reports true.
func (c *conn) obey(line string) bool {
	c.commands++
	verb, arg, _ := strings.Cut(line, " ")
	verb, arg = strings.ToUpper(verb), strings.Trim(arg, " ")
	mayBe8bit := verb == "MAIL" || verb == "RCPT"
	if strings.ContainsFunc(line, isControl) || !utf8.ValidString(line) || !mayBe8bit && ticket.NeedsSMTPUTF8(line) {
		c.notUnderstood(replyBadBytes)
		return false
	}
	switch verb {
	case "EHLO", "HELO", "LHLO":
		return c.greet(verb, arg)
	case "MAIL":
		return c.mail(arg)
	case "RCPT":
		return c.rcpt(arg)
	case "DATA":
		return c.data(arg)
	case "BDAT":
		return c.bdat(arg)
	case "RSET", "NOOP", "QUIT":
		return c.handOn(verb, "")
	case "VRFY":
		return c.handOn(verb, arg)
	case "STARTTLS":
		c.startTLS(arg)
	case "EXPN", "HELP", "ETRN", "ATRN", "TURN", "SEND", "SOML", "SAML", "AUTH":
		c.refuse(replyNotSupported)
	case "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH":
		// A browser made to talk to us: what follows was not written by its user.
		c.hangUp(replyNotSMTP)
	default:
		if strings.HasPrefix(verb, "STARTTLS") {
			c.notUnderstood(replyBadArgument)
		} else {
			c.notUnderstood(replyUnknownCommand)
		}
	}
	return false
}

// notUnderstood answers what is no command. After a refused DATA it is the
// message that we did not want, which may hold commands further on.
func (c *conn) notUnderstood(r reply) {
	if c.refused {
		c.hangUp(r)
	} else {
		c.refuse(r)
	}
}

// handOn gives go-smtp a command in the form that it reads without surprise.
func (c *conn) handOn(verb, arg string) bool {
	c.refused = false
	c.line = append(c.line[:0], verb...)
	if arg != "" {
		c.line = append(append(c.line, ' '), arg...)
	}
	c.line = append(c.line, "\r\n"...)
	return true
}

func (c *conn) greet(verb, arg string) bool {
	name, _, _ := strings.Cut(arg, " ")
	switch {
	case name == "" || len(name) > ticket.MaxDomain:
		c.refuse(replyBadGreeting)
		return false
	case (verb == "LHLO") != (c.ln.Protocol == LMTP):
		c.refuse(replyWrongGreeting)
		return false
	}
	c.helo, c.extended = name, verb != "HELO"
	return c.handOn(verb, name)
}

// mail checks what go-smtp does not: that there is a greeting since STARTTLS,
// the strict form of the address, sizes beyond 32 bits.
func (c *conn) mail(arg string) bool {
	if c.helo == "" {
		c.refuse(replyGreetFirst)
		return false
	}
	rest, ok := cutPrefixFold(arg, "FROM:")
	if !ok {
		c.refuse(replyBadMail)
		return false
	}
	p, params, err := parsePath(strings.TrimLeft(rest, " "))
	if err != nil || p.domain == "" && !p.null() {
		c.refuse(replyBadSender)
		return false
	}
	if size, ok := sizeParam(params); ok && size > uint64(c.srv.cfg.MaxMessageBytes) {
		c.refuse(replyTooLarge)
		return false
	}
	c.path = p
	return c.handOn("MAIL", "FROM:<"+p.String()+">"+params)
}

// rcpt hands on a recipient. One without a domain, as postmaster may come,
// go-smtp would refuse: it is told our own host name in its place, while the
// session looks at c.path.
func (c *conn) rcpt(arg string) bool {
	if !c.tx.open {
		c.refuse(replyNoMail)
		return false
	}
	rest, ok := cutPrefixFold(arg, "TO:")
	if !ok {
		c.refuse(replyBadRcpt)
		return false
	}
	p, params, err := parsePath(strings.TrimLeft(rest, " "))
	if err != nil || p.null() {
		c.refuse(replyBadRecipient)
		return false
	}
	c.path = p
	if p.domain == "" {
		p.domain = c.srv.cfg.Hostname
	}
	return c.handOn("RCPT", "TO:<"+p.String()+">"+params)
}

// data lets a message begin, or says why not. After a no, nothing that looks
// like a message is taken for commands: see notUnderstood.
func (c *conn) data(arg string) bool {
	if arg != "" {
		c.refuse(replyBadArgument)
		c.refused = true
		return false
	}
	if no := c.unready(); no != nil {
		c.refuse(*no)
		c.refused = true
		return false
	}
	c.commands--
	return c.handOn("DATA", "")
}

// unready returns why no message can begin now, or nil.
func (c *conn) unready() *reply {
	switch {
	case len(c.tx.to) == 0:
		return &replyNoRecipients
	case c.srv.inbox.Full():
		return &replyFull
	}
	return nil
}

// bdat begins a message in chunks (RFC 3030). go-smtp is told of a DATA: its
// own way with BDAT takes the end of the connection for the end of a chunk.
func (c *conn) bdat(arg string) bool {
	size, last, ok := parseChunk(arg)
	if !ok {
		c.hangUp(replyBadChunk) // where the chunk ends is anybody's guess
		return false
	}
	if size > 0 {
		c.commands--
	}
	if no := c.unready(); no != nil {
		if c.discard(size, time.Now().Add(c.srv.cfg.DataTimeout)) {
			c.refuse(*no)
		}
		return false
	}
	c.msg = &message{c: c, chunked: true, left: size, last: last}
	c.goAhead = true
	return c.handOn("DATA", "")
}

// discard reads n bytes for nothing. It reports false if they did not come.
func (c *conn) discard(n int64, deadline time.Time) bool {
	for n > 0 {
		if c.in.Buffered() == 0 && c.fill(deadline, false) != nil {
			return false
		}
		skipped, _ := c.in.Discard(int(min(n, int64(c.in.Buffered()))))
		n -= int64(skipped)
	}
	return true
}

// startTLS begins TLS, after which the client must greet again: handshake has
// forgotten who he is, and the greeting makes go-smtp forget the transaction.
func (c *conn) startTLS(arg string) {
	switch {
	case arg != "":
		c.refuse(replyBadArgument)
		return
	case c.srv.tls == nil || c.tls != "":
		c.refuse(replyNotSupported)
		return
	}
	c.say([]byte("220 2.0.0 Ready to start TLS\r\n"))
	c.flush()
	if c.err == nil {
		c.handshake()
	}
}

// parseChunk reads the argument of BDAT.
func parseChunk(arg string) (size int64, last, ok bool) {
	number, word, found := strings.Cut(arg, " ")
	last = strings.EqualFold(word, "LAST")
	n, err := strconv.ParseUint(number, 10, 63)
	return int64(n), last, err == nil && last == found
}

// sizeParam returns the SIZE of MAIL's parameters (RFC 1870), which may have 20
// digits: what does not fit is the largest there is.
func sizeParam(params string) (uint64, bool) {
	for _, param := range strings.Fields(params) {
		if value, ok := cutPrefixFold(param, "SIZE="); ok {
			n, err := strconv.ParseUint(value, 10, 64)
			return n, err == nil || errors.Is(err, strconv.ErrRange)
		}
	}
	return 0, false
}

// cutPrefixFold cuts an ASCII prefix, whatever its case.
func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 }
