package main

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"aismarttalk.tech/supportd/web"
)

type retentionCommand struct {
	configFlags
	JSON   bool `help:"Print the counts as JSON."`
	DryRun bool `help:"Tell what is due, and let nothing go."`
}

// Run lets go of what is past retention now, in place of at night.
func (c *retentionCommand) Run(ctx context.Context, h host) error {
	cfg, err := c.load(h.env)
	if err != nil {
		return err
	}
	if err := needDataFolder(cfg); err != nil {
		return err
	}
	k, done, err := openKeeping(ctx, cfg, h)
	if err != nil {
		return err
	}
	r, err := k.Retain(ctx, c.DryRun)
	if err = errors.Join(err, done()); err != nil {
		return failf(exitFailed, "not all that is past retention went: %s\nRun it again: what is done stays done.", reason(err))
	}
	if c.JSON {
		return json.NewEncoder(h.out).Encode(r)
	}
	return retentionTable(h, cfg.Retention, r)
}

func retentionTable(h host, s retentionSettings, r web.Retention) error {
	t := newTable(h.out, h.width, "KEY", "KEPT FOR", map[bool]string{true: "DUE", false: "GONE"}[r.DryRun], "WHAT")
	for _, row := range []struct {
		key  string
		kept string
		n    int
		what string
	}{
		{"retention.mail", keptFor(s.Mail), r.Mail, "raw mails of closed tickets"},
		{"retention.auto", keptFor(s.Auto), r.Auto, "mails of machines"},
		{"retention.held", keptFor(s.Held), r.Held, "mails that staff dropped"},
		{"retention.closed_tickets", keptFor(s.ClosedTickets), r.Tickets, "tickets down to number, states and dates, and their mails"},
		{"retention.letters", keptFor(s.Letters), r.Letters, "letters on no ticket"},
	} {
		t.row(row.key, row.kept, strconv.Itoa(row.n), row.what)
	}
	if !r.DryRun {
		t.row("", "", strconv.Itoa(r.Files), "files deleted from archive and outgoing/")
	}
	return t.flush()
}

func keptFor(d time.Duration) string {
	if d == 0 {
		return "ever"
	}
	return d.String()
}
