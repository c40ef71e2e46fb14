package main

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// matrixRelay is what the relay before a daemon calls itself.
const matrixRelay = "mx.aismarttalk.tech"

// checkedByRelay is a daemon behind a relay that checks senders.
func checkedByRelay(_ *testing.T, s *houseSettings) {
	s.SMTP.TrustedRelays = []trustedRelaySettings{{Network: "127.0.0.0/8", AuthservID: matrixRelay}}
	s.Limits.MailsPerMinute = 100_000
}

// relaySays is the field in which the relay says what it thinks of a sender.
func relaySays(result, domain string) string {
	return fmt.Sprintf("Authentication-Results: %s; dmarc=%s header.from=%s\r\n", matrixRelay, result, domain)
}

// by is a mail that the relay has checked.
func (c *badCase) by(from, result, fields, body string) string {
	domain := ticket.Domain(from)
	return relaySays(result, domain) + c.written("From: <"+from+">\r\n", fields, body)
}

// opening opens the case's ticket as a client who is who he says.
func (c *badCase) opening(fields string) (web.MailDetails, *letter) {
	c.Helper()
	m := c.deliver(c.by(c.client(), "pass", "Subject: Login\r\n"+fields, "Det virker ikke."))
	c.opens(m)
	return m, c.ack(m)
}

func (c *badCase) stranger() string {
	return fmt.Sprintf("fremmed@stranger%d.example", c.number)
}

// apart wants a mail to have a ticket of its own, of which nobody hears who takes
// part in another.
func (c *badCase) apart(m, from web.MailDetails) {
	c.Helper()
	c.opens(m)
	if m.Ticket == from.Ticket || c.ticket(from.Ticket).Entries != 1 {
		c.Errorf("it is on %s, which has %d mails", m.Ticket, c.ticket(from.Ticket).Entries)
	}
	for _, l := range c.letters(m, c.client()) {
		c.Errorf("the client of the other ticket got a letter: %s", l.subject)
	}
	for _, l := range c.letters(m, m.From.Address) {
		if strings.Contains(l.text+l.subject, string(from.Ticket)) {
			c.Errorf("his letter names the other ticket: %s", l.text)
		}
	}
}

// besidesRelay is a daemon behind a relay, and behind a proxy that lets clients past
// the relay.
func besidesRelay(t *testing.T, s *houseSettings) {
	checkedByRelay(t, s)
	s.SMTP.Listeners = append(s.SMTP.Listeners, listenerSettings{Address: "127.0.0.1:0", Protocol: "smtp", ProxyFrom: []string{"127.0.0.0/8"}})
}

// forgedResults: what a sender writes in the relay's name counts for nothing, be it
// below the relay's own field, where the relay wrote none on top, in a name that only
// begins like the relay's, or in a mail that did not come by the relay.
func forgedResults(c *badCase) {
	_, ack := c.opening("")
	forged := relaySays("pass", c.domain())
	mails := []web.MailDetails{}
	for i, fields := range []string{
		relaySays("fail", c.domain()) + forged,
		"Authentication-Results: other.example; dmarc=fail\r\n" + forged,
		strings.Replace(forged, matrixRelay, matrixRelay+".ond.example", 1),
	} {
		mails = append(mails, c.deliverFrom(c.client(), ack.replyTo, fields+c.mail("Subject: SV: Login\r\n", fmt.Sprint("Luk sagen ", i))))
	}
	conn, err := net.Dial("tcp", c.daemon.smtp.Addrs()[1].String())
	if err != nil {
		c.Fatal(err)
	}
	w := c.over(conn)
	w.send("PROXY TCP4 198.51.100.66 127.0.0.1 4711 25\r\n")
	mail := forged + c.mail("Subject: SV: Login\r\n", "Luk sagen nu")
	w.greet().data().send(mail + ".\r\n")
	mails = append(mails, c.became(w.queued(mail)))
	for i, m := range mails {
		if m.Trust == ticket.TrustVerified {
			c.Errorf("forgery %d is believed: %q", i, m.Reasons)
		}
	}
}

