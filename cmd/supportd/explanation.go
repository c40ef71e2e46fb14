package main

import (
	"bytes"
	"encoding/json"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// explanation is the object that explain prints. Its fields and their order
// are part of the program's interface: add at the end, change nothing.
type explanation struct {
	File        string              `json:"file"`
	OK          bool                `json:"ok"`
	Error       string              `json:"error"`
	MessageID   string              `json:"message_id"`
	Subject     string              `json:"subject"`
	From        ticket.Address      `json:"from"`
	To          []ticket.Address    `json:"to"`
	Date        string              `json:"date"`
	Language    string              `json:"language"`
	Text        string              `json:"text"`
	Segments    []ticket.Segment    `json:"segments"`
	Reply       string              `json:"reply"`
	Attachments []ticket.Attachment `json:"attachments"`
	Automatic   ticket.Automatic    `json:"automatic"`
	Bounce      ticket.Bounce       `json:"bounce"`
	Claim       ticket.Claim        `json:"claim"`
	Impact      string              `json:"impact"`
	Category    ticket.Category     `json:"category"`
	Kind        ticket.Kind         `json:"kind"`
	Clues       []ticket.Clue       `json:"clues"`
	Flags       []string            `json:"flags"`
}

func explain(file string, m mail) explanation {
	e := explanation{
		File:        file,
		OK:          true,
		MessageID:   m.message.MessageID,
		Subject:     m.message.Subject,
		From:        m.message.From,
		To:          m.message.To,
		Language:    m.reading.Language,
		Text:        m.message.Text,
		Segments:    m.message.Segments,
		Reply:       m.message.Reply,
		Attachments: m.message.Attachments,
		Automatic:   m.message.Automatic,
		Bounce:      m.message.Bounce,
		Claim:       m.reading.Claim,
		Impact:      m.reading.Impact,
		Category:    m.reading.Category,
		Kind:        m.reading.Kind,
		Clues:       m.clues,
		Flags:       m.message.Flags,
	}
	if !m.message.Date.IsZero() {
		e.Date = m.message.Date.Format(time.RFC3339)
	}
	return e
}

// line is the object on one line. Lists are never null, so that a script need
// not ask.
func (e explanation) line() []byte {
	list(&e.To)
	list(&e.Segments)
	list(&e.Attachments)
	list(&e.Automatic.Reasons)
	list(&e.Bounce.Recipients)
	list(&e.Category.Evidence)
	list(&e.Clues)
	list(&e.Flags)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		panic(err) // strings, numbers and lists of them: cannot fail
	}
	return b.Bytes()
}

func list[T any](s *[]T) {
	if *s == nil {
		*s = []T{}
	}
}
