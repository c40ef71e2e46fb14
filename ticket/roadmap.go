package ticket

import "slices"

// InternalRoadmap is the roadmap as staff read it: with tracking IDs, subjects and
// who works on what.
type InternalRoadmap struct {
	Period   string           `json:"period"`             // 2026-Q4 or 2026
	Sprints  []InternalSprint `json:"sprints,omitempty"`  // of a quarter
	Quarters []InternalPart   `json:"quarters,omitempty"` // of a year
	Requests []InternalItem   `json:"requests,omitempty"` // accepted wishes of the period
}

// InternalSprint is one sprint with the tickets that are in it, the worst first.
type InternalSprint struct {
	SprintLoad
	Current bool           `json:"current,omitempty"`
	Items   []InternalItem `json:"items"`
	More    int            `json:"more,omitempty"` // beyond those listed
}

// InternalPart is a quarter of a year in numbers, with its fixes, the worst first.
type InternalPart struct {
	Quarter string         `json:"quarter"`
	Planned int            `json:"planned"`
	InWork  int            `json:"in_work"`
	Done    int            `json:"done"`
	Items   []InternalItem `json:"items"`
	More    int            `json:"more,omitempty"` // beyond those listed
}

// InternalItem is one fix or wish.
type InternalItem struct {
	RoadmapItem
	ID       ID     `json:"id"`
	Subject  string `json:"subject"` // the reporter's own
	Assignee string `json:"assignee,omitempty"`
	Hotfix   bool   `json:"hotfix,omitempty"`
}

// maxHeadlines is how many fixes the public view of a quarter names.
const maxHeadlines = 10

// RoadmapItem is the ticket as staff read it on the roadmap. It stands at its stage:
// that it waits for its reporter is between him and us.
func (t Ticket) RoadmapItem() InternalItem {
	return InternalItem{
		RoadmapItem: RoadmapItem{
			Title: t.Title, Category: t.Category.Name, Severity: t.Severity, State: t.Stage(),
			Sprint: t.Sprint.Name, Quarter: t.Quarter, Late: t.First != "" && t.Sprint.Name > t.First,
		},
		ID: t.ID, Subject: t.Subject, Assignee: t.Assignee, Hotfix: t.Hotfix,
	}
}

// Public is what everybody may read of the roadmap: what staff gave a public title,
// and how much else there is.
func (r InternalRoadmap) Public() Roadmap {
	out := Roadmap{Period: r.Period}
	for _, s := range r.Sprints {
		p := RoadmapSprint{SprintLoad: s.SprintLoad, Current: s.Current, Items: titled(s.Items)}
		p.Untitled = len(s.Items) - len(p.Items) + s.More
		out.Sprints = append(out.Sprints, p)
	}
	for _, q := range r.Quarters {
		headlines := titled(q.Items)
		out.Quarters = append(out.Quarters, RoadmapPart{
			Quarter: q.Quarter, Planned: q.Planned, InWork: q.InWork, Done: q.Done,
			Headlines: headlines[:min(maxHeadlines, len(headlines))],
		})
	}
	if wishes := titled(r.Requests); len(wishes) > 0 {
		out.Requests = wishes
	}
	return out
}

// titled are the public parts of the items that have a public title.
func titled(items []InternalItem) []RoadmapItem {
	public := make([]RoadmapItem, 0, len(items))
	for _, i := range items {
		if i.Title != "" {
			public = append(public, i.RoadmapItem)
		}
	}
	return slices.Clip(public)
}
