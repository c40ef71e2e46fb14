package main

import (
	"io/fs"
	"os"
	"strconv"
	"strings"

	"aismarttalk.tech/supportd/chatbot/phrasing"
	"aismarttalk.tech/supportd/desk/chat"
	"aismarttalk.tech/supportd/faq"
)

// faq reads the answers: a fault in an operator's file is one of the configuration
// too.
func (p *planner) faq() *faq.Book {
	c := p.c
	values := faq.Values{
		Name: c.Desk.Name, Prefix: strings.ToUpper(c.Desk.Prefix), Site: c.Desk.PublicURL,
		ReopenDays: days(int(c.Desk.ReopenWindow.Hours() / 24)), QuietDays: days(c.Desk.QuietDays), SprintWeeks: days(c.Sprints.Weeks),
		MaxMB: strconv.FormatInt(c.SMTP.MaxMessageBytes>>20, 10), Open: c.Desk.Hours.Open, Close: c.Desk.Hours.Close,
		ChatHours: strconv.Itoa(int(chat.Life.Hours())),
	}
	if len(c.Desk.Addresses) > 0 {
		values.Address = c.Desk.Addresses[0]
	}
	sets := []fs.FS{faq.Standard()}
	if c.Chat.FAQDir != "" {
		info, err := os.Stat(c.Chat.FAQDir)
		switch {
		case err != nil:
			p.report("chat.faq_dir", "%s cannot be read: %s", c.Chat.FAQDir, reason(err))
		case !info.IsDir():
			p.report("chat.faq_dir", "%s is no folder", c.Chat.FAQDir)
		default:
			sets = append(sets, os.DirFS(c.Chat.FAQDir))
		}
	}
	book, err := faq.New(values, sets...)
	for _, e := range flatten(err) {
		p.report("chat.faq_dir", "%s", e)
	}
	return book
}

// days is a number in a text; none is not spoken of.
func days(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// phrasing is where the model is, if there is one.
func (p *planner) phrasing() *phrasing.Config {
	s := p.c.Chat.Model
	if s.URL == "" {
		if s.Model != "" || s.KeyFile != "" {
			p.report("chat.model.url", "want the address of the model, or no chat.model at all")
		}
		return nil
	}
	c := phrasing.Config{URL: s.URL, Model: s.Model, Timeout: s.Timeout}
	if s.KeyFile != "" {
		key, err := os.ReadFile(s.KeyFile)
		if err != nil {
			p.report("chat.model.key_file", "%s cannot be read: %s", s.KeyFile, reason(err))
		}
		c.Key = strings.TrimSpace(string(key))
	}
	p.validate("chat", c.Validate())
	return &c
}
