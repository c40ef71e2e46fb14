package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/smtpd"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// badCase is a case of bad input that is being played.
type badCase struct {
	*testing.T
	*house
	number int
	mails  int        // sent so far
	kept   []keptMail // what was answered 250
	result string     // "" for the verdict that the case has
}

// keptMail is a mail that was answered 250, and the bytes that must be on disk.
type keptMail struct{ id, raw string }

// try plays a case, and returns its result.
func (h *house) try(t *testing.T, row badInput) string {
	c := &badCase{T: t, house: h, number: row.number, result: row.verdict()}
	logged := h.log.size()
	if row.hostile {
		c.measure(func() { row.check(c) })
	} else {
		row.check(c)
	}
	c.afterwards(logged)
	if t.Failed() {
		return "FAILED"
	}
	return c.result
}

// afterwards is what holds after every case.
func (c *badCase) afterwards(logged int) {
	c.Helper()
	for _, k := range c.kept {
		c.checkKept(k)
	}
	for try := 1; ; try++ { // as any sender, who comes again when told to
		m, refusal := c.offer(c.client(), c.support(), c.mail("Subject: Den næste\r\n", "Virker det stadig?"))
		if refusal == "" {
			if got := c.became(m); got.Outcome.Outcome != ticket.OutcomeOpened && got.Outcome.Outcome != ticket.OutcomeAppended {
				c.Errorf("the next mail became %s, because %q", got.Outcome.Outcome, got.Reasons)
			}
			break
		}
		if !strings.HasPrefix(refusal, "4") || try == 5 {
			c.Errorf("the next mail is refused: %s", refusal)
			break
		}
	}
	checkLog(c.T, c.log.since(logged))
}

// checkKept looks whether a mail is on disk as it came, below our own Received
// header, and stands on one ticket at most, once.
func (c *badCase) checkKept(k keptMail) {
	c.Helper()
	raw, err := archive.Read(c.Context(), rawMail{c.daemon.journal, c.daemon.archive}, journal.ID(k.id))
	trace, same := strings.CutSuffix(string(raw), k.raw)
	if err != nil || !same || !strings.HasPrefix(trace, "Received: ") || len(trace) > smtpd.MaxTraceBytes {
		c.Errorf("mail %s is not on disk as it came (%d bytes of %d): %v", k.id, len(raw), len(k.raw), err)
	}
	entries := 0
	for _, e := range c.events(c.became(k.id).Ticket) {
		if e.Entry != nil && e.Entry.Mail == k.id {
			entries++
		}
	}
	if entries > 1 {
		c.Errorf("mail %s stands on its ticket %d times", k.id, entries)
	}
}

func (c *badCase) events(id ticket.ID) []ticket.Event {
	c.Helper()
	if id == "" {
		return nil
	}
	events, err := c.daemon.records.store.Events(c.Context(), id)
	if err != nil {
		c.Fatal(err)
	}
	return events
}

func (c *badCase) ticket(id ticket.ID) ticket.Ticket {
	c.Helper()
	t, ok, err := c.daemon.records.store.Ticket(c.Context(), id)
	if err != nil || !ok {
		c.Fatalf("ticket %s: %v", id, err)
	}
	return t
}

// client is who writes in this case: nobody's colleague in another.
func (c *badCase) client() string { return "kunde@" + c.domain() }

func (c *badCase) domain() string { return fmt.Sprintf("case%d.example", c.number) }

func (c *badCase) support() string { return c.daemon.cfg.Desk.Addresses[0] }

// fields are those that every mail has, with a Message-ID of its own.
func (c *badCase) fields() string {
	c.mails++
	return fmt.Sprintf("From: Kunde <%s>\r\nTo: <%s>\r\nMessage-ID: <mail-%d@%s>\r\n", c.client(), c.support(), c.mails, c.domain())
}

// mail is a mail with further fields.
func (c *badCase) mail(fields, body string) string {
	return c.fields() + fields + "\r\n" + body + "\r\n"
}

// wire is an SMTP connection, spoken on line by line.
type wire struct {
	net.Conn
	c    *badCase
	text *textproto.Reader
}

// matrixPatience is how long a case waits for what must come. It decides nothing
// but how soon a broken test ends.
const matrixPatience = 2 * time.Minute

func (c *badCase) dial() *wire {
	c.Helper()
	conn, err := net.Dial("tcp", c.daemon.smtp.Addrs()[0].String())
	if err != nil {
		c.Fatal(err)
	}
	return c.over(conn)
}

func (c *badCase) over(conn net.Conn) *wire {
	c.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(matrixPatience))
	return &wire{conn, c, textproto.NewReader(bufio.NewReader(conn))}
}

// send writes raw octets. It does not fail where the daemon has closed: what that
// said before is still to be read.
func (w *wire) send(raw string) { io.WriteString(w.Conn, raw) }

// reply reads one reply: its code and text.
func (w *wire) reply() (string, error) {
	code, text, err := w.text.ReadResponse(0)
	return fmt.Sprintf("%d %s", code, text), err
}

// expect reads one reply, which must begin with want.
func (w *wire) expect(want string) string {
	w.c.Helper()
	got, err := w.reply()
	if err != nil || !strings.HasPrefix(got, want) {
		w.c.Fatalf("the reply is %q (%v), want %s", got, err, want)
	}
	return got
}

// exchange sends texts and expects the beginnings of their replies, in turn.
func (w *wire) exchange(turns ...string) error {
	for i := 0; i < len(turns); i += 2 {
		w.send(turns[i])
		if got, err := w.reply(); err != nil || !strings.HasPrefix(got, turns[i+1]) {
			return fmt.Errorf("the reply is %q (%v), want %s", got, err, turns[i+1])
		}
	}
	return nil
}

