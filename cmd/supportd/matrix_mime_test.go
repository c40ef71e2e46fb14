package main

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// opensMIME sends a mail with a structure of its own, that opens a ticket.
func opensMIME(fields, body string, flags ...string) func(*badCase) {
	return func(c *badCase) {
		m := c.deliver(c.mail("Subject: Login\r\nMIME-Version: 1.0\r\n"+fields, body))
		c.opens(m, flags...)
		if m.Subject != "Login" {
			c.Errorf("the subject is %q", m.Subject)
		}
	}
}

// sections writes something n times, numbered.
func sections(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

const mixed = "Content-Type: multipart/mixed; boundary=b\r\n"

// structureRows are about the tree of parts.
func structureRows() []badInput {
	return []badInput{
		{number: 91, what: "24 unclosed nested multiparts", hostile: true, check: func(c *badCase) {
			began := c.cpu()
			m := c.deliver(c.fields() + "Subject: Login\r\n" + sections(24, "Content-Type: multipart/mixed; boundary=b%[1]d\r\n\r\n--b%[1]d\r\n") + "\r\nDet virker ikke.\r\n")
			c.opens(m, ticket.FlagRaw)
			if took := c.cpu() - began; took > 100*time.Millisecond && !raceDetector {
				c.Errorf("it took %v of processor time", took)
			}
		}},
		{number: 92, what: "100,000 nested multiparts", hostile: true, check: func(c *badCase) {
			c.opens(c.deliver(c.fields()+"Subject: Login\r\n"+sections(100_000, "Content-Type: multipart/mixed; boundary=b%[1]d\r\n\r\n--b%[1]d\r\n")+"\r\nDet virker ikke.\r\n"), ticket.FlagRaw)
		}},
		{number: 93, what: "10,000 mails attached to one another", hostile: true, check: func(c *badCase) {
			c.opens(c.deliver(c.fields()+"Subject: Login\r\n"+strings.Repeat("Content-Type: message/rfc822\r\n\r\n", 10_000)+"\r\nDet virker ikke.\r\n"), ticket.FlagRaw)
		}},
		{number: 94, what: "50,000 empty parts", hostile: true, check: opensMIME(mixed, strings.Repeat("--b\r\n\r\n", 50_000)+"--b--", ticket.FlagRaw)},
		{number: 95, what: "200,000 text parts", hostile: true, check: opensMIME(mixed, strings.Repeat("--b\r\nContent-Type: text/plain\r\n\r\nHej\r\n", 200_000)+"--b--", ticket.FlagRaw)},
		{number: 96, what: "no closing boundary", check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: Login\r\n"+mixed, "--b\r\n\r\nDet virker ikke."))
			c.opens(m)
			c.plain(m)
			c.text(m, "Det virker ikke.")
		}},
		{number: 97, what: "a boundary that is absent, empty or 8,000 characters", check: func(c *badCase) {
			long := strings.Repeat("b", 8000)
			opensMIME("Content-Type: multipart/mixed\r\n", "Det virker ikke.", ticket.FlagRaw)(c)
			opensMIME("Content-Type: multipart/mixed; boundary=\"\"\r\n", "--\r\n\r\nHej.\r\n----", ticket.FlagRaw)(c)
			opensMIME("Content-Type: multipart/mixed; boundary="+long+"\r\n", "--"+long+"\r\n\r\nDet virker slet ikke.\r\n--"+long+"--")(c)
		}},
		{number: 98, what: "the same boundary nested", hostile: true, check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: Login\r\n"+mixed, "--b\r\n"+mixed+"\r\n--b\r\n\r\nDet virker ikke.\r\n--b--\r\n--b--"))
			c.opens(m, ticket.FlagRaw)
			c.text(m, "Det virker ikke.")
		}},
		{number: 99, what: "a file name in 10,000 sections", hostile: true, check: opensMIME(
			"Content-Type: text/plain\r\nContent-Disposition: attachment"+sections(10_000, ";\r\n filename*%d=a")+"\r\n", "Det virker ikke.", ticket.FlagRaw)},
		{number: 100, what: "100,000 parameters", hostile: true, check: opensMIME("Content-Type: text/plain"+strings.Repeat(";\r\n a=b", 100_000)+"\r\n", "Det virker ikke.", ticket.FlagRaw)},
	}
}

