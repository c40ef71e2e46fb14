package templates

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/template"
	"text/template/parse"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// complete are the languages that reporters are written to.
func complete() []string {
	return []string{"da", "de", "en", "es", "fr", "it", "nb", "nl", "pl", "sv"}
}

// Every language that is there, and every one that must be, has all letters to
// reporters; Danish and English those to staff too.
func TestLanguagesAreComplete(t *testing.T) {
	tags := append(folders(), complete()...)
	slices.Sort(tags)
	for _, tag := range slices.Compact(tags) {
		if !exists(tag, wordsFile) {
			t.Errorf("%s has no %s", tag, wordsFile)
		}
		for _, name := range missing(tag, reporterLetters()) {
			t.Errorf("%s lacks the letter %s: it is written in %v", tag, name, newSet(t).candidates(tag)[1:])
		}
		if !slices.Contains(Languages(), tag) {
			t.Errorf("%s is not among the languages", tag)
		}
	}
	for _, tag := range []string{"da", "en"} {
		if !slices.Contains(StaffLanguages(), tag) {
			t.Errorf("%s lacks letters to staff: %v", tag, missing(tag, staffLetters()))
		}
	}
}

func TestEveryKindHasALetter(t *testing.T) {
	for _, k := range append(reporterKinds(), staffKinds()...) {
		if k.ForStaff() != slices.Contains(staffKinds(), k) {
			t.Errorf("%s stands in the wrong list", k)
		}
	}
}

// A letter that a language lacks comes from the nearest that has it: Danish for
// the Nordic ones, English for the others.
func TestFallback(t *testing.T) {
	s := newSet(t)
	for _, tc := range []struct{ tag, resolved, staff string }{
		{"da", "da", "da"}, {"en", "en", "en"}, // have both
		{"sv", "sv", "da"}, {"nb", "nb", "da"}, // have letters to reporters
		{"de", "de", "en"}, {"fr", "fr", "en"},
		{"tlh", "da", "da"}, // has none: the default language
	} {
		s := &Set{zone: s.zone, page: s.page, defaultLanguage: "da", languages: map[string]language{"da": s.languages["da"], "en": s.languages["en"]}}
		if tc.tag != "tlh" && tc.tag != "da" && tc.tag != "en" {
			s.languages[tc.tag] = language{tag: tc.tag, words: s.languages["en"].words, letters: pick(s.languages["en"], reporterLetters())}
		}
		for kind, want := range map[ticket.NoticeKind]string{ticket.NoticeResolved: tc.resolved, ticket.NoticeStaffTest: tc.staff} {
			l, err := s.Letter(ticket.Notice{Ticket: "AIS-7K3Q-M2XQ", Kind: kind, Language: tc.tag})
			if err != nil || l.Language != want || !strings.Contains(l.HTML, `<html lang="`+want+`">`) {
				t.Errorf("%s to a reader of %s: in %q, %v, want %s", kind, tc.tag, l.Language, err, want)
			}
		}
	}
}

func pick(l language, letters []string) map[string]*template.Template {
	some := map[string]*template.Template{}
	for _, name := range letters {
		some[name] = l.letters[name]
	}
	return some
}

// A letter with a template that is no part of it would lose words unseen.
func TestUnknownPartIsAnError(t *testing.T) {
	for name, text := range map[string]string{
		"it has no lead":      `{{define "leed"}}x{{end}}`,
		"nxt is no part of a": `{{define "lead"}}x{{end}}{{define "nxt"}}x{{end}}`,
	} {
		base := template.New("")
		letter, err := template.Must(base.Clone()).Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := checkParts(letter, base); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v, want %q", text, err, name)
		}
	}
}

// Every word of every text is in some letter that the samples make: each run of
// words is replaced by its number, all samples are written, and no number may be
// missing.
func TestSamplesUseEveryClause(t *testing.T) {
	s := newSet(t)
	for tag, lang := range s.languages {
		t.Run(tag, func(t *testing.T) {
			numbered := map[string]string{} // by number, where it stands and what it says
			seen := map[*parse.Tree]bool{}
			for file, letter := range lang.letters {
				for _, part := range letter.Templates() {
					if part.Tree != nil && part.Name() != "" && !seen[part.Tree] {
						seen[part.Tree] = true
						number(part.Tree.Root, file+", "+part.Name(), numbered)
					}
				}
			}
			all := slices.Concat(Samples(tag), digestsByWorst(tag), withoutFacts(tag), grammar(tag))
			for _, sample := range all {
				lang, texts, err := s.find(sample.Notice)
				if err != nil {
					t.Fatal(err)
				}
				said, err := say(texts, s.view(sample.Notice, lang))
				if err != nil {
					t.Fatal(err)
				}
				for _, part := range said {
					for n := range numbered {
						if strings.Contains(part, n) {
							delete(numbered, n)
						}
					}
				}
			}
			for _, clause := range numbered {
				t.Errorf("no sample shows %s", clause)
			}
		})
	}
}

// number replaces the texts below a node.
func number(n parse.Node, where string, into map[string]string) {
	branch := func(b *parse.BranchNode) {
		number(b.List, where, into)
		if b.ElseList != nil {
			number(b.ElseList, where, into)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, child := range n.Nodes {
			number(child, where, into)
		}
	case *parse.TextNode:
		if strings.TrimSpace(string(n.Text)) != "" {
			id := fmt.Sprintf("⟦%d⟧", len(into))
			into[id] = where + ": " + string(n.Text)
			n.Text = []byte(id)
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	}
}

// withoutFacts are notices of every kind of which nothing is known.
func withoutFacts(language string) []Sample {
	b := samples{language: language}
	for _, kind := range reporterKinds() {
		b.add(string(kind), kind, ticket.Facts{})
	}
	if exists(language, staffFile) {
		for _, kind := range staffKinds() {
			b.add(string(kind), kind, ticket.Facts{})
		}
	}
	return b.all
}

// grammar are notices with the facts by which words of a language change: a date
// whose article is elided in Italian, a ticket that continues in an unknown one.
func grammar(language string) []Sample {
	b := samples{language: language}
	for _, day := range []int{8, 11} {
		for _, state := range []ticket.State{ticket.StateReported, ticket.StatePlanned} {
			b.add("status", ticket.NoticeStatus, in(state), func(f *ticket.Facts) { f.Since = noon(2026, time.November, day) })
		}
	}
	b.add("closed", ticket.NoticeClosed, ticket.Facts{Closing: ticket.ClosingMerged})
	return b.all
}

// digestsByWorst are digests that each begin with another section, of one row
// and of two.
func digestsByWorst(language string) []Sample {
	if !exists(language, staffFile) {
		return nil
	}
	var all []Sample
	for _, kind := range append(sectionKinds(), "unheard-of") {
		for rows := 1; rows <= 2; rows++ {
			b := samples{language: language}
			b.add("digest-"+string(kind), ticket.NoticeDigest, ticket.Facts{Digest: &ticket.Digest{
				Sections: []ticket.DigestSection{{Kind: kind, Rows: make([]ticket.DigestRow, rows), More: rows - 1}},
			}})
			all = append(all, b.all...)
		}
	}
	return all
}
