package console

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// draftLife is how long what was begun is kept, counted from when it was last saved.
const draftLife = 7 * 24 * time.Hour

// draftLink leads to what the reader has begun on a ticket.
type draftLink struct {
	Name, URL string
	Saved     time.Time
}

// keepDraft keeps the fields of a command for the one who wrote them; without any it
// throws the draft away.
func (c *Console) keepDraft(ctx context.Context, who ticket.Staff, id ticket.ID, w ticket.CommandWord, sent url.Values) error {
	fields, written := map[string]string{}, false
	for _, f := range fieldsOf(w) {
		value := strings.ToValidUTF8(sent.Get(string(f)), "\uFFFD")
		if strings.TrimSpace(value) == "" {
			continue
		}
		fields[string(f)] = value
		written = written || isText(f)
	}
	if !written { // choices alone are no work that could be lost
		fields = nil
	}
	now := c.deps.Now()
	// Whole hours: each new end of a record is a job of its own.
	d := store.Draft{Fields: fields, Saved: now, Expires: now.Truncate(time.Hour).Add(draftLife)}
	return c.deps.Store.SaveDraft(ctx, store.DraftName{Ticket: id, Address: who.Address, Command: w.Name}, d)
}

// isText reports whether a field is written and not chosen.
func isText(f ticket.OrderField) bool {
	switch f {
	case ticket.FieldText, ticket.FieldHow, ticket.FieldReason, ticket.FieldVerified, ticket.FieldLimits, ticket.FieldQuestions, ticket.FieldTitle:
		return true
	}
	return false
}

// drafts are what the reader has begun on a ticket, in the order of the table of verbs.
func (c *Console) drafts(v visit, id ticket.ID) ([]draftLink, error) {
	found, err := c.deps.Store.Drafts(v.ctx(), id, v.who.Address)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var links []draftLink
	for _, w := range ticket.Verbs() {
		if d, ok := found[w.Name]; ok && offered(w) {
			links = append(links, draftLink{Name: c.wordName(w, v.who.Language), URL: panelURL(id, w.Name), Saved: d.Saved})
		}
	}
	return links, nil
}

// saveDraft keeps what is being written, for a page that sends it by itself.
func (c *Console) saveDraft(v visit) {
	id, ok := ticket.ParseID(c.cfg.Prefix, v.r.PathValue("id"))
	word, known := commandWord(v.r.PathValue("word"))
	if !ok || !known {
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return
	}
	if !c.deps.Site.Form(v.w, v.r) {
		return
	}
	if _, found, err := c.deps.Store.Ticket(v.ctx(), id); err != nil || !found {
		if err != nil {
			c.failed(v, err, "reading a ticket")
			return
		}
		c.deps.Site.Error(v.w, v.r, http.StatusNotFound)
		return
	}
	if err := c.keepDraft(v.ctx(), v.who, id, word, v.r.PostForm); err != nil {
		c.failed(v, err, "keeping a draft")
		return
	}
	clock := c.pages.In(v.who.Language).Clock(c.deps.Now())
	v.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = v.w.Write([]byte(clock)) // the reader's loss
}
