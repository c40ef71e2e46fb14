package main

import (
	"fmt"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// talkMessage is a mail that somebody writes.
type talkMessage struct {
	from, to, subject, id, text string
	headers                     []string // name, value, …
}

// newMail numbers the mails, so that letters can name the one they answer.
func (k *talk) newMail(from, to, subject, text string) talkMessage {
	k.mails++
	id := fmt.Sprintf("mail-%d@%s", k.mails, ticket.Domain(from))
	k.written[id] = from
	return talkMessage{
		from: from, to: to, subject: subject, id: id, text: text,
		headers: []string{"Date", k.clock.now().Format("Mon, 02 Jan 2006 15:04:05 -0700")},
	}
}

// answerTo is an answer as mail programs write it: with all of the letter below.
func (k *talk) answerTo(l talkLetter, text string) talkMessage {
	quote := strings.TrimSpace(l.text)
	head := fmt.Sprintf("Den %s skrev %s <%s>:", k.clock.now().Format("02.01.2006 kl. 15.04"), k.daemon.cfg.Desk.Name, l.replyTo)
	text += "\n\n" + head + "\n> " + strings.ReplaceAll(quote, "\n", "\n> ")
	m := k.newMail(l.To.Address, l.replyTo, "SV: "+strings.TrimPrefix(l.subject, "Re: "), text)
	references := strings.TrimSpace(l.references + " <" + l.messageID + ">")
	m.headers = append(m.headers, "In-Reply-To", "<"+l.messageID+">", "References", references)
	return m
}

// talkMails are what the relay in front of the desk says of a sender, and how else
// a mail can differ from that of an honest person.
var talkMails = map[string]func(m talkMessage, authserv string) []string{
	"":          func(m talkMessage, by string) []string { return authenticated(m, by, "pass") },
	"forged":    func(m talkMessage, by string) []string { return authenticated(m, by, "fail") },
	"unchecked": func(talkMessage, string) []string { return nil },
	"automatic": func(m talkMessage, by string) []string {
		return append(authenticated(m, by, "pass"), "Auto-Submitted", "auto-replied")
	},
}

func authenticated(m talkMessage, by, verdict string) []string {
	return []string{"Authentication-Results", fmt.Sprintf("%s; dmarc=%s header.from=%s", by, verdict, ticket.Domain(m.from))}
}

// send sends a mail and tells what became of it.
func (k *talk) send(m talkMessage, option string) []string {
	k.t.Helper()
	if err := k.post(k.t.Context(), m.raw(k, option), m.from, m.to); err != nil {
		k.t.Fatal(err)
	}
	k.settle()
	page, err := k.daemon.records.store.MailsByMessageID(k.t.Context(), m.id, "", 2)
	if err != nil || len(page.Items) != 1 {
		k.t.Fatalf("%s is %d mails on file: %v", m.id, len(page.Items), err)
	}
	o := page.Items[0].Outcome
	k.names.mail(o.Mail, m.id)
	line := string(o.Outcome)
	if o.Ticket != "" {
		line += " " + string(o.Ticket)
	}
	came := []string{line + ", " + string(o.Trust)}
	for _, r := range o.Reasons {
		came = append(came, "  because "+r)
	}
	return came
}

// raw is the mail as the relay in front of the desk hands it on.
func (m talkMessage) raw(k *talk, option string) []byte {
	k.t.Helper()
	more, ok := talkMails[option]
	if !ok {
		k.t.Fatalf("mails know no option %q", option)
	}
	headers := append(more(m, k.daemon.cfg.SMTP.TrustedRelays[0].AuthservID), m.headers...)
	return rawMailText(m.from, m.to, m.subject, m.id, strings.ReplaceAll(m.text, "\n", "\r\n"), headers...)
}
