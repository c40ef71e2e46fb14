package console

import (
	"errors"
	"net/http"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// decideView is what a decision about a mail would do, with the very letters that it
// would send.
type decideView struct {
	shell
	mailRow
	page.Form
	DecideURL string
	Drop      bool
	New       bool
	After     ticket.Ticket // as it would be
	TicketURL string
	Outcome   ticket.OutcomeKind
	Letters   []letterView
	Inside    []letterView // to colleagues
}

func (c *Console) refusedMail(v visit) *ticket.Refused {
	var refused *ticket.Refused
	if errors.As(c.deps.Desk.DecidesOnMail(v.actor()), &refused) {
		return refused
	}
	return nil
}

// decideOnMail shows what a decision about a mail would do, and carries it out when the
// reader has seen that.
func (c *Console) decideOnMail(v visit) {
	if !c.deps.Site.Form(v.w, v.r) {
		return
	}
	m, ok := c.findMail(v)
	if !ok {
		return
	}
	form := c.heldForm(v, m)
	form.Read(v.r.PostForm)
	how, drop, ok := c.releaseOf(v, &form)
	do := v.r.PostForm.Get("do")
	switch {
	case m.Decision != nil && !sameDecision(*m.Decision, v.who, how, drop):
		c.showHeld(v, http.StatusConflict, m, form, "")
	case do == "edit":
		c.showHeld(v, 0, m, form, "")
	case !ok:
		c.showHeld(v, http.StatusUnprocessableEntity, m, form, "")
	case do != "send":
		c.previewDecision(v, m, form, how, drop)
	case drop:
		_, err := c.deps.Desk.Drop(v.ctx(), m.Outcome.Mail, v.actor(), form.Value("reason"))
		c.decided(v, m, form, how, drop, err)
	default:
		_, err := c.deps.Desk.Release(v.ctx(), m.Outcome.Mail, how, v.actor())
		c.decided(v, m, form, how, drop, err)
	}
}

// sameDecision reports whether the reader has decided so before: he has pressed twice.
// The same decision of a colleague is another: he should know that it was not his.
func sameDecision(d store.Decision, who ticket.Staff, how desk.Release, drop bool) bool {
	return ticket.FoldAddress(d.By.Address) == ticket.FoldAddress(who.Address) && d.Dropped == drop && (drop || d.Asked == how.Ticket)
}

func (c *Console) previewDecision(v visit, m store.Mail, form page.Form, how desk.Release, drop bool) {
	view := decideView{shell: c.shell(v), mailRow: mailRowOf(m), Form: form, DecideURL: heldURL(m.Outcome.Mail) + "/decide", Drop: drop, New: how.New}
	if drop {
		if why := c.refusedMail(v); why != nil {
			c.showHeld(v, http.StatusConflict, m, form, why.In(v.who.Language))
			return
		}
	} else {
		would, err := c.deps.Desk.PreviewRelease(v.ctx(), m.Outcome.Mail, how, v.actor())
		if err != nil {
			c.notDecided(v, m, form, err)
			return
		}
		view.After, view.TicketURL, view.Outcome = would.Ticket, ticketURL(would.Ticket.ID), would.Outcome.Outcome
		for _, n := range would.Notices {
			if l := c.letter(n); n.Kind.ForStaff() {
				view.Inside = append(view.Inside, l)
			} else {
				view.Letters = append(view.Letters, l)
			}
		}
	}
	c.show(v, "decide", page.View{TitleKey: "held.sure", Data: view})
}

// decided answers a decision that was made, or was not. Another may have been faster by
// a moment: the mail is read again, and whoever was second is told.
func (c *Console) decided(v visit, m store.Mail, form page.Form, how desk.Release, drop bool, err error) {
	if err != nil {
		c.notDecided(v, m, form, err)
		return
	}
	now, ok := c.findMail(v)
	if !ok {
		return
	}
	if now.Decision != nil && !sameDecision(*now.Decision, v.who, how, drop) {
		c.showHeld(v, http.StatusConflict, now, form, "")
		return
	}
	http.Redirect(v.w, v.r, heldURL(m.Outcome.Mail), http.StatusSeeOther)
}

func (c *Console) notDecided(v visit, m store.Mail, form page.Form, err error) {
	var refused *ticket.Refused
	switch {
	case errors.As(err, &refused):
		if now, found, rerr := c.deps.Store.Mail(v.ctx(), m.Outcome.Mail); rerr == nil && found {
			m = now // with the decision that was first
		}
		c.showHeld(v, http.StatusConflict, m, form, refused.In(v.who.Language))
	case errors.Is(err, desk.ErrNoMail):
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
	default:
		c.failed(v, err, "deciding about a mail")
	}
}
