package notifier

import (
	"bytes"
	"fmt"
	"net/mail"

	gomail "github.com/wneessen/go-mail"

	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
)

// Letter is one mail to one recipient, as it goes over the wire.
type Letter struct {
	MessageID string // without angle brackets
	From      string // envelope sender, "" for the null one
	To        string // envelope recipient, as it stands in RCPT between angle brackets
	Data      []byte // header and body, CRLF line ends, not dot-stuffed
}

// Composer makes the letters of notices. The same notice gives the same letter, byte
// for byte, also after a rotation of the keys. It is safe for concurrent use.
type Composer struct {
	config Config
	texts  *templates.Set
	keys   ticket.Keyring
}

// NewComposer checks the configuration and the keys.
func NewComposer(c Config, texts *templates.Set, keys ticket.Keyring) (*Composer, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if err := keys.Validate(); err != nil {
		return nil, err
	}
	return &Composer{config: c, texts: texts, keys: keys}, nil
}

// Headers of our own making that go-mail has no name for.
const (
	headerAutoSubmitted = "Auto-Submitted"
	headerLoop          = "X-Supportd-Loop"
	headerThreadTopic   = "Thread-Topic"
	headerThreadIndex   = "Thread-Index"
)

// Compose makes the letter of a notice, with the files that go with it. An error is
// final: it stays the same however often it is tried.
func (c *Composer) Compose(n ticket.Notice, files ...ticket.Attachment) (Letter, error) {
	to, err := recipient(n.To.Address)
	if err != nil {
		return Letter{}, err
	}
	words, err := c.texts.Letter(n)
	if err != nil {
		return Letter{}, err
	}
	keys := c.keys.At(n.Key)
	l := Letter{
		MessageID: keys.MessageID(n.Ticket, n.Number, c.config.domain()),
		To:        to.rcpt,
	}
	if !answersMail(n.Kind) {
		l.From = ticket.Tagged(c.config.Address, keys.NoticeName(n.Ticket, n.Number))
	}
	var data bytes.Buffer
	m := c.message(n, keys, to.address, words, l.MessageID)
	if err := attach(m, files); err != nil {
		return Letter{}, fmt.Errorf("building the mail: %w", err)
	}
	if _, err := m.WriteTo(&data); err != nil {
		return Letter{}, fmt.Errorf("building the mail: %w", err)
	}
	l.Data = rebound(data.Bytes(), l.MessageID)
	if err := checkLines(l.Data); err != nil {
		return Letter{}, fmt.Errorf("building the mail: %w", err)
	}
	return l, nil
}

// answersMail reports whether a notice is the automatic answer to a mail. Such
// letters have the null envelope sender, so that they can never bounce into a
// loop (RFC 3834 section 3.3).
func answersMail(k ticket.NoticeKind) bool {
	switch k {
	case ticket.NoticeAcknowledgement, ticket.NoticeFollowup,
		ticket.NoticeStatus, ticket.NoticeRoadmap, ticket.NoticeConfirm, ticket.NoticeStaffCommanded:
		return true
	}
	return false
}

// replyToken is what makes the reply address the reader's own.
func replyToken(n ticket.Notice, keys ticket.Keyring) string {
	if n.Kind == ticket.NoticeConfirm {
		return keys.ConfirmToken(n.Ticket, n.Facts.Mail, n.To.Address)
	}
	return keys.ReplyToken(n.Ticket, n.To.Address)
}

// message puts header and parts together. Everything that goes in is ours or was
// checked: go-mail encodes words but keeps line breaks.
func (c *Composer) message(n ticket.Notice, keys ticket.Keyring, to mail.Address, words templates.Letter, messageID string) *gomail.Msg {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))

	m.SetAddrHeaderFromMailAddress(gomail.HeaderFrom, &mail.Address{Name: c.config.DeskName, Address: c.config.Address})
	m.SetAddrHeaderFromMailAddress(gomail.HeaderTo, &to)
	m.SetAddrHeaderFromMailAddress(gomail.HeaderReplyTo, &mail.Address{Address: ticket.Tagged(c.config.Address, replyToken(n, keys))})
	m.SetGenHeader(gomail.HeaderSubject, words.Subject)
	m.SetDateWithValue(n.Owed.UTC())
	m.SetMessageIDWithValue(messageID)

	submitted := "auto-generated"
	if answersMail(n.Kind) {
		submitted = "auto-replied"
	}
	m.SetGenHeader(headerAutoSubmitted, submitted)
	m.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "All")
	m.SetGenHeader(headerLoop, keys.LoopMark(c.config.domain()))
	m.SetGenHeader(gomail.HeaderContentLang, words.Language)
	setThread(m, n)

	m.SetBodyString(gomail.TypeTextPlain, words.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, words.HTML)
	return m
}