// bodyRows are about text and how it is encoded.
func bodyRows() []badInput {
	says := func(fields, body string, words []string, flags ...string) func(*badCase) {
		return func(c *badCase) {
			m := c.deliver(c.mail("Subject: Login\r\n"+fields, body))
			c.opens(m, flags...)
			c.text(m, words...)
		}
	}
	return []badInput{
		{number: 101, what: "an unknown character set", check: says("Content-Type: text/plain; charset=klingon\r\n", "Det virker ikke p\xe5 siden.", []string{"Det virker ikke på siden."}, ticket.FlagCharset)},
		{number: 102, what: "HTML in UTF-7", check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: Login\r\nContent-Type: text/html; charset=utf-7\r\n", "Det virker ikke. +ADw-script+AD4-alert(1)+ADw-/script+AD4-"))
			c.opens(m)
			c.text(m, "Det virker ikke.")
			if e := c.events(m.Ticket)[0].Entry; strings.Contains(e.Text, "<script") {
				c.Errorf("the text is %q", e.Text)
			}
		}},
		{number: 103, what: "UTF-16, and of odd length", check: func(c *badCase) {
			utf16 := "D\x00e\x00t\x00 \x00v\x00i\x00r\x00k\x00e\x00r\x00"
			encoded := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
			const fields = "Content-Type: text/plain; charset=utf-16le\r\nContent-Transfer-Encoding: base64\r\n"
			says(fields, encoded(utf16), []string{"Det virker"})(c)
			says(fields, encoded(utf16+" \x00i\x00k\x00k\x00e\x00."), []string{"Det virker ikke"})(c)
		}},
		{number: 104, what: "base64 without an end", check: says("Content-Transfer-Encoding: base64\r\n", "SGVqLCBkZXQgdmlya2Vy", []string{"Hej, det virker"})},
		{number: 105, what: "corrupt base64", check: says("Content-Transfer-Encoding: base64\r\n", "SGVq!!\xffLCBk ZXQg=dmly\r\n??a2Vy", []string{"Hej, det virker"})},
		{number: 106, what: "10 MB of =XX in quoted-printable", hostile: true, check: opensMIME(
			"Content-Transfer-Encoding: quoted-printable\r\n", strings.Repeat(strings.Repeat("=41", 24)+"=\r\n", 10<<20/75), ticket.FlagTruncated)},
		{number: 107, what: "uuencode, and an unknown transfer encoding", check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: Login\r\n", "Se filen.\r\n\r\nbegin 644 log.txt\r\n#2&5J\r\n`\r\nend\r\n"))
			c.opens(m)
			c.files(m, "log.txt")
			m = c.deliver(c.mail("Subject: Login\r\n"+mixed, "--b\r\n\r\nSe denne fil.\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: x-klingon\r\n\r\n%PDF\r\n--b--"))
			c.opens(m)
			c.files(m, "a.pdf")
		}},
		{number: 108, what: "plain text and HTML that differ", check: says("Content-Type: multipart/alternative; boundary=b\r\n",
			"--b\r\nContent-Type: text/plain\r\n\r\nVi kan ikke logge ind i dag.\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Betal venligst fakturaen straks, ellers lukkes kontoen.</p>\r\n--b--",
			[]string{"Vi kan ikke logge ind", "Betal venligst fakturaen"}, ticket.FlagConflict)},
		{number: 109, what: "a multipart of one file alone", check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: Login\r\n"+mixed, "--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment\r\n\r\n%PDF\r\n--b--"))
			c.opens(m, ticket.FlagEmpty)
			c.files(m, "a.pdf")
		}},
		{number: 110, what: "winmail.dat, PGP and S/MIME", check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: Login\r\n"+mixed, "--b\r\n\r\nSe her.\r\n--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\nno such thing\r\n--b--"))
			c.opens(m)
			c.files(m, "winmail.dat")
			m = c.deliver(c.mail("Subject: Login\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n", "MIIB"))
			c.opens(m, ticket.FlagEncrypted)
			c.files(m, "smime.p7m")
			m = c.deliver(c.mail("Subject: Login\r\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n",
				"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n--b--"))
			c.opens(m, ticket.FlagEncrypted)
			c.files(m, "encrypted.asc")
		}},
	}
}

// files wants a mail to have files, which can be fetched.
func (c *badCase) files(m web.MailDetails, names ...string) {
	c.Helper()
	for _, name := range names {
		n := 0
		for i, a := range m.Attachments {
			if a.Filename == name {
				n = i + 1
			}
		}
		if n == 0 {
			c.Errorf("the files are %+v, want %s", m.Attachments, name)
			continue
		}
		answer := c.fetch(m, n)
		if answer.status != 200 || len(answer.body) != m.Attachments[n-1].Size {
			c.Errorf("%s: %d, %d bytes", name, answer.status, len(answer.body))
		}
	}
}
