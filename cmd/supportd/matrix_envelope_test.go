package main

import (
	"fmt"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// refusesRecipients tries recipients that are none of ours.
func refusesRecipients(want string, recipients ...string) func(*badCase) {
	return func(c *badCase) {
		w := c.dial().greet()
		w.do("MAIL FROM:<"+c.client()+">", "250 ")
		for _, r := range recipients {
			w.do("RCPT TO:"+r, want)
		}
		w.do("DATA", "503 ")
	}
}

// takesRecipient sends a mail to a recipient, and returns what became of it.
func takesRecipient(c *badCase, recipient string, params ...string) envelopeResult {
	w := c.dial().greet()
	w.do("MAIL FROM:<"+c.client()+">"+strings.Join(params, ""), "250 ")
	w.do("RCPT TO:"+recipient, "250 ")
	w.do("DATA", "354 ")
	mail := c.mail("Subject: Hej\r\n", fmt.Sprintf("Det virker ikke. (%d)", c.mails))
	w.send(mail + ".\r\n")
	m := c.became(w.queued(mail))
	c.opens(m)
	return envelopeResult{m.Envelope.From, strings.Join(m.Envelope.To, " ")}
}

type envelopeResult struct{ from, to string }

// envelopeRows are about who may write to whom.
func envelopeRows() []badInput {
	const ours = "aismarttalk.tech"
	return []badInput{
		{number: 42, what: "101 recipients", check: func(c *badCase) {
			w := c.dial().greet()
			w.do("MAIL FROM:<"+c.client()+">", "250 ")
			for range 100 {
				c.mails++
				w.do("RCPT TO:<contact+support+"+strings.Repeat("x", c.mails%40)+strings.Repeat("y", c.mails/40)+"@"+ours+">", "250 ")
			}
			w.do("RCPT TO:<postmaster@"+ours+">", "452 4.5.3")
			w.do("DATA", "354 ")
			mail := c.mail("Subject: Hej\r\n", "Det virker ikke.")
			w.send(mail + ".\r\n")
			if m := c.became(w.queued(mail)); len(m.Envelope.To) != 100 {
				c.Errorf("%d recipients", len(m.Envelope.To))
			}
		}},
		{number: 43, what: "10 unknown recipients", check: func(c *badCase) {
			w := c.dial().greet()
			w.do("MAIL FROM:<"+c.client()+">", "250 ")
			for range 9 {
				w.do("RCPT TO:<guess@"+ours+">", "550 5.1.1")
			}
			w.do("RCPT TO:<guess@"+ours+">", "550 5.1.1")
			w.expect("421 4.7.0")
			w.closed()
		}},
		{number: 44, what: "the same recipient five times", check: func(c *badCase) {
			w := c.dial().greet()
			w.do("MAIL FROM:<"+c.client()+">", "250 ")
			for _, to := range []string{"contact+support", "contact+support", "Contact+Support", "CONTACT+support", `"contact+support"`} {
				w.do("RCPT TO:<"+to+"@"+ours+">", "250 ")
			}
			w.do("DATA", "354 ")
			mail := c.mail("Subject: Hej\r\n", "Det virker ikke.")
			w.send(mail + ".\r\n")
			m := c.became(w.queued(mail))
			if c.opens(m); len(m.Envelope.To) != 1 {
				c.Errorf("it went to %q", m.Envelope.To)
			}
		}},
		{number: 45, what: `an address of ours within quotes`, check: refusesRecipients("550 ",
			`<"contact+support@`+ours+`"@ond.example>`, `<"contact+support@`+ours+`"@`+ours+`>`, `<"contact+support+a b"@`+ours+`>`)},
		{number: 46, what: "a source route", check: func(c *badCase) {
			for range 2 {
				if e := takesRecipient(c, "<@relay.example:contact+support@"+ours+">"); e.to != "contact+support@"+ours {
					c.Errorf("it went to %q", e.to)
				}
			}
		}},
		{number: 47, what: "percent and bang", check: refusesRecipients("550 ",
			"<contact+support%ond.example@"+ours+">", "<ond.example!contact+support@"+ours+">", "<ond.example!contact>", "<anna%kunde.example@"+ours+">")},
		{number: 48, what: "a foreign domain", check: refusesRecipients("550 5.7.1",
			"<anna@kunde.example>", "<contact+support@"+ours+".ond.example>", "<contact+support@[127.0.0.1]>")},
		{number: 49, what: "a bare postmaster", check: func(c *badCase) {
			if e := takesRecipient(c, "<postmaster>"); e.to != "postmaster@"+ours {
				c.Errorf("it went to %q", e.to)
			}
		}},
		{number: 50, what: "NUL, CR and ESC in addresses", check: func(c *badCase) {
			w := c.dial().greet()
			for _, address := range []string{"an\x00na@kunde.example", "an\rna@kunde.example", "an\x1b[31mna@kunde.example", "\"an\x1bna\"@kunde.example"} {
				if reply := w.do("MAIL FROM:<"+address+">", "501 "); strings.ContainsAny(reply, "\x00\x1b\r") || strings.Contains(reply, "na@") {
					c.Errorf("the reply repeats it: %q", reply)
				}
			} // and so does no line of the log, of which all are looked at
		}},
		{number: 51, what: "beyond ASCII without SMTPUTF8", check: func(c *badCase) {
			w := c.dial().greet()
			w.do("MAIL FROM:<søren@kunde.example>", "553 5.6.7")
			w.do("MAIL FROM:<"+c.client()+">", "250 ")
			w.do("RCPT TO:<contact+support+ø@"+ours+">", "553 5.6.7")
		}},
		{number: 52, what: "beyond ASCII with SMTPUTF8", check: func(c *badCase) {
			if e := takesRecipient(c, "<contact+support+ø@"+ours+">", " SMTPUTF8"); e.to != "contact+support+ø@"+ours {
				c.Errorf("it went to %q", e.to)
			}
		}},
		{number: 53, what: "a local part of 65, a domain of 256", check: func(c *badCase) {
			w := c.dial().greet()
			w.do("MAIL FROM:<"+strings.Repeat("x", 65)+"@kunde.example>", "501 ")
			w.do("MAIL FROM:<a@"+strings.Repeat("x", 248)+".example>", "501 ")
		}},
		{number: 54, what: "the null sender", check: func(c *badCase) {
			m := c.deliverFrom("", c.support(), c.mail("Subject: Hej\r\n", "Det virker ikke."))
			c.opens(m)
			c.silent(m)
		}},
		{number: 55, what: "our own address as envelope sender", check: func(c *badCase) {
			m := c.deliverFrom(c.support(), c.support(), c.mail("Subject: Hej\r\n", "Det virker ikke."))
			c.opens(m, ticket.FlagSpoof)
			c.silent(m)
		}},
		{number: 56, what: "upper and mixed case", check: func(c *badCase) {
			takesRecipient(c, "<CONTACT+SUPPORT@AISMARTTALK.TECH>")
		}},
		{number: 57, what: "an unknown token", check: func(c *badCase) {
			takesRecipient(c, "<contact+support+ais7k3qm2xd1abcdefghijklmnopqrst@"+ours+">")
		}},
		{number: 58, what: "shell metacharacters in MAIL FROM", check: func(c *badCase) {
			w := c.dial().greet()
			w.do("MAIL FROM:<;sleep 5;@kunde.example>", "501 ")
			const sender = "\"`touch x`;$(id)\"@kunde.example"
			m := c.deliverFrom(sender, c.support(), c.mail("Subject: Hej\r\n", "Det virker ikke."))
			if c.opens(m); m.Envelope.From != sender {
				c.Errorf("the envelope sender is %q", m.Envelope.From)
			}
		}},
	}
}

// smallMails is a daemon for mails of up to a thousand bytes.
func smallMails(_ *testing.T, s *houseSettings) { s.SMTP.MaxMessageBytes = 1000 }

// sized is a mail of so many bytes.
func (c *badCase) sized(n int) string {
	mail := c.mail("Subject: Hej\r\n", "")
	return mail[:len(mail)-2] + strings.Repeat("x", n-len(mail)) + "\r\n"
}

// sizeRows are about the limit of size, and about a full disk.
func sizeRows() []badInput {
	tooLarge := func(n int, params string) func(*badCase) {
		return func(c *badCase) {
			w := c.dial().greet()
			w.do("MAIL FROM:<"+c.client()+">"+params, "250 ")
			w.do("RCPT TO:<"+c.support()+">", "250 ")
			w.do("DATA", "354 ")
			w.send(c.sized(n) + ".\r\n")
			w.expect("552 5.3.4")
			w.do("NOOP", "250 ")
			c.noMail()
		}
	}
	return []badInput{
		{number: 38, what: "SIZE over the limit", own: smallMails, check: func(c *badCase) {
			w := c.dial().greet()
			w.do("MAIL FROM:<"+c.client()+"> SIZE=1001", "552 5.3.4")
			w.do("MAIL FROM:<"+c.client()+"> SIZE=99999999999999999999", "552 5.3.4")
		}},
		{number: 39, what: "a lie in SIZE, data over the limit", own: smallMails, check: tooLarge(5000, " SIZE=10")},
		{number: 40, what: "exactly the limit", own: smallMails, check: func(c *badCase) { c.opens(c.deliver(c.sized(1000))) }},
		{number: 41, what: "one byte over the limit", own: smallMails, check: tooLarge(1001, "")},
		{
			number: 59, what: "a disk that is nearly full",
			own: func(_ *testing.T, s *houseSettings) { s.Limits.FreeDiskBytes = 1 << 60 },
			check: func(c *badCase) {
				w := c.dial().greet()
				w.do("MAIL FROM:<"+c.client()+">", "452 4.3.1")
				w.do("QUIT", "221 ")
				c.stop()
				wants := c.wants
				wants.Limits.FreeDiskBytes = 0
				c.house = startHouse(c.T, wants) // once there is room
			},
		},
	}
}
