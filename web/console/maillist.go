package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// mailRows are shown at a time of a list of mails or letters.
const mailRows = 25

type mailListView struct {
	shell
	List ticket.OutcomeKind
	Tabs []tab
	Rows []mailRow
	Next string // URL of what follows
	Part bool   // it is not the first page
}

// mailRow is a mail that stands on no ticket.
type mailRow struct {
	Mail      string
	URL       string
	From      string
	Subject   string
	Received  time.Time
	Trust     trustView
	Suspected ticket.ID
	Why       string // in English, as it was decided
	Bounced   []ticket.BouncedRecipient
	Letter    *letterItem // the letter that bounced, as it stands now
	LetterURL string
}

// listedOutcomes are the lists that there are.
func listedOutcome(name string) (ticket.OutcomeKind, bool) {
	switch kind := ticket.OutcomeKind(name); kind {
	case "":
		return ticket.OutcomeHeld, true
	case ticket.OutcomeHeld, ticket.OutcomeAuto, ticket.OutcomeBounce, store.Dropped:
		return kind, true
	}
	return "", false
}

// mailList lists mails that stand on no ticket: of held ones the longest waiting first,
// of the others the newest.
func (c *Console) mailList(v visit) {
	q := v.r.URL.Query()
	kind, ok := listedOutcome(q.Get("list"))
	if !ok {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return
	}
	after := q.Get("after")
	found, err := c.readMails(v.ctx(), kind, after)
	if errors.Is(err, store.ErrInvalid) {
		c.deps.Site.Error(v.w, v.r, http.StatusBadRequest)
		return
	}
	if err != nil {
		c.failed(v, err, "listing mails")
		return
	}
	view := mailListView{shell: c.shell(v), List: kind, Part: after != ""}
	for _, m := range found.Items {
		row := mailRowOf(m)
		if kind == ticket.OutcomeBounce {
			if err := c.addLetter(v.ctx(), &row, m); err != nil {
				c.failed(v, err, "reading a letter that bounced")
				return
			}
		}
		view.Rows = append(view.Rows, row)
	}
	if found.Next != "" {
		view.Next = mailsURL + "?" + url.Values{"list": {string(kind)}, "after": {found.Next}}.Encode()
	}
	if view.Tabs, err = c.mailTabs(v.ctx(), string(kind)); err != nil {
		c.failed(v, err, "counting mails")
		return
	}
	c.show(v, "maillist", page.View{TitleKey: "mails", Current: mailsURL, Data: view})
}

func (c *Console) readMails(ctx context.Context, kind ticket.OutcomeKind, after string) (store.Page[store.Mail], error) {
	if kind == ticket.OutcomeHeld {
		return c.deps.Store.MailsByOutcome(ctx, kind, after, mailRows)
	}
	return c.deps.Store.LatestMails(ctx, kind, c.deps.Now(), after, mailRows)
}

func mailRowOf(m store.Mail) mailRow {
	row := mailRow{
		Mail: m.Outcome.Mail, URL: heldURL(m.Outcome.Mail), From: m.Message.From.Address, Subject: m.Message.Subject,
		Received: m.Outcome.Received, Trust: trustOf(m.Outcome.Trust), Suspected: suspectedOf(m), Bounced: m.Message.Bounce.Recipients,
	}
	if m.Check != nil && m.Check.Trust == ticket.TrustFailed { // which no outcome is trusted as
		row.Trust = trustOf(m.Check.Trust)
	}
	if row.From == "" {
		row.From = m.Envelope.From
	}
	if n := len(m.Outcome.Reasons); n > 0 {
		row.Why = m.Outcome.Reasons[n-1]
	}
	return row
}

// suspectedOf is the ticket that a mail may be about.
func suspectedOf(m store.Mail) ticket.ID {
	if m.Decision != nil {
		return m.Decision.Suspected
	}
	return m.Outcome.Ticket
}

// addLetter finds the letter of ours that a bounce is about.
func (c *Console) addLetter(ctx context.Context, row *mailRow, m store.Mail) error {
	if m.Outcome.Ticket == "" || len(m.Outcome.Notices) == 0 {
		return nil
	}
	n, found, err := c.deps.Store.Notice(ctx, m.Outcome.Ticket, m.Outcome.Notices[0])
	if err != nil || !found {
		return err
	}
	l := letterOf(n)
	row.Letter, row.LetterURL = &l, letterURL(n)
	return nil
}

func heldURL(mail string) string { return mailsURL + "/" + url.PathEscape(mail) }
