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

// isDivider reports whether a rule begins a quoted mail: Hotmail's, Zimbra's,
// Lotus Notes' and others'.
func isDivider(at attributes) bool {
	return at.id == "stopspelling" || at.id == "zwchr" || at.marker == "__divider__" || at.id == "hrreplyheader"
}

// clientMark is an id, class, name or data-marker that one client gives to one
// thing, in lower case.
type clientMark struct {
	id, class, name, marker string
	kind                    spanKind
}

// clientMarks is the table of known markup. A client is added by its rows.
var clientMarks = []clientMark{
	// Gmail
	{class: "gmail_attr", kind: spanMarker},
	{class: "gmail_signature", kind: spanSignature},
	{class: "gmail_signature_prefix", kind: spanSignature},
	// Thunderbird
	{class: "moz-cite-prefix", kind: spanMarker},
	{class: "moz-forward-container", kind: spanForward},
	{class: "moz-signature", kind: spanSignature},
	// Outlook: on the web, the new one, on telephones, for Mac, Express
	{id: "divrplyfwdmsg", kind: spanTail},
	{id: "appendonsend", kind: spanTail},
	{id: "signature", kind: spanSignature},
	{id: "mail-editor-reference-message-container", kind: spanTail},
	{class: "ms-outlook-mobile-reference-message", kind: spanTail},
	{id: "ms-outlook-mobile-signature", kind: spanSignature},
	{class: "ms-outlook-ios-signature", kind: spanSignature},
	{id: "olk_src_body_section", kind: spanQuote},
	{class: "outlookmessageheader", kind: spanTail},
	// Yahoo
	{class: "yahoo_quoted", kind: spanQuote},
	{id: "yahoo_quoted", kind: spanQuote},
	{class: "ymail_android_signature", kind: spanSignature},
	// Proton, Tuta
	{class: "protonmail_quote", kind: spanQuote},
	{class: "protonmail_signature_block", kind: spanSignature},
	{class: "tutanota_quote", kind: spanQuote},
	// Zimbra
	{marker: "__quoted_text__", kind: spanTail},
	{marker: "__headers__", kind: spanTail},
	{marker: "__sig_pre__", kind: spanSignature},
	{marker: "__sig_post__", kind: spanSignature},
	// Front, Missive, HubSpot, Freshdesk
	{class: "front-blockquote", kind: spanQuote},
	{class: "front-signature", kind: spanSignature},
	{class: "missive_quote", kind: spanQuote},
	{class: "missive_signature", kind: spanSignature},
	{class: "hs_reply", kind: spanQuote},
	{class: "freshdesk_quote", kind: spanQuote},
	// Spark, Airmail, Mailbird
	{name: "messagereplysection", kind: spanQuote},
	{name: "messagesignaturesection", kind: spanSignature},
	{class: "bloop_original_html", kind: spanQuote},
	{class: "bloop_sign", kind: spanSignature},
	{class: "mb_sig", kind: spanSignature},
	// Zoho, GMX and WEB.DE, Roundcube
	{class: "zmail_extra", kind: spanQuote},
	{name: "quote", kind: spanQuote},
	{id: "reply-intro", kind: spanMarker},
	{id: "replybody1", kind: spanQuote},
	// Netease, QQ
	{id: "isforwardcontent", kind: spanQuote},
	{id: "isreplycontent", kind: spanQuote},
	{class: "qmbox", kind: spanQuote},
}
