package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/smtpd"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

type deliverCommand struct {
	configFlags
	From       string   `short:"f" help:"Envelope sender; without it the null sender, whose mail is never answered."`
	Recipients []string `arg:"" name:"rcpt" help:"Envelope recipients."`
}

// Run takes the mail through the same door as any other: the running daemon's,
// or where none runs one that this process opens over the journal for as long
// as it takes. So the same rules hold, and the exit codes of sysexits.h tell a
// mail program what to do: 0 kept, 75 try again, 65 and 67 give it back.
func (c *deliverCommand) Run(ctx context.Context, h host) error {
	cfg, err := c.load(h.env)
	if err != nil {
		// Not 78: Postfix gives a mail back for EX_CONFIG, and the fault is ours.
		return failure{exitTemporary, err.Error()}
	}
	_, err = dial(ctx, cfg)
	if errors.Is(err, errNoDaemon) {
		return c.alone(ctx, cfg, h)
	}
	if err != nil {
		return failure{exitTemporary, err.Error()}
	}
	r, _, err := readRunning(cfg.DataDir)
	if err != nil {
		return failf(exitTemporary, "the daemon's addresses cannot be read: %s", reason(err))
	}
	door, ok := r.plainDoor()
	if !ok {
		return failf(exitTemporary, "the daemon has no listener of protocol smtp or lmtp without a proxy; add one on 127.0.0.1 or a unix socket")
	}
	return c.hand(ctx, door, h.in)
}

// plainDoor is the listener that a local program can speak with.
func (r running) plainDoor() (runningAddress, bool) {
	for _, protocol := range []smtpd.Protocol{smtpd.SMTP, smtpd.LMTP} {
		for _, a := range r.SMTP {
			if a.Protocol == string(protocol) && !a.Proxied {
				return a, true
			}
		}
	}
	return runningAddress{}, false
}

// alone opens the journal and a door over it.
func (c *deliverCommand) alone(ctx context.Context, cfg configuration, h host) error {
	privateFiles()
	j, err := journal.Open(cfg.planned.journal, journal.Deps{Now: h.now})
	if errors.Is(err, journal.ErrLocked) {
		return failf(exitTemporary, "another supportd has the journal of %s open but does not answer; try again in a moment", cfg.DataDir)
	}
	if err != nil {
		return failf(exitTemporary, "the journal of %s cannot be opened: %s", cfg.DataDir, reason(err))
	}
	defer j.Close() // what was answered 250 is on disk already
	door := cfg.planned.smtp
	door.Listeners = []smtpd.Listener{{Address: "127.0.0.1:0", Protocol: smtpd.SMTP}}
	s, err := smtpd.New(door, j, zerolog.Nop(), h.now)
	if err != nil {
		return failf(exitTemporary, "the mail cannot be taken: %s", err)
	}
	if err := s.Listen(); err != nil {
		return failf(exitTemporary, "the mail cannot be taken: %s", reason(err))
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.Run(running) }()
	err = c.hand(ctx, runningAddress{Address: s.Addrs()[0].String(), Protocol: string(smtpd.SMTP)}, h.in)
	stop()
	<-ended
	return err
}

// deliverTimeout bounds one delivery: mail programs wait for so long at most.
const deliverTimeout = 5 * time.Minute

// hand passes the mail on, and turns replies into exit codes.
func (c *deliverCommand) hand(ctx context.Context, door runningAddress, mail io.Reader) error {
	network, address := "tcp", door.Address
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		network, address = "unix", path
	}
	ctx, cancel := context.WithTimeout(ctx, deliverTimeout)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return failf(exitTemporary, "the daemon cannot be reached at %s: %s", address, reason(err))
	}
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	var s *smtp.Client
	if door.Protocol == string(smtpd.LMTP) {
		s = smtp.NewClientLMTP(conn)
	} else {
		s = smtp.NewClient(conn)
	}
	defer s.Close()
	if err := c.envelope(s); err != nil {
		return err
	}
	if err := send(s, mail); err != nil {
		return sendFailure(err, exitBadData)
	}
	_ = s.Quit() // the mail is kept already
	return nil
}

func (c *deliverCommand) envelope(s *smtp.Client) error {
	if err := s.Hello("localhost"); err != nil {
		return sendFailure(err, exitTemporary)
	}
	utf8, _ := s.Extension("SMTPUTF8")
	needed := ticket.NeedsSMTPUTF8(c.From) || ticket.NeedsSMTPUTF8(c.Recipients...)
	options := &smtp.MailOptions{Body: smtp.Body8BitMIME, UTF8: utf8 && needed}
	if err := s.Mail(c.From, options); err != nil {
		return sendFailure(err, exitBadData)
	}
	for _, r := range c.Recipients {
		if err := s.Rcpt(r, nil); err != nil {
			return sendFailure(err, exitNoUser)
		}
	}
	return nil
}

// send writes the mail. A line "From …" that some programs put before the
// header belongs to their files, not to the mail.
func send(s *smtp.Client, mail io.Reader) error {
	r := bufio.NewReader(mail)
	if start, _ := r.Peek(5); bytes.Equal(start, []byte("From ")) {
		if _, err := r.ReadBytes('\n'); err != nil {
			return err
		}
	}
	w, err := s.Data()
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, r); err != nil {
		return err // the connection is closed without the final dot
	}
	return w.Close()
}

// sendFailure gives a permanent refusal the code that says what was refused;
// all else is ours, and comes right when tried again.
func sendFailure(err error, permanent int) error {
	var refused *smtp.SMTPError
	if errors.As(err, &refused) && refused.Code >= 500 {
		return failure{permanent, fmt.Sprintf("refused: %s", visible(refused.Message))}
	}
	if refused != nil {
		return failure{exitTemporary, fmt.Sprintf("put off: %s", visible(refused.Message))}
	}
	return failf(exitTemporary, "the mail could not be handed over: %s", reason(err))
}
