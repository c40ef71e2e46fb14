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
	"aismarttalk.tech/supportd/web"
)

// ticketCommand looks at tickets, and gives them the orders of the process.
type ticketCommand struct {
	List ticketListCommand `cmd:"" help:"List tickets."`
	Show ticketShowCommand `cmd:"" help:"Show a ticket with all that happened to it, and what can be done next."`

	Classify orderCommand `cmd:""`
	Plan     orderCommand `cmd:""`
	Start    orderCommand `cmd:""`
	Test     orderCommand `cmd:""`
	Pass     orderCommand `cmd:""`
	Fail     orderCommand `cmd:""`
	Resolve  orderCommand `cmd:""`
	Close    orderCommand `cmd:""`
	Reopen   orderCommand `cmd:""`
	Ask      orderCommand `cmd:""`
	Reply    orderCommand `cmd:""`
	Note     orderCommand `cmd:""`
	Assign   orderCommand `cmd:""`
	Merge    orderCommand `cmd:""`
	Link     orderCommand `cmd:""`
	Accept   orderCommand `cmd:""`
	Defer    orderCommand `cmd:""`
	Decline  orderCommand `cmd:""`
	Title    orderCommand `cmd:""`
	Invite   orderCommand `cmd:""`
	Dismiss  orderCommand `cmd:""`
	Undo     orderCommand `cmd:""`
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
	Status   string `placeholder:"STATE" help:"Only tickets in this state: reported, classified, planned, investigating, testing, waiting, resolved, closed."`
	Severity string `placeholder:"critical|high|normal|low" help:"Only tickets of this severity, the confirmed one or else the claim."`
	Category string `help:"Only tickets of this subject area."`
	Kind     string `placeholder:"bug|question|feature_request" help:"Only tickets of this kind."`
	Assignee string `placeholder:"ADDRESS" help:"Only tickets that this member of staff has; none for those that nobody has."`
	Sprint   string `placeholder:"YYYY-NN" help:"Only tickets planned for this sprint."`
	Reporter string `placeholder:"ADDRESS" help:"Only tickets that this address reported."`
	Q        string `short:"q" placeholder:"WORDS" help:"Only tickets with these words in ID, subject, reporter or text, the best first."`
	Order    string `default:"oldest" enum:"oldest,newest" help:"What comes first: oldest or newest."`
	Limit    int    `default:"50" help:"How many at most, up to 200."`
	Cursor   string `help:"Go on where a list ended: its next, from --json."`
	CSV      bool   `name:"csv" help:"Print a table for spreadsheets. Nothing in it acts as a formula there."`
}

// query leaves out what was not asked for.
func (l *ticketListCommand) query() url.Values {
	query := url.Values{"limit": {strconv.Itoa(l.Limit)}}
	for name, value := range map[string]string{
		"status": l.Status, "severity": l.Severity, "category": l.Category, "kind": l.Kind, "assignee": l.Assignee,
		"sprint": l.Sprint, "reporter": l.Reporter, "q": l.Q, "order": l.Order, "cursor": l.Cursor,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

func (l *ticketListCommand) Run(ctx context.Context, h host) error {
	return l.with(ctx, h, func(c *client) error {
		var list web.TicketList
		raw, err := c.get(ctx, web.APIPath+"/tickets", l.query(), &list)
		if err != nil {
			return err
		}
		if l.CSV {
			return ticketCSV(h, list)
		}
		return l.print(h.out, raw, func(w io.Writer) error { return ticketTable(w, list, c.zone, h.width) })
	})
}

// ticketCSV prints the tickets as a file: what is no ticket is said beside it.
func ticketCSV(h host, list web.TicketList) error {
	if err := web.WriteCSV(h.out, list.Tickets); err != nil || list.Next == "" {
		return err
	}
	_, err := fmt.Fprintln(h.errOut, "There are more; raise --limit, or go on with --cursor="+list.Next)
	return err
}

func ticketTable(w io.Writer, list web.TicketList, zone *time.Location, width int) error {
	if len(list.Tickets) == 0 {
		_, err := fmt.Fprintln(w, "No tickets match.")
		return err
	}
	t := newTable(w, width, "ID", "STATE", "SEVERITY", "CATEGORY", "SPRINT", "ASSIGNEE", "OPENED", "MAILS", "REPORTER", "SUBJECT")
	t.optional = []string{"MAILS", "OPENED", "ASSIGNEE", "SPRINT", "CATEGORY"}
	for _, row := range list.Tickets {
		t.row(string(row.ID), string(row.State), severityText(row), row.Category, row.Sprint, row.Assignee, stamp(row.Opened, zone), strconv.Itoa(row.Mails),
			templates.Shorten(row.Reporter, 40), templates.Shorten(row.Subject, 60))
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
