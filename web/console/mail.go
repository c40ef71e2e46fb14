package console

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// mailView is one mail of a ticket by itself, with all of its text.
type mailView struct {
	shell
	ticketHead
	Mail     mailItem
	At       time.Time
	Subject  string
	To       []ticket.Address
	Envelope journal.Envelope
	Reasons  []string
	HTMLURL  string // "" where the mail has none
	RawURL   string
}

// maxRawMail bounds what is held in memory of one mail; the doors take no larger.
const maxRawMail = 64 << 20

// entry finds a mail that stands on the ticket of the path. If there is none it has
// answered, and reports false: a mail of another ticket is not told apart from one that
// nobody has (bad-input 141).
func (c *Console) entry(v visit) (ticket.Ticket, store.Mail, bool) {
	t, ok := c.find(v)
	if !ok {
		return t, store.Mail{}, false
	}
	mail := v.r.PathValue("mail")
	if _, err := journal.ParseID(mail); err != nil {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return t, store.Mail{}, false
	}
	m, found, err := c.deps.Store.Mail(v.ctx(), mail)
	if err != nil {
		c.failed(v, err, "reading a mail")
		return t, m, false
	}
	if !found || m.Outcome.Ticket != t.ID || !standsOn(m.Outcome.Outcome) {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return t, m, false
	}
	return t, m, true
}

// standsOn reports whether a mail with such an outcome is an entry of its ticket: of
// the others the ticket is only suspected.
func standsOn(o ticket.OutcomeKind) bool {
	switch o {
	case ticket.OutcomeOpened, ticket.OutcomeAppended, ticket.OutcomeReopened, ticket.OutcomeFollowup, ticket.OutcomeConfirmed, ticket.OutcomeCommand:
		return true
	}
	return false
}

// mail shows one mail whole: every part of its text, why it stands here, and its HTML
// in a frame that can do nothing.
func (c *Console) mail(v visit) {
	t, m, ok := c.entry(v)
	if !ok {
		return
	}
	budget := maxText
	e := ticket.Entry{Mail: m.Outcome.Mail, From: m.Message.From, Attachments: m.Message.Attachments, Flags: m.Message.Flags, Trust: m.Outcome.Trust}
	item := c.mailItem(t, e, m, &budget)
	item.Text = stretches(m.Message, maxText)
	view := mailView{
		shell: c.shell(v), ticketHead: headOf(t), Mail: *item, At: m.Outcome.Received, Subject: m.Message.Subject,
		To: m.Message.To, Envelope: m.Envelope, Reasons: m.Outcome.Reasons, RawURL: item.URL + "/raw",
	}
	markup, err := c.markup(v, m.Outcome.Mail)
	switch {
	case err != nil:
		c.failed(v, err, "reading a raw mail")
		return
	case markup != "":
		view.HTMLURL = item.URL + "/html"
	}
	c.show(v, "mail", page.View{Title: string(t.ID) + " " + m.Message.Subject, Data: view})
}

// markup is the HTML of a mail, as hostile as it came; "" where there is none, or its
// bytes are kept no longer.
func (c *Console) markup(v visit, mail string) (string, error) {
	if c.deps.Archive == nil || c.deps.HTML == nil {
		return "", nil
	}
	r, err := c.deps.Archive.Open(v.ctx(), journal.ID(mail))
	if errors.Is(err, archive.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, maxRawMail+1))
	if err == nil && len(raw) > maxRawMail {
		err = fmt.Errorf("mail %s is larger than %d bytes", mail, maxRawMail)
	}
	if err != nil {
		return "", err
	}
	return c.deps.HTML(raw), nil
}

// mailHTML is the page within the frame.
func (c *Console) mailHTML(v visit) {
	_, m, ok := c.entry(v)
	if !ok {
		return
	}
	markup, err := c.markup(v, m.Outcome.Mail)
	if err != nil {
		c.failed(v, err, "reading a raw mail")
		return
	}
	c.writeMarkup(v, markup)
}

// raw and attachment hand out files; who may is settled, and of which ticket they are
// is looked at by the handlers that they are passed to (bad-input 113 to 115, 141).
func (c *Console) raw(v visit)        { c.hand(v, c.deps.Raw) }
func (c *Console) attachment(v visit) { c.hand(v, c.deps.Attachment) }

func (c *Console) hand(v visit, h http.HandlerFunc) {
	if h == nil {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return
	}
	h(v.w, v.r)
}
