package parser

import (
	"aismarttalk.tech/supportd/ticket"
)

// tnef keeps a winmail.dat.
func (r *bodyReader) tnef(p *part, data []byte, name string) content {
	if name == "" {
		name = "winmail.dat"
	}
	return content{attachments: []ticket.Attachment{r.attachment(p, data, name)}}
}
