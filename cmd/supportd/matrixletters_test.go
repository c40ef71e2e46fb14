package main

import (
	"bytes"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// silent wants no letter to anybody but staff because of a mail.
func (c *badCase) silent(m web.MailDetails) {
	c.Helper()
	for _, p := range m.Promises {
		if p.State == ticket.NoticeBounced {
			continue // the one that a bounce is about
		}
		if !slices.ContainsFunc(c.daemon.cfg.Staff, func(s staffSettings) bool { return s.Address == p.To }) {
			c.Errorf("a letter %s goes to %s", p.Kind, p.To)
		}
	}
}

// letters are those that went to an address because of a mail.
func (c *badCase) letters(m web.MailDetails, to string) (list []*letter) {
	c.Helper()
	for _, p := range m.Promises {
		if p.To == to && p.State == ticket.NoticeSent {
			l, err := c.letter(p)
			if err != nil {
				c.Fatal(err)
			}
			list = append(list, l)
		}
	}
	return list
}

// ack is the acknowledgement that the client got.
func (c *badCase) ack(m web.MailDetails) *letter {
	c.Helper()
	list := c.letters(m, c.client())
	if len(list) != 1 {
		c.Fatalf("%d letters to the client, want an acknowledgement: %+v", len(list), m.Promises)
	}
	return list[0]
}

// outbox are all letters that went out, as a mail program reads them.
func (c *badCase) outbox() (letters []ticket.Message) {
	c.Helper()
	files, err := filepath.Glob(filepath.Join(dataFolder(c.dir).outgoing(), "*.eml"))
	if err != nil {
		c.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			c.Fatal(err)
		}
		letters = append(letters, c.daemon.parser.Parse(raw))
	}
	return letters
}

// outgoing are the letters that went to an address.
func (c *badCase) outgoing(to string) (list []ticket.Message) {
	c.Helper()
	for _, l := range c.outbox() {
		if len(l.To) == 1 && l.To[0].Address == to {
			list = append(list, l)
		}
	}
	return list
}

func (c *badCase) sentTo(to string) int {
	c.Helper()
	return len(c.outgoing(to))
}

// headersOf reads the header of a letter as it went out.
func (c *badCase) headersOf(l *letter) netmail.Header {
	c.Helper()
	raw, err := os.ReadFile(l.file)
	if err != nil {
		c.Fatal(err)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		c.Fatal(err)
	}
	return m.Header
}
