package console

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

//go:embed assets all:pages words
var files embed.FS

// Desk is the one service that changes anything; desk.Desk's methods say more.
type Desk interface {
	SignIns
	Orders
	Planning
	HeldMails
	Letters
	Digests
}

// SignIns let staff in.
type SignIns interface {
	AskSignIn(ctx context.Context, address, next string) error
	SignIn(ctx context.Context, link, formerSession string) (desk.SignedIn, error)
	Session(ctx context.Context, secret string) (ticket.Staff, error)
	Standing(ctx context.Context, secret string) (ticket.Staff, error)
	LapsedSession(ctx context.Context, secret string) (ticket.Staff, error)
	SignOut(ctx context.Context, secret string, everywhere bool) error
}

// Orders are what staff ask to have done to tickets.
type Orders interface {
	OrderSeen(ctx context.Context, id ticket.ID, o ticket.Order, by ticket.Actor, seen int) (desk.Change, error)
	Preview(ctx context.Context, id ticket.ID, o ticket.Order, by ticket.Actor) (desk.Change, error)
	Refusals(ctx context.Context, id ticket.ID, by ticket.Actor) (map[string]*ticket.Refused, error)
	Terms() ticket.OrderTerms
}

// Planning is the desk's view of sprints and quarters.
type Planning interface {
	SprintsAhead(ctx context.Context, n int) ([]ticket.InternalSprint, error)
	HotfixCost(ctx context.Context) ([]ticket.Moved, error)
	InternalRoadmap(ctx context.Context, period string) (ticket.InternalRoadmap, error)
}

// HeldMails is what staff decide about mails that stand on no ticket.
type HeldMails interface {
	DecidesOnMail(by ticket.Actor) error
	PreviewRelease(ctx context.Context, mail string, how desk.Release, by ticket.Actor) (desk.Filing, error)
	Release(ctx context.Context, mail string, how desk.Release, by ticket.Actor) (ticket.Outcome, error)
	Drop(ctx context.Context, mail string, by ticket.Actor, reason string) (ticket.Outcome, error)
}

// Letters is what staff decide about letters that go no further by themselves.
type Letters interface {
	RetryLetter(ctx context.Context, id ticket.ID, number int, by ticket.Actor) (ticket.Notice, error)
	DropLetter(ctx context.Context, id ticket.ID, number int, by ticket.Actor) (ticket.Notice, error)
}

// Digests are the day's lists of staff.
type Digests interface {
	ViewDigest(ctx context.Context, address string) (desk.DigestView, error)
	LastDigest(ctx context.Context, address string) (*ticket.Notice, error)
	SendDigest(ctx context.Context, address string, day time.Time) (letter ticket.Notice, found bool, err error)
}

// Search finds tickets by their words, the best first, and says where the next page
// begins, "" at the end.
type Search func(query, after string, limit int) (ids []ticket.ID, next string)

// Archive has the raw mails.
type Archive interface {
	Open(ctx context.Context, mail journal.ID) (io.ReadCloser, error)
}

// Config is what an operator chose about the console.
type Config struct {
	// Secure: browsers reach the console by TLS alone, so that its cookie bears the
	// __Host- prefix. Without it, on a machine by itself, the cookie has a plain name.
	Secure bool
	Prefix string // of tracking IDs
	Staff  []ticket.Staff
}

// Validate reports what is wrong.
func (c Config) Validate() error {
	if !ticket.ValidPrefix(c.Prefix) {
		return fmt.Errorf("console: %q is no prefix of tracking IDs", c.Prefix)
	}
	return nil
}

// Deps are what a console works with.
type Deps struct {
	Site    *page.Site
	Desk    Desk
	Store   *store.Store // for reading, and for drafts; tickets are written through the desk
	Archive Archive
	Now     func() time.Time
	Random  io.Reader
	Log     zerolog.Logger

	HTML   func(raw []byte) string                       // of a raw mail, as hostile as it came
	Letter func(ticket.Notice) (templates.Letter, error) // in its words

	Search     Search                               // nil: no words are found
	Operations func(ctx context.Context) Operations // nil: nothing is known of the daemon

	// Attachment and Raw hand out files of a mail for saving, to somebody who was let
	// in. The request's path values are id, and n or mail.
	Attachment, Raw http.HandlerFunc
}

