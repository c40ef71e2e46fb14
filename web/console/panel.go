package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// panelView is the page of one command: its fields, and what stands in its way.
type panelView struct {
	shell
	ticketHead
	action
	page.Form
	Internal bool   // a note: nobody outside reads it
	To       string // whom the letter goes to, where the command is a letter
	Saved    bool   // what stands in the fields is a draft
	Refusal  string // why what was sent was not done
}

// DraftURL takes what is being written, for a page that sends it by itself.
func (p panelView) DraftURL() string { return p.TicketURL + "/drafts/" + p.Word }

// panel shows the fields of a command, as the draft has them or as the ticket stands.
func (c *Console) panel(v visit) {
	t, word, ok := c.findPanel(v)
	if !ok {
		return
	}
	form, err := c.form(v, t, word)
	if err != nil {
		c.failed(v, err, "making a panel")
		return
	}
	drafts, err := c.deps.Store.Drafts(v.ctx(), t.ID, v.who.Address)
	if err != nil {
		c.failed(v, err, "reading drafts")
		return
	}
	draft, saved := drafts[word.Name]
	if saved {
		sent := url.Values{}
		for name, value := range draft.Fields {
			sent.Set(name, value)
		}
		form.Read(sent)
	}
	view := c.panelView(v, t, word, form)
	view.Saved = saved
	refused, err := c.deps.Desk.Refusals(v.ctx(), t.ID, v.actor())
	if err != nil {
		c.failed(v, err, "asking what a ticket would obey")
		return
	}
	if why := refused[word.Name]; why != nil {
		view.Refused = why.In(v.who.Language)
	}
	c.showPanel(v, 0, view)
}

// findPanel reads the ticket and the command of the path. If one is not there it has
// answered, and reports false.
func (c *Console) findPanel(v visit) (ticket.Ticket, ticket.CommandWord, bool) {
	word, ok := commandWord(v.r.PathValue("word"))
	if !ok {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return ticket.Ticket{}, word, false
	}
	t, ok := c.find(v)
	return t, word, ok
}

func (c *Console) panelView(v visit, t ticket.Ticket, w ticket.CommandWord, form page.Form) panelView {
	view := panelView{
		shell: c.shell(v), ticketHead: headOf(t), Form: form, Internal: w.Name == "note",
		action: action{Word: w.Name, Name: c.wordName(w, v.who.Language), About: w.About.In(v.who.Language), URL: panelURL(t.ID, w.Name)},
	}
	if reporter, ok := t.Reporter(); ok && (w.Name == "reply" || w.Name == "ask") {
		view.To = reporter.Address
	}
	return view
}

func (c *Console) showPanel(v visit, status int, view panelView) {
	c.show(v, "panel", page.View{Status: status, Title: view.Name + " " + string(view.ID), Data: view})
}

// form makes the fields of a command, filled in with how the ticket stands.
func (c *Console) form(v visit, t ticket.Ticket, w ticket.CommandWord) (page.Form, error) {
	var form page.Form
	for _, f := range fieldsOf(w) {
		one, err := c.field(v, t, w, f)
		if err != nil {
			return form, err
		}
		form.Fields = append(form.Fields, one)
	}
	return form, nil
}

// shortText is the longest line, in runes.
const shortText = 320

func (c *Console) field(v visit, t ticket.Ticket, w ticket.CommandWord, f ticket.OrderField) (page.Field, error) {
	say := c.pages.In(v.who.Language).T
	label, err := say("field." + string(f))
	if special, serr := say("field." + w.Name + "." + string(f)); serr == nil {
		label, err = special, nil
	}
	if err != nil {
		return page.Field{}, err
	}
	one := page.Field{Name: string(f), Kind: page.FieldText, Label: label, Max: shortText, Required: needs(w, f)}
	one.Hint, _ = say("hint." + w.Name + "." + string(f)) // most have none
	switch f {
	case ticket.FieldText, ticket.FieldHow, ticket.FieldReason, ticket.FieldVerified, ticket.FieldLimits, ticket.FieldQuestions:
		one.Kind, one.Max = page.FieldArea, ticket.MaxText
	case ticket.FieldTitle:
		one.Value = t.Title
	case ticket.FieldInto, ticket.FieldOther:
		if one.Hint, err = say("hint.id", c.cfg.Prefix+"-7K3Q-M2XQ"); err != nil {
			return one, err
		}
	case ticket.FieldSeverity, ticket.FieldCategory, ticket.FieldKind, ticket.FieldResult, ticket.FieldHotfix, ticket.FieldSprint, ticket.FieldTo, ticket.FieldClosing:
		one.Kind, one.Max = page.FieldSelect, 0
		if one.Options, err = c.options(v, t, w, f); err != nil {
			return one, err
		}
		one.Required = len(one.Options) > 0 && one.Options[0].Value != ""
		for _, o := range one.Options {
			if o.Chosen {
				one.Value = o.Value
			}
		}
	}
	return one, nil
}

