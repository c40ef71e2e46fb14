package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"time"
)

// mailers are mail servers that send numbered mails at once, in all the ways that SMTP
// knows, and note each final answer. What was not answered 250 they send again.
type mailers struct {
	mu      sync.Mutex
	address string         // where the daemon listens now
	taken   map[string]int // mail ID as answered → the number of the mail
	unheard int            // mails handed over whole whose answer never came
	late    []string       // 4xx
	refused []string       // 5xx
	slowest time.Duration  // from the first word of a mail to its 250
}

func newMailers(address string) *mailers {
	return &mailers{address: address, taken: map[string]int{}}
}

// send sends the mails of the channel over eight connections until it is closed and
// all are answered, or ctx ends.
func (s *mailers) send(ctx context.Context, work <-chan int) {
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { s.client(ctx, work) })
	}
	group.Wait()
}

func (s *mailers) client(ctx context.Context, work <-chan int) {
	var c *mailer
	defer func() { c.close() }()
	for n := range work {
		for ctx.Err() == nil {
			if c == nil {
				if c = s.connect(); c == nil {
					continue
				}
			}
			began := time.Now()
			id, err := c.send(n)
			if s.note(id, n, err, time.Since(began), c.over) {
				break
			}
			c.close()
			c = nil
		}
	}
}

// note reports whether the mail was answered 250.
func (s *mailers) note(id string, n int, err error, took time.Duration, over bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	var answer *textproto.Error
	switch {
	case err == nil:
		s.taken[id] = n
		s.slowest = max(s.slowest, took)
		return true
	case errors.As(err, &answer) && answer.Code >= 500:
		s.refused = append(s.refused, answer.Error())
	case errors.As(err, &answer):
		s.late = append(s.late, answer.Error())
	case over:
		s.unheard++
	}
	return false
}

func (s *mailers) answered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.taken)
}

func (s *mailers) moved(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.address = address
}

func (s *mailers) connect() *mailer {
	s.mu.Lock()
	address := s.address
	s.mu.Unlock()
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err == nil {
		conn.SetDeadline(time.Now().Add(10 * time.Minute))
		c := &mailer{conn: conn, text: textproto.NewConn(conn)}
		if err = errors.Join(c.expect(220), c.ask(250, "EHLO mail.firma.example")); err == nil {
			return c
		}
		c.close()
	}
	time.Sleep(10 * time.Millisecond) // the daemon is down; ask again
	return nil
}

// mailer is one connection.
type mailer struct {
	conn net.Conn
	text *textproto.Conn
	over bool // the present mail was handed over whole
}

func (c *mailer) close() {
	if c != nil {
		c.text.Close()
	}
}

func (c *mailer) expect(code int) error {
	_, _, err := c.text.ReadResponse(code)
	return err
}

func (c *mailer) ask(code int, line string) error {
	if err := c.text.PrintfLine("%s", line); err != nil {
		return err
	}
	return c.expect(code)
}

// send hands over one mail: line by line, with PIPELINING (RFC 2920) or in one chunk
// (RFC 3030), and returns the ID in the answer.
func (c *mailer) send(n int) (string, error) {
	c.over = false
	from, to := fmt.Sprintf("MAIL FROM:<%s>", loadSender(n)), "RCPT TO:<contact+support@aismarttalk.tech>"
	raw := loadMail(n)
	var err error
	switch n % 3 {
	case 0:
		err = firstOf(
			func() error { return c.ask(250, from) }, func() error { return c.ask(250, to) },
			func() error { return c.ask(354, "DATA") }, func() error { return c.body(raw) },
		)
	case 1:
		err = firstOf(
			func() error { return c.write(from + "\r\n" + to + "\r\nDATA\r\n") },
			func() error { return c.expect(250) }, func() error { return c.expect(250) },
			func() error { return c.expect(354) }, func() error { return c.body(raw) },
		)
	default:
		err = firstOf(
			func() error { return c.write(fmt.Sprintf("%s\r\n%s\r\nBDAT %d LAST\r\n%s", from, to, len(raw), raw)) },
			func() error { return c.expect(250) }, func() error { return c.expect(250) },
		)
	}
	if err != nil {
		return "", err
	}
	c.over = true
	_, answer, err := c.text.ReadResponse(250)
	if err != nil {
		return "", err
	}
	_, id, ok := strings.Cut(answer, "queued as ")
	if !ok {
		return "", &textproto.Error{Code: 500, Msg: "250 without a name: " + answer}
	}
	return strings.TrimSpace(id), nil
}

func firstOf(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (c *mailer) write(s string) error {
	_, err := io.WriteString(c.conn, s)
	return err
}

func (c *mailer) body(raw string) error {
	w := c.text.DotWriter()
	_, err := io.WriteString(w, raw)
	return errors.Join(err, w.Close())
}

func loadID(n int) string     { return fmt.Sprintf("load-%d@firma.example", n) }
func loadSender(n int) string { return fmt.Sprintf("kunde%d@firma.example", n) }

// loadMail is mail number n: plain or multipart, and now and then one that the journal
// keeps in a file of its own.
func loadMail(n int) string {
	head := fmt.Sprintf("From: Kunde %[1]d <%[2]s>\r\nTo: contact+support@aismarttalk.tech\r\nSubject: Fejl nummer %[1]d\r\nMessage-ID: <%[3]s>\r\n",
		n, loadSender(n), loadID(n))
	text := fmt.Sprintf("Chatbotten svarer ikke, siger kunde %d.\r\n.\r\n..og det haster.\r\n", n)
	if n%2 == 0 {
		return head + "\r\n" + text
	}
	size := 2000 + n%4000
	if n%201 == 5 {
		size = 300 << 10
	}
	picture := make([]byte, size)
	chance := rand.NewChaCha8([32]byte{byte(n), byte(n >> 8), byte(n >> 16)})
	chance.Read(picture)
	var b strings.Builder
	b.WriteString(head + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=del\r\n\r\n--del\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text +
		"--del\r\nContent-Type: image/png; name=skærm.png\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	for code := base64.StdEncoding.EncodeToString(picture); code != ""; {
		line := code[:min(76, len(code))]
		code = code[len(line):]
		b.WriteString(line + "\r\n")
	}
	b.WriteString("--del--\r\n")
	return b.String()
}
