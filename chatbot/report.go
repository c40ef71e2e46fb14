package chatbot

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
)

// beginReport asks for the first thing that the draft lacks.
func (b *Bot) beginReport(s State) (State, Reply) {
	if s.Reports >= maxReports {
		return b.back(s, fmt.Sprintf(b.say(s).enough, b.config.Address))
	}
	s.Changing = false
	if s.Draft.What == "" {
		s.Draft, s.Step = Draft{}, StepWhat
		return s, b.ask(s)
	}
	s.Draft, s.Step = Draft{What: s.Draft.What}, StepImpact
	r := b.ask(s)
	r.Say = append(say(b.say(s).seeded), r.Say...)
	return s, r
}

// steps of a report, in order.
func following(step Step) Step {
	switch step {
	case StepWhat:
		return StepImpact
	case StepImpact:
		return StepWhere
	case StepWhere:
		return StepAddress
	}
	return StepCheck
}

// onward goes to the next step, or back to the check if one part was changed.
func (b *Bot) onward(s State) (State, Reply) {
	s.Step = following(s.Step)
	if s.Changing {
		s.Step, s.Changing = StepCheck, false
	}
	return s, b.ask(s)
}

// hearReport takes what a step asked for.
func (b *Bot) hearReport(s State, text string) (State, Reply) {
	w := b.say(s)
	switch s.Step {
	case StepWhat:
		s.Draft.What = text
	case StepImpact:
		s.Draft.Impact, s.Draft.Severity = text, ""
	case StepWhere:
		s.Draft.Where = text
	case StepAddress:
		address := addressIn(text)
		if address == "" {
			r := b.ask(s)
			r.Say = say(w.badAddress)
			return s, r
		}
		s.Draft.Address = address
	default: // no words send a report, and none change what was shown
		r := b.ask(s)
		if s.Step != StepCorrect {
			r.Say = append(say(w.pressSend), r.Say...)
		}
		return s, r
	}
	return b.onward(s)
}

// pressInReport does what the buttons of a report say.
func (b *Bot) pressInReport(s State, p Press) (State, Reply) {
	switch {
	case p == PressSkip && s.Step == StepWhere:
		s.Draft.Where = ""
		return b.onward(s)
	case severityOf(p) != "" && s.Step == StepImpact:
		s.Draft.Severity = severityOf(p)
		s.Draft.Impact = b.say(s).levels[s.Draft.Severity]
		return b.onward(s)
	case p == PressCorrect && (s.Step == StepCheck || s.Step == StepOpening):
		s.Step = StepCorrect
		return s, b.ask(s)
	case p == PressSend && (s.Step == StepCheck || s.Step == StepOpening):
		s.Step = StepOpening
		return s, Reply{Expect: ExpectPress, Do: s.openTicket(b.say(s))}
	}
	for press, step := range map[Press]Step{PressWhat: StepWhat, PressImpact: StepImpact, PressWhere: StepWhere, PressAddress: StepAddress} {
		if p == press && s.Step == StepCorrect {
			s.Step, s.Changing = step, true
			return s, b.ask(s)
		}
	}
	return s, b.ask(s)
}

// summary is the report as it would be sent.
func (b *Bot) summary(s State) []Fact {
	w := b.say(s)
	facts := []Fact{{w.factWhat, s.Draft.What}, {w.factImpact, s.Draft.Impact}}
	if s.Draft.Where != "" {
		facts = append(facts, Fact{w.factWhere, s.Draft.Where})
	}
	return append(facts, Fact{w.factAddress, s.Draft.Address})
}

// openTicket is the report of the draft.
func (s State) openTicket(w *phrases) OpenTicket {
	d := s.Draft
	text := d.What + "\n\n" + w.lineImpact + d.Impact
	if d.Where != "" {
		text += "\n\n" + w.lineWhere + d.Where
	}
	return OpenTicket{Number: s.Reports + 1, Address: d.Address, Language: s.Language, Subject: subject(d.What), Text: text, Severity: d.Severity}
}

// Opened says that the report was taken in. The ID is "" where it is not filed yet,
// or waits for staff: then the letter tells it.
func (b *Bot) Opened(s State, id ticket.ID) (State, Reply) {
	w, to := b.say(s), ticket.MaskAddress(s.Draft.Address)
	s.Reports++
	done := fmt.Sprintf(w.taken, to)
	if id != "" {
		done = fmt.Sprintf(w.opened, id, to)
	}
	s, r := b.back(s, done)
	r.Say = append(r.Say, say(w.next)...)
	return s, r
}

// NotOpened says that it could not be taken in. All of it is kept, and may be sent
// again.
func (b *Bot) NotOpened(s State) (State, Reply) {
	s.Step = StepCheck
	r := b.ask(s)
	r.Say = say(fmt.Sprintf(b.say(s).notOpened, b.config.Address))
	r.Buttons[0].Label = b.say(s).retry
	return s, r
}

// subject is the first line of what was written, or as much of it as fits a subject.
func subject(text string) string {
	const longest = 80 // characters
	line, _, _ := strings.Cut(text, "\n")
	line = strings.Join(strings.Fields(line), " ")
	for i, r := range line {
		if (r == '.' || r == '?' || r == '!') && i > 15 && (i+1 == len(line) || line[i+1] == ' ') {
			line = strings.TrimSuffix(line[:i+1], ".")
			break
		}
	}
	if utf8.RuneCountInString(line) <= longest {
		return line
	}
	short := cut(line, longest)
	if at := strings.LastIndexByte(short, ' '); at > longest/2 {
		short = short[:at]
	}
	return short + " …"
}

// cut is as many characters of a text.
func cut(text string, most int) string {
	n := 0
	for i := range text {
		if n == most {
			return text[:i]
		}
		n++
	}
	return text
}
