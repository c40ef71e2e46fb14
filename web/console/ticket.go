package console

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

type ticketView struct {
	shell
	ticketHead
	Thread  thread
	History bool // the thread as a table: who, what, when, why
	Facts   facts
	Actions []action // that can be done …
	Refused []action // … and that cannot, now or by the reader
	Reply   action
	Note    action
	Drafts  []draftLink
	Done    *doneView // what he has just done
	Readers []string  // who else has the page open
}

// ticketHead is the top of every page about one ticket.
type ticketHead struct {
	ID        ticket.ID
	TicketURL string
	Title     string
	State     ticket.State
	Event     int // the latest, which commands name as seen
	Language  string
}

func headOf(t ticket.Ticket) ticketHead {
	return ticketHead{ID: t.ID, TicketURL: ticketURL(t.ID), Title: t.Heading(), State: t.State, Event: t.Events, Language: t.Language}
}

// facts are how the ticket stands, beside its thread.
type facts struct {
	ticket.Ticket
	Step, Steps  int // of the process: 1 of 7
	Marked       bool
	Reporter     ticket.Participant
	Trust        trustView
	Assigned     string
	NextPromise  ticket.PromiseKind
	NextBy       time.Time
	Others       []ticket.Participant
	Acknowledged *letterItem // the first letter to the reporter
	Follows      []ticket.ID // linked, followed, merged: each has a page
}

// action is one command as the page offers it.
type action struct {
	Word    string // its name
	Name    string // as its reader calls it
	About   string
	URL     string
	Key     string // of the keyboard
	Refused string // why it cannot be done now; "" if it can
}

// doneView tells what a command has done, and how to take it back.
type doneView struct {
	Items []item
	Undo  string    // URL of its panel; "" where it cannot be taken back
	Until time.Time // letters leave then
}

// ticket shows one ticket: its thread, how it stands, and what the reader may do.
func (c *Console) ticket(v visit) {
	t, ok := c.find(v)
	if !ok {
		return
	}
	q := v.r.URL.Query()
	last, _ := strconv.Atoi(q.Get("until")) // no number is the latest page
	th, err := c.readThread(v.ctx(), t, last, v.who.Language)
	if err != nil {
		c.failed(v, err, "reading a thread")
		return
	}
	refused, err := c.deps.Desk.Refusals(v.ctx(), t.ID, v.actor())
	if err != nil {
		c.failed(v, err, "asking what a ticket would obey")
		return
	}
	drafts, err := c.drafts(v, t.ID)
	if err != nil {
		c.failed(v, err, "reading drafts")
		return
	}
	view := ticketView{
		shell: c.shell(v), ticketHead: headOf(t), Thread: th, History: q.Get("view") == "history", Facts: c.facts(t, th),
		Drafts: drafts, Readers: c.live.readers(t.ID, v.who.Address),
	}
	c.addActions(&view, t, v.who, refused)
	if done, err := strconv.Atoi(q.Get("done")); err == nil {
		view.Done = doneOf(t, th, done)
	}
	c.show(v, "ticket", page.View{Title: string(t.ID) + " " + t.Heading(), Data: view})
}

// find reads the ticket of the path. If there is none it has answered, and reports
// false: what is no ID is not told apart, since an address is copied as it is.
func (c *Console) find(v visit) (ticket.Ticket, bool) {
	id, ok := ticket.ParseID(c.cfg.Prefix, v.r.PathValue("id"))
	if !ok {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return ticket.Ticket{}, false
	}
	t, found, err := c.deps.Store.Ticket(v.ctx(), id)
	if err != nil {
		c.failed(v, err, "reading a ticket")
		return t, false
	}
	if !found {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
	}
	return t, found
}

func (c *Console) facts(t ticket.Ticket, th thread) facts {
	f := facts{
		Ticket: t, Marked: t.Claim.Where != "" && t.Claim.Where != ticket.WhereNone, Trust: trustOf(t.Verdict), Assigned: c.name(t.Assignee),
	}
	f.Reporter, _ = t.Reporter()
	f.NextPromise, f.NextBy, _ = t.NextPromise()
	steps := ticket.Track(t, nil)
	for i, s := range steps {
		if s.Current {
			f.Step = i + 1
		}
	}
	f.Steps = len(steps)
	for _, p := range t.Participants {
		if !p.Reporter {
			f.Others = append(f.Others, p)
		}
	}
	for _, one := range th.Items {
		for _, l := range one.Letters {
			if f.Acknowledged == nil && (l.Kind == ticket.NoticeAcknowledgement || l.Kind == ticket.NoticeFollowup) {
				f.Acknowledged = &l
			}
		}
	}
	for _, id := range append([]ticket.ID{t.Follows, t.MergedInto}, append(t.FollowedBy, t.Links...)...) {
		if id != "" {
			f.Follows = append(f.Follows, id)
		}
	}
	return f
}

// shortcutKeys are the keys of commands, as console.js has them.
func shortcutKeys() map[string]string {
	return map[string]string{
		"reply": "r", "note": "n", "classify": "s", "plan": "p", "start": "t", "test": "h", "pass": "y", "fail": "x", "assign": "a",
	}
}

// addActions adds all commands in the order of the table of verbs, those that are
// refused with the reason; reply and note stand by themselves.
func (c *Console) addActions(view *ticketView, t ticket.Ticket, who ticket.Staff, refused map[string]*ticket.Refused) {
	keys := shortcutKeys()
	for _, w := range ticket.Verbs() {
		if !offered(w) {
			continue
		}
		a := action{Word: w.Name, Name: c.wordName(w, who.Language), About: w.About.In(who.Language), URL: panelURL(t.ID, w.Name), Key: keys[w.Name]}
		if why := refused[w.Name]; why != nil {
			a.Refused = why.In(who.Language)
		}
		switch {
		case w.Name == "reply":
			view.Reply = a
		case w.Name == "note":
			view.Note = a
		case a.Refused != "":
			view.Refused = append(view.Refused, a)
		default:
			view.Actions = append(view.Actions, a)
		}
	}
}

// doneOf finds what one command has done among the events of a page.
func doneOf(t ticket.Ticket, th thread, command int) *doneView {
	var d doneView
	for _, one := range th.Items {
		if one.Event.Command != command {
			continue
		}
		d.Items = append(d.Items, one)
		for _, l := range one.Letters {
			if l.State == ticket.NoticeQueued && l.At.After(d.Until) {
				d.Until = l.At
			}
		}
		if one.Number == t.Events && one.Event.Kind != ticket.EventUndone {
			d.Undo = panelURL(t.ID, string(ticket.VerbUndo))
		}
	}
	if len(d.Items) == 0 {
		return nil
	}
	return &d
}

func threadURL(id ticket.ID, until int) string {
	return ticketURL(id) + "?" + url.Values{"until": {strconv.Itoa(until)}}.Encode()
}

func mailURL(id ticket.ID, mail string) string {
	return ticketURL(id) + "/mails/" + url.PathEscape(mail)
}

func attachmentURL(id ticket.ID, mail string, n int) string {
	return ticketURL(id) + "/attachments/" + url.PathEscape(mail+"."+strconv.Itoa(n))
}
