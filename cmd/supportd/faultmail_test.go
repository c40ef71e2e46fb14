package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// bedAddress is where all mails of the fault suite go.
const bedAddress = "contact+support@aismarttalk.tech"

// noAnswer stands for the final reply that did not come.
const noAnswer = 0

// sentMail is one mail as its sender knows it.
type sentMail struct {
	id, from, raw string
	answers       []int    // the final reply to each attempt, or noAnswer
	queued        []string // what each 250 calls it
}

// newMail makes a mail with a mark that no other has, of some size in bytes at least.
func newMail(size int) *sentMail {
	mark := rand.Text()
	m := &sentMail{id: mark + "@firma.example", from: "kunde-" + strings.ToLower(mark) + "@firma.example"}
	var text bytes.Buffer
	fmt.Fprintf(&text, "Chatbotten svarer ikke, siger %s.\r\n", mark)
	line := make([]byte, 57)
	for text.Len() < size {
		rand.Read(line)
		text.WriteString(base64.StdEncoding.EncodeToString(line) + "\r\n")
	}
	m.raw = string(rawMailText(m.from, bedAddress, "Fejl "+mark, m.id, strings.TrimSuffix(text.String(), "\r\n")))
	return m
}

const (
	smallMail = 0
	largeMail = 400 << 10 // which the journal gives a file of its own
)

// mails are all that were sent.
func (b *bed) mails() []*sentMail {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.sent)
}

// send makes a new mail and one attempt to hand it over.
func (b *bed) send(size int) (*sentMail, int) {
	m := newMail(size)
	return m, b.attempt(m)
}

// take sends a mail that must be taken at once.
func (b *bed) take(size int) *sentMail {
	b.t.Helper()
	m, code := b.send(size)
	if code != 250 {
		b.t.Fatalf("a mail was answered %d, want 250", code)
	}
	return m
}

// insist sends a mail again and again, as a mail server does, until it is taken.
func (b *bed) insist(m *sentMail) {
	b.t.Helper()
	b.until(m.id+" is taken", func() bool { return b.attempt(m) == 250 })
}

// attempt hands a mail over on a connection of its own and returns the last reply.
func (b *bed) attempt(m *sentMail) int {
	b.mu.Lock()
	door := b.door
	b.mu.Unlock()
	return b.attemptAt(door, m)
}

func (b *bed) attemptAt(door string, m *sentMail) int {
	code, queued := noAnswer, ""
	if conn, err := net.DialTimeout("tcp", door, faultHang); err == nil {
		conn.SetDeadline(time.Now().Add(faultHang))
		code, queued = handOver(conn, m)
		conn.Close()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Contains(b.sent, m) {
		b.sent = append(b.sent, m)
	}
	m.answers = append(m.answers, code)
	if code == 250 {
		m.queued = append(m.queued, queued)
	}
	return code
}

// handOver says a mail to a server, and returns the reply that decided: the first
// refusal, or the one after the dot.
func handOver(conn net.Conn, m *sentMail) (code int, queued string) {
	c, err := smtp.NewClient(conn, "client.firma.example")
	if err == nil {
		err = c.Mail(m.from)
	}
	if err == nil {
		err = c.Rcpt(bedAddress)
	}
	if err == nil {
		queued, err = handOverData(c.Text, m)
	}
	var reply *textproto.Error
	switch {
	case err == nil:
		return 250, queued
	case errors.As(err, &reply):
		return reply.Code, ""
	}
	return noAnswer, ""
}

// handOverData does what smtp.Client's Data does, which keeps the last reply to itself.
func handOverData(c *textproto.Conn, m *sentMail) (queued string, err error) {
	if err := c.PrintfLine("DATA"); err != nil {
		return "", err
	}
	if _, _, err := c.ReadResponse(354); err != nil {
		return "", err
	}
	w := c.DotWriter()
	_, err = w.Write([]byte(m.raw))
	if err := errors.Join(err, w.Close()); err != nil {
		return "", err
	}
	_, text, err := c.ReadResponse(250)
	_, queued, _ = strings.Cut(text, "queued as ")
	return strings.TrimSpace(queued), err
}

// load sends mails from several clients, one attempt each, until it is told to end;
// the function returned does that and waits for them.
func (b *bed) load(clients int, taken *atomic.Int64) (end func()) {
	var over atomic.Bool
	var group sync.WaitGroup
	for range clients {
		group.Go(func() {
			for !over.Load() {
				if _, code := b.send(smallMail); code == 250 {
					taken.Add(1)
				}
			}
		})
	}
	end = sync.OnceFunc(func() {
		over.Store(true)
		group.Wait()
	})
	b.t.Cleanup(end)
	return end
}

// freshConn is a connection to the daemon that says nothing.
func (b *bed) freshConn() (net.Conn, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return net.DialTimeout("tcp", b.door, faultHang)
}
