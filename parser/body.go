package parser

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"aismarttalk.tech/supportd/ticket"
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
	markup  string // the first HTML text, as it came but for its character set
	charset string // the first declared character set, a hint for text that declares none
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
	case isMail(p.ctype):
		return r.attachedMail(p)
	}
	return r.leaf(p)
}

func (r *bodyReader) multipart(p *part) content {
	switch p.ctype {
	case "multipart/report":
		r.report.kind = strings.ToLower(p.params["report-type"])
	case "multipart/signed":
		r.flag(ticket.FlagSigned)
	case "multipart/encrypted":
		r.flag(ticket.FlagEncrypted)
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
	case "text/x-amp-html":
		return content{} // the HTML beside it says the same
	case "text/calendar":
		return r.calendar(p, data, name)
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		if strings.EqualFold(p.params["smime-type"], "signed-data") {
			r.flag(ticket.FlagSigned)
		} else {
			r.flag(ticket.FlagEncrypted)
		}
	case "application/pgp-encrypted":
		r.flag(ticket.FlagEncrypted)
	case "application/ms-tnef", "application/vnd.ms-tnef":
		return r.tnef(p, data, name)
	}
	if strings.EqualFold(name, "winmail.dat") {
		return r.tnef(p, data, name)
	}
	if isText(p.ctype) && p.disposition != "attachment" && (name == "" || r.text == 0) {
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

// isText knows the types that are shown as the text of a mail.
func isText(ctype string) bool {
	switch ctype {
	case "text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown":
		return true
	}
	return false
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