// threadRows are about which ticket a mail is for, and who may say so.
func threadRows() []badInput {
	const staff = "first-line@aismarttalk.tech"
	return []badInput{
		{number: 125, what: "a valid token, a participant, DMARC pass", own: checkedByRelay, check: func(c *badCase) {
			first, ack := c.opening("")
			m := c.deliverFrom(c.client(), ack.replyTo, c.by(c.client(), "pass", "Subject: Noget andet\r\n", "Stadig ikke."))
			if c.outcome(m, ticket.OutcomeAppended); m.Ticket != first.Ticket || m.Trust != ticket.TrustVerified {
				c.Errorf("it is on %s, %s", m.Ticket, m.Trust)
			}
		}},
		{number: 126, what: "a token with a bit flipped, or of another ticket", own: checkedByRelay, check: func(c *badCase) {
			first, ack := c.opening("")
			local, domain, _ := strings.Cut(ack.replyTo, "@")
			flipped := []byte(local)
			flipped[len(flipped)-3] ^= 1
			other := c.deliver(c.by(c.client(), "pass", "Subject: Andet\r\n", "Noget helt andet."))
			prefix, own := local[:strings.LastIndexByte(local, '+')+1], token(ack.replyTo)
			theirs := token(c.ack(other).replyTo)
			split := len(own) - 20 // the end of a signature
			for i, to := range []string{string(flipped), prefix + theirs[:split] + own[split:]} {
				m := c.deliverFrom(c.client(), to+"@"+domain, c.by(c.client(), "pass", "Subject: Uden emne\r\n", fmt.Sprint("Stadig ikke ", i)))
				if c.opens(m); m.Ticket == first.Ticket || m.Ticket == other.Ticket {
					c.Errorf("%s led to %s", to, m.Ticket)
				}
			}
		}},
		{number: 127, what: "a stranger who knows the ID", own: checkedByRelay, check: func(c *badCase) {
			first, ack := c.opening("")
			c.apart(c.deliverFrom(c.stranger(), c.support(), c.by(c.stranger(), "pass", "Subject: SV: "+ack.subject+"\r\n", "Hvad er det?")), first)
		}},
		{number: 128, what: "guessed References", own: checkedByRelay, check: func(c *badCase) {
			first, _ := c.opening("")
			c.apart(c.deliverFrom(c.stranger(), c.support(), c.by(c.stranger(), "pass", "Subject: Hej\r\nReferences: <guess@aismarttalk.tech> <mail-99@"+c.domain()+">\r\n", "Hvad er det?")), first)
		}},
		{number: 129, what: "real References from a stranger", own: checkedByRelay, check: func(c *badCase) {
			first, ack := c.opening("")
			m := c.deliverFrom(c.stranger(), c.support(), c.by(c.stranger(), "pass", "Subject: Hej\r\nReferences: <"+ack.messageID+">\r\n", "Hvad er det?"))
			c.outcome(m, ticket.OutcomeHeld)
			c.silent(m)
			if list := c.command("held", "list"); m.Ticket != first.Ticket || !strings.Contains(list, string(first.Ticket)) || c.ticket(first.Ticket).Entries != 1 {
				c.Errorf("staff see for %s:\n%s", first.Ticket, list)
			}
		}},
		{number: 130, what: "staff's address as From, without DMARC", own: checkedByRelay, check: func(c *badCase) {
			first, _ := c.opening("")
			alert := c.letters(first, staff)
			if len(alert) != 1 {
				c.Fatalf("staff got %d letters", len(alert))
			}
			for i, result := range []string{"fail", "none", ""} {
				fields := fmt.Sprintf("Subject: SV: %s\r\nIn-Reply-To: <%s>\r\n", alert[0].subject, alert[0].messageID)
				mail := c.by(staff, result, fields, fmt.Sprint("#luk Løst af sig selv ", i))
				if result == "" {
					mail = c.written("From: <"+staff+">\r\n", fields, "#luk Løst af sig selv")
				}
				m := c.deliverFrom(staff, alert[0].replyTo, mail)
				if c.outcome(m, ticket.OutcomeHeld); c.ticket(first.Ticket).State != ticket.StateReported {
					c.Errorf("%q: the ticket is %s", result, c.ticket(first.Ticket).State)
				}
			}
		}},
		{number: 131, what: "commands by a client, and in quoted text", own: checkedByRelay, check: func(c *badCase) {
			first, ack := c.opening("")
			m := c.deliverFrom(c.client(), ack.replyTo, c.by(c.client(), "pass", "Subject: SV: Login\r\n", "#close\r\n#luk Færdig"))
			c.outcome(m, ticket.OutcomeAppended)
			c.text(m, "#close", "#luk")
			alert := c.letters(first, staff)[0]
			c.deliverFrom(staff, alert.replyTo, c.by(staff, "pass", "Subject: SV: Login\r\n", "Jeg ser på det.\r\n\r\nDen 23.11.2026 skrev Kunde:\r\n> #luk Færdig\r\n> #close"))
			if t := c.ticket(first.Ticket); t.State != ticket.StateReported {
				c.Errorf("the ticket is %s", t.State)
			}
		}},
		{number: 132, what: "a token of a ticket closed long ago", own: checkedByRelay, check: func(c *badCase) {
			first, ack := c.opening("")
			if _, err := c.demonstration.command(c.Context(), first.Ticket, web.Command{As: staff, Order: ticket.Order{Verb: ticket.VerbClose, Reason: "Sendt til en anden afdeling."}}); err != nil {
				c.Fatal(err)
			}
			c.clock.set(matrixNoon.Add(60 * 24 * time.Hour))
			m := c.deliverFrom(c.client(), ack.replyTo, c.by(c.client(), "pass", "Subject: SV: Login\r\n", "Det sker igen."))
			if c.outcome(m, ticket.OutcomeFollowup); c.ticket(m.Ticket).Follows != first.Ticket {
				c.Errorf("it follows %q", c.ticket(m.Ticket).Follows)
			}
		}},
		{
			number: 133, what: "a third party in Cc", own: checkedByRelay,
			other: "whom the reporter's own verified mail names in Cc may write to the ticket, but is sent nothing; others' Cc makes nobody a participant",
			check: func(c *badCase) {
				const friend, third = "ven@andet.example", "tredje@fjernt.example"
				first, ack := c.opening("Cc: <" + friend + ">\r\n")
				m := c.deliverFrom(friend, ack.replyTo, c.by(friend, "pass", "Subject: SV: Login\r\nCc: <"+third+">\r\n", "Heller ikke hos mig."))
				c.outcome(m, ticket.OutcomeAppended)
				t := c.ticket(first.Ticket)
				if _, takesPart := t.Participant(third); takesPart || len(t.Participants) != 2 {
					c.Errorf("%+v take part", t.Participants)
				}
				for _, mail := range []web.MailDetails{first, m} {
					for _, p := range mail.Promises {
						if p.To == friend || p.To == third {
							c.Errorf("a letter %s goes to %s", p.Kind, p.To)
						}
					}
				}
			},
		},
	}
}

