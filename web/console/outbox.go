package console

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

type outboxView struct {
	shell
	Tabs   []tab
	States []tab
	State  ticket.NoticeState
	Rows   []letterRow
	Next   string
	Part   bool
}

// letterRow is one letter that is not settled.
type letterRow struct {
	letterItem
	Ticket    ticket.ID
	TicketURL string // "" for a letter about no one ticket
	URL       string
	Owed      time.Time
	Attempts  int
	Stuck     bool // it goes no further until somebody decides
}

// outboxStates are the lists of the outbox, what somebody must decide about first.
func outboxStates() []ticket.NoticeState { return append(stuckStates(), ticket.NoticeQueued) }

// outbox lists letters that are not settled, the longest owed first.
func (c *Console) outbox(v visit) {
	q := v.r.URL.Query()
	state := ticket.NoticeState(q.Get("state"))
	if state == "" {
		state = ticket.NoticeHeld
	}
	if !slices.Contains(outboxStates(), state) {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return
	}
	after := q.Get("after")
	found, err := c.deps.Store.NoticePage(v.ctx(), state, after, mailRows)
	if err != nil {
		c.failed(v, err, "listing letters")
		return
	}
	view := outboxView{shell: c.shell(v), State: state, Part: after != ""}
	for _, n := range found.Items {
		view.Rows = append(view.Rows, letterRowOf(n))
	}
	if found.Next != "" {
		view.Next = outboxURL + "?" + url.Values{"state": {string(state)}, "after": {found.Next}}.Encode()
	}
	for _, s := range outboxStates() {
		n, err := c.deps.Store.NoticesUpTo(v.ctx(), s, countLimit)
		if err != nil {
			c.failed(v, err, "counting letters")
			return
		}
		view.States = append(view.States, tab{outboxURL + "?state=" + string(s), "outbox." + string(s), bounded(n), s == state})
	}
	if view.Tabs, err = c.mailTabs(v.ctx(), "outbox"); err != nil {
		c.failed(v, err, "counting mails")
		return
	}
	c.show(v, "outbox", page.View{TitleKey: "outbox", Current: mailsURL, Data: view})
}

func letterRowOf(n ticket.Notice) letterRow {
	row := letterRow{letterItem: letterOf(n), Ticket: n.Ticket, URL: letterURL(n), Owed: n.Owed, Attempts: n.Attempts, Stuck: slices.Contains(stuckStates(), n.State)}
	if !n.Ticket.ForLetter() {
		row.TicketURL = ticketURL(n.Ticket)
	}
	return row
}

func letterURL(n ticket.Notice) string {
	return outboxURL + "/" + url.PathEscape(string(n.Ticket)) + "/" + strconv.Itoa(n.Number)
}

// letterPageView is one letter in its words, and what can be decided about it.
type letterPageView struct {
	shell
	letterRow
	Words   *letterView // nil for a letter that lets its reader in
	Tries   []ticket.Try
	Sure    string // what is to be confirmed: retry, drop; "" for nothing yet
	Refusal string // why what was asked for was not done
	BackURL string
}

// findLetter reads the letter of the path. If there is none it has answered, and
// reports false.
func (c *Console) findLetter(v visit) (ticket.Notice, bool) {
	id := ticket.ID(strings.ToUpper(v.r.PathValue("letter")))
	number, err := strconv.Atoi(v.r.PathValue("number"))
	if err != nil || number < 1 || number > maxLetter || !id.Valid() {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return ticket.Notice{}, false
	}
	n, found, err := c.deps.Store.Notice(v.ctx(), id, number)
	if err != nil {
		c.failed(v, err, "reading a letter")
		return n, false
	}
	if !found {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return n, false
	}
	return n, true
}

// maxLetter is the greatest number that a letter may have.
const maxLetter = 999_999

// letterPage shows a letter, and how far it has come.
func (c *Console) letterPage(v visit) {
	if n, ok := c.findLetter(v); ok {
		c.showLetter(v, 0, n, "", "")
	}
}

func (c *Console) showLetter(v visit, status int, n ticket.Notice, sure, refusal string) {
	view := letterPageView{
		shell: c.shell(v), letterRow: letterRowOf(n), Tries: n.Tries, Sure: sure, Refusal: refusal,
		BackURL: outboxURL + "?state=" + string(n.State),
	}
	if n.Kind != ticket.NoticeStaffSignIn {
		words := c.letter(n)
		view.Words = &words
	}
	if !slices.Contains(outboxStates(), n.State) {
		view.BackURL = outboxURL
	}
	c.show(v, "letterpage", page.View{Status: status, TitleKey: "outbox.letter", Data: view})
}

// decideOnLetter sends a letter again or drops it, once it has been confirmed. Who is
// second is told how the letter stands.
func (c *Console) decideOnLetter(v visit) {
	if !c.deps.Site.Form(v.w, v.r) {
		return
	}
	n, ok := c.findLetter(v)
	if !ok {
		return
	}
	do := v.r.PostForm.Get("do")
	decide := c.deps.Desk.RetryLetter
	switch {
	case do != "retry" && do != "drop":
		c.deps.Site.Error(v.w, v.r, http.StatusBadRequest)
		return
	case v.r.PostForm.Get("sure") != do && slices.Contains(stuckStates(), n.State):
		c.showLetter(v, 0, n, do, "")
		return
	case do == "drop":
		decide = c.deps.Desk.DropLetter
	}
	_, err := decide(v.ctx(), n.Ticket, n.Number, v.actor())
	var refused *ticket.Refused
	switch {
	case err == nil:
		http.Redirect(v.w, v.r, letterURL(n), http.StatusSeeOther)
	case errors.As(err, &refused):
		if now, found, rerr := c.deps.Store.Notice(v.ctx(), n.Ticket, n.Number); rerr == nil && found {
			n = now
		}
		c.showLetter(v, http.StatusConflict, n, "", refused.In(v.who.Language))
	case errors.Is(err, desk.ErrNoLetter):
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
	default:
		c.failed(v, err, "deciding about a letter")
	}
}
