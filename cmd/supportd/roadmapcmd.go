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

type roadmapCommand struct {
	Year     string `xor:"period" placeholder:"YYYY" help:"The roadmap of a year."`
	Quarter  string `xor:"period" placeholder:"YYYY-Qn" help:"The roadmap of a quarter; without --year and --quarter the current one."`
	Internal bool   `xor:"form" help:"With tracking IDs, subjects and who works on what; not for the public."`
	ICS      bool   `xor:"form,output" name:"ics" help:"The sprints as a calendar (iCalendar), to subscribe to or to import."`
	apiFlags
}

// Run shows what is planned, in work and done.
func (r *roadmapCommand) Run(ctx context.Context, h host) error {
	query := url.Values{}
	if r.Year != "" {
		query.Set("year", r.Year)
	}
	if r.Quarter != "" {
		query.Set("quarter", strings.ToUpper(r.Quarter))
	}
	if r.Internal {
		query.Set("internal", "true")
	}
	return r.with(ctx, h, func(c *client) error {
		if r.ICS {
			calendar, err := c.getText(ctx, web.APIPath+"/roadmap", query, "text/calendar")
			if err != nil {
				return err
			}
			_, err = h.out.Write(calendar)
			return err
		}
		var m roadmap
		raw, err := c.get(ctx, web.APIPath+"/roadmap", query, &m)
		if err != nil {
			return err
		}
		return r.print(h.out, raw, func(w io.Writer) error { return m.page(w, c.zone, h.width, r.Internal) })
	})
}

// roadmap is the public or the internal one; the public leaves out what it does
// not tell.
type roadmap struct {
	Period   string                `json:"period"`
	Sprints  []roadmapSprint       `json:"sprints"`
	Quarters []roadmapQuarter      `json:"quarters"`
	Requests []ticket.InternalItem `json:"requests"`
}

type roadmapSprint struct {
	ticket.InternalSprint
	Untitled int `json:"untitled"` // of the public one
}

type roadmapQuarter struct {
	ticket.InternalPart
	Headlines []ticket.InternalItem `json:"headlines"` // of the public one
}

// page shows how full the sprints or quarters are, and what is in them.
func (m roadmap) page(w io.Writer, zone *time.Location, width int, internal bool) error {
	p := &pageWriter{w: w}
	heading := "Roadmap " + m.Period
	if m.Period == "" {
		heading = "Sprints"
	}
	p.printf("%s\n", heading)
	items := newItemTable(w, width, internal)
	var notes []string
	note := func(when string, n int, what string) {
		if n > 0 {
			notes = append(notes, fmt.Sprintf("%s: %d more %s", when, n, what))
		}
	}
	if len(m.Sprints) > 0 {
		loads := newSprintTable(w, width)
		for _, s := range m.Sprints {
			loads.sprint(s.SprintLoad, s.Current, zone)
			for _, i := range s.Items {
				items.item(s.Sprint, i)
			}
			note(s.Sprint, s.Untitled, "without a public title")
			note(s.Sprint, s.More, "not listed")
		}
		p.table(loads.table)
	}
	if len(m.Quarters) > 0 {
		counts := newTable(w, width, "QUARTER", "PLANNED", "IN WORK", "DONE")
		for _, q := range m.Quarters {
			counts.row(q.Quarter, strconv.Itoa(q.Planned), strconv.Itoa(q.InWork), strconv.Itoa(q.Done))
			for _, i := range append(q.Headlines, q.Items...) {
				items.item(q.Quarter, i)
			}
			note(q.Quarter, q.More, "not listed")
		}
		p.table(counts)
	}
	for _, i := range m.Requests {
		items.item(i.Quarter, i)
	}
	if len(items.rows) > 1 {
		p.table(items.table)
	} else {
		p.printf("\nNothing is planned.\n")
	}
	for _, n := range notes {
		p.printf("%s\n", n)
	}
	return p.err
}

// table writes a table behind an empty line.
func (p *pageWriter) table(t *table) {
	p.printf("\n")
	if p.err == nil {
		p.err = t.flush()
	}
}

// itemTable lists fixes and wishes.
type itemTable struct {
	*table
	internal bool
}

func newItemTable(w io.Writer, width int, internal bool) itemTable {
	columns := []string{"WHEN", "STATE", "SEVERITY", "CATEGORY", "TITLE"}
	if internal {
		columns = []string{"WHEN", "ID", "STATE", "SEVERITY", "CATEGORY", "ASSIGNEE", "TITLE"}
	}
	return itemTable{newTable(w, width, columns...), internal}
}

func (t itemTable) item(when string, i ticket.InternalItem) {
	severity := string(i.Severity)
	if i.Hotfix {
		severity += ", hotfix"
	}
	title := i.Title
	if i.Late {
		title += " (late)"
	}
	if !t.internal {
		t.row(when, string(i.State), severity, i.Category, title)
		return
	}
	if i.Title == "" {
		title = "no public title: " + i.Subject
	}
	t.row(when, string(i.ID), string(i.State), severity, i.Category, i.Assignee, title)
}

type sprintsCommand struct {
	apiFlags
}

// Run shows how full the current sprint and the next are, and what is in them.
func (s *sprintsCommand) Run(ctx context.Context, h host) error {
	return s.with(ctx, h, func(c *client) error {
		var list roadmap // of the sprints alone
		raw, err := c.get(ctx, web.APIPath+"/sprints", nil, &list)
		if err != nil {
			return err
		}
		return s.print(h.out, raw, func(w io.Writer) error { return list.page(w, c.zone, h.width, true) })
	})
}

// sprintTable shows how full sprints are.
type sprintTable struct{ *table }

func newSprintTable(w io.Writer, width int) sprintTable {
	return sprintTable{newTable(w, width, "SPRINT", "FROM", "TO", "TAKEN", "FREE", "DONE", "")}
}

func (t sprintTable) sprint(l ticket.SprintLoad, current bool, zone *time.Location) {
	now := ""
	if current {
		now = "now"
	}
	t.row(l.Sprint, l.Start.In(zone).Format(time.DateOnly), l.End.In(zone).Format(time.DateOnly),
		fmt.Sprintf("%d of %d", l.Taken, l.Capacity), strconv.Itoa(l.Free()), strconv.Itoa(l.Done), now)
}
