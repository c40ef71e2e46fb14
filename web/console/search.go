package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// Bounds of a search.
const (
	searchRows    = 25
	searchScanned = 1000 // tickets that are read for a page at most
	maxQuery      = 200  // runes of words that are looked for
)

type searchView struct {
	shell
	page.Form        // the filters
	Query     string // words that were looked for
	Rows      []rowView
	Next      string // URL of what follows
	Part      bool   // it is not the first page
	FirstURL  string
	Filtered  bool // by more than words
	Asked     bool
	Unfilter  string // URL of the same words without filters
}

// search finds tickets by words, filters, or both. What is asked for stands in the
// address, so that it can be kept and sent on.
func (c *Console) search(v visit) {
	q := v.r.URL.Query()
	form, err := c.filters(v)
	if err != nil {
		c.failed(v, err, "making filters")
		return
	}
	form.Read(q)
	view := searchView{shell: c.shell(v), Form: form, Query: clipped(q.Get("q")), Part: q.Get("after") != ""}
	filter := filterOf(form)
	view.Filtered = filter != (store.TicketFilter{})
	view.Asked = view.Query != "" || view.Filtered
	view.FirstURL, view.Unfilter = c.searchPage(view, ""), searchURL+"?"+url.Values{"q": {view.Query}}.Encode()
	if view.Asked {
		if id, ok := ticket.ParseID(c.cfg.Prefix, view.Query); ok && !view.Filtered {
			if _, found, err := c.deps.Store.Ticket(v.ctx(), id); err == nil && found {
				http.Redirect(v.w, v.r, ticketURL(id), http.StatusSeeOther)
				return
			}
		}
		found, err := c.tickets(v.ctx(), view.Query, filter, q.Get("after"))
		if errors.Is(err, store.ErrInvalid) {
			c.deps.Site.Error(v.w, v.r, http.StatusBadRequest)
			return
		}
		if err != nil {
			c.failed(v, err, "searching")
			return
		}
		for _, t := range found.Items {
			view.Rows = append(view.Rows, c.row(t))
		}
		if found.Next != "" {
			view.Next = c.searchPage(view, found.Next)
		}
	}
	c.show(v, "search", page.View{TitleKey: "search.title", Current: searchURL, Data: view})
}

func clipped(words string) string {
	runes := []rune(strings.TrimSpace(strings.ToValidUTF8(words, "\uFFFD")))
	return string(runes[:min(len(runes), maxQuery)])
}

// searchPage is the address of a page of what is asked for.
func (c *Console) searchPage(view searchView, after string) string {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("q", view.Query)
	for _, f := range view.Fields {
		set(f.Name, f.Value)
	}
	set("after", after)
	return searchURL + "?" + q.Encode()
}

// nobody is the assignee of tickets that nobody has.
const nobody = "none"

func filterOf(form page.Form) store.TicketFilter {
	known := func(name string) string {
		for _, f := range form.Fields {
			if f.Name == name && f.Known() {
				return f.Value
			}
		}
		return ""
	}
	f := store.TicketFilter{
		Status: ticket.State(known("status")), Severity: ticket.Severity(known("severity")), Category: known("category"),
		Kind: ticket.Kind(known("kind")), Assignee: known("assignee"), Sprint: form.Value("sprint"), Reporter: form.Value("reporter"),
	}
	if f.Assignee == nobody {
		f.Assignee, f.Unassigned = "", true
	}
	return f
}

// tickets reads pages of an index, of words if there are some, until a page of tickets
// passes the filter. A page that goes on may be empty.
func (c *Console) tickets(ctx context.Context, words string, filter store.TicketFilter, after string) (store.Page[ticket.Ticket], error) {
	out := store.Page[ticket.Ticket]{Next: after}
	for read := 0; read < searchScanned; {
		found, err := c.indexed(ctx, words, filter, out.Next, searchRows-len(out.Items))
		if err != nil {
			return out, err
		}
		for _, t := range found.Items {
			if filter.Holds(t) {
				out.Items = append(out.Items, t)
			}
		}
		read += max(len(found.Items), 1)
		if out.Next = found.Next; out.Next == "" || len(out.Items) == searchRows {
			break
		}
	}
	return out, nil
}

// indexed reads tickets by their words, the best first, or by an index of the store, the
// newest first. The words' index may be behind, the store is not.
func (c *Console) indexed(ctx context.Context, words string, filter store.TicketFilter, after string, limit int) (store.Page[ticket.Ticket], error) {
	if words == "" {
		return c.deps.Store.Chronicle(ctx, filter, true, c.deps.Now(), after, limit)
	}
	if c.deps.Search == nil {
		return store.Page[ticket.Ticket]{}, nil
	}
	ids, next := c.deps.Search(words, after, limit)
	found, err := c.deps.Store.Tickets(ctx, ids...)
	return store.Page[ticket.Ticket]{Items: found, Next: next}, err
}

// filters are the fields that narrow a search.
func (c *Console) filters(v visit) (page.Form, error) {
	say, lang := c.say(v), v.who.Language
	in := c.pages.In(lang)
	choose := func(name string, options []page.Option) page.Field {
		all := append([]page.Option{{Label: say("search.any")}}, options...)
		return page.Field{Name: name, Kind: page.FieldSelect, Label: say("search." + name), Options: all}
	}
	var states, levels, kinds, categories, people []page.Option
	for _, s := range ticket.States() {
		states = append(states, page.Option{Value: string(s), Label: in.StateName(s)})
	}
	for _, s := range []ticket.Severity{ticket.SeverityCritical, ticket.SeverityHigh, ticket.SeverityNormal, ticket.SeverityLow} {
		levels = append(levels, page.Option{Value: string(s), Label: in.SeverityName(s)})
	}
	for _, k := range []ticket.Kind{ticket.KindBug, ticket.KindQuestion, ticket.KindFeatureRequest} {
		kinds = append(kinds, page.Option{Value: string(k), Label: k.In(lang)})
	}
	for _, t := range c.deps.Desk.Terms().Categories {
		categories = append(categories, page.Option{Value: t.Name, Label: in.Category(t.Name)})
	}
	people = append(people, page.Option{Value: nobody, Label: say("unassigned")})
	for _, s := range c.cfg.Staff {
		people = append(people, page.Option{Value: s.Address, Label: c.name(s.Address)})
	}
	return page.Form{Fields: []page.Field{
		choose("status", states), choose("severity", levels), choose("category", categories), choose("kind", kinds), choose("assignee", people),
		{Name: "sprint", Kind: page.FieldText, Label: say("search.sprint"), Max: 10},
		{Name: "reporter", Kind: page.FieldText, Label: say("search.reporter"), Max: shortText},
	}}, nil
}