// loopRows are about machines, floods and forged senders.
func loopRows() []badInput {
	return []badInput{
		{number: 134, what: "what says that a machine wrote it", check: func(c *badCase) {
			for i, field := range []string{
				"Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated", "Precedence: bulk", "Precedence: list", "Precedence: junk",
				"List-Id: <nyt.kunde.example>", "List-Unsubscribe: <https://kunde.example/u>", "X-Auto-Response-Suppress: All",
			} {
				m := c.deliver(c.mail("Subject: Nyt\r\n"+field+"\r\n", fmt.Sprint("Kære alle ", i)))
				if c.silent(m); !m.Automatic.Is {
					c.Errorf("%s is no machine's", field)
				}
			}
		}},
		{number: 135, what: "a bounce of a letter of ours", check: func(c *badCase) {
			first := c.deliver(c.mail("Subject: Login\r\n", "Det virker ikke."))
			ack := c.ack(first)
			m := c.deliverFrom("", c.support(), "From: <mailer-daemon@"+c.domain()+">\r\nSubject: Undelivered\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"+
				"--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; "+c.client()+"\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"+
				"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <"+ack.messageID+">\r\nSubject: x\r\n\r\nx\r\n--b--\r\n")
			c.outcome(m, ticket.OutcomeBounce)
			c.silent(m)
			notices, err := c.daemon.records.store.Notices(c.Context(), first.Ticket)
			if err != nil || !slices.ContainsFunc(notices, func(n ticket.Notice) bool { return n.Bounce == m.Mail && n.State == ticket.NoticeBounced }) {
				c.Errorf("no letter has bounced (%v): %+v", err, notices)
			}
		}},
		{number: 136, what: "a machine that answers each letter, 1000 rounds", own: tireless, check: func(c *badCase) {
			first := c.deliver(c.mail("Subject: Login\r\n", "Det virker ikke."))
			ack := c.ack(first)
			rounds := 1000
			if raceDetector { // mails on one ticket that meet too often wait for a clock that stands still here
				rounds = 100
			}
			c.flood(rounds, func(i int) (from, to, mail string) {
				fields := fmt.Sprintf("Subject: SV: %s\r\nIn-Reply-To: <%s>\r\n", ack.subject, ack.messageID)
				if i%2 == 0 {
					fields += "Auto-Submitted: auto-replied\r\n"
				}
				return c.client(), ack.replyTo, c.mail(fields, fmt.Sprintf("Tak for din mail, den er modtaget som %d.", i))
			})
			if sent := c.sentTo(c.client()); sent != 1 {
				c.Errorf("%d letters went to the machine", sent)
			}
		}},
		{number: 137, what: "1000 mails with one victim's address, forged", own: func(t *testing.T, s *houseSettings) {
			checkedByRelay(t, s)
			tireless(t, s)
		}, check: func(c *badCase) {
			victim := "offer@" + c.domain()
			c.flood(1000, func(i int) (from, to, mail string) {
				return victim, c.support(), c.by(victim, "fail", fmt.Sprintf("Subject: KLIK-HER %d\r\n", i), fmt.Sprintf("Vind en KLIK-HER præmie %d.", i))
			})
			if sent := c.sentTo(victim); sent == 0 || sent > c.daemon.cfg.Limits.NoticesPer10Minutes {
				c.Errorf("%d letters went to the victim", sent)
			}
			for _, l := range c.outgoing(victim) {
				if strings.Contains(l.Subject+l.Text, "KLIK-HER") {
					c.Errorf("the victim reads %q:\n%s", l.Subject, l.Text)
				}
			}
		}},
		{number: 138, what: "somebody else's secret mailed to a ticket", own: withPrograms, check: ticketTrick},
		{number: 139, what: "1000 mails a minute from one sender", own: func(_ *testing.T, s *houseSettings) {
			s.Limits.MailsPerMinute, s.Limits.Commands = 20, 10_000
		}, check: func(c *badCase) {
			c.flood(20, func(i int) (from, to, mail string) {
				return c.client(), c.support(), c.mail("Subject: Igen\r\n", fmt.Sprint("Det virker ikke ", i))
			})
			w := c.dial().greet()
			w.send(strings.Repeat("MAIL FROM:<"+c.client()+">\r\n", 980))
			for range 980 {
				w.expect("451 4.7.1")
			}
			c.opens(c.deliverFrom(c.stranger(), c.support(), c.written("From: <"+c.stranger()+">\r\n", "Subject: Hej\r\n", "Det virker heller ikke her.")))
			c.clock.set(matrixNoon.Add(time.Minute))
		}},
	}
}

