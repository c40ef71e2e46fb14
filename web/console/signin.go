package console

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// Limits of questions for sign-in links, a minute.
const (
	linksPerMinute = 10 // from one network
	linksInAll     = 60
)

type signInView struct {
	Next    string
	Address string
	Link    string // of the mail: its button spends it
	Kept    bool   // what he wrote is kept as a draft
	Asked   bool   // a link is on its way, perhaps
	Spent   bool   // the link does not work
	Fault   bool   // what he wrote is no address
}

func (c *Console) showSignIn(w http.ResponseWriter, r *http.Request, status int, v signInView) {
	c.pages.Write(w, r, "signin", page.View{Status: status, TitleKey: "signin.title", Data: v})
}

// signInPage asks for an address, or shows the button that spends a link: programs that
// look at mail follow links, and press no buttons.
func (c *Console) signInPage(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	c.showSignIn(w, r, 0, signInView{Next: localPath(q.Get("next")), Link: q.Get("link"), Asked: q.Has("asked")})
}

// askSignIn answers the same, and as fast, for every address (bad-input 140).
func (c *Console) askSignIn(w http.ResponseWriter, r *http.Request) {
	if !c.links.Pass(page.Network(r.RemoteAddr)) {
		w.Header().Set("Retry-After", "60")
		c.deps.Site.Error(w, r, http.StatusTooManyRequests)
		return
	}
	if !c.deps.Site.Form(w, r) {
		return
	}
	address, next := strings.TrimSpace(r.PostForm.Get("address")), localPath(r.PostForm.Get("next"))
	if !ticket.ValidAddress(address) {
		c.showSignIn(w, r, http.StatusUnprocessableEntity, signInView{Next: next, Address: address, Fault: true})
		return
	}
	if err := c.deps.Desk.AskSignIn(r.Context(), address, next); err != nil {
		c.deps.Site.Failed(w, r, err, "noting a wish to sign in")
		return
	}
	http.Redirect(w, r, desk.SignInPath+"?asked", http.StatusSeeOther)
}

// signIn spends a link.
func (c *Console) signIn(w http.ResponseWriter, r *http.Request) {
	if !c.deps.Site.Form(w, r) {
		return
	}
	in, err := c.deps.Desk.SignIn(r.Context(), r.PostForm.Get("link"), c.secret(r))
	switch {
	case errors.Is(err, desk.ErrNoSignIn):
		c.showSignIn(w, r, http.StatusGone, signInView{Next: Home, Spent: true})
	case err != nil:
		c.deps.Site.Failed(w, r, err, "signing in")
	default:
		c.setSession(w, in.Secret, in.Until)
		http.Redirect(w, r, localPath(in.Next), http.StatusSeeOther)
	}
}

func (c *Console) signOut(v visit) {
	if !c.deps.Site.Form(v.w, v.r) {
		return
	}
	if err := c.deps.Desk.SignOut(v.ctx(), c.secret(v.r), v.r.PostForm.Has("everywhere")); err != nil {
		c.failed(v, err, "signing out")
		return
	}
	c.setSession(v.w, "", time.Unix(0, 0))
	http.Redirect(v.w, v.r, desk.SignInPath, http.StatusSeeOther)
}
