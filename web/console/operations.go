package console

import (
	"context"
	"time"

	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// Operations are how the daemon does. They hold nothing secret.
type Operations struct {
	Version     string
	Started     time.Time
	Checks      []Health
	Journal     journal.Stats
	Parked      []journal.Parked // mails that could not be filed, at most maxParked of them
	KeyVersions []string         // versions of the reply keys …
	Signs       string           // … and the one that signs
	Metrics     string           // where the metrics are read, such as http://127.0.0.1:9464/metrics; "" for nowhere
}

// Health is whether one part works.
type Health struct {
	Name string
	OK   bool
}

// maxParked bounds what is listed of parked mails.
const maxParked = 20

type operationsView struct {
	shell
	Operations
	Known   bool // something is known of the daemon
	Well    bool // all checks pass
	Outbox  []outboxCount
	Digests []digestRow
	Verbs   []string // commands for what the console does not do
}

// outboxCount is how many letters are in a state, and since when the oldest is owed.
type outboxCount struct {
	State  ticket.NoticeState
	Count  string
	Oldest time.Time
	URL    string
}

// operatorVerbs are commands of the operator: they need the machine, and are not given
// in a browser.
func operatorVerbs() []string {
	return []string{
		"supportd doctor", "supportd config check", "supportd replay", "supportd backup", "supportd restore",
		"supportd keys list", "supportd keys rotate", "supportd retention", "supportd person export", "supportd person erase", "supportd trace",
	}
}

// operations shows how supportd does: its parts, what waits in it, and who got his list.
func (c *Console) operations(v visit) {
	view := operationsView{shell: c.shell(v), Well: true, Verbs: operatorVerbs()}
	if c.deps.Operations != nil {
		view.Operations, view.Known = c.deps.Operations(v.ctx()), true
		view.Parked = view.Parked[:min(len(view.Parked), maxParked)]
	}
	for _, h := range view.Checks {
		view.Well = view.Well && h.OK
	}
	var err error
	if view.Outbox, err = c.outboxCounts(v.ctx()); err != nil {
		c.failed(v, err, "counting letters")
		return
	}
	if view.Digests, err = c.digestRows(v.ctx()); err != nil {
		c.failed(v, err, "reading digests")
		return
	}
	c.show(v, "operations", page.View{TitleKey: "operations", Current: operationsURL, Data: view})
}

func (c *Console) outboxCounts(ctx context.Context) ([]outboxCount, error) {
	var counts []outboxCount
	for _, state := range outboxStates() {
		n, err := c.deps.Store.NoticesUpTo(ctx, state, countLimit)
		if err != nil {
			return nil, err
		}
		one := outboxCount{State: state, Count: bounded(n), URL: outboxURL + "?state=" + string(state)}
		if n > 0 {
			first, err := c.deps.Store.NoticesIn(ctx, state, 1)
			if err != nil {
				return nil, err
			}
			for _, l := range first {
				one.Oldest = l.Owed
			}
		}
		counts = append(counts, one)
	}
	return counts, nil
}

// digestRow is one of ours with the last list that he got.
type digestRow struct {
	Name, Address, URL string
	At                 string // when he gets it by himself, 08:00; "" for never
	Last               *letterItem
	Owed               time.Time
}

func (c *Console) digestRows(ctx context.Context) ([]digestRow, error) {
	var rows []digestRow
	for _, s := range c.cfg.Staff {
		row := digestRow{Name: c.name(s.Address), Address: s.Address, URL: digestURL(s.Address), At: s.Digest.String()}
		last, err := c.deps.Desk.LastDigest(ctx, s.Address)
		if err != nil {
			return nil, err
		}
		if last != nil {
			l := letterOf(*last)
			row.Last, row.Owed = &l, last.Owed
		}
		rows = append(rows, row)
	}
	return rows, nil
}
