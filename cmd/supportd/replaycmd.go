package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/web"
)

type replayCommand struct {
	apiFlags
	Since string `help:"Only mails accepted since then: a time (2026-11-23T14:00:00Z), a date of the desk's, or how long ago (36h). Without it all that the journal keeps."`
}

// Run has the daemon file mails again. Where none runs it leaves the wish in the
// journal for the next start.
func (r *replayCommand) Run(ctx context.Context, h host) error {
	cfg, err := r.load(h.env)
	if err != nil {
		return err
	}
	since, err := sinceTime(r.Since, h.now(), cfg.zone())
	if err != nil {
		return err
	}
	c, err := dial(ctx, cfg)
	if errors.Is(err, errNoDaemon) {
		return r.directly(cfg, since, h)
	}
	if err != nil {
		return err
	}
	var answer web.Replayed
	raw, err := c.post(ctx, web.APIPath+"/replay", nil, web.ReplayOrder{Since: since}, &answer)
	if err != nil {
		return err
	}
	return r.print(h.out, raw, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s; the daemon files what the store has lost.\n", pendingText(answer.Pending))
		return err
	})
}

func (r *replayCommand) directly(cfg configuration, since time.Time, h host) error {
	if err := needDataFolder(cfg); err != nil {
		return err
	}
	j, err := journal.Open(cfg.planned.journal, journal.Deps{Log: zerolog.Nop(), Now: h.now, Random: rand.Reader})
	if errors.Is(err, journal.ErrLocked) {
		return failf(exitTemporary, "a supportd has the journal of %s open but does not answer; try again in a moment", cfg.DataDir)
	}
	if err != nil {
		return startFailure(err, cfg)
	}
	n, err := j.Replay(since)
	if err = errors.Join(err, j.Close()); err != nil {
		return failf(exitFailed, "the journal cannot be replayed: %s", reason(err))
	}
	raw, err := json.Marshal(web.Replayed{Pending: n})
	if err != nil {
		return err
	}
	return r.print(h.out, raw, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s; no daemon runs, so the next start files what the store has lost.\n", pendingText(n))
		return err
	})
}

func pendingText(n int) string {
	if n == 1 {
		return "1 mail is pending again"
	}
	return fmt.Sprintf("%d mails are pending again", n)
}

// sinceTime reads a time, the beginning of a day in the zone, or a time before
// now; the zero time if there is nothing to read.
func sinceTime(s string, now time.Time, zone *time.Location) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, zone); err == nil {
		return t, nil
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return now.Add(-d), nil
	}
	return time.Time{}, failf(exitUsage, "--since wants a time such as 2026-11-23T14:00:00Z, a date such as 2026-11-23, or a duration such as 36h; got %q", s)
}
