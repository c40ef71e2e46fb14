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
	Body      []paragraph
	Facts     []string         // ticket, state, severity, category, sprint: what is known of them
	Border    htmltemplate.CSS // colour of the line beside the facts
	Next      string
	Add, Bare bool   // Add: say how to add something; Bare: without greeting and signature
	Link      string // "" for none
	Command   string // staff: what to type on the server, instead of an answer
	DeskName  string
}

// Letter writes the letter of a notice, in the notice's language or else the
// default one. The same notice always gives the same letter. An error means that
// there are no words for such a notice; trying again does not help.
func (s *Set) Letter(n ticket.Notice) (Letter, error) {
	lang, ok := s.languages[n.Language]
	if !ok {
		lang = s.languages[s.defaultLanguage]
	}
	l, err := s.compose(n, lang)
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

// compose decides what stands in the frame around the words of the letter.
func (s *Set) compose(n ticket.Notice, lang language) (letter, error) {
	name := string(n.Kind)
	opens := n.Kind == ticket.NoticeAcknowledgement || n.Kind == ticket.NoticeFollowup
	if n.Facts.Neutral && opens {
		name = neutral
	}
	t, ok := lang.letters[name]
	if !ok {
		return letter{}, fmt.Errorf("there is no letter of the kind %q", n.Kind)
	}
	said, err := say(t, s.view(n, lang.words))
	if err != nil {
		return letter{}, err
	}
	l := letter{
		Language: lang.tag,
		Words:    lang.words,
		Marker:   marker(lang.words.Marker),
		Subject:  lang.words.subject(n),
		Lead:     oneLine(said["lead"]),
		Body:     paragraphs(said["body"]),
		Next:     oneLine(said["next"]),
		DeskName: s.deskName,
	}
	if n.Kind.ForStaff() {
		l.Subject = oneLine(said["subject"]) + " [" + string(n.Ticket) + "]"
		l.Marker = marker(lang.words.Staff)
		l.Bare = true
		l.Command = "supportd ticket show " + string(n.Ticket)
	}
	if !n.Facts.Neutral || n.Kind.ForStaff() {
		l.Facts = lang.words.facts(n)
		l.Border = border(n.Facts)
	}
	if !n.Facts.Neutral && !n.Kind.ForStaff() {
		l.Add = true
		l.Link = webLink(n.Facts.Link)
	}
	return l, nil
}

// say executes the templates of a letter. All have lead, body and next; subject is
// theirs who go to staff.
func say(t *template.Template, v view) (map[string]string, error) {
	said := map[string]string{}
	for _, part := range []string{"lead", "body", "next", "subject"} {
		if part == "subject" && t.Lookup(part) == nil {
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

const factSeparator = " · "

// facts say where the ticket stands.
func (w words) facts(n ticket.Notice) []string {
	f := n.Facts
	facts := []string{w.Ticket + " " + string(n.Ticket)}
	add := func(fact string) {
		if fact != "" {
			facts = append(facts, fact)
		}
	}
	add(w.States[f.State])
	if severity := w.Severities[f.Severity]; severity != "" {
		switch {
		case f.Confirmed:
			add(w.Confirmed + ": " + severity)
		case f.Marked:
			add(w.Reported + ": " + severity)
		}
	}
	add(w.category(f.Category))
	if sprint := oneLine(f.Sprint); sprint != "" {
		add(w.Sprint + " " + sprint)
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
