package console

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

type inboxView struct {
	shell
	Role   ticket.Role
	Roles  []roleLink // to choose from; none for who has one role
	Groups []groupView
	Group  ticket.Turn // that is opened; "" for all
	Empty  bool        // nothing is our turn
	Client int         // … and so many wait for their reporters
	Now    time.Time
}

type roleLink struct {
	Role ticket.Role
	URL  string
	Here bool
}

type groupView struct {
	Turn  ticket.Turn
	Count int
	More  bool
	Rows  []rowView
	Open  bool
	Next  string // URL of what follows
}

// rowView is one line of a list of tickets. Other screens show it too, by the template
// "row".
type rowView struct {
	ID       ticket.ID
	URL      string
	Title    string
	State    ticket.State
	Level    ticket.Severity // "" where nobody has marked any
	Sure     bool            // … it is confirmed
	Since    time.Time       // how long it has waited
	Promise  ticket.PromiseKind
	By       time.Time
	Sprint   string
	Sender   string
	Trust    trustView
	Assignee string
	News     string // key of the words; "" for none
}

func (c *Console) row(t ticket.Ticket) rowView {
	reporter, _ := t.Reporter()
	v := rowView{
		ID: t.ID, URL: ticketURL(t.ID), Title: t.Heading(), State: t.State, Level: t.Level(), Sure: t.Severity != "",
		Since: t.Opened, Sprint: t.Sprint.Name, Sender: reporter.Address, Trust: trustOf(t.Verdict), Assignee: c.name(t.Assignee), News: newsOf(t),
	}
	if !v.Sure && t.Claim.Where == ticket.WhereNone {
		v.Level = ""
	}
	for _, since := range []time.Time{t.Answered, t.Since} {
		if !since.IsZero() {
			v.Since = since
			break
		}
	}
	v.Promise, v.By, _ = t.NextPromise()
	return v
}

// newsOf is what is new about a ticket for who looks at a list; "" for nothing.
func newsOf(t ticket.Ticket) string {
	switch {
	case !t.Answered.IsZero():
		return "news.answered"
	case t.State == ticket.StateInvestigating && t.Failed > 0:
		return "news.failed"
	case t.State == ticket.StateReported && !t.Reopened.IsZero():
		return "news.reopened"
	case t.State == ticket.StateReported && t.Assignee == "" && t.Heard.IsZero():
		return "news.new"
	}
	return ""
}

// name is how one of ours is called; an address that is not listed is itself.
func (c *Console) name(address string) string {
	for _, s := range c.cfg.Staff {
		if s.Name != "" && ticket.FoldAddress(s.Address) == ticket.FoldAddress(address) {
			return s.Name
		}
	}
	return address
}

// inbox shows what waits for the reader's role, the most urgent first, and folded below
// it what waits for others. A page of a group follows its cursor.
func (c *Console) inbox(v visit) {
	q := v.r.URL.Query()
	view := inboxView{shell: c.shell(v), Role: roleOf(v, q.Get("role")), Group: ticket.Turn(q.Get("group")), Now: c.deps.Now()}
	view.Roles = roleLinks(v.who.Roles, view.Role)
	if len(view.Roles) > 0 && q.Has("role") {
		c.remember(v.w, roleCookie, string(view.Role))
	}
	groups := ticket.Inbox(view.Role)
	l := lister{store: c.deps.Store, groups: groups, reader: v.who.Address, now: view.Now}
	for i, g := range groups {
		if view.Group != "" && g.Turn != view.Group {
			continue
		}
		one, err := c.groupView(v, l, view, g, i == 0)
		if errors.Is(err, store.ErrInvalid) {
			c.deps.Site.Error(v.w, v.r, http.StatusBadRequest)
			return
		}
		if err != nil {
			c.failed(v, err, "reading the inbox")
			return
		}
		switch {
		case g.Turn == ticket.TurnOurs:
			view.Empty = len(one.Rows) == 0
		case g.Turn == ticket.TurnClient:
			view.Client = one.Count
		}
		if len(one.Rows) > 0 {
			view.Groups = append(view.Groups, one)
		}
	}
	c.show(v, "inbox", page.View{TitleKey: "inbox.title", Current: Home, Data: view})
}

func (c *Console) groupView(v visit, l lister, view inboxView, g ticket.InboxGroup, ours bool) (groupView, error) {
	limit, after := otherRows, ""
	if ours || view.Group != "" {
		limit = inboxRows
	}
	if view.Group != "" {
		after = v.r.URL.Query().Get("after")
	}
	read, err := l.group(v.ctx(), g, after, limit)
	if err != nil {
		return groupView{}, err
	}
	out := groupView{Turn: g.Turn, Open: ours || view.Group != ""}
	if out.Count, out.More, err = l.count(v.ctx(), g); err != nil {
		return groupView{}, err
	}
	for _, t := range read.Tickets {
		out.Rows = append(out.Rows, c.row(t.Ticket))
	}
	if read.Next != "" {
		next := url.Values{"role": {string(view.Role)}, "group": {string(g.Turn)}, "after": {read.Next}}
		out.Next = Home + "?" + next.Encode()
	}
	return out, nil
}

const roleCookie = "role"

// roleOf is the role whose inbox is shown: the one asked for, else the one chosen last,
// else the first of his.
func roleOf(v visit, asked string) ticket.Role {
	chosen := ""
	if cookie, err := v.r.Cookie(roleCookie); err == nil {
		chosen = cookie.Value
	}
	for _, r := range []string{asked, chosen} {
		if slices.Contains(v.who.Roles, ticket.Role(r)) && slices.Contains(ticket.InboxRoles(), ticket.Role(r)) {
			return ticket.Role(r)
		}
	}
	for _, r := range ticket.InboxRoles() {
		if slices.Contains(v.who.Roles, r) {
			return r
		}
	}
	return ticket.RoleSupport
}

func roleLinks(roles []ticket.Role, here ticket.Role) []roleLink {
	var links []roleLink
	for _, r := range ticket.InboxRoles() {
		if slices.Contains(roles, r) {
			links = append(links, roleLink{r, Home + "?" + url.Values{"role": {string(r)}}.Encode(), r == here})
		}
	}
	if len(links) == 1 {
		return nil
	}
	return links
}

// remember keeps a choice of his in the browser. It holds no secret.
func (c *Console) remember(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: Home, MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: c.cfg.Secure, SameSite: http.SameSiteStrictMode,
	})
}

// rows shows some tickets as lists show them, for a page that puts them in place of
// what it has: ?ids=AIS-…,AIS-….
func (c *Console) rows(v visit) {
	var ids []ticket.ID
	for text := range strings.SplitSeq(v.r.URL.Query().Get("ids"), ",") {
		if id, ok := ticket.ParseID(c.cfg.Prefix, text); ok && len(ids) < inboxRows {
			ids = append(ids, id)
		}
	}
	tickets, err := c.deps.Store.Tickets(v.ctx(), ids...)
	if err != nil {
		c.failed(v, err, "reading rows")
		return
	}
	rows := make([]rowView, len(tickets))
	for i, t := range tickets {
		rows[i] = c.row(t)
	}
	out, err := c.pages.Part(v.r, "inbox", "rows", page.View{Lang: v.who.Language, Data: rows})
	if err != nil {
		c.failed(v, err, "writing rows")
		return
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = v.w.Write(out) // the reader's loss
}

func ticketURL(id ticket.ID) string { return "/console/tickets/" + string(id) }

func panelURL(id ticket.ID, word string) string { return ticketURL(id) + "/do/" + word }
