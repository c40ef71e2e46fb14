package chatbot

import (
	"fmt"
	"net/mail"
	"strings"

	"aismarttalk.tech/supportd/faq"
	"aismarttalk.tech/supportd/ticket"
)

// press does what a button says, if it is one of those that fit the step.
func (b *Bot) press(s State, p Press) (State, Reply) {
	switch p {
	case PressReport:
		return b.beginReport(s)
	case PressStatus:
		return b.beginStatus(s, "")
	case PressHelped:
		return b.back(s, b.say(s).good)
	case PressCancel:
		return b.back(s, b.say(s).cancelled)
	case PressRestart:
		return b.back(s, b.say(s).again)
	}
	if id, ok := strings.CutPrefix(string(p), string(PressAsk)); ok {
		if e, known := b.book.Entry(s.Language, id); known && (s.Step == StepOpen || s.Step == StepAnswered || s.Step == StepOffered) {
			return b.answer(s, e)
		}
		return s, b.ask(s)
	}
	return b.pressInReport(s, p)
}

// back ends what the conversation was about.
func (b *Bot) back(s State, text string) (State, Reply) {
	s = State{Language: s.Language, Step: StepOpen, Turns: s.Turns, Reports: s.Reports}
	return s, Reply{Say: say(text), Buttons: b.usual(s), Expect: ExpectText}
}

// hear reads what was written, by what the step waits for.
func (b *Bot) hear(s State, text string) (State, Reply) {
	switch s.Step {
	case StepWhat, StepImpact, StepWhere, StepAddress, StepCheck, StepCorrect, StepOpening, StepStatusID, StepStatusAddress:
		if meant, _ := understand(text); meant == intentRestart {
			return b.back(s, b.say(s).cancelled)
		}
		if e, asked := b.aside(s, text); asked {
			r := b.ask(s)
			r.Say = append([]Saying{{e.Answer, e.ID}}, r.Say...)
			return s, r
		}
		if s.Step == StepStatusID || s.Step == StepStatusAddress {
			return b.hearStatus(s, text)
		}
		return b.hearReport(s, text)
	}
	return b.hearFreely(s, text)
}

// aside finds the answer to a question that stands in place of what was asked for.
// What a report tells is not taken for one.
func (b *Bot) aside(s State, text string) (faq.Entry, bool) {
	if s.Step == StepWhat || s.Step == StepWhere || !strings.HasSuffix(text, "?") || strings.Contains(text, "@") {
		return faq.Entry{}, false
	}
	m := b.book.Find(s.Language, text)
	return m.Entry, m.Found && m.Entry.Language == s.Language
}

// hearFreely reads what is written when nothing in particular is waited for.
func (b *Bot) hearFreely(s State, text string) (State, Reply) {
	if ids := ticket.FindIDs(b.config.Prefix, text); len(ids) > 0 && len(strings.Fields(text)) <= 12 {
		return b.hearStatus(State{Language: s.Language, Step: StepStatusID, Turns: s.Turns, Reports: s.Reports}, text)
	}
	meant, language := understand(text)
	if language == "" {
		language = b.detect(text)
	}
	if language != "" {
		s.Language = language
	}
	switch meant {
	case intentRestart:
		return b.back(s, b.say(s).again)
	case intentThanks:
		return b.back(s, b.say(s).welcome)
	case intentHello:
		return b.back(s, b.say(s).hello)
	case intentHuman:
		return b.offer(s, "", fmt.Sprintf(b.say(s).human, b.config.Address), nil)
	case intentStatus:
		return b.beginStatus(s, b.say(s).status)
	case intentYes:
		if s.Step == StepOffered {
			return b.beginReport(s)
		}
		return b.back(s, b.say(s).good)
	case intentReport:
		s.Draft = Draft{What: worthTaking(text, told)}
		return b.beginReport(s)
	}
	m := b.book.Find(s.Language, text)
	switch {
	case m.Found && m.Told && meant == intentFault: // it tells of a fault, in words of an answer
		return b.offer(s, text, b.say(s).fault, []faq.Entry{m.Entry})
	case m.Found:
		s.Language = m.Entry.Language
		s.Draft = Draft{}
		return b.answer(s, m.Entry)
	case meant == intentFault:
		return b.offer(s, text, b.say(s).fault, nil)
	case len(m.Near) > 0:
		s.Language = m.Entry.Language
		return b.offer(s, text, b.say(s).near, m.Near)
	}
	return b.offer(s, text, b.say(s).unknown, nil)
}

