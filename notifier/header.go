package notifier

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"

	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
)

// What is copied from a mail into the header of ours stays within these, in
// octets.
const (
	maxMessageID   = 250 // far longer than any that programs make
	maxThreadIndex = 512
	maxLine        = 998 // RFC 5322 section 2.1.1
)

// setThread puts the letter into the reporter's conversation (RFC 5322 section
// 3.6.4; Thread-Topic and Thread-Index are Outlook's). To a sender who did not
// authenticate it repeats no words of his, and so no topic.
func setThread(m *gomail.Msg, n ticket.Notice) {
	f := n.Facts
	if isMessageID(f.InReplyTo) {
		m.SetGenHeader(gomail.HeaderInReplyTo, "<"+f.InReplyTo+">")
	}
	ids := slices.DeleteFunc(slices.Clone(f.References), func(id string) bool { return !isMessageID(id) })
	if len(ids) > 0 {
		m.SetGenHeader(gomail.HeaderReferences, "<"+strings.Join(ids, "> <")+">")
	}
	if f.Neutral {
		return
	}
	if topic := templates.CleanSubject(n.Ticket.Prefix(), f.ThreadTopic); topic != "" {
		m.SetGenHeader(headerThreadTopic, topic)
	}
	if isThreadIndex(f.ThreadIndex) {
		m.SetGenHeader(headerThreadIndex, f.ThreadIndex)
	}
}

// isMessageID tells what may be repeated as a Message-ID: printable ASCII without
// blanks and angle brackets. Programs write IDs that RFC 5322 does not allow, and
// their answers must find back all the same.
func isMessageID(id string) bool {
	if id == "" || len(id) > maxMessageID {
		return false
	}
	return !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' })
}

// isThreadIndex: base64 of a header block of 22 bytes and blocks of 5.
func isThreadIndex(s string) bool {
	raw, err := base64.StdEncoding.DecodeString(s)
	return err == nil && len(s) <= maxThreadIndex && !strings.ContainsAny(s, "\r\n") &&
		len(raw) >= 22 && (len(raw)-22)%5 == 0
}

// mailbox is a recipient in its two forms.
type mailbox struct {
	address mail.Address // for To, without a display name: that can say anything
	rcpt    string       // for RCPT
}

// recipient reads the address of a notice. A domain in another script is written
// as DNS knows it; a local part in another script stays, and wants a relay that
// offers SMTPUTF8 (RFC 6531).
func recipient(address string) (mailbox, error) {
	parsed, err := mail.ParseAddress((&mail.Address{Address: address}).String())
	if err != nil || parsed.Address != address || strings.ContainsFunc(address, unicode.IsControl) ||
		strings.ContainsAny(address, `<>"\`) { // what could be read in two ways in RCPT or To
		return mailbox{}, fmt.Errorf("%.80q is no address that a letter can go to", address)
	}
	at := strings.LastIndexByte(address, '@')
	local, domain := address[:at], address[at+1:]
	if ticket.NeedsSMTPUTF8(domain) {
		if domain, err = idna.Lookup.ToASCII(domain); err != nil {
			return mailbox{}, fmt.Errorf("%.80q has no domain that DNS could know: %w", address, err)
		}
	}
	if len(local) > ticket.MaxLocalPart || len(domain) > ticket.MaxDomain {
		return mailbox{}, fmt.Errorf("%.80q is longer than an address may be", address)
	}
	to := mail.Address{Address: local + "@" + domain}
	return mailbox{address: to, rcpt: strings.Trim(to.String(), "<>")}, nil
}

// checkLines is the last look at a mail before it leaves: a relay may refuse or
// break longer lines.
func checkLines(data []byte) error {
	for line := range bytes.SplitSeq(data, []byte("\r\n")) {
		if len(line) > maxLine {
			return fmt.Errorf("a line of %d octets, %d are allowed", len(line), maxLine)
		}
		if bytes.ContainsAny(line, "\r\n") {
			return errors.New("a bare line break")
		}
	}
	return nil
}
