package console

import (
	"context"
	"strconv"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// Screens of the console, beside Home.
const (
	planningURL   = "/console/planning"
	mailsURL      = "/console/mail"
	outboxURL     = "/console/outbox"
	roadmapURL    = "/console/roadmap"
	operationsURL = "/console/operations"
	digestsURL    = "/console/digests"
	searchURL     = "/console/search"
)

// screen is one entry of the navigation; Key is of the console's words.
type screen struct {
	URL, Key string
	Count    string // how much waits there for somebody; "" for nothing
}

// screens are the entries of the navigation.
func (c *Console) screens(v visit) []screen {
	waiting, err := c.waiting(v.ctx())
	if err != nil && v.ctx().Err() == nil {
		c.deps.Log.Warn().Err(err).Msg("counting what waits; the page is shown without")
	}
	return []screen{
		{URL: Home, Key: "inbox"}, {URL: planningURL, Key: "planning"}, {URL: mailsURL, Key: "mails", Count: waiting},
		{URL: roadmapURL, Key: "roadmap"}, {URL: operationsURL, Key: "operations"},
	}
}

// countLimit bounds what is counted for the navigation; past it a number reads "99+".
const countLimit = 100

// bounded is a number that was counted up to countLimit.
func bounded(n int) string {
	switch {
	case n == 0:
		return ""
	case n >= countLimit:
		return strconv.Itoa(countLimit-1) + "+"
	}
	return strconv.Itoa(n)
}

// stuckStates are those of letters that go no further until somebody decides.
func stuckStates() []ticket.NoticeState {
	return []ticket.NoticeState{ticket.NoticeHeld, ticket.NoticeGivenUp, ticket.NoticeBounced}
}

// waiting is how many mails and letters wait for a decision.
func (c *Console) waiting(ctx context.Context) (string, error) {
	n, err := c.deps.Store.MailsUpTo(ctx, ticket.OutcomeHeld, countLimit)
	if err != nil {
		return "", err
	}
	for _, state := range stuckStates() {
		if n >= countLimit {
			break
		}
		more, err := c.deps.Store.NoticesUpTo(ctx, state, countLimit-n)
		if err != nil {
			return "", err
		}
		n += more
	}
	return bounded(n), nil
}

// screenMounts are the screens and what is done there.
func (c *Console) screenMounts() []page.Mount {
	get := func(pattern string, h func(visit)) page.Mount {
		return page.Mount{Pattern: "GET " + pattern, Handler: c.staff(page.Guard{}, h)}
	}
	post := func(pattern string, h func(visit)) page.Mount {
		return page.Mount{Pattern: "POST " + pattern, Handler: c.staff(page.Guard{}, h)}
	}
	return []page.Mount{
		get(planningURL, c.planning),
		get(mailsURL, c.mailList),
		{Pattern: "GET " + mailsURL + "/{mail}", Handler: c.staff(page.Guard{Framing: true}, c.held)},
		get(mailsURL+"/{mail}/html", c.heldHTML),
		post(mailsURL+"/{mail}/decide", c.decideOnMail),
		get(outboxURL, c.outbox),
		get(outboxURL+"/{letter}/{number}", c.letterPage),
		post(outboxURL+"/{letter}/{number}", c.decideOnLetter),
		get(roadmapURL, c.roadmap),
		get(operationsURL, c.operations),
		get(digestsURL, c.digests),
		get(digestsURL+"/{address}", c.digest),
		post(digestsURL+"/{address}", c.sendDigest),
		get(searchURL, c.search),
	}
}

// tab is one of the lists that a screen has.
type tab struct {
	URL, Key string
	Count    string
	Here     bool
}

// mailTabs are the lists of the screen of mail.
func (c *Console) mailTabs(ctx context.Context, here string) ([]tab, error) {
	held, err := c.deps.Store.MailsUpTo(ctx, ticket.OutcomeHeld, countLimit)
	if err != nil {
		return nil, err
	}
	stuck := 0
	for _, state := range stuckStates() {
		n, err := c.deps.Store.NoticesUpTo(ctx, state, countLimit)
		if err != nil {
			return nil, err
		}
		stuck += n
	}
	return []tab{
		{mailsURL, "mails.held", bounded(held), here == string(ticket.OutcomeHeld)},
		{mailsURL + "?list=auto", "mails.auto", "", here == string(ticket.OutcomeAuto)},
		{mailsURL + "?list=bounce", "mails.bounce", "", here == string(ticket.OutcomeBounce)},
		{mailsURL + "?list=dropped", "mails.dropped", "", here == string(store.Dropped)},
		{outboxURL, "outbox", bounded(stuck), here == "outbox"},
	}, nil
}
