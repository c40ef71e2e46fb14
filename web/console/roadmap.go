package console

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// roadmapRows bounds what is shown of one sprint or quarter.
const roadmapRows = 20

type roadmapView struct {
	shell
	Period         string
	Year           string // that the period is in
	Previous, Next string // periods
	Sprints        []roadmapPart
	Quarters       []roadmapPart
	Wishes         []roadmapRow
	PublicURL      string
}

// roadmapPart is a sprint or a quarter of a year with what is in it.
type roadmapPart struct {
	Name    string
	Sprint  *ticket.InternalSprint // nil for a quarter …
	Quarter *ticket.InternalPart   // … and nil for a sprint
	Rows    []roadmapRow
	Rest    int
	MoreURL string
}

type roadmapRow struct {
	ticket.InternalItem
	URL      string
	Assigned string
}

// roadmap shows staff the roadmap of a quarter or a year, with names and subjects.
func (c *Console) roadmap(v visit) {
	m, err := c.deps.Desk.InternalRoadmap(v.ctx(), v.r.URL.Query().Get("period"))
	var bad *desk.PeriodError
	if errors.As(err, &bad) {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return
	}
	if err != nil {
		c.failed(v, err, "reading the roadmap")
		return
	}
	view := roadmapView{shell: c.shell(v), Period: m.Period, Wishes: c.roadmapRows(m.Requests), PublicURL: publicRoadmap(m.Period)}
	view.Previous, view.Next, view.Year = around(m.Period)
	for i, s := range m.Sprints {
		part := roadmapPart{Name: s.Sprint, Sprint: &m.Sprints[i], Rows: c.roadmapRows(s.Items)}
		part.Rest = len(s.Items) - len(part.Rows) + s.More
		part.MoreURL = searchFor("sprint", s.Sprint)
		view.Sprints = append(view.Sprints, part)
	}
	for i, q := range m.Quarters {
		part := roadmapPart{Name: q.Quarter, Quarter: &m.Quarters[i], Rows: c.roadmapRows(q.Items)}
		part.Rest = len(q.Items) - len(part.Rows) + q.More
		part.MoreURL = roadmapOf(q.Quarter)
		view.Quarters = append(view.Quarters, part)
	}
	c.show(v, "roadmap", page.View{TitleKey: "roadmap", Current: roadmapURL, Data: view})
}

func (c *Console) roadmapRows(items []ticket.InternalItem) []roadmapRow {
	var rows []roadmapRow
	for _, i := range items[:min(len(items), roadmapRows)] {
		rows = append(rows, roadmapRow{i, ticketURL(i.ID), c.name(i.Assignee)})
	}
	return rows
}

// around are the periods before and after one of ours, and its year.
func around(period string) (previous, next, year string) {
	if q, err := ticket.ParseQuarter(period); err == nil {
		return q.Previous().String(), q.Next().String(), fmt.Sprintf("%04d", q.Year)
	}
	n, _ := strconv.Atoi(period) // the desk has read it
	return fmt.Sprintf("%04d", n-1), fmt.Sprintf("%04d", n+1), period
}

func roadmapOf(period string) string {
	return roadmapURL + "?" + url.Values{"period": {period}}.Encode()
}

// publicRoadmap is the page that everybody may read.
func publicRoadmap(period string) string {
	if _, err := ticket.ParseQuarter(period); err == nil {
		return "/roadmap?quarter=" + url.QueryEscape(period)
	}
	return "/roadmap?year=" + url.QueryEscape(period)
}
