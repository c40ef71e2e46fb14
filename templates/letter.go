package templates

import (
	"fmt"
	htmltemplate "html/template"
	"strings"
	"text/template"

	"aismarttalk.tech/supportd/ticket"
)

// Letter is what a notice says, ready to be put into a mail.
type Letter struct {
	Language string // of its words: a folder of lang
	Subject  string // one line, not encoded
	// Preheader is the letter's first sentence, which mail programs show beside
	// the subject. It never names a severity: should it come back in an answer,
	// nothing in it reads as the reporter's claim.
	Preheader string
	Text      string // lines of at most 76 columns, but for longer words; complete alone
	HTML      string
}

// letter is what both parts of the mail are made of.
type letter struct {
	Language  string
	Words     words
	Marker    string // first line
	Subject   string
	Lead      string
	Body      []block
	Facts     []string         // ticket, state, severity, category, sprint: what is known of them
	Border    htmltemplate.CSS // colour of the line beside the facts
	Next      string
	Add, Bare bool   // Add: say how to add something; Bare: without greeting and signature
	Link      string // "" for none
	LinkTitle string
	DeskName  string

	// To staff: the lines that an answer may hold, and what to type on the server.
	CommandsTitle string
	Commands      []string
	ShowTitle     string
	Show          string
}

// maxLead bounds the first sentence, in runes: mail programs show no more of it.
const maxLead = 90

// Letter writes the letter of a notice, in the notice's language or the nearest
// that has it. The same notice always gives the same letter. An error means that
// there are no words for such a notice; trying again does not help.
func (s *Set) Letter(n ticket.Notice) (Letter, error) {
	lang, t, err := s.find(n)
	if err != nil {
		return Letter{}, fmt.Errorf("writing notice %d of %s: %w", n.Number, n.Ticket, err)
	}
	l, err := s.compose(n, lang, t)
	if err != nil {
		return Letter{}, fmt.Errorf("writing notice %d of %s in %s: %w", n.Number, n.Ticket, lang.tag, err)
	}
	html, err := s.page.render(l)
	if err != nil {
		return Letter{}, fmt.Errorf("writing notice %d of %s in %s: %w", n.Number, n.Ticket, lang.tag, err)
	}
	return Letter{
		Language:  lang.tag,
		Subject:   l.Subject,
		Preheader: l.Lead,
		Text:      l.text(),
		HTML:      html,
	}, nil
}

// find chooses the texts of a notice.
func (s *Set) find(n ticket.Notice) (language, *template.Template, error) {
	name := string(n.Kind)
	opens := n.Kind == ticket.NoticeAcknowledgement || n.Kind == ticket.NoticeFollowup
	if n.Facts.Neutral && opens {
		name = neutral
	}
	for _, tag := range s.candidates(n.Language) {
		if lang := s.languages[tag]; lang.letters[name] != nil {
			return lang, lang.letters[name], nil
		}
	}
	return language{}, nil, fmt.Errorf("there is no letter of the kind %q", n.Kind)
}

// compose decides what stands in the frame around the words of the letter.
func (s *Set) compose(n ticket.Notice, lang language, t *template.Template) (letter, error) {
	if n.Facts.Neutral && n.Kind == ticket.NoticeStatus {
		n.Facts = linkAlone(n.Facts)
	}
	said, err := say(t, s.view(n, lang))
	if err != nil {
		return letter{}, err
	}
	if oneLine(said["subject"]) == "" && n.Kind.ForStaff() {
		said["subject"] = said["lead"]
	}
	l := letter{
		Language:  lang.tag,
		Words:     lang.words,
		Marker:    marker(lang.words.Marker),
		Subject:   lang.words.subject(n, said["subject"]),
		Lead:      Shorten(ownLine(said["lead"]), maxLead),
		Body:      blocks(said["body"]),
		Next:      ownLine(said["next"]),
		DeskName:  s.deskName,
		LinkTitle: lang.words.Follow,
	}
	if n.Kind.ForStaff() {
		l.forStaff(n, lang, said)
		return l, nil
	}
	if !n.Facts.Neutral || n.Kind == ticket.NoticeStatus {
		l.Facts, l.Border = lang.facts(n), border(n.Facts)
		l.Link = webLink(n.Facts.Link)
	}
	l.Add = !n.Facts.Neutral && !shown(n).ForLetter()
	return l, nil
}

// linkAlone leaves the link of what a status letter could say: who asks for the
// state of a ticket and is not known for sure gets no more, at the address that is
// on record.
func linkAlone(f ticket.Facts) ticket.Facts {
	return ticket.Facts{Neutral: true, Shown: f.Shown, Link: f.Link, Expires: f.Expires}
}

// forStaff makes the frame one for staff: no courtesies, but what to do now.
func (l *letter) forStaff(n ticket.Notice, lang language, said map[string]string) {
	l.Bare = true
	l.Marker = marker(lang.staff.Marker)
	if n.Kind != ticket.NoticeStaffHeld { // the ticket is a guess there
		l.Facts, l.Border = lang.facts(n), border(n.Facts)
	}
	l.Link, l.LinkTitle = webLink(n.Facts.Link), lang.staff.Open
	l.CommandsTitle = lang.staff.Commands
	for line := range strings.Lines(said["commands"]) {
		if line = oneLine(line); line != "" && (!n.Ticket.ForLetter() || n.Kind == ticket.NoticeStaffHeld) { // else nothing would obey
			l.Commands = append(l.Commands, line)
		}
	}
	switch title, command, own := strings.Cut(strings.TrimSpace(said["show"]), "\n"); {
	case own:
		l.ShowTitle, l.Show = oneLine(title), oneLine(command)
	case !n.Ticket.ForLetter() && l.Link == "": // who has the console needs no command
		l.ShowTitle, l.Show = lang.staff.Show, "supportd ticket show "+string(n.Ticket)
	}
}

// say executes the templates of a letter. All have lead; the rest may be missing.
func say(t *template.Template, v view) (map[string]string, error) {
	said := map[string]string{}
	for _, part := range parts() {
		if t.Lookup(part) == nil {
			continue
		}
		var b strings.Builder
		if err := t.ExecuteTemplate(&b, part, v); err != nil {
			return nil, err
		}
		said[part] = b.String()
	}
	return said, nil
}

// parts are the templates that a letter may define.
func parts() []string {
	return []string{"subject", "lead", "body", "next", "commands", "show"}
}

const factSeparator = " · "

// facts say where the ticket stands; nothing where a letter is about none.
func (l language) facts(n ticket.Notice) []string {
	id := shown(n)
	if id.ForLetter() {
		return nil
	}
	f, w := n.Facts, l.words
	facts := []string{w.Ticket + " " + string(id)}
	add := func(fact string) {
		if fact != "" {
			facts = append(facts, fact)
		}
	}
	if n.Kind.ForStaff() {
		add(l.stateForStaff(f.State))
	} else {
		add(w.States[f.State])
	}
	if severity := w.Severities[f.Severity]; severity != "" {
		switch {
		case f.Confirmed:
			add(w.Label(w.Confirmed) + " " + severity)
		case f.Marked:
			add(w.Label(w.Reported) + " " + severity)
		}
	}
	add(w.category(f.Category))
	if name := sprint(f.Sprint); name != "" {
		add(w.Sprint + " " + name)
	}
	return facts
}

// webLink is the link if it is one that a mail may hold.
func webLink(link string) string {
	if !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://") {
		return ""
	}
	if strings.ContainsAny(link, " <>\"'") || oneLine(link) != link {
		return ""
	}
	return link
}
