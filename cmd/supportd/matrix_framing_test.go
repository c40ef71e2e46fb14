package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"time"

	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// smuggled is a second mail behind what some server might take for the end of the
// first.
const smuggled = "MAIL FROM:<mallory@ond.example>\r\nRCPT TO:<contact+support@aismarttalk.tech>\r\nDATA\r\nSubject: smuggled\r\n\r\nsmuggled\r\n.\r\n"

// refusesEnd sends a mail with a doubtful end of data and another behind it: the
// answer is one refusal, and none of what is behind is obeyed.
func refusesEnd(end string) func(*badCase) {
	return func(c *badCase) {
		w := c.dial().greet().data()
		w.send(c.fields() + "\r\ntext" + end + smuggled)
		w.expect("554 5.6.0")
		w.do("QUIT", "221 ")
		w.closed()
	}
}

// framingRows are about where a message ends.
func framingRows() []badInput {
	return []badInput{
		{number: 1, what: `LF . LF in DATA`, check: refusesEnd("\n.\n")},
		{number: 2, what: `CR LF . LF in DATA`, check: refusesEnd("\r\n.\n")},
		{number: 3, what: `LF . CR LF in DATA`, check: refusesEnd("\n.\r\n")},
		{number: 4, what: `CR . CR in DATA`, check: refusesEnd("\r.\r")},
		{number: 5, what: `CR LF . CR in DATA`, check: refusesEnd("\r\n.\r")},
		{number: 6, what: `CR . CR LF in DATA`, check: refusesEnd("\r.\r\n")},
		{
			number: 7, what: `CR CR LF . CR LF in DATA`,
			other: "554 at once, and the session ends there: servers disagree on whether that was the end",
			check: func(c *badCase) {
				w := c.dial().greet().data()
				w.send(c.fields() + "\r\ntext\r\r\n.\r\n" + smuggled)
				w.expect("554 5.6.0")
				w.closed()
			},
		},
		{number: 8, what: `CR LF . CR CR LF in DATA`, check: refusesEnd("\r\n.\r\r\n")},
		{number: 9, what: "NUL beside a dot", check: func(c *badCase) {
			c.opens(c.deliver(c.mail("Subject: Nul\r\n", ".\x00\r\n\x00.\r\n.\x00.\r\nDet virker ikke.")), ticket.FlagNUL)
		}},
		{number: 10, what: "other bare LF", check: func(c *badCase) {
			mail := c.mail("Subject: Linjer\n", "Det\nvirker\r\nikke.\n")
			w := c.dial().greet().data()
			w.send(stuffed(mail) + ".\r\n")
			id := w.queued(withBareLFMended(mail))
			c.opens(c.became(id), ticket.FlagBareLF)
		}},
		{number: 11, what: "bare CR elsewhere", check: func(c *badCase) {
			w := c.dial().greet().data()
			w.send(c.mail("Subject: CR\r\n", "te\rxt") + ".\r\n")
			w.expect("554 5.6.0")
			w.do("NOOP", "250 ")
		}},
		{
			number: 12, what: "DATA stalls past its deadline, then commands", own: impatient,
			check: func(c *badCase) {
				w := c.dial().greet().data()
				w.send(c.fields() + "\r\ntext\r\n")
				w.expect("451 4.4.2")
				w.send("RSET\r\n" + smuggled)
				w.closed()
			},
		},
		{number: 29, what: "a body line of 10 kB", check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: Lang\r\n", strings.Repeat("x", 10_000)))
			c.opens(m)
			c.plain(m)
		}},
		{number: 30, what: "a body line of 2 MB", hostile: true, check: func(c *badCase) {
			c.opens(c.deliver(c.mail("Subject: Lang\r\n", strings.Repeat("x", 2_000_000))))
		}},
		{number: 36, what: "lines of dots", check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: Prikker\r\n", ".\r\n..\r\n.a\r\na.\r\n. \r\n..."))
			c.opens(m)
			c.plain(m)
		}},
	}
}

// withBareLFMended has CR LF for each LF.
func withBareLFMended(mail string) string {
	return strings.ReplaceAll(strings.ReplaceAll(mail, "\r\n", "\n"), "\n", "\r\n")
}

// impatience is how long daemons wait of which a case wants that they wait no longer:
// short for a test, and long for a busy machine.
const impatience = 2 * time.Second

// impatient is a daemon that waits no longer for commands and mails.
func impatient(_ *testing.T, s *houseSettings) {
	s.Limits.IdleTimeout, s.Limits.DataTimeout = impatience, impatience
}

// endsEarly announces more than it sends in the last chunk, and goes.
func endsEarly(c *badCase, w *wire) {
	w.send("BDAT 1000 LAST\r\n" + c.fields() + "\r\nshort\r\n")
	if err := w.Conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		c.Fatal(err)
	}
	w.expect("451 4.4.2")
	w.closed()
	c.noMail()
}

