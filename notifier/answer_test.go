package notifier

import (
	"strings"
	"testing"

	"aismarttalk.tech/supportd/parser"
	"aismarttalk.tech/supportd/templates"
)

// An answer that repeats a letter below its own words, without any sign of a
// quote, is read as those words alone: nothing that the letter says is taken for
// the reader's, no severity for a claim and no line of commands for an order.
func TestAnswersAreToldFromLetters(t *testing.T) {
	p, err := parser.New(parser.Config{OwnDomains: []string{"firma.example"}})
	if err != nil {
		t.Fatal(err)
	}
	c := newComposer(t)
	for _, language := range templates.Languages() {
		for _, s := range templates.Samples(language) {
			letter := parse(t, compose(t, c, s.Notice).Data)
			const answer = "#note Kun mine egne ord."
			for form, body := range map[string]string{
				"as it is":                        answer + "\n\n" + letter.text,
				"quoted":                          answer + "\n\n> " + strings.ReplaceAll(letter.text, "\n", "\n> "),
				"with the preview in front of it": answer + "\n\n" + letter.preheader(t) + "\n" + letter.text,
			} {
				m := p.Parse([]byte("From: support@firma.example\r\nSubject: Re: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body))
				if m.Reply != answer {
					t.Errorf("%s in %s, %s: the answer is read as\n%s", s.Name, language, form, m.Reply)
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
