package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// Names of the session's cookie. The first is one that browsers take by TLS alone, for
// this host alone. Browsers do not take it over plain HTTP, where the second stands in:
// that is for a machine by itself.
const (
	cookieSecure = "__Host-supportd"
	cookiePlain  = "supportd"
)

func (c *Console) cookieName() string {
	if c.cfg.Secure {
		return cookieSecure
	}
	return cookiePlain
}

// secret is that of the session which a request bears; "" for none.
func (c *Console) secret(r *http.Request) string {
	cookie, err := r.Cookie(c.cookieName())
	if err != nil {
		return ""
	}
	return cookie.Value
}

// setSession puts a session into the browser; an empty secret takes it out.
func (c *Console) setSession(w http.ResponseWriter, secret string, until time.Time) {
	cookie := &http.Cookie{
		Name: c.cookieName(), Value: secret, Path: "/", Expires: until,
		HttpOnly: true, Secure: c.cfg.Secure, SameSite: http.SameSiteStrictMode,
	}
	if secret == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, cookie)
}

// visit is a request of one of ours.
type visit struct {
	w   http.ResponseWriter
	r   *http.Request
	who ticket.Staff
}

func (v visit) ctx() context.Context { return v.r.Context() }

// actor is in whose name the visit acts.
func (v visit) actor() ticket.Actor {
	return ticket.Actor{Address: v.who.Address, Name: v.who.Name, Roles: v.who.Roles, Door: ticket.DoorWeb}
}

// open is a page that needs no session.
func (c *Console) open(h http.HandlerFunc) http.Handler {
	return c.deps.Site.Guard(page.Guard{}, h)
}

// staff is a page for ours alone. Others are led to the sign-in, and come back from
// there to the page that they asked for; what a lapsed session had written is kept as a
// draft (bad-input 145).
func (c *Console) staff(g page.Guard, h func(visit)) http.Handler {
	return c.admit(g, c.deps.Desk.Session, h)
}

// background is for what pages ask by themselves: it keeps no session alive.
func (c *Console) background(h func(visit)) http.Handler {
	return c.admit(page.Guard{}, c.deps.Desk.Standing, h)
}

func (c *Console) admit(g page.Guard, session func(context.Context, string) (ticket.Staff, error), h func(visit)) http.Handler {
	return c.deps.Site.Guard(g, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secret := c.secret(r)
		who, err := session(r.Context(), secret)
		switch {
		case err == nil:
			h(visit{w, r, who})
		case !errors.Is(err, desk.ErrNoSession):
			c.deps.Site.Failed(w, r, err, "reading a session")
		case secret == "" && r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Site") == "cross-site":
			// A link in mail on the web: the browser keeps the cookie back until a page of
			// ours asks.
			c.pages.Write(w, r, "onward", page.View{TitleKey: "onward.title", Data: r.URL.RequestURI()})
		default:
			c.signInFirst(w, r)
		}
	}))
}

// signInFirst answers with 401 and the sign-in page itself: a redirect would hide from
// scripts that the session is over.
func (c *Console) signInFirst(w http.ResponseWriter, r *http.Request) {
	next := r.URL.RequestURI()
	kept := false
	if r.Method != http.MethodGet {
		next, kept = c.rescue(r)
	}
	c.showSignIn(w, r, http.StatusUnauthorized, signInView{Next: localPath(next), Kept: kept})
}

// rescue keeps what somebody wrote in a session that has lapsed meanwhile, and returns
// the page on which he finds it again.
func (c *Console) rescue(r *http.Request) (next string, kept bool) {
	id, ok := ticket.ParseID(c.cfg.Prefix, r.PathValue("id"))
	word, known := commandWord(r.PathValue("word"))
	if !ok || !known {
		return Home, false
	}
	next = panelURL(id, word.Name)
	who, err := c.deps.Desk.LapsedSession(r.Context(), c.secret(r))
	if err != nil || r.ParseForm() != nil {
		return next, false
	}
	if err := c.keepDraft(r.Context(), who, id, word, r.PostForm); err != nil {
		c.deps.Log.Warn().Err(err).Str("ticket", string(id)).Msg("keeping what a lapsed session wrote")
		return next, false
	}
	return next, true
}

// localPath is a path of the console, or its first page: nobody is led elsewhere by a
// link that he signs in with.
func localPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.Contains(path, `\`) ||
		u.Path != Home && !strings.HasPrefix(u.Path, Home+"/") || strings.HasPrefix(u.Path, desk.SignInPath) || len(path) > 500 {
		return Home
	}
	return path
}

// shell is what every page of the console shows around its own.
type shell struct {
	Who     string
	Screens []screen
	Keys    bool // shortcuts are on
	Address string
}

func (c *Console) shell(v visit) shell {
	name := v.who.Name
	if name == "" {
		name = v.who.Address
	}
	return shell{Who: name, Screens: c.screens(v), Keys: keysOn(v.r), Address: v.who.Address}
}

// show answers with a page of the console, in the language of who reads it.
func (c *Console) show(v visit, name string, view page.View) {
	view.Lang = v.who.Language
	c.pages.Write(v.w, v.r, name, view)
}

// failed answers what broke on our side.
func (c *Console) failed(v visit, err error, doing string) {
	if v.ctx().Err() != nil {
		return // he has gone
	}
	c.deps.Site.Failed(v.w, v.r, err, doing)
}
