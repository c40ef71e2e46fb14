package console

import (
	"io"
	"net/http"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// heldView is one mail that stands on no ticket, and what can be decided about it.
type heldView struct {
	shell
	mailRow
	To       []ticket.Address
	Envelope journal.Envelope
	Reasons  []string
	Outcome  ticket.OutcomeKind
	Check    *ticket.SenderCheck
	Text     []stretch
	Files    []fileItem
	Flags    []string
	HTMLURL  string
	Title    string // of the ticket that it may be about

	Open     bool          // somebody is to decide, or may still
	Decision *decisionView // … and has
	Beaten   bool          // the reader decided too, and a colleague was first
	Refused  string        // why the reader may not decide
	page.Form
	Refusal   string // why what he asked for was not done
	DecideURL string
}

// decisionView is what was decided, by whom.
type decisionView struct {
	store.Decision
	Who    string
	Ticket ticket.ID
}

// findMail reads the mail of the path that stands on no ticket, or stood on none until
// somebody decided. If there is none it has answered, and reports false: other mails are
// shown on their tickets.
func (c *Console) findMail(v visit) (store.Mail, bool) {
	mail := v.r.PathValue("mail")
	if _, err := journal.ParseID(mail); err != nil {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return store.Mail{}, false
	}
	m, found, err := c.deps.Store.Mail(v.ctx(), mail)
	if err != nil {
		c.failed(v, err, "reading a mail")
		return m, false
	}
	if !found || m.Decision == nil && !undecided(m.Outcome.Outcome) {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return m, false
	}
	return m, true
}

// undecided reports whether staff may settle a mail with such an outcome.
func undecided(o ticket.OutcomeKind) bool {
	return o == ticket.OutcomeHeld || o == ticket.OutcomeAuto || o == ticket.OutcomeBounce
}

// held shows the mail: why it is kept off, what the checks of its sender gave, its text
// folded as on a ticket, and what can be decided.
func (c *Console) held(v visit) {
	m, ok := c.findMail(v)
	if !ok {
		return
	}
	c.showHeld(v, 0, m, c.heldForm(v, m), "")
}

func (c *Console) showHeld(v visit, status int, m store.Mail, form page.Form, refusal string) {
	view := heldView{
		shell: c.shell(v), mailRow: mailRowOf(m), To: m.Message.To, Envelope: m.Envelope, Reasons: m.Outcome.Reasons,
		Outcome: m.Outcome.Outcome, Check: m.Check, Text: stretches(m.Message, mailText), Flags: m.Message.Flags,
		Open: m.Decision == nil, Form: form, Refusal: refusal, DecideURL: heldURL(m.Outcome.Mail) + "/decide",
	}
	budget := threadText
	for i, s := range view.Text {
		text, shortened := cut(s.Text, budget)
		view.Text[i].Text, view.Text[i].Cut = text, s.Cut || shortened
		budget -= len(text)
	}
	for i, a := range m.Message.Attachments {
		view.Files = append(view.Files, fileItem{Name: a.Filename, Size: a.Size, Scan: m.Scan.Of(i + 1)})
	}
	if d := m.Decision; d != nil {
		view.Decision = &decisionView{Decision: *d, Who: c.by(d.By)}
		if status == http.StatusConflict {
			view.Beaten = ticket.FoldAddress(d.By.Address) != ticket.FoldAddress(v.who.Address)
			if !view.Beaten {
				view.Refusal = c.say(v)("held.already")
			}
		}
		if !d.Dropped {
			view.Decision.Ticket = m.Outcome.Ticket
		}
	}
	if why := c.refusedMail(v); why != nil {
		view.Refused = why.In(v.who.Language)
	}
	if err := c.addLetter(v.ctx(), &view.mailRow, m); err != nil {
		c.failed(v, err, "reading a letter that bounced")
		return
	}
	if id := view.Suspected; id != "" {
		t, _, err := c.deps.Store.Ticket(v.ctx(), id)
		if err != nil {
			c.failed(v, err, "reading the ticket that a mail may be about")
			return
		}
		view.Title = t.Heading()
	}
	markup, err := c.markup(v, m.Outcome.Mail)
	if err != nil {
		c.failed(v, err, "reading a raw mail")
		return
	}
	if markup != "" && m.Deleted == nil {
		view.HTMLURL = heldURL(m.Outcome.Mail) + "/html"
	}
	title := m.Message.Subject
	if title == "" {
		title = m.Outcome.Mail
	}
	c.show(v, "held", page.View{Status: status, Title: title, Data: view})
}

// heldHTML is the page within the frame.
func (c *Console) heldHTML(v visit) {
	m, ok := c.findMail(v)
	if !ok {
		return
	}
	if m.Deleted != nil {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return
	}
	markup, err := c.markup(v, m.Outcome.Mail)
	if err != nil {
		c.failed(v, err, "reading a raw mail")
		return
	}
	c.writeMarkup(v, markup)
}

// writeMarkup answers with the HTML of a mail, cleaned, under its own policy.
func (c *Console) writeMarkup(v visit, markup string) {
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Set("Content-Security-Policy", mailCSP())
	_, _ = io.WriteString(v.w, mailDocument(c.policy.clean(markup))) // the reader's loss
}

// Ways to decide, as the form names them.
const (
	wayTicket = "ticket"
	wayNew    = "new"
	wayDrop   = "drop"
)

// heldForm asks what becomes of a mail.
func (c *Console) heldForm(v visit, m store.Mail) page.Form {
	say := c.say(v)
	suspected := suspectedOf(m)
	return page.Form{Fields: []page.Field{
		{Name: "way", Kind: page.FieldChoice, Label: say("held.way"), Required: true, Value: string(wayTicket), Options: []page.Option{
			{Value: wayTicket, Label: say("held.ticket"), Hint: say("held.ticket.hint"), Chosen: suspected != ""},
			{Value: wayNew, Label: say("held.new"), Hint: say("held.new.hint")},
			{Value: wayDrop, Label: say("held.drop"), Hint: say("held.drop.hint")},
		}},
		{Name: "ticket", Kind: page.FieldText, Label: say("held.which"), Value: string(suspected), Max: 64},
		{Name: "reason", Kind: page.FieldText, Label: say("held.reason"), Hint: say("held.reason.hint"), Max: 1000},
	}}
}

// say are the words of the reader's language, for texts that are not in a template. The
// test of all pages finds keys that are not there.
func (c *Console) say(v visit) func(key string) string {
	in := c.pages.In(v.who.Language)
	return func(key string) string {
		text, err := in.T(key)
		if err != nil {
			c.deps.Log.Error().Err(err).Msg("a word is missing")
		}
		return text
	}
}

// releaseOf reads where a mail is to go; what is at fault is noted on the form.
func (c *Console) releaseOf(v visit, form *page.Form) (how desk.Release, drop, ok bool) {
	say := c.say(v)
	switch form.Value("way") {
	case wayTicket:
		id, known := ticket.ParseID(c.cfg.Prefix, form.Value("ticket"))
		if !known {
			form.Fault("ticket", say("held.which.fault"))
		}
		return desk.Release{Ticket: id}, false, known
	case wayNew:
		return desk.Release{New: true}, false, true
	case wayDrop:
		if form.Value("reason") == "" {
			form.Fault("reason", say("held.reason.fault"))
			return how, true, false
		}
		return how, true, true
	}
	form.Fault("way", say("held.way.fault"))
	return how, false, false
}
