package page

import (
	"html/template"
	"net/http"
	"time"

	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
)

// Context is what a template sees: what the handler gave, and the words, dates and
// shapes of the page's language.
type Context struct {
	Lang    string
	Title   string
	Data    any
	Current string

	Desk            string // name of the desk
	Support         string // its address
	Style, Icon     string // addresses of the shell's
	Styles, Scripts []string
	Languages       []LanguageLink // to choose from; none where the page has its own

	titleKey string
	words    map[string]string
	frame    map[string]string
	wording  templates.Wording
	now      time.Time
}

func (p *Pages) context(r *http.Request, v View) Context {
	s := p.site
	have := p.Languages()
	lang := s.language(r, have)
	var links []LanguageLink
	if v.Lang != "" {
		lang = s.near(v.Lang, have)
	} else {
		links = languageLinks(r, have, lang)
	}
	return Context{
		Lang: lang, Title: v.Title, titleKey: v.TitleKey, Data: v.Data, Current: v.Current,
		Desk: s.cfg.DeskName, Support: s.cfg.Support,
		Style: s.assets.URL("style.css"), Icon: s.assets.URL("icon.svg"), Styles: p.source.Styles, Scripts: p.source.Scripts,
		Languages: links, words: p.words[lang], frame: s.frame[lang], wording: s.deps.Texts.Wording(lang), now: s.deps.Now(),
	}
}

// near is a language that there are words in, the nearest to the one that is
// wanted.
func (s *Site) near(want string, have []string) string {
	for _, tag := range ticket.NearLanguages(want) {
		for _, h := range have {
			if h == tag {
				return h
			}
		}
	}
	return s.wanted("", have)
}

// With is the context for a template that is given a part of the data.
func (c Context) With(data any) Context {
	c.Data = data
	return c
}

// T is a text of the pages' words, its verbs filled in.
func (c Context) T(key string, args ...any) (string, error) { return say(c.words, key, args) }

// N is a text for a number of things: key.one or key.other. The number is its first
// verb.
func (c Context) N(key string, n int, args ...any) (string, error) {
	form := ".other"
	if n == 1 {
		form = ".one"
	}
	return say(c.words, key+form, append([]any{n}, args...))
}

// Frame is a text of the shell's own words.
func (c Context) Frame(key string, args ...any) (string, error) { return say(c.frame, key, args) }

// Date is 7. december 2026 or 7 December 2026; "" for none, here and below.
func (c Context) Date(t time.Time) string { return c.wording.Date(t) }

// When is 7. december 2026 kl. 14.05 or 7 December 2026, 14:05.
func (c Context) When(t time.Time) string { return c.wording.DateAndTime(t) }

// Day is 7. december or 7 December.
func (c Context) Day(t time.Time) string { return c.wording.Day(t) }

// Clock is the time of day, kl. 14.05 or 14:05.
func (c Context) Clock(t time.Time) string { return c.wording.Clock(t) }

// Days is a range with its first and last day, 7.–20. december or 7–20 December.
func (c Context) Days(first, last time.Time) string { return c.wording.Days(first, last) }

// Period is a quarter in words, 4. kvartal 2026 or Q4 2026; a year is itself.
func (c Context) Period(p string) string { return c.wording.Period(p) }

// Category is the name of a category.
func (c Context) Category(category string) string { return c.wording.Category(category) }

// StateName and SeverityName are the words alone.
func (c Context) StateName(s ticket.State) string       { return c.wording.State(s) }
func (c Context) SeverityName(s ticket.Severity) string { return c.wording.Severity(s) }

// Label is a word with the sign that parts it from what follows.
func (c Context) Label(word string) string { return c.wording.Label(word) }

// ISO is a point of time for the datetime attribute of <time>.
func (c Context) ISO(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// State is a state's shape and its word.
func (c Context) State(s ticket.State) template.HTML {
	return StateShape(s).with("state "+string(s), c.wording.State(s))
}

// Severity is a severity's shape with its words: what the reporter marked it as, or
// what we confirmed.
func (c Context) Severity(s ticket.Severity, confirmed bool) template.HTML {
	name := c.wording.Severity(s)
	if name == "" {
		return ""
	}
	label, class := c.wording.Reported(), "claimed"
	if confirmed {
		label, class = c.wording.Confirmed(), "confirmed"
	}
	return SeverityShape(s).with("severity "+class+" "+string(s), c.wording.Label(label)+" "+name)
}

// Place is an entry of the navigation.
type Place struct {
	URL, Key string // Key is of the shell's own words
	Here     bool
}

// Place is an entry that leads to a page, or marks that it is this one.
func (c Context) Place(url, key string) Place { return Place{url, key, c.Current == url} }

// Step is a stage of the process: the shape says whether it is behind, here or
// ahead.
func (c Context) Step(s ticket.Step) template.HTML {
	shape := StateShape(ticket.StateReported)
	switch {
	case s.Current:
		shape = StateShape(s.State)
	case !s.At.IsZero():
		shape = StateShape(ticket.StateResolved) // a tick
	}
	return shape.with("step", c.wording.State(s.State))
}

// NextLabel is the heading above what happens next.
func (c Context) NextLabel() string { return c.wording.Next() }

// Level is a severity's shape with its word alone, where it is known whose it is.
func (c Context) Level(s ticket.Severity) template.HTML {
	name := c.wording.Severity(s)
	if name == "" {
		return ""
	}
	return SeverityShape(s).with("level "+string(s), name)
}

// StateAt and SeverityAt are shapes as parts of a drawing, with their corner at x
// and y.
func (c Context) StateAt(s ticket.State, x, y float64) template.HTML { return StateShape(s).At(x, y) }
func (c Context) SeverityAt(s ticket.Severity, x, y float64) template.HTML {
	return SeverityShape(s).At(x, y)
}

// Now is when the page is written.
func (c Context) Now() time.Time { return c.now }

// Sum and Minus are for places in a drawing.
func (c Context) Sum(all ...int) (sum int) {
	for _, n := range all {
		sum += n
	}
	return sum
}
func (c Context) Minus(a, b int) int { return a - b }
