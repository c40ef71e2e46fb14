package chatbot

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"aismarttalk.tech/supportd/faq"
	"aismarttalk.tech/supportd/ticket"
)

// Config is for whom the bot speaks.
type Config struct {
	Prefix  string // of tracking IDs
	Address string // of support
	// Language is what a text is written in, and whether that is sure; nil leaves the
	// language of a conversation to what is understood.
	Language func(text string) (tag string, sure bool)
}

// Bot leads conversations. It keeps none of them and is safe for concurrent use.
type Bot struct {
	config Config
	book   *faq.Book
	words  map[string]*phrases // by language
}

// New makes a bot that answers from a book.
func New(c Config, book *faq.Book) (*Bot, error) {
	if book == nil || c.Prefix == "" || c.Address == "" {
		return nil, errors.New("chatbot: want answers, the prefix of tracking IDs and the support address")
	}
	return &Bot{c, book, map[string]*phrases{"da": danish(), "en": english()}}, nil
}

// Begin opens a conversation, in Danish if the language is none of faq.Languages.
func (b *Bot) Begin(language string) (State, Reply) {
	s := State{Language: language, Step: StepOpen}
	if b.words[language] == nil {
		s.Language = "da"
	}
	return s, Reply{Say: say(b.say(s).hello), Buttons: b.usual(s), Expect: ExpectText}
}

// Forgotten opens one in place of one that is no longer there, and says so.
func (b *Bot) Forgotten(language string) (State, Reply) {
	s, r := b.Begin(language)
	r.Say = say(b.say(s).old)
	return s, r
}

// Turn takes one turn: the state behind it, and what we say. The state may have come
// from anywhere; what does not fit it is met with the question again.
func (b *Bot) Turn(s State, in Input) (State, Reply) {
	if b.words[s.Language] == nil {
		s.Language = "da"
	}
	if s.Turns++; s.Turns > maxTurns || s.Step == StepOver {
		return State{Language: s.Language, Step: StepOver, Turns: s.Turns, Reports: s.Reports},
			Reply{Say: say(fmt.Sprintf(b.say(s).over, b.config.Address)), Expect: ExpectPress}
	}
	in.Text = strings.TrimSpace(clean(in.Text))
	if utf8.RuneCountInString(in.Text) > MaxText {
		r := b.ask(s)
		r.Say = say(fmt.Sprintf(b.say(s).tooMuch, MaxText))
		return s, r
	}
	if in.Press != "" {
		return b.press(s, in.Press)
	}
	if in.Text == "" {
		return s, b.ask(s)
	}
	return b.hear(s, in.Text)
}

// say is what the bot says in a conversation's language.
func (b *Bot) say(s State) *phrases { return b.words[s.Language] }

// say makes a bubble of each text.
func say(texts ...string) []Saying {
	all := make([]Saying, len(texts))
	for i, t := range texts {
		all[i] = Saying{Blocks: []faq.Block{{Kind: faq.Paragraph, Text: t}}}
	}
	return all
}

// usual are the buttons of a conversation that is about nothing in particular.
func (b *Bot) usual(s State) []Button {
	w := b.say(s)
	return []Button{{Press: PressReport, Label: w.report}, {Press: PressStatus, Label: w.see}}
}

// ask is the question of the step that a conversation is at.
func (b *Bot) ask(s State) Reply {
	w := b.say(s)
	cancel := Button{Press: PressCancel, Label: w.cancel}
	switch s.Step {
	case StepAnswered:
		return Reply{Say: say(w.helped), Expect: ExpectText, Buttons: []Button{{Press: PressHelped, Label: w.yes}, {Press: PressReport, Label: w.no}}}
	case StepOffered:
		return Reply{Say: say(w.choose), Expect: ExpectText, Buttons: []Button{{PressReport, w.report, true}, cancel}}
	case StepWhat:
		return Reply{Say: say(w.what), Expect: ExpectLong, Buttons: []Button{cancel}}
	case StepImpact:
		r := Reply{Say: say(w.impact), Expect: ExpectText}
		for _, p := range []Press{PressCritical, PressHigh, PressNormal, PressLow} {
			r.Buttons = append(r.Buttons, Button{Press: p, Label: w.levels[severityOf(p)]})
		}
		r.Buttons = append(r.Buttons, cancel)
		return r
	case StepWhere:
		return Reply{Say: say(w.where), Expect: ExpectLong, Buttons: []Button{{Press: PressSkip, Label: w.skip}, cancel}}
	case StepAddress:
		return Reply{Say: say(w.address), Expect: ExpectAddress, Buttons: []Button{cancel}}
	case StepCheck, StepOpening:
		return Reply{
			Say: say(w.check), Summary: b.summary(s), Expect: ExpectPress,
			Buttons: []Button{{PressSend, w.send, true}, {Press: PressCorrect, Label: w.change}, cancel},
		}
	case StepCorrect:
		return Reply{Say: say(w.correct), Expect: ExpectPress, Buttons: []Button{
			{Press: PressWhat, Label: w.factWhat}, {Press: PressImpact, Label: w.factImpact},
			{Press: PressWhere, Label: w.factWhere}, {Press: PressAddress, Label: w.factAddress}, cancel,
		}}
	case StepStatusID:
		return Reply{Say: say(fmt.Sprintf(w.statusID, b.example())), Expect: ExpectTicket, Buttons: []Button{cancel}}
	case StepStatusAddress:
		return Reply{Say: say(w.statusAddress), Expect: ExpectAddress, Buttons: []Button{cancel}}
	}
	return Reply{Say: say(w.again), Expect: ExpectText, Buttons: b.usual(s)}
}

// example is a tracking ID to go by.
func (b *Bot) example() string { return b.config.Prefix + "-7K3Q-M2XQ" }

// severityOf is the severity that a button means; "" for any other.
func severityOf(p Press) ticket.Severity {
	switch p {
	case PressCritical:
		return ticket.SeverityCritical
	case PressHigh:
		return ticket.SeverityHigh
	case PressNormal:
		return ticket.SeverityNormal
	case PressLow:
		return ticket.SeverityLow
	}
	return ""
}

// clean leaves letters, line breaks and tabs of what was written: what shows nothing
// could hide something.
func clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0,
			r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069, // turn the direction of writing
			r >= 0xe0000 && r <= 0xe007f:                             // tags that nobody sees
			return -1
		}
		return r
	}, text)
}
