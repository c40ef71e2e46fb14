package widget

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"aismarttalk.tech/supportd/chatbot"
	"aismarttalk.tech/supportd/desk/chat"
	"aismarttalk.tech/supportd/web/page"
)

//go:embed assets all:pages words
var files embed.FS

//go:embed loader.js
var loader []byte

// Where the chat is.
const (
	ChatPath   = "/chat"
	WidgetPath = "/widget"
	ScriptPath = "/widget.js"
	assetPath  = page.AssetPath + "chat/"
)

// Limits of the pages, a minute.
const (
	turnsPerNetwork = 30
	turnsInAll      = 600
)

// Room holds the conversations; chat.Room says more.
type Room interface {
	Take(ctx context.Context, t chat.Turn) (chat.Answer, error)
}

// Config says who may show the widget.
type Config struct {
	Sites []string // origins, https://firma.example
}

// Validate reports all that is wrong with the sites.
func (c Config) Validate() error {
	var errs []error
	for i, site := range c.Sites {
		u, err := url.Parse(site)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || site != u.Scheme+"://"+u.Host || strings.ContainsAny(site, " ;,'*") {
			errs = append(errs, fmt.Errorf("http.widget_sites[%d]: want a site such as https://firma.example, without a path; got %q", i, site))
		}
	}
	return errors.Join(errs...)
}

// Widget answers for the chat's pages. It is safe for concurrent use.
type Widget struct {
	config Config
	site   *page.Site
	pages  *page.Pages
	assets *page.Assets
	room   Room
	now    func() time.Time
	limit  *page.Limit
}

// New parses the pages.
func New(c Config, site *page.Site, room Room, now func() time.Time) (*Widget, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	w := &Widget{config: c, site: site, room: room, now: now, limit: page.NewLimit(turnsPerNetwork, turnsInAll, now)}
	var err error
	if w.assets, err = page.NewAssets(assetPath, page.Folder(files, "assets")); err != nil {
		return nil, err
	}
	w.pages, err = site.Pages(page.Source{
		Templates: page.Folder(files, "pages"), Words: page.Folder(files, "words"),
		Styles: []string{w.assets.URL("chat.css")}, Scripts: []string{w.assets.URL("chat.js")},
	})
	return w, err
}

// Mounts are where the chat answers.
func (w *Widget) Mounts() []page.Mount {
	own, framed := page.Guard{}, page.Guard{FramedBy: w.config.Sites}
	chatPage, frame := w.view("chat", ChatPath), w.view("widget", WidgetPath)
	return []page.Mount{
		{Pattern: "GET " + ChatPath, Handler: w.site.Guard(own, chatPage)},
		{Pattern: "POST " + ChatPath, Handler: w.site.Guard(own, chatPage)},
		{Pattern: "GET " + WidgetPath, Handler: w.site.Guard(framed, frame)},
		{Pattern: "POST " + WidgetPath, Handler: w.site.Guard(framed, frame)},
		{Pattern: "GET " + ScriptPath, Handler: http.HandlerFunc(script)},
		{Pattern: "GET " + assetPath, Handler: w.assets},
	}
}

// script is what other sites load. Its address stays, so that they need not change
// it; so it is asked for anew each hour.
func script(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(loader) // the reader's loss
}

// view answers for one page: it takes a turn if the request brings one, and shows all
// of the conversation.
func (w *Widget) view(name, path string) http.HandlerFunc {
	return func(out http.ResponseWriter, r *http.Request) {
		if !w.site.Form(out, r) {
			return
		}
		v := page.View{TitleKey: "title", Current: path}
		shown := talk{Path: path, Until: w.now().Add(patience)}
		t := chat.Turn{Language: w.pages.Language(r), Network: page.Network(r.RemoteAddr)}
		if r.Method == http.MethodPost {
			v.Lang = known(w.pages.Languages(), r.PostForm.Get("language"), t.Language)
			t.Language, t.Conversation = v.Lang, r.PostForm.Get("conversation")
			t.Conversation, v.Status = w.take(r, t, &shown)
		}
		if len(shown.Said) == 0 {
			a, err := w.room.Take(r.Context(), t)
			switch {
			case err == nil:
				shown.answer(a)
			case v.Status != http.StatusServiceUnavailable:
				w.site.Failed(out, r, err, "reading a conversation")
				return
			default: // what was written is shown all the same
				shown.Conversation = t.Conversation
			}
		}
		if v.Status == http.StatusTooManyRequests {
			out.Header().Set("Retry-After", "60")
		}
		v.Data = shown
		w.pages.Write(out, r, name, v)
	}
}

// patience is after how long one may try again who was too fast.
const patience = time.Minute

// take takes the turn that a form brings, and returns the conversation that it
// belongs to. If it could not be taken it is shown again, with what went wrong.
func (w *Widget) take(r *http.Request, t chat.Turn, shown *talk) (conversation string, status int) {
	t.Input = chatbot.Input{Text: strings.TrimSpace(r.PostForm.Get("text")), Press: chatbot.Press(r.PostForm.Get("press"))}
	err := error(chat.ErrTooMany)
	var a chat.Answer
	if w.limit.Pass(t.Network) {
		a, err = w.room.Take(r.Context(), t)
	}
	switch {
	case errors.Is(err, chat.ErrTooMany):
		shown.Text, shown.Fault = t.Text, faultWait
		return t.Conversation, http.StatusTooManyRequests
	case err != nil:
		shown.Text, shown.Fault = t.Text, faultFailed
		return t.Conversation, http.StatusServiceUnavailable
	case a.Conversation == "": // it was forgotten: this says so, and nothing is kept to be read
		shown.answer(a)
	}
	return a.Conversation, http.StatusOK
}

func known(languages []string, want, otherwise string) string {
	for _, l := range languages {
		if l == want {
			return l
		}
	}
	return otherwise
}
