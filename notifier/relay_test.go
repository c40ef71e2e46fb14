package notifier

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// guard ends a test that hangs. Nothing waits for it otherwise.
const guard = 30 * time.Second

// send gives a sample letter to a relay.
func send(t *testing.T, c RelayConfig, change func(*Letter)) (Receipt, error) {
	t.Helper()
	r, err := NewRelay(c)
	if err != nil {
		t.Fatal(err)
	}
	l := compose(t, newComposer(t), sample(t, "da", "resolved"))
	if change != nil {
		change(&l)
	}
	ctx, cancel := context.WithTimeout(t.Context(), guard)
	defer cancel()
	return r.Send(ctx, l)
}

// wantFailure checks that a sending failed as it should.
func wantFailure(t *testing.T, err error, permanent bool, reply string) {
	t.Helper()
	var failed *SendError
	if !errors.As(err, &failed) {
		t.Fatalf("error %v, want a *SendError", err)
	}
	if failed.Permanent != permanent || !strings.Contains(failed.Reply, reply) {
		t.Errorf("permanent %v, reply %q, want %v and %q", failed.Permanent, failed.Reply, permanent, reply)
	}
}

func TestRelayTakesALetter(t *testing.T) {
	c := newComposer(t)
	for _, tc := range []struct{ sample, from string }{
		{"acknowledgement", ""},
		{"resolved", "contact+support+ais7k3qm2xq."},
	} {
		relay := startRelay(t, script{})
		want := compose(t, c, sample(t, "da", tc.sample))
		receipt, err := send(t, relay.config(TLSNone), func(l *Letter) { *l = want })
		if err != nil {
			t.Fatal(err)
		}
		if receipt.Reply != "250 2.0.0 OK: queued" {
			t.Errorf("receipt %q", receipt.Reply)
		}
		got := relay.only(t)
		if !strings.HasPrefix(got.from, tc.from) || (tc.from == "" && got.from != "") {
			t.Errorf("%s: envelope sender %q", tc.sample, got.from)
		}
		if len(got.to) != 1 || got.to[0] != want.To {
			t.Errorf("%s: envelope recipients %q", tc.sample, got.to)
		}
		if !bytes.Equal(got.data, want.Data) {
			t.Errorf("%s: the bytes changed on their way", tc.sample)
		}
	}
}

// Both senders hand on the same bytes, whatever stands at the beginning of lines.
func TestLinesArriveAsTheyAre(t *testing.T) {
	relay := startRelay(t, script{})
	data := []byte("Subject: x\r\n\r\n.\r\n..\r\nFrom here\r\n.end\r\n")
	if _, err := send(t, relay.config(TLSNone), func(l *Letter) { l.Data = data }); err != nil {
		t.Fatal(err)
	}
	if got := relay.only(t).data; !bytes.Equal(got, data) {
		t.Errorf("%q arrived as %q", data, got)
	}
}

// faults 21 and 22: what a relay may answer in a transaction. A 4xx is tried again,
// a 5xx is final, unless it only asks who we are.
func TestRelayRefuses(t *testing.T) {
	for _, tc := range []struct {
		at        string
		code      int
		permanent bool
	}{
		{"MAIL", 421, false},
		{"MAIL", 451, false},
		{"MAIL", 530, false}, // authentication required: our configuration
		{"MAIL", 550, true},
		{"RCPT", 450, false},
		{"RCPT", 550, true},
		{"RCPT", 554, true},
		{"DATA", 452, false},
		{"DATA", 554, true},
	} {
		t.Run(fmt.Sprint(tc.at, " ", tc.code), func(t *testing.T) {
			s := script{}
			refusal := &smtp.SMTPError{Code: tc.code, EnhancedCode: smtp.EnhancedCode{tc.code / 100, 7, 1}, Message: "not\ntoday"}
			switch tc.at {
			case "MAIL":
				s.mail = refusal
			case "RCPT":
				s.rcpt = refusal
			case "DATA":
				s.data = refusal
			}
			relay := startRelay(t, s)
			_, err := send(t, relay.config(TLSNone), nil)
			wantFailure(t, err, tc.permanent, fmt.Sprintf("%d not %d.7.1 today", tc.code, tc.code/100))
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the reply has several lines: %q", err)
			}
		})
	}
}

// Whatever a relay says before the letter's transaction is not about the letter.
func TestRelayRefusesUs(t *testing.T) {
	for greeting, reply := range map[string]string{
		"554 5.7.1 your network is listed": "554 5.7.1 your network is listed",
		"421 too busy":                     "421 too busy",
		"HTTP/1.1 400 Bad Request":         "short response",
	} {
		address := startScripted(t, func(c net.Conn) { fmt.Fprint(c, greeting+"\r\n") })
		_, err := send(t, address, nil)
		wantFailure(t, err, false, reply)
	}
}

