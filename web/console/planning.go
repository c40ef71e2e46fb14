package console

import (
	"context"
	"net/url"
	"slices"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// Bounds of the planning page, so that it weighs the same however many tickets there
// are.
const (
	sprintRows  = 12 // of a sprint
	backlogRows = 15
	columnRows  = 7 // of a state on the board
)

type planningView struct {
	shell
	Sprints []sprintView   // the current one and the next
	Pushed  []ticket.Moved // what one more hotfix would push out
	Backlog []planRow
	Next    string // URL of more of the backlog
	Part    bool   // of the backlog a later page is shown
	Plans   bool   // the reader may plan
	Board   []column
}

type sprintView struct {
	ticket.InternalSprint
	Hotfixes int
	Rows     []planRow
	MoreURL  string // where all of them are listed; "" if they are shown
	Rest     int
}

// Full reports that no place is left.
func (s sprintView) Full() bool { return s.Free() == 0 }

// planRow is a ticket that can be planned.
type planRow struct {
	ID       ticket.ID
	URL      string
	PlanURL  string
	Title    string
	Severity ticket.Severity
	State    ticket.State
	Assignee string
	Hotfix   bool
	Late     bool
	Plans    bool     // the reader may plan it …
	To       []string // … by one press into these sprints
}

// column is a state on the board.
type column struct {
	State ticket.State
	Cards []planRow
	Rest  int  // beyond those shown …
	Many  bool // … and more than were counted
	URL   string
}

// planning shows what is planned, what is not, and where everything stands.
func (c *Console) planning(v visit) {
	sprints, err := c.deps.Desk.SprintsAhead(v.ctx(), 2)
	if err != nil {
		c.failed(v, err, "reading the sprints")
		return
	}
	after := v.r.URL.Query().Get("after")
	view := planningView{shell: c.shell(v), Part: after != "", Plans: slices.Contains(v.who.Roles, ticket.RoleOwner)}
	for _, s := range sprints {
		view.Sprints = append(view.Sprints, c.sprintView(s, sprints, view.Plans))
	}
	if view.Pushed, err = c.deps.Desk.HotfixCost(v.ctx()); err != nil {
		c.failed(v, err, "asking what a hotfix would push out")
		return
	}
	if err = c.addBacklog(v.ctx(), &view, sprints, after); err != nil {
		c.failed(v, err, "reading the backlog")
		return
	}
	if view.Board, err = c.board(v.ctx()); err != nil {
		c.failed(v, err, "reading the board")
		return
	}
	c.show(v, "planning", page.View{TitleKey: "planning", Current: planningURL, Data: view})
}

func (c *Console) sprintView(s ticket.InternalSprint, all []ticket.InternalSprint, plans bool) sprintView {
	out := sprintView{InternalSprint: s}
	for i, item := range s.Items {
		if item.Hotfix {
			out.Hotfixes++
		}
		if i >= sprintRows {
			continue
		}
		row := c.planRow(item)
		if !finished(row.State) {
			row.Plans, row.To = plans, roomElsewhere(all, s.Sprint)
		}
		out.Rows = append(out.Rows, row)
	}
	if out.Rest = len(s.Items) - len(out.Rows) + s.More; out.Rest > 0 {
		out.MoreURL = searchFor("sprint", s.Sprint)
	}
	return out
}

func finished(s ticket.State) bool { return s == ticket.StateResolved || s == ticket.StateClosed }

// planRow is an item of the roadmap as this page lists it.
func (c *Console) planRow(i ticket.InternalItem) planRow {
	return planRow{
		ID: i.ID, URL: ticketURL(i.ID), PlanURL: panelURL(i.ID, "plan"), Title: i.Subject, Severity: i.Severity, State: i.State,
		Assignee: c.name(i.Assignee), Hotfix: i.Hotfix, Late: i.Late,
	}
}

// roomElsewhere are the sprints with room that a ticket is not in.
func roomElsewhere(all []ticket.InternalSprint, in string) (to []string) {
	for _, s := range all {
		if s.Sprint != in && s.Free() > 0 {
			to = append(to, s.Sprint)
		}
	}
	return to
}

// addBacklog adds a page of the bugs that no sprint has, the most urgent first.
func (c *Console) addBacklog(ctx context.Context, view *planningView, sprints []ticket.InternalSprint, after string) error {
	l := lister{store: c.deps.Store, now: c.deps.Now()}
	rows, err := l.rows(ctx, ticket.SectionBacklog, after, backlogRows+1)
	if err != nil {
		return err
	}
	if len(rows) > backlogRows {
		rows = rows[:backlogRows]
		view.Next = planningURL + "?" + url.Values{"after": {rows[backlogRows-1].Key}}.Encode() + "#backlog"
	}
	tickets, err := l.read(ctx, rows)
	for _, t := range tickets {
		if t.ID == "" || t.Sprint.Name != "" {
			continue // it has moved on meanwhile
		}
		row := c.planRow(t.RoadmapItem())
		row.Plans, row.To = view.Plans, roomElsewhere(sprints, "")
		view.Backlog = append(view.Backlog, row)
	}
	return err
}

// board is a column for each state in the order of a ticket's life: the oldest first,
// and the newest of what is finished.
func (c *Console) board(ctx context.Context) ([]column, error) {
	var columns []column
	for _, state := range ticket.States() {
		filter := store.TicketFilter{Status: state}
		found, err := c.deps.Store.Chronicle(ctx, filter, finished(state), c.deps.Now(), "", columnRows)
		if err != nil {
			return nil, err
		}
		n, err := c.deps.Store.TicketsUpTo(ctx, state, counted)
		if err != nil {
			return nil, err
		}
		col := column{State: state, URL: searchFor("status", string(state)), Many: n == counted}
		for _, t := range found.Items {
			row := c.planRow(t.RoadmapItem())
			row.Severity = t.Level()
			col.Cards = append(col.Cards, row)
		}
		col.Rest = max(0, n-len(col.Cards))
		columns = append(columns, col)
	}
	return columns, nil
}

// searchFor lists all tickets that have something in common.
func searchFor(filter, value string) string {
	return searchURL + "?" + url.Values{filter: {value}}.Encode()
}
