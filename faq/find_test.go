package faq_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/faq"
)

var values = faq.Values{
	Address: "contact+support@firma.example", Name: "Firma support", Prefix: "AIS", Site: "https://support.firma.example",
	ReopenDays: "14", QuietDays: "5", SprintWeeks: "2", MaxMB: "25", Open: "08:00", Close: "16:00", ChatHours: "2",
}

func standard(t testing.TB) *faq.Book {
	t.Helper()
	b, err := faq.New(values, faq.Standard())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// question is a line of the labelled sets.
type question struct{ want, language, text string }

func questions(t testing.TB, name string) []question {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "testdata", "faq", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []question
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if parts := strings.Split(lines.Text(), " | "); len(parts) == 3 {
			all = append(all, question{parts[0], parts[1], parts[2]})
		}
	}
	return all
}

// marks are how well a set was answered.
type marks struct {
	asked, right, wrong int // questions that an entry answers; answered by it, by another
	others, answered    int // those that none does; answered all the same
}

func (m marks) precision() float64 {
	return float64(m.right) / float64(max(m.right+m.wrong+m.answered, 1))
}
func (m marks) recall() float64 { return float64(m.right) / float64(m.asked) }
func (m marks) String() string {
	return fmt.Sprintf("precision %.3f, recall %.3f; of %d questions %d answered right, %d wrong; of %d others %d answered",
		m.precision(), m.recall(), m.asked, m.right, m.wrong, m.others, m.answered)
}

func score(t *testing.T, set string) marks {
	b := standard(t)
	var m marks
	for _, q := range questions(t, set) {
		got := b.Find(q.language, q.text)
		id := "-"
		if got.Found {
			id = got.Entry.ID
		}
		switch {
		case q.want == "-":
			m.others++
			if got.Found {
				m.answered++
			}
		default:
			m.asked++
			if id == q.want {
				m.right++
			} else if got.Found {
				m.wrong++
			}
		}
		if id != q.want && testing.Verbose() {
			t.Logf("%q: %s (%s %.2f), want %s", q.text, id, got.Entry.ID, got.Score, q.want)
		}
	}
	t.Logf("%s: %s", set, m)
	return m
}

// What is reached is asserted, so that it does not get worse unseen.
func TestFind(t *testing.T) {
	for set, least := range map[string]struct{ precision, recall float64 }{
		"tuning.txt":  {0.97, 0.98},
		"heldout.txt": {0.94, 0.93}, // scored when all else was settled
	} {
		if m := score(t, set); m.precision() < least.precision || m.recall() < least.recall {
			t.Errorf("%s: %s; want at least %.2f and %.2f", set, m, least.precision, least.recall)
		}
	}
}

func TestFindSpelling(t *testing.T) {
	b := standard(t)
	for _, c := range []struct{ language, asked, want string }{
		{"da", "Hvordan rapporterer jeg et problem?", "report"},
		{"da", "HVORDAN RAPORTERER JEG ET PROBLEMM", "report"},
		{"da", "hvor er billetnummeret", "tracking-id"}, // a compound, inflected
		{"da", "hvad er et sporingsid", "tracking-id"},
		{"da", "køreplanerne?", "roadmap"},
		{"da", "koereplanen", "roadmap"},      // no Danish keyboard
		{"da", "what is a bug fix", "hotfix"}, // English to a Danish page, and in two words
		{"en", "hvornår lukker I en billet?", "closing"},
		{"en", "Reopening", "reopen"},
	} {
		if got := b.Find(c.language, c.asked); !got.Found || got.Entry.ID != c.want {
			t.Errorf("%q: %s, %.2f; want %s", c.asked, got.Entry.ID, got.Score, c.want)
		}
	}
}

// A question that is nearly one of ours is not answered: what may have been meant is
// offered.
func TestFindOffersWhatIsNear(t *testing.T) {
	got := standard(t).Find("en", "does your chatbot support voice")
	if got.Found || len(got.Near) == 0 || got.Near[0].ID != "chatbot" || len(got.Near) > 3 {
		t.Errorf("%+v", got)
	}
}

// Every entry is found by each of its own questions.
func TestOwnQuestions(t *testing.T) {
	b := standard(t)
	for _, lang := range faq.Languages() {
		for _, e := range b.Entries(lang) {
			for _, q := range e.Questions {
				if got := b.Find(lang, q); !got.Found || got.Entry.ID != e.ID {
					t.Errorf("%s: %q finds %s, %.2f", e.ID, q, got.Entry.ID, got.Score)
				}
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	b := standard(f)
	for _, s := range []string{"", "?", "hvad er et hotfix", strings.Repeat("billet ", 999), strings.Repeat("x", 9999), "\xff\x00", "請求書 は どこ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := b.Find("da", text)
		if got.Score < 0 || got.Score > 1.0001 || got.Found && got.Entry.ID == "" || len(got.Near) > 3 {
			t.Errorf("%q: %+v", text, got)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	book := standard(b)
	for b.Loop() {
		book.Find("da", "hvrodan raporterer jeg et problm der haster, og hvornår får jeg svar på sagen")
	}
}
