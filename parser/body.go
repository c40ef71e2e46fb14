package parser

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"aismarttalk.tech/supportd/ticket"
)

// Flags of this package's own, beside those of ticket.
const (
	flagConflict  = "conflict"  // the plain and the HTML text differ; both are in Text
	flagEncrypted = "encrypted" // S/MIME or PGP: staff must open it elsewhere
	flagSigned    = "signed"    // signed with S/MIME or PGP; the signature is not checked
)

// block is one stretch of readable text of a mail.
type block struct {
	text  string
	spans []span // client markup, offsets into text
	html  bool
}

func (b block) empty() bool { return strings.TrimSpace(b.text) == "" }

// content is what a part of the tree holds once read.
type content struct {
	blocks      []block
	attachments []ticket.Attachment
}

func (c *content) add(o content) {
	c.blocks = append(c.blocks, o.blocks...)
	c.attachments = append(c.attachments, o.attachments...)
}

func (c content) empty() bool {
	for _, b := range c.blocks {
		if !b.empty() {
			return false
		}
	}
	return true
}

func (c content) html() bool {
	for _, b := range c.blocks {
		if b.html {
			return true
		}
	}
	return false
}

// bodyReader reads the text and the files of one MIME tree.
type bodyReader struct {
	cfg     Config
	flags   map[string]bool
	report  report // parts of notifications, for automatic and bounce
	text    int    // bytes of text so far
	inside  bool   // in an attached mail: it is read, but not one inside it
	charset string // the first declared character set, a hint for what declares none
}

// report holds the machine-readable parts of a mail, decoded.
type report struct {
	kind        string // report-type of a multipart/report
	status      []byte // message/delivery-status
	disposition []byte // message/disposition-notification
	feedback    []byte // message/feedback-report
	original    []byte // the mail reported on, or its header
	method      string // METHOD of a calendar part
}

func (r *bodyReader) flag(name string) { r.flags[name] = true }

// read renders a part and all under it.
func (r *bodyReader) read(p *part) content {
	switch {
	case p.ctype == "multipart/alternative" && len(p.children) > 0:
		return r.alternative(p)
	case len(p.children) > 0:
		return r.multipart(p)
	case strings.HasPrefix(p.ctype, "multipart/"):
		return content{blocks: []block{r.salvage(p.body)}}
	case p.ctype == "message/rfc822" || p.ctype == "message/global":
		return r.attachedMail(p)
	}
	return r.leaf(p)
}

func (r *bodyReader) multipart(p *part) content {
	switch p.ctype {
	case "multipart/report":
		r.report.kind = strings.ToLower(p.params["report-type"])
	case "multipart/signed":
		r.flag(flagSigned)
	case "multipart/encrypted":
		r.flag(flagEncrypted)
	}
	var c content
	for i, child := range p.children {
		got := r.read(child)
		if p.ctype == "multipart/related" && i > 0 {
			for j := range got.attachments {
				got.attachments[j].Inline = true
			}
		}
		c.add(got)
	}
	return c
}

// alternative picks the text of a multipart/alternative: the plain one, which
// the sender's client wrote to be complete alone, unless it is none. Files of
// every alternative are kept, for images stand beside the HTML.
func (r *bodyReader) alternative(p *part) content {
	var plain, rich, out content
	for _, child := range p.children {
		got := r.read(child)
		out.attachments = append(out.attachments, got.attachments...)
		got.attachments = nil
		switch {
		case got.html():
			if !got.empty() || rich.empty() {
				rich = got
			}
		case plain.empty():
			plain = got
		}
	}
	switch plainText, richText := joinText(plain), joinText(rich); {
	case rich.empty():
		out.blocks = plain.blocks
	case plain.empty() || isStub(plainText, richText):
		out.blocks = rich.blocks
	case conflict(plainText, richText):
		r.flag(flagConflict)
		out.blocks = append(plain.blocks, rich.blocks...)
	default:
		out.blocks = plain.blocks
		if len(plain.blocks) == 1 && len(rich.blocks) == 1 {
			plain.blocks[0].spans = carriedSpans(plain.blocks[0].text, rich.blocks[0])
		}
	}
	return out
}

