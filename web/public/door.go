package public

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"aismarttalk.tech/supportd/desk/report"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

//go:embed assets all:pages words
var files embed.FS

// Desk answers what the pages ask; desk.Desk's methods say more.
type Desk interface {
	AskStatusLink(ctx context.Context, id ticket.ID, address string) error
	ShowStatus(ctx context.Context, proof string) (path string, err error)
	StatusByToken(token string) (ticket.ID, error)
	Roadmap(ctx context.Context, period string) (ticket.Roadmap, error)
	RoadmapCalendar(ctx context.Context, period string) (string, error)
}

// Tickets are read, never written.
type Tickets interface {
	Ticket(ctx context.Context, id ticket.ID) (ticket.Ticket, bool, error)
	Events(ctx context.Context, id ticket.ID) ([]ticket.Event, error)
}

// Reports take in what was written in the form; report.Box does.
type Reports interface {
	Once(ctx context.Context, r report.Report, by report.Source, key string) (report.Filed, error)
}

// Parts are what the door is made of.
type Parts struct {
	Site    *page.Site
	Desk    Desk
	Tickets Tickets
	Reports Reports
	Texts   *templates.Set
	Prefix  string // of tracking IDs
	Chat    string // path of the chatbot's page; "" for none
	Now     func() time.Time
	Random  io.Reader

	Calendar ticket.Calendar // of the sprints
}

// Door shows the public pages. It is safe for concurrent use.
type Door struct {
	parts  Parts
	site   *page.Pages // in Danish and English
	status *page.Pages // in every language of letters
	assets *page.Assets
}

const assetPath = page.AssetPath + "public/"

// New parses the pages.
func New(p Parts) (*Door, error) {
	if p.Site == nil || p.Desk == nil || p.Tickets == nil || p.Reports == nil || p.Texts == nil || p.Now == nil || p.Random == nil {
		return nil, errors.New("public: a part is missing")
	}
	d := &Door{parts: p}
	var err error
	if d.assets, err = page.NewAssets(assetPath, page.Folder(files, "assets")); err != nil {
		return nil, fmt.Errorf("public: %w", err)
	}
	styles := []string{d.assets.URL("public.css")}
	if d.site, err = p.Site.Pages(page.Source{Templates: page.Folder(files, "pages/site"), Words: page.Folder(files, "words/site"), Styles: styles}); err != nil {
		return nil, fmt.Errorf("public: %w", err)
	}
	if d.status, err = p.Site.Pages(page.Source{Templates: page.Folder(files, "pages/status"), Words: page.Folder(files, "words/status"), Styles: styles}); err != nil {
		return nil, fmt.Errorf("public: %w", err)
	}
	return d, nil
}

// Requests a minute: pages from one network, forms from one, and forms in all.
const (
	pagesPerMinute = 120
	formsPerMinute = 10
	formsInAll     = 300
)

// Mounts are the pages.
func (d *Door) Mounts() []page.Mount {
	read := page.Guard{Limit: page.NewLimit(pagesPerMinute, 0, d.parts.Now)}
	write := page.Guard{Limit: page.NewLimit(formsPerMinute, formsInAll, d.parts.Now)}
	upload := write
	upload.MaxBody = maxUpload
	mount := func(pattern string, g page.Guard, h http.HandlerFunc) page.Mount {
		return page.Mount{Pattern: pattern, Handler: d.parts.Site.Guard(g, h)}
	}
	return []page.Mount{
		{Pattern: "GET " + assetPath, Handler: d.assets},
		mount("GET /{$}", read, d.index),
		mount("GET /status", read, d.statusForm),
		mount("POST /status", write, d.askStatus),
		mount("POST /status/show", write, d.spendProof),
		mount("GET /t/{token}", read, d.standing),
		mount("GET /roadmap", read, d.roadmap),
		mount("GET /roadmap/{period}", read, d.roadmap),
		mount("GET /report", read, d.reportForm),
		mount("POST /report", upload, d.takeReport),
	}
}

// index is the front page.
func (d *Door) index(w http.ResponseWriter, r *http.Request) {
	d.site.Write(w, r, "index", page.View{TitleKey: "index.title", Data: d.parts.Chat})
}
