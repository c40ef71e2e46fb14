package parser

import (
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// calendar keeps an invitation or an answer to one (RFC 6047) as a file and
// notes its method. Where no text came with it, what it is about is the text.
func (r *bodyReader) calendar(p *part, data []byte, name string) content {
	if name == "" {
		name = "calendar.ics"
	}
	c := content{attachments: []ticket.Attachment{r.attachment(p, data, name)}}
	fields := calendarFields(r.decode(p, data))
	if r.report.method = strings.ToUpper(p.params["method"]); r.report.method == "" {
		r.report.method = strings.ToUpper(fields["METHOD"])
	}
	if r.text > 0 || p.disposition == "attachment" {
		return c
	}
	var text strings.Builder
	for _, key := range []string{"SUMMARY", "COMMENT", "DESCRIPTION"} {
		if v := strings.TrimSpace(fields[key]); v != "" {
			text.WriteString(v + "\n")
		}
	}
	b := block{text: cleanText(text.String())}
	b.text, _ = cutText(b.text, r.cfg.TextBytes)
	if !b.empty() {
		r.text += len(b.text)
		c.blocks = append(c.blocks, b)
	}
	return c
}

// calendarFields reads the first value of each property (RFC 5545 section
// 3.1), without parameters and escapes.
func calendarFields(ics string) map[string]string {
	const enough = 64 << 10
	ics, _ = cutText(ics, enough)
	fields := map[string]string{}
	unfolded := strings.NewReplacer("\r\n ", "", "\n ", "", "\r\n\t", "", "\n\t", "").Replace(ics)
	for l := range strings.Lines(unfolded) {
		name, value, found := strings.Cut(strings.TrimRight(l, "\r\n"), ":")
		if !found {
			continue
		}
		name, _, _ = strings.Cut(name, ";")
		if name = strings.ToUpper(name); fields[name] == "" {
			fields[name] = strings.NewReplacer(`\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(value)
		}
	}
	return fields
}
