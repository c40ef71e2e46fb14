package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"aismarttalk.tech/supportd/web"
)

type outboxCommand struct {
	List outboxListCommand `cmd:"" help:"List the letters that are not sent, and why; --state for others."`
}

type outboxListCommand struct {
	apiFlags
	State string `default:"unsent" enum:"unsent,queued,held,given-up,bounced,sent" help:"unsent (all of them but sent), queued, held, given-up, bounced or sent."`
	Limit int    `default:"50" help:"How many at most, up to 200."`
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
	for _, n := range box.Letters {
		t.row(string(n.Ticket), strconv.Itoa(n.Number), string(n.State), string(n.Kind), shorten(n.To, 40), stamp(n.Owed, zone),
			strconv.Itoa(n.Attempts), shorten(letterText(n), 80))
	}
	if err := t.flush(); err != nil || len(box.Letters) < l.Limit {
		return err
	}
	_, err := fmt.Fprintln(w, "There may be more; raise --limit, or choose a --state.")
	return err
}
