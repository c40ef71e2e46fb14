package faq_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/faq"
)

func files(pairs ...string) fstest.MapFS {
	all := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		all[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return all
}

const good = "---\nid: price\nlanguage: en\nquestions: [What does it cost?]\n---\nAsk {address}.\n"

// What can be asked in one language can be asked in the other.
func TestStandardSet(t *testing.T) {
	b := standard(t)
	ids := map[string][]string{}
	for _, lang := range faq.Languages() {
		for _, e := range b.Entries(lang) {
			ids[lang] = append(ids[lang], e.ID)
			if strings.ContainsAny(e.Text(), "{}<>!") {
				t.Errorf("%s in %s: %s", e.ID, lang, e.Text())
			}
		}
	}
	if diff := cmp.Diff(ids["da"], ids["en"]); diff != "" || len(ids["da"]) < 25 {
		t.Errorf("%d in Danish and %d in English: %s", len(ids["da"]), len(ids["en"]), diff)
	}
}

func TestBlocks(t *testing.T) {
	b, err := faq.New(values, files("price.md", good+`
# From 1 January
It is **free** for
`+"`you`"+`, see [the list](https://firma.example/price).

- one
- two <b>tags</b> are text

1. first
2) second
`))
	if err != nil {
		t.Fatal(err)
	}
	e, _ := b.Entry("en", "price")
	want := []faq.Block{
		{Kind: faq.Paragraph, Text: "Ask contact+support@firma.example."},
		{Kind: faq.Paragraph, Text: "From 1 January It is free for you, see the list (https://firma.example/price)."},
		{Kind: faq.Bullet, Text: "one"},
		{Kind: faq.Bullet, Text: "two <b>tags</b> are text"},
		{Kind: faq.Numbered, Text: "first"},
		{Kind: faq.Numbered, Text: "second"},
	}
	if diff := cmp.Diff(want, e.Answer); diff != "" {
		t.Error(diff)
	}
	if text := e.Text(); !strings.HasSuffix(text, "\n\n- one\n- two <b>tags</b> are text\n\n1. first\n2. second") {
		t.Error(text)
	}
}

// An operator's files go before ours, and take away.
func TestOwnFiles(t *testing.T) {
	own := files(
		"price.md", good,
		"en/report.md", "---\nid: report\nlanguage: en\nquestions: [How do I report a problem?]\n---\nRing the bell.\n",
		"en/hours.md", "---\nid: hours\nlanguage: en\ndrop: true\n---\n",
		"README.md", "Not an answer.", "notes.txt", "Nor this.",
	)
	b, err := faq.New(values, faq.Standard(), own)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Find("en", "How do I report a problem?"); got.Entry.Text() != "Ring the bell." {
		t.Errorf("%+v", got)
	}
	if got := b.Find("en", "what does it cost"); got.Entry.ID != "price" {
		t.Errorf("%+v", got)
	}
	if _, there := b.Entry("en", "hours"); there {
		t.Error("what was dropped is there")
	}
	if _, there := b.Entry("da", "hours"); !there {
		t.Error("the Danish entry is gone with the English one")
	}
}

// What the operator has not configured is not spoken of.
func TestMissingValues(t *testing.T) {
	without := values
	without.Site = ""
	b, err := faq.New(without, faq.Standard())
	if err != nil {
		t.Fatal(err)
	}
	e, _ := b.Entry("en", "roadmap")
	if strings.Contains(e.Text(), "You find them at") || !strings.Contains(e.Text(), "You can also send an email") {
		t.Error(e.Text())
	}
}

// Hours are written as each language writes them.
func TestHours(t *testing.T) {
	b := standard(t)
	for lang, want := range map[string]string{"da": "kl. 08.00 til 16.00", "en": "from 08:00 to 16:00"} {
		if e, _ := b.Entry(lang, "hours"); !strings.Contains(e.Text(), want) {
			t.Errorf("%s: %q says nothing of %q", lang, e.Text(), want)
		}
	}
}

// Every fault names its file and line, and all are told at once.
func TestFaults(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"no head":           {"Hello\n", "a.md:1: want a line ---"},
		"no end of head":    {"---\nid: a\n", "a.md:1: want a second line ---"},
		"no UTF-8":          {"---\nid: \xe5\n---\n", "a.md:1: the file is not in UTF-8"},
		"too large":         {good + strings.Repeat("x", 20<<10), "a.md:1: the file is larger than 16 KB"},
		"an unknown key":    {"---\nid: a\nlanguage: en\nquestoins: [x]\n---\nx\n", `a.md:4: there is no key "questoins"`},
		"no list":           {"---\nid: a\nlanguage: en\nquestions: x\n---\nx\n", "a.md:4: want a list"},
		"an open list":      {"---\nid: a\nlanguage: en\nquestions: [x\n---\nx\n", "a.md:4: want a list"},
		"an open quote":     {"---\nid: a\nlanguage: en\nquestions: ['x, y]\n---\nx\n", "a.md:4: a quote ' is not closed"},
		"a stray item":      {"---\nid: a\n- x\nlanguage: en\n---\nx\n", "a.md:3: this item belongs to no list"},
		"a stray line":      {"---\nid: a\nhello\n---\nx\n", "a.md:3: want a key"},
		"a key twice":       {"---\nid: a\nid: b\n---\nx\n", "a.md:3: id stands twice"},
		"no such choice":    {"---\nid: a\ndrop: yes\n---\nx\n", "a.md:3: drop: want true or false"},
		"a bad id":          {"---\nlanguage: en\nid: Q 1\nquestions: [x]\n---\nx\n", "a.md:3: want an id"},
		"a bad language":    {"---\nid: a\nlanguage: sv\nquestions: [x]\n---\nx\n", "a.md:3: want the language da or en"},
		"no question":       {"---\nid: a\nlanguage: en\n---\nx\n", "a.md:2: want 1 to 30 questions"},
		"an empty question": {"---\nid: a\nlanguage: en\nquestions: ['']\n---\nx\n", "a.md:4: \"\" is no question"},
		"no answer":         {"---\nid: a\nlanguage: en\nquestions: [x]\n---\n\n", "a.md:6: there is no answer"},
		"a long answer":     {good + strings.Repeat("word ", 600), "a.md:6: the answer has"},
		"an unknown value":  {"---\nid: a\nlanguage: en\nquestions: [x]\n---\nx\n\n{adress}\n", "a.md:8: there is no value {adress}"},
		"twice":             {good, "b.md:2: a.md has this id"},
	} {
		set := files("a.md", c.file)
		if name == "twice" {
			set = files("a.md", c.file, "b.md", c.file)
		}
		if _, err := faq.New(values, set); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if _, err := faq.New(values, files("a.md", "x", "b.md", "x")); err == nil || strings.Count(err.Error(), "want a line") != 2 {
		t.Errorf("not all at once: %v", err)
	}
}

func FuzzNew(f *testing.F) {
	f.Add(good)
	f.Add("---\nid: a\nlanguage: da\nquestions: [x, \"a, b\", 'c']\nalso:\n  - d\n# e\n---\n{address} {site}")
	f.Fuzz(func(t *testing.T, file string) {
		b, err := faq.New(values, files("a.md", file))
		if err == nil && len(b.Entries("da"))+len(b.Entries("en")) > 1 {
			t.Errorf("%q has several entries", file)
		}
	})
}