// tireless takes as many mails of one sender as come.
func tireless(_ *testing.T, s *houseSettings) {
	s.Limits.MailsPerMinute, s.Store.Kind = 100_000, "memory"
}

// floodWires is how many connections a flood comes over.
const floodWires = 20

// flood sends n mails, and waits until they are filed and nobody is owed a letter
// that may go out now.
func (c *badCase) flood(n int, mail func(i int) (from, to, mail string)) {
	c.Helper()
	type letter struct{ from, to, mail string }
	mails := make(chan letter, n)
	for i := range n {
		from, to, mail := mail(i)
		mails <- letter{from, to, mail}
	}
	close(mails)
	var senders sync.WaitGroup
	failed := make(chan error, floodWires)
	for range floodWires {
		w := c.dial()
		senders.Go(func() {
			err := w.exchange("", "220", "EHLO client.example\r\n", "250")
			for m := range mails {
				if err != nil {
					break
				}
				err = w.exchange("MAIL FROM:<"+m.from+">\r\nRCPT TO:<"+m.to+">\r\nDATA\r\n", "250", "", "250", "", "354", stuffed(m.mail)+".\r\n", "250")
			}
			failed <- err
		})
	}
	senders.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			c.Fatal(err)
		}
	}
	pending := func() int { return c.daemon.journal.Stats().Pending }
	for left := pending(); left > 0; left = pending() { // however long it takes, as long as it goes on
		if err := c.until(c.Context(), func() (bool, error) { return pending() < left, nil }); err != nil {
			c.Fatalf("%d mails are not filed: %v", left, err)
		}
	}
	c.daemon.notifier.Wake()
	err := c.until(c.Context(), func() (bool, error) {
		queued, err := c.daemon.records.store.NoticesIn(c.Context(), ticket.NoticeQueued, 1)
		return len(queued) == 0, err
	})
	if err != nil {
		c.Fatal("letters wait:", err)
	}
}

