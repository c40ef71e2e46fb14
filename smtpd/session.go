package smtpd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// headSize is how much of a mail is read before Inbox.Put hears of it. Most
// mails are smaller: for them a slow client holds up nothing but himself, a mail
// to be refused never gets as far as Put, and the flags are complete.
const headSize = 64 << 10

// errUnread is a fault of the inbox.
var errUnread = errors.New("smtpd: the inbox did not read the mail to its end")

// session is a conn as go-smtp's backend sees it.
type session struct{ *conn }

// Mail begins a transaction. The address is in c.path: go-smtp's own reading of
// it has lost the quotes.
func (s session) Mail(_ string, opts *smtp.MailOptions) error {
	c := s.conn
	switch {
	case c.tx.open:
		return c.deny(replyNestedMail)
	case !c.path.ascii() && !opts.UTF8:
		return c.deny(replyNeedsUTF8)
	case c.srv.inbox.Full():
		return c.deny(replyFull)
	case c.srv.senders.exceeded(c.sender(c.path), c.srv.now()):
		return c.deny(replySenderRate)
	}
	c.tx = transaction{open: true, from: c.path, utf8: opts.UTF8, spoof: c.srv.book.ours(c.path)}
	return nil
}

// Rcpt adds a recipient.
func (s session) Rcpt(string, *smtp.RcptOptions) error {
	c := s.conn
	if !c.path.ascii() && !c.tx.utf8 {
		return c.deny(replyNeedsUTF8)
	}
	p, no := c.srv.book.recipient(c.path)
	switch {
	case no != nil:
		c.unknown++
		return c.deny(*no)
	case c.srv.inbox.Full():
		return c.deny(replyFull)
	}
	c.commands--
	mailbox := p.String()
	for _, known := range c.tx.to {
		if lower(known) == lower(mailbox) {
			return nil
		}
	}
	c.tx.to = append(c.tx.to, mailbox)
	return nil
}

// Data takes the message. It reads it from the wire: r, go-smtp's reading of
// it, is empty. See message.
func (s session) Data(io.Reader) error {
	c := s.conn
	m := c.msg
	if m == nil {
		m = &message{c: c}
		c.msg = m
	}
	m.deadline = time.Now().Add(c.srv.cfg.DataTimeout)
	id, err := c.receive(m)
	if err == nil && !m.done {
		err = errUnread
	}
	if fault := m.finish(); fault != nil {
		c.count(*fault, c.tx.from)
		return fault.smtpError()
	}
	if m.aborted {
		return replyInTransfer.smtpError() // muted: the client has gone on
	}
	if err != nil {
		r := replyPut(err)
		c.srv.stats.refuse(r.reason)
		c.log.Error().Err(err).Int("code", r.code).Msg("mail not kept")
		return r.smtpError()
	}
	c.commands = 0
	c.mails++
	c.srv.stats.mails.Add(1)
	c.srv.stats.bytes.Add(m.size)
	c.srv.senders.count(c.sender(c.tx.from), c.srv.now())
	c.log.Info().Str("mail", string(id)).Stringer("from", c.tx.from).Strs("to", c.tx.to).
		Int64("size", m.size).Strs("flags", c.flags(m)).Msg("mail accepted")
	// An error is the only way to give go-smtp a text of our own.
	return &smtp.SMTPError{Code: 250, EnhancedCode: smtp.EnhancedCode{2, 0, 0}, Message: "queued as " + string(id)}
}

// receive hands the mail to the inbox, which hears nothing of one that is found
// at fault within its head.
func (c *conn) receive(m *message) (journal.ID, error) {
	head := c.srv.heads.Get().(*[headSize]byte)
	defer c.srv.heads.Put(head)
	n, err := io.ReadFull(m, head[:])
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return "", err // m's, which is never one of these two before its end
	}
	now := c.srv.now()
	deadline := time.Now()
	if !m.done {
		deadline = m.deadline
	}
	ctx, cancel := context.WithDeadline(c.srv.put, deadline.Add(c.srv.cfg.CommitTimeout))
	defer cancel()
	return c.srv.inbox.Put(ctx, journal.Envelope{
		Received: now,
		From:     c.tx.from.String(),
		To:       c.tx.to,
		Peer:     c.peer,
		Helo:     c.helo,
		Protocol: c.protocol(),
		TLS:      c.tls,
		SMTPUTF8: c.tx.utf8,
		Flags:    c.flags(m),
	}, mail{io.MultiReader(strings.NewReader(c.received(now)), bytes.NewReader(head[:n]), m), c, m})
}

// mail is what Inbox.Put reads: our Received header and the message.
type mail struct {
	io.Reader
	c *conn
	m *message
}

// Flags returns what was seen in what has been read so far.
func (m mail) Flags() []string { return m.c.flags(m.m) }

func (c *conn) flags(m *message) []string {
	flags := m.Flags()
	if c.tx.spoof {
		flags = append(flags, ticket.FlagSpoof)
	}
	return flags
}

// Reset forgets the transaction.
func (s session) Reset() { s.conn.tx = transaction{} }

// Logout does nothing: Close has done it.
func (s session) Logout() error { return nil }

// deny refuses the address of c.path, in go-smtp's way.
func (c *conn) deny(r reply) error {
	c.count(r, c.path)
	return r.smtpError()
}

// sender is the name that p's mails are counted under. Bounces of all the world
// come from the null sender, so those are counted per network.
func (c *conn) sender(p path) string {
	if p.null() {
		return "<> " + network(c.addr).String()
	}
	return lower(p.String())
}
