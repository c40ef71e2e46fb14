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
	List outboxListCommand `cmd:"" help:"List letters by how far they have come."`
}

type outboxListCommand struct {
	apiFlags
	State string `default:"queued" enum:"queued,sent,bounced,given-up,held" help:"queued, sent, bounced, given-up or held."`
	Limit int    `default:"50" help:"How many at most, up to 200."`
}

func (l *outboxListCommand) Run(ctx context.Context, h host) error {
	return l.with(ctx, h, func(c *client) error {
		var box web.Outbox
		raw, err := c.get(ctx, web.APIPath+"/outbox", url.Values{"state": {l.State}, "limit": {strconv.Itoa(l.Limit)}}, &box)
		if err != nil {
			return err
		}
		return l.print(h.out, raw, func(w io.Writer) error { return outboxTable(w, l.State, box, c.zone) })
	})
}

func outboxTable(w io.Writer, state string, box web.Outbox, zone *time.Location) error {
	if len(box.Letters) == 0 {
		_, err := fmt.Fprintf(w, "No letters are %s.\n", state)
		return err
	}
	t := newTable(w, "TICKET", "LETTER", "KIND", "TO", "OWED", "TRIES", "LATEST")
	for _, n := range box.Letters {
		t.row(string(n.Ticket), strconv.Itoa(n.Number), string(n.Kind), shorten(n.To, 40), stamp(n.Owed, zone), strconv.Itoa(n.Attempts),
			shorten(letterText(n), 80))
	}
	return t.flush()
}
