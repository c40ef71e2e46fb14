package main

import (
	"context"
	"os"
	"strings"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/scanner"
	"aismarttalk.tech/supportd/web"
)

// scanners are those that the configuration names.
func (p *planner) scanners() scanner.Config {
	s := p.c.Scanners
	c := scanner.Config{Clamd: s.Clamd, Rspamd: s.Rspamd, Timeout: s.Timeout}
	if s.RspamdPasswordFile != "" {
		text, err := os.ReadFile(s.RspamdPasswordFile)
		if err != nil {
			p.report("scanners.rspamd_password_file", "%s cannot be read: %s", s.RspamdPasswordFile, reason(err))
		}
		c.Password = strings.TrimSpace(string(text))
	}
	p.validate("scanners", c.Validate())
	return c
}

// openScanner is nil where no scanner is configured.
func openScanner(c scanner.Config, log zerolog.Logger) (*scanner.Scanner, error) {
	if !c.Any() {
		return nil, nil
	}
	return scanner.New(c, log)
}

// mailScanner is what the desk asks, an untyped nil where there is none.
func mailScanner(s *scanner.Scanner) desk.Scanner {
	if s == nil {
		return nil
	}
	return s
}

// scannerChecks are those of /readyz.
func scannerChecks(s *scanner.Scanner) []web.Check {
	if s == nil {
		return nil
	}
	var checks []web.Check
	for _, c := range s.Checks() {
		checks = append(checks, web.Check{Name: c.Name, Do: c.Do, Optional: true})
	}
	return checks
}

// scanners asks each scanner whether it is there.
func (d *doctor) scanners(ctx context.Context) {
	c := d.cfg.planned.scanners
	s, err := openScanner(c, zerolog.Nop())
	if err != nil {
		d.found("scanners", bad, "%s", reason(err))
		return
	}
	if c.Clamd == "" {
		d.found("clamd", doubtful, "none is configured (scanners.clamd): no file that comes by mail is looked at")
	}
	if s == nil {
		return
	}
	for _, check := range s.Checks() {
		if err := check.Do(ctx); err != nil {
			d.found(check.Name, bad, "it does not answer, so that mail is unscanned: %s", reason(err))
			continue
		}
		d.found(check.Name, wellDone, "it answers")
	}
}