// chunkRows are about BDAT, and about messages that do not arrive whole.
func chunkRows() []badInput {
	refusesChunk := func(arg string) func(*badCase) {
		return func(c *badCase) {
			w := c.dial().greet().ready()
			w.send("BDAT " + arg + "\r\n" + smuggled)
			w.expect("501 5.5.4")
			w.closed()
			c.noMail()
		}
	}
	return []badInput{
		{
			number: 13, what: "BDAT stalls past its deadline, then commands", own: impatient,
			check: func(c *badCase) {
				w := c.dial().greet().ready()
				w.send("BDAT 1000 LAST\r\n" + c.fields())
				w.expect("451 4.4.2")
				w.send("RSET\r\n" + smuggled)
				w.closed()
				c.noMail()
			},
		},
		{number: 14, what: "BDAT LAST cut short by the end of the connection", check: func(c *badCase) {
			endsEarly(c, c.dial().greet().ready())
		}},
		{number: 15, what: "the same with a TLS close_notify", own: withTLS, check: func(c *badCase) {
			w := c.dial().greet().upgrade()
			w.do("EHLO client.example", "250 ")
			endsEarly(c, w.ready())
		}},
		{number: 16, what: "BDAT 23 LASTX", check: refusesChunk("23 LASTX")},
		{number: 17, what: "BDAT of 2^64 octets, and of -1", check: func(c *badCase) {
			refusesChunk("18446744073709551616 LAST")(c)
			refusesChunk("-1 LAST")(c)
		}},
		{
			number: 18, what: "BDAT where CHUNKING is off", impossible: "CHUNKING is always on",
			check: func(c *badCase) {
				w := c.dial()
				w.expect("220 ")
				if offers := w.do("EHLO client.example", "250 "); !strings.Contains(offers, "\nCHUNKING\n") {
					c.Errorf("CHUNKING is not offered: %s", offers)
				}
			},
		},
		{number: 19, what: "DATA cut off before the dot", check: func(c *badCase) {
			for _, end := range []string{"\r\n", "\r\n.\r"} {
				w := c.dial().greet().data()
				w.send(c.fields() + "\r\ntext" + end)
				w.Conn.(*net.TCPConn).CloseWrite()
				w.expect("451 4.4.2")
				w.closed()
			}
			c.noMail()
		}},
	}
}

// noMail wants none of the case's mails to be kept.
func (c *badCase) noMail() {
	c.Helper()
	if err := c.until(c.Context(), func() (bool, error) { return c.daemon.journal.Stats().Pending == 0, nil }); err != nil {
		c.Fatal("mail waits in the journal:", err)
	}
	for n := 1; n <= c.mails; n++ {
		page, err := c.daemon.records.store.MailsByMessageID(c.Context(), fmt.Sprintf("mail-%d@%s", n, c.domain()), "", 1)
		if err != nil || len(page.Items) > 0 {
			c.Errorf("mail %d was kept (%v)", n, err)
		}
	}
}

