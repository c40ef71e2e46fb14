package console

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

// mailPolicy makes the HTML of a mail harmless (bad-input 111, 112): text and its
// structure stay, and nothing that loads, runs, sends, hides or leads elsewhere. It
// is safe for concurrent use.
type mailPolicy struct{ policy *bluemonday.Policy }

// maxMailHTML bounds what is read of one mail's HTML, in bytes.
const maxMailHTML = 1 << 20

func newMailPolicy() *mailPolicy {
	p := bluemonday.NewPolicy()
	p.AllowElements(
		"p", "div", "span", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "tt", "kbd", "samp",
		"b", "strong", "i", "em", "u", "s", "del", "ins", "sub", "sup", "small", "big", "center", "font",
		"ul", "ol", "li", "dl", "dt", "dd", "address",
		"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
	)
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`^(?i:ltr|rtl|auto)$`)).Globally()
	p.AllowAttrs("colspan", "rowspan").Matching(regexp.MustCompile(`^[1-9][0-9]?$`)).OnElements("td", "th")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(?i:left|right|center)$`)).OnElements("td", "th", "p", "div")
	// What would make text invisible, as colours and sizes do, is not let through at
	// all: what staff see is what the mail says.
	p.AllowStyles("text-align").MatchingEnum("left", "right", "center").OnElements("td", "th", "p", "div")
	p.AllowStyles("font-weight").MatchingEnum("bold", "normal").Globally()
	p.AllowStyles("font-style").MatchingEnum("italic", "normal").Globally()
	p.AllowStyles("text-decoration").MatchingEnum("underline", "line-through").Globally()
	// A link keeps its address to be read; the style sheet shows it, and makes it lead
	// nowhere.
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowURLSchemeWithCustomPolicy("http", named)
	p.AllowURLSchemeWithCustomPolicy("https", named)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(false)
	p.SkipElementsContent("head", "title", "template", "math", "svg", "textarea", "select", "xmp", "plaintext", "noscript", "audio", "video", "canvas", "applet")
	return &mailPolicy{p}
}

// named lets addresses pass that name a host and no password.
func named(u *url.URL) bool { return u.Host != "" && u.User == nil }

// clean is the HTML without all that harms.
func (p *mailPolicy) clean(markup string) string {
	if len(markup) > maxMailHTML {
		markup = markup[:maxMailHTML]
	}
	return p.policy.Sanitize(markup)
}

// mailStyle is the style sheet of a mail that is shown as HTML: dark on white whatever
// the browser prefers, since mails are written so.
const mailStyle = `:root{color-scheme:light}body{margin:8px;background:#fff;color:#1a2027;font:16px/24px "Segoe UI",Roboto,Helvetica,Arial,sans-serif;overflow-wrap:anywhere}` +
	`a{color:#0a5ba8;pointer-events:none}a[href]::after{content:" \2039" attr(href) "\203A";color:#505d69;font-size:14px}` +
	`table{border-collapse:collapse;max-width:100%}td,th{vertical-align:top;padding:2px 4px}blockquote{margin:0 0 0 8px;padding-left:8px;border-left:2px solid #76828e}pre{white-space:pre-wrap}`

// mailCSP lets a mail be shown in a frame of ours and nothing else: nothing is loaded,
// nothing runs, nothing is sent. Its styles are that sheet, and the few that the policy
// lets through on elements.
func mailCSP() string {
	sum := sha256.Sum256([]byte(mailStyle))
	return "sandbox; default-src 'none'; style-src-elem 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; style-src-attr 'unsafe-inline'; frame-ancestors 'self'; form-action 'none'; base-uri 'none'"
}

// mailDocument is the whole page of a frame.
func mailDocument(clean string) string {
	return "<!doctype html><html><head><meta charset=\"utf-8\"><title>Mail</title><style>" + mailStyle + "</style></head><body>" + clean + "</body></html>"
}