// ticketTrick: who opens a ticket to have a third party's mail come to its address
// reads nothing of that mail.
func ticketTrick(c *badCase) {
	const secret = "483920"
	first := c.deliver(c.mail("Subject: Login\r\n", "Det virker ikke."))
	ack := c.ack(first)
	for i, fields := range []string{"", "Auto-Submitted: auto-generated\r\n"} {
		from := "no-reply@vendor.example"
		if i == 0 {
			from = "konto@vendor.example"
		}
		c.deliverFrom(from, ack.replyTo, c.written("From: <"+from+">\r\n", fields+"Subject: Din kode er "+secret+"\r\n", "Bekræft med koden "+secret+"."))
	}
	id := string(first.Ticket)
	for what, a := range map[string]httpAnswer{
		"the status, to nobody":             c.ask("", "GET", ticketPath(id)+"/status", ""),
		"the ticket, to nobody":             c.ask("", "GET", ticketPath(id), ""),
		"the ticket, to a program":          c.ask(reportSecret, "GET", ticketPath(id), ""),
		"the status, to a program":          c.ask(reportSecret, "GET", ticketPath(id)+"/status", ""),
		"the wish for a link":               c.ask("", "POST", web.APIPath+"/status", fmt.Sprintf(`{"ticket":%q,"address":%q}`, id, c.client())),
		"the wish for a link, without more": c.ask("", "POST", web.APIPath+"/status", fmt.Sprintf(`{"ticket":%q}`, id)),
		"the roadmap":                       c.ask("", "GET", web.APIPath+"/roadmap", ""),
	} {
		if strings.Contains(a.body, secret) || a.status == 200 && !strings.HasPrefix(what, "the wish") && what != "the roadmap" {
			c.Errorf("%s: %d %s", what, a.status, a.body)
		}
	}
	for _, l := range c.outgoing(c.client()) {
		if strings.Contains(l.Subject+l.Text, secret) {
			c.Errorf("a letter repeats it: %s", l.Text)
		}
	}
}
