package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// heldCommand is about mails that were kept from the ticket that they name,
// until staff decide.
type heldCommand struct {
	List    heldListCommand    `cmd:"" help:"List the mails that wait for a decision."`
	Release heldReleaseCommand `cmd:"" help:"File mails: with the ticket suspected, with another, or with a new one."`
	Drop    heldDropCommand    `cmd:"" help:"Leave mails where they are; they stay on record."`
}

type heldListCommand struct {
	Limit int `default:"50" help:"How many at most, up to 200."`
	apiFlags
}

func (l *heldListCommand) Run(ctx context.Context, h host) error {
	return l.with(ctx, h, func(c *client) error {
		var list web.MailList
		query := url.Values{"outcome": {string(ticket.OutcomeHeld)}, "limit": {strconv.Itoa(l.Limit)}}
		raw, err := c.get(ctx, web.APIPath+"/mails", query, &list)
		if err != nil {
			return err
		}
		return l.print(h.out, raw, func(w io.Writer) error { return heldTable(w, list, c.zone, h.width) })
	})
}

func heldTable(w io.Writer, list web.MailList, zone *time.Location, width int) error {
	if len(list.Mails) == 0 {
		_, err := fmt.Fprintln(w, "No mail is held.")
		return err
	}
	t := newTable(w, width, "MAIL", "RECEIVED", "FROM", "TRUST", "SUSPECTED", "SUBJECT", "WHY")
	t.optional = []string{"RECEIVED"}
	for _, m := range list.Mails {
		t.row(m.Mail, stamp(m.Received, zone), templates.Shorten(m.From.Address, 40), string(m.Trust), string(m.Ticket), templates.Shorten(m.Subject, 60),
			templates.Shorten(strings.Join(m.Reasons, "; "), 120))
	}
	if err := t.flush(); err != nil || list.Next == "" {
		return err
	}
	_, err := fmt.Fprintln(w, "There are more; raise --limit.")
	return err
}

// mailFlags are those of every decision about mails.
type mailFlags struct {
	Mails []string `arg:"" name:"mail" help:"IDs of mails, as held list shows them."`
	As    string   `placeholder:"ADDRESS" help:"Decide in the name of this member of staff; without it, as the operator."`
	apiFlags
}

// decide does the same with each mail, and says what became of it.
func (f *mailFlags) decide(ctx context.Context, h host, verb string, body any) error {
	return f.with(ctx, h, func(c *client) error {
		return each(f.Mails, h.errOut, func(id string) error {
			var m web.MailDetails
			raw, err := c.post(ctx, web.APIPath+"/mails/"+url.PathEscape(id)+"/"+verb, nil, body, &m)
			if err != nil {
				return err
			}
			return f.print(h.out, raw, func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "Mail %s: %s\n", m.Mail, strings.TrimSpace(string(m.Outcome.Outcome)+" "+string(m.Ticket)))
				return err
			})
		})
	})
}

type heldReleaseCommand struct {
	Ticket string `xor:"where" placeholder:"ID" help:"The ticket that the mail is for; without it, the one suspected."`
	New    bool   `xor:"where" help:"It opens a ticket of its own."`
	mailFlags
}

func (r *heldReleaseCommand) Run(ctx context.Context, h host) error {
	return r.decide(ctx, h, "release", web.ReleaseOrder{Ticket: r.Ticket, New: r.New, As: r.As})
}

type heldDropCommand struct {
	Reason string `required:"" help:"Why it is not wanted, for colleagues."`
	mailFlags
}

func (d *heldDropCommand) Run(ctx context.Context, h host) error {
	return d.decide(ctx, h, "drop", web.DropOrder{Reason: d.Reason, As: d.As})
}