// commandRows are about commands, their order and their length.
func commandRows() []badInput {
	return []badInput{
		{number: 20, what: "commands in clear behind STARTTLS", own: withTLS, check: func(c *badCase) {
			w := c.dial().greet()
			w.send("STARTTLS\r\nEHLO mallory.example\r\nMAIL FROM:<mallory@ond.example>\r\n")
			w.expect("220 2.0.0")
			w = c.over(tls.Client(w.Conn, c.wants.trust))
			w.do("RCPT TO:<"+c.support()+">", "503 ")
			w.do("MAIL FROM:<anna@kunde.example>", "503 ")
			w.do("EHLO client.example", "250 ")
			mail := c.mail("Subject: TLS\r\n", "Det virker ikke.")
			w.data().send(mail + ".\r\n")
			if m := c.became(w.queued(mail)); m.Envelope.From != c.client() || !strings.HasPrefix(m.Envelope.TLS, "TLS 1.3") {
				c.Errorf("the envelope is %+v", m.Envelope)
			}
		}},
		{number: 21, what: "STARTTLSFOO", check: func(c *badCase) {
			w := c.dial().greet()
			w.do("STARTTLSFOO", "501 ")
			w.do("STARTTLS foo", "501 ")
		}},
		{number: 22, what: "a garbage handshake", own: withTLS, check: func(c *badCase) {
			w := c.dial().greet()
			w.do("STARTTLS", "220 ")
			w.send("\x16\x03\x01\xff\xff" + strings.Repeat("\x00garbage", 100))
			hangsUp(w)
		}},
		{number: 23, what: "plain bytes where a handshake is due", own: withTLS, check: func(c *badCase) {
			w := c.dial().greet()
			w.do("STARTTLS", "220 ")
			w.send("EHLO a\r\n" + smuggled)
			hangsUp(w)
			c.noMail()
		}},
		{number: 24, what: "MAIL twice", check: func(c *badCase) {
			w := c.dial().greet()
			w.do("MAIL FROM:<a@kunde.example>", "250 ")
			w.do("MAIL FROM:<b@kunde.example>", "503 ")
		}},
		{number: 25, what: "DATA without RCPT, a message behind it", check: func(c *badCase) {
			w := c.dial().greet()
			w.send("MAIL FROM:<a@kunde.example>\r\nDATA\r\nSubject: x\r\n\r\n" + smuggled)
			w.expect("250 ")
			w.expect("503 ")
			w.expect("500 ")
			w.closed()
		}},
		{number: 26, what: "GET, POST or CONNECT first", check: func(c *badCase) {
			for _, method := range []string{"GET / HTTP/1.1", "POST / HTTP/1.1", "CONNECT mx.aismarttalk.tech:25 HTTP/1.1"} {
				w := c.dial()
				w.expect("220 ")
				w.send(method + "\r\nHost: mx.aismarttalk.tech\r\n\r\nEHLO a\r\n" + smuggled)
				w.expect("421 4.7.0")
				w.closed()
			}
		}},
		{number: 27, what: "a command line of 513 to 2000 octets", check: func(c *badCase) {
			w := c.dial().greet()
			w.do("NOOP "+strings.Repeat("x", 506), "250 ")
			w.do("NOOP "+strings.Repeat("x", 1993), "250 ")
		}},
		{number: 28, what: "a command line of more than 2000 octets", check: func(c *badCase) {
			for _, length := range []int{1994, 100_000} {
				w := c.dial().greet()
				w.do("NOOP "+strings.Repeat("x", length), "500 ")
				w.closed()
			}
		}},
		{number: 31, what: "100 commands of junk", check: func(c *badCase) {
			for _, junk := range []string{"NOOP", "RSET", "VRFY x", "junk"} {
				w := c.dial().greet()
				w.send(strings.Repeat(junk+"\r\n", 100))
				for range 49 { // and one greeting
					w.expect("")
				}
				w.expect("421 4.7.0")
				w.closed()
			}
		}},
		{number: 32, what: "an octet now and then", own: impatient, check: drips},
		{
			number: 33, what: "500 connections from one address",
			own: func(_ *testing.T, s *houseSettings) { s.Limits.ConnectionsPerNetwork = 20 },
			check: func(c *badCase) {
				in, out := 0, 0
				var all []*wire
				for range 500 {
					all = append(all, c.dial())
				}
				for _, w := range all {
					switch banner, _ := w.reply(); {
					case strings.HasPrefix(banner, "220 "):
						in++
					case strings.HasPrefix(banner, "421 4.7.0"):
						out++
					}
				}
				if in != 20 || out != 480 {
					c.Errorf("%d are let in and %d turned away, want 20 and 480", in, out)
				}
				all[0].do("QUIT", "221 ")
				all[0].closed() // its place is free
			},
		},
		{
			number: 34, what: "a client that never reads",
			own: func(_ *testing.T, s *houseSettings) {
				s.plan = func(p *plan) { p.smtp.WriteTimeout, p.smtp.MaxCommands = 300*time.Millisecond, 1<<30 }
			},
			check: func(c *badCase) {
				w := c.dial()
				w.Conn.(*net.TCPConn).SetReadBuffer(4096)
				noops := []byte(strings.Repeat("NOOP\r\n", 10_000))
				for {
					if _, err := w.Write(noops); err != nil {
						if e, ok := err.(net.Error); ok && e.Timeout() {
							c.Fatal("the daemon neither reads nor closes")
						}
						return
					}
				}
			},
		},
		{number: 35, what: "EXPN, HELP, ETRN", check: func(c *badCase) {
			w := c.dial().greet()
			for _, verb := range []string{"EXPN list", "HELP", "ETRN aismarttalk.tech"} {
				w.do(verb, "502 ")
			}
		}},
		{number: 37, what: "AUTH", check: func(c *badCase) {
			w := c.dial().greet()
			w.do("AUTH PLAIN AGEAYg==", "502 ")
			w.do("AUTH LOGIN", "502 ")
		}},
	}
}

// hangsUp wants the connection to end; an alert of TLS may come before.
func hangsUp(w *wire) {
	w.c.Helper()
	var end [4096]byte
	for {
		if _, err := w.Conn.Read(end[:]); err != nil {
			if e, ok := err.(net.Error); ok && e.Timeout() {
				w.c.Fatal("the connection is still open")
			}
			return
		}
	}
}

// drips sends an octet of a command now and then: what counts is the time of the
// whole line.
func drips(c *badCase) {
	w := c.dial().greet()
	go func() {
		drip := time.NewTicker(20 * time.Millisecond)
		defer drip.Stop()
		for range drip.C {
			if _, err := w.Write([]byte("x")); err != nil {
				return
			}
		}
	}()
	w.expect("421 4.4.2")
	w.closed()
}
