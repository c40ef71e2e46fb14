package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"aismarttalk.tech/supportd/web"
)

// consoleCommand is about the console of staff in a browser.
type consoleCommand struct {
	Link consoleLinkCommand `cmd:"" help:"Print a link that signs one of the staff in at the console: for a first start, before mail goes out."`
}

type consoleLinkCommand struct {
	As string `required:"" placeholder:"ADDRESS" help:"The member of staff whom the link signs in, as the configuration lists him."`
	apiFlags
}

// Run prints a link that works once. Whoever may run this reads the admin's token, and
// could do all that the link opens.
func (l *consoleLinkCommand) Run(ctx context.Context, h host) error {
	cfg, err := l.load(h.env)
	if err != nil {
		return err
	}
	return l.with(ctx, h, func(c *client) error {
		var link web.ConsoleLink
		raw, err := c.post(ctx, web.APIPath+"/console/link", nil, web.ConsoleLinkOrder{As: l.As}, &link)
		if err != nil {
			return err
		}
		base := cfg.Desk.PublicURL
		switch {
		case base != "":
		case c.offline:
			base = "http://" + cfg.HTTP.Listen
		default:
			base = c.base
		}
		return l.print(h.out, raw, func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "%s%s\n", strings.TrimSuffix(base, "/"), link.Path)
			return err
		})
	})
}
