package parser

import (
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// attachedMail keeps a message/rfc822 part as a file and reads it one level
// deep: its header and text join the mail's text as something passed on. A
// mail inside that one stays a file.
func (r *bodyReader) attachedMail(p *part) content {
	data := p.decoded()
	if len(r.report.original) == 0 {
		r.report.original = data
	}
	h, body, _, err := splitHeader(data, r.cfg.PartHeaderBytes, r.cfg.HeaderFields)
	subject := decodeText(h.get("subject"), r.charset)
	name := r.filename(p)
	if name == "" {
		short, _ := cutText(subject, 100)
		name = cleanFilename(strings.NewReplacer("/", "-", `\`, "-", ":", "-").Replace(short))
		if name == "" {
			name = "message"
		}
		name += ".eml"
	}
	c := content{attachments: []ticket.Attachment{r.attachment(p, data, name)}}
	if r.inside || err != nil || len(h) == 0 {
		return c
	}
	inner := bodyReader{cfg: r.cfg, flags: r.flags, text: r.text, inside: true, charset: r.charset}
	w := walker{cfg: r.cfg}
	got := inner.read(w.read(h, body, "text/plain", 0))
	r.text = inner.text
	var text strings.Builder
	for _, f := range []struct{ label, key string }{{"From", "from"}, {"Date", "date"}, {"To", "to"}, {"Subject", "subject"}} {
		if v, _ := cutText(decodeText(h.get(f.key), r.charset), 500); v != "" {
			text.WriteString(f.label + ": " + v + "\n")
		}
	}
	text.WriteString("\n" + joinText(got))
	b := block{text: text.String()}
	b.spans = []span{{spanForward, 0, len(b.text)}}
	c.blocks = append(c.blocks, b)
	return c
}