// fault 21: nobody listens.
func TestRelayIsDown(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := configFor(l.Addr(), TLSNone)
	l.Close()
	_, err = send(t, c, nil)
	wantFailure(t, err, false, "connecting to the relay")
}

// fault 21: the relay falls silent, at any point. The attempt ends with its context
// and not with the connection.
func TestRelayHangs(t *testing.T) {
	for _, at := range []string{"", "EHLO", "MAIL", "RCPT", "DATA", "."} {
		t.Run("at "+at, func(t *testing.T) {
			reached := make(chan struct{})
			c := startScripted(t, func(conn net.Conn) {
				converse(conn, func(line string) bool {
					if line == at || at != "" && strings.HasPrefix(line, at) {
						close(reached)
						return false
					}
					return true
				})
				conn.Read(make([]byte, 1)) // until the client hangs up
			})
			r, err := NewRelay(c)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-reached
				cancel()
			}()
			_, err = r.Send(ctx, compose(t, newComposer(t), sample(t, "da", "resolved")))
			wantFailure(t, err, false, "")
		})
	}
}

// fault 21: the connection breaks after the final dot. The relay may have the
// letter; it is sent again, with the same Message-ID.
func TestRelayDropsAfterTheDot(t *testing.T) {
	c := startScripted(t, func(conn net.Conn) {
		converse(conn, func(line string) bool { return line != "." })
	})
	_, err := send(t, c, nil)
	wantFailure(t, err, false, "the letter: ")
}

// A letter that was taken was taken, however the relay takes leave.
func TestRelayDropsInsteadOfQuit(t *testing.T) {
	c := startScripted(t, func(conn net.Conn) {
		converse(conn, func(line string) bool { return line != "QUIT" })
	})
	if receipt, err := send(t, c, nil); err != nil || receipt.Reply != "250 2.0.0 kept" {
		t.Errorf("%+v, %v", receipt, err)
	}
}

