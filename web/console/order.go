package console

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// previewView is what a command would do, with the very letters that it would send.
type previewView struct {
	shell
	ticketHead
	action
	page.Form
	Key     string // of this sending, so that a double press sends once
	Seen    int
	Letters []letterView // to the reporter first
	Inside  []letterView // to colleagues
	Before  ticket.State
	After   ticket.State
	Others  []otherView
	Nothing bool // all is so already
	Items   []item
}

// letterView is a letter in its words.
type letterView struct {
	To, Subject, Language, Text string
	Kind                        ticket.NoticeKind
	Leaves                      time.Time
	Ticket                      ticket.ID
}

// otherView is another ticket that a command would change.
type otherView struct {
	ID, URL, Title, Sprint string
	State                  ticket.State
}

// order is everything that the button of a panel asks for: to see what it would do, to
// do it, or to keep it for later.
func (c *Console) order(v visit) {
	if !c.deps.Site.Form(v.w, v.r) {
		return
	}
	t, word, ok := c.findPanel(v)
	if !ok {
		return
	}
	form, err := c.form(v, t, word)
	if err != nil {
		c.failed(v, err, "making a panel")
		return
	}
	form.Read(v.r.PostForm)
	switch do := v.r.PostForm.Get("do"); {
	case do == "save", do == "discard":
		c.keep(v, t, word)
	case do == "edit":
		c.showPanel(v, 0, c.panelView(v, t, word, form))
	case c.tooLong(v, form):
		c.showPanel(v, http.StatusUnprocessableEntity, c.panelView(v, t, word, form))
	case do == "send":
		c.send(v, t, word, form)
	default:
		c.preview(v, t, word, form)
	}
}

// tooLong notes each field that holds more than a letter would say of it.
func (c *Console) tooLong(v visit, form page.Form) bool {
	say, long := c.pages.TextsIn(v.who.Language), false
	for _, f := range form.Fields {
		if f.Long() {
			form.Fault(f.Name, say("fault.long", f.Max))
			long = true
		}
	}
	return long
}

// keep keeps a draft, or throws it away, and goes back to the ticket.
func (c *Console) keep(v visit, t ticket.Ticket, w ticket.CommandWord) {
	fields := v.r.PostForm
	if fields.Get("do") == "discard" {
		fields = nil
	}
	if err := c.keepDraft(v.ctx(), v.who, t.ID, w, fields); err != nil {
		c.failed(v, err, "keeping a draft")
		return
	}
	http.Redirect(v.w, v.r, ticketURL(t.ID), http.StatusSeeOther)
}

// preview shows what a command would do. What was written is kept as a draft meanwhile.
func (c *Console) preview(v visit, t ticket.Ticket, w ticket.CommandWord, form page.Form) {
	if err := c.keepDraft(v.ctx(), v.who, t.ID, w, v.r.PostForm); err != nil {
		c.failed(v, err, "keeping a draft")
		return
	}
	o, err := orderOf(w, form)
	if err != nil {
		c.failed(v, err, "reading a form")
		return
	}
	would, err := c.deps.Desk.Preview(v.ctx(), t.ID, o, v.actor())
	if err != nil {
		c.notDone(v, t, w, form, err)
		return
	}
	key, err := c.key()
	if err != nil {
		c.failed(v, err, "drawing a key")
		return
	}
	view := previewView{
		shell: c.shell(v), ticketHead: headOf(t), Form: form, Key: key, Seen: t.Events,
		action: c.panelView(v, t, w, form).action, Before: t.State, After: would.After.State, Nothing: len(would.Events) == 0,
	}
	budget := threadText
	for _, e := range would.Events {
		view.Items = append(view.Items, c.item(t, e, nil, &budget, v.who.Language))
	}
	for _, change := range append([]desk.Change{would}, would.Others...) {
		for _, n := range change.Notices {
			if l := c.letter(n); n.Kind.ForStaff() {
				view.Inside = append(view.Inside, l)
			} else {
				view.Letters = append(view.Letters, l)
			}
		}
	}
	for _, other := range would.Others {
		a := other.After
		view.Others = append(view.Others, otherView{string(a.ID), ticketURL(a.ID), a.Heading(), a.Sprint.Name, a.State})
	}
	c.show(v, "preview", page.View{Title: view.Name + " " + string(t.ID), Data: view})
}

func (c *Console) letter(n ticket.Notice) letterView {
	l := letterView{To: n.To.Address, Language: n.Language, Kind: n.Kind, Leaves: n.Due(), Ticket: n.Ticket}
	words, err := c.deps.Letter(n)
	if err != nil {
		c.deps.Log.Error().Err(err).Str("ticket", string(n.Ticket)).Msg("a letter cannot be shown")
		return l
	}
	l.Subject, l.Text, l.Language = words.Subject, words.Text, words.Language
	return l
}

