package templates

import (
	"aismarttalk.tech/supportd/ticket"
)

// maxRoadmapRows bounds what a letter lists of one sprint, quarter or of the
// wishes; the roadmap itself has all.
const maxRoadmapRows = 10

// roadmapView is the public roadmap in words.
type roadmapView struct {
	Period   string
	Sprints  []roadmapSprint
	Quarters []roadmapQuarter
	Wishes   roadmapList
}

type roadmapSprint struct {
	Sprint, Days string
	Current      bool
	Untitled     int
	roadmapList
}

type roadmapQuarter struct {
	Quarter               string
	Planned, InWork, Done int
	roadmapList
}

type roadmapList struct {
	Items []roadmapItem
	More  int
}

type roadmapItem struct {
	Title    quoted
	Category string
	State    string
	Quarter  string
	Late     bool
}

func (s *Set) roadmap(r *ticket.Roadmap, w words) *roadmapView {
	if r == nil {
		return nil
	}
	v := &roadmapView{Period: w.period(r.Period), Wishes: w.roadmapList(r.Requests)}
	for _, p := range r.Sprints {
		v.Sprints = append(v.Sprints, roadmapSprint{
			Sprint: sprint(p.Sprint), Days: w.days(s.local(p.Start), s.local(p.End)),
			Current: p.Current, Untitled: p.Untitled, roadmapList: w.roadmapList(p.Items),
		})
	}
	for _, q := range r.Quarters {
		v.Quarters = append(v.Quarters, roadmapQuarter{
			Quarter: w.period(q.Quarter), Planned: q.Planned, InWork: q.InWork, Done: q.Done,
			roadmapList: w.roadmapList(q.Headlines),
		})
	}
	return v
}

func (w words) roadmapList(items []ticket.RoadmapItem) roadmapList {
	var l roadmapList
	for i, item := range items {
		if i == maxRoadmapRows {
			l.More = len(items) - i
			break
		}
		row := roadmapItem{
			Title: title(item.Title), Category: w.category(item.Category),
			State: w.States[item.State], Quarter: w.period(item.Quarter), Late: item.Late,
		}
		if item.State == ticket.StateWaiting { // whom we wait for is not public
			row.State = ""
		}
		l.Items = append(l.Items, row)
	}
	return l
}
