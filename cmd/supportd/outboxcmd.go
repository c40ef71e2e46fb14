package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/web"
)

type outboxCommand struct {
	List  outboxListCommand  `cmd:"" help:"List the letters that are not sent, and why; --state for others."`
	Retry outboxRetryCommand `cmd:"" help:"Send letters that are held, given up or bounced."`
	Drop  outboxDropCommand  `cmd:"" help:"Give letters up for good: nobody is written to."`
}

type outboxListCommand struct {
	State string `default:"unsent" enum:"unsent,queued,held,given-up,bounced,dropped,withdrawn,sent" help:"unsent (all that were not sent and may be), queued, held, given-up, bounced, dropped, withdrawn or sent."`
	Limit int    `default:"50" help:"How many at most, up to 200."`
	apiFlags
}

func (l *outboxListCommand) Run(ctx context.Context, h host) error {
	return l.with(ctx, h, func(c *client) error {
		var box web.Outbox
		raw, err := c.get(ctx, web.APIPath+"/outbox", url.Values{"state": {l.State}, "limit": {strconv.Itoa(l.Limit)}}, &box)
		if err != nil {
			return err
		}
		return l.print(h.out, raw, func(w io.Writer) error { return l.table(w, box, c.zone, h.width) })
	})
}

func (l *outboxListCommand) table(w io.Writer, box web.Outbox, zone *time.Location, width int) error {
	if len(box.Letters) == 0 {
		text := "No letters are " + l.State + "."
		if l.State == web.OutboxUnsent {
			text = "No letters are waiting, and none has failed."
		}
		_, err := fmt.Fprintln(w, text)
		return err
	}
	t := newTable(w, width, "TICKET", "LETTER", "STATE", "KIND", "TO", "OWED", "TRIES", "LATEST")
	t.optional = []string{"TRIES", "OWED"}
	for _, n := range box.Letters {
		t.row(string(n.Ticket), strconv.Itoa(n.Number), string(n.State), string(n.Kind), templates.Shorten(n.To, 40), stamp(n.Owed, zone),
			strconv.Itoa(n.Attempts), templates.Shorten(letterText(n), 80))
	}
	if err := t.flush(); err != nil || len(box.Letters) < l.Limit {
		return err
	}
	_, err := fmt.Fprintln(w, "There may be more; raise --limit, or choose a --state.")
	return err
}

// letterFlags name letters.
type letterFlags struct {
	Ticket  string   `arg:"" help:"Tracking ID, as outbox list shows it."`
	Letters []string `arg:"" name:"letter" help:"Numbers of its letters, as outbox list shows them."`
	apiFlags
}

type outboxRetryCommand struct{ letterFlags }

func (r *outboxRetryCommand) Run(ctx context.Context, h host) error { return r.decide(ctx, h, "retry") }

type outboxDropCommand struct{ letterFlags }

func (d *outboxDropCommand) Run(ctx context.Context, h host) error { return d.decide(ctx, h, "drop") }

// decide does the same with each letter, and says how it stands then.
func (f *letterFlags) decide(ctx context.Context, h host, verb string) error {
	return f.with(ctx, h, func(c *client) error {
		return each(f.Letters, h.errOut, func(number string) error {
			path := web.APIPath + "/outbox/" + url.PathEscape(f.Ticket) + "/" + url.PathEscape(number) + "/" + verb
			var n web.Promise
			raw, err := c.post(ctx, path, nil, struct{}{}, &n)
			if err != nil {
				return err
			}
			return f.print(h.out, raw, func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "Letter %d of %s, %s to %s: %s\n", n.Number, n.Ticket, n.Kind, visible(n.To), n.State)
				return err
			})
		})
	})
}
