package notifier

import (
	"strings"
	"testing"

	"aismarttalk.tech/supportd/parser"
	"aismarttalk.tech/supportd/templates"
)

// An answer that repeats a letter below its own words, with or without the signs
// of a quote, is read as those words alone: nothing that the letter says is taken
// for the reader's, no severity for a claim and no line of commands for an order.
// Where the preview of a letter shows, that one sentence may be left.
func TestAnswersAreToldFromLetters(t *testing.T) {
	p, err := parser.New(parser.Config{OwnDomains: []string{"firma.example"}})
	if err != nil {
		t.Fatal(err)
	}
	c := newComposer(t)
	const answer = "#note Kun mine egne ord."
	for _, language := range templates.Languages() {
		for _, s := range templates.Samples(language) {
			letter := parse(t, compose(t, c, s.Notice).Data)
			preview := letter.preheader(t)
			for _, form := range []struct{ name, below, mayBeLeft string }{
				{"as it is", letter.text, ""},
				{"with broken dashes", strings.ReplaceAll(letter.text, "─", "?"), ""},
				{"quoted", "> " + strings.ReplaceAll(letter.text, "\n", "\n> "), ""},
				{"with its preview", preview + "\n" + letter.text, "\n\n" + preview},
			} {
				m := p.Parse([]byte("From: support@firma.example\r\nSubject: Re: x\r\n" +
					"Content-Type: text/plain; charset=utf-8\r\n\r\n" + answer + "\n\n" + form.below))
				if m.Reply != answer && m.Reply != answer+form.mayBeLeft {
					t.Errorf("%s in %s, %s: the answer is read as\n%s", s.Name, language, form.name, m.Reply)
				}
			}
		}
	}
}

// preheader is the hidden line that some programs show in answers.
func (p parsed) preheader(t *testing.T) string {
	t.Helper()
	_, rest, ok := strings.Cut(p.html, "line-height:1px;\">")
	line, _, closed := strings.Cut(rest, "</div>")
	if !ok || !closed {
		t.Fatal("the letter has no preheader")
	}
	return line
}
