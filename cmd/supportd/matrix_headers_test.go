package main

import (
	"fmt"
	"strings"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// written is a mail with a From of the case's own making; "" for none.
func (c *badCase) written(from, fields, body string) string {
	c.mails++
	return from + fmt.Sprintf("To: <%s>\r\nMessage-ID: <mail-%d@%s>\r\n%s\r\n%s\r\n", c.support(), c.mails, c.domain(), fields, body)
}

// nobody sends a mail whose From names nobody: it opens a ticket with flags on which
// nobody takes part, and nobody is answered.
func nobody(from string, flags ...string) func(*badCase) {
	return func(c *badCase) {
		m := c.deliver(c.written(from, "Subject: Login\r\n", "Det virker ikke."))
		c.opens(m, flags...)
		c.silent(m)
		if people := c.ticket(m.Ticket).Participants; len(people) > 0 {
			c.Errorf("%v take part", people)
		}
	}
}

// somebody sends a mail whose From names an address, whatever else stands there.
func somebody(from, address, shown string, flags ...string) func(*badCase) {
	return func(c *badCase) {
		from := strings.ReplaceAll(from, "@case", "@"+c.domain())
		address := strings.ReplaceAll(address, "@case", "@"+c.domain())
		m := c.deliver(c.written(from, "Subject: Login\r\n", "Det virker ikke."))
		c.opens(m, flags...)
		if m.From.Address != address {
			c.Errorf("it is from %q, want %s", m.From.Address, address)
		}
		if r, ok := c.ticket(m.Ticket).Reporter(); !ok || r.Address != address || len(c.ticket(m.Ticket).Participants) != 1 {
			c.Errorf("%v take part", c.ticket(m.Ticket).Participants)
		}
		if len(c.letters(m, address)) != 1 {
			c.Errorf("%s is not answered: %+v", address, m.Promises)
		}
		if page := c.command("trace", m.Mail); !strings.Contains(page, address) || !strings.Contains(page, shown) {
			c.Errorf("trace does not show %s and %q:\n%s", address, shown, page)
		}
	}
}

// identityRows are about who wrote a mail.
func identityRows() []badInput {
	const staff = "first-line@aismarttalk.tech"
	return []badInput{
		{number: 60, what: "no From", check: func(c *badCase) {
			m := c.deliver(c.written("", "Subject: Login\r\n", "Det virker ikke."))
			c.opens(m, ticket.FlagNoFrom)
			c.silent(m)
			if e := c.events(m.Ticket)[0].Entry; e.From.Address != c.client() {
				c.Errorf("staff see %+v as who wrote it, want the envelope sender", e.From)
			}
		}},
		{number: 61, what: "two From headers", check: func(c *badCase) {
			m := c.deliver(c.written("From: <kunde@case61.example>\r\nFrom: <"+staff+">\r\n", "Subject: Login\r\n", "Det virker ikke."))
			c.outcome(m, ticket.OutcomeHeld, ticket.FlagTwoFrom)
			c.silent(m)
			if list := c.command("held", "list"); !strings.Contains(list, m.Mail) {
				c.Errorf("it is not listed for staff:\n%s", list)
			}
		}},
		{number: 62, what: "From with two mailboxes", check: nobody("From: "+staff+", <kunde@case62.example>\r\n", ticket.FlagMultiFrom)},
		{number: 63, what: "group syntax", check: func(c *badCase) {
			nobody("From: undisclosed-recipients:;\r\n", ticket.FlagNoFrom)(c)
			nobody("From: Chef: <kunde@case63.example>;\r\n", ticket.FlagNoFrom)(c)
		}},
		{number: 64, what: "ceo@trusted.com <evil@x.com>", check: nobody("From: ceo@trusted.com <evil@x.com>\r\n", ticket.FlagBadFrom, ticket.FlagRaw)},
		{number: 65, what: "an address in an encoded word", check: func(c *badCase) {
			somebody("From: =?utf-8?Q?ceo=40trusted.com?= <evil@case>\r\n", "evil@case", "evil@")(c)
			somebody("From: =?utf-8?Q?=3Cceo=40trusted.com=3E?= <evil2@case>\r\n", "evil2@case", "evil2@")(c)
			nobody("From: \"ceo@trusted.com\"\r\n", ticket.FlagBadFrom)(c)
		}},
		{number: 66, what: "an address of staff as display name", check: somebody("From: \""+staff+"\" <evil@case>\r\n", "evil@case", "<evil@case66.example>")},
		{number: 67, what: "an address in a comment", check: func(c *badCase) {
			somebody("From: kunde@case ("+staff+")\r\n", "kunde@case", "<kunde@case67.example>")(c)
			somebody("From: ("+staff+") kunde2@case\r\n", "kunde2@case", "kunde2@case67.example")(c)
		}},
		{number: 68, what: "Sender and Reply-To are staff, From a stranger", check: somebody("From: kunde@case\r\nSender: "+staff+"\r\nReply-To: "+staff+"\r\n", "kunde@case", "kunde@case68.example")},
		{number: 69, what: "a homograph domain", check: func(c *badCase) {
			somebody("From: kunde@fïrma.example\r\n", "kunde@xn--frma-5pa.example", "kunde@xn--frma-5pa.example", ticket.FlagPunycode)(c)
			somebody("From: kunde@xn--fima-7ra.example\r\n", "kunde@xn--fima-7ra.example", "kunde@xn--fima-7ra.example", ticket.FlagPunycode)(c)
		}},
		{
			number: 89, what: "forged Authentication-Results with our authserv-id", own: besidesRelay, check: forgedResults,
			other: "the raw mail stays as it came, and so does the field; it counts only on top of a mail that our relay hands over",
		},
		{number: 90, what: "forged X-Supportd headers", check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: Login\r\nX-Supportd-Loop: 1forged\r\nX-Supportd-Severity: critical\r\nX-Supportd-Ticket: AIS-7K3Q-M2XQ\r\nX-Supportd-Role: owner\r\n", "Det virker ikke."))
			c.opens(m)
			if c.ack(m); m.Reading.Claim.Evidence != "" || m.Ticket == "AIS-7K3Q-M2XQ" {
				c.Errorf("it claims %+v on %s", m.Reading.Claim, m.Ticket)
			}
		}},
	}
}

