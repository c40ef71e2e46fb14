package templates

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"aismarttalk.tech/supportd/ticket"
)

var (
	remote    = regexp.MustCompile(`(?i)\bsrc=|url\(|@import|<img|<link|<script|<iframe|<object|<form|<video`)
	styled    = regexp.MustCompile(`style="([^"]*)"`)
	href      = regexp.MustCompile(`href="([^"]*)"`)
	forbidden = regexp.MustCompile(`background|flex|grid|float|position`)
)

// The page asks nothing of the mail program that some do not give.
func TestPage(t *testing.T) {
	eachSample(t, func(t *testing.T, n ticket.Notice, l Letter) {
		for _, want := range []string{
			`<html lang="` + l.Language + `">`,
			`<meta name="color-scheme" content="light dark">`,
			`<meta name="supported-color-schemes" content="light dark">`,
			`<meta name="format-detection"`,
			`<div data-supportd="letter" lang="` + l.Language + `">` + "\n" + `<div style="display:none;`,
			`<!--[if mso]><table role="presentation" width="600"`,
			`<!--[if mso]></td></tr></table><![endif]-->`,
			`max-width:600px`,
			`>` + l.Preheader + `</h1>`,
		} {
			if strings.Count(l.HTML, want) != 1 {
				t.Errorf("%q stands there %d times, not once", want, strings.Count(l.HTML, want))
			}
		}
		if tables, plain := strings.Count(l.HTML, "<table"), strings.Count(l.HTML, `<table role="presentation"`); tables != plain {
			t.Errorf("%d of %d tables are for presentation", plain, tables)
		}
		if found := remote.FindString(l.HTML); found != "" {
			t.Errorf("the page fetches something: %q", found)
		}
		for _, style := range styled.FindAllStringSubmatch(l.HTML, -1) {
			if found := forbidden.FindString(style[1]); found != "" {
				t.Errorf("%q in the style %q", found, style[1])
			}
		}
		for _, link := range href.FindAllStringSubmatch(l.HTML, -1) {
			if link[1] != strings.ReplaceAll(n.Facts.Link, "&", "&amp;") {
				t.Errorf("a link to %q", link[1])
			}
		}
		if strings.Contains(l.HTML, "ZgotmplZ") {
			t.Error("html/template refused a value of ours")
		}
	})
}

// The severity is a word; the line beside it only repeats it.
func TestSeverityBorder(t *testing.T) {
	s := newSet(t)
	for _, tc := range []struct {
		severity          ticket.Severity
		marked, confirmed bool
		word, border      string
	}{
		{ticket.SeverityCritical, true, false, "Reported: critical", "#B3261E"},
		{ticket.SeverityCritical, true, true, "Confirmed: critical", "#B3261E"},
		{ticket.SeverityHigh, false, true, "Confirmed: high", "#8A4A00"},
		{ticket.SeverityLow, false, true, "Confirmed: low", "#76828E"},
		{ticket.SeverityCritical, false, false, "", "#76828E"}, // marked by nobody
	} {
		n := sample(t, "en", "reopened")
		n.Facts.Severity, n.Facts.Marked, n.Facts.Confirmed = tc.severity, tc.marked, tc.confirmed
		l := write(t, s, n)
		if !strings.Contains(l.HTML, "border-left:4px solid "+tc.border) {
			t.Errorf("%s, marked %v, confirmed %v: border is not %s", tc.severity, tc.marked, tc.confirmed, tc.border)
		}
		if tc.word != "" && !strings.Contains(l.Text, tc.word) {
			t.Errorf("%q is missing in\n%s", tc.word, l.Text)
		}
		if tc.word == "" && strings.Contains(l.Text, string(tc.severity)) {
			t.Errorf("a severity that nobody marked is named:\n%s", l.Text)
		}
	}
}

// elements are the names of all elements of a page.
func elements(t testing.TB, page string) []string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n.Data)
		}
	}
	return all
}