// do sends a command and expects a reply.
func (w *wire) do(command, want string) string {
	w.c.Helper()
	w.send(command + "\r\n")
	return w.expect(want)
}

// closed reads to the end of the connection, before which nothing may come.
func (w *wire) closed() {
	w.c.Helper()
	got, err := w.reply()
	var timeout net.Error
	if err == nil || errors.As(err, &timeout) && timeout.Timeout() {
		w.c.Fatalf("got %q (%v), want the connection closed", got, err)
	}
}

// greet, ready and data bring a session on.
func (w *wire) greet() *wire {
	w.c.Helper()
	w.expect("220 ")
	w.do("EHLO client.example", "250 ")
	return w
}

func (w *wire) ready() *wire {
	w.c.Helper()
	w.do("MAIL FROM:<"+w.c.client()+">", "250 ")
	w.do("RCPT TO:<"+w.c.support()+">", "250 ")
	return w
}

func (w *wire) data() *wire {
	w.c.Helper()
	w.ready().do("DATA", "354 ")
	return w
}

// queued reads the reply to a mail, which must be 250, and returns its ID. The mail
// must be on disk as raw.
func (w *wire) queued(raw string) string {
	w.c.Helper()
	id := strings.TrimPrefix(w.expect("250 2.0.0 queued as "), "250 2.0.0 queued as ")
	w.c.kept = append(w.c.kept, keptMail{id, raw})
	return id
}

// upgrade does the client's part of STARTTLS.
func (w *wire) upgrade() *wire {
	w.c.Helper()
	w.do("STARTTLS", "220 2.0.0")
	return w.c.over(tls.Client(w.Conn, w.c.wants.trust))
}

// offer sends a mail over a connection of its own, and returns its ID, or the reply
// that refused it.
func (c *badCase) offer(from, to, mail string) (id, refusal string) {
	c.Helper()
	w := c.dial()
	defer w.Close()
	for _, step := range []struct{ say, want string }{
		{"", "220"}, {"EHLO client.example\r\n", "250"}, {"MAIL FROM:<" + from + ">\r\n", "250"}, {"RCPT TO:<" + to + ">\r\n", "250"},
		{"DATA\r\n", "354"}, {stuffed(mail) + ".\r\n", "250 2.0.0 queued as "},
	} {
		w.send(step.say)
		got, err := w.reply()
		if err != nil && got == "0 " {
			got = "451 " + err.Error() // a connection that breaks off is tried again
		}
		rest, ok := strings.CutPrefix(got, step.want)
		if !ok {
			return "", got
		}
		id = rest
	}
	c.kept = append(c.kept, keptMail{id, mail})
	return id, ""
}

// stuffed has a dot before each line that begins with one (RFC 5321 section 4.5.2).
func stuffed(mail string) string {
	mail = strings.ReplaceAll(mail, "\n.", "\n..")
	if strings.HasPrefix(mail, ".") {
		return "." + mail
	}
	return mail
}

// deliver sends a mail that must be taken, and returns what became of it.
func (c *badCase) deliver(mail string) web.MailDetails {
	c.Helper()
	return c.deliverFrom(c.client(), c.support(), mail)
}

func (c *badCase) deliverFrom(from, to, mail string) web.MailDetails {
	c.Helper()
	id, refusal := c.offer(from, to, mail)
	if refusal != "" {
		c.Fatalf("the mail is refused: %s", refusal)
	}
	return c.became(id)
}

// became waits until a mail is filed and its letters are written, and returns what
// the API tells of it.
func (c *badCase) became(id string) (m web.MailDetails) {
	c.Helper()
	err := c.until(c.Context(), func() (bool, error) {
		if _, ok, err := c.daemon.records.store.Mail(c.Context(), id); !ok || err != nil {
			return false, err
		}
		m = web.MailDetails{}
		_, err := c.api.get(context.WithoutCancel(c.Context()), web.APIPath+"/mails/"+id, nil, &m)
		return err == nil && m.Waiting == "" && allWritten(m.Promises), err
	})
	if err != nil {
		c.Fatalf("mail %s: %v", id, err)
	}
	return m
}

// opens wants a mail to have opened a ticket with flags, and no others of those that
// tell of a broken mail.
func (c *badCase) opens(m web.MailDetails, flags ...string) {
	c.Helper()
	c.outcome(m, ticket.OutcomeOpened, flags...)
}

func (c *badCase) outcome(m web.MailDetails, want ticket.OutcomeKind, flags ...string) {
	c.Helper()
	if m.Outcome.Outcome != want {
		c.Errorf("it became %s %s, want %s; because %q", m.Outcome.Outcome, m.Ticket, want, m.Reasons)
	}
	for _, f := range flags {
		if !slices.Contains(m.Flags, f) {
			c.Errorf("the flags are %q, want %s", m.Flags, f)
		}
	}
	for _, f := range m.Flags {
		if !strings.Contains(c.command("trace", m.Mail), f) {
			c.Errorf("trace does not show the flag %s", f)
		}
	}
}

// plain wants a mail to bear no flag that tells of a broken one.
func (c *badCase) plain(m web.MailDetails) {
	c.Helper()
	if len(m.Flags) > 0 {
		c.Errorf("the flags are %q, want none", m.Flags)
	}
}

// command runs the program's command line beside the daemon, and returns what it
// prints.
func (c *badCase) command(args ...string) string {
	c.Helper()
	code, out, errOut := command(c.T, "", slices.Concat(args, c.flags)...)
	if code != exitOK {
		c.Fatalf("%q: exit %d, %s", args, code, errOut)
	}
	return out
}
