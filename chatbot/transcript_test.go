package chatbot_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/chatbot"
	"aismarttalk.tech/supportd/classifier"
	"aismarttalk.tech/supportd/faq"
	"aismarttalk.tech/supportd/ticket"
)

var update = flag.Bool("update", false, "write what is said into testdata/chat")

// theClassifier takes half a second to make, and never changes.
var theClassifier = sync.OnceValues(func() (*classifier.Classifier, error) { return classifier.New(classifier.Config{}) })

func language(text string) (string, bool) {
	c, err := theClassifier()
	if err != nil {
		return "", false
	}
	r := c.Classify(ticket.Message{Text: text, Reply: text})
	return r.Language, r.LanguageSure
}

func newBot(t testing.TB) *chatbot.Bot {
	t.Helper()
	values := faq.Values{
		Address: "contact+support@firma.example", Name: "Firma support", Prefix: "AIS", Site: "https://support.firma.example",
		ReopenDays: "14", QuietDays: "5", SprintWeeks: "2", MaxMB: "25", Open: "08:00", Close: "16:00", ChatHours: "2",
	}
	book, err := faq.New(values, faq.Standard())
	if err != nil {
		t.Fatal(err)
	}
	b, err := chatbot.New(chatbot.Config{Prefix: "AIS", Address: values.Address, Language: language}, book)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Whole conversations: > is written, ! is pressed, = is what became of a report (its
// ID, nothing where it waits, or failed). Below each stands what the bot says and
// wants done.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "testdata", "chat", "*.txt"))
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := talk(newBot(t), strings.TrimPrefix(filepath.Ext(strings.TrimSuffix(file, ".txt")), "."), string(want))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func talk(b *chatbot.Bot, language, script string) string {
	var out strings.Builder
	s, r := b.Begin(language)
	begun := false
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n")
		what, said, _ := strings.Cut(line, " ")
		switch what {
		case "#":
			fmt.Fprintln(&out, line)
			continue
		case ">", "!", "=":
		default:
			continue
		}
		if !begun {
			begun = true
			write(&out, s, r)
		}
		fmt.Fprintf(&out, "\n%s\n", line)
		switch {
		case what == ">":
			s, r = b.Turn(s, chatbot.Input{Text: said})
		case what == "!":
			s, r = b.Turn(s, chatbot.Input{Press: chatbot.Press(said)})
		case said == "failed":
			s, r = b.NotOpened(s)
		default:
			s, r = b.Opened(s, ticket.ID(said))
		}
		write(&out, s, r)
	}
	return out.String()
}

func write(out *strings.Builder, s chatbot.State, r chatbot.Reply) {
	for _, one := range r.Say {
		if one.FAQ != "" {
			fmt.Fprintf(out, "  (answer %s)\n", one.FAQ)
			continue
		}
		for _, block := range one.Blocks {
			fmt.Fprintf(out, "  %s\n", block.Text)
		}
	}
	for _, f := range r.Summary {
		fmt.Fprintf(out, "  | %s: %s\n", f.Label, f.Text)
	}
	for _, button := range r.Buttons {
		fmt.Fprintf(out, "  [%s: %s]\n", button.Press, button.Label)
	}
	if r.Do != nil {
		fmt.Fprintf(out, "  does %T %+v\n", r.Do, r.Do)
	}
	fmt.Fprintf(out, "  %s %s, wants %s\n", s.Language, s.Step, r.Expect)
}
