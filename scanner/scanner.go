package scanner

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/ticket"
)

// Scanner asks the configured scanners about mails, many at once.
type Scanner struct {
	config Config
	clamd  *part // nil: there is none
	rspamd *part // nil: there is none

	viruses clamd
	spam    rspamd
}

// New makes a Scanner. It starts nothing.
func New(c Config, log zerolog.Logger) (*Scanner, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if !c.Any() {
		return nil, errors.New("scanner: none is configured")
	}
	s := &Scanner{config: c}
	if c.Clamd != "" {
		s.viruses.network, s.viruses.address, _ = clamdAddress(c.Clamd) // as Validate has read it
		s.clamd = &part{name: "clamd", ping: s.viruses.ping, log: log}
	}
	if c.Rspamd != "" {
		// The address is the operator's own: nothing leads elsewhere.
		client := &http.Client{
			Transport:     &http.Transport{Proxy: nil, MaxIdleConnsPerHost: 8, IdleConnTimeout: time.Minute},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
		s.spam = rspamd{base: strings.TrimRight(c.Rspamd, "/"), password: c.Password, client: client}
		s.rspamd = &part{name: "rspamd", ping: s.spam.ping, log: log}
	}
	return s, nil
}

// Facts are what is known of a mail beside its bytes.
type Facts struct {
	Mail     string // under which it was accepted
	Client   netip.Addr
	Helo     string
	MailFrom string
	To       []string
	// NotMail: it was made here of a report, or is old mail that was imported, of
	// which a spam filter could only say that its envelope is odd.
	NotMail bool
	// Attachments are the decoded files.
	Attachments [][]byte
}

// Scan asks about one mail. It never fails: who gave no verdict is named in Missed,
// and what he should have looked at is unscanned. It takes no longer than the
// configured time; where ctx ends first, the result says less than could be known
// and should not be kept.
func (s *Scanner) Scan(ctx context.Context, f Facts, raw []byte) ticket.Scan {
	ctx, cancel := context.WithTimeoutCause(ctx, s.config.Timeout, errSlow)
	defer cancel()
	filtered := make(chan spamVerdict, 1)
	go func() { filtered <- s.filter(ctx, f, raw) }()
	out := s.virus(ctx, f, raw)
	spam := <-filtered
	out.Spam = spam.scan
	if spam.missed != "" {
		out.Missed = append(out.Missed, spam.missed)
	}
	return out
}

// errSlow is why a scan ends whose time is up.
var errSlow = errors.New("no verdict within the time that scanners are given")

// virus looks at the mail as a whole and at each of its files: clamd takes mail
// apart by rules of its own, and what it does not see as a file people may.
func (s *Scanner) virus(ctx context.Context, f Facts, raw []byte) ticket.Scan {
	out := ticket.Scan{Result: ticket.ScanUnscanned}
	if s.clamd == nil {
		for range f.Attachments {
			out.Attachments = append(out.Attachments, ticket.FileScan{Result: ticket.ScanUnscanned, Why: "no virus scanner is configured"})
		}
		return out
	}
	look := func(data []byte) ticket.FileScan {
		var found string
		err := s.clamd.ask(ctx, func() (err error) {
			found, err = s.viruses.scan(ctx, data)
			return err
		})
		return fileScan(found, err)
	}
	whole := look(raw)
	out.Result, out.Found = whole.Result, whole.Found
	if whole.Result == ticket.ScanUnscanned {
		out.Missed = append(out.Missed, "clamd: "+whole.Why)
	}
	for _, data := range f.Attachments {
		file := look(data)
		out.Attachments = append(out.Attachments, file)
		switch {
		case file.Result == ticket.ScanInfected && out.Result != ticket.ScanInfected:
			out.Result, out.Found = ticket.ScanInfected, file.Found
		case file.Result == ticket.ScanUnscanned && out.Result == ticket.ScanClean:
			out.Result = ticket.ScanUnscanned
			out.Missed = append(out.Missed, "clamd: "+file.Why)
		}
	}
	return out
}

type spamVerdict struct {
	scan   *ticket.SpamScan
	missed string
}

func (s *Scanner) filter(ctx context.Context, f Facts, raw []byte) spamVerdict {
	if s.rspamd == nil || f.NotMail {
		return spamVerdict{}
	}
	var v spamVerdict
	err := s.rspamd.ask(ctx, func() (err error) {
		v.scan, err = s.spam.check(ctx, f, raw)
		return err
	})
	if err != nil {
		v.missed = "rspamd: " + err.Error()
	}
	return v
}

// Check is a question whether one scanner works.
type Check struct {
	Name string
	Do   func(context.Context) error
}

// Checks ask each scanner that is configured.
func (s *Scanner) Checks() []Check {
	var checks []Check
	if s.clamd != nil {
		checks = append(checks, Check{s.clamd.name, s.clamd.ping})
	}
	if s.rspamd != nil {
		checks = append(checks, Check{s.rspamd.name, s.rspamd.ping})
	}
	return checks
}