// An address that only SMTPUTF8 can name wants a relay that offers it.
func TestSMTPUTF8(t *testing.T) {
	for _, offered := range []bool{true, false} {
		relay := startRelay(t, script{smtputf8: offered})
		n := sample(t, "da", "resolved")
		n.To.Address = "søren@kunde.example"
		_, err := send(t, relay.config(TLSNone), func(l *Letter) { *l = compose(t, newComposer(t), n) })
		if !offered {
			wantFailure(t, err, true, "the relay does not offer SMTPUTF8 (RFC 6531), and søren@kunde.example cannot be reached")
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := relay.only(t); got.to[0] != n.To.Address || !got.utf8 {
			t.Errorf("%+v", got)
		}
	}
}

// An address of ASCII is not made to depend on the next relays' SMTPUTF8.
func TestNoSMTPUTF8WithoutNeed(t *testing.T) {
	relay := startRelay(t, script{smtputf8: true})
	if _, err := send(t, relay.config(TLSNone), nil); err != nil {
		t.Fatal(err)
	}
	if relay.only(t).utf8 {
		t.Error("SMTPUTF8 was asked for")
	}
}

func TestTLS(t *testing.T) {
	ours, others := newAuthority(t), newAuthority(t)
	for _, tc := range []struct {
		name   string
		mode   TLS
		relay  script
		trust  authority
		want   string // part of the failure, "" if the letter arrives
		inTLS  bool
		server string
	}{
		{name: "none", mode: TLSNone, relay: script{starttls: true, authority: ours}, trust: ours},
		{name: "opportunistic and offered", mode: TLSOpportunistic, relay: script{starttls: true, authority: ours}, trust: ours, inTLS: true},
		{name: "opportunistic and not offered", mode: TLSOpportunistic, trust: ours},
		{name: "mandatory", mode: TLSMandatory, relay: script{starttls: true, authority: ours}, trust: ours, inTLS: true},
		{name: "implicit", mode: TLSImplicit, relay: script{implicit: true, authority: ours}, trust: ours, inTLS: true},
		{
			name: "mandatory and not offered", mode: TLSMandatory, trust: ours,
			want: "does not offer STARTTLS",
		},
		{
			name: "a certificate of somebody else", mode: TLSMandatory,
			relay: script{starttls: true, authority: others}, trust: ours, want: "starting TLS with the relay",
		},
		{
			name: "opportunistic does not fall back to the clear", mode: TLSOpportunistic,
			relay: script{starttls: true, authority: others}, trust: ours, want: "starting TLS with the relay",
		},
		{
			name: "another name in the certificate", mode: TLSMandatory, server: "relay.firma.example",
			relay: script{starttls: true, authority: ours}, trust: ours, want: "starting TLS with the relay",
		},
		{
			name: "implicit with a relay that knows no TLS", mode: TLSImplicit, trust: ours,
			want: "connecting to the relay",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			relay := startRelay(t, tc.relay)
			c := relay.config(tc.mode)
			c.CAFile, c.ServerName = tc.trust.file, tc.server
			_, err := send(t, c, nil)
			if tc.want != "" {
				wantFailure(t, err, false, tc.want)
				if n := len(relay.letters()); n != 0 {
					t.Errorf("%d letters were sent all the same", n)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := relay.only(t); got.inTLS != tc.inTLS {
				t.Errorf("sent under TLS: %v, want %v", got.inTLS, tc.inTLS)
			}
		})
	}
}

// fault 21: STARTTLS is offered and then fails. Nothing is said in the clear.
func TestSTARTTLSFails(t *testing.T) {
	for _, answer := range []string{"454 4.7.0 TLS not available", "220 go ahead"} {
		said := make(chan []string, 1)
		c := startScripted(t, func(conn net.Conn) {
			var lines []string
			fmt.Fprint(conn, "220 relay\r\n")
			for r := bufio.NewScanner(conn); r.Scan(); {
				lines = append(lines, r.Text())
				switch {
				case strings.HasPrefix(r.Text(), "EHLO"):
					fmt.Fprint(conn, "250-relay\r\n250 STARTTLS\r\n")
				case r.Text() == "STARTTLS":
					fmt.Fprint(conn, answer+"\r\n")
					conn.Close()
				}
			}
			said <- lines
		})
		c.TLS = TLSOpportunistic
		_, err := send(t, c, nil)
		wantFailure(t, err, false, "starting TLS with the relay")
		if got := strings.Join(<-said, " "); got != "EHLO desk.firma.example STARTTLS" {
			t.Errorf("the relay was told %q", got)
		}
	}
}

func TestAuthentication(t *testing.T) {
	ca := newAuthority(t)
	for _, mechanism := range []string{"PLAIN", "LOGIN"} {
		t.Run(mechanism, func(t *testing.T) {
			relay := startRelay(t, script{starttls: true, authority: ca, user: "support", password: "hemmelig", mechanism: mechanism})
			c := relay.config(TLSMandatory)
			c.CAFile, c.Username, c.PasswordFile = ca.file, "support", filepath.Join(t.TempDir(), "relay.password")
			writeFile(t, c.PasswordFile, "forkert\n")

			_, err := send(t, c, nil)
			wantFailure(t, err, false, "authenticating to the relay: 535") // the letter waits for a better password
			if strings.Contains(err.Error(), "forkert") {
				t.Errorf("the error tells the password: %v", err)
			}

			writeFile(t, c.PasswordFile, "hemmelig\n")
			if _, err := send(t, c, nil); err != nil {
				t.Fatal(err)
			}
			if got := relay.only(t); got.user != "support" {
				t.Errorf("authenticated as %q", got.user)
			}
		})
	}
}

func TestUnknownMechanism(t *testing.T) {
	ca := newAuthority(t)
	relay := startRelay(t, script{starttls: true, authority: ca, user: "support", password: "hemmelig", mechanism: "GSSAPI"})
	c := relay.config(TLSMandatory)
	c.CAFile, c.Username, c.PasswordFile = ca.file, "support", filepath.Join(t.TempDir(), "relay.password")
	writeFile(t, c.PasswordFile, "hemmelig")
	_, err := send(t, c, nil)
	wantFailure(t, err, false, `the relay offers "GSSAPI"`)
}

func TestNewRelayReadsItsFiles(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "empty"), "\n")
	good := RelayConfig{Host: "relay.firma.example", Port: 587, TLS: TLSMandatory, Hello: "desk.firma.example", Username: "support"}
	for _, tc := range []struct{ ca, password, want string }{
		{"", filepath.Join(dir, "absent"), "reading the relay's password"},
		{"", filepath.Join(dir, "empty"), "is empty"},
		{filepath.Join(dir, "absent"), "", "reading the relay's CA"},
		{filepath.Join(dir, "empty"), "", "holds no certificate"},
	} {
		c := good
		c.CAFile, c.PasswordFile = tc.ca, tc.password
		if tc.password == "" {
			c.Username = ""
		}
		_, err := NewRelay(c)
		checkError(t, err, tc.want)
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkRelay(b *testing.B) {
	relay := startRelay(b, script{})
	r, err := NewRelay(relay.config(TLSNone))
	if err != nil {
		b.Fatal(err)
	}
	l := compose(b, newComposer(b), sample(b, "da", "resolved"))
	for b.Loop() {
		if _, err := r.Send(b.Context(), l); err != nil {
			b.Fatal(err)
		}
	}
}