// carriedSpans finds in the plain text where the HTML of the same mail says
// that an earlier mail begins. Some clients mark that in their HTML alone.
func carriedSpans(plain string, rich block) []span {
	first := span{start: len(rich.text)}
	for _, s := range rich.spans {
		if s.kind > spanMarker && s.start < first.start {
			first = s
		}
	}
	if first.kind == spanNone || strings.HasPrefix(plain, ">") || strings.Contains(plain, "\n>") {
		return nil // no quote, or one that the plain text marks itself
	}
	const telling = 12 // bytes; a shorter line may stand anywhere
	line, _, _ := strings.Cut(strings.TrimLeft(rich.text[first.start:first.end], "\n"), "\n")
	if line = strings.TrimSpace(line); len(line) < telling {
		return nil
	}
	at := strings.Index(plain, line)
	if at <= 0 || plain[at-1] != '\n' || strings.Contains(plain[at+len(line):], line) {
		return nil
	}
	kind := spanTail
	if first.kind == spanForward {
		kind = spanForward
	}
	return []span{{kind, at, len(plain)}}
}

func joinText(c content) string {
	var s strings.Builder
	for _, b := range c.blocks {
		s.WriteString(b.text)
		s.WriteByte('\n')
	}
	return s.String()
}

// isStub reports whether a plain text only says that there is an HTML one, or
// is HTML itself.
func isStub(plain, rich string) bool {
	low := strings.ToLower(strings.TrimSpace(plain))
	if strings.HasPrefix(low, "<html") || strings.HasPrefix(low, "<!doctype html") {
		return true
	}
	return len(low) < 300 && len(rich) > 2*len(low) && strings.Contains(low, "html") &&
		(strings.Contains(low, "view") || strings.Contains(low, "support") || strings.Contains(low, "client") || strings.Contains(low, "vis"))
}

// conflict reports whether two alternatives say different things: a filter
// may show one and a reader the other (bad-input 108).
func conflict(plain, rich string) bool {
	words := make(map[string]bool)
	for _, w := range textWords(plain) {
		words[w] = true
	}
	all, missing := 0, 0
	for _, w := range textWords(rich) {
		all++
		if !words[w] {
			missing++
		}
	}
	return all >= 3 && missing*10 > all*7
}

// textWords are the longer words of a text, at most some thousands.
func textWords(s string) []string {
	s, _ = cutText(s, 64<<10)
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	n := 0
	for _, w := range words {
		if len(w) > 2 {
			words[n] = w
			n++
		}
	}
	return words[:n]
}

// leaf reads a part without children: as text, as a file, or as both.
func (r *bodyReader) leaf(p *part) content {
	data := p.decoded()
	name := r.filename(p)
	switch p.ctype {
	case "message/delivery-status", "message/global-delivery-status":
		r.report.status = append(r.report.status, data...)
	case "message/disposition-notification":
		r.report.disposition = data
	case "message/feedback-report":
		r.report.feedback = data
	case "text/rfc822-headers", "message/rfc822-headers", "message/partial", "message/global-headers":
		r.report.original = data
	case "text/calendar":
		return r.calendar(p, data, name)
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		if strings.EqualFold(p.params["smime-type"], "signed-data") {
			r.flag(flagSigned)
		} else {
			r.flag(flagEncrypted)
		}
	case "application/pgp-encrypted":
		r.flag(flagEncrypted)
	case "application/ms-tnef", "application/vnd.ms-tnef":
		return r.tnef(p, data, name)
	}
	if strings.EqualFold(name, "winmail.dat") {
		return r.tnef(p, data, name)
	}
	isText := p.ctype == "text/plain" || p.ctype == "text/html" || p.ctype == "text/enriched" ||
		p.ctype == "text/markdown" || p.ctype == "text/richtext" || p.ctype == "text/x-amp-html"
	if isText && p.disposition != "attachment" && (name == "" || r.text == 0) {
		if p.ctype == "text/x-amp-html" {
			return content{}
		}
		c := r.textLeaf(p, data)
		if name != "" {
			c.attachments = append(c.attachments, r.attachment(p, data, name))
		}
		return c
	}
	if len(data) == 0 && name == "" {
		return content{}
	}
	return content{attachments: []ticket.Attachment{r.attachment(p, data, name)}}
}

// textLeaf decodes and renders a text part.
func (r *bodyReader) textLeaf(p *part, data []byte) content {
	var c content
	if p.ctype == "text/plain" {
		if file, ok := uudecode(data); ok {
			at := ticket.Attachment{Filename: cleanFilename(decodeText([]byte(file.name), "")), ContentType: "application/octet-stream"}
			c.attachments = append(c.attachments, withContent(at, file.content))
			data = append(data[:file.start:file.start], data[file.end:]...)
		}
	}
	text := r.decode(p, data)
	b := block{}
	switch {
	case p.ctype == "text/html" || p.ctype != "text/plain" && looksHTML(text):
		var cut bool
		b.text, b.spans, cut = htmlText(text, r.cfg.TextBytes)
		b.html = true
		if cut {
			r.flag(ticket.FlagTruncated)
		}
	default:
		b.text = cleanText(text)
		if strings.EqualFold(p.params["format"], "flowed") {
			b.text = unflow(b.text, strings.EqualFold(p.params["delsp"], "yes"))
		}
	}
	if room := r.cfg.TextBytes - r.text; len(b.text) > room {
		b.text, _ = cutText(b.text, max(room, 0))
		b.spans = clipSpans(b.spans, len(b.text))
		r.flag(ticket.FlagTruncated)
	}
	if !b.empty() {
		r.text += len(b.text)
	}
	c.blocks = append(c.blocks, b)
	return c
}

