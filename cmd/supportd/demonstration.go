package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"aismarttalk.tech/supportd/smtpd"
	"aismarttalk.tech/supportd/testdata/demo"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// demonstration sends the sample mails and tells what became of each.
type demonstration struct {
	daemon  *daemon
	api     *client
	dir     string
	out     io.Writer
	width   int // of out, in characters; 0: it does not say
	now     func() time.Time
	started time.Time

	steps    int
	accepted time.Time // when the latest mail was answered 250
	latest   *letter   // that was shown of what staff did
	err      error     // of writing
}

func (d *demonstration) say(format string, args ...any) {
	if d.err == nil {
		_, d.err = fmt.Fprintf(d.out, format+"\n", args...)
	}
}

func (d *demonstration) step(format string, args ...any) {
	d.steps++
	d.say("\n%d. "+format, append([]any{d.steps}, args...)...)
}

// letter is one of ours, as its reader has it.
type letter struct {
	file, messageID, subject, replyTo, text string
	ticket                                  ticket.ID
}

// send sends a sample mail, an answer to a letter if one is given, and returns
// what became of it once all letters that it caused are written.
func (d *demonstration) send(ctx context.Context, name, from string, to *letter) (web.MailDetails, error) {
	raw, recipient, err := d.sample(name, to)
	if err != nil {
		return web.MailDetails{}, err
	}
	if err := d.post(ctx, raw, from, recipient); err != nil {
		return web.MailDetails{}, fmt.Errorf("sending %s: %w", name, err)
	}
	return d.became(ctx, d.daemon.parser.Parse(raw).MessageID)
}

// post hands a raw mail to the daemon by SMTP.
func (d *demonstration) post(ctx context.Context, raw []byte, from, to string) error {
	door := runningAddress{Address: d.daemon.smtp.Addrs()[0].String(), Protocol: string(smtpd.SMTP)}
	envelope := deliverCommand{From: from, Recipients: []string{to}}
	err := envelope.hand(ctx, door, bytes.NewReader(raw))
	d.accepted = d.now()
	return err
}

// sample is a sample mail with its placeholders filled in, and its recipient.
func (d *demonstration) sample(name string, to *letter) (raw []byte, recipient string, err error) {
	raw, err = demo.Mails.ReadFile(name)
	if err != nil {
		return nil, "", err
	}
	recipient = d.daemon.cfg.Desk.Addresses[0]
	words := []string{"@SUPPORT@", recipient}
	if to != nil {
		if bytes.Contains(raw, []byte("@REPLY-TO@")) {
			recipient = to.replyTo
		}
		words = append(words, "@REPLY-TO@", to.replyTo, "@MESSAGE-ID@", "<"+to.messageID+">", "@SUBJECT@", encodeSubject(to.subject),
			"@ID@", string(to.ticket), "@TEXT@", "> "+strings.ReplaceAll(strings.TrimSpace(to.text), "\n", "\n> "))
	}
	return []byte(strings.NewReplacer(words...).Replace(string(raw))), recipient, nil
}

// became waits until a mail is filed and its letters are written.
func (d *demonstration) became(ctx context.Context, messageID string) (web.MailDetails, error) {
	var m web.MailDetails
	err := d.until(ctx, func() (bool, error) {
		var list web.MailList
		if _, err := d.api.get(ctx, web.APIPath+"/mails", url.Values{"message_id": {messageID}}, &list); err != nil || len(list.Mails) == 0 {
			return false, err
		}
		m = web.MailDetails{}
		if _, err := d.api.get(ctx, web.APIPath+"/mails/"+list.Mails[0].Mail, nil, &m); err != nil {
			return false, err
		}
		return allWritten(m.Promises), nil
	})
	return m, err
}

func allWritten(promises []web.Promise) bool {
	for _, p := range promises {
		if p.State == ticket.NoticeQueued {
			return false
		}
	}
	return true
}

// demoPatience is how long the demo waits for what takes milliseconds.
const demoPatience = 30 * time.Second