// sprintsOffered is among how many sprints, the current one first, a ticket is planned.
const sprintsOffered = 6

func needs(w ticket.CommandWord, f ticket.OrderField) bool {
	for _, n := range w.Needs {
		if n == f {
			return true
		}
	}
	return w.Name == "ask" && f == ticket.FieldQuestions
}

// options are the values of a field that are a list, with how the ticket stands
// chosen.
func (c *Console) options(v visit, t ticket.Ticket, w ticket.CommandWord, f ticket.OrderField) ([]page.Option, error) {
	lang, in := v.who.Language, c.pages.In(v.who.Language)
	var all []page.Option
	add := func(value, label string, chosen bool) {
		all = append(all, page.Option{Value: value, Label: label, Chosen: chosen})
	}
	word := func(key string) string {
		text, err := in.T(key)
		if err != nil {
			return key
		}
		return text
	}
	switch f {
	case ticket.FieldSeverity:
		for _, s := range []ticket.Severity{ticket.SeverityCritical, ticket.SeverityHigh, ticket.SeverityNormal, ticket.SeverityLow} {
			add(string(s), s.In(lang), s == t.Level())
		}
	case ticket.FieldCategory:
		for _, term := range c.deps.Desk.Terms().Categories {
			add(term.Name, in.Category(term.Name), term.Name == t.Category.Name)
		}
	case ticket.FieldKind:
		for _, k := range []ticket.Kind{ticket.KindBug, ticket.KindQuestion, ticket.KindFeatureRequest} {
			add(string(k), k.In(lang), k == t.Kind)
		}
	case ticket.FieldResult:
		results := []ticket.Result{ticket.ResultFixed, ticket.ResultWorkaround}
		if w.Name == "resolve" {
			results = []ticket.Result{ticket.ResultAnswer, ticket.ResultFixed, ticket.ResultWorkaround}
		}
		for i, r := range results {
			add(string(r), r.In(lang), i == 0)
		}
	case ticket.FieldHotfix:
		add("", word("no"), !t.Hotfix)
		add("true", word("yes"), t.Hotfix)
	case ticket.FieldClosing:
		add(string(ticket.ClosingStaff), word("closing.staff"), true)
		add(string(ticket.ClosingConfirmed), word("closing.confirmed"), false)
	case ticket.FieldTo:
		for _, s := range c.cfg.Staff {
			add(s.Address, c.name(s.Address), ticket.FoldAddress(s.Address) == ticket.FoldAddress(v.who.Address))
		}
	case ticket.FieldSprint:
		return c.sprints(v, word)
	}
	return all, nil
}

// sprints are the current one and those to come, with how full they are; without one,
// capacity decides.
func (c *Console) sprints(v visit, word func(string) string) ([]page.Option, error) {
	all := []page.Option{{Label: word("sprint.any"), Chosen: true}}
	sprints, err := c.deps.Desk.SprintsAhead(v.ctx(), sprintsOffered)
	if err != nil {
		return nil, fmt.Errorf("reading the sprints: %w", err)
	}
	for _, s := range sprints {
		label := fmt.Sprintf("%s (%d/%d)", s.Sprint, s.Taken, s.Capacity)
		all = append(all, page.Option{Value: s.Sprint, Label: label})
	}
	return all, nil
}

// orderOf makes an order of a form that was sent. Values are as people write them: the
// desk reads them.
func orderOf(w ticket.CommandWord, form page.Form) (ticket.Order, error) {
	set := map[string]any{"command": w.Name}
	for _, f := range form.Fields {
		switch {
		case f.Value == "":
		case f.Name == string(ticket.FieldHotfix):
			set[f.Name] = true
		case f.Name == string(ticket.FieldQuestions):
			set[f.Name] = strings.Split(f.Value, "\n")
		default:
			set[f.Name] = f.Value
		}
	}
	if w.Name == "close" && set["closing"] == string(ticket.ClosingConfirmed) {
		delete(set, "reason") // which only a closing of ours has
	}
	var o ticket.Order
	text, err := json.Marshal(set)
	if err == nil {
		err = json.Unmarshal(text, &o)
	}
	if err != nil {
		return o, fmt.Errorf("reading a form: %w", err)
	}
	return o, nil
}