// invisible are characters that change what a reader takes other words for.
const invisible = "\u202e\u202d\u2066\u200b\ufeff"

// headerRows are about all other fields.
func headerRows() []badInput {
	opensWith := func(fields string, flags ...string) func(*badCase) {
		return func(c *badCase) { c.opens(c.deliver(c.mail(fields, "Det virker ikke.")), flags...) }
	}
	return []badInput{
		{number: 70, what: "bidi and zero-width characters in a subject", check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: faktura\u202efdp.exe \u200bkonto\r\nContent-Type: text/plain; charset=utf-8\r\n", "Det virker ikke."))
			c.opens(m)
			pages := c.command("trace", m.Mail) + c.command("ticket", "list") + c.command("ticket", "show", string(m.Ticket))
			if strings.ContainsAny(pages, invisible) || !strings.Contains(pages, `\u202e`) {
				c.Errorf("the command line shows them as they are:\n%s", pages)
			}
			l := c.ack(m)
			if strings.ContainsAny(l.subject+l.text, invisible) {
				c.Errorf("the letter repeats them: %q", l.subject)
			}
		}},
		{number: 71, what: "line ends in a subject, folded and encoded", check: func(c *badCase) {
			for _, subject := range []string{"x\r\n Bcc: offer@firma.example", "=?utf-8?q?y=0d=0aBcc:_offer=40firma.example?="} {
				m := c.deliver(c.mail("Subject: "+subject+"\r\n", "Det virker ikke: "+subject))
				c.opens(m)
				if h := c.headersOf(c.ack(m)); h.Get("Bcc") != "" || strings.Contains(h.Get("To"), "offer") {
					c.Errorf("the letter has the header %v", h)
				}
			}
		}},
		{number: 72, what: "a subject of 1 MB", hostile: true, check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: "+strings.Repeat("x", 1<<20)+"\r\n", "Det virker ikke."))
			if c.opens(m, ticket.FlagRaw, ticket.FlagTruncated); len(m.Subject) > 4<<10 {
				c.Errorf("a subject of %d bytes is kept", len(m.Subject))
			}
		}},
		{number: 73, what: "a header of 10 MB", hostile: true, check: opensWith(strings.Repeat("X-Fill: "+strings.Repeat("y", 990)+"\r\n", 10_000), ticket.FlagRaw)},
		{number: 74, what: "300,000 fields", hostile: true, check: opensWith(strings.Repeat("X: y\r\n", 300_000), ticket.FlagRaw)},
		{number: 75, what: "50,000 addresses in To", hostile: true, check: func(c *badCase) {
			var to strings.Builder
			for i := range 50_000 {
				fmt.Fprintf(&to, ", a%d@b.example", i)
			}
			m := c.deliver(c.written("From: <"+c.client()+">\r\nCc: <x@b.example>"+to.String()+"\r\n", "Subject: Login\r\n", "Det virker ikke."))
			c.opens(m, ticket.FlagTruncated)
			for _, p := range m.Promises {
				if strings.HasSuffix(p.To, "@b.example") {
					c.Errorf("a letter goes to %s", p.To)
				}
			}
		}},
		{number: 76, what: "no Message-ID", check: func(c *badCase) {
			raw := "From: <" + c.client() + ">\r\nSubject: Login\r\n\r\nDet virker ikke.\r\n"
			first := c.deliver(raw)
			c.opens(first)
			c.outcome(c.deliver(raw), ticket.OutcomeDuplicate)
		}},
		{number: 77, what: "the same Message-ID, the same bytes", check: func(c *badCase) {
			raw := c.mail("Subject: Login\r\n", "Det virker ikke.")
			first, again := c.deliver(raw), c.deliver(raw)
			c.opens(first)
			c.outcome(again, ticket.OutcomeDuplicate)
			if c.silent(again); again.Original != first.Mail || c.ticket(first.Ticket).Entries != 1 {
				c.Errorf("it repeats %q; the ticket has %d mails", again.Original, c.ticket(first.Ticket).Entries)
			}
		}},
		{number: 78, what: "the same Message-ID, other bytes", check: func(c *badCase) {
			raw := c.mail("Subject: Login\r\n", "Det virker ikke.")
			first, other := c.deliver(raw), c.deliver(strings.Replace(raw, "virker ikke", "er helt galt", 1))
			c.opens(first)
			if c.opens(other, ticket.FlagReusedID); other.Ticket == first.Ticket {
				c.Errorf("both are on %s", first.Ticket)
			}
		}},
		{number: 79, what: "a Message-ID of 10 kB, or with a line end", check: func(c *badCase) {
			for _, id := range []string{"<" + strings.Repeat("x", 10_000) + "@kunde.example>", "<a\r\n Bcc: offer@kunde.example>"} {
				m := c.deliver("From: <" + c.client() + ">\r\nSubject: Login\r\nMessage-ID: " + id + "\r\n\r\nDet virker ikke: " + fmt.Sprint(len(id)) + "\r\n")
				c.opens(m)
				h := c.headersOf(c.ack(m))
				if h.Get("Bcc") != "" || len(h.Get("In-Reply-To")) > 1000 || strings.ContainsAny(h.Get("In-Reply-To")+h.Get("References"), " \r\n") {
					c.Errorf("the letter answers %q, %q", h.Get("In-Reply-To"), h.Get("References"))
				}
			}
		}},
		{number: 80, what: "a Date that is absent or absurd", check: func(c *badCase) {
			for _, date := range []string{"", "Date: i går\r\n", "Date: Mon, 1 Jan 9999 00:00:00 +0000\r\n", "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n"} {
				m := c.deliver(c.mail("Subject: Login\r\n"+date, "Det virker ikke: "+date))
				if c.opens(m); !m.Date.IsZero() || !c.ticket(m.Ticket).Opened.Equal(matrixNoon) {
					c.Errorf("%q: dated %v, opened %v", date, m.Date, c.ticket(m.Ticket).Opened)
				}
			}
		}},
		{number: 81, what: "raw 8-bit and mixed character sets in headers", check: func(c *badCase) {
			m := c.deliver(c.written("From: Pr\xf8ve <"+c.client()+">\r\n", "Subject: =?iso-8859-1?Q?=F8?= \xe6 \xff\xfe\r\n", "Det virker ikke."))
			if c.opens(m); m.From.Name != "Prøve" || !strings.HasPrefix(m.Subject, "ø æ") || strings.ContainsRune(m.From.Name, '\ufffd') {
				c.Errorf("from %q, subject %q", m.From.Name, m.Subject)
			}
		}},
		{number: 82, what: "NUL or a byte order mark in a field's name", check: func(c *badCase) {
			m := c.deliver("\xef\xbb\xbf" + c.mail("Sub\x00ject: x\r\nSubject: Login\r\n", "Det virker ikke."))
			if c.opens(m, ticket.FlagNUL, ticket.FlagBadHeader); m.Subject != "Login" || m.From.Address != c.client() {
				c.Errorf("from %q, subject %q", m.From.Address, m.Subject)
			}
			c.text(m, "Det virker ikke.")
		}},
		{number: 83, what: "a blank before the colon of From", check: func(c *badCase) {
			m := c.deliver(c.written("From : <"+c.client()+">\r\n", "Subject: Login\r\n", "Det virker ikke."))
			if c.opens(m, ticket.FlagBadHeader); m.From.Address != c.client() {
				c.Errorf("it is from %q", m.From.Address)
			}
			c.ack(m)
		}},
		{number: 84, what: `an mbox "From " line first`, check: func(c *badCase) {
			m := c.deliver("From kunde@firma.example Mon Nov 23 11:00:00 2026\r\n" + c.mail("Subject: Login\r\n", "Det virker ikke."))
			if c.opens(m, ticket.FlagRaw); m.Subject != "Login" {
				c.Errorf("the subject is %q", m.Subject)
			}
		}},
		{number: 85, what: "a blank before the first line", check: func(c *badCase) {
			m := c.deliver(" x\r\n" + c.mail("Subject: Login\r\n", "Det virker ikke."))
			if c.opens(m, ticket.FlagRaw); m.Subject != "Login" {
				c.Errorf("the subject is %q", m.Subject)
			}
		}},
		{number: 86, what: "no blank line, and an empty mail", check: func(c *badCase) {
			c.opens(c.deliver(c.fields()+"Subject: Login\r\n"), ticket.FlagEmpty)
			c.opens(c.deliver(""), ticket.FlagEmpty, ticket.FlagNoFrom)
		}},
		{number: 87, what: "51 Received headers", check: func(c *badCase) {
			w := c.dial().greet().data()
			w.send(strings.Repeat("Received: from a by b;\r\n\tnow\r\n", 51) + c.mail("Subject: Login\r\n", "Det virker ikke.") + ".\r\n")
			w.expect("554 5.4.6")
		}},
		{number: 88, what: "two Subject, To and Date fields", check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: Login\r\nSubject: Faktura\r\nTo: <x@kunde.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0100\r\nDate: Mon, 2 Nov 2026 09:00:00 +0100\r\n", "Det virker ikke."))
			if c.opens(m, ticket.FlagBadHeader); m.Subject != "Login" || m.Date.Day() != 23 {
				c.Errorf("subject %q, dated %v", m.Subject, m.Date)
			}
		}},
	}
}

// text wants words in the text of a mail as its ticket has it.
func (c *badCase) text(m web.MailDetails, words ...string) {
	c.Helper()
	var entry *ticket.Entry
	for _, e := range c.events(m.Ticket) {
		if e.Entry != nil && e.Entry.Mail == m.Mail {
			entry = e.Entry
		}
	}
	if entry == nil {
		c.Fatalf("mail %s is not on ticket %s", m.Mail, m.Ticket)
	}
	for _, w := range words {
		if !strings.Contains(entry.Text, w) {
			c.Errorf("the text is %.300q, want %q in it", entry.Text, w)
		}
	}
}