// answer tells what an entry says, and asks whether it helped.
func (b *Bot) answer(s State, e faq.Entry) (State, Reply) {
	s.Step = StepAnswered
	r := b.ask(s)
	r.Say = append([]Saying{{e.Answer, e.ID}}, r.Say...)
	if e.ID == "status" {
		r.Buttons = append(r.Buttons, Button{Press: PressStatus, Label: b.say(s).see})
	}
	return s, r
}

// offer proposes a ticket with what was written, beside questions that may have been
// meant.
func (b *Bot) offer(s State, text, why string, near []faq.Entry) (State, Reply) {
	s.Step, s.Draft = StepOffered, Draft{What: worthTaking(text, offered)}
	r := b.ask(s)
	r.Say = say(why)
	var questions []Button
	for _, e := range near {
		questions = append(questions, Button{Press: PressAsk + Press(e.ID), Label: e.Title()})
	}
	r.Buttons = append(questions, r.Buttons...)
	return s, r
}

// Words from which a report can begin with what was written: where it was offered,
// and where one was asked for, which takes some words by itself.
const (
	offered = 4
	told    = 8
)

// worthTaking is what was written, if it says so much.
func worthTaking(text string, least int) string {
	if len(strings.Fields(text)) < least {
		return ""
	}
	return text
}

// detect is the language of ours that a text is surely in; "" for any other.
func (b *Bot) detect(text string) string {
	if b.config.Language == nil {
		return ""
	}
	tag, sure := b.config.Language(text)
	if !sure || b.words[tag] == nil {
		return ""
	}
	return tag
}

func (b *Bot) beginStatus(s State, first string) (State, Reply) {
	s = State{Language: s.Language, Step: StepStatusID, Turns: s.Turns, Reports: s.Reports}
	r := b.ask(s)
	if first != "" {
		r.Say = append(say(first), r.Say...)
	}
	return s, r
}

// hearStatus takes ID and address, together or one by one. Whether they belong
// together is not known here, and is not said.
func (b *Bot) hearStatus(s State, text string) (State, Reply) {
	w := b.say(s)
	ids, address := ticket.FindIDs(b.config.Prefix, text), addressIn(text)
	if s.Step == StepStatusID {
		if len(ids) == 0 {
			r := b.ask(s)
			r.Say = say(fmt.Sprintf(w.badID, b.example()))
			return s, r
		}
		s.Ticket, s.Step = ids[0], StepStatusAddress
		if address == "" {
			return s, b.ask(s)
		}
	}
	if address == "" {
		r := b.ask(s)
		r.Say = say(w.badAddress)
		return s, r
	}
	do := AskStatus{Ticket: s.Ticket, Address: address}
	s, r := b.back(s, w.statusSent)
	r.Do = do
	return s, r
}

// addressIn is the mail address in a text; "" if there is none, or more than one.
func addressIn(text string) string {
	found := ""
	for _, word := range strings.Fields(text) {
		word = strings.Trim(word, "<>()[],;:.\"'!?")
		word = strings.TrimPrefix(word, "mailto:")
		if !strings.Contains(word, "@") {
			continue
		}
		if _, err := mail.ParseAddress(word); err != nil || !ticket.ValidAddress(word) || !strings.Contains(ticket.Domain(word), ".") || found != "" {
			return ""
		}
		found = word
	}
	return found
}