// decode turns the bytes of a text part into UTF-8.
func (r *bodyReader) decode(p *part, data []byte) string {
	declared := p.params["charset"]
	if declared == "" && p.ctype == "text/html" {
		declared = metaCharset(data)
	}
	if declared == "" && !isASCII(data) {
		declared = r.charset
	}
	text, ok := decodeCharset(data, declared)
	if !ok {
		r.flag(ticket.FlagCharset)
	}
	return text
}

// metaCharset reads the character set that an HTML head declares.
func metaCharset(data []byte) string {
	head := bytes.ToLower(data[:min(len(data), 2<<10)])
	_, after, found := bytes.Cut(head, []byte("charset="))
	if !found {
		return ""
	}
	after = bytes.TrimLeft(after, "\"' ")
	end := bytes.IndexAny(after, "\"' ;>/")
	if end < 0 {
		return ""
	}
	return string(after[:end])
}

func looksHTML(s string) bool {
	s, _ = cutText(s, 512)
	s = strings.ToLower(strings.TrimSpace(s))
	return strings.HasPrefix(s, "<html") || strings.HasPrefix(s, "<!doctype html")
}

// cleanText brings text to LF line ends and drops controls.
func cleanText(s string) string {
	s = strings.TrimPrefix(s, "\uFEFF")
	if strings.Contains(s, "\r") {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\f' || r == '\v' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return '\n'
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
}

// unflow joins the lines of format=flowed text (RFC 3676 section 4.2): a line
// that ends with a blank goes on in the next of the same quote depth.
func unflow(s string, delsp bool) string {
	out := make([]byte, 0, len(s))
	flowing, depth := false, 0
	for line := range strings.Lines(s) {
		line = strings.TrimSuffix(line, "\n")
		text := strings.TrimLeft(line, ">")
		d := len(line) - len(text)
		text = strings.TrimPrefix(text, " ") // space-stuffing
		goesOn := flowing && d == depth && text != "-- "
		if flowing && !goesOn {
			out = append(out, '\n')
		}
		if !goesOn && d > 0 {
			out = append(out, line[:d]...)
			out = append(out, ' ')
		}
		out = append(out, text...)
		depth, flowing = d, strings.HasSuffix(text, " ") && text != "-- "
		switch {
		case !flowing:
			out = append(out, '\n')
		case delsp:
			out = out[:len(out)-1]
		}
	}
	return string(out)
}

// salvage makes text of bytes whose structure cannot be read: the lines that
// hold words, without those of an encoding.
func (r *bodyReader) salvage(data []byte) block {
	const maxSalvage = 64 << 10
	if len(data) > maxSalvage {
		data = data[:maxSalvage]
		r.flag(ticket.FlagTruncated)
	}
	text, _ := decodeCharset(data, r.charset)
	var out strings.Builder
	for line := range strings.Lines(cleanText(text)) {
		if bare := strings.TrimSpace(line); len(bare) > 60 && !strings.ContainsAny(bare, " \t") && len(bare) < 80 {
			continue // a line of base64
		}
		out.WriteString(line)
	}
	r.text += out.Len()
	return block{text: out.String()}
}

func clipSpans(spans []span, n int) []span {
	kept := spans[:0]
	for _, s := range spans {
		if s.start < n {
			s.end = min(s.end, n)
			kept = append(kept, s)
		}
	}
	return kept
}

// attachment describes a part as a file.
func (r *bodyReader) attachment(p *part, data []byte, name string) ticket.Attachment {
	ctype := p.ctype
	if ctype == "" || !strings.Contains(ctype, "/") {
		ctype = "application/octet-stream"
	}
	id := string(trimSpace(p.header.get("content-id")))
	id, _ = cutText(cleanLine(strings.Trim(id, "<>")), maxMessageID)
	return withContent(ticket.Attachment{
		Filename:    name,
		ContentType: ctype,
		Inline:      p.disposition == "inline" || p.disposition == "" && id != "",
		ContentID:   id,
	}, data)
}

func withContent(a ticket.Attachment, data []byte) ticket.Attachment {
	sum := sha256.Sum256(data)
	a.Size, a.SHA256, a.Content = len(data), hex.EncodeToString(sum[:]), data
	return a
}
