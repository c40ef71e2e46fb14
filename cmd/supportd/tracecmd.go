package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

type traceCommand struct {
	apiFlags
	Mail string `arg:"" help:"Message-ID, or the ID under which the mail was accepted."`
}

// Run tells what became of a mail; of all of them where several bore the same
// Message-ID.
func (t *traceCommand) Run(ctx context.Context, h host) error {
	return t.with(ctx, h, func(c *client) error {
		ids, err := t.mails(ctx, c)
		if err != nil {
			return err
		}
		for i, id := range ids {
			var m web.MailDetails
			raw, err := c.get(ctx, web.APIPath+"/mails/"+id, nil, &m)
			if err != nil {
				return err
			}
			if i > 0 && !t.JSON {
				fmt.Fprintln(h.out)
			}
			if err := t.print(h.out, raw, func(w io.Writer) error { return tracePage(w, m, c.zone) }); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *traceCommand) mails(ctx context.Context, c *client) ([]string, error) {
	if _, err := journal.ParseID(t.Mail); err == nil {
		return []string{t.Mail}, nil
	}
	var list web.MailList
	if _, err := c.get(ctx, web.APIPath+"/mails", url.Values{"message_id": {t.Mail}}, &list); err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range list.Mails {
		ids = append(ids, m.Mail)
	}
	if len(ids) == 0 {
		return nil, failf(exitFailed, "no mail with the Message-ID %s is on file; one that waits in the journal is found by the ID that the SMTP reply named", visible(t.Mail))
	}
	return ids, nil
}

// tracePage tells the life of a mail step by step.
func tracePage(w io.Writer, m web.MailDetails, zone *time.Location) error {
	p := &pageWriter{w: w}
	p.fact("Mail", m.Mail)
	p.fact("Message-ID", m.MessageID)
	p.fact("Subject", m.Subject)
	p.fact("From", address(m.From))
	p.printf("\n")
	p.fact("accepted", fmt.Sprintf("%s from %s by %s, envelope <%s> to %s, %d bytes",
		stamp(m.Received, zone), m.Envelope.Peer, m.Envelope.Protocol, m.Envelope.From, strings.Join(m.Envelope.To, ", "), m.Size))
	switch m.Waiting {
	case web.WaitingPending:
		p.fact("waits", "in the journal, on disk; it is filed as soon as the store answers")
		return p.err
	case web.WaitingParked:
		p.fact("parked", "in the journal, on disk; the store refuses it: "+strings.Join(m.Reasons, "; "))
		return p.err
	}
	p.fact("read", readingText(m))
	if m.Automatic.Is {
		p.fact("automatic", withEvidence(string(m.Automatic.Kind), m.Automatic.Reasons))
	}
	for _, r := range m.Bounce.Recipients {
		p.fact("bounced", strings.TrimSpace(r.Address+" "+r.Action+" "+r.Status+" "+r.Diagnostic))
	}
	for _, c := range m.Clues {
		p.fact("clue", string(c.Kind)+": "+c.Value)
	}
	if m.SenderCheck != nil {
		senderFacts(p, *m.SenderCheck)
	}
	scanFacts(p, m)
	p.fact("trust", string(m.Trust))
	p.fact("outcome", strings.TrimSpace(string(m.Outcome.Outcome)+" "+string(m.Ticket)))
	for _, r := range m.Reasons {
		p.fact("because", r)
	}
	p.fact("repeats", m.Original)
	if m.Deleted != nil {
		p.fact("deleted", fmt.Sprintf("raw mail and attachments, on %s, by %s", stamp(m.Deleted.At, zone), m.Deleted.Rule))
	}
	for _, n := range m.Promises {
		p.fact("letter", fmt.Sprintf("%d, %s to %s: %s%s", n.Number, n.Kind, n.To, n.State, after(letterText(n))))
	}
	if len(m.Promises) == 0 {
		p.fact("letter", "none is owed for it")
	}
	return p.err
}

// scanFacts tells what scanners said of the mail and of each file.
func scanFacts(p *pageWriter, m web.MailDetails) {
	p.fact("scan", m.Scan.String())
	if m.Scan != nil && m.Scan.Spam != nil && len(m.Scan.Spam.Symbols) > 0 {
		p.fact("spam", strings.Join(m.Scan.Spam.Symbols, ", "))
	}
	for i, a := range m.Attachments {
		f := m.Scan.Of(i + 1)
		p.fact("attached", strings.Join(nonEmpty(fmt.Sprintf("%d. %s (%s): %s", i+1, a.Filename, byteText(int64(a.Size)), f.Result), f.Found, f.Why), ", "))
	}
}

func nonEmpty(parts ...string) []string {
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// senderFacts tells what was found out about who sent the mail.
func senderFacts(p *pageWriter, c ticket.SenderCheck) {
	fact := func(name string, result ticket.CheckResult, domain string, more ...string) {
		head := strings.TrimSpace(string(result) + " " + domain)
		p.fact(name, strings.Join(nonEmpty(append([]string{head}, more...)...), ", "))
	}
	fact("SPF", c.SPF.Result, c.SPF.Domain+alignedText(c.SPF.Aligned), c.SPF.Why)
	for _, d := range c.DKIM {
		fact("DKIM", d.Result, d.Domain+alignedText(d.Aligned), append([]string{d.Why}, d.Notes...)...)
	}
	if c.Unchecked > 0 {
		p.fact("DKIM", fmt.Sprintf("%d more signatures were not looked at", c.Unchecked))
	}
	policy := ""
	if c.DMARC.Policy != "" {
		policy = "p=" + c.DMARC.Policy
	}
	fact("DMARC", c.DMARC.Result, c.DMARC.Domain, policy, c.DMARC.Why)
}

func alignedText(aligned bool) string {
	if aligned {
		return " (the domain of From)"
	}
	return ""
}

func readingText(m web.MailDetails) string {
	parts := []string{
		"language " + orNone(m.Reading.Language, "in doubt"), "claim " + claimText(m.Reading.Claim),
		"category " + m.Reading.Category.Name,
	}
	if n := len(m.Attachments); n > 0 {
		parts = append(parts, fmt.Sprintf("%d attached", n))
	}
	if len(m.Flags) > 0 {
		parts = append(parts, "flags "+strings.Join(m.Flags, " "))
	}
	return strings.Join(parts, "; ")
}
