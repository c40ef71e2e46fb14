package parser

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// attributes are those of an element that tell what a client meant by it, in
// lower case. Clients that quote a mail rename its classes and ids with
// prefixes; those are taken off.
type attributes struct {
	id, class, name, kind, marker string
	alt                           string
	own                           bool // data-supportd: our own HTML
	hidden                        bool
	tight                         bool // a paragraph without space around it
	outlookRule                   bool // the line that Outlook draws above a quoted mail
}

func readAttributes(z *html.Tokenizer, more bool) attributes {
	var at attributes
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		switch string(k) {
		case "id":
			at.id = clientName(string(v))
		case "class":
			at.class = clientNames(string(v))
		case "name":
			at.name = clientName(string(v))
		case "type":
			at.kind = strings.ToLower(string(v))
		case "alt":
			at.alt = string(v)
		case "data-marker":
			at.marker = strings.ToLower(string(v))
		case "data-supportd":
			at.own = true
		case "hidden":
			at.hidden = true
		case "style":
			at.readStyle(string(v))
		}
	}
	return at
}

// readStyle looks for the ways to hide text and for Outlook's rule.
func (at *attributes) readStyle(style string) {
	if len(style) > 4<<10 {
		style = style[:4<<10]
	}
	style = strings.ToLower(strings.ReplaceAll(style, " ", ""))
	for decl := range strings.SplitSeq(style, ";") {
		property, value, _ := strings.Cut(strings.TrimSpace(decl), ":")
		value = strings.TrimSuffix(value, "!important")
		switch property {
		case "display":
			at.hidden = at.hidden || value == "none"
		case "visibility":
			at.hidden = at.hidden || value == "hidden"
		case "mso-hide":
			at.hidden = at.hidden || value == "all"
		case "font-size", "max-height", "opacity":
			at.hidden = at.hidden || value == "0" || value == "0px" || value == "0pt"
		case "margin":
			at.tight = at.tight || value == "0" || strings.HasPrefix(value, "0px") || strings.HasPrefix(value, "0cm") || strings.HasPrefix(value, "0in")
		case "margin-bottom":
			at.tight = at.tight || strings.HasPrefix(value, "0")
		case "border-top":
			at.outlookRule = at.outlookRule || isOutlookRule(value)
		}
	}
	at.outlookRule = at.outlookRule && !strings.Contains(style, "border-bottom:solid")
}

// isOutlookRule knows the colours in which Outlook has drawn its rule above a
// quoted mail: 2007 and later, 2013 and later, the mobile and the Mac ones.
func isOutlookRule(value string) bool {
	if !strings.Contains(value, "solid") {
		return false
	}
	for _, colour := range []string{"#b5c4df", "#e1e1e1", "#e5e5e5", "#c8c8c8", "#3b3b3b"} {
		if strings.Contains(value, colour) {
			return true
		}
	}
	return false
}

// clientName takes the prefixes off that Outlook ("x_") and old Hotmail
// ("ecx") put before the names in a quoted mail.
func clientName(s string) string {
	s = strings.ToLower(s)
	for {
		cut := strings.TrimPrefix(strings.TrimPrefix(s, "x_"), "ecx")
		if cut == s {
			return s
		}
		s = cut
	}
}

func clientNames(s string) string {
	fields := strings.Fields(s)
	for i, f := range fields {
		fields[i] = clientName(f)
	}
	return " " + strings.Join(fields, " ") + " "
}

func (at attributes) hasClass(name string) bool { return strings.Contains(at.class, " "+name+" ") }

// containerKind says what an element is by the markup of known clients.
func containerKind(name atom.Atom, at attributes) spanKind {
	if at.own {
		return spanOwn
	}
	if name == atom.Blockquote && (at.kind == "cite" || at.hasClass("gmail_quote") || at.hasClass("cite") ||
		at.hasClass("protonmail_quote") || at.hasClass("front-blockquote") || at.hasClass("tutanota_quote") || at.name == "quote" ||
		at.hasClass("iosymail") || at.hasClass("zmail_extra")) {
		return spanQuote
	}
	for _, m := range clientMarks {
		if m.class != "" && at.hasClass(m.class) || m.id != "" && at.id == m.id ||
			m.name != "" && at.name == m.name || m.marker != "" && at.marker == m.marker {
			return m.kind
		}
	}
	if at.outlookRule {
		return spanTail
	}
	return 0
}

