package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

type digestCommand struct {
	For  string `placeholder:"ADDRESS" help:"Of this member of staff; without it, of each."`
	Send bool   `help:"Send it now, whatever the hour; without it, it is shown."`
	apiFlags
}

// Run shows or sends the day's list of what waits for one of ours.
func (d *digestCommand) Run(ctx context.Context, h host) error {
	people, err := d.people(h)
	if err != nil {
		return err
	}
	return d.with(ctx, h, func(c *client) error {
		return each(people, h.errOut, func(address string) error {
			if d.Send {
				return d.send(ctx, c, h, address)
			}
			var list ticket.Digest
			raw, err := c.get(ctx, web.APIPath+"/digest", url.Values{"for": {address}}, &list)
			if err != nil {
				return err
			}
			return d.print(h.out, raw, func(w io.Writer) error { return digestPage(w, address, list, c.zone, h.width) })
		})
	})
}

// people are those whose digest is wanted.
func (d *digestCommand) people(h host) ([]string, error) {
	if d.For != "" {
		return []string{d.For}, nil
	}
	cfg, err := d.load(h.env)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, s := range cfg.Staff {
		all = append(all, s.Address)
	}
	if len(all) == 0 {
		return nil, failf(exitFailed, "the configuration lists nobody under staff; name somebody with --for")
	}
	return all, nil
}

func (d *digestCommand) send(ctx context.Context, c *client, h host, address string) error {
	var sent web.DigestSent
	raw, err := c.post(ctx, web.APIPath+"/digest", nil, web.DigestOrder{For: address}, &sent)
	if err != nil {
		return err
	}
	return d.print(h.out, raw, func(w io.Writer) error {
		text := "The digest of %s is on its way.\n"
		switch {
		case !sent.Due:
			text = "Nothing waits for %s: no digest is sent.\n"
		case c.offline:
			text = "The digest of %s leaves when the daemon is started.\n"
		}
		_, err := fmt.Fprintf(w, text, visible(address))
		return err
	})
}

// sectionTitles say what the tickets of a section have in common, in the order
// in which a digest has them.
var sectionTitles = map[ticket.SectionKind]string{
	ticket.SectionOverdue: "Overdue promises", ticket.SectionCritical: "Critical", ticket.SectionUnclassified: "Not classified yet",
	ticket.SectionAnswered: "The client has answered", ticket.SectionHeld: "Held mails", ticket.SectionBounced: "Letters that did not arrive",
	ticket.SectionReopened: "Reopened", ticket.SectionWaiting: "Waiting for the client for more than a week", ticket.SectionFailed: "Failed tests",
	ticket.SectionMine: "Yours", ticket.SectionPlanned: "Planned for you", ticket.SectionTesting: "To test", ticket.SectionSlipped: "Slipped",
	ticket.SectionBacklog: "Backlog without room", ticket.SectionRequests: "Feature requests to decide on",
}

func digestPage(w io.Writer, address string, d ticket.Digest, zone *time.Location, width int) error {
	p := &pageWriter{w: w}
	p.printf("Digest of %s, %s\n", visible(address), d.Day.In(zone).Format(time.DateOnly))
	if len(d.Sections) == 0 {
		p.printf("\nNothing waits for you.\n")
	}
	for _, s := range d.Sections {
		p.printf("\n%s\n", orNone(sectionTitles[s.Kind], string(s.Kind)))
		t := newTable(w, width, "ID", "STATE", "SEVERITY", "SINCE", "WHAT", "TITLE")
		t.optional = []string{"SINCE"}
		for _, r := range s.Rows {
			t.row(orNone(string(r.Ticket), r.Mail), string(r.State), rowSeverity(r), stamp(r.Since, zone), rowText(r, zone), r.Title)
		}
		if p.err == nil {
			p.err = t.flush()
		}
		if s.More > 0 {
			p.printf("and %d more\n", s.More)
		}
	}
	if d.Sprint != nil {
		t := newSprintTable(w, width)
		t.sprint(*d.Sprint, true, zone)
		p.table(t.table)
	}
	return p.err
}

func rowSeverity(r ticket.DigestRow) string {
	if r.Severity != "" && !r.Confirmed {
		return string(r.Severity) + " (claim)"
	}
	return string(r.Severity)
}

// rowText is what a row says beyond its ticket.
func rowText(r ticket.DigestRow, zone *time.Location) string {
	var parts []string
	if r.Promise != "" {
		parts = append(parts, fmt.Sprintf("%s promised for %s", r.Promise, stamp(r.By, zone)))
	}
	for _, s := range []string{r.Sprint, r.Person, r.Reason} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}
