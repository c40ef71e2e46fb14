package notifier

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"aismarttalk.tech/supportd/ticket"
)

// TLS says how the connection to the relay is protected. In every mode that uses
// TLS the relay's certificate must be good for its name: to a relay whose TLS
// fails nothing is sent in the clear instead.
type TLS string

// Modes of TLS.
const (
	TLSNone          TLS = "none"
	TLSOpportunistic TLS = "opportunistic" // STARTTLS if the relay offers it
	TLSMandatory     TLS = "mandatory"     // STARTTLS, or nothing is sent
	TLSImplicit      TLS = "implicit"      // TLS from the first byte
)

// RelayConfig is the relay that takes our mail.
type RelayConfig struct {
	Host       string
	Port       int
	TLS        TLS
	ServerName string // in the relay's certificate; "" means Host
	CAFile     string // PEM, of who signed it; "" means the system's list
	Hello      string // our name in EHLO
	Username   string // "" is no authentication
	// PasswordFile is read for every connection, so that a new password needs no
	// restart. White space at its end does not count.
	PasswordFile string
}

// Validate reports all that is wrong with the configuration.
func (c RelayConfig) Validate() error {
	var errs []error
	fault := func(format string, args ...any) { errs = append(errs, fmt.Errorf("relay: "+format, args...)) }

	if c.Host == "" || strings.ContainsAny(c.Host, " /") {
		fault("%q is no host", c.Host)
	}
	if c.Port < 1 || c.Port > 65535 {
		fault("port %d does not exist", c.Port)
	}
	switch c.TLS {
	case TLSNone, TLSOpportunistic, TLSMandatory, TLSImplicit:
	default:
		fault("tls %q is unknown: choose none, opportunistic, mandatory or implicit", c.TLS)
	}
	if !isDomain(c.Hello) {
		fault("%q is no name to greet the relay with", c.Hello)
	}
	if (c.Username == "") != (c.PasswordFile == "") {
		fault("a user name and a password file belong together")
	}
	if c.Username != "" && c.TLS != TLSMandatory && c.TLS != TLSImplicit {
		fault("with a user name, tls must be mandatory or implicit: in any other mode the password could be read on the way")
	}
	return errors.Join(errs...)
}

// Relay is the Sender that speaks SMTP. It makes one connection for each letter
// and is safe for concurrent use.
type Relay struct {
	config RelayConfig
	tls    *tls.Config
}

// NewRelay checks the configuration and reads its files. It does not connect: a
// relay may be down when supportd starts.
func NewRelay(c RelayConfig) (*Relay, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	r := &Relay{config: c, tls: &tls.Config{ServerName: c.ServerName, MinVersion: tls.VersionTLS12}}
	if c.ServerName == "" {
		r.tls.ServerName = c.Host
	}
	if c.CAFile != "" {
		pem, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, fmt.Errorf("reading the relay's CA: %w", err)
		}
		r.tls.RootCAs = x509.NewCertPool()
		if !r.tls.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("reading the relay's CA: %s holds no certificate", c.CAFile)
		}
	}
	if _, err := r.password(); err != nil {
		return nil, err
	}
	return r, nil
}

// quitTimeout is how long a relay may take to say goodbye. The letter is with it
// by then.
const quitTimeout = 5 * time.Second

// Send gives the letter to the relay. It returns when the relay has answered or
// ctx ends; then it is open whether the relay has the letter.
func (r *Relay) Send(ctx context.Context, l Letter) (Receipt, error) {
	conn, err := r.dial(ctx)
	if err != nil {
		return Receipt{}, unreachable("connecting to the relay", err)
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		conn.SetDeadline(deadline)
	}
	// The SMTP client knows no context: when ctx ends, its reads and writes fail.
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()

	client, err := r.open(conn)
	if err != nil {
		return Receipt{}, err
	}
	receipt, err := transact(client, l)
	// QUIT only behind an answer: in the midst of a letter the client would end the
	// letter first, and the relay might take half of it for the whole.
	if (err == nil || isReply(err)) && stop() {
		conn.SetDeadline(time.Now().Add(quitTimeout))
		client.Quit()
	}
	return receipt, err
}

// transact is one mail transaction with one recipient (RFC 5321 section 3.3).
func transact(c *smtp.Client, l Letter) (Receipt, error) {
	utf8 := ticket.NeedsSMTPUTF8(l.To)
	if offered, _ := c.Extension("SMTPUTF8"); utf8 && !offered {
		return Receipt{}, &SendError{
			Permanent: true,
			Reply:     fmt.Sprintf("the relay does not offer SMTPUTF8 (RFC 6531), and %s cannot be reached without", l.To),
		}
	}
	c.SkipSMTPUTF8(!utf8)
	if err := c.Mail("<" + l.From + ">"); err != nil {
		return Receipt{}, refused("MAIL", err)
	}
	if err := c.Rcpt("<" + l.To + ">"); err != nil {
		return Receipt{}, refused("RCPT", err)
	}
	data, err := c.Data()
	if err != nil {
		return Receipt{}, refused("DATA", err)
	}
	if _, err := data.Write(l.Data); err != nil {
		return Receipt{}, refused("sending the letter", err)
	}
	if err := data.Close(); err != nil {
		return Receipt{}, refused("the letter", err)
	}
	receipt := Receipt{Reply: "250"}
	if d, ok := data.(*smtp.DataCloser); ok {
		receipt.Reply = oneLine("250 " + d.ServerResponse())
	}
	return receipt, nil
}

// refused reads what went wrong in a transaction. A 5xx there is about this letter
// and final, unless the relay says that it wants to know us first.
func refused(stage string, err error) error {
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		return unreachable(stage, err)
	}
	return &SendError{
		Permanent: reply.Code >= 500 && reply.Code < 600 && !aboutUs(reply.Code),
		Reply:     words(err),
		Err:       fmt.Errorf("%s: %w", stage, err),
	}
}

// aboutUs: replies that ask for authentication or refuse it (RFC 4954 section 6).
// They speak of the configuration, and giving letters up would not mend it.
func aboutUs(code int) bool {
	switch code {
	case 530, 534, 535, 538:
		return true
	}
	return false
}

// unreachable is an error outside a transaction, or of the network: whatever was
// said there, it was not about this letter.
func unreachable(stage string, err error) error {
	return &SendError{Reply: oneLine(stage + ": " + words(err)), Err: fmt.Errorf("%s: %w", stage, err)}
}

func isReply(err error) bool {
	var reply *textproto.Error
	return errors.As(err, &reply)
}

// words is a reply as the relay gave it, or else the error.
func words(err error) string {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return oneLine(fmt.Sprintf("%03d %s", reply.Code, reply.Msg))
	}
	return oneLine(err.Error())
}

func (r *Relay) address() string { return net.JoinHostPort(r.config.Host, strconv.Itoa(r.config.Port)) }
