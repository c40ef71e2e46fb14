package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

type ticketCommand struct {
	List    ticketListCommand    `cmd:"" help:"List tickets."`
	Show    ticketShowCommand    `cmd:"" help:"Show a ticket with all that happened to it."`
	Resolve ticketResolveCommand `cmd:"" help:"Tell the reporter the result."`
	Close   ticketCloseCommand   `cmd:"" help:"Close a ticket."`
}

// apiFlags are those of every command that asks the daemon.
type apiFlags struct {
	configFlags
	JSON bool `help:"Print the API's answer as it is."`
}

// with runs f with a client, and closes it.
func (a apiFlags) with(ctx context.Context, h host, f func(*client) error) error {
	cfg, err := a.load(h.env)
	if err != nil {
		return err
	}
	c, err := connect(ctx, cfg, h)
	if err != nil {
		return err
	}
	if err := f(c); err != nil {
		c.close()
		return err
	}
	return c.close()
}

// print writes the answer as JSON, or as a person reads it.
func (a apiFlags) print(w io.Writer, raw []byte, page func(io.Writer) error) error {
	if !a.JSON {
		return page(w)
	}
	_, err := fmt.Fprintf(w, "%s\n", strings.TrimSpace(string(raw)))
	return err
}

type ticketListCommand struct {
	apiFlags
	Status   string `help:"Only tickets in this state: reported, resolved, closed …"`
	Severity string `help:"Only tickets of this severity: critical, high, normal, low."`
	Reporter string `help:"Only tickets that this address reported."`
	Q        string `short:"q" help:"Only tickets whose ID, subject or reporter contains this."`
	Limit    int    `default:"50" help:"How many at most, up to 200."`
}

func (l *ticketListCommand) Run(ctx context.Context, h host) error {
	return l.with(ctx, h, func(c *client) error {
		query := url.Values{"limit": {strconv.Itoa(l.Limit)}}
		for name, value := range map[string]string{"status": l.Status, "severity": l.Severity, "reporter": l.Reporter, "q": l.Q} {
			if value != "" {
				query.Set(name, value)
			}
		}
		var list web.TicketList
		raw, err := c.get(ctx, web.APIPath+"/tickets", query, &list)
		if err != nil {
			return err
		}
		return l.print(h.out, raw, func(w io.Writer) error { return ticketTable(w, list, c.zone) })
	})
}

func ticketTable(w io.Writer, list web.TicketList, zone *time.Location) error {
	if len(list.Tickets) == 0 {
		_, err := fmt.Fprintln(w, "No tickets match.")
		return err
	}
	t := newTable(w, "ID", "STATE", "SEVERITY", "CATEGORY", "OPENED", "MAILS", "REPORTER", "SUBJECT")
	for _, row := range list.Tickets {
		t.row(string(row.ID), string(row.State), severityText(row), row.Category, stamp(row.Opened, zone), strconv.Itoa(row.Mails),
			shorten(row.Reporter, 40), shorten(row.Subject, 60))
	}
	if err := t.flush(); err != nil || list.Next == "" {
		return err
	}
	_, err := fmt.Fprintln(w, "There are more; narrow the list, or raise --limit.")
	return err
}

// severityText tells a confirmed severity from a claim, as all views do.
func severityText(t web.TicketRow) string {
	switch {
	case t.Confirmed != "":
		return string(t.Confirmed)
	case t.Claim.Evidence != "":
		return string(t.Claim.Severity) + " (claim)"
	}
	return "not marked"
}

type ticketShowCommand struct {
	apiFlags
	ID string `arg:"" help:"Tracking ID, such as AIS-7K3Q-M2XQ."`
}

func (s *ticketShowCommand) Run(ctx context.Context, h host) error {
	return s.with(ctx, h, func(c *client) error {
		var t web.TicketDetails
		raw, err := c.get(ctx, ticketPath(s.ID), nil, &t)
		if err != nil {
			return err
		}
		return s.print(h.out, raw, func(w io.Writer) error { return ticketPage(w, t, c.zone) })
	})
}

func ticketPath(id string) string { return web.APIPath + "/tickets/" + url.PathEscape(id) }

type ticketResolveCommand struct {
	apiFlags
	ID       string `arg:"" help:"Tracking ID."`
	Result   string `required:"" enum:"answer,fixed,workaround" help:"answer (by support, of what is no bug), fixed or workaround (by QA)."`
	Text     string `help:"The answer or the workaround, to the reporter; - reads it from the standard input."`
	Verified string `help:"What QA verified; for fixed and workaround."`
	Limits   string `help:"What the result does not cover."`
	As       string `help:"Address of the staff member who does it; without it, the operator."`
}

func (r *ticketResolveCommand) Run(ctx context.Context, h host) error {
	if r.Text == "-" {
		text, err := io.ReadAll(io.LimitReader(h.in, 1<<20))
		if err != nil {
			return failf(exitFailed, "the text cannot be read: %s", reason(err))
		}
		r.Text = string(text)
	}
	return r.order(ctx, h, r.ID, web.Command{As: r.As, Order: ticket.Order{
		Verb: ticket.VerbResolve, Result: ticket.Result(r.Result), Text: r.Text, Verified: r.Verified, Limits: r.Limits,
	}})
}

type ticketCloseCommand struct {
	apiFlags
	ID        string `arg:"" help:"Tracking ID."`
	Reason    string `help:"Why, to the reporter; needed unless the ticket is resolved."`
	Confirmed bool   `help:"The reporter said that it works."`
	As        string `help:"Address of the staff member who does it; without it, the operator."`
}

func (l *ticketCloseCommand) Run(ctx context.Context, h host) error {
	body := web.Command{As: l.As, Order: ticket.Order{Verb: ticket.VerbClose, Reason: l.Reason}}
	if l.Confirmed {
		body.Closing = ticket.ClosingConfirmed
	}
	return l.order(ctx, h, l.ID, body)
}

// order gives a command and says what came of it.
func (a apiFlags) order(ctx context.Context, h host, id string, body web.Command) error {
	return a.with(ctx, h, func(c *client) error {
		var t web.TicketDetails
		raw, err := c.post(ctx, ticketPath(id)+"/commands", body, &t)
		if err != nil {
			return err
		}
		return a.print(h.out, raw, func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "%s is %s. %s\n", t.ID, t.State, lettersText(t, c.offline))
			return err
		})
	})
}

// lettersText says whether the reporter hears of it.
func lettersText(t web.TicketDetails, offline bool) string {
	if len(t.Promises) == 0 {
		return "Nobody is written to."
	}
	last := t.Promises[len(t.Promises)-1]
	if last.State == ticket.NoticeSent {
		return fmt.Sprintf("The letter to %s is sent.", visible(last.To))
	}
	if offline {
		return fmt.Sprintf("No daemon runs: the letter to %s leaves when it is started.", visible(last.To))
	}
	return fmt.Sprintf("A letter to %s is on its way.", visible(last.To))
}
