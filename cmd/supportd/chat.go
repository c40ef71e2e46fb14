package main

import (
	"aismarttalk.tech/supportd/chatbot"
	"aismarttalk.tech/supportd/chatbot/phrasing"
	"aismarttalk.tech/supportd/desk/chat"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// Reports from the chat, a minute: of one network and of all. Each sends a letter to
// whatever address it names.
const (
	chatReportsPerNetwork = 5
	chatReportsInAll      = 60
)

// chatRoom wires the chatbot.
func (d *daemon) chatRoom() (*chat.Room, error) {
	desk := d.cfg.planned.desk
	bot, err := chatbot.New(chatbot.Config{Prefix: desk.Prefix, Address: desk.Addresses[0], Language: d.languageOf}, d.cfg.planned.faq)
	if err != nil {
		return nil, err
	}
	parts := chat.Parts{
		Bot: bot, Store: d.records.store, Reports: d.reports(), Status: d.records.desk,
		Opens: page.NewLimit(chatReportsPerNetwork, chatReportsInAll, d.world.now),
		Now:   d.world.now, Random: d.world.random, Log: d.world.log,
	}
	if c := d.cfg.planned.phrasing; c != nil {
		model, err := phrasing.New(*c, d.world.now)
		if err != nil {
			return nil, err
		}
		d.undo.add(func() error { model.Close(); return nil })
		parts.Phrase = model
	}
	return chat.New(parts), nil
}

// languageOf is the language of a line in the chat, as that of a mail is found.
func (d *daemon) languageOf(text string) (string, bool) {
	r := d.classifier.Load().Classify(ticket.Message{Text: text, Reply: text})
	return r.Language, r.LanguageSure
}