// send does what was shown, provided that the ticket is still as it was then. Pressed
// twice it does it once.
func (c *Console) send(v visit, t ticket.Ticket, w ticket.CommandWord, form page.Form) {
	seen, err := strconv.Atoi(v.r.PostForm.Get("seen"))
	if err != nil || seen < 1 {
		c.preview(v, t, w, form) // nothing is done that was not shown
		return
	}
	o, err := orderOf(w, form)
	if err != nil {
		c.failed(v, err, "reading a form")
		return
	}
	claim := store.Claim{Owner: "console " + v.who.Address, Key: v.r.PostForm.Get("key"), Request: requestHash(v.r.URL.Path, v.r.PostForm)}
	before, err := c.deps.Store.Claim(v.ctx(), claim, c.deps.Now())
	switch {
	case errors.Is(err, store.ErrClaimBusy), errors.Is(err, store.ErrClaimOther):
		http.Redirect(v.w, v.r, ticketURL(t.ID), http.StatusSeeOther) // where he sees what came of it
		return
	case err != nil:
		c.failed(v, err, "noting a sending")
		return
	case before != nil:
		http.Redirect(v.w, v.r, string(before.Body), http.StatusSeeOther)
		return
	}
	done, err := c.deps.Desk.OrderSeen(v.ctx(), t.ID, o, v.actor(), seen)
	if err != nil {
		if uerr := c.deps.Store.Unclaim(v.ctx(), claim); uerr != nil {
			c.deps.Log.Warn().Err(uerr).Msg("giving the key of a sending back")
		}
		c.notDone(v, t, w, form, err)
		return
	}
	c.sent(v, t, w, claim, done)
}

// sent goes back to the ticket, which tells what was done. The command is done: what
// fails now is logged and no more.
func (c *Console) sent(v visit, t ticket.Ticket, w ticket.CommandWord, claim store.Claim, done desk.Change) {
	to := ticketURL(t.ID)
	if len(done.Events) > 0 {
		to += "?" + url.Values{"done": {strconv.Itoa(done.Events[0].Command)}}.Encode() + "#done"
	}
	if err := c.deps.Store.Answered(v.ctx(), claim, store.Answer{Status: http.StatusSeeOther, Body: []byte(to)}); err != nil {
		c.deps.Log.Error().Err(err).Msg("remembering a sending; pressed again it is told that the ticket has changed")
	}
	if err := c.keepDraft(v.ctx(), v.who, t.ID, w, nil); err != nil {
		c.deps.Log.Warn().Err(err).Msg("deleting a draft that was sent")
	}
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
}

// conflictView tells what happened to a ticket since it was seen.
type conflictView struct {
	shell
	ticketHead
	action
	page.Form
	Since []item
}

// notDone answers a command that was not carried out: what is at fault stands at its
// field, a refusal with its reason above them, and what was written stays.
func (c *Console) notDone(v visit, t ticket.Ticket, w ticket.CommandWord, form page.Form, err error) {
	var fault *ticket.OrderError
	var refused *ticket.Refused
	var stale *desk.Stale
	view := c.panelView(v, t, w, form)
	switch {
	case errors.As(err, &stale):
		con := conflictView{shell: view.shell, ticketHead: headOf(stale.Now), action: view.action, Form: form}
		budget := threadText
		for _, e := range stale.Since {
			con.Since = append(con.Since, c.item(stale.Now, e, nil, &budget, v.who.Language))
		}
		c.show(v, "conflict", page.View{Status: http.StatusConflict, TitleKey: "conflict.title", Data: con})
	case errors.As(err, &fault):
		text := fault.In(v.who.Language)
		if i := slices.IndexFunc(view.Fields, func(f page.Field) bool { return f.Name == string(fault.Field) }); i >= 0 {
			view.Fault(string(fault.Field), text)
		} else {
			view.Refusal = text
		}
		c.showPanel(v, http.StatusUnprocessableEntity, view)
	case errors.As(err, &refused):
		view.Refusal = refused.In(v.who.Language)
		c.showPanel(v, http.StatusConflict, view)
	case errors.Is(err, desk.ErrNoTicket):
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
	default:
		c.failed(v, err, "doing a command")
	}
}

// key names one sending.
func (c *Console) key() (string, error) {
	from := c.deps.Random
	if from == nil {
		from = rand.Reader
	}
	b := make([]byte, 16)
	if _, err := io.ReadFull(from, b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

func requestHash(path string, form url.Values) string {
	sum := sha256.Sum256([]byte(path + "\x00" + form.Encode()))
	return hex.EncodeToString(sum[:])
}