// until asks again and again.
func (d *demonstration) until(ctx context.Context, done func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, demoPatience)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.New("the daemon did not do in time what was waited for")
		case <-tick.C:
		}
	}
}

// letter reads one of our letters as its reader would.
func (d *demonstration) letter(p web.Promise) (*letter, error) {
	file := filepath.Join(dataFolder(d.dir).outgoing(), d.daemon.records.secrets.ring.NoticeName(p.Ticket, p.Number)+".eml")
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	m := d.daemon.parser.Parse(raw)
	if len(m.ReplyTo) == 0 {
		return nil, fmt.Errorf("%s has no Reply-To", file)
	}
	return &letter{file, m.MessageID, m.Subject, m.ReplyTo[0].Address, m.Text, p.Ticket}, nil
}

// show prints what became of a mail: outcome, reading, and letters.
func (d *demonstration) show(m web.MailDetails) {
	d.say("   From %s: %q", m.From.Address, m.Subject)
	d.say("   → outcome: %s %s", m.Outcome.Outcome, m.Ticket)
	for _, r := range m.Reasons {
		d.say("     because: %s", visible(r))
	}
	d.promised(m.Promises)
}

// promised prints who is written to.
func (d *demonstration) promised(letters []web.Promise) {
	for _, p := range letters {
		d.say("   → letter: %s to %s, %s", p.Kind, p.To, p.State)
	}
	if len(letters) == 0 {
		d.say("   → no letter: nobody is written to")
	}
}

// read prints a letter and where it stands.
func (d *demonstration) read(l *letter) {
	d.say("     %s", l.file)
	d.say("     │ Subject: %s", visible(l.subject))
	for line := range strings.Lines(strings.TrimSpace(l.text)) {
		d.say("     │ %s", visible(strings.TrimRight(line, "\n")))
	}
}

// glance prints what is new in a letter.
func (d *demonstration) glance(l *letter) {
	d.say("     %s", l.file)
	for paragraph := range strings.SplitSeq(l.text, "\n\n") {
		if words := strings.Fields(paragraph); len(words) > 2 && !strings.HasPrefix(words[0], "──") {
			d.say("     │ %s", visible(strings.Join(words, " ")))
			return
		}
	}
}

// command does something to a ticket as one of staff, and returns the letters
// that it owes once they are written.
func (d *demonstration) command(ctx context.Context, id ticket.ID, body web.Command) ([]web.Promise, error) {
	var t web.TicketDetails
	if _, err := d.api.post(ctx, ticketPath(string(id))+"/commands", nil, body, &t); err != nil {
		return nil, err
	}
	owed := owedLast(t)
	err := d.until(ctx, func() (bool, error) {
		if allWritten(owed) {
			return true, nil
		}
		now := web.TicketDetails{}
		_, err := d.api.get(ctx, ticketPath(string(id)), nil, &now)
		owed = sameLetters(now.Promises, owed)
		return allWritten(owed), err
	})
	return owed, err
}

// owedLast are the letters that the latest event of a ticket owes: those of one
// command are owed at one instant, its event's.
func owedLast(t web.TicketDetails) []web.Promise {
	var owed []web.Promise
	for _, p := range t.Promises {
		if n := len(t.Events); n > 0 && p.Owed.Equal(t.Events[n-1].At) {
			owed = append(owed, p)
		}
	}
	return owed
}

// sameLetters are some letters as they stand now.
func sameLetters(now, some []web.Promise) []web.Promise {
	return slices.DeleteFunc(slices.Clone(now), func(p web.Promise) bool {
		return !slices.ContainsFunc(some, func(s web.Promise) bool { return s.Number == p.Number })
	})
}

// letterIn reads the first letter of a kind.
func (d *demonstration) letterIn(promises []web.Promise, kind ticket.NoticeKind) (*letter, error) {
	for _, p := range promises {
		if p.Kind == kind {
			return d.letter(p)
		}
	}
	return nil, fmt.Errorf("no letter of the kind %s is owed", kind)
}
