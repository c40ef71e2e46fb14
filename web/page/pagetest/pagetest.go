// Package pagetest holds what every page must be, whoever shows it.
//
// It stands on floor 1 and is for tests alone.
package pagetest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// MaxWeight is what one page may weigh as it is sent, in bytes, with all that it
// loads.
const MaxWeight = 100_000

// Check reads a page and reports all that a page must not be: without a language, a
// title or a single first heading, with a style or a script of its own, with a field
// that has no label, with an ID twice or a link to one that is not there, without
// its headers. It returns the document.
func Check(t *testing.T, r *http.Response) *html.Node {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
		t.Fatalf("the page is %s: %.200s", got, body)
	}
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range append(headerFaults(r.Header), faults(doc)...) {
		t.Error(fault)
	}
	if len(body) > MaxWeight {
		t.Errorf("the page weighs %d bytes", len(body))
	}
	return doc
}

func headerFaults(h http.Header) (faults []string) {
	csp := h.Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
		"frame-ancestors ", "form-action 'self'", "base-uri 'none'",
	} {
		if !strings.Contains(csp, want) {
			faults = append(faults, fmt.Sprintf("the policy lacks %s: %s", want, csp))
		}
	}
	if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
		faults = append(faults, "the policy is loose: "+csp)
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex", "Cache-Control": "no-store",
	} {
		if got := h.Get(name); got != want {
			faults = append(faults, fmt.Sprintf("%s is %q, want %q", name, got, want))
		}
	}
	return faults
}

func faults(doc *html.Node) (faults []string) {
	add := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if lang := attr(Find(doc, "html")[0], "lang"); lang == "" {
		add("the page has no language")
	}
	if n := len(Find(doc, "h1")); n != 1 {
		add("the page has %d first headings", n)
	}
	if titles := Find(doc, "title"); len(titles) == 0 || Text(titles[0]) == "" {
		add("the page has no title")
	}
	ids, labelled := map[string]bool{}, map[string]bool{}
	for n := range doc.Descendants() {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				add("two elements have the ID %q", id)
			}
			ids[id] = true
		}
		if n.Data == "label" {
			labelled[attr(n, "for")] = true
		}
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			faults = append(faults, elementFaults(n, ids, labelled)...)
		}
	}
	return faults
}

func elementFaults(n *html.Node, ids, labelled map[string]bool) (faults []string) {
	add := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for _, a := range n.Attr {
		switch {
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			add("<%s> has the attribute %s, which the policy forbids", n.Data, a.Key)
		case (a.Key == "href" || a.Key == "src" || a.Key == "action") && strings.HasPrefix(strings.ToLower(a.Val), "javascript:"):
			add("<%s> leads to a script", n.Data)
		case a.Key == "href" && len(a.Val) > 1 && a.Val[0] == '#' && !ids[a.Val[1:]]:
			add("a link leads to %s, which is not there", a.Val)
		case a.Key == "aria-describedby" || a.Key == "aria-labelledby":
			for _, id := range strings.Fields(a.Val) {
				if !ids[id] {
					add("<%s> is described by %q, which is not there", n.Data, id)
				}
			}
		}
	}
	switch n.Data {
	case "style":
		add("the page has a style of its own")
	case "script":
		if attr(n, "src") == "" || n.FirstChild != nil {
			add("the page has a script of its own")
		}
	case "input", "textarea", "select":
		quiet := slices.Contains([]string{"hidden", "submit"}, attr(n, "type"))
		if !quiet && !labelled[attr(n, "id")] && attr(n, "aria-label") == "" {
			add("the field %q has no label", attr(n, "name"))
		}
	case "fieldset":
		if len(Find(n, "legend")) == 0 {
			add("a group of fields has no legend")
		}
	case "img":
		if !has(n, "alt") {
			add("an image has no text in its place")
		}
	case "svg":
		if attr(n, "aria-hidden") != "true" && (attr(n, "role") != "img" || len(Find(n, "title")) == 0) {
			add("a drawing is neither hidden nor has a title")
		}
	case "button", "a":
		if Text(n) == "" && attr(n, "aria-label") == "" {
			add("a <%s> says nothing", n.Data)
		}
	}
	return faults
}

// Find are the elements of a name, in order.
func Find(n *html.Node, name string) (found []*html.Node) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == name {
			found = append(found, d)
		}
	}
	return found
}

// ByID is the element with an ID; nil for none.
func ByID(n *html.Node, id string) *html.Node {
	for d := range n.Descendants() {
		if attr(d, "id") == id {
			return d
		}
	}
	return nil
}

// Attr is an attribute of an element; "" for none.
func Attr(n *html.Node, key string) string { return attr(n, key) }

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// Text is what an element says, with single blanks.
func Text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