// dividerKind says whether a rule begins a quoted mail.
func dividerKind(at attributes) spanKind {
	switch {
	case at.id == "stopspelling", at.id == "zwchr", at.marker == "__divider__", at.id == "hrreplyheader", at.hasClass("mcntrl_replyline"):
		return spanTail
	}
	return 0
}

// clientMark is an id, class or name that one client gives to one thing.
type clientMark struct {
	id, class, name, marker string
	kind                    spanKind
}

// clientMarks is the table of known markup. A client is added by its rows.
var clientMarks = []clientMark{
	{class: "gmail_attr", kind: spanMarker},
	{class: "gmail_signature", kind: spanSignature},
	{class: "moz-cite-prefix", kind: spanMarker},
	{class: "moz-forward-container", kind: spanForward},
	{class: "moz-signature", kind: spanSignature},
	{class: "moz-email-headers-table", kind: spanForward},
	{id: "divrplyfwdmsg", kind: spanTail},                           // Outlook on the web
	{id: "appendonsend", kind: spanTail},                            // Outlook on the web
	{id: "mail-editor-reference-message-container", kind: spanTail}, // Outlook, new
	{class: "ms-outlook-mobile-reference-message", kind: spanTail},
	{id: "ms-outlook-mobile-signature", kind: spanSignature},
	{class: "ms-outlook-ios-signature", kind: spanSignature},
	{id: "signature", kind: spanSignature},
	{id: "olk_src_body_section", kind: spanQuote}, // Outlook for Mac
	{class: "outlookmessageheader", kind: spanTail},
	{class: "yahoo_quoted", kind: spanQuote},
	{id: "yahoo_quoted", kind: spanQuote},
	{class: "ymail_android_signature", kind: spanSignature},
	{class: "protonmail_quote", kind: spanQuote},
	{class: "protonmail_signature_block", kind: spanSignature},
	{class: "tutanota_quote", kind: spanQuote},
	{marker: "__quoted_text__", kind: spanTail}, // Zimbra
	{marker: "__headers__", kind: spanTail},
	{marker: "__sig_pre__", kind: spanSignature},
	{marker: "__sig_post__", kind: spanSignature},
	{class: "front-blockquote", kind: spanQuote},
	{class: "front-signature", kind: spanSignature},
	{name: "messagereplysection", kind: spanQuote}, // Spark
	{name: "messagesignaturesection", kind: spanSignature},
	{class: "zmail_extra", kind: spanQuote}, // Zoho
	{class: "zmail_signature_below", kind: spanSignature},
	{name: "quote", kind: spanQuote}, // GMX, WEB.DE
	{class: "airmail_ext_on", kind: spanMarker},
	{class: "airmail_signature", kind: spanSignature},
	{class: "mb_sig", kind: spanSignature}, // Mailbird
	{class: "bloop_original_html", kind: spanQuote},
	{class: "bloop_sign", kind: spanSignature},
	{class: "edo-reply", kind: spanQuote},
	{class: "hs_reply", kind: spanQuote}, // HubSpot
	{class: "freshdesk_quote", kind: spanQuote},
	{class: "missive_quote", kind: spanQuote},
	{class: "missive_signature", kind: spanSignature},
	{class: "elided-text", kind: spanQuote},
	{class: "quote-wrapper", kind: spanQuote},
	{id: "reply-intro", kind: spanMarker}, // Roundcube
	{id: "replybody1", kind: spanQuote},
	{id: "isforwardcontent", kind: spanQuote}, // Netease
	{id: "isreplycontent", kind: spanQuote},
	{class: "qmbox", kind: spanQuote},
}