// Console shows its pages. It is safe for concurrent use.
type Console struct {
	cfg    Config
	deps   Deps
	pages  *page.Pages
	assets *page.Assets
	live   *live
	policy *mailPolicy
	links  *page.Limit // questions for sign-in links
}

// New parses the pages.
func New(c Config, d Deps) (*Console, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if d.Site == nil || d.Desk == nil || d.Store == nil || d.Letter == nil {
		return nil, errors.New("console: site, desk, store and letters are needed")
	}
	con := &Console{cfg: c, deps: d, live: newLive(), policy: newMailPolicy(), links: page.NewLimit(linksPerMinute, linksInAll, d.Now)}
	var err error
	if con.assets, err = page.NewAssets(page.AssetPath+"console/", folder("assets")); err != nil {
		return nil, err
	}
	con.pages, err = d.Site.Pages(page.Source{
		Templates: folder("pages"), Words: folder("words"),
		Styles: []string{con.assets.URL("console.css"), con.assets.URL("screens.css")}, Scripts: []string{con.assets.URL("console.js")},
	})
	if err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	return con, nil
}

// folder is one of the embedded ones: it is there.
func folder(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err)
	}
	return sub
}

// Home is the first page of the console.
const Home = "/console"

// Mounts are all that the console answers.
func (c *Console) Mounts() []page.Mount {
	mounts := []page.Mount{
		{Pattern: "GET " + page.AssetPath + "console/", Handler: c.assets},
		{Pattern: "GET " + desk.SignInPath, Handler: c.open(c.signInPage)},
		{Pattern: "POST " + desk.SignInPath, Handler: c.open(c.askSignIn)},
		{Pattern: "POST " + desk.SignInPath + "/open", Handler: c.open(c.signIn)},
		{Pattern: "POST /console/signout", Handler: c.staff(page.Guard{}, c.signOut)},
		{Pattern: "GET /console/{$}", Handler: http.RedirectHandler(Home, http.StatusSeeOther)},
		{Pattern: "GET /console/keys", Handler: c.staff(page.Guard{}, c.keysPage)},
		{Pattern: "POST /console/keys", Handler: c.staff(page.Guard{}, c.setKeys)},
		{Pattern: "GET /console/events", Handler: c.background(c.events)},
		{Pattern: "GET /console/rows", Handler: c.background(c.rows)},
		{Pattern: "GET " + Home, Handler: c.staff(page.Guard{}, c.inbox)},
	}
	const one = "/console/tickets/{id}"
	texts := page.Guard{MaxBody: maxText}
	mounts = append(mounts, c.screenMounts()...)
	return append(mounts,
		page.Mount{Pattern: "GET " + one, Handler: c.staff(page.Guard{}, c.ticket)},
		page.Mount{Pattern: "GET " + one + "/do/{word}", Handler: c.staff(page.Guard{}, c.panel)},
		page.Mount{Pattern: "POST " + one + "/do/{word}", Handler: c.staff(texts, c.order)},
		page.Mount{Pattern: "POST " + one + "/drafts/{word}", Handler: c.staff(texts, c.saveDraft)},
		page.Mount{Pattern: "GET " + one + "/mails/{mail}", Handler: c.staff(page.Guard{Framing: true}, c.mail)},
		page.Mount{Pattern: "GET " + one + "/mails/{mail}/html", Handler: c.staff(page.Guard{}, c.mailHTML)},
		page.Mount{Pattern: "GET " + one + "/mails/{mail}/raw", Handler: c.staff(page.Guard{}, c.raw)},
		page.Mount{Pattern: "GET " + one + "/attachments/{n}", Handler: c.staff(page.Guard{}, c.attachment)},
	)
}

// Changed tells open pages that a ticket has changed. It never blocks.
func (c *Console) Changed(id ticket.ID) { c.live.changed(id) }

// Close ends the streams to open pages, so that a server can stop.
func (c *Console) Close() { c.live.close() }

// maxText bounds what is written in a form, in bytes.
const maxText = 256 << 10
