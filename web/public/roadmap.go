package public

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// roadmapView is a quarter or a year as the pages show it.
type roadmapView struct {
	ticket.Roadmap
	Year           string // the year that it is of, or is
	Previous, Next string // periods
	Chart          chart
}

// HasRows reports whether the table of a quarter has any.
func (v roadmapView) HasRows() bool {
	for _, s := range v.Sprints {
		if len(s.Items) > 0 || s.Untitled > 0 {
			return true
		}
	}
	return false
}

// roadmap shows the current quarter, a quarter or a year; with .ics behind the
// period, its sprints as a calendar.
func (d *Door) roadmap(w http.ResponseWriter, r *http.Request) {
	period, calendar := strings.CutSuffix(r.PathValue("period"), ".ics")
	if calendar {
		d.calendar(w, r, period)
		return
	}
	m, err := d.parts.Desk.Roadmap(r.Context(), period)
	if d.noPeriod(w, r, err) {
		return
	}
	v := roadmapView{Roadmap: m, Year: m.Period}
	name := "year"
	if q, err := ticket.ParseQuarter(m.Period); err == nil {
		name, v.Year = "quarter", fmt.Sprintf("%04d", q.Year)
		v.Previous, v.Next = q.Previous().String(), q.Next().String()
		v.Chart = draw(m.Sprints, d.parts.Now())
	} else if q, err := ticket.ParseQuarter(m.Period + "-Q1"); err == nil {
		v.Previous, v.Next = fmt.Sprintf("%04d", q.Year-1), fmt.Sprintf("%04d", q.Year+1)
	}
	d.site.Write(w, r, name, page.View{
		Title: d.site.Texts(r)("roadmap.title", d.parts.Texts.Wording(d.site.Language(r)).Period(m.Period)), Current: "/roadmap", Data: v, Packed: true,
	})
}

// noPeriod answers where the roadmap could not be had.
func (d *Door) noPeriod(w http.ResponseWriter, r *http.Request, err error) bool {
	var unknown *desk.PeriodError
	switch {
	case err == nil:
		return false
	case errors.As(err, &unknown):
		d.parts.Site.Error(w, r, http.StatusNotFound)
	default:
		d.parts.Site.Failed(w, r, err, "reading the roadmap")
	}
	return true
}

func (d *Door) calendar(w http.ResponseWriter, r *http.Request, period string) {
	text, err := d.parts.Desk.RoadmapCalendar(r.Context(), period)
	if d.noPeriod(w, r, err) {
		return
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="roadmap-`+period+`.ics"`)
	_, _ = w.Write([]byte(text)) // the reader's loss
}
