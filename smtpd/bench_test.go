package smtpd

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/emersion/go-smtp"
)

// benchMail is a mail of 4 KB, one line of 76 letters after the other.
var benchMail = simpleMail + strings.Repeat(strings.Repeat("x", 76)+"\r\n", 51)

// BenchmarkAccept measures mails/s over connections that are reused, each with
// one transaction after the other, into an inbox that forgets them.
func BenchmarkAccept(b *testing.B) {
	for _, connections := range []int{1, 8, 32} {
		b.Run(fmt.Sprint(connections), func(b *testing.B) {
			cfg := testConfig()
			cfg.SenderPerMinute = -1
			s := start(b, cfg, discardInbox{})
			benchmark(b, s.Addrs()[0], connections)
		})
	}
}

// BenchmarkDiscard is the same against go-smtp alone.
func BenchmarkDiscard(b *testing.B) {
	for _, connections := range []int{1, 8, 32} {
		b.Run(fmt.Sprint(connections), func(b *testing.B) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return discardSession{}, nil }))
			s.Domain = "mx.firma.example"
			s.EnableSMTPUTF8 = true
			s.MaxMessageBytes = 25 << 20
			served := make(chan error, 1)
			go func() { served <- s.Serve(l) }()
			benchmark(b, l.Addr(), connections)
			s.Close()
			<-served
		})
	}
}

type discardSession struct{}

func (discardSession) Reset()                               {}
func (discardSession) Logout() error                        { return nil }
func (discardSession) Mail(string, *smtp.MailOptions) error { return nil }
func (discardSession) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (discardSession) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// benchmark sends b.N mails over some connections, the envelope of each in one
// packet.
func benchmark(b *testing.B, to net.Addr, connections int) {
	var left atomic.Int64
	left.Store(int64(b.N))
	var clients sync.WaitGroup
	b.ResetTimer()
	for range connections {
		clients.Go(func() {
			if err := sendMails(to, &left); err != nil {
				b.Error(err)
			}
		})
	}
	clients.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}

func sendMails(to net.Addr, left *atomic.Int64) error {
	conn, err := net.Dial(to.Network(), to.String())
	if err != nil {
		return err
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	exchange := func(out string, want ...string) error {
		if _, err := io.WriteString(conn, out); err != nil {
			return err
		}
		for _, code := range want {
			line, err := r.ReadString('\n')
			for err == nil && line[3] == '-' {
				line, err = r.ReadString('\n')
			}
			if err != nil || !strings.HasPrefix(line, code) {
				return fmt.Errorf("got %q (%v), want %s", line, err, code)
			}
		}
		return nil
	}
	if err := exchange("", "220"); err != nil {
		return err
	}
	if err := exchange("EHLO client.example\r\n", "250"); err != nil {
		return err
	}
	message := benchMail + ".\r\n"
	for left.Add(-1) >= 0 {
		err := exchange("MAIL FROM:<anna@kunde.example>\r\nRCPT TO:<contact+support@firma.example>\r\nDATA\r\n", "250", "250", "354")
		if err == nil {
			err = exchange(message, "250")
		}
		if err != nil {
			return err
		}
	}
	return exchange("QUIT\r\n", "221")
}
