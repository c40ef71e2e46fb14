package console

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

type digestsView struct {
	shell
	Rows []digestRow
}

// digests lists who of ours gets a list of the day, and when he got the last.
func (c *Console) digests(v visit) {
	rows, err := c.digestRows(v.ctx())
	if err != nil {
		c.failed(v, err, "reading digests")
		return
	}
	c.show(v, "digests", page.View{TitleKey: "digests", Current: digestsURL, Data: digestsView{c.shell(v), rows}})
}

func digestURL(address string) string { return digestsURL + "/" + url.PathEscape(address) }

// digestView is the list of one of ours, in its words, as it would be sent now.
type digestView struct {
	shell
	Words   letterView
	Nothing bool // nothing is due: it is not sent
	Last    *letterItem
	Today   bool // Last is today's
	URL     string
	Sure    bool   // sending is to be confirmed
	Refused string // why the reader cannot have it sent
}

func (c *Console) digest(v visit) { c.showDigest(v, 0, false) }

func (c *Console) showDigest(v visit, status int, sure bool) {
	d, err := c.deps.Desk.ViewDigest(v.ctx(), v.r.PathValue("address"))
	if errors.Is(err, desk.ErrNoStaff) {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return
	}
	if err != nil {
		c.failed(v, err, "making a digest")
		return
	}
	view := digestView{
		shell: c.shell(v), Nothing: len(d.Letter.Facts.Digest.Sections) == 0, Today: d.Today, URL: digestURL(d.Reader.Address), Sure: sure,
		Refused: c.refusedDigest(v, d),
	}
	if !view.Nothing {
		view.Words = c.letter(d.Letter)
	}
	if d.Last != nil {
		l := letterOf(*d.Last)
		view.Last = &l
	}
	c.show(v, "digest", page.View{Status: status, Title: c.say(v)("digest") + ": " + c.name(d.Reader.Address), Data: view})
}

// refusedDigest is why the reader cannot have a list sent: it is another's, it was sent
// today, or nothing is due.
func (c *Console) refusedDigest(v visit, d desk.DigestView) string {
	say := c.say(v)
	switch {
	case ticket.FoldAddress(d.Reader.Address) != ticket.FoldAddress(v.who.Address):
		return say("digest.refused.other")
	case d.Today:
		return say("digest.refused.today")
	case len(d.Letter.Facts.Digest.Sections) == 0:
		return say("digest.refused.nothing")
	}
	return ""
}

// sendDigest sends the reader his own list now, once he has confirmed it.
func (c *Console) sendDigest(v visit) {
	if !c.deps.Site.Form(v.w, v.r) {
		return
	}
	address := v.r.PathValue("address")
	switch {
	case ticket.FoldAddress(address) != ticket.FoldAddress(v.who.Address):
		c.showDigest(v, http.StatusConflict, false)
		return
	case v.r.PostForm.Get("do") != "send":
		c.showDigest(v, 0, true)
		return
	}
	if _, _, err := c.deps.Desk.SendDigest(v.ctx(), address, time.Time{}); err != nil {
		c.failed(v, err, "sending a digest")
		return
	}
	http.Redirect(v.w, v.r, digestURL(address), http.StatusSeeOther)
}
