package console

import (
	"context"
	"slices"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Bounds of a page of a thread.
const (
	threadEvents = 30       // shown at a time
	threadText   = 40 << 10 // bytes of all texts on a page …
	mailText     = 8 << 10  // … and of one stretch of a mail
	threadFiles  = 12       // named of one mail
	letterLook   = 150      // the latest letters of a ticket that are looked at
)

// thread is a page of what happened to a ticket, in order.
type thread struct {
	Items          []item
	First, Last    int // numbers of its events
	Earlier, Later string
	Events         int // of the ticket
}

// item is one thing that happened: a mail, words of ours, or a line.
type item struct {
	Number   int
	Event    ticket.Event
	By       string
	Mail     *mailItem
	Text     string // of ours, whole
	Internal bool   // … and nobody outside reads it
	Key      string // of the words that say what happened
	Details  []detail
	Letters  []letterItem
	Undone   bool
}

// mailItem is a mail on a ticket.
type mailItem struct {
	Mail     string
	URL      string // its own page
	From     ticket.Address
	Trust    trustView
	Why      string // what was found out about its sender, in English
	Banner   string
	Asks     bool // it asks for a reopening that was left to staff
	Text     []stretch
	Files    []fileItem
	MoreFile int
	Flags    []string
}

type fileItem struct {
	Name string
	Size int
	URL  string
	Scan ticket.FileScan
}

// letterItem is a letter that an event owed, and how far it has come.
type letterItem struct {
	Number   int
	Kind     ticket.NoticeKind
	To       string
	State    ticket.NoticeState
	At       time.Time // sent, or when it leaves
	Reply    string    // of the relay, the latest
	Reason   string
	Internal bool // to one of ours
}

// detail is one fact of an event: why, and how it stood afterwards.
type detail struct {
	Key      string // of the words
	Value    string
	ValueKey string    // in its place, a word
	Day      time.Time // in its place
	Long     bool      // a text of its own lines
}

// readThread reads the page of a thread that ends with an event; 0 is the latest page.
func (c *Console) readThread(ctx context.Context, t ticket.Ticket, last int, lang string) (thread, error) {
	if last <= 0 || last > t.Events {
		last = t.Events
	}
	first := max(1, last-threadEvents+1)
	page := thread{First: first, Last: last, Events: t.Events}
	if first > 1 {
		page.Earlier = threadURL(t.ID, first-1)
	}
	if last < t.Events {
		page.Later = threadURL(t.ID, min(t.Events, last+threadEvents))
	}
	events, err := c.deps.Store.EventsFrom(ctx, t.ID, first, last-first+1)
	if err != nil {
		return page, err
	}
	mails, err := c.mailsOf(ctx, events)
	if err != nil {
		return page, err
	}
	letters, err := c.deps.Store.NoticesFrom(ctx, t.ID, max(1, t.Notices-letterLook+1), letterLook)
	if err != nil {
		return page, err
	}
	budget := threadText
	for _, e := range slices.Backward(events) { // the latest words have room first
		one := c.item(t, e, mails, &budget, lang)
		for _, n := range letters {
			if n.Event == e.Number {
				one.Letters = append(one.Letters, letterOf(n))
			}
		}
		page.Items = append(page.Items, one)
	}
	slices.Reverse(page.Items)
	markUndone(page.Items)
	return page, nil
}

func (c *Console) mailsOf(ctx context.Context, events []ticket.Event) (map[string]store.Mail, error) {
	var ids []string
	for _, e := range events {
		if e.Entry != nil {
			ids = append(ids, e.Entry.Mail)
		}
	}
	return c.deps.Store.Mails(ctx, ids...)
}

func (c *Console) item(t ticket.Ticket, e ticket.Event, mails map[string]store.Mail, budget *int, lang string) item {
	one := item{Number: e.Number, Event: e, By: c.by(e.By), Key: "event." + string(e.Kind)}
	switch {
	case e.Entry != nil:
		one.Mail = c.mailItem(t, *e.Entry, mails[e.Entry.Mail], budget)
	case e.Kind == ticket.EventNoted || e.Kind == ticket.EventReplied:
		one.Text, _ = cut(e.Text, max(mailText, min(*budget, threadText)))
		one.Internal = e.Kind == ticket.EventNoted && !e.Public
		if e.Public {
			one.Key = "event.published"
		}
		*budget -= len(one.Text)
		return one
	}
	one.Details = detailsOf(e, c.pages.In(lang))
	return one
}

// by names who did something, for staff: supportd itself has a key of the words.
func (c *Console) by(a ticket.Actor) string {
	switch {
	case a.Has(ticket.RoleSystem):
		return ""
	case a.Name != "":
		return a.Name
	}
	return c.name(a.Address)
}

func (c *Console) mailItem(t ticket.Ticket, e ticket.Entry, m store.Mail, budget *int) *mailItem {
	v := &mailItem{
		Mail: e.Mail, URL: mailURL(t.ID, e.Mail), From: e.From, Trust: trustOf(e.Trust), Banner: e.Banner, Asks: e.AsksReopen, Flags: e.Flags,
	}
	message := m.Message
	if message.Text == "" { // erased, or kept no longer
		message = ticket.Message{Text: e.Text}
	}
	if m.Check != nil {
		v.Why = m.Check.Reason
	}
	v.Text = stretches(message, max(1<<10, min(mailText, *budget)))
	for _, s := range v.Text {
		*budget -= len(s.Text)
	}
	for i, a := range e.Attachments {
		if i == threadFiles {
			v.MoreFile = len(e.Attachments) - i
			break
		}
		v.Files = append(v.Files, fileItem{Name: a.Filename, Size: a.Size, URL: attachmentURL(t.ID, e.Mail, i+1), Scan: m.Scan.Of(i + 1)})
	}
	return v
}

func letterOf(n ticket.Notice) letterItem {
	l := letterItem{Number: n.Number, Kind: n.Kind, To: n.To.Address, State: n.State, At: n.Sent, Reason: n.Reason, Internal: n.Kind.ForStaff()}
	if l.At.IsZero() {
		l.At = n.Due()
	}
	if len(n.Tries) > 0 {
		l.Reply = n.Tries[len(n.Tries)-1].Reply
	}
	return l
}

// markUndone strikes what a later event of the page took back.
func markUndone(items []item) {
	for _, by := range items {
		for i := range items {
			items[i].Undone = items[i].Undone || slices.Contains(by.Event.Undoes, items[i].Number)
		}
	}
}
